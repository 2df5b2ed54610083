//! What can be wrong with a layer, a stack or a sequence.

use thiserror::Error;

use brainmass_sim::simulator::RunError;

/// Why a sequence cannot be run through a layer or a stack.
#[derive(Debug, Error)]
pub enum SequenceError {
    /// An array of another shape.
    #[error("{layer}: {what} has shape {given:?}; {expected:?} is needed")]
    Shape {
        /// The layer.
        layer: String,
        /// `W_in`, `b_in`, `W_rec`, `b_rec`, `W_out`, `b_out`, a parameter, the sequence, ...
        what: String,
        /// The shape given.
        given: Vec<usize>,
        /// The shape needed.
        expected: Vec<usize>,
    },
    /// A number that cannot be one.
    #[error("{layer}: {what} holds {given}; finite numbers are needed")]
    NotFinite {
        /// The layer.
        layer: String,
        /// Which array.
        what: String,
        /// The value.
        given: f64,
    },
    /// A sequence of no steps.
    #[error("{layer}: the sequence has no steps")]
    Empty {
        /// The layer.
        layer: String,
    },
    /// A stack without layers.
    #[error("{stack} needs at least one layer")]
    NoLayers {
        /// The stack.
        stack: &'static str,
    },
    /// A layer of another kind.
    #[error("layer {index} is a {given}; {stack} is made of {expected}")]
    Kind {
        /// The stack.
        stack: &'static str,
        /// The layer's place, from 1.
        index: usize,
        /// What it is.
        given: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// The run of a layer.
    #[error("{layer}: {error}")]
    Run {
        /// The layer.
        layer: String,
        /// What went wrong.
        error: Box<RunError>,
    },
    /// A state left the finite numbers in a batch.
    #[error(
        "{layer}: the run of item {item} diverged in step {step}: `{state}` of cell {cell} became {value}; \
         try smaller weights or a smaller dt"
    )]
    Diverged {
        /// The layer.
        layer: String,
        /// The item of the batch, from 0.
        item: usize,
        /// The step, from 0.
        step: usize,
        /// The cell.
        cell: usize,
        /// The state.
        state: &'static str,
        /// What it became.
        value: f64,
    },
    /// What single sequences can have and batches cannot.
    #[error("{layer}: batches do not run {what}; run the sequences one by one with `forward`")]
    Unsupported {
        /// The layer.
        layer: String,
        /// What it has.
        what: &'static str,
    },
    /// A name that is not there.
    #[error("there is no `{given}` in {of}: {hint}")]
    Unknown {
        /// Where it was looked for.
        of: String,
        /// The name given.
        given: String,
        /// What there is.
        hint: String,
    },
    /// A budget that even the shortest parts of a sequence exceed.
    #[error(
        "taking the batch back needs {needed} bytes, and {given} are allowed; allow more, or make the batch smaller"
    )]
    Memory {
        /// The least that would do.
        needed: usize,
        /// The budget.
        given: usize,
    },
}
