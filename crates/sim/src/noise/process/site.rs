//! The place of a noise process in a run.

/// The settings of a run that a process needs besides its own numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProcessSite<'a> {
    /// The number of nodes.
    pub nodes: usize,
    /// The unit of the port.
    pub unit: &'a str,
    /// The time step, ms.
    pub dt: f64,
    pub seed: u64,
    /// The number of the random stream, which no other process of the run has.
    pub stream: u32,
}
