//! Mistakes in noise processes.

use thiserror::Error;

use brainmass_core::quantity::ValuesError;

/// A number of a process that cannot be taken.
#[derive(Clone, PartialEq, Error)]
pub enum ProcessError {
    /// A number in another unit, another number of values, or a value that is not finite.
    #[error("its {what} {error}")]
    Values {
        /// The number: mean, sigma, tau or start.
        what: &'static str,
        /// The mistake.
        error: ValuesError,
    },
    /// A number outside of its range.
    #[error("its {what} is {given}; {expected}")]
    Range {
        /// The number: sigma, tau, beta or lowest frequency.
        what: &'static str,
        /// The value given.
        given: String,
        /// The values that are allowed.
        expected: String,
    },
    /// A covariance of another shape.
    #[error("its covariance has shape {rows} x {columns}; {nodes} nodes need {nodes} x {nodes}")]
    CovarianceShape {
        /// The number of rows given.
        rows: usize,
        /// The number of columns given.
        columns: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// A covariance that is not symmetric.
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
    /// A covariance that no variables have.
    #[error("its covariance is not positive semidefinite: node {node} cannot go with those before it")]
    NotCovariance {
        /// The first row at which this is seen.
        node: usize,
    },
}

brainmass_spec::debug_as_text!(ProcessError);
