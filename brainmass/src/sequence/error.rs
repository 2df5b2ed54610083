//! What can be wrong with a layer, a stack or a sequence.

use thiserror::Error;

use crate::simulator::RunError;

/// Why a sequence cannot be run through a layer or a stack.
#[derive(Debug, Error)]
pub enum SequenceError {
    /// An array of another shape.
    #[error("{layer}: {what} has shape {given:?}; {expected:?} is needed")]
    Shape {
        /// The layer.
        layer: String,
        /// `W_in`, `b_in`, `W_rec`, `b_rec`, `delays`, `W_out`, `b_out` or the sequence.
        what: &'static str,
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
        what: &'static str,
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
}
