//! Errors of sweeps as a whole. A run that fails is a row of the results.

use std::path::PathBuf;

use brainmass_data::io::IoError;
use brainmass_sim::simulator::{Bytes, ResultJournalError, RunError};
use brainmass_spec::Report;
use thiserror::Error;

/// The reason why a sweep cannot be made, or does not go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The experiment describes no sweep.
    #[error("the experiment has no section `sweep`")]
    NoSweep,
    /// The simulation cannot be made, or threads cannot be started.
    #[error(transparent)]
    Run(#[from] Box<RunError>),
    /// The experiment file has mistakes in one of its versions.
    #[error(transparent)]
    Version(#[from] Report),
    /// The journal cannot be opened or read, is in use, or belongs to another sweep.
    #[error(transparent)]
    Journal(#[from] ResultJournalError),
    /// A result cannot be appended to the journal.
    #[error("{error}; it holds the {done} of {runs} runs that were done until then")]
    Append {
        /// The problem with the journal.
        error: ResultJournalError,
        /// The runs that it holds.
        done: u64,
        /// The runs of the sweep.
        runs: u64,
    },
    /// Two journals hold different results of one run.
    #[error("{path}: run {run} has other results than in a journal read before, though both are of the same sweep", path = .path.display())]
    Contradiction {
        /// The second journal.
        path: PathBuf,
        /// The run.
        run: u64,
    },
    /// The results do not fit into the memory.
    #[error(
        "the results of {runs} runs would need {needed} of memory, and {limit} may be taken; keep less of each run, or make fewer runs"
    )]
    Memory {
        /// The runs of the sweep.
        runs: u64,
        /// The memory that is needed.
        needed: Bytes,
        /// The memory that may be taken.
        limit: Bytes,
    },
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
}

impl From<RunError> for SweepError {
    fn from(error: RunError) -> Self {
        Self::Run(Box::new(error))
    }
}
