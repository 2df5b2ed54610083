//! Training of stacks on tasks: examples in batches, a loss, and descent along its gradient by an [optimiser](crate::optimiser).
//!
//! ```
//! use brainmass::prelude::*;
//! use brainmass::training::{Init, Trainer, tasks};
//!
//! // Were the first and the last of eight symbols the same? Cells that oscillate slowly enough remember the first.
//! let task = tasks::DelayedMatch::new().symbols(2).steps(8);
//! let (learn, test) = (task.examples(64, 0)?, task.examples(64, 1)?);
//! let layer = HORNSeqLayer::new(16).alpha(1.0).reading(Init::KaimingNormal.draw((2, 16), 1))
//!     .recurrent(Init::KaimingNormal.draw((16, 16), 2));
//! let stack = HORNSeqNetwork::of([layer]).readout(Init::KaimingNormal.draw((16, 2), 3), [0.0; 2]);
//!
//! let trained = Trainer::new(stack).rate(0.02).epochs(3).batch(16).train_with(&learn, &test)?;
//! println!("{} epochs, {:?}", trained.history.epochs.len(), trained.history.last());
//! # Ok::<(), brainmass::training::TrainingError>(())
//! ```

mod error;
mod examples;
mod history;
mod init;
mod loss;
pub mod tasks;
mod trainer;

pub use error::TrainingError;
pub use examples::{Examples, Targets};
pub use history::{Epoch, History, Score};
pub use init::Init;
pub use loss::{accuracy, cross_entropy, mean_square};
pub use trainer::{Trained, Trainer};

// What descent is made of, so that programs find it in one place.
pub use crate::optimiser::{Clipping, InvalidSetting, Schedule, UpdateRule};
