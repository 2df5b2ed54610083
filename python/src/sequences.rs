//! Stacks of HORN layers, which read sequences, and their training.

use brainmass::optimiser::UpdateRule;
use brainmass::prelude::*;
use brainmass::sequence::{Layer, SequenceError, Stack, Weights};
use brainmass::training::{Epoch, Examples, Targets, Trained, Trainer, TrainingError};
use ndarray::{Array3, ArrayD};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayDyn, PyReadonlyArray3, PyReadonlyArrayDyn, ToPyArray};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{Matrix, Vector, matrix, optional, values};
use crate::errors;
use crate::supervision::{Supervised, supervised};

/// A layer as Python gives it: the weights of its input `(input, cell)`, those between its cells `(from, to)`, delays `(from, to)` in ms, what was
/// fed back before the sequence, and the factor on the recurrent sum. Everything else is set by name.
type GivenLayer<'py> =
    (Matrix<'py>, Option<Matrix<'py>>, Option<Matrix<'py>>, Option<Vector<'py>>, Option<f64>);

/// Sequences, `(item, time, input)`, read only.
type Batch<'py> = PyReadonlyArray3<'py, f64>;

/// An epoch as Python gets it: its number, loss and accuracy on what is learned, loss and accuracy on what is held out, rate, length of the gradient.
type ToldEpoch = (usize, f64, Option<f64>, Option<f64>, Option<f64>, f64, f64);

fn layer_of((w_in, w_rec, delays, history, gain): &GivenLayer) -> Layer {
    let w_in = matrix(w_in);
    let mut layer = HORNSeqLayer::new(w_in.ncols()).reading(w_in);
    if let Some(w_rec) = optional(w_rec.as_ref()) {
        layer = layer.recurrent(w_rec);
    }
    if let Some(delays) = optional(delays.as_ref()) {
        layer = layer.delays(delays);
    }
    if let Some(history) = history {
        layer = layer.history(values(history));
    }
    match gain {
        Some(gain) => layer.gain(*gain),
        None => layer,
    }
}

/// Returns sequences as those of the library.
fn sequences(batch: &Batch) -> Array3<f64> {
    batch.as_array().to_owned()
}

/// Arrays by name, as Python gets them.
type NamedArrays<'py> = Vec<(String, Bound<'py, PyArrayDyn<f64>>)>;

/// The outcome of a sequence: the states of each layer, and the output.
type ToldRun<'py> = (Bound<'py, PyList>, Bound<'py, PyArray1<f64>>);

/// Gives arrays by name to Python.
fn named<'py>(py: Python<'py>, arrays: &Weights) -> NamedArrays<'py> {
    arrays.iter().map(|(name, values)| (name.to_owned(), values.to_pyarray(py))).collect()
}

/// A stack of layers with its weights.
#[pyclass(module = "brainmass_rs._core")]
pub struct Sequence(Stack);

/// Computes on a thread of its own, as runs do; a signal that came meanwhile is raised.
fn computed<T: Send>(py: Python<'_>, compute: impl FnOnce() -> T + Send) -> PyResult<T> {
    let Supervised { outcome, interruption, .. } = supervised(py, None, |_| compute())?;
    interruption.map_or(Ok(outcome), Err)
}

/// Why a gradient has none: the sequence cannot be run, or the loss of Python raised an exception.
enum Failure {
    Sequence(SequenceError),
    Python(PyErr),
}

impl From<SequenceError> for Failure {
    fn from(error: SequenceError) -> Self {
        Self::Sequence(error)
    }
}

#[pymethods]
impl Sequence {
    /// Creates a stack of layers, the first one below, with the readout `x W_out + b_out` if weights `(cell, output)` are given.
    #[new]
    fn new(layers: Vec<GivenLayer>, readout: Option<(Matrix, Vector)>) -> Self {
        let stack = HORNSeqNetwork::of(layers.iter().map(layer_of));
        Self(match readout {
            Some((w_out, b_out)) => stack.readout(matrix(&w_out), b_out.as_array().to_vec()),
            None => stack,
        })
    }

    /// Returns everything that can be learned: names and arrays.
    fn weights<'py>(&self, py: Python<'py>) -> NamedArrays<'py> {
        named(py, &self.0.weights())
    }

    /// Sets some of the weights, all of them or none.
    fn set(&mut self, arrays: Vec<(String, PyReadonlyArrayDyn<f64>)>) -> PyResult<()> {
        let given = |(name, array): &(String, PyReadonlyArrayDyn<f64>)| {
            (name.clone(), ArrayD::from(array.as_array().to_owned()))
        };
        let mut changed = self.0.clone();
        changed.set(&arrays.iter().map(given).collect()).map_err(errors::value)?;
        self.0 = changed;
        Ok(())
    }

    /// Runs sequences in steps of `dt` ms. Returns the outputs, `(item, output)`.
    fn outputs<'py>(
        &self,
        py: Python<'py>,
        batch: Batch<'py>,
        dt: f64,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let batch = sequences(&batch);
        let outputs = computed(py, || self.0.outputs(batch.view(), dt))?;
        Ok(outputs.map_err(errors::value)?.into_pyarray(py))
    }

    /// Runs sequences in steps of `dt` ms. Returns the states of each item by layer, a list of dicts of arrays `(time, cell)` for each, and its output.
    fn states<'py>(&self, py: Python<'py>, batch: Batch<'py>, dt: f64) -> PyResult<Vec<ToldRun<'py>>> {
        let batch = sequences(&batch);
        let runs = computed(py, || self.0.forward_batch(batch.view(), dt))?.map_err(errors::value)?;
        let told = runs.into_iter().map(|item| {
            let layers = PyList::empty(py);
            for run in item.layers {
                let states = PyDict::new(py);
                for column in run.into_parts().1 {
                    states.set_item(column.name, column.values.into_pyarray(py))?;
                }
                layers.append(states)?;
            }
            Ok((layers, item.output.into_pyarray(py)))
        });
        told.collect()
    }

    /// Runs sequences in steps of `dt` ms and calls `loss` with the outputs `(item, output)`, which returns its value and its derivatives by these.
    /// Returns the value and the derivatives by all weights, names and arrays.
    fn gradient<'py>(
        &self,
        py: Python<'py>,
        batch: Batch<'py>,
        dt: f64,
        loss: Py<PyAny>,
    ) -> PyResult<(f64, NamedArrays<'py>)> {
        let batch = sequences(&batch);
        let ran = computed(py, || {
            let mut pass = self.0.pass(batch.view(), dt)?;
            let (value, derivatives) = Python::attach(|py| {
                let answer = loss.bind(py).call1((pass.outputs().to_pyarray(py),))?;
                let (value, derivatives): (f64, Matrix) = answer.extract()?;
                Ok((value, matrix(&derivatives)))
            })
            .map_err(Failure::Python)?;
            Ok::<_, Failure>((value, pass.gradient(derivatives.view())?))
        })?;
        match ran {
            Ok((value, gradient)) => Ok((value, named(py, &gradient))),
            Err(Failure::Sequence(error)) => Err(errors::value(error)),
            Err(Failure::Python(error)) => Err(error),
        }
    }

    /// Learns examples: sequences with their classes, or with values `(item, output)`, and returns the epochs. Others, from which nothing is learned,
    /// are tested after each epoch. Keys of `settings` are `dt`, `epochs`, `batch`, `rate`, `rule`, `decay`, `clip`, `seed`, `learn` and `memory`.
    fn train(
        &mut self,
        py: Python<'_>,
        learned: (Batch, Option<Vec<usize>>, Option<Matrix>),
        held_out: Option<(Batch, Option<Vec<usize>>, Option<Matrix>)>,
        settings: &Bound<'_, PyDict>,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Vec<ToldEpoch>> {
        let learned = examples(learned)?;
        let held_out = held_out.map(examples).transpose()?;
        let trainer = trainer(self.0.clone(), settings)?;
        let Supervised { outcome, interruption, .. } = supervised(py, listener.as_ref(), |control| {
            let (stop, told, epochs) = (control.clone(), control.clone(), trainer.epochs_in_all());
            let trainer = trainer
                .progress(move |epoch| told.tell(epoch.number, epochs))
                .stop_when(move || !stop.goes_on());
            match &held_out {
                Some(held_out) => trainer.train_with(&learned, held_out),
                None => trainer.train(&learned),
            }
        })?;
        let Trained { stack, history } = outcome.map_err(|error: TrainingError| errors::value(error))?;
        // What was learned until a signal came is kept.
        self.0 = stack;
        if let Some(interruption) = interruption {
            return Err(interruption);
        }
        Ok(history.epochs.iter().map(told).collect())
    }
}

fn told(epoch: &Epoch) -> ToldEpoch {
    let (learned, held_out) = (epoch.learned, epoch.held_out);
    let tested = held_out.map(|score| score.loss);
    let right = held_out.and_then(|score| score.accuracy);
    (epoch.number, learned.loss, learned.accuracy, tested, right, epoch.rate, epoch.gradient)
}

fn examples((inputs, classes, values): (Batch, Option<Vec<usize>>, Option<Matrix>)) -> PyResult<Examples> {
    let targets = match (classes, values) {
        (Some(classes), _) => Targets::Classes(classes),
        (None, Some(values)) => Targets::Values(matrix(&values)),
        (None, None) => return Err(errors::value("there are no targets")),
    };
    Examples::new(sequences(&inputs), targets).map_err(errors::value)
}

/// Makes the training of a stack with its settings.
fn trainer(stack: Stack, settings: &Bound<'_, PyDict>) -> PyResult<Trainer> {
    let mut trainer = Trainer::new(stack);
    let decay = settings.get_item("decay")?.map_or(Ok(0.0), |decay| decay.extract())?;
    for (key, value) in settings {
        trainer = match key.extract::<String>()?.as_str() {
            "dt" => trainer.dt(value.extract::<f64>()?),
            "epochs" => trainer.epochs(value.extract()?),
            "batch" => trainer.batch(value.extract()?),
            "rate" => trainer.rate(value.extract()?),
            "clip" => trainer.clip(value.extract::<f64>()?),
            "seed" => trainer.seed(value.extract()?),
            "learn" => trainer.learn(value.extract::<Vec<String>>()?),
            "memory" => trainer.memory(value.extract()?),
            "rule" => trainer.rule(match value.extract::<String>()?.as_str() {
                "adam" => UpdateRule::ADAM,
                "adamw" => UpdateRule::adamw(decay),
                "rmsprop" => UpdateRule::RMSPROP,
                "sgd" => UpdateRule::SGD,
                other => return Err(errors::value(format!("there is no update rule `{other}`"))),
            }),
            // Read above, for the rule takes it.
            "decay" => trainer,
            other => return Err(errors::value(format!("training has no setting `{other}`"))),
        };
    }
    Ok(trainer)
}
