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
    let journals = shards(folder, journal)?;
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

/// Lists the journals of the shards of a sweep in a folder, in the order of their names: those whose names are that of `journal`, the journal of the
/// whole sweep, with more before the ending.
///
/// # Errors
///
/// The folder cannot be read.
pub fn shards(folder: &Path, journal: &Path) -> Result<Vec<PathBuf>, SweepError> {
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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use brainmass_sim::simulator::{ResultJournal, Row};

    /// An experiment with so many seeds, and the journals of so many shards, whose rows are made up.
    fn journals(folder: &Path, runs: u64, shards: u64) -> (Experiment, PathBuf) {
        let text = format!(
            "{{model: HopfStep, duration: 1 ms, sweep: {{over: {{seeds: 0..{runs}}}, \
             measure: {{a: {{signal: x, summary: mean}}, b: {{signal: y, summary: mean}}}}}}}}"
        );
        let experiment = Experiment::read("g.yaml", &text).unwrap();
        let plan = experiment.sweep.as_ref().unwrap();
        let whole = folder.join("g.journal");
        let fingerprint = fingerprint(&experiment, plan).unwrap();
        for index in 1..=shards {
            let shard = crate::sweep::Shard::new(index, shards).unwrap();
            let path = folder.join(format!("g.{index}-of-{shards}.journal"));
            let (mut journal, _) =
                ResultJournal::open(&path, &fingerprint, &shard.to_string(), |_| true).unwrap();
            for run in shard.runs_of(runs) {
                let numbers = vec![(run as f64).sqrt(), 1.0 / (run as f64 + 3.0)];
                journal.append(&Row { run, numbers, reason: None, records: Vec::new() }).unwrap();
            }
        }
        (experiment, whole)
    }

    #[test]
    fn what_two_journals_say_of_one_run_must_be_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (experiment, whole) = journals(folder.path(), 20, 4);
        let gathered = gather(&experiment, folder.path(), &whole).unwrap();
        assert_eq!((gathered.results.done(), gathered.missing.len(), gathered.journals.len()), (20, 0, 4));
        // The same runs in another division are no contradiction, other numbers are one.
        journals(folder.path(), 20, 3);
        let again = gather(&experiment, folder.path(), &whole).unwrap();
        assert_eq!(again.results.to_csv().unwrap(), gathered.results.to_csv().unwrap());
        let plan = experiment.sweep.as_ref().unwrap();
        let path = folder.path().join("g.other.journal");
        let fingerprint = fingerprint(&experiment, plan).unwrap();
        let (mut journal, _) = ResultJournal::open(&path, &fingerprint, "1/1", |_| true).unwrap();
        journal.append(&Row { run: 7, numbers: vec![0.0, 0.0], reason: None, records: Vec::new() }).unwrap();
        let error = gather(&experiment, folder.path(), &whole).unwrap_err();
        assert!(matches!(error, SweepError::Contradiction { run: 7, .. }), "{error}");
    }

    #[test]
    #[ignore = "a measurement: it needs an optimised build"]
    fn a_million_rows_are_gathered_and_written_in_seconds() {
        let folder = tempfile::tempdir().unwrap();
        let (experiment, whole) = journals(folder.path(), 1_000_000, 20);
        let began = Instant::now();
        let gathered = gather(&experiment, folder.path(), &whole).unwrap();
        let read = began.elapsed();
        gathered.results.save(&folder.path().join("g.csv")).unwrap();
        let csv = began.elapsed();
        gathered.results.save(&folder.path().join("g.npz")).unwrap();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        println!("read {read:?}, with csv {csv:?}, with npz {:?}; {peak}", began.elapsed());
        assert_eq!(gathered.results.done(), 1_000_000);
    }
}
