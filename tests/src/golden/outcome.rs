//! The outcomes of cases.

/// The outcome of one case.
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
