//! A layer prepared for running blocks of items.

use ndarray::Array2;

use super::lanes::{BLOCK_ITEMS, DelayedEdges, DelayedPair, PackedWeights};
use super::{Layer, SequenceError};
use brainmass_core::engine::{Columns, Engine, Step, StepVjp};
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_core::shared::Shared;
use brainmass_sim::simulator::RunError;

/// A layer whose cells stand `[cell][item]`, so that each cell of each item is a node of the engine.
pub(super) struct PreparedLayer {
    /// The name of the layer in messages.
    pub label: String,
    pub cells: usize,
    /// The number of signals that the layer reads.
    pub inputs: usize,
    /// The number of states of a cell.
    pub states: usize,
    /// The number of input ports of a cell.
    pub ports: usize,
    /// The number of parameters of a cell.
    pub parameters: usize,
    /// The index of the port that is driven.
    pub port: usize,
    /// The index of the state that the layer above or the readout reads.
    pub between: usize,
    /// Initial states, `[state][cell][item]`.
    pub initial: Vec<f64>,
    pub recurrence: Option<Recurrence>,
    pub simd: Simd,
    engine: Shared<dyn Engine>,
    scheme: Scheme,
    dt: f64,
    coefficients: Vec<f64>,
    w_in: PackedWeights,
    /// The transpose of `w_in`.
    w_in_transposed: PackedWeights,
    /// The bias of the input, `[cell][item]`.
    b_in: Vec<f64>,
    /// The recurrent bias times the gain, `[cell][item]`.
    b_rec: Vec<f64>,
}

/// The recurrent connections of a layer.
pub(super) struct Recurrence {
    /// The index of the state that feeds back.
    pub state: usize,
    pub gain: f64,
    /// The weights that act, `(from, to)`: those of the Laplacian where there is one.
    pub weights: Array2<f64>,
    /// The weights without delay, and their transpose; `None` where all connections have a delay.
    pub instant: Option<[PackedWeights; 2]>,
    pub delayed: Option<DelayedRecurrence>,
}

/// The recurrent connections that have a delay.
pub(super) struct DelayedRecurrence {
    /// The longest delay, in steps.
    pub longest: usize,
    /// All pairs of cells with a delay, in the order of targets.
    pub pairs: Vec<DelayedPair>,
    /// The signals that were sent before the sequence, `(time, cell)`; the last row is one step before it.
    pub past: Array2<f64>,
    /// Whether that is what the initial state sends, which then has a part in the gradient.
    pub past_is_initial: bool,
    /// The edges by target, which read what was sent.
    arriving: DelayedEdges,
    /// The edges by source, which read the adjoints of what will be received.
    returning: DelayedEdges,
}

impl DelayedRecurrence {
    /// Adds to `out` the adjoint of what was sent in step `row - longest`, from the adjoints of all drives that it has a part in. The adjoints
    /// of the drive of step t are row `longest + t` of `drive`; steps before the sequence are negative.
    pub fn add_sender_adjoint(
        &self,
        simd: Simd,
        gain: f64,
        drive: &[f64],
        row: usize,
        cells: usize,
        out: &mut [f64],
    ) {
        self.returning.add_sums(simd, gain, drive, row * cells, out);
    }
}

impl PreparedLayer {
    /// Prepares a layer for steps of `dt` ms. `read` is the name of the state that the layer above or the readout reads.
    pub fn new(layer: &Layer, label: String, read: &str, dt: f64, simd: Simd) -> Result<Self, SequenceError> {
        let fails = |error: RunError| SequenceError::Run { layer: label.clone(), error: Box::new(error) };
        let refused = |what| SequenceError::Unsupported { layer: label.clone(), what };
        layer.check()?;
        let (engine, info) = (layer.cells.shared_engine(), layer.cells.engine().info());
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
        let port = input
            .as_ref()
            .and_then(|name| info.input(name))
            .ok_or_else(|| refused("cells without an input"))?;
        let state = recurrent.as_ref().and_then(|name| info.state(name));
        let state = state.ok_or_else(|| refused("cells without a state that feeds back"))?;

        let between = info.state(read).ok_or_else(|| refused("cells without the state that is read"))?;

        let cells = layer.cells();
        let initial: Vec<Vec<f64>> = (0..info.states.len())
            .map(|state| (0..cells).map(|cell| population.initial_at(state, cell)).collect())
            .collect();
        let recurrence = match layer.recurrent_weights() {
            Some(weights) => {
                Some(Recurrence::new(layer, weights, state, &initial[state], dt).map_err(fails)?)
            }
            None => None,
        };
        let columns = Columns { nodes: cells, runs: BLOCK_ITEMS };
        let parameters = columns
            .rows(info.parameters.len(), |parameter, cell, _| population.parameter_at(parameter, cell));
        let for_each_item = |values: &[f64]| values.iter().flat_map(|value| [*value; BLOCK_ITEMS]).collect();
        let b_rec: Vec<f64> = layer.b_rec.iter().map(|bias| layer.gain * bias).collect();
        Ok(Self {
            cells,
            inputs: layer.w_in.nrows(),
            states: info.states.len(),
            ports: info.inputs.len(),
            parameters: info.parameters.len(),
            port,
            between,
            initial: for_each_item(&initial.concat()),
            recurrence,
            simd,
            scheme: info.scheme,
            dt,
            coefficients: engine.prepare(simd, info.scheme, dt, columns.count(), &parameters),
            engine,
            w_in: PackedWeights::new(layer.w_in.view()),
            w_in_transposed: PackedWeights::new(layer.w_in.t()),
            b_in: for_each_item(&layer.b_in.to_vec()),
            b_rec: for_each_item(&b_rec),
            label,
        })
    }

    /// Returns the number of nodes of a block: cells times items.
    pub fn nodes(&self) -> usize {
        self.cells * BLOCK_ITEMS
    }

    /// Computes the inputs of a step, `[port][cell][item]`, from the signals `x` that it reads, the states before it and, for connections with
    /// delays, the history of what was sent, of which the row of step t is `longest + t`.
    pub fn compute_inputs(
        &self,
        x: &[f64],
        states: &[f64],
        history: &[f64],
        step: usize,
        inputs: &mut [f64],
    ) {
        inputs.fill(0.0);
        let port = &mut inputs[self.port * self.nodes()..][..self.nodes()];
        self.w_in.add_product(self.simd, 1.0, x, port);
        for ((drive, b_in), b_rec) in port.iter_mut().zip(&self.b_in).zip(&self.b_rec) {
            *drive = *drive + b_in + b_rec;
        }
        let Some(recurrence) = &self.recurrence else { return };
        if let Some(delayed) = &recurrence.delayed {
            delayed.arriving.add_sums(self.simd, recurrence.gain, history, step * self.cells, port);
        }
        if let Some([instant, _]) = &recurrence.instant {
            let present = &states[recurrence.state * self.nodes()..][..self.nodes()];
            instant.add_product_fused(self.simd, recurrence.gain, present, port);
        }
    }

    /// Advances the states by a step.
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

    /// Vector-Jacobian product of a step: turns the adjoint of the states after the step into that of the states before it, sets the adjoint
    /// of its inputs, and adds to that of the parameters. What the states sent over connections comes on top, see
    /// [`PreparedLayer::add_recurrent_adjoint`].
    pub fn advance_backward(
        &self,
        states: &[f64],
        inputs: &[f64],
        adjoint: &mut [f64],
        inputs_adjoint: &mut [f64],
        parameters_adjoint: &mut [f64],
    ) {
        inputs_adjoint.fill(0.0);
        let mut step = StepVjp {
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
        self.engine.step_vjp(self.scheme, &mut step);
    }

    /// Adds to the adjoint of the states before a step what they sent over recurrent connections, from the adjoint of the drive of the step.
    /// For connections with delays, `drives` holds the adjoints of the drives from this step on; that of step t is row `longest + t`.
    pub fn add_recurrent_adjoint(&self, drive: &[f64], drives: &[f64], step: usize, adjoint: &mut [f64]) {
        let Some(recurrence) = &self.recurrence else { return };
        let sender = &mut adjoint[recurrence.state * self.nodes()..][..self.nodes()];
        if let Some([_, instant]) = &recurrence.instant {
            instant.add_product_fused(self.simd, recurrence.gain, drive, sender);
        }
        if let Some(delayed) = &recurrence.delayed {
            let row = delayed.longest + step;
            delayed.add_sender_adjoint(self.simd, recurrence.gain, drives, row, self.cells, sender);
        }
    }

    /// Adds to the adjoint of the signals that a step read, from the adjoint of its drive.
    pub fn add_read_adjoint(&self, drive: &[f64], x: &mut [f64]) {
        self.w_in_transposed.add_product_fused(self.simd, 1.0, drive, x);
    }

    /// Returns the recurrent connections that have a delay.
    pub fn delayed(&self) -> Option<&DelayedRecurrence> {
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
        // All pairs count, since a weight of zero is learned like any other.
        let timing = layer.connected(&Array2::ones((cells, cells))).timing(initial, dt)?;
        let steps_of = |from: usize, to: usize| timing.steps[[to, from]];
        let pairs: Vec<DelayedPair> = (0..cells)
            .flat_map(|target| (0..cells).map(move |source| (source, target)))
            .map(|(source, target)| DelayedPair { source, target, steps: steps_of(source, target) })
            .filter(|pair| pair.steps > 0)
            .collect();
        let instant = (pairs.len() < cells * cells).then(|| {
            let mut instant = weights.clone();
            pairs.iter().for_each(|pair| instant[[pair.source, pair.target]] = 0.0);
            [PackedWeights::new(instant.view()), PackedWeights::new(instant.t())]
        });
        let delayed =
            (!pairs.is_empty()).then(|| DelayedRecurrence::new(layer, pairs, &weights, timing.past));
        Ok(Self { state, gain: layer.gain, weights, instant, delayed })
    }
}

impl DelayedRecurrence {
    fn new(layer: &Layer, pairs: Vec<DelayedPair>, weights: &Array2<f64>, past: Array2<f64>) -> Self {
        let (longest, cells) = past.dim();
        let weight = |pair: &DelayedPair| weights[[pair.source, pair.target]];
        let arriving =
            |pair: &DelayedPair| (pair.target, (longest - pair.steps) * cells + pair.source, weight(pair));
        let returning = |pair: &DelayedPair| (pair.source, pair.steps * cells + pair.target, weight(pair));
        let forward: Vec<_> = pairs.iter().map(arriving).collect();
        let mut back: Vec<_> = pairs.iter().map(returning).collect();
        back.sort_by_key(|edge| edge.0);
        Self {
            longest,
            past,
            past_is_initial: layer.history == brainmass_sim::network::History::Initial,
            arriving: DelayedEdges::new(cells, &forward),
            returning: DelayedEdges::new(cells, &back),
            pairs,
        }
    }
}
