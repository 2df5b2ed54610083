//! Tangents through the steps of the nodes of one group.
//!
//! The Jacobian of a step is taken row by row, by the vector-Jacobian product of each state alone: a few steps back for a step forth, and no code
//! beside that of reverse mode. Only steps that evaluate an interaction at every stage, where a row has the states of all nodes, have a
//! Jacobian-vector product of their own.

use crate::gradient::derivatives::{NodeDerivatives, row, row_mut};
use crate::runtime::Nodes;
use brainmass_core::engine::{Reading, ReadingVjp, StepJvp, StepVjp};
use brainmass_core::info::Signal;
use brainmass_core::real::Simd;

/// The tangents of the nodes of a group, as structures of arrays: value `i` of node `n` is at `i*nodes + n`.
pub(crate) struct NodeTangents {
    nodes: usize,
    states: Vec<f64>,
    /// The tangents of the states after the step, while they are computed.
    next: Vec<f64>,
    inputs: Vec<f64>,
    parameters: Vec<f64>,
    /// The tangents of noise intensities: the index of a state, and one value a node.
    noise: Vec<(usize, Vec<f64>)>,
    /// The tangents of the increments of the noise in the step.
    increments: Vec<f64>,
    /// The tangents of the observables of the present state.
    observables: Vec<f64>,
    /// The tangents of the observables of the state before the step.
    observables_before: Vec<f64>,
    delays: Vec<OwnDelayTangents>,
    /// Whether each observable belongs to the state before a step.
    at_start: Vec<bool>,
    jacobian_row: JacobianRow,
}

/// The past tangents of a signal that is read with a delay. Those after step n are in row n modulo the number of rows.
struct OwnDelayTangents {
    signal: Signal,
    /// The index of the delayed value among the inputs.
    input: usize,
    rows: Vec<f64>,
    /// The number of rows.
    length: usize,
}

/// The derivatives of one state or observable of each node by everything that the node reads.
struct JacobianRow {
    states: Vec<f64>,
    inputs: Vec<f64>,
    parameters: Vec<f64>,
    increments: Vec<f64>,
    /// The adjoints with which the vector-Jacobian product of observables begins.
    observables: Vec<f64>,
}

/// The direction along which a group moves: parameters, initial states and noise intensities, each by its index with one value a node.
#[derive(Default)]
pub(crate) struct NodesDirection {
    pub parameters: Vec<(usize, Vec<f64>)>,
    pub initial: Vec<(usize, Vec<f64>)>,
    pub noise: Vec<(usize, Vec<f64>)>,
}

impl NodeDerivatives for NodeTangents {
    fn signal_mut(&mut self, signal: Signal) -> &mut [f64] {
        match signal {
            Signal::State(index) => row_mut(&mut self.states, index, self.nodes),
            Signal::Observable(index) if self.at_start[index] => self.observable_before_mut(index),
            Signal::Observable(index) => row_mut(&mut self.observables, index, self.nodes),
        }
    }

    fn observable_before_mut(&mut self, index: usize) -> &mut [f64] {
        row_mut(&mut self.observables_before, index, self.nodes)
    }

    fn port_mut(&mut self, index: usize) -> &mut [f64] {
        row_mut(&mut self.inputs, index, self.nodes)
    }
}

impl NodeTangents {
    /// Creates the tangents of the nodes of a group at t = 0, along a direction.
    pub fn new(nodes: &Nodes, direction: &NodesDirection) -> Self {
        let (info, count) = (nodes.info(), nodes.node_count());
        let rows = |number: usize| vec![0.0; number * count];
        let n_inputs = info.inputs.len() + info.delays.len();
        let filled = |number: usize, parts: &[(usize, Vec<f64>)]| {
            let mut all = rows(number);
            for (index, values) in parts {
                row_mut(&mut all, *index, count).copy_from_slice(values);
            }
            all
        };
        let states = filled(info.states.len(), &direction.initial);
        let mut tangents = Self {
            nodes: count,
            next: states.clone(),
            states,
            inputs: rows(n_inputs),
            parameters: filled(info.parameters.len(), &direction.parameters),
            noise: direction.noise.clone(),
            increments: rows(info.states.len()),
            observables: rows(info.observables.len()),
            observables_before: rows(info.observables.len()),
            delays: Vec::new(),
            at_start: info.observables.iter().map(|observable| observable.at_start).collect(),
            jacobian_row: JacobianRow {
                states: rows(info.states.len()),
                inputs: rows(n_inputs),
                parameters: rows(info.parameters.len()),
                increments: rows(info.states.len()),
                observables: rows(info.observables.len()),
            },
        };
        tangents.observe_jvp(nodes, nodes.simd(), false);
        tangents.observables_before.clone_from(&tangents.observables);
        tangents.begin_delays(nodes);
        tangents
    }

    /// Creates the past of what is read with a delay: what it is at t = 0, or what was given, which does not move.
    fn begin_delays(&mut self, nodes: &Nodes) {
        let first = nodes.info().inputs.len();
        let given = nodes.given_at_start();
        for (index, delay) in nodes.delays().iter().enumerate() {
            let (signal, length) = (delay.signal(), delay.longest() + 1);
            let is_given = delay.is_past_given();
            let now = self.signal(signal);
            let is_now_given =
                matches!(signal, Signal::Observable(observable) if given.contains(&observable));
            let rows = match (is_given, is_now_given) {
                (true, true) => vec![0.0; now.len() * length],
                (true, false) => [now, &vec![0.0; now.len() * (length - 1)]].concat(),
                // What projections read at t = 0 was given; what the delay of a node reads there was not.
                (false, _) => now.repeat(length),
            };
            self.delays.push(OwnDelayTangents { signal, input: first + index, rows, length });
        }
        for observable in given {
            self.observable_before_mut(*observable).fill(0.0);
        }
    }

    /// The tangent of a state or observable at the time reached, one value a node.
    pub fn signal(&self, signal: Signal) -> &[f64] {
        match signal {
            Signal::State(index) => row(&self.states, index, self.nodes),
            Signal::Observable(index) if self.at_start[index] => {
                row(&self.observables_before, index, self.nodes)
            }
            Signal::Observable(index) => row(&self.observables, index, self.nodes),
        }
    }

    /// Sets the tangents of the inputs of the step after `step` steps, which the nodes have just made, without what projections add.
    pub fn set_inputs(&mut self, step: usize, nodes: &Nodes) {
        let count = self.nodes;
        self.inputs.fill(0.0);
        if let Some(coupled) = nodes.inner_coupling() {
            let inputs = row_mut(&mut self.inputs, coupled.port, count);
            coupled.interaction_jvp(nodes.before(), &self.states, &self.parameters, inputs);
        }
        for (delay, own) in self.delays.iter().zip(nodes.delays()) {
            for (node, steps) in own.steps().iter().enumerate() {
                let row = (step + delay.length - steps) % delay.length;
                self.inputs[delay.input * count + node] = delay.rows[row * count + node];
            }
        }
    }

    /// Jacobian-vector product of the step after `step` steps, which the nodes have just made.
    pub fn advance(&mut self, step: usize, dt: f64, nodes: &mut Nodes) {
        let (count, simd) = (self.nodes, nodes.simd());
        for (state, intensity) in &self.noise {
            let increments = row_mut(&mut self.increments, *state, count);
            nodes.deviates(step, *state, increments);
            increments.iter_mut().zip(intensity).for_each(|(to, tangent)| *to *= dt.sqrt() * tangent);
        }
        self.observe_jvp(nodes, simd, true);
        let before = nodes.before().to_vec();
        let inputs = nodes.inputs().to_vec();
        let mut replay = nodes.replay(step);
        let (coefficients, noise) = (replay.coefficients, replay.noise);
        let is_stage_wise = replay.jvp(&mut StepJvp {
            dt,
            nodes: count,
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
        for state in (0..self.states.len() / count).filter(|_| !is_stage_wise) {
            let slopes = &mut self.jacobian_row;
            slopes.clear();
            row_mut(&mut slopes.states, state, count).fill(1.0);
            replay.vjp(&mut StepVjp {
                simd,
                dt,
                nodes: count,
                states: &before,
                coefficients,
                inputs: &inputs,
                noise,
                adjoint: &mut slopes.states,
                inputs_adjoint: &mut slopes.inputs,
                parameters_adjoint: &mut slopes.parameters,
                noise_adjoint: Some(&mut slopes.increments),
            });
            let next = row_mut(&mut self.next, state, count);
            next.fill(0.0);
            add_by_node(&slopes.states, &self.states, next);
            add_by_node(&slopes.inputs, &self.inputs, next);
            add_by_node(&slopes.parameters, &self.parameters, next);
            add_by_node(&slopes.increments, &self.increments, next);
        }
        std::mem::swap(&mut self.states, &mut self.next);
        self.observe_jvp(nodes, simd, false);
        let mut delays = std::mem::take(&mut self.delays);
        for delay in &mut delays {
            let at = (step + 1) % delay.length;
            row_mut(&mut delay.rows, at, count).copy_from_slice(self.signal(delay.signal));
        }
        self.delays = delays;
    }

    /// Jacobian-vector product of the observables of the present state, or of those of the state before the step, with the inputs of the step.
    fn observe_jvp(&mut self, nodes: &Nodes, simd: Simd, before: bool) {
        let count = self.nodes;
        for observable in 0..self.observables.len() / count {
            let slopes = &mut self.jacobian_row;
            slopes.clear();
            row_mut(&mut slopes.observables, observable, count).fill(1.0);
            nodes.engine().observe_vjp(&mut ReadingVjp {
                simd,
                reading: Reading {
                    nodes: count,
                    states: if before { nodes.before() } else { nodes.states() },
                    coefficients: nodes.coefficients(),
                    inputs: nodes.inputs(),
                },
                adjoint: &slopes.observables,
                states_adjoint: &mut slopes.states,
                inputs_adjoint: &mut slopes.inputs,
                parameters_adjoint: &mut slopes.parameters,
            });
            let all = if before { &mut self.observables_before } else { &mut self.observables };
            let tangents = row_mut(all, observable, count);
            tangents.fill(0.0);
            add_by_node(&slopes.states, &self.states, tangents);
            add_by_node(&slopes.inputs, &self.inputs, tangents);
            add_by_node(&slopes.parameters, &self.parameters, tangents);
        }
    }

    /// The sum of the squares of the tangents of the states.
    pub fn squared_length(&self) -> f64 {
        self.states.iter().map(|tangent| tangent * tangent).sum()
    }

    /// Multiplies the tangents of the states, now and before, by `factor`.
    pub fn scale(&mut self, factor: f64) {
        let past = self.delays.iter_mut().flat_map(|delay| &mut delay.rows);
        let observables = self.observables.iter_mut().chain(&mut self.observables_before);
        self.states.iter_mut().chain(observables).chain(past).for_each(|value| *value *= factor);
    }
}

impl JacobianRow {
    /// Makes all derivatives zero.
    fn clear(&mut self) {
        for values in [
            &mut self.states,
            &mut self.inputs,
            &mut self.parameters,
            &mut self.increments,
            &mut self.observables,
        ] {
            values.fill(0.0);
        }
    }
}

/// Adds, for each node, the products of slopes and tangents of its values.
fn add_by_node(slopes: &[f64], tangents: &[f64], out: &mut [f64]) {
    let nodes = out.len();
    for (slopes, tangents) in slopes.chunks_exact(nodes).zip(tangents.chunks_exact(nodes)) {
        for ((out, slope), tangent) in out.iter_mut().zip(slopes).zip(tangents) {
            // A value that does not move has no part in the tangent, even where its slope is infinite.
            *out += if *tangent == 0.0 { 0.0 } else { slope * tangent };
        }
    }
}
