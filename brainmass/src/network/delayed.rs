//! Delayed connections, summed for many steps at once.

use std::ops::Range;

use rayon::prelude::*;

use super::past::{Past, offset};
use crate::engine::{Columns, Execution};
use crate::real::{Aligned, Lane, LaneJob};

/// A connection ready to run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Link {
    pub target: usize,
    pub source: usize,
    pub weight: f64,
    /// Delay in steps.
    pub steps: usize,
}

/// Lengths of the blocks of steps that are summed at once.
const BLOCKS: [usize; 5] = [32, 16, 8, 4, 2];

/// What is worked on together, so that it stays in the first caches.
struct Portion {
    /// Targets whose sums are kept; threads share the parts out.
    part: usize,
    /// Connections to a target from the sources whose past is kept, on average.
    tile: f64,
}

const ALONE: Portion = Portion { part: 64, tile: 16.0 };
/// Members take more room, and more sums stand in registers.
const BATCH: Portion = Portion { part: 128, tile: 5.0 };

/// Connections whose delays allow the sums of `block` steps at once: what a delay of D steps brings in the next D + 1 steps has been sent
/// already.
#[derive(Debug)]
pub(super) struct Delayed {
    block: usize,
    members: usize,
    parts: Vec<Part>,
    /// Steps of the block that have been used.
    used: usize,
    execution: Execution,
}

/// The connections of some targets, in the order of tiles of sources, of targets within a tile, and of sources within a target: each
/// target adds its sources up in their order.
#[derive(Debug)]
struct Part {
    targets: Range<usize>,
    /// Where the connections of each tile and target start, and the end of the last.
    starts: Vec<u32>,
    offsets: Vec<u32>,
    weights: Vec<f64>,
    /// For each target the steps of the block; in a batch for each step, and in it for each target, the members.
    sums: Aligned,
}

impl Delayed {
    /// The delayed ones among `links`, which are in the order of their targets, each with as long a block as its delay allows.
    pub fn of(
        links: &[Link],
        targets: Columns,
        sources: usize,
        longest: usize,
        execution: Execution,
    ) -> Vec<Self> {
        let Portion { part, tile } = if targets.members == 1 { ALONE } else { BATCH };
        let block_of = |link: &Link| BLOCKS.into_iter().find(|block| link.steps + 1 >= *block);
        let mut all = Vec::new();
        for block in BLOCKS {
            let links: Vec<&Link> = links.iter().filter(|link| block_of(link) == Some(block)).collect();
            if links.is_empty() {
                continue;
            }
            let density = links.len() as f64 / (targets.nodes * sources) as f64;
            let tile = (tile / density).ceil() as usize;
            let numbers = block * targets.members;
            let parts = links.chunk_by(|a, b| a.target / part == b.target / part).map(|links| {
                Part::new(links, part, targets.nodes, sources.div_ceil(tile), tile, longest, numbers)
            });
            all.push(Self {
                block,
                members: targets.members,
                parts: parts.collect(),
                used: block,
                execution,
            });
        }
        all
    }

    /// Shows every number that changes from step to step.
    pub fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        self.parts.iter_mut().for_each(|part| with(&mut part.sums));
        let mut used = [self.used as f64];
        with(&mut used);
        self.used = used[0] as usize;
    }

    /// Multiplies everything that is yet to arrive.
    pub fn scale(&mut self, factor: f64) {
        let sums = self.parts.iter_mut().flat_map(|part| part.sums.iter_mut());
        sums.for_each(|sum| *sum *= factor);
    }

    /// Adds what arrives in the next step to the sum of each column.
    pub fn add(&mut self, past: &Past, sums: &mut [f64]) {
        let (members, block) = (self.members, self.block);
        if self.used == block {
            self.used = 0;
            let Execution { simd, parallel } = self.execution;
            let fill = |part: &mut Part| simd.run(Fill { block, members, part, past });
            if parallel {
                self.parts.par_iter_mut().for_each(fill);
            } else {
                self.parts.iter_mut().for_each(fill);
            }
        }
        for part in &self.parts {
            let columns = part.targets.start * members..part.targets.end * members;
            let sums = &mut sums[columns];
            if members == 1 {
                let arriving = part.sums.chunks_exact(block);
                sums.iter_mut().zip(arriving).for_each(|(sum, arriving)| *sum += arriving[self.used]);
            } else {
                let arriving = &part.sums[self.used * sums.len()..];
                sums.iter_mut().zip(arriving).for_each(|(sum, arriving)| *sum += arriving);
            }
        }
        self.used += 1;
    }
}

impl Part {
    /// The part of at most `part` targets that `links`, at least one, belong to. `tile` is the number of sources in each of `tiles`, `numbers`
    /// those of a target in a block.
    fn new(
        links: &[&Link],
        part: usize,
        nodes: usize,
        tiles: usize,
        tile: usize,
        longest: usize,
        numbers: usize,
    ) -> Self {
        let first = links[0].target / part * part;
        let targets = first..nodes.min(first + part);
        let count = targets.len();
        let mut starts = vec![0; tiles * count + 1];
        let slot = |link: &Link| link.source / tile * count + link.target - first;
        links.iter().for_each(|link| starts[slot(link) + 1] += 1);
        (0..tiles * count).for_each(|slot| starts[slot + 1] += starts[slot]);
        let mut ordered = links.to_vec();
        ordered.sort_by_key(|link| slot(link));
        Self {
            targets,
            starts,
            offsets: ordered.iter().map(|link| offset(link.source, link.steps, longest)).collect(),
            weights: ordered.iter().map(|link| link.weight).collect(),
            sums: Aligned::zeros(numbers * count),
        }
    }
}

/// The sums of a block.
struct Fill<'a> {
    block: usize,
    members: usize,
    part: &'a mut Part,
    past: &'a Past,
}

impl LaneJob for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        match self.block * self.members {
            2 => self.few::<2>(),
            4 => self.few::<4>(),
            8 => self.lanes::<R, 1>(),
            16 => self.lanes::<R, 2>(),
            // Where one register is enough for eight numbers, there are registers for twice as many sums.
            numbers if numbers >= 64 && self.members > 1 && R::REGISTERS == 1 => self.lanes::<R, 8>(),
            _ => self.lanes::<R, 4>(),
        }
    }
}

impl Fill<'_> {
    /// Blocks of `COUNT` times eight numbers. Product and sum are rounded each, so that all instruction sets give the same bits.
    #[inline(always)]
    fn lanes<R: Lane, const COUNT: usize>(self) {
        let Self { members, part, past, .. } = self;
        let flat = COUNT * R::WIDTH;
        let targets = part.targets.len();
        // How far the registers of two targets, and those of a target, are apart.
        let (across, along) = if members == 1 { (flat, R::WIDTH) } else { (R::WIDTH, targets * R::WIDTH) };
        for (pass, sums) in part.sums.chunks_exact_mut(flat * targets).enumerate() {
            let lanes = &past.lanes()[(past.shift() + pass * flat / members) * members..];
            for (tile, slots) in part.starts.windows(targets + 1).step_by(targets).enumerate() {
                for (target, ends) in slots.windows(2).enumerate() {
                    let edges = ends[0] as usize..ends[1] as usize;
                    let mut sum = [R::splat(0.0); COUNT];
                    if tile > 0 {
                        for (register, sum) in sum.iter_mut().enumerate() {
                            *sum = R::load(&sums[target * across + register * along..]);
                        }
                    }
                    for (offset, weight) in part.offsets[edges.clone()].iter().zip(&part.weights[edges]) {
                        let sent = &lanes[*offset as usize * members..][..flat];
                        let weight = R::splat(*weight);
                        for (register, sum) in sum.iter_mut().enumerate() {
                            *sum = *sum + weight * R::load(&sent[register * R::WIDTH..]);
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
    fn few<const FLAT: usize>(self) {
        let Self { part, past, .. } = self;
        let lanes = &past.lanes()[past.shift()..];
        let targets = part.targets.len();
        part.sums.fill(0.0);
        for slots in part.starts.windows(targets + 1).step_by(targets) {
            for (ends, sums) in slots.windows(2).zip(part.sums.chunks_exact_mut(FLAT)) {
                let edges = ends[0] as usize..ends[1] as usize;
                for (offset, weight) in part.offsets[edges.clone()].iter().zip(&part.weights[edges]) {
                    let sent = &lanes[*offset as usize..][..FLAT];
                    sums.iter_mut().zip(sent).for_each(|(sum, sent)| *sum += weight * sent);
                }
            }
        }
    }
}
