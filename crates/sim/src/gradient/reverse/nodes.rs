//! Adjoints through the steps of the nodes of one group.

use crate::gradient::derivatives::{NodeDerivatives, add, row, row_mut};
use crate::gradient::reverse::adjoint_buffer::AdjointBuffer;
use crate::runtime::Nodes;
use brainmass_core::engine::{Coupled, InteractionVjp, Reading, ReadingVjp, StepVjp};
use brainmass_core::info::Signal;
use brainmass_core::real::Simd;

/// The adjoints of the nodes of a group at the time reached on the way back, as structures of arrays: value `i` of node `n` is at `i*nodes + n`.
pub(crate) struct NodeAdjoints {
    nodes: usize,
    states: Vec<f64>,
    /// The adjoints of the inputs of the step that the vector-Jacobian product goes through.
    inputs: Vec<f64>,
    observables: ObservableAdjoints,
    /// The adjoints of observables that belong to the state before the step.
    observables_before: ObservableAdjoints,
    parameters: Vec<f64>,
    delays: Vec<OwnDelayAdjoints>,
    /// Whether each observable belongs to the state before a step.
    at_start: Vec<bool>,
    noise: NoiseAdjoints,
    /// The adjoints of a signal, while they are taken out of a buffer.
    taken: Vec<f64>,
}

/// The adjoints of all observables.
struct ObservableAdjoints {
    values: Vec<f64>,
    /// Whether any of them may differ from zero.
    is_given: bool,
}

/// The adjoints of a signal that is read with a delay.
struct OwnDelayAdjoints {
    signal: Signal,
    /// The index of the delayed value among the inputs.
    input: usize,
    buffer: AdjointBuffer,
    /// The adjoints that were taken out of the buffer last.
    last: Vec<f64>,
}

/// The adjoints of noise intensities.
struct NoiseAdjoints {
    /// The adjoints of the increments in the step.
    increments: Vec<f64>,
    /// The states whose intensity is wanted, with the adjoints of the intensities.
    wanted: Vec<(usize, Vec<f64>)>,
    deviates: Vec<f64>,
}

/// The values that the nodes of a group read and computed in a step: rows of a trace.
#[derive(Clone, Copy)]
pub(crate) struct TracedStep<'a> {
    /// The number of steps made before it.
    pub step: usize,
    pub dt: f64,
    pub simd: Simd,
    /// The states before the step.
    pub states: &'a [f64],
    /// The states after it.
    pub next: &'a [f64],
    /// The inputs of the step.
    pub inputs: &'a [f64],
}

impl ObservableAdjoints {
    fn new(count: usize) -> Self {
        Self { values: vec![0.0; count], is_given: false }
    }

    fn row_mut(&mut self, index: usize, nodes: usize) -> &mut [f64] {
        self.is_given = true;
        row_mut(&mut self.values, index, nodes)
    }
}

impl NodeDerivatives for NodeAdjoints {
    fn signal_mut(&mut self, signal: Signal) -> &mut [f64] {
        match signal {
            Signal::State(index) => row_mut(&mut self.states, index, self.nodes),
            Signal::Observable(index) if self.at_start[index] => self.observable_before_mut(index),
            Signal::Observable(index) => self.observables.row_mut(index, self.nodes),
        }
    }

    fn observable_before_mut(&mut self, index: usize) -> &mut [f64] {
        self.observables_before.row_mut(index, self.nodes)
    }

    fn port_mut(&mut self, index: usize) -> &mut [f64] {
        row_mut(&mut self.inputs, index, self.nodes)
    }
}

impl NodeAdjoints {
    /// Creates the adjoints of the nodes of a group, all zero. `noise` lists the states of which the adjoint of the noise intensity is wanted.
    pub fn new(nodes: &Nodes, noise: Vec<usize>) -> Self {
        let (info, count) = (nodes.info(), nodes.node_count());
        let delays = nodes.delays().iter().enumerate().map(|(index, delay)| OwnDelayAdjoints {
            signal: delay.signal(),
            input: info.inputs.len() + index,
            buffer: AdjointBuffer::new(count, delay.longest()),
            last: vec![0.0; count],
        });
        Self {
            nodes: count,
            states: vec![0.0; info.states.len() * count],
            inputs: vec![0.0; (info.inputs.len() + info.delays.len()) * count],
            observables: ObservableAdjoints::new(info.observables.len() * count),
            observables_before: ObservableAdjoints::new(info.observables.len() * count),
            parameters: vec![0.0; info.parameters.len() * count],
            delays: delays.collect(),
            at_start: info.observables.iter().map(|observable| observable.at_start).collect(),
            noise: NoiseAdjoints {
                increments: vec![0.0; info.states.len() * count],
                wanted: noise.into_iter().map(|state| (state, vec![0.0; count])).collect(),
                deviates: vec![0.0; count],
            },
            taken: vec![0.0; count],
        }
    }

    /// The adjoint of an input port in the step, one value a node.
    pub fn port(&self, index: usize) -> &[f64] {
        row(&self.inputs, index, self.nodes)
    }

    /// The adjoint of a parameter, one value a node.
    pub fn parameter(&self, index: usize) -> &[f64] {
        row(&self.parameters, index, self.nodes)
    }

    /// The adjoint of a state at the time reached, one value a node.
    pub fn state(&self, index: usize) -> &[f64] {
        row(&self.states, index, self.nodes)
    }

    /// The adjoint of the intensity of the noise on a state, one value a node; `None` where it was not wanted.
    pub fn intensity(&self, state: usize) -> Option<&[f64]> {
        self.noise.wanted.iter().find(|(wanted, _)| *wanted == state).map(|(_, values)| &values[..])
    }

    /// Finds an adjoint of a state at the time reached that is not finite: the index of the state, the node, and the value.
    pub fn find_not_finite(&self) -> Option<(usize, usize, f64)> {
        // 0 times a finite number is 0: the sum needs no branch for each number.
        if self.states.iter().map(|value| 0.0 * value).sum::<f64>() == 0.0 {
            return None;
        }
        let at = self.states.iter().position(|value| !value.is_finite())?;
        Some((at / self.nodes, at % self.nodes, self.states[at]))
    }

    /// Vector-Jacobian product of a step: from the adjoints of the states and observables after it to those of the states before it, the inputs, the
    /// parameters and the noise intensities.
    pub fn step_vjp(&mut self, nodes: &mut Nodes, traced: &TracedStep) {
        self.observe_vjp(nodes, traced, traced.next);
        let wants_noise = !self.noise.wanted.is_empty();
        if wants_noise {
            self.noise.increments.fill(0.0);
        }
        let mut replay = nodes.replay(traced.step);
        let (coefficients, noise) = (replay.coefficients, replay.noise);
        replay.vjp(&mut StepVjp {
            simd: traced.simd,
            dt: traced.dt,
            nodes: self.nodes,
            states: traced.states,
            coefficients,
            inputs: traced.inputs,
            noise,
            adjoint: &mut self.states,
            inputs_adjoint: &mut self.inputs,
            parameters_adjoint: &mut self.parameters,
            noise_adjoint: wants_noise.then_some(&mut self.noise.increments[..]),
        });
        for (state, intensity) in &mut self.noise.wanted {
            nodes.deviates(traced.step, *state, &mut self.noise.deviates);
            let increments = row(&self.noise.increments, *state, self.nodes);
            for ((to, adjoint), deviate) in intensity.iter_mut().zip(increments).zip(&self.noise.deviates) {
                *to += adjoint * traced.dt.sqrt() * deviate;
            }
        }
        if self.observables_before.is_given {
            std::mem::swap(&mut self.observables, &mut self.observables_before);
            self.observe_vjp(nodes, traced, traced.states);
            std::mem::swap(&mut self.observables, &mut self.observables_before);
        }
    }

    /// Vector-Jacobian product of the observables of `states`: their adjoints are added to those of states, inputs and parameters, and become zero.
    fn observe_vjp(&mut self, nodes: &Nodes, traced: &TracedStep, states: &[f64]) {
        if !self.observables.is_given {
            return;
        }
        nodes.engine().observe_vjp(&mut ReadingVjp {
            simd: traced.simd,
            reading: Reading {
                nodes: self.nodes,
                states,
                coefficients: nodes.coefficients(),
                inputs: traced.inputs,
            },
            adjoint: &self.observables.values,
            states_adjoint: &mut self.states,
            inputs_adjoint: &mut self.inputs,
            parameters_adjoint: &mut self.parameters,
        });
        self.observables.values.fill(0.0);
        self.observables.is_given = false;
    }

    /// Vector-Jacobian product of the inputs that the group computes itself: the interaction inside the model, and signals that are read with
    /// a delay.
    pub fn own_inputs_vjp(&mut self, nodes: &Nodes, traced: &TracedStep) {
        if let Some(Coupled { interaction, data, port, .. }) = nodes.inner_coupling() {
            let mut vjp = InteractionVjp {
                states: traced.states,
                adjoint: row(&self.inputs, port, self.nodes),
                states_adjoint: &mut self.states,
                parameters_adjoint: &mut self.parameters,
            };
            interaction.coupling_inputs_vjp(traced.simd, data, &mut vjp);
        }
        for (index, delay) in nodes.delays().iter().enumerate() {
            let own = &mut self.delays[index];
            let adjoints = row(&self.inputs, own.input, self.nodes);
            for (node, (adjoint, steps)) in adjoints.iter().zip(delay.steps()).enumerate() {
                own.buffer.give(*steps, node, *adjoint);
            }
            self.take_delayed(index);
        }
    }

    /// Ends a step: the adjoints of its inputs become zero.
    pub fn end_step(&mut self) {
        self.inputs.fill(0.0);
    }

    /// Ends at t = 0, whose states and inputs `traced` holds: goes through the observables of then, and adds the adjoints of the time before, when the
    /// signals were the same unless their past was given, to those at t = 0.
    pub fn finish(&mut self, nodes: &Nodes, traced: &TracedStep) {
        let given = nodes.given_at_start();
        for observable in given {
            row_mut(&mut self.observables_before.values, *observable, self.nodes).fill(0.0);
        }
        for (index, delay) in nodes.delays().iter().enumerate().filter(|(_, delay)| !delay.is_past_given()) {
            // What projections read at t = 0 was given; what the delay of a node reads there was not.
            if matches!(delay.signal(), Signal::Observable(observable) if given.contains(&observable)) {
                let last = self.delays[index].last.clone();
                add(self.signal_mut(delay.signal()), &last);
            }
            for _ in 0..delay.longest() {
                self.take_delayed(index);
            }
        }
        for _ in 0..2 {
            self.observe_vjp(nodes, traced, traced.states);
            std::mem::swap(&mut self.observables, &mut self.observables_before);
        }
    }

    /// Adds the adjoints that a delay gave to the present step to those of its signal.
    fn take_delayed(&mut self, delay: usize) {
        let own = &mut self.delays[delay];
        own.buffer.take(&mut self.taken);
        own.last.copy_from_slice(&self.taken);
        let (signal, taken) = (own.signal, std::mem::take(&mut self.taken));
        if taken.iter().any(|adjoint| *adjoint != 0.0) {
            add(self.signal_mut(signal), &taken);
        }
        self.taken = taken;
    }
}
