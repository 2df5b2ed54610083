//! Errors of trainings.

use thiserror::Error;

use crate::optimiser::InvalidSetting;
use crate::sequence::SequenceError;
use brainmass_data::io::IoError;

/// Why a training cannot start, or did not end.
#[derive(Error)]
pub enum TrainingError {
    /// There is a mistake in the stack or in the sequences, or a run failed.
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    /// A step along the gradient led to weights with which the stack cannot run, or has no finite gradient.
    #[error("epoch {epoch}, batch {batch}: {error}; try a smaller learning rate or shorter gradients")]
    Failed {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch, from 1.
        batch: usize,
        /// The error of the run or of its gradient.
        error: Box<SequenceError>,
    },
    /// The loss of a batch is not a finite number.
    #[error(
        "epoch {epoch}, batch {batch}: the loss is {loss}; try a smaller learning rate or shorter gradients"
    )]
    Loss {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch, from 1.
        batch: usize,
        /// The loss.
        loss: f64,
    },
    /// A setting is out of its range.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// The number of targets is not that of the sequences.
    #[error("there are {targets} targets for {items} sequences; give one for each")]
    Targets {
        /// The number of targets.
        targets: usize,
        /// The number of sequences.
        items: usize,
    },
    /// No output stands for the class of an item.
    #[error(
        "item {item} is of class {class}, and the stack has {outputs} outputs; classes are counted from 0"
    )]
    Class {
        /// The item, from 0.
        item: usize,
        /// Its class.
        class: usize,
        /// The number of outputs of the stack.
        outputs: usize,
    },
    /// The targets have another number of values than the stack has outputs.
    #[error("the targets have {given} values each, and the stack has {outputs} outputs")]
    Width {
        /// The number of values of a target.
        given: usize,
        /// The number of outputs of the stack.
        outputs: usize,
    },
    /// A target is no finite number.
    #[error("the target of item {item} holds {given}; finite numbers are needed")]
    NotFinite {
        /// The item, from 0.
        item: usize,
        /// The value.
        given: f64,
    },
    /// There are no examples to learn from.
    #[error("there are no examples")]
    NoExamples,
    /// A name of what is to be learned does not exist.
    #[error("nothing is to be learned: `{given}` is no weight or parameter of the stack; {hint}")]
    Unknown {
        /// The name that was given.
        given: String,
        /// The names that there are, or the one that was probably meant.
        hint: String,
    },
    /// Bundled data cannot be read.
    #[error(transparent)]
    Io(#[from] IoError),
}

brainmass_spec::debug_as_text!(TrainingError);
