//! Characteristic roots of linear systems with delays.

use std::f64::consts::PI;

use brainmass_sim::dynamics::Complex64;

use super::system::LinearSystem;
use crate::linear::{Lu, Matrix, norm};

/// The least number of Chebyshev points over the longest delay, and the largest size of a matrix whose eigenvalues are asked for.
const LEAST_POINTS: usize = 12;
const LARGEST: usize = 350;

impl LinearSystem {
    /// Computes so many characteristic roots of largest real part, in 1/ms and by descending real part; of a pair the one above the real axis comes
    /// first. Without delays they are the eigenvalues.
    ///
    /// The operator that shifts the history of the states is discretised at Chebyshev points (Breda, Maset & Vermiglio 2005); each eigenvalue is then
    /// improved by Newton's method on the characteristic equation.
    pub fn roots(&self, count: usize) -> Vec<Complex64> {
        let n = self.n_states();
        if self.delayed.is_empty() {
            let mut all = self.present.eigenvalues();
            all.truncate(count);
            return all;
        }
        let points = (LEAST_POINTS + count).min((LARGEST / n).max(LEAST_POINTS));
        let mut found: Vec<Complex64> = Vec::new();
        let mut candidates = self.generator(points).eigenvalues();
        candidates.truncate(2 * count + 4);
        for candidate in candidates.into_iter().filter(|value| value.im >= 0.0) {
            let Some(root) = self.improved(candidate) else { continue };
            let is_known = |other: &Complex64| (other - root).norm() < 1e-8 * (1e-3 + root.norm());
            if !found.iter().any(is_known) {
                found.push(root);
                if root.im > 0.0 {
                    found.push(root.conj());
                }
            }
        }
        found.sort_by(|a, b| b.re.total_cmp(&a.re).then(b.im.total_cmp(&a.im)));
        // Pairs whose real parts are equal to rounding stay together.
        found.truncate(count);
        found
    }

    /// Improves a characteristic root by Newton's method on the singular pair of root and vector.
    pub(super) fn improved(&self, start: Complex64) -> Option<Complex64> {
        let n = self.n_states();
        let mut root = start;
        let mut vector = Lu::new(self.characteristic(root)).null_vector();
        let fixed: Vec<Complex64> = vector.iter().map(Complex64::conj).collect();
        for _ in 0..20 {
            let (matrix, slope) = (self.characteristic(root), self.characteristic_slope(root));
            let mut all = Matrix::zeros(n + 1, n + 1);
            all.put(0, 0, &matrix);
            let turned = slope.times(&vector);
            let mut right = matrix.times(&vector);
            for i in 0..n {
                all[(i, n)] = turned[i];
                all[(n, i)] = fixed[i];
            }
            right.push(fixed.iter().zip(&vector).map(|(a, b)| a * b).sum::<Complex64>() - 1.0);
            let step = Lu::new(all).solve(&right);
            vector.iter_mut().zip(&step).for_each(|(x, step)| *x -= step);
            root -= step[n];
            if !root.re.is_finite() || !root.im.is_finite() {
                return None;
            }
            if step[n].norm() < 1e-14 * (1e-3 + root.norm()) && norm(&step) < 1e-9 {
                if root.im.abs() < 1e-12 * (1e-3 + root.norm()) {
                    root.im = 0.0;
                }
                let is_near = (root - start).norm() < 0.5 * (1e-2 + start.norm());
                return is_near.then_some(Complex64::new(root.re, root.im.abs()));
            }
        }
        None
    }

    /// The matrix that stands for the derivative of the history, at Chebyshev points of the longest delay.
    fn generator(&self, points: usize) -> Matrix<f64> {
        let n = self.n_states();
        let longest = self.delayed.iter().map(|(delay, _)| *delay).fold(0.0, f64::max);
        // Chebyshev points from 0 back to the longest delay.
        let nodes: Vec<f64> = (0..=points).map(|i| (PI * i as f64 / points as f64).cos()).collect();
        let place = |node: f64| 0.5 * longest * (node - 1.0);
        let weight = |i: usize| {
            let end = if i == 0 || i == points { 2.0 } else { 1.0 };
            if i.is_multiple_of(2) { end } else { -end }
        };
        let mut result = Matrix::zeros((points + 1) * n, (points + 1) * n);
        for i in 1..=points {
            let mut diagonal = 0.0;
            for j in (0..=points).filter(|j| *j != i) {
                let entry = weight(i) / weight(j) / (nodes[i] - nodes[j]) * 2.0 / longest;
                diagonal -= entry;
                for k in 0..n {
                    result[(i * n + k, j * n + k)] = entry;
                }
            }
            for k in 0..n {
                result[(i * n + k, i * n + k)] = diagonal;
            }
        }
        // The first block is the equation itself; delayed states are interpolated (barycentric).
        for i in 0..n {
            for j in 0..n {
                result[(i, j)] += self.present[(i, j)];
            }
        }
        for (delay, matrix) in &self.delayed {
            let exact = (0..=points).find(|i| (place(nodes[*i]) + delay).abs() < 1e-12 * longest);
            let mut basis = vec![0.0; points + 1];
            if let Some(exact) = exact {
                basis[exact] = 1.0;
            } else {
                let terms: Vec<f64> =
                    (0..=points).map(|i| 1.0 / (weight(i) * (-delay - place(nodes[i])))).collect();
                let sum: f64 = terms.iter().sum();
                basis.iter_mut().zip(&terms).for_each(|(b, term)| *b = term / sum);
            }
            for (block, factor) in basis.iter().enumerate().filter(|(_, factor)| **factor != 0.0) {
                for i in 0..n {
                    for j in 0..n {
                        result[(i, block * n + j)] += factor * matrix[(i, j)];
                    }
                }
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_equation_has_the_roots_that_lambert_gives() {
        // x' = -x(t - pi/2) has the roots i and -i; x' = -exp(-1) x(t - 1) the double root -1.
        let system = |factor: f64, delay: f64| {
            LinearSystem::new(Matrix::from_entries(1, 1, vec![0.0]))
                .delayed(delay, &Matrix::from_entries(1, 1, vec![factor]))
        };
        let roots = system(-1.0, PI / 2.0).roots(4);
        assert!((roots[0] - Complex64::new(0.0, 1.0)).norm() < 1e-12, "{roots:?}");
        assert!((roots[1] - Complex64::new(0.0, -1.0)).norm() < 1e-12);
        // The next pair solves s = -exp(-s pi/2): both sides agree.
        for root in &roots {
            assert!((root + (-root * (PI / 2.0)).exp()).norm() < 1e-11, "{root}");
        }
    }
}
