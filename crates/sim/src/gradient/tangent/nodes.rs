//! The nodes of one model in forward mode: how they change along a direction.
//!
//! A step's derivatives by all that a node reads are taken row by row, by taking the step back from each state alone: a few steps back
//! for a step forth, and no code beside that of reverse mode.

use crate::runtime::Nodes;
use brainmass_core::engine::{Reading, ReadingVjp, StepJvp, StepVjp};
use brainmass_core::info::Signal;
use brainmass_core::real::Simd;

/// Changes of the nodes, as structures of arrays: value `i` of node `n` is at `i*nodes + n`.
pub(crate) struct NodesTangent {
    nodes: usize,
    states: Vec<f64>,
    next: Vec<f64>,
    inputs: Vec<f64>,
    parameters: Vec<f64>,
    /// Of noise intensities: a state, and one value a node.
    noise: Vec<(usize, Vec<f64>)>,
    /// Of what noise added in the step.
    increments: Vec<f64>,
    /// Of the observables of the present state.
    observables: Vec<f64>,
    /// Of observables that belong to the state before the step.
    at_start: Vec<f64>,
    delays: Vec<DelayTangent>,
    row: Row,
}

/// The past changes of a state that is read with a delay: those after step n are in row n modulo their number.
struct DelayTangent {
    state: usize,
    input: usize,
    rows: Vec<f64>,
    length: usize,
}

/// A row of derivatives.
struct Row {
    states: Vec<f64>,
    inputs: Vec<f64>,
    parameters: Vec<f64>,
    noise: Vec<f64>,
    observables: Vec<f64>,
}

/// Along which a group moves.
#[derive(Default)]
pub(crate) struct NodesDirection {
    /// Parameters, initial states, noise intensities: an index, and one value a node.
    pub parameters: Vec<(usize, Vec<f64>)>,
    pub initial: Vec<(usize, Vec<f64>)>,
    pub noise: Vec<(usize, Vec<f64>)>,
}

impl NodesTangent {
    /// At t = 0.
    pub fn new(group: &Nodes, direction: &NodesDirection) -> Self {
        let (info, nodes) = (group.info(), group.nodes());
        let rows = |count: usize| vec![0.0; count * nodes];
        let n_inputs = info.inputs.len() + info.delays.len();
        let filled = |count: usize, parts: &[(usize, Vec<f64>)]| {
            let mut all = rows(count);
            for (index, values) in parts {
                all[index * nodes..(index + 1) * nodes].copy_from_slice(values);
            }
            all
        };
        let states = filled(info.states.len(), &direction.initial);
        let delays = group.delays().enumerate().map(|(index, (state, steps))| {
            let length = steps.iter().max().map_or(1, |longest| longest + 1);
            let rows = states[state * nodes..(state + 1) * nodes].repeat(length);
            DelayTangent { state, input: info.inputs.len() + index, rows, length }
        });
        let delays = delays.collect();
        let mut tangent = Self {
            nodes,
            next: states.clone(),
            states,
            inputs: rows(n_inputs),
            parameters: filled(info.parameters.len(), &direction.parameters),
            noise: direction.noise.clone(),
            increments: rows(info.states.len()),
            observables: rows(info.observables.len()),
            at_start: rows(info.observables.len()),
            delays,
            row: Row {
                states: rows(info.states.len()),
                inputs: rows(n_inputs),
                parameters: rows(info.parameters.len()),
                noise: rows(info.states.len()),
                observables: rows(info.observables.len()),
            },
        };
        tangent.observe(group, group.simd(), false);
        tangent
    }

    /// Of a state or observable at the time reached.
    pub fn signal(&self, signal: Signal) -> &[f64] {
        match signal {
            Signal::State(index) => &self.states[index * self.nodes..(index + 1) * self.nodes],
            Signal::Observable(index) => &self.observables[index * self.nodes..(index + 1) * self.nodes],
        }
    }

    /// Of an observable of the state before the last step.
    pub fn at_start(&self, index: usize) -> &[f64] {
        &self.at_start[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Of an input port in the step.
    pub fn port(&self, index: usize) -> &[f64] {
        &self.inputs[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Of an input port in the step, to be added to.
    pub fn port_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.inputs[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Sets the changes of the inputs of the step after `step` steps, which the group has just made, but for what projections add.
    pub fn drive(&mut self, step: usize, group: &Nodes) {
        let nodes = self.nodes;
        self.inputs.fill(0.0);
        if let Some(coupled) = group.coupled() {
            let inputs = &mut self.inputs[coupled.port * nodes..(coupled.port + 1) * nodes];
            coupled.interaction_jvp(group.before(), &self.states, &self.parameters, inputs);
        }
        for (line, (_, steps)) in self.delays.iter().zip(group.delays()) {
            for (node, steps) in steps.iter().enumerate() {
                let row = (step + line.length - steps) % line.length;
                self.inputs[line.input * nodes + node] = line.rows[row * nodes + node];
            }
        }
    }

    /// Follows the step after `step` steps, which the group has just made.
    pub fn advance(&mut self, step: usize, dt: f64, group: &mut Nodes) {
        let (nodes, simd) = (self.nodes, group.simd());
        for (state, changes) in &self.noise {
            let increments = &mut self.increments[state * nodes..(state + 1) * nodes];
            group.deviates(step, *state, increments);
            increments.iter_mut().zip(changes).for_each(|(to, change)| *to *= dt.sqrt() * change);
        }
        self.observe(group, simd, true);
        let before = group.before().to_vec();
        let inputs = group.inputs().to_vec();
        let mut replay = group.replay(step);
        let (coefficients, noise) = (replay.coefficients, replay.noise);
        let is_stage_wise = replay.jvp(&mut StepJvp {
            dt,
            nodes,
            states: &before,
            coefficients,
            inputs: &inputs,
            noise,
            states_tangent: &self.states,
            inputs_tangent: &self.inputs,
            parameters_tangent: &self.parameters,
            noise_tangent: &self.increments,
            out: &mut self.next,
        });
        for state in (0..self.states.len() / nodes).filter(|_| !is_stage_wise) {
            let row = &mut self.row;
            row.clear();
            row.states[state * nodes..(state + 1) * nodes].fill(1.0);
            replay.vjp(&mut StepVjp {
                simd,
                dt,
                nodes,
                states: &before,
                coefficients,
                inputs: &inputs,
                noise,
                adjoint: &mut row.states,
                inputs_adjoint: &mut row.inputs,
                parameters_adjoint: &mut row.parameters,
                noise_adjoint: Some(&mut row.noise),
            });
            let next = &mut self.next[state * nodes..(state + 1) * nodes];
            next.fill(0.0);
            by_node(&row.states, &self.states, next);
            by_node(&row.inputs, &self.inputs, next);
            by_node(&row.parameters, &self.parameters, next);
            by_node(&row.noise, &self.increments, next);
        }
        std::mem::swap(&mut self.states, &mut self.next);
        for line in &mut self.delays {
            let row = (step + 1) % line.length;
            let state = &self.states[line.state * nodes..(line.state + 1) * nodes];
            line.rows[row * nodes..(row + 1) * nodes].copy_from_slice(state);
        }
        self.observe(group, simd, false);
    }

    /// The changes of the observables: of the state before the step or of the present one, with the inputs of the step.
    fn observe(&mut self, group: &Nodes, simd: Simd, before: bool) {
        let nodes = self.nodes;
        for observable in 0..self.observables.len() / nodes {
            let row = &mut self.row;
            row.clear();
            row.observables[observable * nodes..(observable + 1) * nodes].fill(1.0);
            group.engine().observe_vjp(&mut ReadingVjp {
                simd,
                reading: Reading {
                    nodes,
                    states: if before { group.before() } else { group.states() },
                    coefficients: group.coefficients(),
                    inputs: group.inputs(),
                },
                adjoint: &row.observables,
                states_adjoint: &mut row.states,
                inputs_adjoint: &mut row.inputs,
                parameters_adjoint: &mut row.parameters,
            });
            let all = if before { &mut self.at_start } else { &mut self.observables };
            let changes = &mut all[observable * nodes..(observable + 1) * nodes];
            changes.fill(0.0);
            by_node(&row.states, &self.states, changes);
            by_node(&row.inputs, &self.inputs, changes);
            by_node(&row.parameters, &self.parameters, changes);
        }
    }

    /// The sum of the squares of the states' changes.
    pub fn square(&self) -> f64 {
        dot(&self.states, &self.states)
    }

    /// Makes the changes of the states, now and before, longer or shorter.
    pub fn scale(&mut self, factor: f64) {
        let past = self.delays.iter_mut().flat_map(|line| &mut line.rows);
        self.states.iter_mut().chain(&mut self.observables).chain(past).for_each(|value| *value *= factor);
    }
}

impl Row {
    fn clear(&mut self) {
        for values in
            [&mut self.states, &mut self.inputs, &mut self.parameters, &mut self.noise, &mut self.observables]
        {
            values.fill(0.0);
        }
    }
}

/// Adds, for each node, the products of slopes and changes of its values.
fn by_node(slopes: &[f64], changes: &[f64], out: &mut [f64]) {
    let nodes = out.len();
    for (slopes, changes) in slopes.chunks_exact(nodes).zip(changes.chunks_exact(nodes)) {
        for ((out, slope), change) in out.iter_mut().zip(slopes).zip(changes) {
            // Nothing that does not change has a part, whatever its slope.
            *out += if *change == 0.0 { 0.0 } else { slope * change };
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
