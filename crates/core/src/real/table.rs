//! Tables of numbers on a regular grid, between whose points look-ups interpolate.

use brainmass_spec::table::Axis;

use super::Real;

/// Numbers on a regular grid of one axis or two, as the bytes of the file that holds them.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a, const AXES: usize> {
    axes: [Axis; AXES],
    /// The file of the table.
    pub file: &'a [u8],
    numbers: &'a [u8],
}

/// The place of a coordinate on an axis.
struct Place<R> {
    /// The number of the point at or below it, from which the axis goes on to a next point.
    point: R,
    /// The part of the way to the next point, from 0 to 1.
    part: R,
    /// The change of `part` with the coordinate.
    slope: R,
}

impl<'a, const AXES: usize> Table<'a, AXES> {
    /// Refers to a table in a file whose numbers begin behind a header of so many bytes: 64-bit numbers, their lowest byte first, row by row.
    ///
    /// # Panics
    ///
    /// If the file is shorter than its header.
    pub const fn new(axes: [Axis; AXES], file: &'a [u8], header: usize) -> Self {
        Self { axes, file, numbers: file.split_at(header).1 }
    }

    /// Looks a value up: linear between two points along each axis, and held at the ends of an axis beyond them.
    #[inline(always)]
    pub fn value<R: Real>(&self, at: [R; AXES]) -> R {
        self.derivative([0; AXES], at)
    }

    /// Looks up a derivative of these orders along the axes, each 0 or 1. Beyond the ends of an axis the slope along it is 0.
    ///
    /// Products and sums are not fused, so that every instruction set gives the same bits.
    #[inline(always)]
    pub fn derivative<R: Real>(&self, orders: [u8; AXES], at: [R; AXES]) -> R {
        let number = |point: R| point.number_of(self.numbers);
        let one = R::splat(1.0);
        let first = place(self.axes[0], at[0]);
        if AXES == 1 {
            return along(&first, orders[0], number(first.point), number(first.point + one));
        }
        let columns = R::splat(self.axes[1].points as f64);
        let second = place(self.axes[1], at[1]);
        let low = first.point * columns + second.point;
        let high = low + columns;
        let at_row = |row| along(&second, orders[1], number(row), number(row + one));
        along(&first, orders[0], at_row(low), at_row(high))
    }
}

/// Finds a coordinate on an axis. One that is no number stays none.
#[inline(always)]
fn place<R: Real>(axis: Axis, x: R) -> Place<R> {
    let steps = (axis.points - 1) as f64;
    let scale = steps / (axis.last - axis.first);
    let (zero, steps, scale) = (R::splat(0.0), R::splat(steps), R::splat(scale));
    let along = (x - R::splat(axis.first)) * scale;
    // A comparison with what is no number gives the second operand.
    let held = steps.min(zero.max(along));
    let point = (steps - R::splat(1.0)).min(held.floor());
    let is_inside = R::and(zero.le(along), along.le(steps));
    Place { point, part: held - point, slope: R::select(is_inside, scale, zero) }
}

/// The value between two points, or its slope.
#[inline(always)]
fn along<R: Real>(place: &Place<R>, order: u8, from: R, to: R) -> R {
    if order == 0 { from + place.part * (to - from) } else { place.slope * (to - from) }
}

/// The number at a place among numbers that are bytes. Every place has one, so that a coordinate that is no number does no harm.
#[inline(always)]
pub(super) fn number_at(numbers: &[u8], place: f64) -> f64 {
    let (numbers, _) = numbers.as_chunks();
    let number = numbers.get(place as usize).or(numbers.last());
    number.map_or(f64::NAN, |number| f64::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use brainmass_spec::table;

    use super::*;
    use crate::real::{Lane, LaneJob, Simd};

    const AXES: [Axis; 2] =
        [Axis { first: -1.0, last: 7.0, points: 5 }, Axis { first: 0.5, last: 5.0, points: 7 }];

    /// Numbers that look random, behind a header.
    fn file() -> Vec<u8> {
        let number = |i: u32| (f64::from(i) * 0.754_877_666).fract() * 100.0 - 20.0;
        [7; 16].into_iter().chain((0..35).flat_map(|i| number(i).to_le_bytes())).collect()
    }

    /// Coordinates within the grid, on its points, beyond it, and no numbers.
    fn coordinates() -> Vec<[f64; 2]> {
        let spread = |i: u32, step: f64| (f64::from(i) * step).fract();
        let mut all: Vec<[f64; 2]> =
            (0..200).map(|i| [12.0 * spread(i, 0.618) - 3.0, 8.0 * spread(i, 0.414) - 1.0]).collect();
        all.extend([
            [-1.0, 0.5],
            [7.0, 5.0],
            [3.0, 2.0],
            [f64::NAN, 1.0],
            [f64::INFINITY, -1e300],
            [1.0, f64::NAN],
        ]);
        all
    }

    struct Look<'a> {
        file: &'a [u8],
        orders: [u8; 2],
    }

    impl LaneJob for Look<'_> {
        type Output = Vec<f64>;

        #[inline(always)]
        fn run<R: Lane>(self) -> Vec<f64> {
            let table = Table::new(AXES, self.file, 16);
            let mut results = Vec::new();
            for block in coordinates().chunks(R::WIDTH) {
                let axis = |axis: usize| -> Vec<f64> { block.iter().map(|at| at[axis]).collect() };
                let at = [R::load_partial(&axis(0)), R::load_partial(&axis(1))];
                let mut values = vec![0.0; block.len()];
                table.derivative(self.orders, at).store_partial(&mut values);
                results.extend(values);
            }
            results
        }
    }

    #[test]
    fn every_instruction_set_looks_up_the_same_bits_and_the_plain_form_agrees() {
        let file = file();
        let plain_form = table::Table { axes: AXES.to_vec(), file: file.as_slice().into(), header: 16 };
        for orders in [[0, 0], [1, 0], [0, 1], [1, 1]] {
            let plain = Look { file: &file, orders }.run::<f64>();
            for (at, value) in coordinates().iter().zip(&plain) {
                let expected = plain_form.value(at, orders);
                let is_near = (value - expected).abs() <= 1e-12 * 100.0;
                assert!(
                    is_near || value.is_nan() && expected.is_nan(),
                    "{at:?} {orders:?}: {value} {expected}"
                );
            }
            for simd in ["avx512", "avx2", "plain"].into_iter().filter_map(|name| Simd::named(name).ok()) {
                let lanes = simd.run(Look { file: &file, orders });
                for ((at, lane), plain) in coordinates().iter().zip(&lanes).zip(&plain) {
                    let is_same = lane.to_bits() == plain.to_bits() || lane.is_nan() && plain.is_nan();
                    assert!(is_same, "{at:?} {orders:?} by {}: {lane:e} {plain:e}", simd.name());
                }
            }
        }
    }

    #[test]
    fn a_table_of_one_axis_is_a_line_in_pieces() {
        let file: Vec<u8> = [1.0_f64, 3.0, 2.0].into_iter().flat_map(f64::to_le_bytes).collect();
        let table = Table::new([Axis { first: 0.0, last: 4.0, points: 3 }], &file, 0);
        assert_eq!(
            [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 9.0].map(|x| table.value([x])),
            [1.0, 1.0, 2.0, 3.0, 2.5, 2.0, 2.0]
        );
        assert_eq!([-1.0, 1.0, 3.0, 9.0].map(|x| table.derivative([1], [x])), [0.0, 1.0, -0.5, 0.0]);
    }
}
