//! The journals of shards, joined.

use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::head::fingerprint;
use super::results::Results;
use crate::experiment::Experiment;
use brainmass_data::io::{FileError, IoError};
use brainmass_sim::simulator::ResultJournal;

/// The results of shards, joined.
#[derive(Debug)]
pub struct Gathered {
    /// The results of all runs that are in one of the journals.
    pub results: Results,
    /// The journals that were read.
    pub journals: Vec<PathBuf>,
    /// The runs that are in none of them.
    pub missing: Vec<Range<u64>>,
}

/// Joins the journals of the sweep of an experiment that are in a folder: those whose names are that of `journal` with more before the ending.
/// The results are the same for any number of shards.
///
/// # Errors
///
/// The folder or a journal cannot be read; a journal belongs to another sweep; two journals hold different results of one run.
pub fn gather(experiment: &Experiment, folder: &Path, journal: &Path) -> Result<Gathered, SweepError> {
    let plan = experiment.sweep.as_ref().ok_or(SweepError::NoSweep)?;
    let fingerprint = fingerprint(experiment, plan)?;
    let mut results = Results::new(experiment, plan, &fingerprint)?;
    let journals = journals(folder, journal)?;
    for path in &journals {
        let mut contradiction = None;
        ResultJournal::read(path, &fingerprint, |row| {
            if !results.has(row.run) {
                return results.insert(row);
            }
            if !results.agrees(&row) {
                contradiction = Some(row.run);
            }
            true
        })?;
        if let Some(run) = contradiction {
            return Err(SweepError::Contradiction { path: path.clone(), run });
        }
    }
    let mut missing: Vec<Range<u64>> = Vec::new();
    if results.done() < results.runs() {
        for run in (0..results.runs()).filter(|run| !results.has(*run)) {
            match missing.last_mut() {
                Some(last) if last.end == run => last.end += 1,
                _ => missing.push(run..run + 1),
            }
        }
    }
    Ok(Gathered { results, journals, missing })
}

/// Lists the journals of a sweep in a folder, in the order of their names.
fn journals(folder: &Path, journal: &Path) -> Result<Vec<PathBuf>, SweepError> {
    let fail = |error| IoError::new(folder.display(), FileError::Read(error).into());
    let stem = journal.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let belongs = name.strip_prefix(&stem).is_some_and(|rest| rest.starts_with('.'));
        if belongs && path.extension() == Some(OsStr::new("journal")) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
