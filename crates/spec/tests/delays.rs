//! Delays inside a node: what can be delayed, by what.

use brainmass_spec::compile_one;
use brainmass_spec::kernel::Kernel;
use brainmass_spec::latex::equations;
use brainmass_spec::latex_graph::jacobian;
use brainmass_spec::model::Signal;

const MODEL: &str = "
name: LoopStep
category: network
states: {x: {init: 1 mV}}
parameters: {tau: {default: 10 ms}, d: {default: 0.02 s}, jump: {default: 3 ms}, g: {default: 1 mV}}
let:
  fed: {is: 'delay(sent, d + 2*jump)', unit: mV, symbol: f}
  sent: {is: g*tanh((x - fed)/g), unit: mV}
derivatives:
  x: (delay(shown, 5[ms]) - delay(x, d) - x - fed)/tau
observables:
  shown: {is: 'sent + 1[mV]', unit: V}
";

#[test]
fn what_is_delayed_becomes_an_observable_and_a_delay_is_in_ms() {
    let model = compile_one("t.yaml", MODEL).unwrap_or_else(|report| panic!("{report}"));
    let names: Vec<&str> = model.observables.iter().map(|value| value.name.as_str()).collect();
    // A named value that is no observable of the file becomes one behind those.
    assert_eq!(names, ["shown", "sent"]);
    let reads: Vec<(Signal, &str, &[usize])> =
        model.delays.iter().map(|delay| (delay.signal, delay.text.as_str(), &delay.parameters[..])).collect();
    assert_eq!(
        reads,
        [
            (Signal::Observable(1), "d + 2*jump", &[1, 2][..]),
            (Signal::Observable(0), "5[ms]", &[]),
            (Signal::State(0), "d", &[1])
        ]
    );
    let durations = model.durations(&[10.0, 0.02, 3.0, 1.0]);
    assert!(
        durations.iter().zip([26.0, 5.0, 20.0]).all(|(one, other)| (one - other).abs() < 1e-12),
        "{durations:?}"
    );
}

#[test]
fn equations_name_what_is_delayed() {
    let model = compile_one("t.yaml", MODEL).unwrap_or_else(|report| panic!("{report}"));
    let mut lines: Vec<String> = equations(&model).into_iter().map(|line| line.latex).collect();
    lines.extend(jacobian(&model, &Kernel::new(&model)).into_iter().map(|entry| entry.latex));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_rule_may_take_a_function_of_the_weights() {
    let text = "name: Variance\nkind: coupling\nweights: w_ij^2\npre: x_j\npost: sum\n";
    let model = compile_one("v.yaml", text).unwrap_or_else(|report| panic!("{report}"));
    let lines = equations(&model);
    assert_eq!(lines[0].latex, "c_i = \\sum_j w_{ij}^{2} \\, x_j");
    assert_eq!(lines[0].text, "c_i = sum, sum = sum_j (w_ij^2)*(x_j)");
}
