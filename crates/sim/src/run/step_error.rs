//! The estimated error of the steps of a run.

use serde::Serialize;

/// The error above which [`StepError::is_large`].
const LARGE: f64 = 0.05;

/// The estimated error of the steps of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepError {
    /// The state whose error is largest.
    pub state: String,
    /// The root mean square of its error in a step, over nodes and moments, in units of the root mean square of the change that the step makes.
    /// It is infinite where the reference or the step itself left the finite numbers.
    pub relative: f64,
}

impl StepError {
    /// Whether the error is so large, above a twentieth of the change, that the run may show another dynamics than the equations have.
    pub fn is_large(&self) -> bool {
        self.relative > LARGE
    }
}
