//! The equations that define folds and Hopf points, for one value that varies (a point) and for two (a curve of points).

use super::point::extended;
use crate::curve::Defining;
use crate::equations::Equations;
use crate::linear::{Lu, Matrix, dot, norm};
use brainmass_sim::dynamics::Complex64;

/// Multiplies the columns of a matrix with sizes.
pub(super) fn scaled(matrix: &Matrix<f64>, sizes: &[f64]) -> Matrix<f64> {
    let mut result = matrix.clone();
    for row in 0..result.rows() {
        result.row_mut(row).iter_mut().zip(sizes).for_each(|(entry, size)| *entry *= size);
    }
    result
}

/// An equilibrium whose Jacobian has a null vector: unknowns are states, values that vary, and the vector in sizes of the states.
pub(crate) struct FoldEquations<'a> {
    pub equations: &'a Equations,
    /// The sizes of the states.
    pub sizes: Vec<f64>,
    /// The direction along which the null vector has length 1.
    pub reference: Vec<f64>,
}

impl<'a> FoldEquations<'a> {
    /// Makes the equations near a point of states and values.
    pub fn near(equations: &'a Equations, point: &[f64], sizes: &[f64]) -> Self {
        let sizes = sizes[..equations.n_states()].to_vec();
        let reference = Lu::new(scaled(&equations.jacobian(point), &sizes)).null_vector();
        Self { equations, sizes, reference }
    }

    /// Returns the null vector of some unknowns in units of the states.
    pub fn vector(&self, unknowns: &[f64]) -> Vec<f64> {
        let vector = &unknowns[self.equations.n_variables()..];
        vector.iter().zip(&self.sizes).map(|(x, size)| x * size).collect()
    }
}

impl Defining for FoldEquations<'_> {
    fn evaluate(&self, unknowns: &[f64]) -> (Vec<f64>, Matrix<f64>) {
        let (n, all) = (self.equations.n_states(), self.equations.n_variables());
        let point = &unknowns[..all];
        let vector = self.vector(unknowns);
        let (mut residuals, linear) = self.equations.linearised(point);
        let jacobian = linear.first_columns(n);
        residuals.extend(jacobian.times(&vector));
        residuals.push(dot(&unknowns[all..], &self.reference) - 1.0);
        let mut matrix = Matrix::zeros(2 * n + 1, all + n);
        matrix.put(0, 0, &linear);
        matrix.put(n, 0, &self.equations.second(point, &extended(&vector, all)));
        matrix.put(n, all, &scaled(&jacobian, &self.sizes));
        matrix.row_mut(2 * n)[all..].copy_from_slice(&self.reference);
        (residuals, matrix)
    }
}

/// An equilibrium whose Jacobian has a pair of imaginary eigenvalues: unknowns are states, values that vary, real and imaginary part of the
/// eigenvector in sizes of the states, and the frequency.
pub(crate) struct HopfEquations<'a> {
    pub equations: &'a Equations,
    /// The sizes of the states.
    pub sizes: Vec<f64>,
    /// The real and the imaginary part of the direction along which the eigenvector has length 1 and no phase.
    pub reference: (Vec<f64>, Vec<f64>),
}

impl<'a> HopfEquations<'a> {
    /// Makes the equations near a point of states and values at which an eigenvalue is near the imaginary axis.
    pub fn near(equations: &'a Equations, point: &[f64], eigenvalue: Complex64, sizes: &[f64]) -> Self {
        let sizes = sizes[..equations.n_states()].to_vec();
        let mut q = Lu::new(equations.jacobian(point).shifted(eigenvalue)).null_vector();
        q.iter_mut().zip(&sizes).for_each(|(x, size)| *x /= size);
        let size = norm(&q);
        let reference = q.iter().map(|x| (x.re / size, x.im / size)).unzip();
        Self { equations, sizes, reference }
    }
}

impl Defining for HopfEquations<'_> {
    fn evaluate(&self, unknowns: &[f64]) -> (Vec<f64>, Matrix<f64>) {
        let (n, all) = (self.equations.n_states(), self.equations.n_variables());
        let (point, rest) = unknowns.split_at(all);
        let (qr, rest) = rest.split_at(n);
        let (qi, rest) = rest.split_at(n);
        let frequency = rest[0];
        let (re, im) = &self.reference;
        let full = |q: &[f64]| -> Vec<f64> { q.iter().zip(&self.sizes).map(|(x, size)| x * size).collect() };
        let (a, b) = (full(qr), full(qi));
        let (mut residuals, linear) = self.equations.linearised(point);
        let jacobian = linear.first_columns(n);
        let columns = scaled(&jacobian, &self.sizes);
        residuals.extend(jacobian.times(&a).iter().zip(&b).map(|(jq, b)| jq + frequency * b));
        residuals.extend(jacobian.times(&b).iter().zip(&a).map(|(jq, a)| jq - frequency * a));
        residuals.push(dot(qr, re) + dot(qi, im) - 1.0);
        residuals.push(dot(qi, re) - dot(qr, im));
        let mut matrix = Matrix::zeros(3 * n + 2, all + 2 * n + 1);
        matrix.put(0, 0, &linear);
        matrix.put(n, 0, &self.equations.second(point, &extended(&a, all)));
        matrix.put(2 * n, 0, &self.equations.second(point, &extended(&b, all)));
        matrix.put(n, all, &columns);
        matrix.put(2 * n, all + n, &columns);
        let last = all + 2 * n;
        for i in 0..n {
            matrix[(n + i, all + n + i)] += frequency * self.sizes[i];
            matrix[(2 * n + i, all + i)] -= frequency * self.sizes[i];
            matrix[(n + i, last)] = b[i];
            matrix[(2 * n + i, last)] = -a[i];
            matrix[(3 * n, all + i)] = re[i];
            matrix[(3 * n, all + n + i)] = im[i];
            matrix[(3 * n + 1, all + i)] = -im[i];
            matrix[(3 * n + 1, all + n + i)] = re[i];
        }
        (residuals, matrix)
    }
}
