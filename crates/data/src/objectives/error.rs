//! What can be wrong with a comparison.

use thiserror::Error;

use crate::analysis::AnalysisError;

/// Why two signals could not be compared.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ObjectiveError {
    /// The prediction is no signal the objective can take.
    #[error("the prediction: {0}")]
    Prediction(#[source] AnalysisError),
    /// The target is no signal the objective can take.
    #[error("the target: {0}")]
    Target(#[source] AnalysisError),
    /// Prediction and target do not fit each other.
    #[error("the prediction has {prediction} {what}, the target {target}")]
    Mismatch {
        /// What they have different numbers of.
        what: &'static str,
        /// How many the prediction has.
        prediction: usize,
        /// How many the target has.
        target: usize,
    },
    /// A functional connectivity given as target is not a square matrix.
    #[error("the target has shape ({rows}, {columns}), a square matrix is expected")]
    NotSquare {
        /// Its rows.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// A density is none.
    #[error("{what} is no density: {why}")]
    NotADensity {
        /// Which of the two.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A weight is NaN or infinite.
    #[error("the weight {0} of a combined objective must be finite")]
    Weight(f64),
    /// No objective has this name.
    #[error("there is no objective `{name}`; there are {known}")]
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
}
