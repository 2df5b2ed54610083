//! The equations as JavaScript against the compiled kernels: the pages compute what the library computes.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use brainmass::engine::Point;
use brainmass::{Create, find_model};
use brainmass_codegen::javascript;
use brainmass_spec::kernel::Kernel;
use serde_json::Value;

use crate::interpreter::zoo;

/// Returns the text that `node` prints for a script; `None` where there is no node.
fn node(script: &str) -> Option<String> {
    let mut child =
        Command::new("node").arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("node reads");
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node failed");
    Some(String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn emitted_javascript_equals_compiled_kernels() {
    let mut script = String::from(javascript::RUNTIME);
    script.push_str("const results = [];\n");
    let mut expected = Vec::new();
    for entry in zoo() {
        let model = &entry.model;
        let Ok(Create::Node(create)) = find_model(&model.name).map(|entry| entry.create) else { continue };
        let nodes = create(1);
        let engine = nodes.engine();
        let object = javascript::object(&Kernel::new(model));
        // Several points, with no two values alike.
        for round in 0..5 {
            let spread = |count: usize, offset: f64| -> Vec<f64> {
                (0..count)
                    .map(|i| ((i as f64 + offset + 7.0 * f64::from(round)) * 0.754_877_666).fract())
                    .collect()
            };
            let states: Vec<f64> = spread(model.states.len(), 0.0).iter().map(|s| 2.0 * s - 0.7).collect();
            let parameters: Vec<f64> = model
                .parameters
                .iter()
                .zip(spread(model.parameters.len(), 0.5))
                .map(|(p, s)| p.default * (0.8 + 0.4 * s))
                .collect();
            let inputs = spread(model.inputs.len() + model.delays.len(), 0.25);
            let point = Point { states: &states, parameters: &parameters, inputs: &inputs };
            let _ = writeln!(
                script,
                "{{ const m = {object}; const a = [{states:?}, {parameters:?}, {inputs:?}];\n\
                 results.push([m.rates(...a), m.jacobian(...a).flat(), m.observables(...a)]); }}"
            );
            let parts = [engine.rates_at(&point), engine.jacobian_at(&point), engine.observables_at(&point)];
            expected.push((model.name.clone(), parts));
        }
    }
    script.push_str("console.log(JSON.stringify(results));\n");
    let Some(answer) = node(&script) else {
        crate::tell("skipped: emitted JavaScript, for there is no `node` here");
        return;
    };
    let results: Vec<[Vec<Value>; 3]> = serde_json::from_str(&answer).expect("numbers");
    assert_eq!(results.len(), expected.len());
    for (got, (name, want)) in results.iter().zip(&expected) {
        for (got, want) in got.iter().zip(want) {
            assert_eq!(got.len(), want.len(), "{name}");
            let scale =
                want.iter().filter(|w| w.is_finite()).fold(0.0_f64, |largest, w| largest.max(w.abs()));
            for (got, want) in got.iter().zip(want) {
                // JSON has no NaN.
                let got = got.as_f64().unwrap_or(f64::NAN);
                let near = (got - want).abs() <= 1e-12 * scale || (got.is_nan() && !want.is_finite());
                assert!(near, "{name}: {got} in JavaScript, {want} compiled");
            }
        }
    }
    assert!(expected.len() >= 5 * 28, "only {} points", expected.len());
}
