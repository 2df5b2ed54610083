//! Errors of the library as exceptions.

use std::fmt::Display;

use brainmass::population::PopulationError;
use brainmass::{LoadError, RunError};
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyKeyError, PyMemoryError, PyOSError, PyValueError};
use pyo3::prelude::*;

use crate::records::recorded;

create_exception!(
    _core,
    Mistakes,
    PyValueError,
    "Mistakes in a text: the rendered message, and the mistakes as JSON."
);
create_exception!(
    _core,
    Ended,
    PyException,
    "A run that ended early: why, the message, and what was recorded."
);

/// The words with which the library tells the line of Rust that set a value, which says nothing to a user of Python.
const PLACE: &str = " (set at ";

/// Returns a message without the lines of Rust in it.
pub fn without_place(message: &str) -> String {
    let mut text = message.to_owned();
    while let Some(start) = text.find(PLACE) {
        let end = text[start..].find(')').map_or(text.len(), |end| start + end + 1);
        text.replace_range(start..end, "");
    }
    text
}

/// Makes a `ValueError` of an error.
pub fn value(error: impl Display) -> PyErr {
    PyValueError::new_err(without_place(&error.to_string()))
}

/// Makes a `KeyError` of a name that there is not.
pub fn key(message: impl Display) -> PyErr {
    PyKeyError::new_err(message.to_string())
}

/// Makes an `OSError` of an error.
pub fn system(error: impl Display) -> PyErr {
    PyOSError::new_err(error.to_string())
}

/// Makes an exception of a value that nodes cannot take.
pub fn population(error: &PopulationError) -> PyErr {
    value(format!("{}: {}", error.model, error.problem))
}

/// Makes an exception of a run that failed. One that ended before its time holds what was recorded.
pub fn run(py: Python<'_>, error: RunError) -> PyErr {
    let message = without_place(&error.to_string());
    let ended = |kind: &str, run| match recorded(py, run) {
        Ok(run) => Ended::new_err((kind.to_owned(), message.clone(), run.unbind())),
        Err(error) => error,
    };
    match error {
        RunError::Stopped { recorded, .. } => ended("stopped", *recorded),
        RunError::Diverged { recorded, .. } => ended("diverged", *recorded),
        RunError::Memory { .. } | RunError::OutOfMemory { .. } => PyMemoryError::new_err(message),
        RunError::Save(error) => system(error),
        _ => PyValueError::new_err(message),
    }
}

/// Makes an exception of model files that could not be read.
pub fn load(error: &LoadError) -> PyErr {
    if let (Some(unread), None) = (error.unread().next(), error.mistakes().next()) {
        return system(unread);
    }
    mistakes(error.render(false), serde_json::to_string(&error.diagnostics()))
}

/// Makes an exception of mistakes that are rendered and written as JSON.
pub fn mistakes(rendered: String, json: serde_json::Result<String>) -> PyErr {
    match json {
        Ok(json) => Mistakes::new_err((rendered, json)),
        Err(error) => value(error),
    }
}
