//! Histories: signals before a run begins.

use ndarray::{Array1, Array2};

use crate::network::error::NetworkError;
use crate::run::Run;
use brainmass_core::quantity::{Quantity, Values};

/// The past of a source signal before t = 0, in the signal's unit. The value at t = 0 is that of the initial state.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum History {
    /// The value at t = 0, at all times before.
    #[default]
    Initial,
    /// A constant: one value, or one a source node.
    Constant(Values),
    /// Rows of nodes, the oldest first; the last row is one step before t = 0.
    Rows {
        /// The rows, shape (time, source node); at least as many as the longest delay has steps.
        rows: Array2<f64>,
        /// The time step of the rows, ms, where it is known: it must be that of the run.
        dt: Option<f64>,
    },
}

impl History {
    /// Creates the history of a run that goes on from a former run, of which every step was recorded. Its last row is the initial state of the new run, which is given to
    /// the model as such; the rows before it are the history.
    ///
    /// # Errors
    ///
    /// The run did not record the signal, or not in every step.
    pub fn continued(run: &Run, signal: &str) -> Result<Self, NetworkError> {
        let refuse = |why: String| NetworkError::Continued { signal: signal.to_owned(), why };
        let Some(values) = run.get(signal) else {
            let names: Vec<&str> = run.names().collect();
            return Err(refuse(format!("it was not recorded; there is {}", names.join(", "))));
        };
        let dt = run.provenance().dt;
        let interval = run.ts.windows(2).into_iter().map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        if interval > 1.5 * dt {
            return Err(refuse(format!(
                "it was recorded every {interval} ms, and every step of {dt} ms is needed"
            )));
        }
        let before = values.nrows().saturating_sub(1);
        let rows = values.slice(ndarray::s![..before, ..]).to_owned();
        Ok(Self::Rows { rows, dt: Some(dt) })
    }
}

impl From<f64> for History {
    fn from(value: f64) -> Self {
        Self::Constant(value.into())
    }
}

impl From<Quantity> for History {
    fn from(value: Quantity) -> Self {
        Self::Constant(value.into())
    }
}

impl From<Vec<f64>> for History {
    /// Creates a history of one constant a source node.
    fn from(values: Vec<f64>) -> Self {
        Self::Constant(values.into())
    }
}

impl From<Array1<f64>> for History {
    /// Creates a history of one constant a source node.
    fn from(values: Array1<f64>) -> Self {
        Self::Constant(values.into())
    }
}

impl From<Values> for History {
    fn from(values: Values) -> Self {
        Self::Constant(values)
    }
}

impl From<Array2<f64>> for History {
    /// Creates a history of rows, the oldest first; the last one is one step before t = 0.
    fn from(rows: Array2<f64>) -> Self {
        Self::Rows { rows, dt: None }
    }
}
