//! What can be wrong with a stimulus.

use thiserror::Error;

use brainmass_core::quantity::ValuesError;

/// A number of a stimulus that cannot be taken.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StimulusError {
    /// Another unit, number of values, or no finite number.
    #[error("its {what} {error}")]
    Values {
        /// Amplitude, list of weights.
        what: &'static str,
        /// What is wrong with it.
        error: ValuesError,
    },
    /// A number outside of what makes sense.
    #[error("its {what} is {given}; {expected}")]
    Range {
        /// Onset, duration, period, ...
        what: &'static str,
        /// The value given.
        given: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A region that there is not.
    #[error("its region {given} is not there: nodes are numbered from 0 to {last}")]
    Region {
        /// The number given.
        given: usize,
        /// The last number.
        last: usize,
    },
    /// Data of another shape.
    #[error("its data have shape {rows} x {columns}; at least one row, of one value or {nodes}, is needed")]
    Data {
        /// Samples given.
        rows: usize,
        /// Columns given.
        columns: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// Data that are no finite numbers.
    #[error("its data are {given} in row {row}, column {column}; finite numbers are needed")]
    DataNotFinite {
        /// The value.
        given: f64,
        /// Its sample.
        row: usize,
        /// Its column.
        column: usize,
    },
}
