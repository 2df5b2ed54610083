//! The compiled kernels against the interpreter of the same equations: the emitter adds and loses nothing.

use std::path::Path;

use brainmass::engine::Point;
use brainmass::{Create, find_model};
use brainmass_codegen::files;
use brainmass_spec::collection::{Entry, compile};
use brainmass_spec::evaluate::evaluate;
use brainmass_spec::graph::Symbol;

/// Every model of the workspace.
pub fn zoo() -> Vec<Entry> {
    let models = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../models"));
    let (entries, report) = compile(&files::read(models, "models").expect("the models are there").files);
    assert_eq!(report, None);
    entries
}

#[test]
fn compiled_models_equal_interpreted_ones() {
    let mut compared = 0;
    for entry in zoo() {
        let model = &entry.model;
        let Ok(Create::Node(create)) = find_model(&model.name).map(|entry| entry.create) else { continue };
        let engine = create(1).engine();
        // Any point will do, as long as no two values are alike.
        let spread = |count: usize, offset: f64| -> Vec<f64> {
            (0..count).map(|i| 0.3 + 0.4 * ((i as f64 + offset) * 0.754_877_666).fract()).collect()
        };
        let states = spread(model.states.len(), 0.0);
        let parameters: Vec<f64> = model
            .parameters
            .iter()
            .zip(spread(model.parameters.len(), 0.5))
            .map(|(p, s)| p.default * (0.8 + s))
            .collect();
        let inputs = spread(model.inputs.len() + model.delays.len(), 0.25);
        let value = |symbol: Symbol| match symbol {
            Symbol::State(i) => states[usize::from(i)],
            Symbol::Parameter(i) => parameters[usize::from(i)],
            Symbol::Input(i) => inputs[usize::from(i)],
            _ => f64::NAN,
        };
        let mut roots = model.right_hand_side();
        roots.extend(model.observables.iter().map(|observable| observable.node));
        let expected = evaluate(&model.graph, &roots, value);
        let point = Point { states: &states, parameters: &parameters, inputs: &inputs };
        let actual = [engine.rates_at(&point), engine.observables_at(&point)].concat();
        assert_eq!(expected.len(), actual.len(), "{}", model.name);
        let scale = expected.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        for (want, got) in expected.iter().zip(&actual) {
            assert!((want - got).abs() <= 1e-12 * scale, "{}: {got}, interpreted {want}", model.name);
        }
        compared += 1;
    }
    assert!(compared >= 28, "only {compared} models");
}
