//! Sums of products over the items of a block, in which a batch spends most of its time.
//!
//! The items of a block stand side by side in vector lanes. A signal of n cells is `[cell][item]`; over time it is
//! `[step][cell][item]`. A register may hold all items of a block or a part of them, so that loops over `part` cover what one register leaves.

use ndarray::ArrayView2;

use brainmass_core::real::{Aligned, Lane, LaneJob, Simd};
use brainmass_sim::runtime::edges::row_offsets;

/// The number of items of a block.
pub(super) const BLOCK_ITEMS: usize = 8;

/// The number of targets whose weights stand together.
const TILE: usize = 8;

/// The number of steps that go backward together. Their products are summed in registers before they are added to memory.
pub(super) const CHUNK: usize = 32;

/// Weights in the order in which a product reads them: tiles of [`TILE`] targets, and in a tile for each source the weights of its targets.
#[derive(Debug)]
pub(super) struct PackedWeights {
    tiles: Vec<f64>,
    sources: usize,
}

impl PackedWeights {
    /// Packs weights `(source, target)`.
    pub fn new(weights: ArrayView2<f64>) -> Self {
        let (sources, targets) = weights.dim();
        let mut tiles = vec![0.0; targets.div_ceil(TILE) * sources * TILE];
        for ((source, target), weight) in weights.indexed_iter() {
            tiles[(target / TILE * sources + source) * TILE + target % TILE] = *weight;
        }
        Self { tiles, sources }
    }

    /// Adds `scale * sum of w x` over the sources, in their order, to each target. Products and sums are rounded each, as where a layer runs a
    /// single sequence.
    pub fn add_product(&self, simd: Simd, scale: f64, x: &[f64], out: &mut [f64]) {
        simd.run(ProductJob::<false> { packed: self, scale, x, out });
    }

    /// Does the same with fused multiplication and addition where the instruction set has it, as in the sums of a network.
    pub fn add_product_fused(&self, simd: Simd, scale: f64, x: &[f64], out: &mut [f64]) {
        simd.run(ProductJob::<true> { packed: self, scale, x, out });
    }
}

/// A product of weights with a signal of one step.
struct ProductJob<'a, const FUSED: bool> {
    packed: &'a PackedWeights,
    scale: f64,
    x: &'a [f64],
    out: &'a mut [f64],
}

impl<const FUSED: bool> LaneJob for ProductJob<'_, FUSED> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        if R::REGISTERS == 1 { self.sum_groups::<R, TILE>() } else { self.sum_groups::<R, { TILE / 2 }>() }
    }
}

impl<const FUSED: bool> ProductJob<'_, FUSED> {
    /// Adds up the sums of `COUNT` targets at once, so that their chains of additions overlap. More would not fit into the registers.
    #[inline(always)]
    fn sum_groups<R: Lane, const COUNT: usize>(self) {
        let scale = R::splat(self.scale);
        let tiles = self.packed.tiles.chunks_exact(self.packed.sources * TILE);
        for (tile, out) in tiles.zip(self.out.chunks_mut(TILE * BLOCK_ITEMS)) {
            for (group, out) in out.chunks_mut(COUNT * BLOCK_ITEMS).enumerate() {
                for part in (0..BLOCK_ITEMS).step_by(R::WIDTH) {
                    let mut sums = [R::splat(0.0); COUNT];
                    for (weights, x) in tile.chunks_exact(TILE).zip(self.x.chunks_exact(BLOCK_ITEMS)) {
                        let x = R::load(&x[part..]);
                        for (sum, weight) in sums.iter_mut().zip(&weights[group * COUNT..]) {
                            *sum = multiply_add::<R, FUSED>(*sum, R::splat(*weight), x);
                        }
                    }
                    for (sum, out) in sums.iter().zip(out.chunks_exact_mut(BLOCK_ITEMS)) {
                        let out = &mut out[part..];
                        (R::load(out) + scale * *sum).store(out);
                    }
                }
            }
        }
    }
}

/// Returns `sum + a b`, rounded once if fused, else twice.
#[inline(always)]
fn multiply_add<R: Lane, const FUSED: bool>(sum: R, a: R, b: R) -> R {
    if FUSED { a.mul_add(b, sum) } else { sum + a * b }
}

/// Edges of which each reads a signal at a time of its own, as compressed rows: the rows are targets.
#[derive(Debug, Default)]
pub(super) struct DelayedEdges {
    /// Row offsets: the first edge of each target, and the end of the last.
    starts: Vec<usize>,
    /// The place in the signal that each edge reads: step times cells, plus cell.
    offsets: Vec<usize>,
    weights: Vec<f64>,
}

impl DelayedEdges {
    /// Stores edges that are in the order of their targets: target, offset, weight.
    pub fn new(targets: usize, edges: &[(usize, usize, f64)]) -> Self {
        Self {
            starts: row_offsets(targets, edges.iter().map(|edge| edge.0)),
            offsets: edges.iter().map(|edge| edge.1).collect(),
            weights: edges.iter().map(|edge| edge.2).collect(),
        }
    }

    /// Adds `scale * sum of w x` over its edges to each target. All offsets are moved by `shift` cells.
    pub fn add_sums(&self, simd: Simd, scale: f64, signal: &[f64], shift: usize, out: &mut [f64]) {
        simd.run(GatherJob { gather: self, scale, signal: &signal[shift * BLOCK_ITEMS..], out });
    }
}

/// The sums of delayed edges in one step.
struct GatherJob<'a> {
    gather: &'a DelayedEdges,
    scale: f64,
    signal: &'a [f64],
    out: &'a mut [f64],
}

impl LaneJob for GatherJob<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let scale = R::splat(self.scale);
        for (ends, out) in self.gather.starts.windows(2).zip(self.out.chunks_exact_mut(BLOCK_ITEMS)) {
            let offsets = self.gather.offsets[ends[0]..ends[1]].chunks(2);
            let weights = self.gather.weights[ends[0]..ends[1]].chunks(2);
            for part in (0..BLOCK_ITEMS).step_by(R::WIDTH) {
                // Even and odd edges have a sum each, so that one addition need not wait for the other.
                let mut sums = [R::splat(0.0); 2];
                for (offsets, weights) in offsets.clone().zip(weights.clone()) {
                    for ((sum, offset), weight) in sums.iter_mut().zip(offsets).zip(weights) {
                        *sum =
                            *sum + R::splat(*weight) * R::load(&self.signal[offset * BLOCK_ITEMS + part..]);
                    }
                }
                let out = &mut out[part..];
                (R::load(out) + scale * (sums[0] + sums[1])).store(out);
            }
        }
    }
}

/// A signal over time: `[cell][item]` of step t begins at `data[start + t*stride]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignalSeries<'a> {
    pub data: &'a [f64],
    pub start: usize,
    pub stride: usize,
    pub cells: usize,
}

impl SignalSeries<'_> {
    /// Copies the first steps in the order `[cell][step][item]`, so that the steps of a cell stand side by side.
    fn pack(&self, steps: usize, out: &mut Aligned) {
        out.fit(self.cells * steps * BLOCK_ITEMS);
        for step in 0..steps {
            let values = &self.data[self.start + step * self.stride..][..self.cells * BLOCK_ITEMS];
            for (cell, value) in values.chunks_exact(BLOCK_ITEMS).enumerate() {
                out[(cell * steps + step) * BLOCK_ITEMS..][..BLOCK_ITEMS].copy_from_slice(value);
            }
        }
    }
}

/// Memory for two packed signals, see [`SignalSeries::pack`].
#[derive(Debug, Default)]
pub(super) struct PackingBuffers {
    a: Aligned,
    b: Aligned,
}

/// Adds the sums over `steps` steps of the products of every cell of `a` with every cell of `b` to `[cell of a][cell of b][item]`.
pub(super) fn add_outer_products(
    simd: Simd,
    a: SignalSeries,
    b: SignalSeries,
    steps: usize,
    packing: &mut PackingBuffers,
    out: &mut [f64],
) {
    a.pack(steps, &mut packing.a);
    b.pack(steps, &mut packing.b);
    simd.run(OuterJob { a: &packing.a, b: &packing.b, run: steps * BLOCK_ITEMS, columns: b.cells, out });
}

/// The outer products of two packed signals, summed over their steps.
struct OuterJob<'a> {
    a: &'a [f64],
    b: &'a [f64],
    /// Numbers of a cell: steps times items.
    run: usize,
    columns: usize,
    out: &'a mut [f64],
}

impl LaneJob for OuterJob<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        if R::REGISTERS == 1 { self.sum_rows::<R, 4>() } else { self.sum_rows::<R, 2>() }
    }
}

impl OuterJob<'_> {
    /// Sums `ROWS` cells of `a` with two of `b` at once, see [`ProductJob::sum_groups`].
    #[inline(always)]
    fn sum_rows<R: Lane, const ROWS: usize>(self) {
        let (run, width) = (self.run, self.columns * BLOCK_ITEMS);
        let whole = self.a.len() / (ROWS * run) * ROWS;
        let (a, rest) = self.a.split_at(whole * run);
        let (out, rest_out) = self.out.split_at_mut(whole * width);
        for (a, out) in a.chunks_exact(ROWS * run).zip(out.chunks_exact_mut(ROWS * width)) {
            add_row_products::<R, ROWS>(a, self.b, run, width, out);
        }
        for (a, out) in rest.chunks_exact(run).zip(rest_out.chunks_exact_mut(width)) {
            add_row_products::<R, 1>(a, self.b, run, width, out);
        }
    }
}

/// Adds the products of M cells of `a` with all cells of `b`.
#[inline(always)]
fn add_row_products<R: Lane, const M: usize>(
    a: &[f64],
    b: &[f64],
    run: usize,
    width: usize,
    out: &mut [f64],
) {
    for (column, b) in b.chunks(2 * run).enumerate() {
        let out = &mut out[2 * column * BLOCK_ITEMS..];
        match b.len() / run {
            2 => add_tile_products::<R, M, 2>(a, b, run, width, out),
            _ => add_tile_products::<R, M, 1>(a, b, run, width, out),
        }
    }
}

/// Adds the products of M cells of `a` with N cells of `b`, whose M N sums stay in registers over all steps.
#[inline(always)]
fn add_tile_products<R: Lane, const M: usize, const N: usize>(
    a: &[f64],
    b: &[f64],
    run: usize,
    width: usize,
    out: &mut [f64],
) {
    for part in (0..BLOCK_ITEMS).step_by(R::WIDTH) {
        let mut sums = [[R::splat(0.0); N]; M];
        for at in (part..run).step_by(BLOCK_ITEMS) {
            let mut right = [R::splat(0.0); N];
            for (n, right) in right.iter_mut().enumerate() {
                *right = R::load(&b[n * run + at..]);
            }
            for (m, sums) in sums.iter_mut().enumerate() {
                let left = R::load(&a[m * run + at..]);
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = left.mul_add(right, *sum);
                }
            }
        }
        for (m, sums) in sums.iter().enumerate() {
            for (n, sum) in sums.iter().enumerate() {
                let out = &mut out[m * width + n * BLOCK_ITEMS + part..];
                (R::load(out) + *sum).store(out);
            }
        }
    }
}

/// Two cells of which the target reads the source with a delay.
#[derive(Debug, Clone, Copy)]
pub(super) struct DelayedPair {
    pub source: usize,
    pub target: usize,
    /// The delay in steps.
    pub steps: usize,
}

/// Pairs of cells with delays, and the longest of these in steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct DelayedPairs<'a> {
    pub pairs: &'a [DelayedPair],
    pub longest: usize,
}

/// Adds to each pair the sum over `steps` steps of the products of what the source sent, its delay ago, and the adjoint of what the target
/// received. `sent` starts the longest delay before `given`.
pub(super) fn add_pair_products(
    simd: Simd,
    sent: SignalSeries,
    given: SignalSeries,
    steps: usize,
    late: DelayedPairs,
    packing: &mut PackingBuffers,
    out: &mut [f64],
) {
    let DelayedPairs { pairs, longest } = late;
    sent.pack(steps + longest, &mut packing.a);
    given.pack(steps, &mut packing.b);
    simd.run(PairJob { sent: &packing.a, given: &packing.b, count: steps, pairs, longest, out });
}

/// The products of pairs with delays, summed over the steps of two packed signals.
struct PairJob<'a> {
    sent: &'a [f64],
    given: &'a [f64],
    count: usize,
    pairs: &'a [DelayedPair],
    longest: usize,
    out: &'a mut [f64],
}

impl LaneJob for PairJob<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let run = self.count * BLOCK_ITEMS;
        for (pair, out) in self.pairs.iter().zip(self.out.chunks_exact_mut(BLOCK_ITEMS)) {
            let start = pair.source * (self.count + self.longest) + self.longest - pair.steps;
            let sent = &self.sent[start * BLOCK_ITEMS..][..run];
            let given = &self.given[pair.target * run..][..run];
            for part in (0..BLOCK_ITEMS).step_by(R::WIDTH) {
                let mut sum = R::load(&out[part..]);
                for at in (part..run).step_by(BLOCK_ITEMS) {
                    sum = R::load(&sent[at..]).mul_add(R::load(&given[at..]), sum);
                }
                sum.store(&mut out[part..]);
            }
        }
    }
}

/// Returns the sum over the items of a block for each number of `[number][item]`.
pub(super) fn sums_over_items(values: &[f64]) -> impl Iterator<Item = f64> + '_ {
    values.chunks_exact(BLOCK_ITEMS).map(|items| items.iter().sum())
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    fn numbers(count: usize, seed: f64) -> Vec<f64> {
        (0..count).map(|i| ((i as f64 + seed) * 0.7).sin()).collect()
    }

    #[test]
    fn a_product_is_the_matrix_product_of_every_item() {
        for (sources, targets) in [(1, 1), (3, 5), (8, 4), (7, 9)] {
            let weights =
                Array2::from_shape_vec((sources, targets), numbers(sources * targets, 0.3)).unwrap();
            let x = numbers(sources * BLOCK_ITEMS, 0.1);
            let packed = PackedWeights::new(weights.view());
            for fused in [false, true] {
                let mut out = vec![1.0; targets * BLOCK_ITEMS];
                match fused {
                    true => packed.add_product_fused(Simd::fastest(), 2.0, &x, &mut out),
                    false => packed.add_product(Simd::fastest(), 2.0, &x, &mut out),
                }
                for (at, value) in out.iter().enumerate() {
                    let (target, item) = (at / BLOCK_ITEMS, at % BLOCK_ITEMS);
                    let sum: f64 =
                        (0..sources).map(|s| weights[[s, target]] * x[s * BLOCK_ITEMS + item]).sum();
                    assert!((value - 1.0 - 2.0 * sum).abs() < 1e-14, "{sources} x {targets}");
                }
            }
        }
    }

    #[test]
    fn outer_products_are_summed_over_all_steps() {
        for (rows, columns, steps) in [(1, 1, 1), (3, 2, 33), (4, 5, 70)] {
            let (a, b) =
                (numbers(rows * steps * BLOCK_ITEMS, 0.2), numbers((columns + 1) * steps * BLOCK_ITEMS, 0.9));
            let a_series = SignalSeries { data: &a, start: 0, stride: rows * BLOCK_ITEMS, cells: rows };
            let b_series = SignalSeries {
                data: &b,
                start: BLOCK_ITEMS,
                stride: (columns + 1) * BLOCK_ITEMS,
                cells: columns,
            };
            let mut out = vec![0.0; rows * columns * BLOCK_ITEMS];
            add_outer_products(
                Simd::fastest(),
                a_series,
                b_series,
                steps,
                &mut PackingBuffers::default(),
                &mut out,
            );
            for (at, value) in out.iter().enumerate() {
                let (row, column, item) =
                    (at / BLOCK_ITEMS / columns, at / BLOCK_ITEMS % columns, at % BLOCK_ITEMS);
                let term = |t: usize| {
                    a[(t * rows + row) * BLOCK_ITEMS + item]
                        * b[(t * (columns + 1) + 1 + column) * BLOCK_ITEMS + item]
                };
                let sum: f64 = (0..steps).map(term).sum();
                assert!((value - sum).abs() < 1e-12, "{rows} x {columns}, {steps} steps");
            }
        }
    }
}
