//! Streams of random numbers: counters from (seed, stream, node, step), and slices of nodes filled from them.

use std::marker::PhantomData;

use super::philox::{Philox, Philoxes};
use brainmass_core::real::registers::{Vector, VectorJob};
use brainmass_core::real::{LANE_WIDTH, Simd};

/// The number of counter blocks of Philox whose numbers go to one group of nodes. Block `4 g + i` belongs to the nodes `i`, `4 + i`, and so on, of
/// group `g`, so that the pieces of a group are registers.
const BLOCKS: usize = 4;

/// A distribution, which turns two of the four words of a block into the numbers of `COUNT` nodes.
pub(super) trait Distribution<const COUNT: usize>: Copy {
    /// The tag that keeps distributions apart: the same seed, stream, node and step give independent bits.
    const TAG: u32;

    /// Computes numbers from random words in the low 32 bits of each lane. The bits above them are not random.
    fn numbers<V: Vector>(words: [V; 2]) -> [V; COUNT];
}

/// Joins two words to one of 64 bits, of which the second is the upper half.
#[inline(always)]
pub(super) fn joined<V: Vector>(words: [V; 2]) -> V {
    words[0].bits_and(V::splat_bits(u64::from(u32::MAX))).bits_or(words[1].bits_shl::<32>())
}

/// Returns the number from 1 to 2 that has these 52 bits behind the point.
#[inline(always)]
pub(super) fn one_and<V: Vector>(bits: V) -> V {
    bits.bits_or(V::splat(1.0))
}

/// The numbers of all nodes and steps of one seed and stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream<D, const COUNT: usize> {
    philox: Philox,
    stream: u32,
    distribution: PhantomData<D>,
}

impl<const COUNT: usize, D: Distribution<COUNT>> Stream<D, COUNT> {
    /// Creates the stream numbered `stream` of a seed.
    pub fn new(seed: u64, stream: u32) -> Self {
        Self { philox: Philox::new(key(seed)), stream, distribution: PhantomData }
    }

    /// Writes the numbers of the nodes from `first_node` on at `step`.
    pub fn fill(&self, step: u64, first_node: usize, out: &mut [f64]) {
        Simd::run_unfused(Fill { stream: self, step, first_node, out });
    }
}

/// The numbers of all nodes and steps of one stream and [`SEEDS`] seeds.
#[derive(Clone, Debug)]
pub(super) struct Streams<D, const COUNT: usize> {
    philoxes: Philoxes,
    stream: u32,
    distribution: PhantomData<D>,
}

/// The number of seeds that are drawn together: those of the runs of a batch.
pub(super) const SEEDS: usize = LANE_WIDTH;

impl<const COUNT: usize, D: Distribution<COUNT>> Streams<D, COUNT> {
    /// Creates the stream numbered `stream` of each seed.
    pub fn new(seeds: [u64; SEEDS], stream: u32) -> Self {
        Self { philoxes: Philoxes::new(seeds.map(key)), stream, distribution: PhantomData }
    }

    /// Writes the numbers of the nodes from 0 on at `step`, those of all seeds side by side, each times its scale.
    pub fn fill(&self, step: u64, scale: &[f64], out: &mut [f64]) {
        Simd::run_unfused(FillSeeds { streams: self, step, scale, out });
    }
}

/// The key of a seed.
fn key(seed: u64) -> [u32; 2] {
    [seed as u32, (seed >> 32) as u32]
}

/// The words of a counter without the block.
#[inline(always)]
fn counter<V: Vector>(stream: u32, step: u64, tag: u32) -> [V; 3] {
    let last = step >> 32 | u64::from(tag) << 31;
    [V::splat_bits(u64::from(stream)), V::splat_bits(step), V::splat_bits(last)]
}

/// The words of some blocks, which wait here for their transform. Two short loops overlap their turns, where one long loop waits for itself.
#[repr(align(64))]
struct Words([[f64; PLACES]; 4]);

/// The number of places for words: all seeds of a group, or as many groups of a single seed.
const PLACES: usize = BLOCKS * SEEDS;

impl Words {
    /// Stores words at some places.
    #[inline(always)]
    fn keep<V: Vector>(&mut self, at: usize, words: [V; 4]) {
        for (word, to) in self.0.iter_mut().enumerate() {
            words[word].store(&mut to[at..]);
        }
    }

    /// Computes the numbers of the places from `at` on, by the first two words or the second two.
    #[inline(always)]
    fn numbers<V: Vector, D: Distribution<COUNT>, const COUNT: usize>(
        &self,
        half: usize,
        at: usize,
    ) -> [V; COUNT] {
        D::numbers([V::load(&self.0[2 * half][at..]), V::load(&self.0[2 * half + 1][at..])])
    }
}

/// A job that writes the numbers of one seed, see [`Stream::fill`].
struct Fill<'a, D, const COUNT: usize> {
    stream: &'a Stream<D, COUNT>,
    step: u64,
    first_node: usize,
    out: &'a mut [f64],
}

impl<const COUNT: usize, D: Distribution<COUNT>> VectorJob for Fill<'_, D, COUNT> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { stream, step, first_node: mut node, out: mut rest } = self;
        // The numbers of nodes of a block, and of a group.
        let (block_nodes, group_nodes) = (2 * COUNT, 2 * COUNT * BLOCKS);
        let mut numbers = [0.0; 4 * PLACES];
        while !rest.is_empty() {
            let offset = node % group_nodes;
            let count = rest.len().min(block_nodes * PLACES - offset);
            let places = (offset + count).div_ceil(group_nodes) * BLOCKS;
            draw::<V, D, COUNT>(stream, step, node / group_nodes * BLOCKS, places, &mut numbers);
            let out;
            (out, rest) = rest.split_at_mut(count);
            out.copy_from_slice(&numbers[offset..offset + count]);
            node += count;
        }
    }
}

/// Draws the numbers of `places` blocks from `block` on, and of those behind them up to a whole register.
#[inline(always)]
fn draw<V: Vector, D: Distribution<COUNT>, const COUNT: usize>(
    stream: &Stream<D, COUNT>,
    step: u64,
    block: usize,
    places: usize,
    numbers: &mut [f64],
) {
    // The numbers 0, 1, 2, ... as bits are the blocks of the lanes.
    let following: [f64; LANE_WIDTH] = std::array::from_fn(|lane| f64::from_bits(lane as u64));
    let [stream_word, low, high] = counter::<V>(stream.stream, step, D::TAG);
    let mut words = Words([[0.0; PLACES]; 4]);
    for at in (0..places).step_by(V::WIDTH) {
        let block = V::load(&following).bits_add(V::splat_bits((block + at) as u64));
        words.keep(at, stream.philox.words([block, stream_word, low, high]));
    }
    for at in (0..places).step_by(V::WIDTH) {
        for half in 0..2 {
            for (part, register) in words.numbers::<V, D, COUNT>(half, at).into_iter().enumerate() {
                let mut lanes = [0.0; LANE_WIDTH];
                register.store(&mut lanes);
                let piece = V::WIDTH.min(BLOCKS);
                for first in (0..V::WIDTH).step_by(piece) {
                    let (group, block) = ((at + first) / BLOCKS, (at + first) % BLOCKS);
                    let to = ((2 * group + half) * COUNT + part) * BLOCKS + block;
                    numbers[to..to + piece].copy_from_slice(&lanes[first..first + piece]);
                }
            }
        }
    }
}

/// A job that writes the numbers of several seeds, see [`Streams::fill`].
struct FillSeeds<'a, D, const COUNT: usize> {
    streams: &'a Streams<D, COUNT>,
    step: u64,
    scale: &'a [f64],
    out: &'a mut [f64],
}

impl<const COUNT: usize, D: Distribution<COUNT>> VectorJob for FillSeeds<'_, D, COUNT> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        let Self { streams, step, scale, out } = self;
        let [stream, low, high] = counter::<V>(streams.stream, step, D::TAG);
        let mut words = Words([[0.0; PLACES]; 4]);
        let group_numbers = 2 * COUNT * PLACES;
        let groups = out.chunks_mut(group_numbers).zip(scale.chunks(group_numbers));
        for (group, (out, scale)) in groups.enumerate() {
            let places = PLACES.min(out.len());
            for at in (0..places).step_by(V::WIDTH) {
                let block = V::splat_bits((group * BLOCKS + at / SEEDS) as u64);
                words.keep(at, streams.philoxes.words(at % SEEDS, [block, stream, low, high]));
            }
            for half in 0..2 {
                for at in (0..places).step_by(V::WIDTH) {
                    for (part, numbers) in words.numbers::<V, D, COUNT>(half, at).into_iter().enumerate() {
                        let to = (half * COUNT + part) * PLACES + at;
                        if to < out.len() {
                            (numbers * V::load(&scale[to..])).store(&mut out[to..]);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::{normal::Normal, uniform::Uniform};

    const STEP: u64 = 5 << 32 | 7;

    /// Computes Philox with plain integers and the layout of the counter, where blocks have the numbers of `count` nodes: returns the words of a node's
    /// block, and the index of the node's number in it.
    fn block_of(seed: u64, stream: u32, node: u64, step: u64, tag: u32, count: u64) -> ([u32; 4], usize) {
        let mut key = [seed as u32, (seed >> 32) as u32];
        let block = node / (4 * count) * 4 + node % 4;
        let mut c = [block as u32, stream, step as u32, (step >> 32) as u32 + (tag << 31)];
        for _ in 0..10 {
            let (left, right) = (0xd251_1f53 * u64::from(c[0]), 0xcd9e_8d57 * u64::from(c[2]));
            c = [
                (right >> 32) as u32 ^ c[1] ^ key[0],
                right as u32,
                (left >> 32) as u32 ^ c[3] ^ key[1],
                left as u32,
            ];
            key = [key[0].wrapping_add(0x9e37_79b9), key[1].wrapping_add(0xbb67_ae85)];
        }
        (c, (node % (4 * count) / 4) as usize)
    }

    /// Joins two of the words to one.
    fn word(words: [u32; 4], at: usize) -> u64 {
        u64::from(words[2 * at + 1]) << 32 | u64::from(words[2 * at])
    }

    fn numbers<const COUNT: usize, D: Distribution<COUNT>>(
        simd: Simd,
        first_node: usize,
        count: usize,
    ) -> Vec<f64> {
        let mut out = vec![0.0; count];
        let stream = Stream::<D, COUNT>::new(0x1234_5678_9abc_def0, 3);
        simd.run_vector(Fill { stream: &stream, step: STEP, first_node, out: &mut out });
        out
    }

    fn normals(simd: Simd, first_node: usize, count: usize) -> Vec<f64> {
        numbers::<2, Normal>(simd, first_node, count)
    }

    fn uniforms(simd: Simd, first_node: usize, count: usize) -> Vec<f64> {
        numbers::<1, Uniform>(simd, first_node, count)
    }

    fn sets() -> impl Iterator<Item = Simd> {
        ["avx512", "avx2", "avx2-unfused", "plain"].into_iter().filter_map(|name| Simd::named(name).ok())
    }

    #[test]
    fn a_uniform_is_the_middle_of_its_interval() {
        for (node, found) in uniforms(Simd::portable(), 0, 40).into_iter().enumerate() {
            let (words, part) = block_of(0x1234_5678_9abc_def0, 3, node as u64, STEP, 1, 2);
            assert_eq!(found, ((word(words, part) >> 12) as f64 + 0.5) * 0.5f64.powi(52));
        }
    }

    #[test]
    fn a_normal_is_the_transform_of_its_block() {
        let (mut apart, mut largest) = (0.0f64, 0.0f64);
        for (node, found) in normals(Simd::portable(), 0, 100_000).into_iter().enumerate() {
            let (words, part) = block_of(0x1234_5678_9abc_def0, 3, node as u64, STEP, 0, 4);
            let bits = word(words, part / 2);
            let u = ((bits >> 24) as f64 + 0.5) * 0.5f64.powi(40);
            let v = ((bits >> 1 & 0x7f_ffff) as f64 + 0.5) * 0.5f64.powi(23);
            let (sine, cosine) = (std::f64::consts::PI * (v - 0.5)).sin_cos();
            let side = if bits % 2 == 1 { -1.0 } else { 1.0 };
            let radius = (-2.0 * u.ln()).sqrt();
            let expected = radius * if part % 2 == 1 { sine } else { side * cosine };
            apart = apart.max((found - expected).abs() / radius);
            largest = largest.max(found.abs());
        }
        assert!(apart < 3e-11, "{apart}");
        assert!(largest > 4.0, "{largest}");
    }

    #[test]
    fn a_number_does_not_depend_on_the_slice() {
        let whole = normals(Simd::portable(), 0, 64);
        for first in 0..20 {
            for count in [0, 1, 3, 4, 7, 8, 9, 17, 30] {
                assert_eq!(normals(Simd::portable(), first, count), whole[first..first + count]);
            }
        }
    }

    #[test]
    fn seeds_side_by_side_have_the_bits_that_they_have_alone() {
        let seeds = [3, 1 << 40, 0, u64::MAX, 7, 8, 9, 3];
        for nodes in [1, 3, 5, 8, 13, 90] {
            let scale: Vec<f64> = (0..8 * nodes).map(|at| at as f64).collect();
            let mut together = vec![0.0; 8 * nodes];
            Streams::<Normal, 2>::new(seeds, 3).fill(STEP, &scale, &mut together);
            let mut jobs = vec![together.clone()];
            for simd in sets().filter(|simd| !simd.is_fused()) {
                let mut out = vec![0.0; 8 * nodes];
                let streams = Streams::<Normal, 2>::new(seeds, 3);
                simd.run_vector(FillSeeds { streams: &streams, step: STEP, scale: &scale, out: &mut out });
                jobs.push(out);
            }
            for (index, seed) in seeds.into_iter().enumerate() {
                let mut alone = vec![0.0; nodes];
                Stream::<Normal, 2>::new(seed, 3).fill(STEP, 0, &mut alone);
                for (node, number) in alone.into_iter().enumerate() {
                    let at = 8 * node + index;
                    assert!(
                        jobs.iter().all(|out| out[at] == number * scale[at]),
                        "{node} of {nodes}, {seed}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_widest_registers_give_the_same_bits() {
        let mut widest = vec![0.0; 999];
        Stream::<Normal, 2>::new(0x1234_5678_9abc_def0, 3).fill(STEP, 5, &mut widest);
        assert_eq!(widest, normals(Simd::portable(), 5, 999));
    }

    #[test]
    fn sets_without_fused_operations_give_the_same_bits_and_others_nearly() {
        let (portable_normals, portable_uniforms) =
            (normals(Simd::portable(), 5, 999), uniforms(Simd::portable(), 5, 999));
        for simd in sets() {
            assert_eq!(uniforms(simd, 5, 999), portable_uniforms, "{}", simd.name());
            let bound = if simd.is_fused() { 4e-15 } else { 0.0 };
            let found = normals(simd, 5, 999);
            assert!(
                found.iter().zip(&portable_normals).all(|(a, b)| (a - b).abs() <= bound),
                "{}",
                simd.name()
            );
        }
    }
}
