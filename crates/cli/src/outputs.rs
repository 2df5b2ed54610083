//! Files that a command writes: looked at before the work, and each of them attempted after it.

use std::path::{Path, PathBuf};

use brainmass::io::{self, IoError, Problem, check_outputs};

use crate::failure::Failure;
use crate::text::quoted;

/// Checks that files can be written, before any work is done for them: each has a folder and may be written there, none is read by the same
/// command, no two are one.
pub fn check(inputs: &[PathBuf], outputs: &[&PathBuf]) -> Result<(), Failure> {
    check_outputs(inputs, outputs).map_err(|error| match missing_folder(&error, outputs) {
        Some(folder) => {
            let message = format!("cannot write `{}`: there is no folder `{folder}`", error.origin);
            Failure::new(message).hint(format!("make it with `mkdir -p {}`", quoted(&folder)))
        }
        None => Failure::new(&error),
    })
}

fn missing_folder(error: &IoError, outputs: &[&PathBuf]) -> Option<String> {
    if !matches!(&error.problem, Problem::File(io::FileError::NoFolder)) {
        return None;
    }
    let path = outputs.iter().find(|path| path.display().to_string() == error.origin)?;
    Some(path.parent()?.display().to_string())
}

/// Writes files, each by itself: what one cannot be written for does not keep the others from being written.
#[derive(Default)]
pub struct Writer {
    /// The files that were written.
    pub wrote: Vec<PathBuf>,
    failures: Vec<Failure>,
}

impl Writer {
    /// Writes a file.
    pub fn write(&mut self, path: &Path, write: impl FnOnce(&Path) -> Result<(), Failure>) {
        match write(path) {
            Ok(()) => self.wrote.push(path.to_owned()),
            Err(failure) => self.failures.push(failure),
        }
    }

    /// Adds a failure of the work itself, if there was one.
    pub fn failed(&mut self, failure: Option<Failure>) {
        self.failures.extend(failure);
    }

    /// Reports what could not be written.
    pub fn finish(self) -> Result<(), Failure> {
        Failure::all(self.failures)
    }
}
