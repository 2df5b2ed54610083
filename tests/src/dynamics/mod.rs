//! Golden data of bifurcations and linear response, in the format of `tests/golden-dynamics/README.md`.

mod case;
mod cycles;
mod equilibria;
mod plane;
mod response;

use std::path::{Path, PathBuf};

use brainmass_spec::model::Model;
use serde_json::Value;

pub use case::Case;

/// A comparison of one number or list of numbers of a file.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The thing that is compared.
    pub what: String,
    /// The deviation as a share of the tolerance, or a reason why there is none.
    pub outcome: Result<f64, String>,
}

impl Comparison {
    /// Returns whether the deviation is within the tolerance.
    pub fn has_passed(&self) -> bool {
        matches!(self.outcome, Ok(share) if share <= 1.0)
    }
}

/// The comparisons of a file.
#[derive(Debug, Clone)]
pub struct Report {
    /// The name of the file.
    pub name: String,
    /// The comparisons, in the order in which they were made.
    pub comparisons: Vec<Comparison>,
}

impl Report {
    /// Returns the comparisons that failed, a line each.
    pub fn failures(&self) -> Vec<String> {
        let line = |comparison: &Comparison| match &comparison.outcome {
            Ok(share) => format!("{}: {share:.2e} times the tolerance", comparison.what),
            Err(reason) => format!("{}: {reason}", comparison.what),
        };
        self.comparisons.iter().filter(|comparison| !comparison.has_passed()).map(line).collect()
    }

    /// Notes the largest deviation of some numbers from others.
    fn compare(&mut self, what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
        let outcome = if found.len() == expected.len() {
            let deviations = found.iter().zip(expected).map(|(found, expected)| {
                let deviation = (found - expected).abs() / (tolerance * expected.abs().max(1.0));
                if deviation.is_nan() { f64::INFINITY } else { deviation }
            });
            Ok(deviations.fold(0.0, f64::max))
        } else {
            Err(format!("{} numbers, expected {}", found.len(), expected.len()))
        };
        self.comparisons.push(Comparison { what: what.to_owned(), outcome });
    }

    /// Notes something that could not be compared.
    fn fail(&mut self, what: &str, reason: impl Into<String>) {
        self.comparisons.push(Comparison { what: what.to_owned(), outcome: Err(reason.into()) });
    }

    /// Notes whether something holds.
    fn check(&mut self, what: &str, holds: bool, reason: impl Into<String>) {
        let outcome = if holds { Ok(0.0) } else { Err(reason.into()) };
        self.comparisons.push(Comparison { what: what.to_owned(), outcome });
    }
}

/// Runs all files of a folder. `find` gives a model of the library by its name.
///
/// # Errors
///
/// The folder or a file in it cannot be read.
pub fn run_folder(
    folder: &Path,
    only: &str,
    find: &dyn Fn(&str) -> Result<Model, String>,
) -> Result<Vec<Report>, String> {
    let listed = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut reports = Vec::new();
    for path in paths {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with(only) {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let value: Value =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        reports.push(run(&name, &value, find));
    }
    Ok(reports)
}

/// Makes all comparisons of a file.
pub fn run(name: &str, value: &Value, find: &dyn Fn(&str) -> Result<Model, String>) -> Report {
    let mut report = Report { name: name.to_owned(), comparisons: Vec::new() };
    let is_diagram = value.get("starts").is_some_and(|starts| !starts.is_null());
    if is_diagram {
        match Case::read(value, find) {
            Ok(case) => {
                let diagram = equilibria::compare(&case, &mut report);
                cycles::compare(&case, &diagram, &mut report);
                plane::compare(&case, &mut report);
            }
            Err(reason) => report.fail("the file", reason),
        }
    } else if let Err(reason) = response::compare(value, find, &mut report) {
        report.fail("the file", reason);
    }
    report
}

/// Reads a list of numbers.
fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// Reads the entries of a list; none where there is no list.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
