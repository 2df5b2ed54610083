//! The catalogue and its text table.

use brainmass::{list_models, to_table};
use serde_json::Value;

use super::Outcome;

/// Compares the records and the table.
pub fn run(case: &Value) -> Outcome {
    let records = list_models();
    if serde_json::to_value(&records).ok().as_ref() != Some(&case["records"]) {
        return Outcome::Failed("the records differ".to_owned());
    }
    if case["table"].as_str() != Some(to_table(&records).as_str()) {
        return Outcome::Failed("the table differs".to_owned());
    }
    Outcome::Passed(0.0)
}
