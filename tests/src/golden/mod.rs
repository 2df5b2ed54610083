//! The golden harness: runs any folder of reference cases in the format of `tests/golden/README.md`.
//!
//! [`run_folder`] runs every case of every file; [`run_case`] picks the runner by the `kind` of a case, and a kind without a runner is
//! skipped and counted as such. Where the reference only calls things otherwise, `names` maps them, in one table.

mod case;
mod catalogue;
mod compare;
mod coupling_functions;
mod experiment;
mod gradients;
mod horn;
mod hrf;
mod lead_field;
pub mod models;
pub mod names;
mod network;
mod objectives;
mod outcome;
mod read;
mod temporal_average;
mod trajectory;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use thiserror::Error;

pub use case::{flat, quantity};
pub use compare::{Deviation, compare};
pub use experiment::experiment;
pub use outcome::{Outcome, TOLERANCE};

/// Runs one case.
pub fn run_case(case: &Value) -> Outcome {
    let kind = case["kind"].as_str().unwrap_or_default();
    match kind {
        // The Balloon-Windkessel model is a model like the others.
        "trajectory" | "balloon" => corrected(case, trajectory::run),
        "catalogue" => catalogue::run(case),
        "network" => corrected(case, network::run),
        "gradient" => corrected(case, gradients::of_nodes),
        "gradient_network" => corrected(case, gradients::of_network),
        "coupling_function" => corrected(case, coupling_functions::run),
        "laplacian" | "laplacian_param" => network::laplacian(case),
        "horn_layer" => horn::layer(case).unwrap_or_else(Outcome::Failed),
        "horn_network" => horn::network(case).unwrap_or_else(Outcome::Failed),
        "hrf_kernel" => hrf::kernel(case),
        "hrf_bold" => hrf::bold(case),
        "temporal_average" => temporal_average::run(case),
        "leadfield" => lead_field::project(case),
        "leadfield_compress" => lead_field::compress(case),
        "leadfield_readout" => lead_field::readout(case),
        "objective" => objectives::signals(case),
        "distance" => objectives::distance(case),
        "cosine" => objectives::cosine(case),
        _ => Outcome::Skipped(format!("no runner for kind `{kind}`")),
    }
}

/// Runs a case unless it holds what the reference does wrong and this library does not repeat.
fn corrected(case: &Value, run: impl Fn(&Value) -> Result<Outcome, String>) -> Outcome {
    match names::defect(case) {
        Some(reason) => Outcome::Skipped(reason),
        None => run(case).unwrap_or_else(Outcome::Failed),
    }
}

/// The outcomes of one file.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// The file's name.
    pub name: String,
    /// Each case by its id.
    pub outcomes: Vec<(String, Outcome)>,
}

/// The numbers of cases that passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Cases that passed.
    pub passed: usize,
    /// Cases that failed.
    pub failed: usize,
    /// Cases that were not run.
    pub skipped: usize,
}

impl FileReport {
    /// Counts the cases of the file that passed, failed and were skipped.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for (_, outcome) in &self.outcomes {
            match outcome {
                Outcome::Passed(_) => count.passed += 1,
                Outcome::Failed(_) => count.failed += 1,
                Outcome::Skipped(_) => count.skipped += 1,
            }
        }
        count
    }

    /// The largest deviation of the cases that passed.
    pub fn worst(&self) -> f64 {
        let deviation =
            |outcome: &Outcome| if let Outcome::Passed(deviation) = outcome { *deviation } else { 0.0 };
        self.outcomes.iter().map(|(_, outcome)| deviation(outcome)).fold(0.0, f64::max)
    }
}

/// Why a folder cannot be run.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not a list of cases.
    #[error("{path} is not a list of cases: {source}")]
    Format {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// There is nothing to run.
    #[error("there is no .json file in {0}")]
    Empty(PathBuf),
}

/// Runs every case of every `.json` file of a folder, in the order of the files' names.
///
/// # Errors
///
/// The folder or a file cannot be read.
pub fn run_folder(folder: &Path) -> Result<Vec<FileReport>, FolderError> {
    let read = |path: &Path, source| FolderError::Read { path: path.to_path_buf(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| read(folder, source))? {
        let path = entry.map_err(|source| read(folder, source))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(FolderError::Empty(folder.to_path_buf()));
    }
    files
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).map_err(|source| read(path, source))?;
            let cases: Vec<Value> = serde_json::from_str(&text)
                .map_err(|source| FolderError::Format { path: path.clone(), source })?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(FileReport { name, outcomes: run_cases(&cases) })
        })
        .collect()
}

fn run_cases(cases: &[Value]) -> Vec<(String, Outcome)> {
    let id = |case: &Value| case["id"].as_str().unwrap_or("(no id)").to_owned();
    let ids: HashSet<String> = cases.iter().map(id).collect();
    cases
        .iter()
        .map(|case| {
            let outcome = match run_case(case) {
                Outcome::Skipped(reason) if ids.contains(&format!("{}/corrected", id(case))) => {
                    Outcome::Skipped(format!("{reason}; its corrected twin is run"))
                }
                other => other,
            };
            (id(case), outcome)
        })
        .collect()
}
