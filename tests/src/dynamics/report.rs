//! The report of a comparison with reference data, and how values are read from them.

use serde_json::Value;

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
    pub(super) fn compare(&mut self, what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
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
    pub(super) fn fail(&mut self, what: &str, reason: impl Into<String>) {
        self.comparisons.push(Comparison { what: what.to_owned(), outcome: Err(reason.into()) });
    }

    /// Notes whether something holds.
    pub(super) fn check(&mut self, what: &str, holds: bool, reason: impl Into<String>) {
        let outcome = if holds { Ok(0.0) } else { Err(reason.into()) };
        self.comparisons.push(Comparison { what: what.to_owned(), outcome });
    }
}

/// Reads a list of numbers.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// Reads the entries of a list; none where there is no list.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
