//! Dense linear algebra of the sizes that nodes and small networks have.

use std::ops::{Add, Div, Index, IndexMut, Mul, Neg, Sub};

use brainmass_sim::dynamics::{Complex64, eigenvalues};
use ndarray::Array2;

/// The number of times that a matrix is balanced.
const BALANCING: usize = 6;

/// A real or a complex number.
pub trait Number:
    Copy
    + PartialEq
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// Returns a real number.
    fn real(value: f64) -> Self;
    /// Returns the magnitude.
    fn size(self) -> f64;
}

impl Number for f64 {
    fn real(value: f64) -> Self {
        value
    }
    fn size(self) -> f64 {
        self.abs()
    }
}

impl Number for Complex64 {
    fn real(value: f64) -> Self {
        Self::new(value, 0.0)
    }
    fn size(self) -> f64 {
        self.norm()
    }
}

/// A dense matrix, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix<T> {
    rows: usize,
    columns: usize,
    data: Vec<T>,
}

impl<T: Number> Matrix<T> {
    /// Creates a matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, data: vec![T::real(0.0); rows * columns] }
    }

    /// Creates a matrix from its entries, row by row.
    ///
    /// # Panics
    ///
    /// There are not `rows * columns` entries.
    pub fn from_entries(rows: usize, columns: usize, data: Vec<T>) -> Self {
        assert_eq!(data.len(), rows * columns, "a matrix has rows times columns entries");
        Self { rows, columns, data }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Returns a row.
    pub fn row(&self, row: usize) -> &[T] {
        &self.data[row * self.columns..(row + 1) * self.columns]
    }

    /// Returns a row that can be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [T] {
        &mut self.data[row * self.columns..(row + 1) * self.columns]
    }

    /// Multiplies the matrix with a vector.
    pub fn times(&self, vector: &[T]) -> Vec<T> {
        (0..self.rows)
            .map(|row| {
                let products = self.row(row).iter().zip(vector).map(|(a, b)| *a * *b);
                products.fold(T::real(0.0), |sum, term| sum + term)
            })
            .collect()
    }

    /// Multiplies a row vector with the matrix.
    pub fn times_left(&self, vector: &[T]) -> Vec<T> {
        let mut result = vec![T::real(0.0); self.columns];
        for (row, factor) in vector.iter().enumerate() {
            for (sum, entry) in result.iter_mut().zip(self.row(row)) {
                *sum = *sum + *factor * *entry;
            }
        }
        result
    }

    /// Returns the matrix with rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        let mut result = Self::zeros(self.columns, self.rows);
        for row in 0..self.rows {
            for column in 0..self.columns {
                result[(column, row)] = self[(row, column)];
            }
        }
        result
    }

    /// Returns the first columns of the matrix.
    pub fn first_columns(&self, count: usize) -> Self {
        let data = (0..self.rows).flat_map(|row| self.row(row)[..count].to_vec()).collect();
        Self { rows: self.rows, columns: count, data }
    }

    /// Writes a block into the matrix, its first entry at a place.
    pub fn put(&mut self, row: usize, column: usize, block: &Self) {
        for i in 0..block.rows {
            self.row_mut(row + i)[column..column + block.columns].copy_from_slice(block.row(i));
        }
    }
}

impl Matrix<f64> {
    /// Computes the eigenvalues by descending real part; none where the matrix is not finite or the iteration fails.
    pub fn eigenvalues(&self) -> Vec<Complex64> {
        let array = Array2::from_shape_fn((self.rows, self.columns), |place| self[place]);
        eigenvalues(&array).unwrap_or_default()
    }

    /// Computes a bound of the magnitudes of the eigenvalues, for a square matrix: the largest sum of a row, once units are chosen such that each row is as large as
    /// the column of its number (Osborne 1960). It does not depend on the units that the matrix is given in.
    pub fn largest_rate(&self) -> f64 {
        let n = self.rows;
        let mut balanced = self.clone();
        for _ in 0..BALANCING {
            for i in 0..n {
                let others = (0..n).filter(|j| *j != i);
                let (row, column) = others.fold((0.0, 0.0), |(row, column), j| {
                    (row + balanced[(i, j)].abs(), column + balanced[(j, i)].abs())
                });
                if row <= 0.0 || column <= 0.0 || !f64::is_finite(row * column) {
                    continue;
                }
                let factor = f64::sqrt(row / column);
                for j in 0..n {
                    balanced[(i, j)] /= factor;
                    balanced[(j, i)] *= factor;
                }
            }
        }
        (0..n).map(|row| balanced.row(row).iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max)
    }

    /// Returns the matrix with complex entries, less a multiple of the identity.
    pub fn shifted(&self, shift: Complex64) -> Matrix<Complex64> {
        let data = self.data.iter().map(|entry| Complex64::new(*entry, 0.0)).collect();
        let mut result = Matrix { rows: self.rows, columns: self.columns, data };
        for i in 0..self.rows {
            result[(i, i)] -= shift;
        }
        result
    }
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;
    fn index(&self, (row, column): (usize, usize)) -> &T {
        &self.data[row * self.columns + column]
    }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T {
        &mut self.data[row * self.columns + column]
    }
}

/// A square matrix as a product of triangular ones, rows exchanged so that pivots are large.
#[derive(Clone, Debug)]
pub struct Lu<T> {
    factors: Matrix<T>,
    /// The row of the matrix that stands in each place.
    order: Vec<usize>,
    is_odd: bool,
}

impl<T: Number> Lu<T> {
    /// Factors a square matrix. A pivot that is zero to rounding becomes the smallest number that counts beside the largest entry, so that solving
    /// with a singular matrix gives a large multiple of its null vector.
    pub fn new(mut matrix: Matrix<T>) -> Self {
        let n = matrix.rows;
        let mut order: Vec<usize> = (0..n).collect();
        let mut is_odd = false;
        // Pivots are compared in rows of one size, so that units do not choose them.
        let mut sizes: Vec<f64> = (0..n)
            .map(|row| matrix.row(row).iter().fold(0.0, |size: f64, entry| size.max(entry.size())))
            .collect();
        for column in 0..n {
            let relative = |row: usize| matrix[(row, column)].size() / sizes[row].max(f64::MIN_POSITIVE);
            let pivot =
                (column..n).fold(column, |best, row| if relative(row) > relative(best) { row } else { best });
            if pivot != column {
                for j in 0..n {
                    let (a, b) = (matrix[(pivot, j)], matrix[(column, j)]);
                    matrix[(pivot, j)] = b;
                    matrix[(column, j)] = a;
                }
                order.swap(pivot, column);
                sizes.swap(pivot, column);
                is_odd = !is_odd;
            }
            let tiny = f64::EPSILON * 1e-2 * sizes[column].max(1e-100);
            if matrix[(column, column)].size() < tiny {
                matrix[(column, column)] = T::real(tiny);
            }
            let (above, below) = matrix.data.split_at_mut((column + 1) * n);
            let pivot_row = &above[column * n..];
            for row in below.chunks_mut(n) {
                let factor = row[column] / pivot_row[column];
                row[column] = factor;
                if factor != T::real(0.0) {
                    for (entry, of_pivot) in row[column + 1..].iter_mut().zip(&pivot_row[column + 1..]) {
                        *entry = *entry - factor * *of_pivot;
                    }
                }
            }
        }
        Self { factors: matrix, order, is_odd }
    }

    /// Solves for a right-hand side.
    pub fn solve(&self, right: &[T]) -> Vec<T> {
        let n = self.order.len();
        let mut x: Vec<T> = self.order.iter().map(|row| right[*row]).collect();
        for row in 0..n {
            for column in 0..row {
                x[row] = x[row] - self.factors[(row, column)] * x[column];
            }
        }
        for row in (0..n).rev() {
            for column in row + 1..n {
                x[row] = x[row] - self.factors[(row, column)] * x[column];
            }
            x[row] = x[row] / self.factors[(row, row)];
        }
        x
    }

    /// Returns -1 where an odd number of rows were exchanged, else 1.
    pub fn parity(&self) -> f64 {
        if self.is_odd { -1.0 } else { 1.0 }
    }

    /// Returns the pivots, whose product times the parity is the determinant.
    pub fn pivots(&self) -> impl Iterator<Item = T> + '_ {
        (0..self.order.len()).map(|i| self.factors[(i, i)])
    }

    /// Finds the vector that the matrix maps nearest to zero, with norm 1, by inverse iteration.
    pub fn null_vector(&self) -> Vec<T> {
        let n = self.order.len();
        let mut vector: Vec<T> = (0..n).map(|i| T::real(1.0 + 0.37 * (i as f64 * 1.7).sin())).collect();
        for _ in 0..3 {
            vector = self.solve(&vector);
            let size = norm(&vector);
            vector.iter_mut().for_each(|x| *x = *x / T::real(size));
        }
        vector
    }
}

impl Lu<f64> {
    /// Returns the sign of the determinant: 1 or -1.
    pub fn sign(&self) -> f64 {
        let n = self.order.len();
        let negative = (0..n).filter(|i| self.factors[(*i, *i)] < 0.0).count() + usize::from(self.is_odd);
        if negative % 2 == 0 { 1.0 } else { -1.0 }
    }
}

/// Computes the Euclidean norm of a vector.
pub fn norm<T: Number>(vector: &[T]) -> f64 {
    let largest = vector.iter().fold(0.0, |size: f64, x| size.max(x.size()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * vector.iter().map(|x| (x.size() / largest).powi(2)).sum::<f64>().sqrt()
}

/// Computes the sum of products of two real vectors.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved_and_its_determinant_has_the_right_sign() {
        let matrix = Matrix::from_entries(3, 3, vec![0.0, 2.0, 1.0, 1.0, -1.0, 3.0, 4.0, 0.5, -2.0]);
        let lu = Lu::new(matrix.clone());
        let x = lu.solve(&[1.0, -2.0, 0.5]);
        for (found, expected) in matrix.times(&x).iter().zip([1.0, -2.0, 0.5]) {
            assert!((found - expected).abs() < 1e-14);
        }
        // 0(2 - 1.5) - 2(-2 - 12) + 1(0.5 + 4) = 32.5
        assert_eq!(lu.sign(), 1.0);
        let swapped = Matrix::from_entries(3, 3, vec![1.0, -1.0, 3.0, 0.0, 2.0, 1.0, 4.0, 0.5, -2.0]);
        assert_eq!(Lu::new(swapped).sign(), -1.0);
    }

    #[test]
    fn the_largest_rate_does_not_depend_on_units() {
        // A damped oscillator of frequency 0.05 per ms whose velocity is measured per s: eigenvalues -0.05 twice.
        let matrix = Matrix::from_entries(2, 2, vec![0.0, 1e-3, -0.0025e3, -0.1]);
        let rate = matrix.largest_rate();
        assert!(rate > 0.05 && rate < 0.16, "{rate}");
        assert!((matrix.transposed().largest_rate() - rate).abs() < 0.2 * rate);
    }

    #[test]
    fn a_singular_matrix_gives_its_null_vector() {
        let matrix = Matrix::from_entries(3, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        let null = Lu::new(matrix.clone()).null_vector();
        assert!(norm(&matrix.times(&null)) < 1e-14 && (norm(&null) - 1.0).abs() < 1e-14);
        let turned = Matrix::from_entries(2, 2, vec![0.0, -0.3, 0.3, 0.0]);
        let shifted = turned.shifted(Complex64::new(0.0, 0.3));
        let vector = Lu::new(shifted.clone()).null_vector();
        assert!(norm(&shifted.times(&vector)) < 1e-15);
    }
}
