//! Delayed connections, summed for many steps at once.

use std::ops::Range;

use rayon::prelude::*;

use crate::runtime::edges::past::{Past, offset};
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::real::{Aligned, Lane, LaneJob, add_products};

/// A connection ready to run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Link {
    pub target: usize,
    pub source: usize,
    pub weight: f64,
    /// Delay in steps.
    pub steps: usize,
}

/// Lengths of the blocks of steps that are summed at once, the longest first: powers of two.
const BLOCKS: [usize; 5] = [32, 16, 8, 4, 2];

/// What is worked on together, so that it stays in the first caches.
struct Portion {
    /// Targets whose sums are kept; threads share the parts out.
    part: usize,
    /// Sources whose past is kept: a tile.
    sources: usize,
    /// Connections from a tile to a target, on average: at least as many, if that takes more sources.
    connections: f64,
}

const ALONE: Portion = Portion { part: 64, sources: 32, connections: 8.0 };
/// Members take more room.
const BATCH: Portion = Portion { part: 128, sources: 5, connections: 5.0 };

/// All connections with a delay. What a delay of D steps brings in the next D + 1 steps has been sent already: its sums can be made at once.
#[derive(Debug)]
pub(crate) struct Delayed {
    members: usize,
    parts: Vec<Part>,
    /// Steps since the longest blocks began.
    step: usize,
    execution: Execution,
}

/// The connections of some targets, by the blocks that their delays allow, the longest first. Sums of a block begin with those of the longer one
/// before it, so that the last has them all.
#[derive(Debug)]
struct Part {
    targets: Range<usize>,
    blocks: Vec<Block>,
}

/// Connections whose sums are made for so many steps at once, in the order of tiles of sources, of targets within a tile, and of sources
/// within a target: each target adds its sources up in their order.
#[derive(Debug)]
struct Block {
    steps: usize,
    /// Where the connections of each tile and target start, and the end of the last.
    starts: Vec<usize>,
    offsets: Vec<u32>,
    weights: Vec<f64>,
    /// For each target the steps of the block; in a batch for each step, and in it for each target, the members.
    sums: Aligned,
}

impl Delayed {
    /// The delayed ones among `links`, which are in the order of their targets.
    pub fn of(
        links: &[Link],
        targets: Columns,
        sources: usize,
        longest: usize,
        execution: Execution,
    ) -> Self {
        let Columns { nodes, runs: members } = targets;
        let portion = if members == 1 { ALONE } else { BATCH };
        let part = portion.part;
        let pairs = (nodes * sources) as f64;
        let tiles = counts(links).map(|count| {
            let needed = (portion.connections * pairs / count as f64).ceil() as usize;
            needed.max(portion.sources)
        });
        let parts = links.chunk_by(|a, b| a.target / part == b.target / part).map(|links| {
            let first = links[0].target / part * part;
            let targets = first..nodes.min(first + part);
            let blocks = counts(links).into_iter().enumerate().filter(|(_, count)| *count > 0);
            let blocks = blocks.map(|(block, count)| {
                let links = links.iter().filter(|link| block_of(link) == Some(block));
                let tiling = Tiling { tile: tiles[block], sources, longest };
                Block::of(links, count, BLOCKS[block], &targets, members, tiling)
            });
            Part { blocks: blocks.collect(), targets }
        });
        Self { members, parts: parts.collect(), step: 0, execution }
    }

    /// Shows every number that changes from step to step.
    pub fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        self.blocks().for_each(|block| with(&mut block.sums));
        let mut step = [self.step as f64];
        with(&mut step);
        self.step = step[0] as usize;
    }

    /// Multiplies everything that is yet to arrive.
    pub fn scale(&mut self, factor: f64) {
        self.blocks().flat_map(|block| block.sums.iter_mut()).for_each(|sum| *sum *= factor);
    }

    fn blocks(&mut self) -> impl Iterator<Item = &mut Block> {
        self.parts.iter_mut().flat_map(|part| &mut part.blocks)
    }

    /// Adds what arrives in the next step to the sum of each column.
    pub fn add(&mut self, past: &Past, sums: &mut [f64]) {
        let (members, step, Execution { simd, parallel }) = (self.members, self.step, self.execution);
        if self.blocks().any(|block| step.is_multiple_of(block.steps)) {
            let fill = |part: &mut Part| simd.run(Fill { step, members, part, past });
            if parallel {
                self.parts.par_iter_mut().for_each(fill);
            } else {
                self.parts.iter_mut().for_each(fill);
            }
        }
        for Part { targets, blocks } in &self.parts {
            let Some(block) = blocks.last() else { continue };
            let (sums, used) =
                (&mut sums[targets.start * members..targets.end * members], step % block.steps);
            if members == 1 {
                let arriving = block.sums.chunks_exact(block.steps);
                sums.iter_mut().zip(arriving).for_each(|(sum, arriving)| *sum += arriving[used]);
            } else {
                let arriving = &block.sums[used * sums.len()..];
                sums.iter_mut().zip(arriving).for_each(|(sum, arriving)| *sum += arriving);
            }
        }
        self.step = (step + 1) % BLOCKS[0];
    }
}

/// Which of [`BLOCKS`] is the longest that the delay of a connection allows; `None` without a delay.
fn block_of(link: &Link) -> Option<usize> {
    let longest = BLOCKS[0].ilog2();
    let power = (link.steps + 1).ilog2().min(longest);
    (power > 0).then_some((longest - power) as usize)
}

/// How many connections there are for each of [`BLOCKS`].
fn counts(links: &[Link]) -> [usize; BLOCKS.len()] {
    let mut counts = [0; BLOCKS.len()];
    links.iter().filter_map(block_of).for_each(|block| counts[block] += 1);
    counts
}

/// Where connections come from: sources in tiles, whose past reaches back as far as the longest delay.
struct Tiling {
    tile: usize,
    sources: usize,
    longest: usize,
}

impl Block {
    /// So many links to some targets, in their order.
    fn of<'a>(
        links: impl Iterator<Item = &'a Link> + Clone,
        count: usize,
        steps: usize,
        targets: &Range<usize>,
        members: usize,
        Tiling { tile, sources, longest }: Tiling,
    ) -> Self {
        let slot = |link: &Link| link.source / tile * targets.len() + link.target - targets.start;
        let slots = sources.div_ceil(tile) * targets.len();
        let starts = row_offsets(slots, links.clone().map(slot));
        let (mut offsets, mut weights) = (vec![0; count], vec![0.0; count]);
        let mut free = starts.clone();
        for link in links {
            let place = &mut free[slot(link)];
            offsets[*place] = offset(link.source, link.steps, longest);
            weights[*place] = link.weight;
            *place += 1;
        }
        Self { steps, starts, offsets, weights, sums: Aligned::zeros(steps * members * targets.len()) }
    }
}

/// The sums of the blocks that begin with this step.
struct Fill<'a> {
    step: usize,
    members: usize,
    part: &'a mut Part,
    past: &'a Past,
}

impl LaneJob for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Self { step, members, part: Part { targets, blocks }, past } = self;
        for index in 0..blocks.len() {
            let (longer, blocks) = blocks.split_at_mut(index);
            let block = &mut blocks[0];
            if !step.is_multiple_of(block.steps) {
                continue;
            }
            let (from, across) = match longer.last() {
                Some(longer) => {
                    let used = step % longer.steps;
                    let used = if members == 1 { used } else { used * targets.len() * members };
                    (&longer.sums[used..], longer.steps)
                }
                None => (&[][..], 0),
            };
            let numbers = block.steps * members;
            let sums = Sums { block, targets: targets.len(), members, from, across, past };
            match numbers {
                2 => sums.few::<R, 2>(),
                4 => sums.few::<R, 4>(),
                8 => sums.lanes::<R, 1>(),
                16 => sums.lanes::<R, 2>(),
                // Where one register is enough for eight numbers, there are registers for twice as many sums.
                numbers if numbers >= 64 && members > 1 && R::REGISTERS == 1 => sums.lanes::<R, 8>(),
                _ => sums.lanes::<R, 4>(),
            }
        }
    }
}

/// The sums of a block.
struct Sums<'a> {
    block: &'a mut Block,
    targets: usize,
    members: usize,
    /// What they begin with, nothing for zeros: sums of a longer block, from its present step on.
    from: &'a [f64],
    /// Steps of that longer block: how far its targets are apart, outside of a batch.
    across: usize,
    past: &'a Past,
}

impl Sums<'_> {
    /// Blocks of `COUNT` times eight numbers.
    #[inline(always)]
    fn lanes<R: Lane, const COUNT: usize>(self) {
        let Self { block: Block { steps, starts, offsets, weights, sums }, targets, members, from, .. } =
            self;
        let flat = COUNT * R::WIDTH;
        // How far the registers of a target, those of two targets, and in the longer block those of two targets, are apart.
        let (along, across, from_across) = match members {
            1 => (R::WIDTH, *steps, self.across),
            _ => (targets * R::WIDTH, R::WIDTH, R::WIDTH),
        };
        for (pass, sums) in sums.chunks_exact_mut(flat * targets).enumerate() {
            let lanes = &self.past.lanes()[(self.past.shift() + pass * flat / members) * members..];
            for (tile, slots) in starts.windows(targets + 1).step_by(targets).enumerate() {
                for (target, ends) in slots.windows(2).enumerate() {
                    let edges = ends[0]..ends[1];
                    let mut sum = [R::splat(0.0); COUNT];
                    if tile > 0 {
                        load(&mut sum, &sums[target * across..], along);
                    } else if !from.is_empty() {
                        load(&mut sum, &from[pass * flat * targets + target * from_across..], along);
                    }
                    for (offset, weight) in offsets[edges.clone()].iter().zip(&weights[edges]) {
                        let sent = &lanes[*offset as usize * members..][..flat];
                        let weight = R::splat(*weight);
                        for (register, sum) in sum.iter_mut().enumerate() {
                            *sum = weight.mul_add(R::load(&sent[register * R::WIDTH..]), *sum);
                        }
                    }
                    for (register, sum) in sum.into_iter().enumerate() {
                        sum.store(&mut sums[target * across + register * along..]);
                    }
                }
            }
        }
    }

    /// Blocks of two or four numbers.
    #[inline(always)]
    fn few<R: Lane, const FLAT: usize>(self) {
        let Self { block: Block { starts, offsets, weights, sums, .. }, targets, from, across, past, .. } =
            self;
        let lanes = &past.lanes()[past.shift()..];
        sums.fill(0.0);
        if !from.is_empty() {
            for (target, sums) in sums.chunks_exact_mut(FLAT).enumerate() {
                sums.copy_from_slice(&from[target * across..][..FLAT]);
            }
        }
        for slots in starts.windows(targets + 1).step_by(targets) {
            for (ends, sums) in slots.windows(2).zip(sums.chunks_exact_mut(FLAT)) {
                let edges = ends[0]..ends[1];
                for (offset, weight) in offsets[edges.clone()].iter().zip(&weights[edges]) {
                    add_products::<R>(sums, *weight, &lanes[*offset as usize..][..FLAT]);
                }
            }
        }
    }
}

/// Loads registers whose numbers are so far apart.
#[inline(always)]
fn load<R: Lane>(registers: &mut [R], numbers: &[f64], apart: usize) {
    for (register, value) in registers.iter_mut().enumerate() {
        *value = R::load(&numbers[register * apart..]);
    }
}
