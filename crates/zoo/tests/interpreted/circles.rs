//! States that go round a circle, beside the same states on a line.

use std::f64::consts::TAU;

use brainmass_core::engine::{Engine, Step, StepVjp};
use brainmass_core::loaded::LoadedModel;
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_spec::compile_one;

use crate::common::{Uniform, sets};

const TEXT: &str = "
name: TurningStep
category: phenomenological
time_unit: 1 ms
states:
  a: {init: 1, bounds: {wrap: [0, 2*pi]}}
  b: {init: 0, bounds: {wrap: [-180 deg, 180 deg]}, unit: rad}
  c: {init: 0.5, bounds: [0.2, 0.8]}
parameters: {k: {default: 3}}
inputs: {drive: {unit: '1'}}
derivatives: {a: k*sin(b - a) + drive, b: -40*cos(a)*c, c: sin(a + b) - c}
";

const NODES: usize = 13;

/// The states after one step of every node, and the adjoints of states, inputs, parameters and noise for the adjoint 1, 2, 3 of the states.
fn stepped(engine: &dyn Engine, simd: Simd, scheme: Scheme, states: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let rows = |values: &[f64]| -> Vec<f64> { values.iter().flat_map(|value| [*value; NODES]).collect() };
    let (parameters, inputs, dt) = (rows(&[3.0]), rows(&[2.0]), 0.3);
    let noise: Vec<f64> = (0..states.len()).map(|i| 0.4 * (i as f64).sin()).collect();
    let coefficients = engine.prepare(simd, scheme, dt, NODES, &parameters);
    let mut next = vec![0.0; states.len()];
    let mut step = Step {
        dt,
        nodes: NODES,
        steps: 1,
        states,
        next: &mut next,
        coefficients: &coefficients,
        inputs: &inputs,
        noise: Some(&noise),
    };
    engine.advance(simd, scheme, &mut step);
    let mut adjoint = rows(&[1.0, 2.0, 3.0]);
    let [mut by_inputs, mut by_parameters, mut by_noise] =
        [inputs.len(), parameters.len(), states.len()].map(|count| vec![0.0; count]);
    engine.step_vjp(
        scheme,
        &mut StepVjp {
            simd,
            dt,
            nodes: NODES,
            states,
            coefficients: &coefficients,
            inputs: &inputs,
            noise: Some(&noise),
            adjoint: &mut adjoint,
            inputs_adjoint: &mut by_inputs,
            parameters_adjoint: &mut by_parameters,
            noise_adjoint: Some(&mut by_noise),
        },
    );
    (next, [adjoint, by_inputs, by_parameters, by_noise].concat())
}

#[test]
fn a_state_on_a_circle_is_moved_by_whole_turns_and_its_derivatives_are_those_on_a_line() {
    let line =
        TEXT.replace(", bounds: {wrap: [0, 2*pi]}", "").replace(", bounds: {wrap: [-180 deg, 180 deg]}", "");
    let models =
        [TEXT, &line].map(|text| compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}")));
    let loaded = models.each_ref().map(LoadedModel::interpreted);
    let [circle, line] = loaded.each_ref().map(|model| model.engine().expect("a model of nodes"));
    let mut uniform = Uniform(7);
    let mut turned = 0;
    for scheme in Scheme::ALL {
        for simd in sets() {
            let states: Vec<f64> = (0..3 * NODES)
                .map(|i| match i / NODES {
                    0 => uniform.between(0.0, TAU),
                    1 => uniform.between(-TAU / 2.0, TAU / 2.0),
                    _ => uniform.between(0.2, 0.8),
                })
                .collect();
            let (on_circle, adjoints) = stepped(circle, simd, scheme, &states);
            let (on_line, expected) = stepped(line, simd, scheme, &states);
            assert_eq!(adjoints, expected, "{scheme} on {}", simd.name());
            for (i, (round, straight)) in on_circle.iter().zip(&on_line).enumerate() {
                let low = match i / NODES {
                    0 => 0.0,
                    1 => -TAU / 2.0,
                    _ => {
                        assert_eq!(round, straight);
                        continue;
                    }
                };
                let turns = (straight - round) / TAU;
                assert!((low..=low + TAU).contains(round), "{scheme}: {round}");
                assert!((turns - turns.round()).abs() < 1e-12, "{scheme}: {round} for {straight}");
                turned += usize::from(turns.round() != 0.0);
            }
        }
    }
    assert!(turned > 100, "only {turned} states went round");
}
