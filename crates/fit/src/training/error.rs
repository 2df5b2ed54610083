//! What can be wrong with a training.

use thiserror::Error;

use crate::sequence::SequenceError;
use brainmass_data::io::IoError;

/// Why a training cannot start, or did not end.
#[derive(Debug, Error)]
pub enum TrainingError {
    /// A mistake in the stack or in the sequences, or a run that failed.
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    /// A step along the gradient led to weights that the stack cannot run with.
    #[error("epoch {epoch}, batch {batch}: {error}; try a smaller learning rate or shorter gradients")]
    Failed {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch, from 1.
        batch: usize,
        /// What went wrong.
        error: Box<SequenceError>,
    },
    /// A setting that cannot be one.
    #[error("{what} is {given}; {expected}")]
    Setting {
        /// Which.
        what: &'static str,
        /// The value given.
        given: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// As many targets as sequences are needed.
    #[error("there are {targets} targets for {items} sequences; give one for each")]
    Targets {
        /// Targets given.
        targets: usize,
        /// Sequences given.
        items: usize,
    },
    /// A class that no output stands for.
    #[error(
        "item {item} is of class {class}, and the stack has {outputs} outputs; classes are counted from 0"
    )]
    Class {
        /// The item.
        item: usize,
        /// Its class.
        class: usize,
        /// Outputs of the stack.
        outputs: usize,
    },
    /// Values of another width than the outputs.
    #[error("the targets have {given} values each, and the stack has {outputs} outputs")]
    Width {
        /// Values of a target.
        given: usize,
        /// Outputs of the stack.
        outputs: usize,
    },
    /// A number that cannot be aimed at.
    #[error("the target of item {item} holds {given}; finite numbers are needed")]
    NotFinite {
        /// The item.
        item: usize,
        /// The value.
        given: f64,
    },
    /// Nothing to learn from.
    #[error("there are no examples")]
    NoExamples,
    /// Nothing to be learned.
    #[error("nothing is to be learned: `{given}` is no weight or parameter of the stack; {hint}")]
    Unknown {
        /// What was asked for.
        given: String,
        /// What there is.
        hint: String,
    },
    /// Bundled data that cannot be read.
    #[error(transparent)]
    Io(#[from] IoError),
}

/// A setting that holds, or what is wrong with it.
pub(super) fn need(
    holds: bool,
    what: &'static str,
    given: impl ToString,
    expected: &'static str,
) -> Result<(), TrainingError> {
    if holds { Ok(()) } else { Err(TrainingError::Setting { what, given: given.to_string(), expected }) }
}
