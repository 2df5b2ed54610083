//! Sums over delayed edges, for many steps at once.
//!
//! An edge with a delay of D steps brings in the next D + 1 steps what has been sent already. So the sums of these steps can be made at once, and
//! each weight is loaded once for all of them. Edges are sorted by the longest *step block* (32, 16, 8, 4 or 2 steps) that their delay allows; a
//! block is filled when its first step comes, from the slices of the delay buffer that its edges read. The sums of a shorter block begin with
//! those of the longer one for the same steps, so that the shortest holds the whole sum.
//!
//! Within a block, edges are sorted by *tiles* of sources, whose slices of the past stay in the first cache while all targets read them.

use crate::words::{Words, put};
use std::ops::Range;

use rayon::prelude::*;

use crate::runtime::edges::delay_buffer::{DelayBuffer, offset};
use crate::runtime::edges::planned_edge::PlannedEdge;
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::real::{Aligned, LANE_WIDTH, Lane, LaneJob, add_products};

/// The lengths of step blocks, the longest first. They are powers of two.
const STEP_BLOCKS: [usize; 5] = [32, 16, 8, 4, 2];

/// The sizes of what is worked on together, chosen so that it stays in the first caches.
struct TileSize {
    /// The number of targets whose sums are kept. Threads share these parts out.
    targets: usize,
    /// The number of sources of a tile, whose past is kept.
    sources: usize,
    /// The least number of edges from a tile to a target, on average. A tile gets more sources where it would have fewer.
    edges: f64,
}

/// The tile size of a run alone.
const ALONE: TileSize = TileSize { targets: 64, sources: 32, edges: 8.0 };

/// The tile size of a batch, whose values take the room of [`LANE_WIDTH`] runs.
const BATCH: TileSize = TileSize { targets: 128, sources: 5, edges: 5.0 };

/// The sums over all delayed edges of a projection.
#[derive(Debug)]
pub(crate) struct DelayedSums {
    /// The number of runs side by side.
    runs: usize,
    parts: Vec<TargetPart>,
    /// The number of steps since the longest block began.
    step: usize,
    execution: Execution,
}

/// The edges of some targets: by the step blocks that their delays allow, the longest first, and within a block by tiles of sources, by targets
/// within a tile, and by sources within a target, so that each target adds its sources up in their order.
#[derive(Debug)]
struct TargetPart {
    targets: Range<usize>,
    blocks: Vec<StepBlock>,
    /// The place of each edge's value in the delay buffer, see [`offset`].
    offsets: Vec<u32>,
    weights: Vec<f64>,
}

/// The edges whose sums are made for `steps` steps at once.
#[derive(Debug)]
struct StepBlock {
    steps: usize,
    /// The places among the edges of the part at which those of each tile and target begin, and the end of the last.
    starts: Vec<usize>,
    /// The sums: for each target the steps of the block; in a batch for each step, and in it for each target, the runs.
    sums: Aligned,
}

/// A copy of everything in [`DelayedSums`] that changes from step to step.
pub(crate) struct DelayedSumsCheckpoint {
    /// The sums of each block.
    sums: Vec<Vec<f64>>,
    step: usize,
}

impl DelayedSumsCheckpoint {
    /// Adds the copy to words.
    pub fn write(&self, words: &mut Vec<u64>) {
        words.push(self.step as u64);
        self.sums.iter().for_each(|sums| put(words, sums));
    }

    /// Reads a copy that was added to words, of the same edges; `None` where that is not what they are.
    pub fn read(&self, words: &mut Words) -> Option<Self> {
        let step = words.whole()?;
        let like = |own: &Vec<f64>| words.numbers().filter(|numbers| numbers.len() == own.len());
        Some(Self { sums: self.sums.iter().map(like).collect::<Option<_>>()?, step })
    }

    /// The memory that it takes, bytes.
    pub fn bytes(&self) -> usize {
        self.sums.iter().map(|sums| size_of_val(&sums[..])).sum::<usize>() + size_of::<usize>()
    }
}

impl DelayedSums {
    /// Sorts the delayed ones among `edges`, which are in the order of their targets. `longest` is the longest delay of the buffer that they read.
    pub fn new(
        edges: &[PlannedEdge],
        targets: Columns,
        sources: usize,
        longest: usize,
        execution: Execution,
    ) -> Self {
        let Columns { nodes, runs } = targets;
        let size = if runs == 1 { ALONE } else { BATCH };
        let part = size.targets;
        let pairs = (nodes * sources) as f64;
        let tiles = count_by_block(edges).map(|count| {
            let needed = (size.edges * pairs / count as f64).ceil() as usize;
            needed.max(size.sources)
        });
        let tiling = Tiling { tiles, sources, longest };
        let new_part = |edges: &[PlannedEdge]| {
            let first = edges[0].target / part * part;
            TargetPart::new(edges, first..nodes.min(first + part), runs, &tiling)
        };
        let edges_of_parts = edges.chunk_by(|a, b| a.target / part == b.target / part);
        let parts = if execution.parallel {
            edges_of_parts.collect::<Vec<_>>().into_par_iter().map(new_part).collect()
        } else {
            edges_of_parts.map(new_part).collect()
        };
        Self { runs, parts, step: 0, execution }
    }

    /// Copies everything that changes from step to step.
    pub fn save(&self) -> DelayedSumsCheckpoint {
        let blocks = self.parts.iter().flat_map(|part| &part.blocks);
        DelayedSumsCheckpoint { sums: blocks.map(|block| block.sums.to_vec()).collect(), step: self.step }
    }

    /// Goes back to where a checkpoint was made.
    pub fn restore(&mut self, checkpoint: &DelayedSumsCheckpoint) {
        self.step = checkpoint.step;
        for (block, sums) in self.blocks_mut().zip(&checkpoint.sums) {
            block.sums.copy_from_slice(sums);
        }
    }

    /// Multiplies everything that is yet to arrive by `factor`.
    pub fn scale(&mut self, factor: f64) {
        self.blocks_mut().flat_map(|block| block.sums.iter_mut()).for_each(|sum| *sum *= factor);
    }

    fn blocks_mut(&mut self) -> impl Iterator<Item = &mut StepBlock> {
        self.parts.iter_mut().flat_map(|part| &mut part.blocks)
    }

    /// Adds what arrives in the next step to the sum of each column, and goes on to the step after it.
    pub fn add_arriving(&mut self, buffer: &DelayBuffer, sums: &mut [f64]) {
        let (runs, step, Execution { simd, parallel }) = (self.runs, self.step, self.execution);
        if self.blocks_mut().any(|block| step.is_multiple_of(block.steps)) {
            let fill = |part: &mut TargetPart| simd.run(FillBlocks { step, runs, part, buffer });
            if parallel {
                self.parts.par_iter_mut().for_each(fill);
            } else {
                self.parts.iter_mut().for_each(fill);
            }
        }
        for TargetPart { targets, blocks, .. } in &self.parts {
            let Some(block) = blocks.last() else { continue };
            let (sums, used) = (&mut sums[targets.start * runs..targets.end * runs], step % block.steps);
            // Places are counted here, as in `DelayBuffer::push`.
            if runs == 1 {
                for (index, sum) in sums.iter_mut().enumerate() {
                    *sum += block.sums[index * block.steps + used];
                }
            } else {
                let count = sums.len();
                let arriving = &block.sums[used * count..][..count];
                for (index, sum) in sums.iter_mut().enumerate() {
                    *sum += arriving[index];
                }
            }
        }
        self.step = (step + 1) % STEP_BLOCKS[0];
    }
}

/// The index in [`STEP_BLOCKS`] of the longest block that the delay of an edge allows; `None` without a delay.
fn longest_block(edge: &PlannedEdge) -> Option<usize> {
    let longest = STEP_BLOCKS[0].ilog2();
    let power = (edge.steps + 1).ilog2().min(longest);
    (power > 0).then_some((longest - power) as usize)
}

/// The number of edges for each of [`STEP_BLOCKS`].
fn count_by_block(edges: &[PlannedEdge]) -> [usize; STEP_BLOCKS.len()] {
    let mut counts = [0; STEP_BLOCKS.len()];
    edges.iter().filter_map(longest_block).for_each(|block| counts[block] += 1);
    counts
}

/// The tiles that the sources of edges are divided into.
struct Tiling {
    /// The number of sources of a tile, for each of [`STEP_BLOCKS`].
    tiles: [usize; STEP_BLOCKS.len()],
    sources: usize,
    /// The longest delay, in steps.
    longest: usize,
}

impl TargetPart {
    /// Sorts the delayed ones among the edges to some targets, which come in the order of targets and sources.
    fn new(edges: &[PlannedEdge], targets: Range<usize>, runs: usize, tiling: &Tiling) -> Self {
        let Tiling { tiles, sources, longest } = *tiling;
        // A slot is a target and a tile of sources of a block. The slots of a block that has no edges are left out.
        let counts = count_by_block(edges);
        let slots: [usize; STEP_BLOCKS.len()] = std::array::from_fn(|block| match counts[block] {
            0 => 0,
            _ => sources.div_ceil(tiles[block]) * targets.len(),
        });
        let first_slots: [usize; STEP_BLOCKS.len()] =
            std::array::from_fn(|block| slots[..block].iter().sum());
        let slot = |edge: &PlannedEdge| {
            let block = longest_block(edge)?;
            let tile = edge.source / tiles[block];
            Some(first_slots[block] + tile * targets.len() + edge.target - targets.start)
        };
        let starts = row_offsets(slots.iter().sum(), edges.iter().filter_map(slot));
        let count = counts.iter().sum();
        let (mut offsets, mut weights) = (vec![0; count], vec![0.0; count]);
        let mut free = starts.clone();
        for edge in edges {
            if let Some(slot) = slot(edge) {
                let place = &mut free[slot];
                offsets[*place] = offset(edge.source, edge.steps, longest);
                weights[*place] = edge.weight;
                *place += 1;
            }
        }
        let with_edges = (0..STEP_BLOCKS.len()).filter(|block| counts[*block] > 0);
        let blocks = with_edges.map(|block| StepBlock {
            steps: STEP_BLOCKS[block],
            starts: starts[first_slots[block]..][..=slots[block]].to_vec(),
            sums: Aligned::zeros(STEP_BLOCKS[block] * runs * targets.len()),
        });
        Self { blocks: blocks.collect(), targets, offsets, weights }
    }
}

/// A job that fills the blocks of some targets that begin with this step.
struct FillBlocks<'a> {
    step: usize,
    runs: usize,
    part: &'a mut TargetPart,
    buffer: &'a DelayBuffer,
}

impl LaneJob for FillBlocks<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Self { step, runs, part: TargetPart { targets, blocks, offsets, weights }, buffer } = self;
        let edges = PartEdges { offsets, weights };
        for index in 0..blocks.len() {
            let (longer, blocks) = blocks.split_at_mut(index);
            let block = &mut blocks[0];
            if !step.is_multiple_of(block.steps) {
                continue;
            }
            let (begin, begin_across) = match longer.last() {
                Some(longer) => {
                    let used = step % longer.steps;
                    let used = if runs == 1 { used } else { used * targets.len() * runs };
                    (&longer.sums[used..], longer.steps)
                }
                None => (&[][..], 0),
            };
            // The numbers of a target: a block of fewer than a register is added up in memory.
            let numbers = block.steps * runs;
            let sums = BlockSums { block, edges, targets: targets.len(), runs, begin, begin_across, buffer };
            match numbers {
                2 => sums.add_few::<R, 2>(),
                4 => sums.add_few::<R, 4>(),
                8 => sums.add_in_registers::<R, 1>(),
                16 => sums.add_in_registers::<R, 2>(),
                // Where one register holds a whole lane width, there are registers for twice as many sums.
                numbers if numbers >= 8 * LANE_WIDTH && runs > 1 && R::REGISTERS == 1 => {
                    sums.add_in_registers::<R, 8>();
                }
                _ => sums.add_in_registers::<R, 4>(),
            }
        }
    }
}

/// The edges of a part, of which blocks take some.
#[derive(Clone, Copy)]
struct PartEdges<'a> {
    offsets: &'a [u32],
    weights: &'a [f64],
}

/// The sums of one block to be filled.
struct BlockSums<'a> {
    block: &'a mut StepBlock,
    edges: PartEdges<'a>,
    /// The number of targets.
    targets: usize,
    runs: usize,
    /// The sums of a longer block, from its present step on, with which these sums begin; empty where they begin with zeros.
    begin: &'a [f64],
    /// The distance between the targets of that longer block in a run alone: its steps.
    begin_across: usize,
    buffer: &'a DelayBuffer,
}

impl BlockSums<'_> {
    /// Fills a block of which each target has a multiple of `COUNT` lane widths of numbers: passes over all edges, in each of which `COUNT` registers
    /// hold the sums of a target.
    #[inline(always)]
    fn add_in_registers<R: Lane, const COUNT: usize>(self) {
        let Self { block: StepBlock { steps, starts, sums }, targets, runs, begin, .. } = self;
        let PartEdges { offsets, weights } = self.edges;
        let flat = COUNT * R::WIDTH;
        // The distances between the registers of a target, between two targets, and between two targets of the longer block.
        let (along, across, begin_across) = match runs {
            1 => (R::WIDTH, *steps, self.begin_across),
            _ => (targets * R::WIDTH, R::WIDTH, R::WIDTH),
        };
        for (pass, sums) in sums.chunks_exact_mut(flat * targets).enumerate() {
            let past = &self.buffer.values()[(self.buffer.shift() + pass * flat / runs) * runs..];
            for (tile, slots) in starts.windows(targets + 1).step_by(targets).enumerate() {
                for (target, ends) in slots.windows(2).enumerate() {
                    let edges = ends[0]..ends[1];
                    let mut sum = [R::splat(0.0); COUNT];
                    if tile > 0 {
                        load_apart(&mut sum, &sums[target * across..], along);
                    } else if !begin.is_empty() {
                        load_apart(&mut sum, &begin[pass * flat * targets + target * begin_across..], along);
                    }
                    for (offset, weight) in offsets[edges.clone()].iter().zip(&weights[edges]) {
                        let sent = &past[*offset as usize * runs..][..flat];
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

    /// Fills a block of which each target has `FLAT` numbers, two or four: fewer than a lane width.
    #[inline(always)]
    fn add_few<R: Lane, const FLAT: usize>(self) {
        let Self { block: StepBlock { starts, sums, .. }, targets, begin, begin_across, buffer, .. } = self;
        let PartEdges { offsets, weights } = self.edges;
        let past = &buffer.values()[buffer.shift()..];
        sums.fill(0.0);
        if !begin.is_empty() {
            for (target, sums) in sums.chunks_exact_mut(FLAT).enumerate() {
                sums.copy_from_slice(&begin[target * begin_across..][..FLAT]);
            }
        }
        for slots in starts.windows(targets + 1).step_by(targets) {
            for (ends, sums) in slots.windows(2).zip(sums.chunks_exact_mut(FLAT)) {
                let edges = ends[0]..ends[1];
                for (offset, weight) in offsets[edges.clone()].iter().zip(&weights[edges]) {
                    add_products::<R>(sums, *weight, &past[*offset as usize..][..FLAT]);
                }
            }
        }
    }
}

/// Loads registers whose numbers lie `apart` numbers from each other.
#[inline(always)]
fn load_apart<R: Lane>(registers: &mut [R], numbers: &[f64], apart: usize) {
    for (register, value) in registers.iter_mut().enumerate() {
        *value = R::load(&numbers[register * apart..]);
    }
}
