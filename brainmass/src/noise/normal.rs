//! Temporary stand-in.

/// Standard normal deviates that depend on (seed, stream, node, step) alone.
#[derive(Debug, Clone, Copy)]
pub struct NormalStream {
    seed: u64,
    stream: u32,
}

impl NormalStream {
    /// A stream of a seed.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self { seed, stream }
    }

    /// Deviates of `out.len()` nodes from `first_node` at `step`.
    pub fn fill(&self, step: u64, first_node: usize, out: &mut [f64]) {
        let _ = (self.seed, self.stream, step, first_node);
        out.fill(0.0);
    }
}
