//! Covariances of linear systems with noise: by the Lyapunov equation without delays, by integration of the spectrum with them.

use std::cell::RefCell;
use std::f64::consts::TAU;

use super::system::LinearSystem;
use crate::linear::{Lu, Matrix, Number};

/// The error of the integral, as a share of the largest variance.
const TOLERANCE: f64 = 3e-14;
/// The number of times that an interval of frequencies is halved at most.
const MOST_HALVINGS: usize = 40;

impl LinearSystem {
    /// Computes the stationary covariance of all states at equal times; `None` where the system is not stable.
    ///
    /// Without delays it solves the Lyapunov equation by doubling (Smith 1968); with delays it integrates the difference of the cross-spectrum to that of
    /// a system without delays.
    pub fn covariance(&self) -> Option<Matrix<f64>> {
        if self.delayed.is_empty() {
            return Lyapunov::new(&self.present).ok().map(|equation| equation.solve(&self.power_of_noise()));
        }
        if self.roots(1).first().is_none_or(|root| root.re >= 0.0) {
            return None;
        }
        let reference = self.without_delays();
        let mut covariance = Lyapunov::new(&reference.present).ok()?.solve(&self.power_of_noise());
        let n = self.n_states();
        let largest = (0..n).map(|i| covariance[(i, i)]).fold(0.0, f64::max);
        let difference = |frequency: f64| -> Vec<f64> {
            let (own, other) = (self.density(frequency), reference.density(frequency));
            let entries = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
            entries.map(|place| (own[place] - other[place]).re / TAU * 2.0).collect()
        };
        // The spectrum is even in its real part.
        let mut ends: Vec<f64> = vec![0.0];
        let longest = self.delayed.iter().map(|(delay, _)| *delay).fold(0.0, f64::max);
        let size = (0..n)
            .map(|i| self.present.row(i).iter().map(|x| x.abs()).sum::<f64>())
            .fold(1.0 / longest, f64::max);
        let mut end = 0.125 * size;
        ends.push(end);
        for _ in 0..16 {
            end *= 2.0;
            ends.push(end);
        }
        for pair in ends.windows(2) {
            let part = integral(&difference, pair[0], pair[1], TOLERANCE * largest, 0);
            for i in 0..n {
                for j in 0..n {
                    covariance[(i, j)] += part[i * n + j];
                }
            }
        }
        Some(covariance)
    }

    fn power_of_noise(&self) -> Matrix<f64> {
        let n = self.n_states();
        let mut power = Matrix::zeros(n, n);
        for (i, sigma) in self.noise.iter().enumerate() {
            power[(i, i)] = sigma * sigma;
        }
        power
    }

    /// A stable system without delays whose spectrum is that of this one at high frequencies.
    fn without_delays(&self) -> Self {
        let mut present = self.present.clone();
        let fastest = present.eigenvalues().first().map_or(0.0, |value| value.re);
        let longest = self.delayed.iter().map(|(delay, _)| *delay).fold(0.0, f64::max);
        if fastest >= -1e-6 / longest {
            for i in 0..present.rows() {
                present[(i, i)] -= fastest.max(0.0) + 1.0 / longest;
            }
        }
        Self { present, delayed: Vec::new(), noise: self.noise.clone() }
    }
}

/// The Lyapunov equation `A X + X A' + Q = 0` of a stable matrix, ready to be solved for any `Q`.
pub(crate) struct Lyapunov<'m> {
    matrix: &'m Matrix<f64>,
    /// The shift that serves the slowest and the fastest rate alike.
    shift: f64,
    /// The factors of `shift - A`.
    lu: Lu<f64>,
    /// `(shift - A)^-1 (shift + A)`, and its powers of 2, as far as they were needed.
    factors: RefCell<Vec<Matrix<f64>>>,
}

impl<'m> Lyapunov<'m> {
    /// Prepares the equation of a matrix. The error is the largest real part of an eigenvalue, which is not below zero.
    pub fn new(matrix: &'m Matrix<f64>) -> Result<Self, f64> {
        let n = matrix.rows();
        let eigenvalues = matrix.eigenvalues();
        let rightmost = eigenvalues.first().map_or(f64::NAN, |value| value.re);
        if rightmost.is_nan() || rightmost >= 0.0 {
            return Err(rightmost);
        }
        let slow = -rightmost;
        let fast = eigenvalues.iter().map(|value| value.norm()).fold(slow, f64::max);
        let shift = (slow.max(1e-12 * fast) * fast).sqrt();
        let mut shifted = matrix.clone();
        for i in 0..n {
            shifted.row_mut(i).iter_mut().for_each(|entry| *entry = -*entry);
            shifted[(i, i)] += shift;
        }
        let lu = Lu::new(shifted);
        let mut sum = matrix.clone();
        for i in 0..n {
            sum[(i, i)] += shift;
        }
        let first = columns(n, |j| lu.solve(&column(&sum, j)));
        Ok(Self { matrix, shift, lu, factors: RefCell::new(vec![first]) })
    }

    /// Solves the equation by the doubling of the sum of Smith (1968), and once more for what is left.
    pub fn solve(&self, power: &Matrix<f64>) -> Matrix<f64> {
        let mut solution = self.doubled(power);
        let mut rest = product(self.matrix, &solution);
        let turned = rest.transposed();
        add(&mut rest, &turned);
        add(&mut rest, power);
        add(&mut solution, &self.doubled(&rest));
        solution
    }

    fn doubled(&self, power: &Matrix<f64>) -> Matrix<f64> {
        let n = power.rows();
        let inverse_times = |right: &Matrix<f64>| columns(n, |j| self.lu.solve(&column(right, j)));
        let half = inverse_times(power);
        let mut total = inverse_times(&half.transposed());
        for i in 0..n {
            total.row_mut(i).iter_mut().for_each(|entry| *entry *= 2.0 * self.shift);
        }
        let mut factors = self.factors.borrow_mut();
        for doubling in 0..60 {
            if factors.len() == doubling {
                let square = product(&factors[doubling - 1], &factors[doubling - 1]);
                factors.push(square);
            }
            let factor = &factors[doubling];
            let added = product(&product(factor, &total), &factor.transposed());
            let sizes =
                [&added, &total].map(|matrix| (0..n).map(|i| matrix[(i, i)].abs()).fold(0.0, f64::max));
            add(&mut total, &added);
            if sizes[0] <= 1e-17 * sizes[1] {
                break;
            }
        }
        total
    }
}

fn column(matrix: &Matrix<f64>, column: usize) -> Vec<f64> {
    (0..matrix.rows()).map(|row| matrix[(row, column)]).collect()
}

fn columns(n: usize, column: impl Fn(usize) -> Vec<f64>) -> Matrix<f64> {
    let mut result = Matrix::zeros(n, n);
    for j in 0..n {
        for (i, entry) in column(j).into_iter().enumerate() {
            result[(i, j)] = entry;
        }
    }
    result
}

/// Multiplies two matrices.
pub(crate) fn product<T: Number>(a: &Matrix<T>, b: &Matrix<T>) -> Matrix<T> {
    let mut result = Matrix::zeros(a.rows(), b.columns());
    for i in 0..a.rows() {
        let row = b.times_left(a.row(i));
        result.row_mut(i).copy_from_slice(&row);
    }
    result
}

fn add(sum: &mut Matrix<f64>, other: &Matrix<f64>) {
    for i in 0..sum.rows() {
        sum.row_mut(i).iter_mut().zip(other.row(i)).for_each(|(sum, entry)| *sum += entry);
    }
}

/// The nodes of Kronrod's rule of 15 points and its weights, and the weights of Gauss's rule of 7 points that it contains.
pub(crate) const KRONROD: [(f64, f64, f64); 8] = [
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
    (0.949_107_912_342_758_5, 0.063_092_092_629_978_55, 0.129_484_966_168_869_7),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_18, 0.0),
    (0.741_531_185_599_394_5, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    (0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_9, 0.0),
    (0.0, 0.209_482_141_084_727_82, 0.417_959_183_673_469_4),
];

/// Integrates a list of functions by Gauss and Kronrod's rules on intervals that are halved until the rules agree.
fn integral(
    function: &dyn Fn(f64) -> Vec<f64>,
    from: f64,
    to: f64,
    tolerance: f64,
    depth: usize,
) -> Vec<f64> {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    let mut fine: Vec<f64> = Vec::new();
    let mut coarse: Vec<f64> = Vec::new();
    let mut gather = |values: Vec<f64>, of_fine: f64, of_coarse: f64| {
        fine.resize(values.len(), 0.0);
        coarse.resize(values.len(), 0.0);
        for (i, value) in values.iter().enumerate() {
            fine[i] += half * of_fine * value;
            coarse[i] += half * of_coarse * value;
        }
    };
    for (node, of_fine, of_coarse) in KRONROD {
        gather(function(middle + half * node), of_fine, of_coarse);
        if node != 0.0 {
            gather(function(middle - half * node), of_fine, of_coarse);
        }
    }
    let error = fine.iter().zip(&coarse).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // Kronrod's rule is far better than the difference to that of Gauss tells (as in QUADPACK).
    let size = fine.iter().map(|x| x.abs()).fold(1e-300, f64::max);
    let expected = size * (200.0 * error / size).powf(1.5).min(1.0);
    if expected.min(error) < tolerance || depth >= MOST_HALVINGS {
        return fine;
    }
    let left = integral(function, from, middle, tolerance, depth + 1);
    let right = integral(function, middle, to, tolerance, depth + 1);
    left.iter().zip(&right).map(|(a, b)| a + b).collect()
}
