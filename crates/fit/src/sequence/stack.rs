//! Stacks of layers with a readout.

use brainmass_spec::problem::suggestion;
use ndarray::{Array1, Array2, ArrayD, ArrayView2, ArrayView3, Axis};
use rayon::prelude::*;

use super::shape::check;
use super::{Layer, SequenceError, Weights};
use brainmass_core::info::ModelInfo;
use brainmass_core::population::SequenceStack;
use brainmass_core::quantity::Time;
use brainmass_core::shared::Text;
use brainmass_sim::simulator::Run;

/// A stack of layers, of which each reads the one below, with a linear readout of the last one at the end of a sequence.
#[derive(Debug, Clone)]
pub struct Stack {
    pub(super) info: &'static ModelInfo,
    pub(super) layers: Vec<Layer>,
    pub(super) readout: Option<(Array2<f64>, Array1<f64>)>,
}

/// Makes a stack of layers; every [`SequenceStack`] has it.
pub trait SequenceNetwork: SequenceStack {
    /// Makes a stack of these layers, of which each reads the one before it, without a readout.
    fn of(layers: impl IntoIterator<Item = Layer>) -> Stack {
        Stack::new(Self::INFO, layers)
    }
}

impl<S: SequenceStack> SequenceNetwork for S {}

/// The run of a single sequence through a stack.
#[derive(Debug, Clone)]
pub struct StackRun {
    /// The run of each layer, with all states in every step.
    pub layers: Vec<Run>,
    /// The outputs of the readout at the end; without a readout, the state that it would read, one number a cell.
    pub output: Array1<f64>,
}

impl Stack {
    /// Makes a stack of layers, the first one below, of the kind that a model file describes.
    pub fn new(info: &'static ModelInfo, layers: impl IntoIterator<Item = Layer>) -> Self {
        Self { info, layers: layers.into_iter().collect(), readout: None }
    }

    /// Adds the readout `x W_out + b_out`, with weights `(cell, output)` and one bias an output.
    pub fn readout(mut self, w_out: Array2<f64>, b_out: impl IntoIterator<Item = f64>) -> Self {
        self.readout = Some((w_out, b_out.into_iter().collect()));
        self
    }

    /// Runs a sequence `(time, input)` with a time step of `dt` for each row.
    ///
    /// # Errors
    ///
    /// Shapes that do not fit, numbers that are not finite, or a run that fails.
    pub fn forward(&self, sequence: ArrayView2<f64>, dt: impl Into<Time>) -> Result<StackRun, SequenceError> {
        self.check()?;
        self.run_sequence(sequence, &dt.into())
    }

    /// Runs a batch of sequences `(item, time, input)`, each from the initial states.
    ///
    /// # Errors
    ///
    /// As [`Stack::forward`], for the first item that fails.
    pub fn forward_batch(
        &self,
        batch: ArrayView3<f64>,
        dt: impl Into<Time>,
    ) -> Result<Vec<StackRun>, SequenceError> {
        self.check()?;
        let dt = dt.into();
        let items: Vec<ArrayView2<f64>> = batch.axis_iter(Axis(0)).collect();
        items.into_par_iter().map(|sequence| self.run_sequence(sequence, &dt)).collect()
    }

    /// Runs a sequence through one layer after the other.
    fn run_sequence(&self, sequence: ArrayView2<f64>, dt: &Time) -> Result<StackRun, SequenceError> {
        let (between, read) = self.signals();
        let mut layers: Vec<Run> = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let below = layers.last().map_or(sequence, |below| below[between].view());
            let run = layer.forward(below, dt.clone())?;
            layers.push(run);
        }
        let last =
            layers.last().and_then(|run| run[read].rows().into_iter().next_back().map(|row| row.to_owned()));
        Ok(StackRun { layers, output: self.read_out(last.unwrap_or_default()) })
    }

    /// Returns the outputs of the readout for the state that it reads.
    pub(super) fn read_out(&self, last: Array1<f64>) -> Array1<f64> {
        match &self.readout {
            Some((w_out, b_out)) => last.dot(w_out) + b_out,
            None => last,
        }
    }

    /// Returns the number of outputs.
    pub fn n_outputs(&self) -> usize {
        match &self.readout {
            Some((_, b_out)) => b_out.len(),
            None => self.layers.last().map_or(0, Layer::cells),
        }
    }

    /// Returns everything that can be learned, by name: the arrays of each layer (see [`Layer::weights`]) as `layer1.W_in` and so on, and `W_out`
    /// and `b_out` of the readout.
    pub fn weights(&self) -> Weights {
        let mut weights = Weights::new();
        for (index, layer) in self.layers.iter().enumerate() {
            for (name, values) in layer.weights().iter() {
                weights.insert(format!("layer{}.{name}", index + 1), values.clone());
            }
        }
        if let Some((w_out, b_out)) = &self.readout {
            weights.insert("W_out", w_out.clone().into_dyn());
            weights.insert("b_out", b_out.clone().into_dyn());
        }
        weights
    }

    /// Sets some or all of [`Stack::weights`].
    ///
    /// # Errors
    ///
    /// A name that the stack does not have, an array of another shape, or numbers that are not finite.
    pub fn set(&mut self, weights: &Weights) -> Result<(), SequenceError> {
        weights.iter().try_for_each(|(name, values)| self.set_one(name, values))
    }

    /// Sets one array by its name.
    fn set_one(&mut self, name: &str, values: &ArrayD<f64>) -> Result<(), SequenceError> {
        let layer = name.strip_prefix("layer").and_then(|rest| rest.split_once('.'));
        let layer = layer.and_then(|(number, own)| Some((number.parse::<usize>().ok()?, own)));
        if let Some((number, own)) = layer
            && let Some(layer) = self.layers.get_mut(number.wrapping_sub(1))
        {
            return layer.set(own, values);
        }
        let stack = &self.info.name;
        let (matrix, vector) = match (&mut self.readout, name) {
            (Some((w_out, _)), "W_out") => (Some(w_out), None),
            (Some((_, b_out)), "b_out") => (None, Some(b_out)),
            _ => {
                let hint = suggestion(name, "weights", self.weights().names());
                return Err(SequenceError::Unknown { of: stack.to_string(), given: name.to_owned(), hint });
            }
        };
        if let Some(matrix) = matrix {
            check(stack, name, values, matrix.shape())?;
            matrix.iter_mut().zip(values).for_each(|(to, from)| *to = *from);
        }
        if let Some(vector) = vector {
            check(stack, name, values, vector.shape())?;
            vector.iter_mut().zip(values).for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }

    /// Returns the names of the states that the next layer and the readout read.
    pub(super) fn signals(&self) -> (&str, &str) {
        let layer = self.info.layer.as_ref();
        let read = layer.and_then(|layer| layer.readout.as_ref()).unwrap_or(&self.info.states[0].name);
        (layer.and_then(|layer| layer.between.as_ref()).unwrap_or(read), read)
    }

    /// Checks that the layers are of the right kind and fit each other and the readout.
    pub(super) fn check(&self) -> Result<(), SequenceError> {
        let stack = &self.info.name;
        let Some(last) = self.layers.last() else {
            return Err(SequenceError::NoLayers { stack: stack.clone() });
        };
        let expected = self.info.layer.as_ref().map_or(Text::default(), |layer| layer.of.clone());
        let mut below = None;
        for (index, layer) in self.layers.iter().enumerate() {
            if layer.info.name != expected {
                return Err(SequenceError::Kind {
                    stack: stack.clone(),
                    index: index + 1,
                    given: layer.info.name.clone(),
                    expected,
                });
            }
            layer.check()?;
            if let Some(below) = below {
                let name = format!("layer {} of {stack}", index + 1);
                check(&name, "W_in", &layer.w_in, &[below, layer.cells()])?;
            }
            below = Some(layer.cells());
        }
        let Some((w_out, b_out)) = &self.readout else { return Ok(()) };
        check(stack, "W_out", w_out, &[last.cells(), w_out.ncols()])?;
        check(stack, "b_out", b_out, &[w_out.ncols()])
    }
}
