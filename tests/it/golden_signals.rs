//! The reference cases of observation and objectives.

use std::error::Error;
use std::path::Path;

use brainmass_tests::golden::{Outcome, run_case};
use serde_json::Value;

/// Runs every case of a file and gives how many there are and what was wrong; skipping a case is wrong.
fn run_file(name: &str) -> Result<(usize, Vec<String>), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let failure = |case: &Value| match run_case(case) {
        Outcome::Passed(_) => None,
        Outcome::Failed(why) | Outcome::Skipped(why) => Some(format!("{}: {why}", case["id"])),
    };
    Ok((cases.len(), cases.iter().filter_map(failure).collect()))
}

#[track_caller]
fn check_file(name: &str, cases: usize) {
    let (count, failures) = run_file(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(count, cases, "{name}");
}

#[test]
fn hemodynamic_responses_agree_with_the_reference() {
    check_file("HRF.json", 24);
}

#[test]
fn temporal_averages_agree_with_the_reference() {
    check_file("TemporalAverage.json", 6);
}

#[test]
fn lead_fields_agree_with_the_reference() {
    check_file("LeadField.json", 18);
}

#[test]
fn objectives_agree_with_the_reference() {
    check_file("objectives.json", 10);
}
