//! A cycle as piecewise polynomials over one period, and meshes that follow its course.

use super::basis::{DEGREE, values};

/// A cycle: a state for every share of its period, as polynomials on the intervals of a mesh.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The ends of the intervals, from 0 to 1.
    pub(crate) mesh: Vec<f64>,
    /// The states at the nodes, state by state within a node. Each interval has evenly spaced nodes and shares the outer ones with its neighbours.
    pub(crate) nodes: Vec<f64>,
    /// The number of states.
    pub(crate) n: usize,
}

impl Profile {
    /// Makes a profile with evenly spaced intervals from a function of the share of the period.
    pub(crate) fn of(intervals: usize, n: usize, state: impl Fn(f64) -> Vec<f64>) -> Self {
        let mesh: Vec<f64> = (0..=intervals).map(|i| i as f64 / intervals as f64).collect();
        Self::on(mesh, n, state)
    }

    /// Makes a profile on a mesh from a function of the share of the period.
    pub(crate) fn on(mesh: Vec<f64>, n: usize, state: impl Fn(f64) -> Vec<f64>) -> Self {
        let nodes = places(&mesh).into_iter().flat_map(state).collect();
        Self { mesh, nodes, n }
    }

    /// Returns the number of intervals.
    pub fn intervals(&self) -> usize {
        self.mesh.len() - 1
    }

    /// Returns the number of nodes.
    pub(crate) fn n_nodes(&self) -> usize {
        self.intervals() * DEGREE + 1
    }

    /// Returns the state at a node.
    pub(crate) fn node(&self, node: usize) -> &[f64] {
        &self.nodes[node * self.n..(node + 1) * self.n]
    }

    /// Returns the state at the start of the period.
    pub fn first(&self) -> &[f64] {
        self.node(0)
    }

    /// Computes the state at a share of the period between 0 and 1.
    pub fn at(&self, share: f64) -> Vec<f64> {
        let last = self.intervals() - 1;
        let interval = self.mesh.partition_point(|end| *end <= share).saturating_sub(1).min(last);
        let place = (share - self.mesh[interval]) / (self.mesh[interval + 1] - self.mesh[interval]);
        let basis = values(place);
        let mut state = vec![0.0; self.n];
        for (j, factor) in basis.iter().enumerate() {
            for (sum, x) in state.iter_mut().zip(self.node(interval * DEGREE + j)) {
                *sum += factor * x;
            }
        }
        state
    }

    /// Computes a state of the model at evenly spaced times over one period, the first of them at its start.
    pub fn sampled(&self, state: usize, count: usize) -> Vec<f64> {
        (0..count).map(|i| self.at(i as f64 / count as f64)[state]).collect()
    }

    /// Computes the smallest and the largest value of each state over the period.
    pub(crate) fn extremes(&self) -> (Vec<f64>, Vec<f64>) {
        let one = |state: usize, sign: f64| {
            let at = |interval: usize, place: f64| -> f64 {
                let basis = values(place);
                let sum = basis.iter().enumerate();
                sign * sum.map(|(j, factor)| factor * self.node(interval * DEGREE + j)[state]).sum::<f64>()
            };
            let mut best = (f64::NEG_INFINITY, 0, 0.0);
            let steps = 2 * DEGREE;
            for interval in 0..self.intervals() {
                for step in 0..=steps {
                    let place = step as f64 / steps as f64;
                    let value = at(interval, place);
                    if value > best.0 {
                        best = (value, interval, place);
                    }
                }
            }
            // Within the neighbourhood of the largest sample, by thirds, on either side of an end that two intervals share.
            let width = 1.0 / steps as f64;
            let mut largest = best.0;
            let mut search = |interval: usize, from: f64, to: f64| {
                let (mut low, mut high) = (from.max(0.0), to.min(1.0));
                for _ in 0..50 {
                    let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
                    if at(interval, a) < at(interval, b) { low = a } else { high = b }
                }
                largest = f64::max(largest, at(interval, 0.5 * (low + high)));
            };
            search(best.1, best.2 - width, best.2 + width);
            let last = self.intervals() - 1;
            if best.2 == 1.0 {
                search(if best.1 == last { 0 } else { best.1 + 1 }, 0.0, width);
            }
            if best.2 == 0.0 {
                search(if best.1 == 0 { last } else { best.1 - 1 }, 1.0 - width, 1.0);
            }
            sign * largest
        };
        ((0..self.n).map(|i| one(i, -1.0)).collect(), (0..self.n).map(|i| one(i, 1.0)).collect())
    }

    /// Computes the sizes by which changes of the states are measured: their widths, or a share of their magnitudes where they hardly move.
    pub(crate) fn scale(&self) -> Vec<f64> {
        (0..self.n)
            .map(|state| {
                let all = (0..self.n_nodes()).map(|node| self.node(node)[state]);
                let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                    (f64::min(low, x), f64::max(high, x))
                });
                (high - low).max(0.05 * low.abs().max(high.abs())).max(1e-3)
            })
            .collect()
    }

    /// Computes the mesh of so many intervals on which the error of the polynomials is even (de Boor 1973; as AUTO does), and the largest error that
    /// a mesh of the present number of intervals would have.
    pub(crate) fn adapted_mesh(&self, intervals: usize) -> (Vec<f64>, f64) {
        let (count, scale) = (self.intervals(), self.scale());
        let power = 1.0 / (DEGREE as f64 + 1.0);
        // The highest derivative of each interval, which is constant on it.
        let binomial = [1.0, -4.0, 6.0, -4.0, 1.0];
        let highest = |interval: usize, state: usize| -> f64 {
            let step = (self.mesh[interval + 1] - self.mesh[interval]) / DEGREE as f64;
            let terms = (0..=DEGREE).map(|j| binomial[j] * self.node(interval * DEGREE + j)[state]);
            terms.sum::<f64>() / step.powi(DEGREE as i32) / scale[state]
        };
        let width = |interval: usize| self.mesh[interval + 1] - self.mesh[interval];
        // The next derivative at each end of an interval, from the differences of neighbours.
        let next: Vec<f64> = (0..count)
            .map(|interval| {
                let before = if interval == 0 { count - 1 } else { interval - 1 };
                let distance = 0.5 * (width(interval) + width(before));
                let sum = (0..self.n).map(|state| (highest(interval, state) - highest(before, state)).abs());
                sum.sum::<f64>() / distance
            })
            .collect();
        let mut density: Vec<f64> =
            (0..count).map(|i| (0.5 * (next[i] + next[(i + 1) % count])).powf(power)).collect();
        let mean: f64 = (0..count).map(|i| density[i] * width(i)).sum();
        // A floor keeps intervals from growing without limit where little happens.
        density.iter_mut().for_each(|x| *x += 0.2 * mean + 1e-12);
        let mut sums = vec![0.0];
        for i in 0..count {
            sums.push(sums[i] + density[i] * width(i));
        }
        let total = sums[count];
        let mut mesh = vec![0.0];
        for i in 1..intervals {
            let target = total * i as f64 / intervals as f64;
            let at = sums.partition_point(|sum| *sum <= target).clamp(1, count) - 1;
            mesh.push(self.mesh[at] + (target - sums[at]) / density[at]);
        }
        mesh.push(1.0);
        // The error constant of interpolation by polynomials of this degree.
        (mesh, 2e-4 * (total / count as f64).powi(DEGREE as i32 + 1))
    }

    /// Moves the profile to another mesh.
    pub(crate) fn moved_to(&self, mesh: &[f64]) -> Self {
        Self::on(mesh.to_vec(), self.n, |share| self.at(share))
    }
}

/// The places of the nodes of a mesh.
pub(crate) fn places(mesh: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = mesh
        .windows(2)
        .flat_map(|ends| (0..DEGREE).map(move |j| ends[0] + (ends[1] - ends[0]) * j as f64 / DEGREE as f64))
        .collect();
    all.push(1.0);
    all
}
