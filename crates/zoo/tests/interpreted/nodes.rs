//! Node models: points, steps forward and back, observables.

use brainmass_core::engine::{Engine, FaultMask, Point, Reading, ReadingVjp, Step, StepVjp};
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;

use crate::common::{Moment, Uniform, bits, engines, same, sets};

#[test]
fn what_is_computed_at_a_point_is_the_same() {
    let mut uniform = Uniform(1);
    for (model, compiled, interpreted) in engines() {
        let compiled = compiled.engine();
        let info = compiled.info();
        for _ in 0..3 {
            let m = Moment::random(info, 1, &mut uniform);
            let point = Point { states: &m.states, parameters: &m.parameters, inputs: &m.inputs };
            let name = &model.name;
            same(format!("rates of {name}"), &compiled.rates_at(&point), &interpreted.rates_at(&point));
            same(
                format!("diagonal of {name}"),
                &compiled.diagonal_at(&point),
                &interpreted.diagonal_at(&point),
            );
            same(
                format!("Jacobian of {name}"),
                &compiled.jacobian_at(&point),
                &interpreted.jacobian_at(&point),
            );
            let (ours, theirs) = (compiled.observables_at(&point), interpreted.observables_at(&point));
            same(format!("observables of {name}"), &ours, &theirs);
            let seeds: Vec<f64> = (0..info.observables.len()).map(|_| uniform.between(-1.0, 1.0)).collect();
            for (ours, theirs) in [
                (
                    compiled.rates_vjp_at(&point, &m.noise, None),
                    interpreted.rates_vjp_at(&point, &m.noise, None),
                ),
                (
                    compiled.rates_vjp_at(&point, &m.noise, Some(&m.states)),
                    interpreted.rates_vjp_at(&point, &m.noise, Some(&m.states)),
                ),
                (compiled.observables_vjp_at(&point, &seeds), interpreted.observables_vjp_at(&point, &seeds)),
            ] {
                same(format!("adjoints of {name}'s states"), &ours.states, &theirs.states);
                same(format!("adjoints of {name}'s parameters"), &ours.parameters, &theirs.parameters);
                same(format!("adjoints of {name}'s inputs"), &ours.inputs, &theirs.inputs);
            }
        }
    }
}

/// States after several samples of a few steps, with the faults.
fn advanced(
    engine: &dyn Engine,
    simd: Simd,
    scheme: Scheme,
    m: &Moment,
    (samples, steps): (usize, usize),
    noise: bool,
) -> (Vec<f64>, FaultMask) {
    let dt = 0.05;
    let mut next = vec![0.0; samples * m.states.len()];
    let mut step = Step {
        dt,
        nodes: m.nodes,
        steps,
        states: &m.states,
        next: &mut next,
        coefficients: &engine.prepare(simd, scheme, dt, m.nodes, &m.parameters),
        inputs: &m.inputs,
        noise: noise.then_some(&m.noise),
    };
    let faults = engine.advance(simd, scheme, &mut step);
    (next, faults)
}

/// Compares fault masks. Where nodes do not fill their blocks, the last block of the compiled engine overlaps the one before it or repeats its last
/// node, so that lanes stand for other nodes.
#[track_caller]
fn same_faults(what: &str, nodes: usize, compiled: FaultMask, interpreted: FaultMask) {
    assert_eq!(compiled.is_empty(), interpreted.is_empty(), "{what}");
    if nodes.is_multiple_of(8) {
        assert_eq!(compiled, interpreted, "{what}");
    }
}

/// One node, less than a block, a tile that is not full, members of a batch.
const NODES: [usize; 4] = [1, 5, 27, 8 * 20];

#[test]
fn steps_forward_are_the_same() {
    let mut uniform = Uniform(2);
    for (model, compiled, interpreted) in engines() {
        let compiled = compiled.engine();
        for scheme in Scheme::ALL {
            for simd in sets() {
                let nodes = NODES[(uniform.next() * 4.0) as usize];
                let m = Moment::random(compiled.info(), nodes, &mut uniform);
                for (amount, noise) in [((1, 1), true), ((3, 4), false)] {
                    let (ours, our_faults) = advanced(compiled, simd, scheme, &m, amount, noise);
                    let (theirs, their_faults) = advanced(&interpreted, simd, scheme, &m, amount, noise);
                    let what =
                        format!("{} by {scheme} on {}, {nodes} nodes, {amount:?}", model.name, simd.name());
                    same(&what, &ours, &theirs);
                    same_faults(&what, nodes, our_faults, their_faults);
                }
            }
        }
    }
}

#[test]
fn steps_that_leave_the_finite_numbers_have_the_same_faults() {
    let mut uniform = Uniform(3);
    for (model, compiled, interpreted) in engines() {
        let compiled = compiled.engine();
        for nodes in [1, 5, 27, 160] {
            let mut m = Moment::random(compiled.info(), nodes, &mut uniform);
            for _ in 0..2 {
                let at = (uniform.next() * m.states.len() as f64) as usize;
                m.states[at] = if uniform.next() < 0.5 { f64::NAN } else { f64::INFINITY };
            }
            let simd = Simd::fastest();
            let (ours, our_faults) = advanced(compiled, simd, Scheme::Rk4, &m, (2, 1), false);
            let (theirs, their_faults) = advanced(&interpreted, simd, Scheme::Rk4, &m, (2, 1), false);
            assert_eq!(bits(&ours), bits(&theirs), "{}, {nodes} nodes", model.name);
            same_faults(&format!("{}, {nodes} nodes", model.name), nodes, our_faults, their_faults);
        }
    }
}

#[test]
fn observables_are_the_same() {
    let mut uniform = Uniform(4);
    for (model, compiled, interpreted) in engines() {
        let compiled = compiled.engine();
        let info = compiled.info();
        for simd in sets() {
            for nodes in NODES {
                let m = Moment::random(info, nodes, &mut uniform);
                let observed = |engine: &dyn Engine| {
                    let coefficients = engine.prepare(simd, Scheme::Euler, 0.1, nodes, &m.parameters);
                    let reading =
                        Reading { nodes, states: &m.states, coefficients: &coefficients, inputs: &m.inputs };
                    let mut out = vec![0.0; info.observables.len() * nodes];
                    engine.observe(simd, &reading, &mut out);
                    out
                };
                let what = format!("observables of {} on {}", model.name, simd.name());
                same(what, &observed(compiled), &observed(&interpreted));
            }
        }
    }
}

#[test]
fn steps_back_are_the_same() {
    let mut uniform = Uniform(5);
    for (model, compiled, interpreted) in engines() {
        let compiled = compiled.engine();
        let info = compiled.info();
        for scheme in Scheme::ALL {
            for simd in sets() {
                let nodes = NODES[(uniform.next() * 4.0) as usize];
                let m = Moment::random(info, nodes, &mut uniform);
                let seeds = Moment::random(info, nodes, &mut uniform);
                for noise in [false, true] {
                    let back = |engine: &dyn Engine| {
                        let mut sums =
                            [&seeds.states, &seeds.inputs, &seeds.parameters, &seeds.noise].map(Vec::clone);
                        let [adjoint, inputs_adjoint, parameters_adjoint, noise_adjoint] = &mut sums;
                        engine.step_vjp(
                            scheme,
                            &mut StepVjp {
                                simd,
                                dt: 0.05,
                                nodes,
                                states: &m.states,
                                coefficients: &engine.prepare(simd, scheme, 0.05, nodes, &m.parameters),
                                inputs: &m.inputs,
                                noise: noise.then_some(&m.noise),
                                adjoint,
                                inputs_adjoint,
                                parameters_adjoint,
                                noise_adjoint: Some(noise_adjoint),
                            },
                        );
                        sums.concat()
                    };
                    let what = format!("{} by {scheme} back on {}", model.name, simd.name());
                    same(what, &back(compiled), &back(&interpreted));
                }
            }
        }
    }
}

#[test]
fn observables_back_are_the_same() {
    let mut uniform = Uniform(6);
    for (model, compiled, interpreted) in engines() {
        let compiled = compiled.engine();
        let info = compiled.info();
        for simd in sets() {
            for nodes in NODES {
                let m = Moment::random(info, nodes, &mut uniform);
                let seeds: Vec<f64> =
                    (0..info.observables.len() * nodes).map(|_| uniform.between(-1.0, 1.0)).collect();
                let back = |engine: &dyn Engine| {
                    let mut sums = [&m.states, &m.inputs, &m.parameters].map(Vec::clone);
                    let [states_adjoint, inputs_adjoint, parameters_adjoint] = &mut sums;
                    engine.observe_vjp(&mut ReadingVjp {
                        simd,
                        reading: Reading {
                            nodes,
                            states: &m.states,
                            coefficients: &engine.prepare(simd, Scheme::Euler, 0.05, nodes, &m.parameters),
                            inputs: &m.inputs,
                        },
                        adjoint: &seeds,
                        states_adjoint,
                        inputs_adjoint,
                        parameters_adjoint,
                    });
                    sums.concat()
                };
                let what = format!("observables of {} back on {}", model.name, simd.name());
                same(what, &back(compiled), &back(&interpreted));
            }
        }
    }
}
