//! Node blocks: as many nodes as a register has lanes, in arrays and in registers.

use crate::kernel::{Array, Kernel};
use crate::real::{LANE_WIDTH, Lane};

/// The first node of each block of lanes. The last block overlaps the one before it, so that it is full: nothing that a lane computes depends on
/// where it stands, and a node that is computed twice gets the same bits twice.
#[inline(always)]
pub(crate) fn block_starts<R: Lane>(nodes: usize) -> impl Iterator<Item = usize> {
    let last = nodes.saturating_sub(R::WIDTH);
    (0..nodes).step_by(R::WIDTH).map(move |first| first.min(last))
}

/// The place of a node block in structures of arrays: value `i` of node `n` is at `i*nodes + n`.
#[derive(Clone, Copy)]
pub(crate) struct NodeBlock {
    /// The number of nodes of the arrays.
    pub nodes: usize,
    /// The first node of the block.
    pub first: usize,
}

impl NodeBlock {
    /// Loads a row for each entry of the array.
    #[inline(always)]
    pub fn load<R: Lane, A: Array<R>>(self, from: &[f64]) -> A {
        let mut values = A::splat(R::splat(0.0));
        for row in 0..A::LEN {
            values.as_mut()[row] =
                R::load_partial(&from[row * self.nodes + self.first..(row + 1) * self.nodes]);
        }
        values
    }

    /// Stores each entry of the array in its row.
    #[inline(always)]
    pub fn store<R: Lane, A: Array<R>>(self, values: A, to: &mut [f64]) {
        for row in 0..A::LEN {
            let to = &mut to[row * self.nodes + self.first..(row + 1) * self.nodes];
            values.as_ref()[row].store_partial(to);
        }
    }

    /// Adds each entry of the array to its row. Not for [`block_starts`], whose blocks overlap: their nodes would be added twice.
    #[inline(always)]
    pub fn accumulate<R: Lane, A: Array<R>>(self, values: A, to: &mut [f64]) {
        for row in 0..A::LEN {
            let to = &mut to[row * self.nodes + self.first..(row + 1) * self.nodes];
            (R::load_partial(to) + values.as_ref()[row]).store_partial(to);
        }
    }
}

/// Loads an array whose numbers stand together, one block of lanes after the other.
#[inline(always)]
pub(crate) fn load_packed<R: Lane, A: Array<R>>(from: &[f64]) -> A {
    let from = &from[..A::LEN * R::WIDTH];
    let mut values = A::splat(R::splat(0.0));
    for i in 0..A::LEN {
        values.as_mut()[i] = R::load(&from[i * R::WIDTH..]);
    }
    values
}

/// Stores an array in rows of [`LANE_WIDTH`] numbers, from lane `lane` of each on.
#[inline(always)]
pub(crate) fn store_rows<R: Lane, A: Array<R>>(values: A, lane: usize, to: &mut [f64]) {
    for (i, row) in to.chunks_exact_mut(LANE_WIDTH).take(A::LEN).enumerate() {
        values.as_ref()[i].store(&mut row[lane..]);
    }
}

/// Loads the coefficients of the nodes from `first` on, for lanes that may be fewer than the [`LANE_WIDTH`] nodes whose coefficients stand
/// together (see [`Engine::prepare`](super::Engine::prepare)); those beyond the end of that block repeat its last node. The last block begins
/// where [`block_starts`] has it begin.
#[inline(always)]
pub(crate) fn load_coefficients<K: Kernel, R: Lane>(
    from: &[f64],
    nodes: usize,
    first: usize,
) -> K::Coefficients<R> {
    load_prepared::<K, R, _>(from, 0, NodeBlock { nodes, first })
}

/// Loads the factors of exponential Euler, which stand behind the coefficients, as [`load_coefficients`] loads those.
#[inline(always)]
pub(crate) fn load_factors<K: Kernel, R: Lane>(from: &[f64], nodes: usize, first: usize) -> K::States<R> {
    load_prepared::<K, R, _>(from, <K::Coefficients<R> as Array<R>>::LEN, NodeBlock { nodes, first })
}

/// Loads the rows from `row` on of the numbers that [`Engine::prepare`](super::Engine::prepare) returned.
#[inline(always)]
fn load_prepared<K: Kernel, R: Lane, A: Array<R>>(from: &[f64], row: usize, place: NodeBlock) -> A {
    let NodeBlock { nodes, first } = place;
    let rows = <K::Coefficients<R> as Array<R>>::LEN + <K::States<R> as Array<R>>::LEN;
    let (index, start) =
        (first / LANE_WIDTH, (first / LANE_WIDTH * LANE_WIDTH).min(nodes.saturating_sub(LANE_WIDTH)));
    let block = &from[(index * rows + row) * LANE_WIDTH..][..A::LEN * LANE_WIDTH];
    let mut values = A::splat(R::splat(0.0));
    for i in 0..A::LEN {
        values.as_mut()[i] = R::load_partial(&block[i * LANE_WIDTH + first - start..(i + 1) * LANE_WIDTH]);
    }
    values
}
