//! A layer made ready to run blocks of items.

use ndarray::Array2;

use super::lanes::{Gather, LANES, Packed, Pair};
use super::{Layer, SequenceError};
use brainmass_core::engine::{Columns, Engine, Step, StepBack};
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_sim::simulator::RunError;

/// A layer whose cells stand `[cell][item]`: the nodes of a block.
pub(super) struct Prepared {
    /// How messages call it.
    pub label: String,
    pub cells: usize,
    /// Signals that it reads.
    pub inputs: usize,
    /// The cell's states.
    pub states: usize,
    /// The cell's ports.
    pub ports: usize,
    /// The cell's parameters.
    pub parameters: usize,
    /// The port that is driven.
    pub port: usize,
    /// The state that the layer above or the readout reads.
    pub between: usize,
    pub initial: Vec<f64>,
    pub recurrence: Option<Recurrence>,
    pub simd: Simd,
    engine: &'static dyn Engine,
    scheme: Scheme,
    dt: f64,
    coefficients: Vec<f64>,
    w_in: Packed,
    w_in_back: Packed,
    b_in: Vec<f64>,
    /// The recurrent bias with its gain.
    b_rec: Vec<f64>,
}

/// The recurrent connections of a layer.
pub(super) struct Recurrence {
    /// The state that feeds back.
    pub state: usize,
    pub gain: f64,
    /// Weights as they act, (from, to): those of the Laplacian where there is one.
    pub weights: Array2<f64>,
    /// Those without delay, and their transpose.
    pub instant: Option<[Packed; 2]>,
    pub delayed: Option<Delayed>,
}

/// Connections that read the past.
pub(super) struct Delayed {
    /// The longest delay, in steps.
    pub longest: usize,
    pub pairs: Vec<Pair>,
    /// What was sent before the sequence, `(time, cell)`, the last row one step before it.
    pub past: Array2<f64>,
    /// Whether that is what the initial state sends.
    pub past_is_initial: bool,
    arriving: Gather,
    returning: Gather,
}

impl Delayed {
    /// Adds what the adjoints of the drive, of which the row of step t is `longest + t`, give to the signal `longest - row` steps before the
    /// sequence.
    pub fn give_back(&self, simd: Simd, gain: f64, drive: &[f64], row: usize, cells: usize, out: &mut [f64]) {
        self.returning.add(simd, gain, drive, row * cells, out);
    }
}

impl Prepared {
    /// `read` is the state that the layer above or the readout reads.
    pub fn new(layer: &Layer, label: String, read: &str, dt: f64, simd: Simd) -> Result<Self, SequenceError> {
        let fails = |error: RunError| SequenceError::Run { layer: label.clone(), error: Box::new(error) };
        let refused = |what| SequenceError::Unsupported { layer: label.clone(), what };
        layer.check()?;
        let (engine, info) = (layer.cells.engine(), layer.cells.engine().info());
        let population = layer.cells.population();
        population.check().map_err(|error| fails(error.into()))?;
        if (0..info.states.len()).any(|state| population.has_noise(state)) {
            return Err(refused("cells with noise"));
        }
        if !info.delays.is_empty() {
            return Err(refused("cells whose equations read a delayed state"));
        }
        if info.internal_coupling.is_some() {
            return Err(refused("cells that interact inside their model"));
        }
        let (input, recurrent) = (layer.layer().input, layer.layer().recurrent);
        let port =
            input.and_then(|name| info.input(name)).ok_or_else(|| refused("cells without an input"))?;
        let state = recurrent.and_then(|name| info.state(name));
        let state = state.ok_or_else(|| refused("cells without a state that feeds back"))?;

        let between = info.state(read).ok_or_else(|| refused("cells without the state that is read"))?;

        let cells = layer.cells();
        let initial: Vec<Vec<f64>> = (0..info.states.len())
            .map(|state| (0..cells).map(|cell| population.initial_at(state, cell)).collect())
            .collect();
        let recurrence = match layer.effective() {
            Some(weights) => {
                Some(Recurrence::new(layer, weights, state, &initial[state], dt).map_err(fails)?)
            }
            None => None,
        };
        let columns = Columns { nodes: cells, members: LANES };
        let parameters = columns
            .rows(info.parameters.len(), |parameter, cell, _| population.parameter_at(parameter, cell));
        let lanes = |values: &[f64]| values.iter().flat_map(|value| [*value; LANES]).collect();
        let b_rec: Vec<f64> = layer.b_rec.iter().map(|bias| layer.gain * bias).collect();
        Ok(Self {
            cells,
            inputs: layer.w_in.nrows(),
            states: info.states.len(),
            ports: info.inputs.len(),
            parameters: info.parameters.len(),
            port,
            between,
            initial: lanes(&initial.concat()),
            recurrence,
            simd,
            engine,
            scheme: info.scheme,
            dt,
            coefficients: engine.prepare(simd, info.scheme, dt, columns.count(), &parameters),
            w_in: Packed::new(layer.w_in.view()),
            w_in_back: Packed::new(layer.w_in.t()),
            b_in: lanes(&layer.b_in.to_vec()),
            b_rec: lanes(&b_rec),
            label,
        })
    }

    /// The nodes of a block.
    pub fn nodes(&self) -> usize {
        self.cells * LANES
    }

    /// Sets the inputs of a step from the signals that it reads, the states before it and, for delayed connections, the past, of which the
    /// row of step t is `longest + t`.
    pub fn drive(&self, x: &[f64], states: &[f64], past: &[f64], step: usize, inputs: &mut [f64]) {
        inputs.fill(0.0);
        let port = &mut inputs[self.port * self.nodes()..][..self.nodes()];
        self.w_in.add(self.simd, 1.0, x, port);
        for ((drive, b_in), b_rec) in port.iter_mut().zip(&self.b_in).zip(&self.b_rec) {
            *drive = *drive + b_in + b_rec;
        }
        let Some(recurrence) = &self.recurrence else { return };
        if let Some(delayed) = &recurrence.delayed {
            delayed.arriving.add(self.simd, recurrence.gain, past, step * self.cells, port);
        }
        if let Some([instant, _]) = &recurrence.instant {
            let present = &states[recurrence.state * self.nodes()..][..self.nodes()];
            instant.add_fused(self.simd, recurrence.gain, present, port);
        }
    }

    /// Makes a step.
    pub fn advance(&self, states: &[f64], inputs: &[f64], next: &mut [f64]) {
        let mut step = Step {
            dt: self.dt,
            nodes: self.nodes(),
            steps: 1,
            states,
            next,
            coefficients: &self.coefficients,
            inputs,
            noise: None,
        };
        self.engine.advance(self.simd, self.scheme, &mut step);
    }

    /// Takes a step back: `adjoint` is that of the states after it, then of those before it, but for what connections give.
    pub fn take_back(
        &self,
        states: &[f64],
        inputs: &[f64],
        adjoint: &mut [f64],
        inputs_adjoint: &mut [f64],
        parameters_adjoint: &mut [f64],
    ) {
        inputs_adjoint.fill(0.0);
        let mut step = StepBack {
            simd: self.simd,
            dt: self.dt,
            nodes: self.nodes(),
            states,
            coefficients: &self.coefficients,
            inputs,
            noise: None,
            adjoint,
            inputs_adjoint,
            parameters_adjoint,
            noise_adjoint: None,
        };
        self.engine.take_back(self.scheme, &mut step);
    }

    /// Adds what the adjoint of the drive of a step gives to the states before it. For delayed connections `drives` are the adjoints
    /// of all steps from this one on, of which the row of step t is `longest + t`.
    pub fn give_back(&self, drive: &[f64], drives: &[f64], step: usize, adjoint: &mut [f64]) {
        let Some(recurrence) = &self.recurrence else { return };
        let sender = &mut adjoint[recurrence.state * self.nodes()..][..self.nodes()];
        if let Some([_, instant]) = &recurrence.instant {
            instant.add_fused(self.simd, recurrence.gain, drive, sender);
        }
        if let Some(delayed) = &recurrence.delayed {
            let row = delayed.longest + step;
            delayed.give_back(self.simd, recurrence.gain, drives, row, self.cells, sender);
        }
    }

    /// Adds what the adjoint of the drive of a step gives to the signals that it read.
    pub fn give_inputs(&self, drive: &[f64], x: &mut [f64]) {
        self.w_in_back.add_fused(self.simd, 1.0, drive, x);
    }

    pub fn delayed(&self) -> Option<&Delayed> {
        self.recurrence.as_ref().and_then(|recurrence| recurrence.delayed.as_ref())
    }
}

impl Recurrence {
    fn new(
        layer: &Layer,
        weights: Array2<f64>,
        state: usize,
        initial: &[f64],
        dt: f64,
    ) -> Result<Self, RunError> {
        let cells = initial.len();
        // All pairs, since a weight of zero is learned like any other.
        let timing = layer.connected(&Array2::ones((cells, cells))).timing(initial, dt)?;
        let steps_of = |from: usize, to: usize| timing.steps[[to, from]];
        let pairs: Vec<Pair> = (0..cells)
            .flat_map(|target| (0..cells).map(move |source| (source, target)))
            .map(|(source, target)| Pair { source, target, steps: steps_of(source, target) })
            .filter(|pair| pair.steps > 0)
            .collect();
        let instant = (pairs.len() < cells * cells).then(|| {
            let mut instant = weights.clone();
            pairs.iter().for_each(|pair| instant[[pair.source, pair.target]] = 0.0);
            [Packed::new(instant.view()), Packed::new(instant.t())]
        });
        let delayed = (!pairs.is_empty()).then(|| Delayed::new(layer, pairs, &weights, timing.past));
        Ok(Self { state, gain: layer.gain, weights, instant, delayed })
    }
}

impl Delayed {
    fn new(layer: &Layer, pairs: Vec<Pair>, weights: &Array2<f64>, past: Array2<f64>) -> Self {
        let (longest, cells) = past.dim();
        let weight = |pair: &Pair| weights[[pair.source, pair.target]];
        let arriving =
            |pair: &Pair| (pair.target, (longest - pair.steps) * cells + pair.source, weight(pair));
        let returning = |pair: &Pair| (pair.source, pair.steps * cells + pair.target, weight(pair));
        let forward: Vec<_> = pairs.iter().map(arriving).collect();
        let mut back: Vec<_> = pairs.iter().map(returning).collect();
        back.sort_by_key(|connection| connection.0);
        Self {
            longest,
            past,
            past_is_initial: layer.history == brainmass_sim::network::History::Initial,
            arriving: Gather::new(cells, &forward),
            returning: Gather::new(cells, &back),
            pairs,
        }
    }
}
