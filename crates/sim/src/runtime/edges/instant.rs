//! Sums over edges without delay: a matrix-vector product in every step.

use rayon::prelude::*;

use crate::network::Connectivity;
use crate::runtime::edges::planned_edge::{PlannedEdge, PlannedEdges};
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::real::{Aligned, LANE_WIDTH, Lane, LaneJob, add_products};

/// The number of targets whose sums are kept in registers together.
const TILE: usize = 4 * LANE_WIDTH;

/// The number of targets whose sums are kept together in a batch, where each target fills registers of its own.
const BATCH_TILE: usize = 4;

/// The share of all pairs of nodes below which edges are stored sparsely.
const SPARSE_BELOW: f64 = 0.125;

/// The number of columns from which on several threads are worth their start.
const PARALLEL_COLUMNS: usize = 512;

/// The number of columns of dense sums, or of targets of sparse ones, that a thread takes at once.
const PART: usize = PARALLEL_COLUMNS / 4;

/// The sums over the edges of a projection that have no delay. Each target adds its sources up in their order, however they are stored.
#[derive(Debug)]
pub(crate) struct InstantSums {
    /// The number of runs side by side.
    runs: usize,
    storage: Storage,
    execution: Execution,
}

/// The storage of weights.
#[derive(Debug)]
enum Storage {
    /// Tiles of `tile` targets: for each source in turn, the weights to the targets of the tile.
    Dense { weights: Aligned, tile: usize },
    /// Compressed sparse rows: the row offsets of the targets, and the source and weight of each edge.
    Sparse { starts: Vec<usize>, sources: Vec<u32>, weights: Vec<f64> },
}

impl InstantSums {
    /// Stores the ones without delay among `edges`, which are in the order of their targets; `None` where there are none.
    pub fn new(
        edges: &PlannedEdges,
        targets: Columns,
        sources: usize,
        connectivity: Connectivity,
        execution: Execution,
    ) -> Option<Self> {
        if edges.instant() == 0 {
            return None;
        }
        let Columns { nodes: targets, runs } = targets;
        let edges: Vec<&PlannedEdge> = edges.iter().filter(|edge| edge.steps == 0).collect();
        let storage = if is_sparse(edges.len(), targets, sources, connectivity) {
            Storage::Sparse {
                starts: row_offsets(targets, edges.iter().map(|edge| edge.target)),
                sources: edges.iter().map(|edge| edge.source as u32).collect(),
                weights: edges.iter().map(|edge| edge.weight).collect(),
            }
        } else {
            let tile = if runs == 1 { TILE } else { BATCH_TILE };
            let mut weights = Aligned::zeros(targets.div_ceil(tile) * sources * tile);
            for edge in edges {
                let start = edge.target / tile * sources * tile;
                weights[start + edge.source * tile + edge.target % tile] += edge.weight;
            }
            Storage::Dense { weights, tile }
        };
        Some(Self { runs, storage, execution })
    }

    /// Adds what is sent now to the sum of each column.
    pub fn add_present(&self, present: &[f64], sums: &mut [f64]) {
        let (runs, Execution { simd, parallel }) = (self.runs, self.execution);
        let parallel = parallel && sums.len() >= PARALLEL_COLUMNS;
        match &self.storage {
            Storage::Dense { weights, tile } => {
                let per_tile = present.len() / runs * tile;
                let add = |(weights, sums): (&[f64], &mut [f64])| {
                    simd.run(DenseTiles { weights, present, sums, runs });
                };
                if parallel {
                    let tiles = PART / tile;
                    let weights = weights.par_chunks(tiles * per_tile);
                    weights.zip(sums.par_chunks_mut(tiles * tile * runs)).for_each(add);
                } else {
                    add((weights, sums));
                }
            }
            Storage::Sparse { starts, sources, weights } => {
                let add = |(part, sums): (usize, &mut [f64])| {
                    let starts = &starts[part * PART..];
                    simd.run(SparseRows { starts, sources, weights, present, sums, runs });
                };
                if parallel {
                    sums.par_chunks_mut(PART * runs).enumerate().for_each(add);
                } else {
                    sums.chunks_mut(PART * runs).enumerate().for_each(add);
                }
            }
        }
    }
}

/// Whether so many edges without delay are stored sparsely.
pub(crate) fn is_sparse(edges: usize, targets: usize, sources: usize, connectivity: Connectivity) -> bool {
    match connectivity {
        Connectivity::Auto => (edges as f64) < SPARSE_BELOW * (targets * sources) as f64,
        Connectivity::Dense => false,
        Connectivity::Sparse => true,
    }
}

/// A job that sums over the edges of some compressed rows.
struct SparseRows<'a> {
    /// The row offsets of these targets.
    starts: &'a [usize],
    sources: &'a [u32],
    weights: &'a [f64],
    present: &'a [f64],
    sums: &'a mut [f64],
    runs: usize,
}

impl LaneJob for SparseRows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Self { starts, sources, weights, present, sums, runs } = self;
        for (ends, sums) in starts.windows(2).zip(sums.chunks_exact_mut(runs)) {
            let edges = ends[0]..ends[1];
            for (source, weight) in sources[edges.clone()].iter().zip(&weights[edges]) {
                add_products::<R>(sums, *weight, &present[*source as usize * runs..]);
            }
        }
    }
}

/// A job that sums over all sources of some tiles of targets.
struct DenseTiles<'a> {
    weights: &'a [f64],
    present: &'a [f64],
    sums: &'a mut [f64],
    runs: usize,
}

impl LaneJob for DenseTiles<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        if self.runs == 1 { self.add_alone::<R>() } else { self.add_batch::<R>() }
    }
}

impl DenseTiles<'_> {
    /// Adds up a run alone, where the lanes of a register are targets.
    #[inline(always)]
    fn add_alone<R: Lane>(self) {
        let tiles = self.weights.chunks_exact(self.present.len() * TILE);
        for (weights, sums) in tiles.zip(self.sums.chunks_mut(TILE)) {
            let mut numbers = [0.0; TILE];
            numbers[..sums.len()].copy_from_slice(sums);
            let mut tile = [R::splat(0.0); TILE / LANE_WIDTH];
            for (i, sums) in tile.iter_mut().enumerate() {
                *sums = R::load(&numbers[i * LANE_WIDTH..]);
            }
            for (weights, sent) in weights.chunks_exact(TILE).zip(self.present) {
                let sent = R::splat(*sent);
                for i in 0..TILE / LANE_WIDTH {
                    tile[i] = R::load(&weights[i * LANE_WIDTH..]).mul_add(sent, tile[i]);
                }
            }
            for (i, sums) in tile.iter().enumerate() {
                sums.store(&mut numbers[i * LANE_WIDTH..]);
            }
            sums.copy_from_slice(&numbers[..sums.len()]);
        }
    }

    /// Adds up a batch, where the lanes of a register are runs.
    #[inline(always)]
    fn add_batch<R: Lane>(self) {
        let sources = self.present.len() / R::WIDTH;
        let tiles = self.weights.chunks_exact(sources * BATCH_TILE);
        for (weights, sums) in tiles.zip(self.sums.chunks_mut(BATCH_TILE * R::WIDTH)) {
            let mut tile = [R::splat(0.0); BATCH_TILE];
            for (tile, sums) in tile.iter_mut().zip(sums.chunks_exact(R::WIDTH)) {
                *tile = R::load(sums);
            }
            for (weights, sent) in weights.chunks_exact(BATCH_TILE).zip(self.present.chunks_exact(R::WIDTH)) {
                let sent = R::load(sent);
                for (sum, weight) in tile.iter_mut().zip(weights) {
                    *sum = R::splat(*weight).mul_add(sent, *sum);
                }
            }
            for (tile, sums) in tile.into_iter().zip(sums.chunks_exact_mut(R::WIDTH)) {
                tile.store(sums);
            }
        }
    }
}
