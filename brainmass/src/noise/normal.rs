//! Normally distributed numbers.

use super::stream::{Distribution, SEEDS, Stream, Streams};
use super::uniform::open;
use crate::real::functions::{ln_normal, polynomial};
use crate::real::vector::Vector;

/// Standard normal deviates that depend on (seed, stream, node, step) alone.
///
/// By the transform of Box & Muller (1958), from 52 random bits each for the radius and the angle: no deviate exceeds 8.6, and
/// the distribution is exact up to there but for rounding. The bits are the same on every machine: products
/// and sums are never fused here.
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
pub struct NormalStream(Stream<Normal>);

impl NormalStream {
    /// The stream numbered `stream` of a seed. Streams and seeds are independent of each other.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self(Stream::new(seed, stream))
    }

    /// Writes the deviates of the `out.len()` nodes from `first_node` on at `step`; nodes below 2^33, steps below 2^63.
    pub fn fill(&self, step: u64, first_node: usize, out: &mut [f64]) {
        self.0.fill(step, first_node, out);
    }
}

/// The streams of eight seeds, drawn side by side: each has the bits that it has alone.
#[derive(Clone, Debug)]
pub(crate) struct NormalStreams(Streams<Normal>);

impl NormalStreams {
    /// As [`NormalStream::new`] for each of the seeds.
    pub fn new(seeds: [u64; SEEDS], stream: u32) -> Self {
        Self(Streams::new(seeds, stream))
    }

    /// Writes the deviates of the nodes from 0 on at `step` times their scales: number `s` of node `n`, that of the `s`th seed, at `8 n + s`.
    pub fn fill_scaled(&self, step: u64, scale: &[f64], out: &mut [f64]) {
        self.0.fill(step, scale, out);
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Normal;

/// `sin(pi f)/f` in `f^2`, for `|f| <= 1/2`; relative error below 2^-52.
const SIN: [f64; 8] = [
    3.1415926535897905,
    -5.167712780049425,
    2.550164039846002,
    -0.5992645285199848,
    0.08214587581231256,
    -0.007370348524698369,
    0.00046594473515937655,
    -2.1088410542783883e-05,
];

/// `cos(pi f)` in `f^2`, for `|f| <= 1/2`; error below 2^-52.
const COS: [f64; 9] = [
    1.0,
    -4.934802200544676,
    4.058712126416498,
    -1.3352627688434646,
    0.23533063012980837,
    -0.025806888739352957,
    0.0019295562835931208,
    -0.00010456658073600428,
    4.1495917001716555e-06,
];

impl Distribution for Normal {
    const TAG: u32 = 0;

    /// `sqrt(-2 ln u)` times the cosine and sine of an angle: one in the right half plane, and a bit that says left or right.
    #[inline(always)]
    fn pair<V: Vector>(bits: [V; 2]) -> [V; 2] {
        let radius = (V::splat(-2.0) * ln_normal(open(bits[0]))).sqrt();
        let half_turns = open(bits[1]) - V::splat(0.5);
        let square = half_turns * half_turns;
        let cosine = polynomial(square, &COS).bits_xor(bits[1].bits_shl::<63>());
        let sine = half_turns * polynomial(square, &SIN);
        [radius * cosine, radius * sine]
    }
}
