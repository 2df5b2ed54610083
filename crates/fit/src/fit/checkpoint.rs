//! Fits that go on from a file.
//!
//! A search is a function of the losses it is told, so the file holds nothing but these, in order: a resumed fit asks the same questions
//! and is answered from the file until there are no more answers. It ends with the same bits as one that was never stopped, whatever the
//! method, and nothing is computed twice.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::FitError;
use super::evaluator::Found;
use super::outcome::write;
use brainmass_data::io::read_file;

/// The largest file of a fit that is read: 256 MiB.
const CHECKPOINT_LIMIT: u64 = 256 << 20;

/// What the file holds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// Parameters, method, seed, and what else the questions depend on.
    pub fit: String,
    /// For each start, what was found.
    pub starts: Vec<Vec<Found>>,
}

impl Checkpoint {
    /// Writes the file; an interruption leaves the former one.
    pub fn save(&self, path: &Path) -> Result<(), FitError> {
        let text = serde_json::to_string(self).map_err(|error| problem(path, error.to_string()))?;
        write(path, &text)
    }

    /// Reads the file of a fit.
    pub fn load(path: &Path, fit: &str, starts: usize) -> Result<Self, FitError> {
        let bytes = read_file(path, CHECKPOINT_LIMIT)?;
        let checkpoint: Self = serde_json::from_slice(&bytes)
            .map_err(|error| problem(path, format!("it is not the file of a fit: {error}")))?;
        if checkpoint.fit != fit || checkpoint.starts.len() != starts {
            return Err(problem(
                path,
                "it is of a fit with other parameters, another method or another seed".into(),
            ));
        }
        Ok(checkpoint)
    }
}

fn problem(path: &Path, problem: String) -> FitError {
    FitError::Resume { path: path.display().to_string(), problem }
}
