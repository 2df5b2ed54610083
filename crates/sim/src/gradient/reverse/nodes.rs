//! The nodes of one model on the way back.

use crate::gradient::reverse::ring::Ring;
use crate::gradient::sums::add;
use crate::runtime::Nodes;
use brainmass_core::engine::{Coupled, InteractionVjp, Reading, ReadingVjp, StepVjp};
use brainmass_core::info::Signal;
use brainmass_core::real::Simd;

/// Adjoints of the nodes at the time reached on the way back, as structures of arrays: value `i` of node `n` is at `i*nodes + n`.
pub(crate) struct NodesBack {
    nodes: usize,
    states: Vec<f64>,
    /// Of the inputs of the step that is being taken back.
    inputs: Vec<f64>,
    observables: Observables,
    /// Of observables that belong to the state before the step and its inputs.
    at_start: Observables,
    parameters: Vec<f64>,
    delays: Vec<DelayBack>,
    noise: NoiseBack,
    row: Vec<f64>,
}

struct Observables {
    values: Vec<f64>,
    /// Whether any was given something.
    given: bool,
}

/// A state that is read with a delay.
struct DelayBack {
    state: usize,
    /// Index of the delayed value among the inputs.
    input: usize,
    ring: Ring,
}

/// Adjoints of noise intensities.
struct NoiseBack {
    /// Of what noise adds in a step.
    increments: Vec<f64>,
    /// The states whose intensity is wanted, with the adjoints of the intensities.
    wanted: Vec<(usize, Vec<f64>)>,
    deviates: Vec<f64>,
}

/// Where a group stood in a step: rows of a tape.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'a> {
    /// Steps made before it.
    pub step: usize,
    pub dt: f64,
    pub simd: Simd,
    /// States before the step.
    pub states: &'a [f64],
    /// States after it.
    pub next: &'a [f64],
    /// Inputs of the step.
    pub inputs: &'a [f64],
}

impl Observables {
    fn new(count: usize) -> Self {
        Self { values: vec![0.0; count], given: false }
    }

    fn row(&mut self, index: usize, nodes: usize) -> &mut [f64] {
        self.given = true;
        &mut self.values[index * nodes..(index + 1) * nodes]
    }
}

impl NodesBack {
    /// Nothing given yet. `noise` lists the states of which the adjoint of the noise intensity is wanted.
    pub fn new(group: &Nodes, noise: Vec<usize>) -> Self {
        let (info, nodes) = (group.info(), group.nodes());
        let delays = group.delays().enumerate().map(|(index, (state, steps))| DelayBack {
            state,
            input: info.inputs.len() + index,
            ring: Ring::new(nodes, steps.iter().copied().max().unwrap_or(0)),
        });
        Self {
            nodes,
            states: vec![0.0; info.states.len() * nodes],
            inputs: vec![0.0; (info.inputs.len() + info.delays.len()) * nodes],
            observables: Observables::new(info.observables.len() * nodes),
            at_start: Observables::new(info.observables.len() * nodes),
            parameters: vec![0.0; info.parameters.len() * nodes],
            delays: delays.collect(),
            noise: NoiseBack {
                increments: vec![0.0; info.states.len() * nodes],
                wanted: noise.into_iter().map(|state| (state, vec![0.0; nodes])).collect(),
                deviates: vec![0.0; nodes],
            },
            row: vec![0.0; nodes],
        }
    }

    /// Of a state or observable at the time reached, to be added to.
    pub fn signal_mut(&mut self, signal: Signal) -> &mut [f64] {
        match signal {
            Signal::State(index) => &mut self.states[index * self.nodes..(index + 1) * self.nodes],
            Signal::Observable(index) => self.observables.row(index, self.nodes),
        }
    }

    /// Of an observable of the state before the step to be taken back, to be added to.
    pub fn at_start_mut(&mut self, index: usize) -> &mut [f64] {
        self.at_start.row(index, self.nodes)
    }

    /// Of an input port in the step.
    pub fn port(&self, index: usize) -> &[f64] {
        &self.inputs[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Of an input port in the step, to be added to.
    pub fn port_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.inputs[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Of a parameter, one value a node.
    pub fn parameter(&self, index: usize) -> &[f64] {
        &self.parameters[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Of a state at the time reached, one value a node.
    pub fn state(&self, index: usize) -> &[f64] {
        &self.states[index * self.nodes..(index + 1) * self.nodes]
    }

    /// Of the intensity of the noise on a state, one value a node; `None` where it was not wanted.
    pub fn intensity(&self, state: usize) -> Option<&[f64]> {
        self.noise.wanted.iter().find(|(wanted, _)| *wanted == state).map(|(_, values)| &values[..])
    }

    /// Finds a derivative by a state at the time reached that is not finite: the index of the state, the node, and the value.
    pub fn find_not_finite(&self) -> Option<(usize, usize, f64)> {
        // 0 times a finite number is 0: the sum needs no branch for each number.
        if self.states.iter().map(|value| 0.0 * value).sum::<f64>() == 0.0 {
            return None;
        }
        let at = self.states.iter().position(|value| !value.is_finite())?;
        Some((at / self.nodes, at % self.nodes, self.states[at]))
    }

    /// Takes a step back, but for what its inputs were made of.
    pub fn take_back(&mut self, group: &mut Nodes, moment: &Moment) {
        self.observe_back(group, moment, moment.next);
        let wants_noise = !self.noise.wanted.is_empty();
        if wants_noise {
            self.noise.increments.fill(0.0);
        }
        let mut replay = group.replay(moment.step);
        let (coefficients, noise) = (replay.coefficients, replay.noise);
        replay.vjp(&mut StepVjp {
            simd: moment.simd,
            dt: moment.dt,
            nodes: self.nodes,
            states: moment.states,
            coefficients,
            inputs: moment.inputs,
            noise,
            adjoint: &mut self.states,
            inputs_adjoint: &mut self.inputs,
            parameters_adjoint: &mut self.parameters,
            noise_adjoint: wants_noise.then_some(&mut self.noise.increments[..]),
        });
        for (state, to_intensity) in &mut self.noise.wanted {
            group.deviates(moment.step, *state, &mut self.noise.deviates);
            let increments = &self.noise.increments[*state * self.nodes..(*state + 1) * self.nodes];
            for ((to, given), deviate) in to_intensity.iter_mut().zip(increments).zip(&self.noise.deviates) {
                *to += given * moment.dt.sqrt() * deviate;
            }
        }
        if self.at_start.given {
            std::mem::swap(&mut self.observables, &mut self.at_start);
            self.observe_back(group, moment, moment.states);
            std::mem::swap(&mut self.observables, &mut self.at_start);
        }
    }

    /// From the observables of the time reached to states, inputs and parameters.
    fn observe_back(&mut self, group: &Nodes, moment: &Moment, states: &[f64]) {
        if !self.observables.given {
            return;
        }
        group.engine().observe_vjp(&mut ReadingVjp {
            simd: moment.simd,
            reading: Reading {
                nodes: self.nodes,
                states,
                coefficients: group.coefficients(),
                inputs: moment.inputs,
            },
            adjoint: &self.observables.values,
            states_adjoint: &mut self.states,
            inputs_adjoint: &mut self.inputs,
            parameters_adjoint: &mut self.parameters,
        });
        self.observables.values.fill(0.0);
        self.observables.given = false;
    }

    /// From the inputs of the step to what the group itself made them of: its states, now and before.
    pub fn feed_back(&mut self, group: &Nodes, moment: &Moment) {
        if let Some(Coupled { interaction, data, port, .. }) = group.coupled() {
            let mut vjp = InteractionVjp {
                states: moment.states,
                adjoint: &self.inputs[port * self.nodes..(port + 1) * self.nodes],
                states_adjoint: &mut self.states,
                parameters_adjoint: &mut self.parameters,
            };
            interaction.coupling_inputs_vjp(moment.simd, data, &mut vjp);
        }
        for (line, (_, steps)) in self.delays.iter_mut().zip(group.delays()) {
            let given = &self.inputs[line.input * self.nodes..(line.input + 1) * self.nodes];
            for (node, (value, steps)) in given.iter().zip(steps).enumerate() {
                line.ring.give(*steps, node, *value);
            }
            line.ring.take(&mut self.row);
            add(&mut self.states[line.state * self.nodes..(line.state + 1) * self.nodes], &self.row);
        }
    }

    /// Forgets the inputs of the step that was taken back.
    pub fn end_step(&mut self) {
        self.inputs.fill(0.0);
    }

    /// Gives the states at t = 0 what was read of the time before, when they were the same, and takes the observables at t = 0 back:
    /// `moment` has the states and inputs of then.
    pub fn finish(&mut self, group: &Nodes, moment: &Moment) {
        self.observe_back(group, moment, moment.states);
        for line in &mut self.delays {
            for _ in 0..line.ring.longest() {
                line.ring.take(&mut self.row);
                add(&mut self.states[line.state * self.nodes..(line.state + 1) * self.nodes], &self.row);
            }
        }
    }
}
