//! Errors of layers, stacks and sequences.

use thiserror::Error;

use brainmass_core::shared::Text;
use brainmass_sim::simulator::RunError;

/// Why a sequence cannot be run through a layer or a stack.
#[derive(Error)]
pub enum SequenceError {
    /// An array has another shape than is needed.
    #[error("{layer}: {what} has shape {given:?}; {expected:?} is needed")]
    Shape {
        /// The layer.
        layer: String,
        /// The array: `W_in`, `b_in`, `W_rec`, `b_rec`, `W_out`, `b_out`, a parameter, the sequence, ...
        what: String,
        /// The shape that was given.
        given: Vec<usize>,
        /// The shape that is needed.
        expected: Vec<usize>,
    },
    /// A number is not finite.
    #[error("{layer}: {what} holds {given}; finite numbers are needed")]
    NotFinite {
        /// The layer.
        layer: String,
        /// The array that holds it.
        what: String,
        /// The value.
        given: f64,
    },
    /// The sequence has no steps.
    #[error("{layer}: the sequence has no steps")]
    Empty {
        /// The layer.
        layer: String,
    },
    /// The stack has no layers.
    #[error("{stack} needs at least one layer")]
    NoLayers {
        /// The stack.
        stack: Text,
    },
    /// A layer is of another kind than the stack is made of.
    #[error("layer {index} is a {given}; {stack} is made of {expected}")]
    Kind {
        /// The stack.
        stack: Text,
        /// The place of the layer in the stack, from 1.
        index: usize,
        /// The kind of the layer.
        given: Text,
        /// The kind that the stack is made of.
        expected: Text,
    },
    /// The run of a layer failed.
    #[error("{layer}: {error}")]
    Run {
        /// The layer.
        layer: String,
        /// The error of the run.
        error: Box<RunError>,
    },
    /// A state left the finite numbers in the run of a batch.
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
        state: Text,
        /// The value that it became.
        value: f64,
    },
    /// The derivative of the loss by a state left the finite numbers on the way back through a batch.
    #[error(
        "{layer}: the gradient of item {item} diverged on the way back to step {step}: the derivative of the loss by `{state}` of cell {cell} \
         became {value}; try shorter sequences, smaller weights or cells with more damping"
    )]
    GradientDiverged {
        /// The layer.
        layer: String,
        /// The item of the batch, from 0.
        item: usize,
        /// The step before which the derivative was met, from 0.
        step: usize,
        /// The cell.
        cell: usize,
        /// The state.
        state: Text,
        /// The value that the derivative became.
        value: f64,
    },
    /// Batches cannot run what the layer has, single sequences can.
    #[error("{layer}: batches do not run {what}; run the sequences one by one with `forward`")]
    Unsupported {
        /// The layer.
        layer: String,
        /// The feature of the layer.
        what: &'static str,
    },
    /// A name does not exist.
    #[error("there is no `{given}` in {of}: {hint}")]
    Unknown {
        /// The layer or stack in which it was looked for.
        of: String,
        /// The name that was given.
        given: String,
        /// The names that there are, or the one that was probably meant.
        hint: String,
    },
    /// Even the shortest segments of a sequence exceed the budget of memory.
    #[error(
        "the gradient of the batch needs {needed} bytes, and {given} are allowed; allow more, or make the batch smaller"
    )]
    Memory {
        /// The least memory that would do, bytes.
        needed: usize,
        /// The budget, bytes.
        given: usize,
    },
}

brainmass_spec::debug_as_text!(SequenceError);
