//! Simulations: a model or a network, a time step, what drives it, what is kept of it, and the runs that are made of it.

mod accuracy;
mod batch;
mod builder;
mod fingerprint;
mod journal;
mod measured;
mod resume;
mod row;
mod run;
mod set;
mod start;
mod to_disk;
mod uniform;

pub use accuracy::{Accuracy, AccuracyRow, Deviations, REFERENCE_STEPS};
pub use batch::{Batch, BatchProgress, BatchRunner, Point, Sweep};
pub use builder::{DEFAULT_GRADIENT_MEMORY, DEFAULT_MOST_STEPS, Simulator};
pub use journal::{ResultJournal, ResultJournalError};
pub use measured::{MeasuredBatch, MeasuredError};
pub use resume::ResumeError;
pub use row::Row;
pub use uniform::{NotUniform, UniformNetwork};
// What a simulation is given and what it gives back, so that programs find it in one place.
pub use crate::fingerprint::{Digest, Fingerprint};
pub use crate::network::Input;
pub use crate::run::{Column, Provenance, Recipe, RecipeFile, Run, SaveError, TIMES_OF};
pub use crate::runtime::{Bytes, Progress, ProjectionSummary, RunError, Session, View};
