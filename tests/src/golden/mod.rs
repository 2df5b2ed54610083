//! The golden harness: runs any folder of reference cases in the format of `tests/golden/README.md`.
//!
//! [`run_case`] picks the runner by the `kind` of a case; a kind without one is skipped, and counted as such.

mod compare;
mod laplacian;

pub use compare::{Deviation, compare};

use serde_json::Value;

/// What became of one case.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every recorded number agrees to the tolerance; the largest deviation is kept.
    Passed(f64),
    /// Some number does not, or the case could not be run; says which and why.
    Failed(String),
    /// The case is not run, for this reason.
    Skipped(String),
}

/// Largest deviation, relative to the largest value of a series, that counts as agreement.
pub const TOLERANCE: f64 = 1e-9;

/// Runs one case.
pub fn run_case(case: &Value) -> Outcome {
    let kind = case["kind"].as_str().unwrap_or_default();
    match kind {
        "laplacian" => laplacian::run_laplacian(case),
        "laplacian_param" => laplacian::run_laplacian_param(case),
        _ => Outcome::Skipped(format!("no runner for kind `{kind}` yet")),
    }
}
