//! Random numbers of a search: functions of the seed, the start, the iteration and the candidate.

use brainmass_sim::noise::{NormalStream, UniformStream};

/// The numbers of one start.
pub(in crate::fit) struct Draws {
    normal: NormalStream,
    uniform: UniformStream,
}

/// Candidates of an iteration whose numbers do not overlap.
const CANDIDATES: u64 = 1 << 24;

impl Draws {
    pub fn new(seed: u64, start: u32) -> Self {
        Self { normal: NormalStream::new(seed, start), uniform: UniformStream::new(seed, start) }
    }

    /// Standard normal deviates for a candidate of an iteration.
    pub fn normal(&self, iteration: usize, candidate: usize, count: usize) -> Vec<f64> {
        let mut out = vec![0.0; count];
        self.normal.fill(iteration as u64 * CANDIDATES + candidate as u64, 0, &mut out);
        out
    }

    /// Numbers between 0 and 1.
    pub fn uniform(&self, iteration: usize, candidate: usize, count: usize) -> Vec<f64> {
        let mut out = vec![0.0; count];
        self.uniform.fill(iteration as u64 * CANDIDATES + candidate as u64, 0, &mut out);
        out
    }
}
