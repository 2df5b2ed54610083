//! Coupling rules, and the interactions inside models.

use brainmass_core::coupling::{AnyRule, InterpretedRule, PostVjp, Terms, parameter_rows};
use brainmass_core::engine::{
    Columns, Engine, Interaction, InteractionData, InteractionSettings, InteractionVjp, Reading, ReadingVjp,
};
use brainmass_core::registry::{Create, Entry};
use brainmass_core::scheme::Scheme;
use ndarray::Array2;

use crate::common::{Moment, Uniform, engines, entry, same, sets, zoo};

/// The ways in which an interaction may be asked for: with or without weights, normalized or not, with a node's own part or without.
fn settings(nodes: usize, uniform: &mut Uniform) -> Vec<InteractionSettings> {
    let weights = Array2::from_shape_fn((nodes, nodes), |_| uniform.between(-1.0, 2.0));
    let mut all = Vec::new();
    for weights in [None, Some(weights)] {
        for (normalize, exclude_self) in [(true, true), (false, true), (true, false)] {
            all.push(InteractionSettings { weights: weights.clone(), normalize, exclude_self });
        }
    }
    all
}

#[test]
fn coupling_inputs_are_the_same() {
    let mut uniform = Uniform(11);
    let mut compared = 0;
    for (model, compiled, interpreted) in engines() {
        let Some(ours) = compiled.interaction() else { continue };
        let theirs = interpreted.interaction(&model).expect("the interpreted model interacts as well");
        for simd in sets() {
            for columns in [
                Columns::alone(1),
                Columns::alone(5),
                Columns::alone(27),
                Columns::alone(150),
                Columns::batch(21),
            ] {
                for settings in settings(columns.nodes, &mut uniform) {
                    let m = Moment::random(compiled.engine().info(), columns.count(), &mut uniform);
                    let inputs = |interaction: &dyn Interaction| {
                        let data = InteractionData::new(&settings, columns, m.parameters.clone());
                        let mut out = vec![0.0; columns.count()];
                        interaction.coupling_inputs(simd, &data, &m.states, &mut out);
                        out
                    };
                    let what = format!("{} on {}, {columns:?}", model.name, simd.name());
                    same(what, &inputs(ours), &inputs(&theirs));
                }
            }
        }
        compared += 1;
    }
    assert!(compared >= 1, "no model interacts");
}

#[test]
fn adjoints_of_coupling_inputs_are_the_same() {
    let mut uniform = Uniform(12);
    for (model, compiled, interpreted) in engines() {
        let Some(ours) = compiled.interaction() else { continue };
        let theirs = interpreted.interaction(&model).expect("the interpreted model interacts as well");
        for simd in sets() {
            for nodes in [1, 5, 27, 150] {
                for settings in settings(nodes, &mut uniform) {
                    let m = Moment::random(compiled.engine().info(), nodes, &mut uniform);
                    // Whole blocks of lanes without an adjoint are left out.
                    let adjoint: Vec<f64> = (0..nodes)
                        .map(|node| if node / 8 % 2 == 1 { 0.0 } else { uniform.between(-1.0, 1.0) })
                        .collect();
                    let back = |interaction: &dyn Interaction| {
                        let data =
                            InteractionData::new(&settings, Columns::alone(nodes), m.parameters.clone());
                        let (mut states_adjoint, mut parameters_adjoint) =
                            (m.states.clone(), m.parameters.clone());
                        let mut vjp = InteractionVjp {
                            states: &m.states,
                            adjoint: &adjoint,
                            states_adjoint: &mut states_adjoint,
                            parameters_adjoint: &mut parameters_adjoint,
                        };
                        interaction.coupling_inputs_vjp(simd, &data, &mut vjp);
                        [states_adjoint, parameters_adjoint].concat()
                    };
                    let what = format!("{} on {}, {nodes} nodes", model.name, simd.name());
                    same(what, &back(ours), &back(&theirs));
                }
            }
        }
    }
}

#[test]
fn rates_at_the_stages_of_steps_are_the_same() {
    let mut uniform = Uniform(13);
    for (model, compiled, interpreted) in engines() {
        let Some(ours) = compiled.interaction() else { continue };
        let theirs = interpreted.interaction(&model).expect("the interpreted model interacts as well");
        for simd in sets() {
            for nodes in [5, 150] {
                let m = Moment::random(compiled.engine().info(), nodes, &mut uniform);
                let rates = |interaction: &dyn Interaction, engine: &dyn Engine| {
                    let coefficients = engine.prepare(simd, Scheme::Heun, 0.1, nodes, &m.parameters);
                    let reading = || Reading {
                        nodes,
                        states: &m.states,
                        coefficients: &coefficients,
                        inputs: &m.inputs,
                    };
                    let mut out = vec![0.0; m.states.len()];
                    interaction.rates(simd, &reading(), &mut out);
                    let mut sums = [&m.states, &m.inputs, &m.parameters].map(Vec::clone);
                    let [states_adjoint, inputs_adjoint, parameters_adjoint] = &mut sums;
                    interaction.rates_vjp(&mut ReadingVjp {
                        simd,
                        reading: reading(),
                        adjoint: &m.noise,
                        states_adjoint,
                        inputs_adjoint,
                        parameters_adjoint,
                    });
                    [out, sums.concat()].concat()
                };
                let what = format!("rates of {} on {}", model.name, simd.name());
                same(what, &rates(ours, compiled.engine()), &rates(&theirs, &interpreted));
            }
        }
    }
}

/// Both forms of every rule, with parameters that differ from target to target or do not.
fn rules(targets: usize, uniform: &mut Uniform) -> Vec<(Box<dyn AnyRule>, Box<dyn AnyRule>)> {
    let mut all: Vec<(Box<dyn AnyRule>, Box<dyn AnyRule>)> = Vec::new();
    for model in zoo() {
        let Entry { info, create: Create::Rule(create) } = entry(&model.name) else { continue };
        for differs in [false, true] {
            let (mut compiled, interpreted) =
                (create(), InterpretedRule::new(info, &model).expect("it is a rule"));
            let mut interpreted: Box<dyn AnyRule> = Box::new(interpreted);
            for (index, parameter) in info.parameters.iter().enumerate() {
                let values: Vec<f64> = (0..targets).map(|_| uniform.near(parameter.default)).collect();
                for rule in [&mut compiled, &mut interpreted] {
                    if differs {
                        rule.settings_mut().set(index, values.clone().into());
                    } else {
                        rule.settings_mut().set(index, values[0].into());
                    }
                }
            }
            assert_eq!(
                (compiled.form(), compiled.laplacian()),
                (interpreted.form(), interpreted.laplacian())
            );
            all.push((compiled, interpreted));
        }
    }
    assert!(all.len() >= 14, "only {} rules", all.len() / 2);
    all
}

#[test]
fn terms_and_sums_are_the_same() {
    let mut uniform = Uniform(14);
    for (compiled, interpreted) in rules(30, &mut uniform) {
        for simd in sets() {
            for (edges, runs) in [(1, 1), (7, 1), (300, 1), (13, 8)] {
                let mut values =
                    |count: usize| -> Vec<f64> { (0..count).map(|_| uniform.between(-2.0, 2.0)).collect() };
                let (receiving, sending, sums) = (values(runs), values(edges * runs), values(30 * runs));
                let computed = |rule: &dyn AnyRule| {
                    let parameters = parameter_rows(&vec![rule; runs], 30);
                    let terms = Terms {
                        parameters: &parameters,
                        columns: 30 * runs,
                        receiver: 4 * runs,
                        receiving: &receiving,
                        sending: &sending,
                    };
                    let (mut out, mut inputs) = (vec![0.0; sending.len()], vec![0.0; sums.len()]);
                    rule.pre(simd, terms, &mut out);
                    rule.post(simd, &parameters, &sums, &mut inputs);
                    [out, inputs].concat()
                };
                let what = format!("{} on {}, {edges} edges, {runs} runs", compiled.info().name, simd.name());
                same(what, &computed(&*compiled), &computed(&*interpreted));
            }
        }
    }
}

#[test]
fn adjoints_of_terms_and_sums_are_the_same() {
    let mut uniform = Uniform(15);
    for (compiled, interpreted) in rules(30, &mut uniform) {
        for edges in [1, 8, 300] {
            let mut values =
                |count: usize| -> Vec<f64> { (0..count).map(|_| uniform.between(-2.0, 2.0)).collect() };
            let (sending, adjoint) = (values(edges), values(edges));
            let (receiving, sums, to_inputs) = (values(1)[0], values(30), values(30));
            let name = compiled.info().name;
            let back = |rule: &dyn AnyRule| {
                let mut sending_adjoint = vec![0.0; edges];
                let mut parameters_adjoint = vec![0.5; rule.info().parameters.len()];
                let receiver = rule.pre_vjp(
                    4,
                    receiving,
                    &sending,
                    &adjoint,
                    &mut sending_adjoint,
                    &mut parameters_adjoint,
                );
                [vec![receiver], sending_adjoint, parameters_adjoint].concat()
            };
            same(format!("terms of {name}, {edges} edges"), &back(&*compiled), &back(&*interpreted));
            for simd in sets() {
                let back = |rule: &dyn AnyRule| {
                    let parameters = parameter_rows(&[rule], 30);
                    let (mut sums_adjoint, mut parameters_adjoint) = (vec![0.0; 30], parameters.clone());
                    let vjp = PostVjp {
                        sums: &sums,
                        adjoint: &to_inputs,
                        sums_adjoint: &mut sums_adjoint,
                        parameters_adjoint: &mut parameters_adjoint,
                    };
                    rule.post_vjp(simd, &parameters, vjp);
                    [sums_adjoint, parameters_adjoint].concat()
                };
                same(format!("sums of {name} on {}", simd.name()), &back(&*compiled), &back(&*interpreted));
            }
        }
    }
}

#[test]
fn a_node_model_is_no_rule() {
    let model = zoo().into_iter().find(|model| model.name == "KuramotoNetwork").expect("it is in the zoo");
    assert!(InterpretedRule::new(entry("KuramotoNetwork").info, &model).is_none());
}
