//! What can be wrong with a noise process.

use thiserror::Error;

use brainmass_core::quantity::ValuesError;

/// A number of a process that cannot be taken.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProcessError {
    /// Another unit, number of values, or no finite number.
    #[error("its {what} {error}")]
    Values {
        /// Mean, sigma, tau, start.
        what: &'static str,
        /// What is wrong with it.
        error: ValuesError,
    },
    /// A number outside of what makes sense.
    #[error("its {what} is {given}; {expected}")]
    Range {
        /// Sigma, tau, beta, lowest frequency.
        what: &'static str,
        /// The value given.
        given: String,
        /// What is allowed.
        expected: String,
    },
    /// A covariance of another shape.
    #[error("its covariance has shape {rows} x {columns}; {nodes} nodes need {nodes} x {nodes}")]
    CovarianceShape {
        /// Rows given.
        rows: usize,
        /// Columns given.
        columns: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// A covariance that is not that of any variables.
    #[error(
        "its covariance is not symmetric: [{row}, {column}] is {given}, and [{column}, {row}] is {mirrored}"
    )]
    Asymmetric {
        /// The first row that differs from its column.
        row: usize,
        /// The place in the row.
        column: usize,
        /// The value there.
        given: f64,
        /// The value across the diagonal.
        mirrored: f64,
    },
    /// A covariance that is not that of any variables.
    #[error("its covariance is not positive semidefinite: node {node} cannot go with those before it")]
    NotCovariance {
        /// The first row at which that is seen.
        node: usize,
    },
}
