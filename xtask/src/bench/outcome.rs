//! The numbers that a workload computes.

use brainmass::prelude::*;

/// The result of a workload that the library computed.
pub enum Outcome {
    /// Runs, of which the first record counts.
    Runs(Vec<Run>),
    /// The rows of a monitor, one after the other.
    Rows(Vec<f64>),
}

impl Outcome {
    /// All numbers, in their order.
    pub fn numbers(&self) -> Vec<f64> {
        match self {
            Self::Runs(runs) => runs.iter().flat_map(|run| &run.columns()[0].values).copied().collect(),
            Self::Rows(rows) => rows.clone(),
        }
    }
}
