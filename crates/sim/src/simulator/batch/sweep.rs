//! Sweeps: the runs that a batch is made of.

use std::ops::Range;

use ndarray::{ArrayView2, Axis};

use super::sequences;
use brainmass_core::quantity::Values;

/// One run of a batch: the numbers that are set before it starts, by name, and its seed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// The numbers by the names of [`Simulator::set`](crate::simulator::Simulator::set): `a`, `init_x`, `noise_x`, `k`, `speed`, ports with constant
    /// inputs, ...
    pub settings: Vec<(String, Values)>,
    /// The seed of the noise; the simulator's if not given.
    pub seed: Option<u64>,
}

/// The runs of a batch, in order.
///
/// ```
/// use brainmass::simulator::Sweep;
///
/// let grid = Sweep::grid([("a", vec![-0.1, 0.0, 0.1]), ("k", vec![0.5, 1.0])]);
/// assert_eq!(grid.points().len(), 6);
/// let drawn = Sweep::latin_hypercube([("a", -0.1..0.1), ("k", 0.0..2.0)], 100, 42).with_seeds(0..3);
/// assert_eq!(drawn.points().len(), 300);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sweep {
    points: Vec<Point>,
}

impl Sweep {
    /// Creates a sweep of any runs.
    pub fn of(points: impl IntoIterator<Item = Point>) -> Self {
        Self { points: points.into_iter().collect() }
    }

    /// Creates a sweep of every combination of values; the last name varies fastest.
    pub fn grid<N: Into<String>>(axes: impl IntoIterator<Item = (N, Vec<f64>)>) -> Self {
        let start = vec![Point::default()];
        let points = axes.into_iter().fold(start, |points, (name, values)| {
            let name = name.into();
            let with = |point: &Point, value: f64| {
                let mut point = point.clone();
                point.settings.push((name.clone(), value.into()));
                point
            };
            points
                .iter()
                .flat_map(|point| values.iter().map(|value| with(point, *value)).collect::<Vec<_>>())
                .collect()
        });
        Self { points }
    }

    /// Creates a run for each row of `values`, with a column for each name; columns beyond the names are not used.
    pub fn list(names: &[&str], values: ArrayView2<f64>) -> Self {
        let point = |row: ndarray::ArrayView1<f64>| {
            let settings = names.iter().zip(row).map(|(name, value)| ((*name).to_owned(), (*value).into()));
            Point { settings: settings.collect(), seed: None }
        };
        Self { points: values.axis_iter(Axis(0)).map(point).collect() }
    }

    /// Creates runs that differ in nothing but their seeds.
    pub fn seeds(seeds: impl IntoIterator<Item = u64>) -> Self {
        let point = |seed| Point { settings: Vec::new(), seed: Some(seed) };
        Self { points: seeds.into_iter().map(point).collect() }
    }

    /// Draws `count` points independently and uniformly from ranges.
    pub fn random<N: Into<String>>(
        ranges: impl IntoIterator<Item = (N, Range<f64>)>,
        count: usize,
        seed: u64,
    ) -> Self {
        Self::within(ranges, count, |axis| sequences::random(axis, count, seed))
    }

    /// Draws `count` points of a Latin hypercube: each range is cut into `count` equal parts, and each part holds one point (McKay, Beckman &
    /// Conover 1979, doi 10.1080/00401706.1979.10489755).
    pub fn latin_hypercube<N: Into<String>>(
        ranges: impl IntoIterator<Item = (N, Range<f64>)>,
        count: usize,
        seed: u64,
    ) -> Self {
        Self::within(ranges, count, |axis| sequences::latin_hypercube(axis, count, seed))
    }

    /// Takes the first `count` points of Sobol's sequence, which fills space evenly; powers of two are best. Direction numbers are those of
    /// Joe & Kuo (2008, doi 10.1137/070709359), for up to 21 ranges; further ones are drawn as by [`Sweep::latin_hypercube`].
    pub fn sobol<N: Into<String>>(ranges: impl IntoIterator<Item = (N, Range<f64>)>, count: usize) -> Self {
        Self::within(ranges, count, |axis| {
            sequences::sobol(axis, count).unwrap_or_else(|| sequences::latin_hypercube(axis, count, 0))
        })
    }

    /// Repeats every run with each seed; the seeds vary fastest.
    pub fn with_seeds(self, seeds: impl IntoIterator<Item = u64>) -> Self {
        let seeds: Vec<u64> = seeds.into_iter().collect();
        let with = |point: &Point, seed: u64| Point { seed: Some(seed), ..point.clone() };
        let points = self
            .points
            .iter()
            .flat_map(|point| seeds.iter().map(|seed| with(point, *seed)).collect::<Vec<_>>());
        Self { points: points.collect() }
    }

    /// The runs.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Returns the names that are set, in the order of their first appearance.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.points.iter().flat_map(|point| &point.settings) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// Creates points within ranges from coordinates between 0 and 1.
    fn within<N: Into<String>>(
        ranges: impl IntoIterator<Item = (N, Range<f64>)>,
        count: usize,
        coordinates: impl Fn(usize) -> Vec<f64>,
    ) -> Self {
        let mut points = vec![Point::default(); count];
        for (axis, (name, range)) in ranges.into_iter().enumerate() {
            let name = name.into();
            for (point, coordinate) in points.iter_mut().zip(coordinates(axis)) {
                let value = range.start + coordinate * (range.end - range.start);
                point.settings.push((name.clone(), value.into()));
            }
        }
        Self { points }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn numbers(sweep: &Sweep) -> Vec<Vec<f64>> {
        let number = |values: &Values| if let Values::Scalar(value) = values { *value } else { f64::NAN };
        let row = |point: &Point| point.settings.iter().map(|(_, values)| number(values)).collect();
        sweep.points().iter().map(row).collect()
    }

    #[test]
    fn a_grid_has_every_combination_and_the_last_name_varies_fastest() {
        let grid = Sweep::grid([("a", vec![1.0, 2.0]), ("k", vec![3.0, 4.0])]);
        assert_eq!(numbers(&grid), [[1.0, 3.0], [1.0, 4.0], [2.0, 3.0], [2.0, 4.0]]);
        assert_eq!(grid.names(), ["a", "k"]);
    }

    #[test]
    fn a_list_has_a_run_a_row() {
        let list = Sweep::list(&["a", "k"], array![[1.0, 2.0], [3.0, 4.0]].view());
        assert_eq!(numbers(&list), [[1.0, 2.0], [3.0, 4.0]]);
    }

    #[test]
    fn each_part_of_a_range_holds_one_point_of_a_latin_hypercube() {
        let sweep = Sweep::latin_hypercube([("a", -1.0..1.0), ("k", 0.0..10.0)], 50, 3);
        for (axis, width, low) in [(0, 2.0, -1.0), (1, 10.0, 0.0)] {
            let mut parts: Vec<usize> =
                numbers(&sweep).iter().map(|row| ((row[axis] - low) / width * 50.0) as usize).collect();
            assert!(parts.windows(2).any(|pair| pair[0] > pair[1]), "they are shuffled");
            parts.sort_unstable();
            assert_eq!(parts, (0..50).collect::<Vec<_>>());
        }
    }

    #[test]
    fn points_stay_within_their_ranges_and_seeds_multiply_them() {
        let sweep = Sweep::random([("a", 2.0..3.0)], 100, 1).with_seeds([7, 8]);
        assert!(numbers(&sweep).iter().all(|row| (2.0..3.0).contains(&row[0])));
        assert_eq!(sweep.points().len(), 200);
        assert_eq!((sweep.points()[2].seed, sweep.points()[3].seed), (Some(7), Some(8)));
        assert_ne!(numbers(&sweep)[0], numbers(&sweep)[2]);
    }
}
