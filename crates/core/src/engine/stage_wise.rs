//! Steps of nodes that interact inside their model, stage by stage: every stage of a Runge-Kutta scheme is computed for all nodes before the
//! next one, so that the interaction is evaluated at the states of each stage.
//!
//! A step that goes node block by node block, as [`Engine::advance`] does, knows only the states of its own block at a later stage, and would
//! have to hold the interaction over the step: such a scheme has order 1. Where nothing depends on the interaction, both give the same bits.

use super::{
    Engine, FaultMask, Interaction, InteractionData, InteractionVjp, Reading, ReadingVjp, Step, StepVjp,
};
use crate::info::StateInfo;
use crate::real::{Lane, LaneJob, Simd};
use crate::scheme::{Scheme, Stages};

/// The nodes of a model that interact inside it.
#[derive(Clone, Copy)]
pub struct Coupled<'a> {
    /// The engine of the model.
    pub engine: &'a dyn Engine,
    /// The interaction of the model.
    pub interaction: &'a dyn Interaction,
    /// The data that the interaction reads beside the states.
    pub data: &'a InteractionData,
    /// The input port that the interaction feeds.
    pub port: usize,
    /// The instruction set to compute with.
    pub simd: Simd,
}

/// A step in forward mode: the direction in which everything moves that the step reads. Arrays are as in [`StepVjp`].
#[derive(Debug)]
pub struct StepJvp<'a> {
    /// Time step, ms.
    pub dt: f64,
    /// The number of nodes.
    pub nodes: usize,
    /// States before the step.
    pub states: &'a [f64],
    /// Coefficients that the step used.
    pub coefficients: &'a [f64],
    /// Inputs that the step used.
    pub inputs: &'a [f64],
    /// The increment that noise added to each state; `None` without noise.
    pub noise: Option<&'a [f64]>,
    /// Tangents of the states before the step.
    pub states_tangent: &'a [f64],
    /// Tangents of the inputs, those of the coupling inputs at the start of the step included.
    pub inputs_tangent: &'a [f64],
    /// Tangents of the parameters.
    pub parameters_tangent: &'a [f64],
    /// Tangents of what noise added.
    pub noise_tangent: &'a [f64],
    /// Tangents of the states after the step, which are written.
    pub out: &'a mut [f64],
}

/// The room that steps of coupled nodes need, so that no step allocates.
pub struct StageWise {
    stages: Stages,
    /// The rates of each stage, one after the other.
    rates: Vec<f64>,
    /// The states of each stage.
    at: Vec<f64>,
    /// The inputs of the present stage.
    inputs: Vec<f64>,
}

impl StageWise {
    /// The room for steps by a scheme of several stages, for states and inputs of so many numbers; `None` for the schemes of one stage, which
    /// hold the interaction over a step.
    pub fn new(scheme: Scheme, states: usize, inputs: usize) -> Option<Self> {
        let stages = scheme.stages()?;
        let room = || vec![0.0; stages.tableau.b.len() * states];
        Some(Self { stages, rates: room(), at: room(), inputs: vec![0.0; inputs] })
    }

    /// Makes one step. `step.inputs` holds the coupling inputs of the states before the step.
    pub fn advance(&mut self, coupled: &Coupled, step: &mut Step) -> FaultMask {
        let nodes = step.nodes;
        self.evaluate(coupled, step.dt, nodes, step.states, step.coefficients, step.inputs, step.noise);
        let simd = coupled.simd;
        simd.run(Combine {
            weights: self.stages.tableau.b,
            rates: &self.rates,
            start: step.states,
            dt: step.dt,
            noise: step.noise,
            out: step.next,
        });
        project(&coupled.engine.info().states, nodes, step.next);
        FaultMask::of_rows(step.next, nodes)
    }

    /// Vector-Jacobian product of a step of a run alone. The adjoint of the coupling inputs at the start of the step is left among those of the
    /// inputs.
    pub fn vjp(&mut self, coupled: &Coupled, step: &mut StepVjp) {
        let (nodes, width) = (step.nodes, step.states.len());
        let (dt, tableau) = (step.dt, self.stages.tableau);
        self.evaluate(coupled, dt, nodes, step.states, step.coefficients, step.inputs, step.noise);
        self.drop_projected(coupled, dt, nodes, step.states, step.noise, step.adjoint);
        let mut to_rates: Vec<f64> =
            tableau.b.iter().flat_map(|weight| step.adjoint.iter().map(move |x| dt * weight * x)).collect();
        if let Some(noise_adjoint) = &mut step.noise_adjoint {
            add(noise_adjoint, step.adjoint);
        }
        let port = coupled.port * nodes..(coupled.port + 1) * nodes;
        let (mut to_states, mut to_inputs) = (vec![0.0; width], vec![0.0; step.inputs.len()]);
        for stage in (0..tableau.b.len()).rev() {
            to_states.fill(0.0);
            to_inputs.fill(0.0);
            let at = &self.at[stage * width..(stage + 1) * width];
            coupled.set_inputs(stage, at, step.inputs, &mut self.inputs);
            coupled.interaction.rates_vjp(&mut ReadingVjp {
                simd: coupled.simd,
                reading: Reading { nodes, states: at, coefficients: step.coefficients, inputs: &self.inputs },
                adjoint: &to_rates[stage * width..(stage + 1) * width],
                states_adjoint: &mut to_states,
                inputs_adjoint: &mut to_inputs,
                parameters_adjoint: step.parameters_adjoint,
            });
            if stage > 0 {
                let mut vjp = InteractionVjp {
                    states: at,
                    adjoint: &to_inputs[port.clone()],
                    states_adjoint: &mut to_states,
                    parameters_adjoint: step.parameters_adjoint,
                };
                coupled.interaction.coupling_inputs_vjp(coupled.simd, coupled.data, &mut vjp);
                to_inputs[port.clone()].fill(0.0);
                if let Some(noise_adjoint) = step.noise_adjoint.as_mut().filter(|_| self.stages.see_noise()) {
                    add(noise_adjoint, &to_states);
                }
                for (to, weight) in to_rates.chunks_exact_mut(width).zip(tableau.a[stage - 1]) {
                    to.iter_mut().zip(&to_states).for_each(|(to, x)| *to += dt * weight * x);
                }
            }
            add(step.inputs_adjoint, &to_inputs);
            add(step.adjoint, &to_states);
        }
    }

    /// Jacobian-vector product of a step of a run alone: how the states after it move when everything that it reads does.
    pub fn jvp(&mut self, coupled: &Coupled, step: &mut StepJvp) {
        let (nodes, width) = (step.nodes, step.states.len());
        let (dt, tableau) = (step.dt, self.stages.tableau);
        self.evaluate(coupled, dt, nodes, step.states, step.coefficients, step.inputs, step.noise);
        let mut moves = vec![0.0; tableau.b.len() * width];
        let mut inputs_tangent = step.inputs_tangent.to_vec();
        let combined = |weights: &[f64], moves: &[f64], out: &mut [f64]| {
            out.copy_from_slice(step.states_tangent);
            for (moves, weight) in moves.chunks_exact(width).zip(weights) {
                out.iter_mut().zip(moves).for_each(|(out, x)| *out += dt * weight * x);
            }
        };
        let mut at_tangent = step.states_tangent.to_vec();
        for stage in 0..tableau.b.len() {
            let at = &self.at[stage * width..(stage + 1) * width];
            if stage > 0 {
                combined(tableau.a[stage - 1], &moves, &mut at_tangent);
                if self.stages.see_noise() {
                    add(&mut at_tangent, step.noise_tangent);
                }
                let port = coupled.port * nodes..(coupled.port + 1) * nodes;
                let inputs = &mut inputs_tangent[port];
                coupled.interaction_jvp(at, &at_tangent, step.parameters_tangent, inputs);
            }
            coupled.set_inputs(stage, at, step.inputs, &mut self.inputs);
            let reading =
                Reading { nodes, states: at, coefficients: step.coefficients, inputs: &self.inputs };
            let out = &mut moves[stage * width..(stage + 1) * width];
            coupled.rates_jvp(reading, &at_tangent, &inputs_tangent, step.parameters_tangent, out);
        }
        combined(tableau.b, &moves, step.out);
        add(step.out, step.noise_tangent);
        self.drop_projected(coupled, dt, nodes, step.states, step.noise, step.out);
    }

    /// Computes the states and the rates of every stage.
    #[expect(clippy::too_many_arguments, reason = "they are the fields of three kinds of steps")]
    fn evaluate(
        &mut self,
        coupled: &Coupled,
        dt: f64,
        nodes: usize,
        states: &[f64],
        coefficients: &[f64],
        inputs: &[f64],
        noise: Option<&[f64]>,
    ) {
        let width = states.len();
        let tableau = self.stages.tableau;
        let noise = noise.filter(|_| self.stages.see_noise());
        self.at[..width].copy_from_slice(states);
        for stage in 0..tableau.b.len() {
            let (rates, at) = (&mut self.rates, &mut self.at[stage * width..(stage + 1) * width]);
            if stage > 0 {
                let weights = tableau.a[stage - 1];
                coupled.simd.run(Combine { weights, rates, start: states, dt, noise, out: at });
            }
            coupled.set_inputs(stage, at, inputs, &mut self.inputs);
            let reading = Reading { nodes, states: at, coefficients, inputs: &self.inputs };
            let rates = &mut rates[stage * width..(stage + 1) * width];
            coupled.interaction.rates(coupled.simd, &reading, rates);
        }
    }

    /// Sets to zero the adjoints or tangents of the states that the projection into the bounds changed; the stages have been evaluated.
    fn drop_projected(
        &self,
        coupled: &Coupled,
        dt: f64,
        nodes: usize,
        start: &[f64],
        noise: Option<&[f64]>,
        values: &mut [f64],
    ) {
        let states = &coupled.engine.info().states;
        if states.iter().all(|state| state.bounds.is_none()) {
            return;
        }
        let mut next = vec![0.0; start.len()];
        let (weights, rates) = (self.stages.tableau.b, &self.rates[..]);
        coupled.simd.run(Combine { weights, rates, start, dt, noise, out: &mut next });
        let mut projected = next.clone();
        project(states, nodes, &mut projected);
        for (index, ((value, before), after)) in values.iter_mut().zip(next).zip(projected).enumerate() {
            if before != after && states[index / nodes].wrap.is_none() {
                *value = 0.0;
            }
        }
    }
}

impl Coupled<'_> {
    /// The inputs of a stage whose states are `at`: those of the step, with the coupling inputs of these states.
    fn set_inputs(&self, stage: usize, at: &[f64], of_step: &[f64], inputs: &mut [f64]) {
        inputs.copy_from_slice(of_step);
        if stage > 0 {
            let nodes = self.data.columns().count();
            let port = &mut inputs[self.port * nodes..(self.port + 1) * nodes];
            self.interaction.coupling_inputs(self.simd, self.data, at, port);
        }
    }

    /// Jacobian-vector product of the coupling inputs of a run alone, row by row: from the vector-Jacobian product for each target.
    pub fn interaction_jvp(
        &self,
        states: &[f64],
        states_tangent: &[f64],
        parameters_tangent: &[f64],
        out: &mut [f64],
    ) {
        let (mut row_of_states, mut row_of_parameters) =
            (vec![0.0; states.len()], vec![0.0; parameters_tangent.len()]);
        let mut target_alone = vec![0.0; out.len()];
        for (target, out) in out.iter_mut().enumerate() {
            row_of_states.fill(0.0);
            row_of_parameters.fill(0.0);
            target_alone.fill(0.0);
            target_alone[target] = 1.0;
            let mut vjp = InteractionVjp {
                states,
                adjoint: &target_alone,
                states_adjoint: &mut row_of_states,
                parameters_adjoint: &mut row_of_parameters,
            };
            self.interaction.coupling_inputs_vjp(self.simd, self.data, &mut vjp);
            *out = dot(&row_of_states, states_tangent) + dot(&row_of_parameters, parameters_tangent);
        }
    }

    /// Jacobian-vector product of the rates, one row a state: from the vector-Jacobian product for the rate of each state, which holds the
    /// derivatives of that rate for all nodes at once.
    fn rates_jvp(
        &self,
        reading: Reading,
        states_tangent: &[f64],
        inputs_tangent: &[f64],
        parameters_tangent: &[f64],
        out: &mut [f64],
    ) {
        let Reading { nodes, states, coefficients, inputs } = reading;
        let (mut to_states, mut to_inputs) = (vec![0.0; states.len()], vec![0.0; inputs.len()]);
        let (mut to_parameters, mut one) = (vec![0.0; parameters_tangent.len()], vec![0.0; states.len()]);
        for (state, out) in out.chunks_exact_mut(nodes).enumerate() {
            for row in [&mut to_states, &mut to_inputs, &mut to_parameters, &mut one] {
                row.fill(0.0);
            }
            one[state * nodes..(state + 1) * nodes].fill(1.0);
            self.interaction.rates_vjp(&mut ReadingVjp {
                simd: self.simd,
                reading: Reading { nodes, states, coefficients, inputs },
                adjoint: &one,
                states_adjoint: &mut to_states,
                inputs_adjoint: &mut to_inputs,
                parameters_adjoint: &mut to_parameters,
            });
            out.fill(0.0);
            let parts = [
                (&to_states, states_tangent),
                (&to_inputs, inputs_tangent),
                (&to_parameters, parameters_tangent),
            ];
            for (slopes, tangents) in parts {
                for (slopes, tangents) in slopes.chunks_exact(nodes).zip(tangents.chunks_exact(nodes)) {
                    for ((out, slope), tangent) in out.iter_mut().zip(slopes).zip(tangents) {
                        // What does not move has no part, whatever its slope.
                        *out += if *tangent == 0.0 { 0.0 } else { slope * tangent };
                    }
                }
            }
        }
    }
}

/// Computes `start + dt * (sum of weights times rates) + noise` with the roundings of a step that goes node block by node block.
struct Combine<'a> {
    weights: &'a [f64],
    /// The rates of each stage, one after the other.
    rates: &'a [f64],
    start: &'a [f64],
    dt: f64,
    noise: Option<&'a [f64]>,
    out: &'a mut [f64],
}

impl LaneJob for Combine<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Self { weights, rates, start, dt, noise, out } = self;
        let width = start.len();
        for first in (0..width).step_by(R::WIDTH) {
            let mut sum = R::splat(0.0);
            for (weight, rates) in weights.iter().zip(rates.chunks_exact(width)) {
                if *weight != 0.0 {
                    sum = R::splat(*weight).mul_add(R::load_partial(&rates[first..]), sum);
                }
            }
            let mut value = R::splat(dt).mul_add(sum, R::load_partial(&start[first..]));
            if let Some(noise) = noise {
                value = value + R::load_partial(&noise[first..]);
            }
            value.store_partial(&mut out[first..]);
        }
    }
}

/// Moves rows of states into their bounds, and onto their circles.
fn project(states: &[StateInfo], nodes: usize, rows: &mut [f64]) {
    for (state, row) in states.iter().zip(rows.chunks_exact_mut(nodes)) {
        if state.bounds.is_some() || state.wrap.is_some() {
            row.iter_mut().for_each(|value| *value = state.projected(*value));
        }
    }
}

fn add(values: &mut [f64], terms: &[f64]) {
    values.iter_mut().zip(terms).for_each(|(value, term)| *value += term);
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
