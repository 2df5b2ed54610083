//! Errors of comparisons of signals.

use thiserror::Error;

use crate::analysis::AnalysisError;

/// The reason why two signals could not be compared.
#[derive(Clone, PartialEq, Error)]
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
        /// The things that they have different numbers of.
        what: &'static str,
        /// The number that the prediction has.
        prediction: usize,
        /// The number that the target has.
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
        /// The one of the two that it is about.
        what: &'static str,
        /// The reason why it is none.
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

brainmass_files::debug_as_text!(ObjectiveError);
