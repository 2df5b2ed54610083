//! Connections without delay: a matrix-vector product in every step.

use super::delayed::Link;
use super::projection::Connectivity;
use crate::real::{Lane, LaneJob, Simd};

/// Targets whose sums are kept in registers together.
const TILE: usize = 16;

/// Below this part of all pairs, connections are stored sparsely.
const SPARSE_BELOW: f64 = 0.125;

/// Instantaneous connections. Each target adds its sources up in their order, in both forms.
#[derive(Debug)]
pub(super) enum Instant {
    /// Tiles of targets: for each source in turn, the weights of the tile.
    Dense { weights: Vec<f64>, simd: Simd },
    /// Compressed rows.
    Sparse { starts: Vec<usize>, sources: Vec<u32>, weights: Vec<f64> },
}

impl Instant {
    /// The instantaneous ones among `links`, which are in the order of their targets; `None` if there are none.
    pub fn of(
        links: &[Link],
        targets: usize,
        sources: usize,
        connectivity: Connectivity,
        simd: Simd,
    ) -> Option<Self> {
        let members: Vec<&Link> = links.iter().filter(|link| link.steps == 0).collect();
        if members.is_empty() {
            return None;
        }
        let sparse = match connectivity {
            Connectivity::Auto => (members.len() as f64) < SPARSE_BELOW * (targets * sources) as f64,
            Connectivity::Dense => false,
            Connectivity::Sparse => true,
        };
        if sparse {
            let mut starts = vec![0; targets + 1];
            members.iter().for_each(|link| starts[link.target + 1] += 1);
            (0..targets).for_each(|target| starts[target + 1] += starts[target]);
            let weights = members.iter().map(|link| link.weight).collect();
            return Some(Self::Sparse {
                starts,
                sources: members.iter().map(|link| link.source as u32).collect(),
                weights,
            });
        }
        let mut weights = vec![0.0; targets.div_ceil(TILE) * sources * TILE];
        for link in members {
            let tile = link.target / TILE * sources * TILE;
            weights[tile + link.source * TILE + link.target % TILE] += link.weight;
        }
        Some(Self::Dense { weights, simd })
    }

    /// Adds what is sent now to the sum of each target.
    pub fn add(&self, present: &[f64], sums: &mut [f64]) {
        match self {
            Self::Dense { weights, simd } => simd.run(Tiles { weights, present, sums }),
            Self::Sparse { starts, sources, weights } => {
                for (sum, ends) in sums.iter_mut().zip(starts.windows(2)) {
                    let edges = ends[0]..ends[1];
                    for (source, weight) in sources[edges.clone()].iter().zip(&weights[edges]) {
                        *sum += weight * present[*source as usize];
                    }
                }
            }
        }
    }
}

struct Tiles<'a> {
    weights: &'a [f64],
    present: &'a [f64],
    sums: &'a mut [f64],
}

impl LaneJob for Tiles<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let tiles = self.weights.chunks_exact(self.present.len() * TILE);
        for (weights, sums) in tiles.zip(self.sums.chunks_mut(TILE)) {
            let mut tile = [0.0; TILE];
            tile[..sums.len()].copy_from_slice(sums);
            for (weights, sent) in weights.chunks_exact(TILE).zip(self.present) {
                // Product and sum are rounded each, so that all instruction sets give the same bits.
                tile.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * sent);
            }
            sums.copy_from_slice(&tile[..sums.len()]);
        }
    }
}
