//! A layer of cells with weights.

use ndarray::{Array1, Array2, ArrayView2, ArrayView3, Axis};
use rayon::prelude::*;

use super::{SequenceError, check};
use crate::any::AnyModel;
use crate::connectome::LaplacianNormalization;
use crate::info::{LayerInfo, ModelInfo};
use crate::network::{Delays, History, Network};
use crate::population::Model;
use crate::quantity::Time;
use crate::real::Real;
use crate::simulator::{Input, Run, Simulator};
use crate::zoo::coupling::{Additive, Laplacian};

/// The cells of a layer: what every generated layer struct is.
pub trait SequenceLayer: Model {
    /// The factor on the recurrent sum of `n` cells.
    fn gain<R: Real>(n: R) -> R;

    /// The layer of these cells that reads a sequence through the weights `W_in`, (input, cell). It has no biases and no recurrent
    /// connections as yet.
    fn reading(self, w_in: Array2<f64>) -> Layer {
        let nodes = self.nodes();
        let gain = Self::gain(nodes as f64);
        Layer {
            info: Self::INFO,
            cells: Box::new(self),
            w_in,
            b_in: Array1::zeros(nodes),
            w_rec: None,
            b_rec: Array1::zeros(nodes),
            laplacian: None,
            delays: None,
            history: History::Initial,
            gain,
        }
    }
}

/// A layer of cells that reads a sequence.
#[derive(Debug, Clone)]
pub struct Layer {
    pub(super) info: &'static ModelInfo,
    cells: Box<dyn AnyModel>,
    pub(super) w_in: Array2<f64>,
    b_in: Array1<f64>,
    w_rec: Option<Array2<f64>>,
    b_rec: Array1<f64>,
    laplacian: Option<LaplacianNormalization>,
    delays: Option<Delays>,
    history: History,
    gain: f64,
}

impl Layer {
    /// The bias of the input, one a cell.
    pub fn b_in(mut self, bias: impl IntoIterator<Item = f64>) -> Self {
        self.b_in = bias.into_iter().collect();
        self
    }

    /// Recurrent weights `W_rec`, (from, to), the diagonal included.
    pub fn recurrent(mut self, w_rec: Array2<f64>) -> Self {
        self.w_rec = Some(w_rec);
        self
    }

    /// The recurrent bias, one a cell; the gain applies to it too.
    pub fn b_rec(mut self, bias: impl IntoIterator<Item = f64>) -> Self {
        self.b_rec = bias.into_iter().collect();
        self
    }

    /// Puts the graph Laplacian of the recurrent weights in their place, without their diagonal.
    pub fn laplacian(mut self, normalization: LaplacianNormalization) -> Self {
        self.laplacian = Some(normalization);
        self
    }

    /// Delays of the recurrent connections: one for all, or ms as (from, to).
    pub fn delays(mut self, delays: impl Into<Delays>) -> Self {
        self.delays = Some(delays.into());
        self
    }

    /// What the state that feeds back was before the sequence; as at its start if not given.
    pub fn history(mut self, history: impl Into<History>) -> Self {
        self.history = history.into();
        self
    }

    /// The factor on the recurrent sum; that of the model file if not given.
    pub fn gain(mut self, gain: f64) -> Self {
        self.gain = gain;
        self
    }

    /// The number of cells.
    pub fn cells(&self) -> usize {
        self.cells.population().nodes()
    }

    /// Runs a sequence (time, input) with a step of `dt` a row. All states are recorded in every step, (time, cell).
    ///
    /// # Errors
    ///
    /// Shapes that do not fit, numbers that are not finite, or a run that fails.
    pub fn forward(&self, sequence: ArrayView2<f64>, dt: impl Into<Time>) -> Result<Run, SequenceError> {
        self.check()?;
        self.run(sequence, &dt.into())
    }

    /// Runs a batch of sequences (item, time, input), each from the initial states.
    ///
    /// # Errors
    ///
    /// As [`Layer::forward`], for the first item that fails.
    pub fn forward_batch(
        &self,
        batch: ArrayView3<f64>,
        dt: impl Into<Time>,
    ) -> Result<Vec<Run>, SequenceError> {
        self.check()?;
        let dt = dt.into();
        let items: Vec<ArrayView2<f64>> = batch.axis_iter(Axis(0)).collect();
        items.into_par_iter().map(|sequence| self.run(sequence, &dt)).collect()
    }

    fn run(&self, sequence: ArrayView2<f64>, dt: &Time) -> Result<Run, SequenceError> {
        let name = || self.info.name.to_owned();
        check(self.info.name, "the sequence", &sequence, &[sequence.nrows(), self.w_in.nrows()])?;
        if sequence.is_empty() {
            return Err(SequenceError::Empty { layer: name() });
        }
        let drive = sequence.dot(&self.w_in) + &self.b_in + self.gain * &self.b_rec;
        let steps = sequence.nrows() as f64;
        let info = self.cells.engine().info();
        let port = self.layer().input.unwrap_or_default();
        let simulator = Simulator::new(self.network())
            .dt(dt.clone())
            .input(port, Input::from(drive))
            .record(info.states.iter().map(|state| state.name));
        let duration = dt.0.clone().map(|dt| Time::from(steps * dt)).unwrap_or_else(Time::from);
        simulator.run(duration).map_err(|error| SequenceError::Run { layer: name(), error: Box::new(error) })
    }

    /// The cells and their recurrent connections.
    fn network(&self) -> Network {
        let cells = self.cells.clone();
        let Some(w_rec) = &self.w_rec else { return cells.into() };
        let (port, from) =
            (self.layer().input.unwrap_or_default(), self.layer().recurrent.unwrap_or_default());
        // Networks have targets in rows.
        let network = Network::new(cells, w_rec.t());
        let network = match self.laplacian {
            Some(normalization) => {
                network.coupling(Laplacian::new().k(self.gain), from).normalize(normalization)
            }
            None => network.coupling(Additive::new().k(self.gain), from).self_connections(true),
        };
        let network = network.to(port).history(self.history.clone());
        match self.delays.clone() {
            Some(Delays::Each(delays)) => network.delays(delays.reversed_axes()),
            Some(common) => network.delays(common),
            None => network,
        }
    }

    pub(super) fn check(&self) -> Result<(), SequenceError> {
        let cells = self.cells();
        check(self.info.name, "W_in", &self.w_in, &[self.w_in.nrows(), cells])?;
        check(self.info.name, "b_in", &self.b_in, &[cells])?;
        check(self.info.name, "b_rec", &self.b_rec, &[cells])?;
        match &self.w_rec {
            Some(w_rec) => check(self.info.name, "W_rec", w_rec, &[cells, cells]),
            None => Ok(()),
        }
    }

    fn layer(&self) -> LayerInfo {
        self.info.layer.unwrap_or(LayerInfo {
            of: "",
            input: None,
            recurrent: None,
            between: None,
            readout: None,
        })
    }
}
