//! The harness of the model zoo: runs any folder of files in the format of `tests/golden-zoo/README.md`.
//!
//! A file holds derivatives, runs and networks that other packages computed of one of their models. `tests/golden-zoo/names.yaml` is the one table that says
//! which model of ours that is, and what its states, parameters, inputs and observables are called here. Models run interpreted, as they
//! stand in the folder `models`.

mod derivatives;
mod deviation;
mod file;
mod formula;
mod memory;
mod numbers;
mod runs;
mod table;
mod zoo;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::golden::{FileReport, FolderError, Outcome};
use file::File;

/// Runs every case of every `.json` file of a folder, in the order of the files' names. A file without a row in the table of names, or whose model is
/// not there, is skipped with the reason.
///
/// # Errors
///
/// The folder or a file cannot be read.
pub fn run_folder(folder: &Path) -> Result<Vec<FileReport>, FolderError> {
    let read = |path: &Path, source| FolderError::Read { path: path.to_path_buf(), source };
    let mut files: Vec<PathBuf> = Vec::new();
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
            let head: Value = serde_json::from_str(&text)
                .map_err(|source| FolderError::Format { path: path.clone(), source })?;
            let part =
                |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
            let outcomes = run_file(&part(path.file_stem()), head);
            Ok(FileReport { name: part(path.file_name()), outcomes })
        })
        .collect()
}

/// Runs every case of a file.
fn run_file(stem: &str, head: Value) -> Vec<(String, Outcome)> {
    let mut row = match table::row(stem) {
        Ok(row) => row,
        Err(why) => return every(&head, &Outcome::Skipped(why)),
    };
    if let Some(reason) = &row.skip {
        return every(&head, &Outcome::Skipped(reason.clone()));
    }
    let head = memory::as_states(head, &mut row);
    match File::new(head.clone(), row) {
        Ok(file) => [derivatives::run(&file), runs::trajectories(&file), runs::networks(&file)].concat(),
        Err(why) => every(&head, &Outcome::Failed(why)),
    }
}

/// Gives all cases of a file one outcome.
fn every(head: &Value, outcome: &Outcome) -> Vec<(String, Outcome)> {
    let cases = ["rhs", "trajectory", "network"].into_iter().flat_map(|kind| head[kind].as_array());
    let id = |case: &Value| case["id"].as_str().unwrap_or("(no id)").to_owned();
    cases.flatten().map(|case| (id(case), outcome.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_agrees() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/golden-zoo"));
        let reports = run_folder(folder).expect("the folder is part of the repository");
        let mut failures = Vec::new();
        let mut passed = 0;
        for report in &reports {
            passed += report.count().passed;
            let failed = report.outcomes.iter().filter_map(|(id, outcome)| match outcome {
                Outcome::Failed(why) => Some(format!("{id}: {why}")),
                _ => None,
            });
            failures.extend(failed);
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        assert!(passed >= 2053, "only {passed} cases ran: rows of the table are missing");
    }

    #[test]
    fn a_file_of_an_unknown_model_is_skipped_with_the_reason() {
        let head = serde_json::json!({"rhs": [{"id": "a"}], "trajectory": [{"id": "b"}]});
        let outcomes = run_file("tvb_Unknown", head);
        assert_eq!(outcomes.len(), 2);
        assert!(
            outcomes
                .iter()
                .all(|(_, outcome)| matches!(outcome, Outcome::Skipped(why) if why.contains("no row")))
        );
    }

    #[test]
    fn a_wrong_number_is_told() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/golden-zoo/tvb_Linear.json");
        let text = fs::read_to_string(folder).expect("it is there");
        let mut head: Value = serde_json::from_str(&text).expect("it is JSON");
        head["rhs"][0]["d"][0] = serde_json::json!(1.0e6);
        head["trajectory"][0]["values"][3][0] = serde_json::json!(1.0e6);
        let outcomes = run_file("tvb_Linear", head);
        let failed = outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_))).count();
        assert_eq!(failed, 2);
    }
}
