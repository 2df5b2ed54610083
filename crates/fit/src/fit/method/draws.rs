//! Random numbers of a search: functions of the seed, the start, the iteration and the candidate.

use brainmass_sim::noise::{NormalStream, UniformStream};

/// The random numbers of one start.
///
/// They are counter-based: the number for an iteration and a candidate does not depend on how many were drawn before, nor on the thread
/// that asks for it.
pub(crate) struct CandidateDraws {
    normal: NormalStream,
    uniform: UniformStream,
}

/// Candidates of an iteration whose numbers do not overlap with those of the next iteration.
pub(super) const MOST_CANDIDATES: usize = 1 << 24;

impl CandidateDraws {
    pub fn new(seed: u64, start: u32) -> Self {
        Self { normal: NormalStream::new(seed, start), uniform: UniformStream::new(seed, start) }
    }

    /// Draws standard normal deviates for a candidate of an iteration.
    pub fn normal(&self, iteration: usize, candidate: usize, count: usize) -> Vec<f64> {
        let mut out = vec![0.0; count];
        self.normal.fill(counter(iteration, candidate), 0, &mut out);
        out
    }

    /// Draws numbers between 0 and 1 for a candidate of an iteration.
    pub fn uniform(&self, iteration: usize, candidate: usize, count: usize) -> Vec<f64> {
        let mut out = vec![0.0; count];
        self.uniform.fill(counter(iteration, candidate), 0, &mut out);
        out
    }
}

fn counter(iteration: usize, candidate: usize) -> u64 {
    (iteration as u64).wrapping_mul(MOST_CANDIDATES as u64).wrapping_add(candidate as u64)
}
