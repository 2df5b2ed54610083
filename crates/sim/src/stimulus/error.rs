//! Mistakes in stimuli.

use thiserror::Error;

use brainmass_core::quantity::ValuesError;

/// A number of a stimulus that cannot be taken.
#[derive(Clone, PartialEq, Error)]
pub enum StimulusError {
    /// A number in another unit, another number of values, or a value that is not finite.
    #[error("its {what} {error}")]
    Values {
        /// The values: amplitude or list of weights.
        what: &'static str,
        /// The mistake.
        error: ValuesError,
    },
    /// A number outside of its range.
    #[error("its {what} is {given}; {expected}")]
    Range {
        /// The number: onset, duration, period, ...
        what: &'static str,
        /// The value given.
        given: String,
        /// The values that are allowed.
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
        /// The number of samples given.
        rows: usize,
        /// The number of columns given.
        columns: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// Data that are no finite numbers.
    #[error("its data are {given} in row {row}, column {column}; finite numbers are needed")]
    DataNotFinite {
        /// The value.
        given: f64,
        /// The sample in which it stands.
        row: usize,
        /// The column in which it stands.
        column: usize,
    },
}

brainmass_spec::debug_as_text!(StimulusError);
