//! Golden data of bifurcations and linear response, in the format of `tests/golden-dynamics/README.md`.

mod case;
mod cycles;
mod equilibria;
mod plane;
mod report;
mod response;

use std::path::{Path, PathBuf};

use brainmass_spec::model::Model;
use serde_json::Value;

pub use report::{Comparison, Report};

pub use case::Case;

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
