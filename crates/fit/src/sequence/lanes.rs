//! Sums of products over blocks of items: what a batch spends its time with.
//!
//! Eight items of a batch stand side by side in vector lanes. A signal of n cells is `[cell][item]`; over time it is
//! `[step][cell][item]`.

use ndarray::ArrayView2;

use brainmass_core::real::{Aligned, Lane, LaneJob, Simd};
use brainmass_sim::runtime::edges::row_offsets;

/// Items side by side.
pub(super) const LANES: usize = 8;

/// Cells whose weights stand together.
const TILE: usize = 8;

/// Steps that are taken back together, and whose products are summed in registers before they are added to memory.
pub(super) const CHUNK: usize = 32;

/// Weights in the order in which a product reads them: tiles of targets, in a tile the targets' weights from each source in turn.
#[derive(Debug)]
pub(super) struct Packed {
    tiles: Vec<f64>,
    sources: usize,
}

impl Packed {
    /// Weights as (source, target).
    pub fn new(weights: ArrayView2<f64>) -> Self {
        let (sources, targets) = weights.dim();
        let mut tiles = vec![0.0; targets.div_ceil(TILE) * sources * TILE];
        for ((source, target), weight) in weights.indexed_iter() {
            tiles[(target / TILE * sources + source) * TILE + target % TILE] = *weight;
        }
        Self { tiles, sources }
    }

    /// Adds `scale * sum of w x` to each target, in the order of the sources. Products and sums are rounded each, as where a layer runs a
    /// single sequence.
    pub fn add(&self, simd: Simd, scale: f64, x: &[f64], out: &mut [f64]) {
        simd.run(Product::<false> { packed: self, scale, x, out });
    }

    /// [`Packed::add`], fused where the instruction set does that, as in the sums of a network.
    pub fn add_fused(&self, simd: Simd, scale: f64, x: &[f64], out: &mut [f64]) {
        simd.run(Product::<true> { packed: self, scale, x, out });
    }
}

struct Product<'a, const FUSED: bool> {
    packed: &'a Packed,
    scale: f64,
    x: &'a [f64],
    out: &'a mut [f64],
}

impl<const FUSED: bool> LaneJob for Product<'_, FUSED> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        if R::REGISTERS == 1 { self.by::<R, TILE>() } else { self.by::<R, { TILE / 2 }>() }
    }
}

impl<const FUSED: bool> Product<'_, FUSED> {
    /// The sums of `COUNT` targets at once: as many as there are chains of operations for a processor to overlap, and registers.
    #[inline(always)]
    fn by<R: Lane, const COUNT: usize>(self) {
        let scale = R::splat(self.scale);
        let tiles = self.packed.tiles.chunks_exact(self.packed.sources * TILE);
        for (tile, out) in tiles.zip(self.out.chunks_mut(TILE * LANES)) {
            for (group, out) in out.chunks_mut(COUNT * LANES).enumerate() {
                for part in (0..LANES).step_by(R::WIDTH) {
                    let mut sums = [R::splat(0.0); COUNT];
                    for (weights, x) in tile.chunks_exact(TILE).zip(self.x.chunks_exact(LANES)) {
                        let x = R::load(&x[part..]);
                        for (sum, weight) in sums.iter_mut().zip(&weights[group * COUNT..]) {
                            *sum = add_product::<R, FUSED>(*sum, R::splat(*weight), x);
                        }
                    }
                    for (sum, out) in sums.iter().zip(out.chunks_exact_mut(LANES)) {
                        let out = &mut out[part..];
                        (R::load(out) + scale * *sum).store(out);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn add_product<R: Lane, const FUSED: bool>(sum: R, a: R, b: R) -> R {
    if FUSED { a.mul_add(b, sum) } else { sum + a * b }
}

/// Connections of which each reads another time of a signal.
#[derive(Debug, Default)]
pub(super) struct Gather {
    /// Where the connections of each target start, and the end of the last.
    starts: Vec<usize>,
    /// Where a connection reads: step and cell of the signal, counted as cells.
    offsets: Vec<usize>,
    weights: Vec<f64>,
}

impl Gather {
    /// Connections in the order of their targets: target, offset, weight.
    pub fn new(targets: usize, connections: &[(usize, usize, f64)]) -> Self {
        Self {
            starts: row_offsets(targets, connections.iter().map(|connection| connection.0)),
            offsets: connections.iter().map(|connection| connection.1).collect(),
            weights: connections.iter().map(|connection| connection.2).collect(),
        }
    }

    /// Adds `scale * sum of w x` to each target, all offsets moved by `shift` cells.
    pub fn add(&self, simd: Simd, scale: f64, signal: &[f64], shift: usize, out: &mut [f64]) {
        simd.run(Gathering { gather: self, scale, signal: &signal[shift * LANES..], out });
    }
}

struct Gathering<'a> {
    gather: &'a Gather,
    scale: f64,
    signal: &'a [f64],
    out: &'a mut [f64],
}

impl LaneJob for Gathering<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let scale = R::splat(self.scale);
        for (ends, out) in self.gather.starts.windows(2).zip(self.out.chunks_exact_mut(LANES)) {
            let offsets = self.gather.offsets[ends[0]..ends[1]].chunks(2);
            let weights = self.gather.weights[ends[0]..ends[1]].chunks(2);
            for part in (0..LANES).step_by(R::WIDTH) {
                // Two sums, so that one addition need not wait for the other.
                let mut sums = [R::splat(0.0); 2];
                for (offsets, weights) in offsets.clone().zip(weights.clone()) {
                    for ((sum, offset), weight) in sums.iter_mut().zip(offsets).zip(weights) {
                        *sum = *sum + R::splat(*weight) * R::load(&self.signal[offset * LANES + part..]);
                    }
                }
                let out = &mut out[part..];
                (R::load(out) + scale * (sums[0] + sums[1])).store(out);
            }
        }
    }
}

/// A signal over time: the values of the cells at step t are `data[start + t*stride ..]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    pub data: &'a [f64],
    pub start: usize,
    pub stride: usize,
    pub cells: usize,
}

impl Series<'_> {
    /// Copies the first steps to `[cell][step][item]`.
    fn pack(&self, steps: usize, out: &mut Aligned) {
        out.fit(self.cells * steps * LANES);
        for step in 0..steps {
            let values = &self.data[self.start + step * self.stride..][..self.cells * LANES];
            for (cell, value) in values.chunks_exact(LANES).enumerate() {
                out[(cell * steps + step) * LANES..][..LANES].copy_from_slice(value);
            }
        }
    }
}

/// Room for two signals with the steps of each cell side by side.
#[derive(Debug, Default)]
pub(super) struct Packing {
    a: Aligned,
    b: Aligned,
}

/// Adds the sums over `steps` steps of the products of every cell of `a` with every cell of `b`, to `[cell of a][cell of b][item]`.
pub(super) fn add_outer(
    simd: Simd,
    a: Series,
    b: Series,
    steps: usize,
    packing: &mut Packing,
    out: &mut [f64],
) {
    a.pack(steps, &mut packing.a);
    b.pack(steps, &mut packing.b);
    simd.run(Outer { a: &packing.a, b: &packing.b, run: steps * LANES, columns: b.cells, out });
}

struct Outer<'a> {
    a: &'a [f64],
    b: &'a [f64],
    /// Numbers of a cell.
    run: usize,
    columns: usize,
    out: &'a mut [f64],
}

impl LaneJob for Outer<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        if R::REGISTERS == 1 { self.by::<R, 4>() } else { self.by::<R, 2>() }
    }
}

impl Outer<'_> {
    /// The sums of `ROWS` cells of `a` with two of `b` at once, see [`Product::by`].
    #[inline(always)]
    fn by<R: Lane, const ROWS: usize>(self) {
        let (run, width) = (self.run, self.columns * LANES);
        let whole = self.a.len() / (ROWS * run) * ROWS;
        let (a, rest) = self.a.split_at(whole * run);
        let (out, rest_out) = self.out.split_at_mut(whole * width);
        for (a, out) in a.chunks_exact(ROWS * run).zip(out.chunks_exact_mut(ROWS * width)) {
            row::<R, ROWS>(a, self.b, run, width, out);
        }
        for (a, out) in rest.chunks_exact(run).zip(rest_out.chunks_exact_mut(width)) {
            row::<R, 1>(a, self.b, run, width, out);
        }
    }
}

/// The products of M cells with all others.
#[inline(always)]
fn row<R: Lane, const M: usize>(a: &[f64], b: &[f64], run: usize, width: usize, out: &mut [f64]) {
    for (column, b) in b.chunks(2 * run).enumerate() {
        let out = &mut out[2 * column * LANES..];
        match b.len() / run {
            2 => tile::<R, M, 2>(a, b, run, width, out),
            _ => tile::<R, M, 1>(a, b, run, width, out),
        }
    }
}

/// The products of M cells with N cells.
#[inline(always)]
fn tile<R: Lane, const M: usize, const N: usize>(
    a: &[f64],
    b: &[f64],
    run: usize,
    width: usize,
    out: &mut [f64],
) {
    for part in (0..LANES).step_by(R::WIDTH) {
        let mut sums = [[R::splat(0.0); N]; M];
        for at in (part..run).step_by(LANES) {
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
                let out = &mut out[m * width + n * LANES + part..];
                (R::load(out) + *sum).store(out);
            }
        }
    }
}

/// A pair of cells, and how many steps the one reads the other late.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub source: usize,
    pub target: usize,
    pub steps: usize,
}

/// Pairs, and the most steps that one of them is late.
#[derive(Debug, Clone, Copy)]
pub(super) struct Late<'a> {
    pub pairs: &'a [Pair],
    pub longest: usize,
}

/// Adds to each pair the sum over `steps` steps of the products of what the source sent and what the target is given. `sent` starts as many
/// steps before `given` as a pair may be late.
pub(super) fn add_pairs(
    simd: Simd,
    sent: Series,
    given: Series,
    steps: usize,
    late: Late,
    packing: &mut Packing,
    out: &mut [f64],
) {
    let Late { pairs, longest } = late;
    sent.pack(steps + longest, &mut packing.a);
    given.pack(steps, &mut packing.b);
    simd.run(Pairs { sent: &packing.a, given: &packing.b, count: steps, pairs, longest, out });
}

struct Pairs<'a> {
    sent: &'a [f64],
    given: &'a [f64],
    count: usize,
    pairs: &'a [Pair],
    longest: usize,
    out: &'a mut [f64],
}

impl LaneJob for Pairs<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let run = self.count * LANES;
        for (pair, out) in self.pairs.iter().zip(self.out.chunks_exact_mut(LANES)) {
            let start = pair.source * (self.count + self.longest) + self.longest - pair.steps;
            let sent = &self.sent[start * LANES..][..run];
            let given = &self.given[pair.target * run..][..run];
            for part in (0..LANES).step_by(R::WIDTH) {
                let mut sum = R::load(&out[part..]);
                for at in (part..run).step_by(LANES) {
                    sum = R::load(&sent[at..]).mul_add(R::load(&given[at..]), sum);
                }
                sum.store(&mut out[part..]);
            }
        }
    }
}

/// The sum over the items of each group of lanes.
pub(super) fn over_items(values: &[f64]) -> impl Iterator<Item = f64> + '_ {
    values.chunks_exact(LANES).map(|items| items.iter().sum())
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
            let x = numbers(sources * LANES, 0.1);
            let packed = Packed::new(weights.view());
            for fused in [false, true] {
                let mut out = vec![1.0; targets * LANES];
                match fused {
                    true => packed.add_fused(Simd::fastest(), 2.0, &x, &mut out),
                    false => packed.add(Simd::fastest(), 2.0, &x, &mut out),
                }
                for (at, value) in out.iter().enumerate() {
                    let (target, item) = (at / LANES, at % LANES);
                    let sum: f64 = (0..sources).map(|s| weights[[s, target]] * x[s * LANES + item]).sum();
                    assert!((value - 1.0 - 2.0 * sum).abs() < 1e-14, "{sources} x {targets}");
                }
            }
        }
    }

    #[test]
    fn outer_products_are_summed_over_all_steps() {
        for (rows, columns, steps) in [(1, 1, 1), (3, 2, 33), (4, 5, 70)] {
            let (a, b) = (numbers(rows * steps * LANES, 0.2), numbers((columns + 1) * steps * LANES, 0.9));
            let a_series = Series { data: &a, start: 0, stride: rows * LANES, cells: rows };
            let b_series = Series { data: &b, start: LANES, stride: (columns + 1) * LANES, cells: columns };
            let mut out = vec![0.0; rows * columns * LANES];
            add_outer(Simd::fastest(), a_series, b_series, steps, &mut Packing::default(), &mut out);
            for (at, value) in out.iter().enumerate() {
                let (row, column, item) = (at / LANES / columns, at / LANES % columns, at % LANES);
                let term = |t: usize| {
                    a[(t * rows + row) * LANES + item] * b[(t * (columns + 1) + 1 + column) * LANES + item]
                };
                let sum: f64 = (0..steps).map(term).sum();
                assert!((value - sum).abs() < 1e-12, "{rows} x {columns}, {steps} steps");
            }
        }
    }
}
