//! Normally distributed numbers.

use std::f64::consts::LN_2;

use super::stream::{Distribution, SEEDS, Stream, Streams, joined, one_and};
use brainmass_core::real::registers::{Vector, polynomial, split_normal};

/// Standard normal deviates that depend on (seed, stream, node, step) alone.
///
/// They come by the transform of Box & Muller (1958) from 40 random bits for the radius and 24 for the angle of two deviates: none exceeds 7.6,
/// which one in 10^13 would, and the transform is exact to 3e-11. The bits are the same on every machine: products and sums are never fused here.
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
pub struct NormalStream(Stream<Normal, 2>);

impl NormalStream {
    /// Creates the stream numbered `stream` of a seed. Streams and seeds are independent of each other.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self(Stream::new(seed, stream))
    }

    /// Writes the deviates of the `out.len()` nodes from `first_node` on at `step`; nodes below 2^33, steps below 2^63.
    pub fn fill(&self, step: u64, first_node: usize, out: &mut [f64]) {
        self.0.fill(step, first_node, out);
    }
}

/// The streams of as many seeds as a register has lanes, drawn side by side. Each has the bits that it has alone.
#[derive(Clone, Debug)]
pub(crate) struct NormalStreams(Streams<Normal, 2>);

impl NormalStreams {
    /// Creates the stream numbered `stream` of each of the seeds.
    pub fn new(seeds: [u64; SEEDS], stream: u32) -> Self {
        Self(Streams::new(seeds, stream))
    }

    /// Writes the deviates of the nodes from 0 on at `step` times their scales: the deviate of seed `s` and node `n` is at
    /// `n*LANE_WIDTH + s`.
    pub fn fill_scaled(&self, step: u64, scale: &[f64], out: &mut [f64]) {
        self.0.fill(step, scale, out);
    }
}

/// The standard normal distribution.
#[derive(Clone, Copy, Debug)]
pub(super) struct Normal;

/// The polynomial of `sin(pi f)/f` in `f^2`, for `|f| <= 1/2`; its relative error is below 2.2e-11.
const SIN: [f64; 6] = [
    3.1415926535233454,
    -5.167712762115754,
    2.550163240316581,
    -0.5992513300954957,
    0.0820464787814625,
    -0.007022163448880461,
];

/// The polynomial of `cos(pi f)` in `f^2`, for `|f| <= 1/2`; its error is below 1e-12.
const COS: [f64; 7] = [
    0.9999999999992518,
    -4.934802200250963,
    4.058712107589396,
    -1.33526231614822,
    0.23532544342694545,
    -0.0257763407427792,
    0.0018400218559090486,
];

/// The polynomial of `-4 (artanh(s)/s - 1)/s^2` in `s^2`, for `|s| <= 0.1716`; the relative error of the logarithm is below 5e-12.
const LOG: [f64; 4] = [-1.3333333129729292, -0.8000066906890246, -0.5707469394190682, -0.4716294428151906];

impl Distribution<2> for Normal {
    const TAG: u32 = 0;

    /// Computes `sqrt(-2 ln u)` times the cosine and sine of an angle. The upper 40 of 64 bits are the radius, the next 23 an angle in the right half
    /// plane, and the last says left or right.
    #[inline(always)]
    fn numbers<V: Vector>(words: [V; 2]) -> [V; 2] {
        // Bits stand for the middle of the interval that they begin, which half of 2^-40 and of 2^-23 is added for.
        const BITS: [u64; 2] = [!0 << 12, (1 << 52) - (1 << 29)];
        const HALVES: [f64; 2] = [f64::EPSILON * (1 << 11) as f64, f64::EPSILON * (1 << 28) as f64];
        let bits = joined(words);
        let uniform =
            one_and(bits.bits_shr::<12>().bits_and(V::splat_bits(BITS[0]))) - V::splat(1.0 - HALVES[0]);
        let turn =
            one_and(bits.bits_shl::<28>().bits_and(V::splat_bits(BITS[1]))) - V::splat(1.5 - HALVES[1]);
        let square = turn * turn;
        let radius = minus_twice_ln(uniform).sqrt();
        let cosine = polynomial(square, &COS).bits_xor(bits.bits_shl::<63>());
        [radius * cosine, radius * (turn * polynomial(square, &SIN))]
    }
}

/// Computes `-2 ln(x)` of `x = 2^k m`: with `s = (m - 1)/(m + 1)`, `ln(x) = k ln 2 + 2 artanh(s)`.
#[inline(always)]
fn minus_twice_ln<V: Vector>(x: V) -> V {
    let (k, m) = split_normal(x);
    let s = (m - V::splat(1.0)) / (m + V::splat(1.0));
    let z = s * s;
    let series = polynomial(z, &LOG).mul_add(z, V::splat(-4.0));
    s.mul_add(series, k * V::splat(-2.0 * LN_2))
}
