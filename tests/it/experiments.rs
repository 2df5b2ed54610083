//! The reference cases of one model, written as experiment files and run by the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use brainmass_tests::built;
use brainmass_tests::golden::{Deviation, Outcome, experiment, flat, names};
use serde_json::{Value, json};

#[test]
fn every_case_of_one_model_runs_from_an_experiment_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut cases = Vec::new();
    let mut files = Vec::new();
    for case in all_cases() {
        let Some(mut file) = experiment(&case).unwrap_or_else(|why| panic!("{}: {why}", case["id"])) else {
            continue;
        };
        let name = format!("{:04}", cases.len());
        file["output"] = json!([format!("{name}.run.json")]);
        let path = folder.path().join(format!("{name}.json"));
        fs::write(&path, file.to_string()).expect("the folder can be written");
        files.push(path);
        cases.push((case, name));
    }
    // One process runs many files, as a user's would.
    let output = Command::new(built::command())
        .arg("run")
        .arg("--quiet")
        .args(&files)
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut failures = Vec::new();
    let mut worst = 0.0_f64;
    for (case, name) in &cases {
        let run =
            fs::read_to_string(folder.path().join(format!("{name}.run.json"))).expect("the run was written");
        let run: Value = serde_json::from_str(&run).expect("JSON");
        match compared(case, &run) {
            Outcome::Passed(deviation) => worst = worst.max(deviation),
            other => failures.push(format!("{}: {other:?}", case["id"])),
        }
    }
    crate::tell(&format!(
        "{} experiment files agree, worst deviation {worst:.1e}",
        cases.len() - failures.len()
    ));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(cases.len() >= 400, "only {} cases were converted", cases.len());
}

fn all_cases() -> Vec<Value> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/golden"));
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is part of the repository")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    paths.sort();
    let read = |path: &PathBuf| -> Vec<Value> {
        serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("a list of cases")
    };
    paths.iter().flat_map(read).collect()
}

fn compared(case: &Value, run: &Value) -> Outcome {
    let mut deviation = Deviation::default();
    let model = case["model"].as_str().unwrap_or_default();
    for (name, series) in case["recorded"].as_object().into_iter().flatten() {
        let records = run["records"].as_array().into_iter().flatten();
        let ours = names::signal(model, name);
        match records.into_iter().find(|record| record["name"] == ours) {
            Some(record) => deviation.add(name, &flat(&series["values"]), &flat(&record["values"])),
            None => deviation.fail(format!("`{name}` is missing")),
        }
    }
    deviation.finish()
}
