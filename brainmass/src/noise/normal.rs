//! Normally distributed numbers.

use super::stream::{Distribution, Stream};
use super::uniform::open;
use crate::real::functions::{ln_normal, polynomial};
use crate::real::vector::{SIGN, Vector};

/// Standard normal deviates that depend on (seed, stream, node, step) alone.
///
/// By the transform of Box & Muller (1958), from 52 bits for the radius and 53 for the angle: no deviate exceeds 8.6, and
/// the distribution is exact up to there but for rounding. The bits are the same on every machine: products and sums are never fused here.
///
/// ```
/// use brainmass::noise::NormalStream;
///
/// let (mut all, mut some) = ([0.0; 90], [0.0; 5]);
/// let stream = NormalStream::new(42, 0);
/// stream.fill(1000, 0, &mut all);
/// stream.fill(1000, 17, &mut some);
/// assert_eq!(all[17..22], some);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NormalStream(Stream);

impl NormalStream {
    /// The stream numbered `stream` of a seed. Streams and seeds are independent of each other.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self(Stream::new(seed, stream))
    }

    /// Writes the deviates of the `out.len()` nodes from `first_node` on at `step`; nodes below 2^33, steps below 2^63.
    pub fn fill(&self, step: u64, first_node: usize, out: &mut [f64]) {
        self.0.fill(Normal, step, first_node, out);
    }
}
