//! The reference cases of observation and objectives.

use std::path::Path;

use brainmass_tests::golden::{Outcome, run_case};
use serde_json::Value;

/// Runs every case of a file; each must pass, none may be skipped.
#[track_caller]
fn check_file(name: &str, cases: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(all.len(), cases, "{name}");
    let failures = all
        .iter()
        .filter_map(|case| match run_case(case) {
            Outcome::Passed(_) => None,
            Outcome::Failed(why) | Outcome::Skipped(why) => Some(format!("{}: {why}", case["id"])),
        })
        .collect::<Vec<_>>();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
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
