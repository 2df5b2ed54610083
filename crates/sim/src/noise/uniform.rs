//! Uniformly distributed numbers.

use super::stream::{Distribution, Stream, joined, one_and};
use brainmass_core::real::registers::Vector;

/// Numbers uniformly distributed between 0 and 1, both excluded, that depend on (seed, stream, node, step) alone.
///
/// A number is an odd multiple of 2^-53; its bits are the same on every machine. They are independent of those of a
/// [`NormalStream`](super::NormalStream) of the same seed and stream.
///
/// ```
/// use brainmass::noise::UniformStream;
///
/// let (mut all, mut some) = ([0.0; 90], [0.0; 5]);
/// let stream = UniformStream::new(42, 0);
/// stream.fill(1000, 0, &mut all);
/// stream.fill(1000, 17, &mut some);
/// assert_eq!(all[17..22], some);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct UniformStream(Stream<Uniform, 1>);

impl UniformStream {
    /// Creates the stream numbered `stream` of a seed. Streams and seeds are independent of each other.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self(Stream::new(seed, stream))
    }

    /// Writes the numbers of the `out.len()` nodes from `first_node` on at `step`; nodes below 2^33, steps below 2^63.
    pub fn fill(&self, step: u64, first_node: usize, out: &mut [f64]) {
        self.0.fill(step, first_node, out);
    }
}

/// The uniform distribution between 0 and 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Uniform;

impl Distribution<1> for Uniform {
    const TAG: u32 = 1;

    /// Computes the middle of the interval that the upper 52 bits begin, which is never 0 nor 1.
    #[inline(always)]
    fn numbers<V: Vector>(words: [V; 2]) -> [V; 1] {
        [one_and(joined(words).bits_shr::<12>()) - V::splat(1.0 - f64::EPSILON / 2.0)]
    }
}
