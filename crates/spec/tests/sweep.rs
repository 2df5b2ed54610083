//! `plots: sweep:` of a model file: what it varies, in which unit.

use brainmass_spec::compile_one;
use brainmass_spec::model::{Signal, Sweep, Swept};

fn sweep(text: &str) -> Sweep {
    let file = format!(
        "name: T\ncategory: phenomenological\nstates: {{x: {{init: 1}}, y: {{init: 0}}}}\n\
         parameters: {{a: {{default: 1}}, tau: {{default: 10 ms}}}}\n\
         inputs: {{slow: {{unit: 1}}, drive: {{unit: Hz}}}}\n\
         derivatives: {{x: drive + (slow - x)/tau, y: -a*y/tau}}\noutput: y\nplots: {{sweep: {text}}}\n"
    );
    let model = compile_one("t.yaml", &file).unwrap_or_else(|report| panic!("{report}"));
    model.plots.sweep.expect("a sweep")
}

#[test]
fn a_parameter_or_an_input_is_swept_in_its_own_unit() {
    let time = sweep("{parameter: tau, from: 10 ms, to: 0.2 s, of: x}");
    assert_eq!((time.over, time.from, time.to), (Swept::Parameter(1), 10.0, 200.0));
    let drive = sweep("{input: drive, from: 0, to: 0.4 /ms}");
    assert_eq!((drive.over, drive.from, drive.to), (Swept::Input(1), 0.0, 400.0));
    assert!(matches!((time.of, drive.of), (Signal::State(0), Signal::State(1))), "the output if not said");
}
