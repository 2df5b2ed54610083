//! Layers of cells with weights.

use brainmass_spec::problem::suggestion;
use ndarray::{Array1, Array2, ArrayD, ArrayView2, ArrayView3, Axis};
use rayon::prelude::*;

use super::shape::check;
use super::{SequenceError, Weights};
use brainmass_core::any::AnyModel;
use brainmass_core::info::{LayerInfo, ModelInfo};
use brainmass_core::population::SequenceCell;
use brainmass_core::quantity::{Time, Values};
use brainmass_data::connectome::{DEFAULT_EPS, LaplacianNormalization, laplacian, laplacian_back};
use brainmass_rules::{Additive, Laplacian};
use brainmass_sim::network::{Delays, History, Network};
use brainmass_sim::simulator::{Input, Run, Simulator};

/// Makes a layer of cells; every [`SequenceCell`] has it.
pub trait SequenceLayer: SequenceCell {
    /// Makes a layer of these cells that reads a sequence through the weights `W_in`, `(input, cell)`, without biases and recurrent connections.
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

impl<C: SequenceCell> SequenceLayer for C {}

/// A layer of cells that reads a sequence.
#[derive(Debug, Clone)]
pub struct Layer {
    pub(super) info: &'static ModelInfo,
    pub(super) cells: Box<dyn AnyModel>,
    pub(super) w_in: Array2<f64>,
    pub(super) b_in: Array1<f64>,
    w_rec: Option<Array2<f64>>,
    pub(super) b_rec: Array1<f64>,
    laplacian: Option<LaplacianNormalization>,
    delays: Option<Delays>,
    pub(super) history: History,
    pub(super) gain: f64,
}

impl Layer {
    /// Sets the bias of the input, one number a cell.
    pub fn b_in(mut self, bias: impl IntoIterator<Item = f64>) -> Self {
        self.b_in = bias.into_iter().collect();
        self
    }

    /// Connects the cells by recurrent weights `W_rec`, `(from, to)`; those on the diagonal connect a cell to itself.
    pub fn recurrent(mut self, w_rec: Array2<f64>) -> Self {
        self.w_rec = Some(w_rec);
        self
    }

    /// Sets the recurrent bias, one number a cell; the gain applies to it too.
    pub fn b_rec(mut self, bias: impl IntoIterator<Item = f64>) -> Self {
        self.b_rec = bias.into_iter().collect();
        self
    }

    /// Replaces the recurrent weights by their graph Laplacian; their diagonal is left out.
    pub fn laplacian(mut self, normalization: LaplacianNormalization) -> Self {
        self.laplacian = Some(normalization);
        self
    }

    /// Sets the delays of the recurrent connections: one for all, or an array `(from, to)` in ms.
    pub fn delays(mut self, delays: impl Into<Delays>) -> Self {
        self.delays = Some(delays.into());
        self
    }

    /// Sets what the state that feeds back was before the sequence; as at its start if not given.
    pub fn history(mut self, history: impl Into<History>) -> Self {
        self.history = history.into();
        self
    }

    /// Sets the factor on the recurrent sum; that of the model file if not given.
    pub fn gain(mut self, gain: f64) -> Self {
        self.gain = gain;
        self
    }

    /// Returns the number of cells.
    pub fn cells(&self) -> usize {
        self.cells.population().nodes()
    }

    /// Runs a sequence `(time, input)` with a time step of `dt` for each row, and records all states in every step, `(time, cell)`.
    ///
    /// # Errors
    ///
    /// Shapes that do not fit, numbers that are not finite, or a run that fails.
    pub fn forward(&self, sequence: ArrayView2<f64>, dt: impl Into<Time>) -> Result<Run, SequenceError> {
        self.check()?;
        self.run_sequence(sequence, &dt.into())
    }

    /// Runs a batch of sequences `(item, time, input)`, each from the initial states.
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
        items.into_par_iter().map(|sequence| self.run_sequence(sequence, &dt)).collect()
    }

    /// Runs a sequence through the network simulator.
    fn run_sequence(&self, sequence: ArrayView2<f64>, dt: &Time) -> Result<Run, SequenceError> {
        let name = || self.info.name.to_owned();
        check(&self.info.name, "the sequence", &sequence, &[sequence.nrows(), self.w_in.nrows()])?;
        if sequence.is_empty() {
            return Err(SequenceError::Empty { layer: name().to_string() });
        }
        let drive = row_products(sequence, &self.w_in) + &self.b_in + self.gain * &self.b_rec;
        let steps = sequence.nrows() as f64;
        let info = self.cells.engine().info();
        let port = self.layer().input.unwrap_or_default();
        let simulator = Simulator::new(self.network())
            .dt(dt.clone())
            .input(port, Input::from(drive))
            .record(info.states.iter().map(|state| state.name.clone()));
        let duration = dt.ms().map_or_else(|given| given.clone().into(), |dt| Time::from(steps * dt));
        simulator
            .run(duration)
            .map_err(|error| SequenceError::Run { layer: name().to_string(), error: Box::new(error) })
    }

    /// Returns the cells with their recurrent connections as a network.
    fn network(&self) -> Network {
        match &self.w_rec {
            Some(w_rec) => self.connected(w_rec),
            None => self.cells.clone().into(),
        }
    }

    /// Returns the cells, connected by weights `(from, to)`, as a network.
    pub(super) fn connected(&self, w_rec: &Array2<f64>) -> Network {
        let cells = self.cells.clone();
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

    /// Checks the shapes of all arrays and that their numbers are finite.
    pub(super) fn check(&self) -> Result<(), SequenceError> {
        let cells = self.cells();
        check(&self.info.name, "W_in", &self.w_in, &[self.w_in.nrows(), cells])?;
        check(&self.info.name, "b_in", &self.b_in, &[cells])?;
        check(&self.info.name, "b_rec", &self.b_rec, &[cells])?;
        match &self.w_rec {
            Some(w_rec) => check(&self.info.name, "W_rec", w_rec, &[cells, cells]),
            None => Ok(()),
        }
    }

    /// Returns the recurrent weights that act, `(from, to)`: those of the Laplacian where there is one.
    pub(super) fn recurrent_weights(&self) -> Option<Array2<f64>> {
        let w_rec = self.w_rec.as_ref()?;
        Some(match self.laplacian {
            Some(normalization) => {
                laplacian(targets_in_rows(w_rec).view(), normalization, DEFAULT_EPS).reversed_axes()
            }
            None => w_rec.clone(),
        })
    }

    /// Turns the adjoint of [`Layer::recurrent_weights`] into that of the weights that were given, both `(from, to)`.
    pub(super) fn recurrent_adjoint(&self, adjoint: Array2<f64>) -> Array2<f64> {
        let (Some(w_rec), Some(normalization)) = (&self.w_rec, self.laplacian) else { return adjoint };
        let given = laplacian_back(targets_in_rows(w_rec).view(), normalization, DEFAULT_EPS, adjoint.t());
        let mut given = given.reversed_axes();
        given.diag_mut().fill(0.0);
        given
    }

    /// Returns everything that can be learned, by name: `W_in`, `b_in`, `W_rec` where there are recurrent connections, `b_rec`, `gain`, each
    /// parameter of the cells, and each initial state as `init_x`. Parameters and initial states have one entry, or one a cell.
    pub fn weights(&self) -> Weights {
        let population = self.cells.population();
        let info = self.cells.engine().info();
        let mut weights = Weights::new();
        weights.insert("W_in", self.w_in.clone().into_dyn());
        weights.insert("b_in", self.b_in.clone().into_dyn());
        if let Some(w_rec) = &self.w_rec {
            weights.insert("W_rec", w_rec.clone().into_dyn());
        }
        weights.insert("b_rec", self.b_rec.clone().into_dyn());
        weights.insert("gain", Array1::from_elem(1, self.gain).into_dyn());
        for (index, parameter) in info.parameters.iter().enumerate() {
            weights.insert(
                parameter.name.clone(),
                Array1::from(population.parameter(index).to_vec()).into_dyn(),
            );
        }
        for (index, state) in info.states.iter().enumerate() {
            let values = Array1::from(population.initial(index).to_vec());
            weights.insert(format!("init_{}", state.name), values.into_dyn());
        }
        weights
    }

    /// Sets one of [`Layer::weights`] by its name.
    ///
    /// # Errors
    ///
    /// A name that the layer does not have, an array of another shape, or numbers that are not finite. Parameters and initial states may have one
    /// entry, or one a cell.
    pub fn set(&mut self, name: &str, values: &ArrayD<f64>) -> Result<(), SequenceError> {
        let present = self.weights();
        let Some(now) = present.get(name) else {
            let hint = suggestion(name, "weights and parameters", present.names());
            return Err(SequenceError::Unknown {
                of: self.info.name.to_string(),
                given: name.to_owned(),
                hint,
            });
        };
        let info = self.cells.engine().info();
        let parameter = info.parameter(name);
        let state = name.strip_prefix("init_").and_then(|state| info.state(state));
        let per_cell = parameter.is_some() || state.is_some();
        let cells = [self.cells()];
        let fits = values.shape() == now.shape() || per_cell && [&[1], &cells[..]].contains(&values.shape());
        if !fits {
            return Err(SequenceError::Shape {
                layer: self.info.name.to_string(),
                what: name.to_owned(),
                given: values.shape().to_vec(),
                expected: now.shape().to_vec(),
            });
        }
        if let Some(&given) = values.iter().find(|value| !value.is_finite()) {
            let (layer, what) = (self.info.name.to_owned(), name.to_owned());
            return Err(SequenceError::NotFinite { layer: layer.to_string(), what, given });
        }
        let numbers: Vec<f64> = values.iter().copied().collect();
        let population = self.cells.population_mut();
        let given = if let [one] = numbers[..] { one.into() } else { Values::from(numbers) };
        match (parameter, state) {
            (Some(index), _) => population.set_parameter(index, given),
            (_, Some(index)) => population.set_initial(index, given),
            _ => self.set_array(name, values),
        }
        Ok(())
    }

    /// Sets an array of the layer itself, whose shape has been checked.
    fn set_array(&mut self, name: &str, values: &ArrayD<f64>) {
        match name {
            "W_in" => self.w_in.iter_mut().zip(values).for_each(|(to, from)| *to = *from),
            "b_in" => self.b_in.iter_mut().zip(values).for_each(|(to, from)| *to = *from),
            "b_rec" => self.b_rec.iter_mut().zip(values).for_each(|(to, from)| *to = *from),
            "gain" => self.gain = values.iter().sum(),
            _ => self.w_rec.iter_mut().flatten().zip(values).for_each(|(to, from)| *to = *from),
        }
    }

    /// Returns what the model file says of the layer: the input that is driven and the states that are read.
    pub(super) fn layer(&self) -> LayerInfo {
        self.info.layer.clone().unwrap_or(LayerInfo {
            of: "".into(),
            input: None,
            recurrent: None,
            between: None,
            readout: None,
        })
    }
}

/// Returns the product of a sequence with weights. Sums go in the order of the inputs and are rounded after every product and sum, as in
/// batches.
fn row_products(sequence: ArrayView2<f64>, weights: &Array2<f64>) -> Array2<f64> {
    let mut products = Array2::zeros((sequence.nrows(), weights.ncols()));
    for (row, mut sums) in sequence.rows().into_iter().zip(products.rows_mut()) {
        for (value, weights) in row.iter().zip(weights.rows()) {
            sums.scaled_add(*value, &weights);
        }
    }
    products
}

/// Turns weights `(from, to)` into weights `[target][source]` without their diagonal.
fn targets_in_rows(w_rec: &Array2<f64>) -> Array2<f64> {
    let mut weights = w_rec.t().to_owned();
    weights.diag_mut().fill(0.0);
    weights
}
