//! How (seed, stream, node, step) becomes a counter, and how slices of nodes are filled.

use std::marker::PhantomData;

use super::philox::{LANES, Philox, Philoxes};
use crate::engine::MEMBERS;
use crate::real::pair::Pair;
use crate::real::vector::Vector;
use crate::real::{Simd, VectorJob};

/// Nodes that are drawn together: four blocks of Philox, two nodes from each. Block `4 g + i` belongs to the nodes `8 g + i` and
/// `8 g + 4 + i`, so that the halves of a group are registers.
const GROUP: usize = 8;
const BLOCKS: usize = GROUP / 2;

/// A distribution: how the four words of a block become the numbers of two nodes.
pub(super) trait Distribution: Copy {
    /// Keeps the distributions apart: the same seed, stream, node and step give independent bits.
    const TAG: u32;

    /// From two numbers with 52 random bits each, equally distributed between 1 and 2, those of the lower and the upper node.
    fn pair<V: Vector>(bits: [V; 2]) -> [V; 2];
}

/// The numbers of all nodes and steps of one seed and stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream<D> {
    philox: Philox,
    stream: u32,
    distribution: PhantomData<D>,
}

impl<D: Distribution> Stream<D> {
    pub fn new(seed: u64, stream: u32) -> Self {
        Self { philox: Philox::new(key(seed)), stream, distribution: PhantomData }
    }

    /// The numbers of the nodes from `first_node` on at `step`.
    pub fn fill(&self, step: u64, first_node: usize, out: &mut [f64]) {
        Simd::run_unfused(Fill { stream: self, step, first_node, out });
    }
}

/// The numbers of all nodes and steps of one stream and eight seeds.
#[derive(Clone, Debug)]
pub(super) struct Streams<D> {
    philoxes: Philoxes,
    stream: u32,
    distribution: PhantomData<D>,
}

/// Seeds that are drawn together: those of the members of a batch.
pub(super) const SEEDS: usize = MEMBERS;

impl<D: Distribution> Streams<D> {
    pub fn new(seeds: [u64; SEEDS], stream: u32) -> Self {
        Self { philoxes: Philoxes::new(&seeds.map(key)), stream, distribution: PhantomData }
    }

    /// The numbers of the nodes from 0 on at `step`, those of all seeds side by side, each times its scale.
    pub fn fill(&self, step: u64, scale: &[f64], out: &mut [f64]) {
        Simd::run_unfused(FillSeeds { streams: self, step, scale, out });
    }
}

fn key(seed: u64) -> [u32; 2] {
    [seed as u32, (seed >> 32) as u32]
}

/// The upper half of a counter: which step, and of which distribution.
#[inline(always)]
fn steps<V: Vector, D: Distribution>(step: u64) -> [V; 2] {
    [V::splat_bits(step), V::splat_bits(step >> 32 | u64::from(D::TAG) << 31)]
}

struct Fill<'a, D> {
    stream: &'a Stream<D>,
    step: u64,
    first_node: usize,
    out: &'a mut [f64],
}

impl<D: Distribution> VectorJob for Fill<'_, D> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        self.by::<Pair<V>>();
    }
}

impl<D: Distribution> Fill<'_, D> {
    /// Pairs of registers, because the operations from a counter to its numbers wait for one another.
    #[inline(always)]
    fn by<V: Vector>(self) {
        // Nodes that whole registers are drawn for.
        let span = GROUP * V::WIDTH.div_ceil(BLOCKS);
        let mut spare = [0.0; GROUP * LANES.div_ceil(BLOCKS)];
        let spare = &mut spare[..span];
        let (mut group, offset) = (self.first_node / GROUP, self.first_node % GROUP);
        let mut rest = self.out;
        if offset != 0 {
            let head;
            (head, rest) = rest.split_at_mut(rest.len().min(GROUP - offset));
            draw::<V, D>(self.stream, self.step, group, spare);
            head.copy_from_slice(&spare[offset..offset + head.len()]);
            group += 1;
        }
        let mut whole = rest.chunks_exact_mut(span);
        for numbers in &mut whole {
            draw::<V, D>(self.stream, self.step, group, numbers);
            group += span / GROUP;
        }
        let tail = whole.into_remainder();
        if !tail.is_empty() {
            draw::<V, D>(self.stream, self.step, group, spare);
            tail.copy_from_slice(&spare[..tail.len()]);
        }
    }
}

/// The numbers of a group of nodes, and of those behind it where a register is wider than the blocks of a group.
#[inline(always)]
fn draw<V: Vector, D: Distribution>(stream: &Stream<D>, step: u64, group: usize, numbers: &mut [f64]) {
    // 0, 1, 2, ... as bits
    let blocks: [f64; LANES] = std::array::from_fn(|block| f64::from_bits(block as u64));
    let [low, high] = steps::<V, D>(step);
    for first in (0..numbers.len() / 2).step_by(V::WIDTH) {
        let block = V::load(&blocks[..V::WIDTH]).bits_add(V::splat_bits((group * BLOCKS + first) as u64));
        let words = stream.philox.words([block, V::splat_bits(u64::from(stream.stream)), low, high]);
        let pair = numbers_of::<V, D>(words);
        let mut lanes = [[0.0; LANES]; 2];
        pair[0].store(&mut lanes[0][..V::WIDTH]);
        pair[1].store(&mut lanes[1][..V::WIDTH]);
        let piece = V::WIDTH.min(BLOCKS);
        for at in (0..V::WIDTH).step_by(piece) {
            let to = (first + at) / BLOCKS * GROUP + (first + at) % BLOCKS;
            numbers[to..to + piece].copy_from_slice(&lanes[0][at..at + piece]);
            numbers[to + BLOCKS..to + BLOCKS + piece].copy_from_slice(&lanes[1][at..at + piece]);
        }
    }
}

/// The numbers of eight seeds, see [`Streams::fill`].
struct FillSeeds<'a, D> {
    streams: &'a Streams<D>,
    step: u64,
    scale: &'a [f64],
    out: &'a mut [f64],
}

impl<D: Distribution> VectorJob for FillSeeds<'_, D> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        self.by::<Pair<V>>();
    }
}

impl<D: Distribution> FillSeeds<'_, D> {
    /// Two blocks at a time, of the nodes `i`, `i + 1`, `i + 4` and `i + 5` of a group: their numbers stand together.
    #[inline(always)]
    fn by<V: Vector>(self) {
        let Self { streams, step, scale, out } = self;
        let [low, high] = steps::<V, D>(step);
        let stream = V::splat_bits(u64::from(streams.stream));
        // Lane by lane, which of the two blocks.
        let which: [f64; LANES] = std::array::from_fn(|lane| f64::from_bits((lane / SEEDS) as u64));
        let groups = out.chunks_mut(GROUP * SEEDS).zip(scale.chunks(GROUP * SEEDS));
        for (group, (out, scale)) in groups.enumerate() {
            let nodes = out.len() / SEEDS;
            for block in (0..BLOCKS.min(nodes)).step_by(2) {
                for first in (0..2 * SEEDS).step_by(V::WIDTH) {
                    let counter = V::splat_bits((group * BLOCKS + block) as u64);
                    let counter = V::load(&which[first..]).bits_add(counter);
                    let words = streams.philoxes.words(first, [counter, stream, low, high]);
                    let [lower, upper] = numbers_of::<V, D>(words);
                    put(lower, block * SEEDS + first, scale, out);
                    put(upper, (BLOCKS + block) * SEEDS + first, scale, out);
                }
            }
        }
    }
}

/// Writes numbers times their scales, as far as there is room for them.
#[inline(always)]
fn put<V: Vector>(numbers: V, at: usize, scale: &[f64], out: &mut [f64]) {
    if at + V::WIDTH <= out.len() {
        (numbers * V::load(&scale[at..])).store(&mut out[at..]);
    } else if at < out.len() {
        let mut lanes = [0.0; LANES];
        numbers.store(&mut lanes);
        let out = out[at..].iter_mut().zip(&scale[at..]);
        out.zip(lanes).for_each(|((out, scale), number)| *out = number * scale);
    }
}

/// The numbers of a block's two nodes.
#[inline(always)]
fn numbers_of<V: Vector, D: Distribution>(words: [V; 4]) -> [V; 2] {
    D::pair([fraction(words[0], words[1]), fraction(words[2], words[3])])
}

/// Of two words, the upper 52 bits as the fraction of a number from 1 to 2.
#[inline(always)]
fn fraction<V: Vector>(low: V, high: V) -> V {
    let low = low.bits_shl::<32>().bits_shr::<44>();
    high.bits_shl::<32>().bits_shr::<12>().bits_or(low).bits_or(V::splat(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::{normal::Normal, uniform::Uniform};

    const STEP: u64 = 5 << 32 | 7;

    /// Philox with plain integers, and the layout of the counter: the two 52-bit numbers of a node's block, and whether the
    /// node is the upper of the block's two.
    fn block_of(seed: u64, stream: u32, node: u64, step: u64, tag: u32) -> ([u64; 2], bool) {
        let mut key = [seed as u32, (seed >> 32) as u32];
        let block = node / 8 * 4 + node % 4;
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
        let upper_bits = |low: u32, high: u32| (u64::from(high) << 32 | u64::from(low)) >> 12;
        ([upper_bits(c[0], c[1]), upper_bits(c[2], c[3])], node % 8 >= 4)
    }

    fn numbers<D: Distribution>(simd: Simd, first_node: usize, count: usize) -> Vec<f64> {
        let mut out = vec![0.0; count];
        let stream = Stream::<D>::new(0x1234_5678_9abc_def0, 3);
        simd.run_vector(Fill { stream: &stream, step: STEP, first_node, out: &mut out });
        out
    }

    fn sets() -> impl Iterator<Item = Simd> {
        ["avx512", "avx2", "avx2-unfused", "plain"].into_iter().filter_map(|name| Simd::named(name).ok())
    }

    #[test]
    fn a_uniform_is_the_middle_of_its_interval() {
        for (node, found) in numbers::<Uniform>(Simd::portable(), 0, 40).into_iter().enumerate() {
            let (bits, upper) = block_of(0x1234_5678_9abc_def0, 3, node as u64, STEP, 1);
            assert_eq!(found, (bits[usize::from(upper)] as f64 + 0.5) * 0.5f64.powi(52));
        }
    }

    #[test]
    fn a_normal_is_the_transform_of_its_block() {
        for (node, found) in numbers::<Normal>(Simd::portable(), 0, 1000).into_iter().enumerate() {
            let (bits, upper) = block_of(0x1234_5678_9abc_def0, 3, node as u64, STEP, 0);
            let [u, v] = bits.map(|bits| (bits as f64 + 0.5) * 0.5f64.powi(52));
            let (sine, cosine) = (std::f64::consts::PI * (v - 0.5)).sin_cos();
            let side = if bits[1] % 2 == 1 { -1.0 } else { 1.0 };
            let expected = (-2.0 * u.ln()).sqrt() * if upper { sine } else { side * cosine };
            assert!((found - expected).abs() < 4e-15, "node {node}: {found}, {expected}");
        }
    }

    #[test]
    fn a_number_does_not_depend_on_the_slice() {
        let whole = numbers::<Normal>(Simd::portable(), 0, 64);
        for first in 0..20 {
            for count in [0, 1, 3, 4, 7, 8, 9, 17, 30] {
                assert_eq!(numbers::<Normal>(Simd::portable(), first, count), whole[first..first + count]);
            }
        }
    }

    #[test]
    fn seeds_side_by_side_have_the_bits_that_they_have_alone() {
        let seeds = [3, 1 << 40, 0, u64::MAX, 7, 8, 9, 3];
        for nodes in [1, 3, 5, 8, 13, 90] {
            let scale: Vec<f64> = (0..8 * nodes).map(|at| at as f64).collect();
            let mut together = vec![0.0; 8 * nodes];
            Streams::<Normal>::new(seeds, 3).fill(STEP, &scale, &mut together);
            let mut jobs = vec![together.clone()];
            for simd in sets().filter(|simd| !simd.is_fused()) {
                let mut out = vec![0.0; 8 * nodes];
                let streams = Streams::<Normal>::new(seeds, 3);
                simd.run_vector(FillSeeds { streams: &streams, step: STEP, scale: &scale, out: &mut out });
                jobs.push(out);
            }
            for (index, seed) in seeds.into_iter().enumerate() {
                let mut alone = vec![0.0; nodes];
                Stream::<Normal>::new(seed, 3).fill(STEP, 0, &mut alone);
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
        Stream::<Normal>::new(0x1234_5678_9abc_def0, 3).fill(STEP, 5, &mut widest);
        assert_eq!(widest, numbers::<Normal>(Simd::portable(), 5, 999));
    }

    #[test]
    fn sets_without_fused_operations_give_the_same_bits_and_others_nearly() {
        let (normals, uniforms) =
            (numbers::<Normal>(Simd::portable(), 5, 999), numbers::<Uniform>(Simd::portable(), 5, 999));
        for simd in sets() {
            assert_eq!(numbers::<Uniform>(simd, 5, 999), uniforms, "{}", simd.name());
            let bound = if simd.is_fused() { 4e-15 } else { 0.0 };
            let found = numbers::<Normal>(simd, 5, 999);
            assert!(found.iter().zip(&normals).all(|(a, b)| (a - b).abs() <= bound), "{}", simd.name());
        }
    }
}
