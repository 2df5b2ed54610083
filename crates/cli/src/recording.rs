//! Recorded arrays, from a run or from a file.

use std::path::Path;

use brainmass::Run;
use brainmass::io::printable;
use brainmass::io::recording::{Column, Recording};
use brainmass::missing;
use brainmass_spec::problem::suggestion;
use serde_json::json;

use crate::failure::Failure;

/// Returns what a run recorded.
pub fn of(run: &Run) -> Recording {
    let labels = &run.provenance().labels;
    Recording {
        columns: run.columns().to_vec(),
        provenance: Some(json!(run.provenance())),
        nodes: (!labels.is_empty()).then(|| labels.clone()),
        notes: Vec::new(),
    }
}

/// Reads a file that a run was saved to.
pub fn open(path: &Path) -> Result<Recording, Failure> {
    let mut recording = Recording::open(path).map_err(|error| {
        let failure = Failure::new(error);
        if let Some(hint) = missing::way_out(path) {
            return failure.hint(hint);
        }
        match brainmass::io::ending(path).as_str() {
            "yaml" | "yml" => {
                failure.hint("`brainmass run FILE --out run.npz` makes a run of it, which can be read")
            }
            "npz" | "csv" => {
                failure.hint("`brainmass analyze --tr` reads measured signals, which have no times")
            }
            "npy" | "tsv" | "txt" => failure.hint(
                "if it holds measured signals, say how far apart samples are: `brainmass analyze --tr 720ms`",
            ),
            _ => failure,
        }
    })?;
    let ended_at = recording.provenance.as_ref().and_then(|provenance| provenance["ended_at"].as_f64());
    if let Some(time) = ended_at {
        recording.notes.push(format!("the run ended before its time, at t = {time} ms"));
    }
    Ok(recording)
}

/// Reads signals without times, of samples `interval` ms apart.
pub fn sampled(path: &Path, interval: f64, regions_first: bool) -> Result<Recording, Failure> {
    Recording::sampled(path, interval, regions_first).map_err(Failure::new)
}

/// Returns the records of these names, or all of them if there are none.
pub fn chosen<'a>(recording: &'a Recording, names: &[String]) -> Result<Vec<&'a Column>, Failure> {
    if names.is_empty() {
        return Ok(recording.columns.iter().collect());
    }
    let find = |name: &String| {
        recording.columns.iter().find(|column| column.name == *name).ok_or_else(|| {
            let known: Vec<String> = recording.columns.iter().map(|column| printable(&column.name)).collect();
            let known = known.iter().map(String::as_str);
            Failure::new(format!("there is no record `{}`", printable(name)))
                .hint(suggestion(name, "records", known))
        })
    };
    names.iter().map(find).collect()
}
