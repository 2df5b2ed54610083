//! Every function of the language as JavaScript and as LaTeX, by the table of functions.

use std::io::Write as _;
use std::process::{Command, Stdio};

use brainmass_codegen::javascript;
use brainmass_spec::evaluate::evaluate;
use brainmass_spec::functions::BUILTINS;
use brainmass_spec::graph::{NodeId, Symbol};
use brainmass_spec::kernel::Kernel;
use brainmass_spec::latex::equations;
use brainmass_spec::model::Model;
use brainmass_spec::{compile_one, latex_graph};

/// A model with a state for each function, whose rate is that function of `x`, `y` and `z`.
fn model() -> Model {
    let mut states = String::from("  x: {init: 0.3}\n  y: {init: 0.4}\n  z: {init: 0.8}\n");
    let mut derivatives = String::from("  x: 0\n  y: 0\n  z: 0\n");
    for (name, arguments, _) in BUILTINS {
        let call = match arguments.len() {
            _ if name == "delay" => continue,
            _ if name == "diff" => "diff(diff(diff(x^3*y^2, y), x), x)".to_owned(),
            _ if name == "where" => "where(x < y, x^2, y^3)".to_owned(),
            1 => format!("{name}(x)"),
            2 => format!("{name}(x, y)"),
            _ => format!("{name}(x, y, z)"),
        };
        states.push_str(&format!("  s_{name}: {{init: 0}}\n"));
        derivatives.push_str(&format!("  s_{name}: {call}\n"));
    }
    // The far end of the complement of the error function, where a difference would have no digit left.
    states.push_str("  far: {init: 0}\n");
    derivatives.push_str("  far: erfc(20*x)\n");
    let text = format!(
        "name: AllStep\ncategory: network\ntime_unit: 1 ms\nstates:\n{states}derivatives:\n{derivatives}"
    );
    compile_one("all.yaml", &text).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn every_function_is_written_in_javascript() {
    let model = model();
    let kernel = Kernel::new(&model);
    let points = [[0.07, 0.5, 0.6], [0.31, -0.2, 0.4], [0.62, 0.1, 0.3], [0.93, 1.7, 2.0]];
    let mut script = String::from(javascript::RUNTIME);
    script.push_str(&format!("const m = {};\nconst results = [];\n", javascript::object(&kernel)));
    for point in points {
        let mut states = point.to_vec();
        states.resize(model.states.len(), 0.0);
        script.push_str(&format!(
            "results.push(...m.rates({states:?}, [], []), ...m.jacobian({states:?}, [], []).flat());\n"
        ));
    }
    script.push_str("console.log(results.map(String).join(' '));\n");
    let child = Command::new("node").arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: emitted JavaScript, for there is no `node` here");
        return;
    };
    child.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("node reads");
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node failed");
    let answer = String::from_utf8(output.stdout).expect("text");
    let got: Vec<f64> = answer.split_whitespace().map(|text| text.parse().expect("a number")).collect();

    let roots: Vec<NodeId> = kernel.rhs.iter().chain(kernel.jacobian.iter().flatten()).copied().collect();
    let expected: Vec<f64> = points
        .iter()
        .flat_map(|point| {
            evaluate(&kernel.graph, &roots, |symbol| match symbol {
                Symbol::State(i) => point.get(usize::from(i)).copied().unwrap_or(0.0),
                _ => f64::NAN,
            })
        })
        .collect();
    assert_eq!(got.len(), expected.len());
    for (place, (got, expected)) in got.iter().zip(&expected).enumerate() {
        let near = (got - expected).abs() <= 1e-12 * expected.abs();
        assert!(near, "number {place}: {got} in JavaScript, {expected} by the graph");
    }
}

#[test]
fn every_function_is_typeset() {
    let model = model();
    let mut lines: Vec<String> = equations(&model).into_iter().map(|line| line.latex).collect();
    lines.extend(latex_graph::jacobian(&model, &Kernel::new(&model)).into_iter().map(|entry| entry.latex));
    insta::assert_snapshot!(lines.join("\n"));
    #[cfg(feature = "mathml")]
    for line in &lines {
        brainmass_codegen::mathml::mathml(line, brainmass_codegen::mathml::Style::Display)
            .unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}
