//! The measurements of a workload.

use std::time::Duration;

/// The measurements of a workload.
pub struct Measured {
    pub name: &'static str,
    pub what: &'static str,
    pub node_steps: usize,
    pub target: f64,
    pub library: Duration,
    pub plain: Duration,
    /// Peak memory of a process that runs the workload with the library alone, bytes.
    pub memory: u64,
}

impl Measured {
    /// Returns the time of the library, in ns per node-step.
    pub fn ns(&self) -> f64 {
        self.library.as_secs_f64() * 1e9 / self.node_steps as f64
    }

    /// Returns the time of the plain kernel, in ns per node-step.
    pub fn plain_ns(&self) -> f64 {
        self.plain.as_secs_f64() * 1e9 / self.node_steps as f64
    }
}
