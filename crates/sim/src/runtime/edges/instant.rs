//! Connections without delay: a matrix-vector product in every step.

use rayon::prelude::*;

use crate::network::Connectivity;
use crate::runtime::edges::delayed::Link;
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::real::{Lane, LaneJob, add_products};

/// Targets whose sums are kept in registers together.
const TILE: usize = 32;

/// The same in a batch, where each target has a register block of its own.
const BATCH_TILE: usize = 4;

/// Below this part of all pairs, connections are stored sparsely.
const SPARSE_BELOW: f64 = 0.125;

/// Instantaneous connections. Each target adds its sources up in their order, in both forms.
#[derive(Debug)]
pub(crate) struct Instant {
    members: usize,
    form: Form,
    execution: Execution,
}

#[derive(Debug)]
enum Form {
    /// Tiles of targets: for each source in turn, the weights of the tile.
    Dense { weights: Vec<f64>, tile: usize },
    /// Compressed rows.
    Sparse { starts: Vec<usize>, sources: Vec<u32>, weights: Vec<f64> },
}

impl Instant {
    /// The instantaneous ones among `links`, which are in the order of their targets; `None` if there are none.
    pub fn of(
        links: &[Link],
        targets: Columns,
        sources: usize,
        connectivity: Connectivity,
        execution: Execution,
    ) -> Option<Self> {
        let Columns { nodes: targets, runs: members } = targets;
        let links: Vec<&Link> = links.iter().filter(|link| link.steps == 0).collect();
        if links.is_empty() {
            return None;
        }
        let sparse = match connectivity {
            Connectivity::Auto => (links.len() as f64) < SPARSE_BELOW * (targets * sources) as f64,
            Connectivity::Dense => false,
            Connectivity::Sparse => true,
        };
        let form = if sparse {
            Form::Sparse {
                starts: row_offsets(targets, links.iter().map(|link| link.target)),
                sources: links.iter().map(|link| link.source as u32).collect(),
                weights: links.iter().map(|link| link.weight).collect(),
            }
        } else {
            let tile = if members == 1 { TILE } else { BATCH_TILE };
            let mut weights = vec![0.0; targets.div_ceil(tile) * sources * tile];
            for link in links {
                let start = link.target / tile * sources * tile;
                weights[start + link.source * tile + link.target % tile] += link.weight;
            }
            Form::Dense { weights, tile }
        };
        Some(Self { members, form, execution })
    }

    /// Adds what is sent now to the sum of each column.
    pub fn add(&self, present: &[f64], sums: &mut [f64]) {
        let (members, Execution { simd, parallel }) = (self.members, self.execution);
        let parallel = parallel && sums.len() >= PARALLEL;
        match &self.form {
            Form::Dense { weights, tile } => {
                let per_tile = present.len() / members * tile;
                let add = |(weights, sums): (&[f64], &mut [f64])| {
                    simd.run(Tiles { weights, present, sums, members });
                };
                if parallel {
                    let tiles = PART / tile;
                    let weights = weights.par_chunks(tiles * per_tile);
                    weights.zip(sums.par_chunks_mut(tiles * tile * members)).for_each(add);
                } else {
                    add((weights, sums));
                }
            }
            Form::Sparse { starts, sources, weights } => {
                let add = |(part, sums): (usize, &mut [f64])| {
                    let starts = &starts[part * PART..];
                    simd.run(Rows { starts, sources, weights, present, sums, members });
                };
                if parallel {
                    sums.par_chunks_mut(PART * members).enumerate().for_each(add);
                } else {
                    sums.chunks_mut(PART * members).enumerate().for_each(add);
                }
            }
        }
    }
}

/// Columns from which on threads pay.
const PARALLEL: usize = 512;

/// Columns, or targets of sparse connections, that a thread takes at once.
const PART: usize = PARALLEL / 4;

/// Some compressed rows.
struct Rows<'a> {
    starts: &'a [usize],
    sources: &'a [u32],
    weights: &'a [f64],
    present: &'a [f64],
    sums: &'a mut [f64],
    members: usize,
}

impl LaneJob for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Self { starts, sources, weights, present, sums, members } = self;
        for (ends, sums) in starts.windows(2).zip(sums.chunks_exact_mut(members)) {
            let edges = ends[0]..ends[1];
            for (source, weight) in sources[edges.clone()].iter().zip(&weights[edges]) {
                add_products::<R>(sums, *weight, &present[*source as usize * members..]);
            }
        }
    }
}

/// Some tiles of targets.
struct Tiles<'a> {
    weights: &'a [f64],
    present: &'a [f64],
    sums: &'a mut [f64],
    members: usize,
}

impl LaneJob for Tiles<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        if self.members == 1 { self.targets::<R>() } else { self.batch::<R>() }
    }
}

impl Tiles<'_> {
    /// Lanes are targets.
    #[inline(always)]
    fn targets<R: Lane>(self) {
        let tiles = self.weights.chunks_exact(self.present.len() * TILE);
        for (weights, sums) in tiles.zip(self.sums.chunks_mut(TILE)) {
            let mut tile = [0.0; TILE];
            tile[..sums.len()].copy_from_slice(sums);
            for (weights, sent) in weights.chunks_exact(TILE).zip(self.present) {
                add_products::<R>(&mut tile, *sent, weights);
            }
            sums.copy_from_slice(&tile[..sums.len()]);
        }
    }

    /// Lanes are members.
    #[inline(always)]
    fn batch<R: Lane>(self) {
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
