//! The limits of a run, and the memory that it takes, which is computed before any of it is taken.

use brainmass_sim::runtime::available_memory;
use brainmass_sim::simulator::DEFAULT_MOST_STEPS;

/// The limits of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that records, connections and delays may take together; those that the process can have if `None`.
    pub memory: Option<u64>,
    /// Steps that a run may have.
    pub steps: u64,
}

impl Default for Limits {
    /// Returns the limits of a run that says nothing: the memory that the process can have, and [`DEFAULT_MOST_STEPS`].
    fn default() -> Self {
        Self { memory: None, steps: DEFAULT_MOST_STEPS }
    }
}

impl Limits {
    /// Returns the bytes that may be taken.
    pub fn bytes(self) -> u64 {
        self.memory.unwrap_or_else(available_memory)
    }
}

/// The most steps that a limit can allow: those that can be counted.
pub const MOST_STEPS: u64 = 1 << 48;

/// Bytes that an edge takes while a network is made: in the description, in the plan and in the sums of a run.
const EDGE_BYTES: u64 = 96;
/// Bytes that a node takes for each number of its model: initial state, state, rate, noise.
const NUMBER_BYTES: u64 = 64;

/// Shows an amount of memory as a person would say it.
pub fn shown(bytes: u128) -> String {
    let bytes = bytes as f64;
    let (unit, size) = match bytes {
        b if b >= 1e15 => return format!("{bytes:.1e} bytes"),
        b if b >= 1e12 => ("TB", 1e12),
        b if b >= 1e9 => ("GB", 1e9),
        b if b >= 1e6 => ("MB", 1e6),
        _ => ("kB", 1e3),
    };
    let number = bytes / size;
    if number < 10.0 { format!("{number:.1} {unit}") } else { format!("{number:.0} {unit}") }
}

/// The memory that a run takes, summed up part by part.
#[derive(Default)]
pub struct Needed {
    records: u128,
    edges: u128,
    delays: u128,
    nodes: u128,
}

impl Needed {
    /// Adds records: as many rows of `width` numbers.
    pub fn add_records(&mut self, rows: u64, width: u64) {
        self.records = added(self.records, [rows, width, 8]);
    }

    /// Adds the edges of a projection.
    pub fn add_edges(&mut self, count: u64) {
        self.edges = added(self.edges, [count, 1, EDGE_BYTES]);
    }

    /// Adds the past of some sources over some steps; see the documentation of [`crate::network`].
    pub fn add_delays(&mut self, sources: u64, steps: u64) {
        self.delays = added(self.delays, [sources, steps, 12]);
        self.delays = added(self.delays, [sources, 1, 576]);
    }

    /// Adds some nodes of a model with so many numbers each.
    pub fn add_nodes(&mut self, nodes: u64, numbers: u64) {
        self.nodes = added(self.nodes, [nodes, numbers, NUMBER_BYTES]);
    }

    /// Says what is too large, and what to do about it.
    pub fn exceeds(&self, limits: Limits) -> Option<(String, &'static str)> {
        let parts = [
            (
                self.records,
                "the records need",
                "record less often with `sample_every`, keep less with `record`, or let an instrument of `observe` watch the run",
            ),
            (
                self.edges,
                "the connections need",
                "give fewer connections, as a list of weights with zeros or a `file`",
            ),
            (self.delays, "the delays need", "take a larger `dt`, a higher `speed` or shorter delays"),
            (self.nodes, "the nodes need", "take fewer nodes"),
        ];
        let all = parts.iter().fold(0_u128, |all, (bytes, ..)| all.saturating_add(*bytes));
        if all <= u128::from(limits.bytes()) {
            return None;
        }
        let (bytes, what, help) = parts.into_iter().max_by_key(|(bytes, ..)| *bytes)?;
        let message = format!(
            "{what} {} of memory; {} are allowed (`limits: {{memory: ...}}` allows more)",
            shown(bytes),
            shown(limits.bytes().into())
        );
        Some((message, help))
    }
}

/// Adds a product to a sum; what is beyond 128 bits is as good as infinite.
fn added(sum: u128, factors: [u64; 3]) -> u128 {
    sum.saturating_add(
        factors.into_iter().fold(1_u128, |product, factor| product.saturating_mul(factor.into())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_named() {
        let mut needed = Needed::default();
        needed.add_records(72_000_000, 400);
        let (message, help) = needed.exceeds(Limits { memory: Some(8_000_000_000), steps: 1 }).unwrap();
        assert_eq!(
            message,
            "the records need 230 GB of memory; 8.0 GB are allowed (`limits: {memory: ...}` allows more)"
        );
        assert!(help.contains("sample_every"));
        assert_eq!(needed.exceeds(Limits { memory: Some(231_000_000_000), ..Limits::default() }), None);
        // Sums beyond 64 bits do not wrap around.
        needed.add_records(u64::MAX, u64::MAX);
        needed.add_edges(u64::MAX);
        assert!(needed.exceeds(Limits { memory: Some(u64::MAX), steps: 1 }).is_some());
    }
}
