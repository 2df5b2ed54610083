//! Steps taken back against central differences of steps forward: every model of the catalogue with every scheme.

use brainmass::Create;
use brainmass::any::AnyModel;
use brainmass::catalogue::COLLECTIONS;
use brainmass::engine::{Reading, ReadingVjp, Step, StepVjp};
use brainmass::real::Simd;
use brainmass::scheme::Scheme;

use crate::derivatives::Uniform;

/// More than one block of lanes, the last of them not full.
const NODES: usize = 11;
/// Time step, ms: so long that rates and their slopes matter.
const DT: f64 = 0.05;
/// The distance by which values are moved, relative to their size.
const STEP: f64 = 2e-5;
/// Largest deviation, relative to the largest derivative. Beside the poles of LileySteynRossStep the differences themselves are wrong by 3e-6.
const TOLERANCE: f64 = 1e-5;
/// The same for models with tables: differences meet the edges of their cells, where slopes jump a little.
const TOLERANCE_OF_TABLES: f64 = 0.02;

/// All that a step reads.
#[derive(Clone)]
struct Moment {
    states: Vec<f64>,
    parameters: Vec<f64>,
    inputs: Vec<f64>,
    noise: Vec<f64>,
    tolerance: f64,
}

impl Moment {
    fn random(model: &dyn AnyModel, uniform: &mut Uniform) -> Self {
        let info = model.engine().info();
        let mut each = |count: usize, value: &mut dyn FnMut(usize, &mut Uniform) -> f64| -> Vec<f64> {
            (0..count * NODES).map(|at| value(at / NODES, uniform)).collect()
        };
        // Far enough from the bounds for most nodes to stay within, near enough for some to be clipped.
        let states = each(info.states.len(), &mut |i, uniform| match info.states[i].bounds {
            Some((low, high)) if high.is_finite() => uniform.between(low, high),
            Some((low, _)) if info.states[i].init < low + 2.0 => low + uniform.between(0.0, 1.0),
            _ => uniform.near(info.states[i].init),
        });
        let parameters = each(info.parameters.len(), &mut |i, u| u.near(info.parameters[i].default));
        let inputs = each(info.inputs.len() + info.delays.len(), &mut |_, u| u.between(0.1, 0.9));
        // Less than the state: concentrations and rates stay positive.
        let noise = states.iter().map(|state| uniform.between(-0.2, 0.2) * state.abs().min(1.0)).collect();
        let tolerance = if info.tables.is_empty() { TOLERANCE } else { TOLERANCE_OF_TABLES };
        Self { states, parameters, inputs, noise, tolerance }
    }

    fn parts(&mut self) -> [&mut Vec<f64>; 4] {
        [&mut self.states, &mut self.parameters, &mut self.inputs, &mut self.noise]
    }

    fn coefficients(&self, model: &dyn AnyModel, scheme: Scheme) -> Vec<f64> {
        model.engine().prepare(Simd::fastest(), scheme, DT, NODES, &self.parameters)
    }

    /// The states after a step.
    fn next(&self, model: &dyn AnyModel, scheme: Scheme) -> Vec<f64> {
        let mut next = self.states.clone();
        let mut step = Step {
            dt: DT,
            nodes: NODES,
            steps: 1,
            states: &self.states,
            next: &mut next,
            coefficients: &self.coefficients(model, scheme),
            inputs: &self.inputs,
            noise: Some(&self.noise),
        };
        model.engine().advance(Simd::fastest(), scheme, &mut step);
        next
    }

    fn observables(&self, model: &dyn AnyModel) -> Vec<f64> {
        let mut out = vec![0.0; model.engine().info().observables.len() * NODES];
        let coefficients = self.coefficients(model, Scheme::Euler);
        let reading =
            Reading { nodes: NODES, states: &self.states, coefficients: &coefficients, inputs: &self.inputs };
        model.engine().observe(Simd::fastest(), &reading, &mut out);
        out
    }

    /// Compares adjoints of the parts with central differences of `sum of seeds times f`.
    fn compare(&self, what: &str, adjoints: [&[f64]; 4], seeds: &[f64], f: &dyn Fn(&Self) -> Vec<f64>) {
        let mut derivatives = Vec::new();
        for (part, adjoints) in adjoints.into_iter().enumerate() {
            // Nodes do not see each other: one value of each is moved at once.
            for (row, got) in adjoints.chunks(NODES).enumerate() {
                let values = self.clone().parts()[part][row * NODES..(row + 1) * NODES].to_vec();
                let scales: Vec<f64> = values.iter().map(|value| value.abs().max(1e-2)).collect();
                let at = |offset: f64| {
                    let mut moved = self.clone();
                    let row = &mut moved.parts()[part][row * NODES..(row + 1) * NODES];
                    row.iter_mut().zip(&scales).for_each(|(value, scale)| *value += offset * STEP * scale);
                    f(&moved)
                };
                let (far_below, below, above, far_above) = (at(-2.0), at(-1.0), at(1.0), at(2.0));
                let slope =
                    |i: usize| (8.0 * (above[i] - below[i]) - (far_above[i] - far_below[i])) / (12.0 * STEP);
                for node in 0..NODES {
                    let want: f64 = (node..seeds.len()).step_by(NODES).map(|i| seeds[i] * slope(i)).sum();
                    derivatives.push((want, got[node] * scales[node], part, row * NODES + node));
                }
            }
        }
        let largest = derivatives.iter().fold(1e-9_f64, |largest, (want, ..)| largest.max(want.abs()));
        for (want, got, part, index) in derivatives {
            assert!(
                (want - got).abs() <= self.tolerance * largest,
                "{what}: part {part}, value {index}: {got}, central differences give {want}"
            );
        }
    }
}

#[test]
fn of_every_model_and_scheme_agree_with_central_differences() {
    let entries = COLLECTIONS.iter().flat_map(|collection| &collection.entries);
    let mut checked = 0;
    for entry in entries {
        let Create::Node(create) = &entry.create else { continue };
        let model = create(NODES);
        let (engine, name) = (model.engine(), entry.info.name.clone());
        for (seed, scheme) in Scheme::ALL.into_iter().enumerate() {
            let mut uniform = Uniform(seed as u64 + 1);
            // Not every model has values everywhere: rates of spikes may be roots of what is positive where the model makes sense.
            let is_defined =
                |moment: &Moment| moment.next(model.as_ref(), scheme).iter().all(|next| next.is_finite());
            let moment = std::iter::repeat_with(|| Moment::random(model.as_ref(), &mut uniform))
                .take(20)
                .find(is_defined)
                .unwrap_or_else(|| panic!("{name} by {scheme}: no step ends in finite states"));
            let seeds: Vec<f64> = moment.states.iter().map(|_| uniform.between(-1.0, 1.0)).collect();
            let mut states = seeds.clone();
            let (mut inputs, mut parameters, mut noise) = (
                vec![0.0; moment.inputs.len()],
                vec![0.0; moment.parameters.len()],
                vec![0.0; moment.noise.len()],
            );
            engine.step_vjp(
                scheme,
                &mut StepVjp {
                    simd: Simd::fastest(),
                    dt: DT,
                    nodes: NODES,
                    states: &moment.states,
                    coefficients: &moment.coefficients(model.as_ref(), scheme),
                    inputs: &moment.inputs,
                    noise: Some(&moment.noise),
                    adjoint: &mut states,
                    inputs_adjoint: &mut inputs,
                    parameters_adjoint: &mut parameters,
                    noise_adjoint: Some(&mut noise),
                },
            );
            moment.compare(
                &format!("{name} by {scheme}"),
                [&states, &parameters, &inputs, &noise],
                &seeds,
                &|moment| moment.next(model.as_ref(), scheme),
            );
            checked += 1;
        }
    }
    crate::tell(&format!("{checked} steps of {NODES} nodes taken back"));
    assert!(checked >= 28 * 16);
}

#[test]
fn of_every_model_s_observables_agree_with_central_differences() {
    let entries = COLLECTIONS.iter().flat_map(|collection| &collection.entries);
    for entry in entries {
        let Create::Node(create) = &entry.create else { continue };
        let model = create(NODES);
        let mut uniform = Uniform(5);
        let moment = Moment::random(model.as_ref(), &mut uniform);
        let count = entry.info.observables.len() * NODES;
        let seeds: Vec<f64> = (0..count).map(|_| uniform.between(-1.0, 1.0)).collect();
        let (mut states, mut inputs, mut parameters) = (
            vec![0.0; moment.states.len()],
            vec![0.0; moment.inputs.len()],
            vec![0.0; moment.parameters.len()],
        );
        model.engine().observe_vjp(&mut ReadingVjp {
            simd: Simd::fastest(),
            reading: Reading {
                nodes: NODES,
                states: &moment.states,
                coefficients: &moment.coefficients(model.as_ref(), Scheme::Euler),
                inputs: &moment.inputs,
            },
            adjoint: &seeds,
            states_adjoint: &mut states,
            inputs_adjoint: &mut inputs,
            parameters_adjoint: &mut parameters,
        });
        let name = format!("observables of {}", entry.info.name);
        moment.compare(&name, [&states, &parameters, &inputs, &[]], &seeds, &|moment| {
            moment.observables(model.as_ref())
        });
    }
}

/// A comparison with NaN may have either operand as its result; the bound must not be it.
#[test]
fn a_state_that_is_no_number_does_not_hide_at_its_bound() {
    let entries = COLLECTIONS.iter().flat_map(|collection| &collection.entries);
    let mut checked = 0;
    for entry in entries {
        let Create::Node(create) = &entry.create else { continue };
        let model = create(NODES);
        let states = &model.engine().info().states;
        for (index, _) in states.iter().enumerate().filter(|(_, state)| state.bounds.is_some()) {
            for scheme in [Scheme::Euler, Scheme::ExpEuler, Scheme::Heun, Scheme::Rk4] {
                let mut moment = Moment::random(model.as_ref(), &mut Uniform(1));
                moment.states[index * NODES] = f64::NAN;
                let next = moment.next(model.as_ref(), scheme);
                assert!(next[index * NODES].is_nan(), "{} by {scheme}: {}", entry.name(), states[index].name);
                checked += 1;
            }
        }
    }
    assert!(checked >= 40, "only {checked} states with bounds");
}
