//! Gradients of losses that Python computes from what was recorded.

use brainmass::Run;
use brainmass::gradient::{GradientError, Loss, LossError};
use numpy::{IntoPyArray, ToPyArray};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{Matrix, matrix};
use crate::errors;
use crate::records::recorded;
use crate::simulators::Simulator;
use crate::supervision::{Supervised, supervised};

/// The result of a loss in Python: its value, and its derivatives by what was recorded, by the names of the records.
pub type GivenLoss<'py> = (f64, Vec<(String, Matrix<'py>)>);

/// Calls a loss of Python with what was recorded: a list of name, unit and array.
pub fn call<'py>(py: Python<'py>, loss: &Py<PyAny>, run: &Run) -> PyResult<Bound<'py, PyAny>> {
    let records = PyList::empty(py);
    for column in run.columns() {
        let times = column.ts.to_pyarray(py);
        records.append((column.name.clone(), column.unit.clone(), times, column.values.to_pyarray(py)))?;
    }
    loss.bind(py).call1((records,))
}

/// Calls a loss of Python that gives its derivatives too.
pub fn call_with_derivatives(loss: &Py<PyAny>, run: &Run) -> Result<Loss, LossError> {
    Python::attach(|py| {
        let answer = call(py, loss, run)?;
        let (value, derivatives): GivenLoss = answer.extract()?;
        let by = |loss: Loss, (name, array): &(String, Matrix)| loss.by(name, matrix(array));
        Ok::<Loss, PyErr>(derivatives.iter().fold(Loss::new(value), by))
    })
    .map_err(Into::into)
}

/// Makes an exception of a gradient that failed: that which a loss raised, or one of the gradient.
fn raised(py: Python<'_>, error: GradientError) -> PyErr {
    match error {
        GradientError::Run(error) => errors::run(py, error),
        GradientError::Loss(error) => match error.downcast::<PyErr>() {
            Ok(error) => *error,
            Err(error) => errors::value(error),
        },
        error => errors::value(error),
    }
}

/// Runs for `duration` ms and returns the value of a loss, its derivatives by the numbers that the names stand for (a list of name and array),
/// and the run.
#[pyfunction]
pub fn gradient<'py>(
    py: Python<'py>,
    simulator: &Simulator,
    duration: f64,
    by: Vec<String>,
    loss: Py<PyAny>,
) -> PyResult<(f64, Bound<'py, PyList>, Bound<'py, PyDict>)> {
    let Supervised { outcome, interruption, elapsed } = supervised(py, None, |control| {
        simulator.controlled(control).gradient(duration, &by, |run| call_with_derivatives(&loss, run))
    })?;
    if let Some(interruption) = interruption {
        return Err(interruption);
    }
    let gradient = outcome.map_err(|error| raised(py, error))?;
    let parts = PyList::empty(py);
    for (name, derivatives) in gradient.parts() {
        parts.append((name, derivatives.to_vec().into_pyarray(py)))?;
    }
    let value = gradient.value;
    let told = recorded(py, gradient.run)?;
    told.set_item("elapsed", elapsed.as_secs_f64())?;
    Ok((value, parts, told))
}
