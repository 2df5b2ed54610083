//! The checkpoints of a long run.

use std::path::PathBuf;
use std::time::Duration;

/// The way in which a long run is kept, so that it goes on if its process ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointing {
    /// The time by the clock between two checkpoints.
    pub every: Duration,
    /// The file that they are in.
    pub file: PathBuf,
}
