//! Cholesky factorisation of a covariance.

use ndarray::{Array2, ArrayView2};

/// Returns the lower triangular `L` with `L L^T = matrix`. Only the lower triangle of the matrix is read.
///
/// # Errors
/// The first row at which the matrix is seen not to be positive definite.
pub fn cholesky(matrix: ArrayView2<f64>) -> Result<Array2<f64>, usize> {
    let n = matrix.nrows();
    let mut lower = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for j in 0..=i {
            let known = (0..j).map(|k| lower[[i, k]] * lower[[j, k]]).sum::<f64>();
            let rest = matrix[[i, j]] - known;
            if i == j {
                // A pivot that is all rounding means a row that depends on those before it. The entries themselves are
                // sums, whose rounding may be some units in the last place.
                if rest.is_nan() || rest <= 64.0 * n as f64 * f64::EPSILON * matrix[[i, i]].abs() {
                    return Err(i);
                }
                lower[[i, i]] = rest.sqrt();
            } else {
                lower[[i, j]] = rest / lower[[j, j]];
            }
        }
    }
    Ok(lower)
}

/// Factors a matrix as [`cholesky`] does, but one that may be singular: rows that depend on those before them get a
/// pivot of zero.
///
/// # Errors
/// The first row at which the matrix is seen to have a negative eigenvalue.
pub fn cholesky_semidefinite(matrix: ArrayView2<f64>) -> Result<Array2<f64>, usize> {
    let n = matrix.nrows();
    let scale = |i: usize| matrix[[i, i]].abs().sqrt();
    // Rounding may leave so much of a pivot that is zero.
    let tolerance = 16.0 * n as f64 * f64::EPSILON;
    let mut lower = Array2::<f64>::zeros((n, n));
    for j in 0..n {
        let rest = |i: usize, lower: &Array2<f64>| {
            matrix[[i, j]] - (0..j).map(|k| lower[[i, k]] * lower[[j, k]]).sum::<f64>()
        };
        let pivot = rest(j, &lower);
        if pivot > tolerance * matrix[[j, j]] {
            lower[[j, j]] = pivot.sqrt();
            for i in j + 1..n {
                lower[[i, j]] = rest(i, &lower) / lower[[j, j]];
            }
        } else if pivot.is_nan()
            || pivot < -tolerance * matrix[[j, j]].abs()
            || (j + 1..n).any(|i| rest(i, &lower).abs() > tolerance.sqrt() * scale(i) * scale(j))
        {
            return Err(j);
        }
    }
    Ok(lower)
}

/// Returns the inverse of `L L^T`, from the lower triangular `L`.
pub(crate) fn inverse_from_cholesky(lower: &Array2<f64>) -> Array2<f64> {
    let n = lower.nrows();
    let mut inverse = Array2::<f64>::zeros((n, n));
    for column in 0..n {
        for i in column..n {
            let unit = if i == column { 1.0 } else { 0.0 };
            let known = (column..i).map(|k| lower[[i, k]] * inverse[[k, column]]).sum::<f64>();
            inverse[[i, column]] = (unit - known) / lower[[i, i]];
        }
    }
    inverse.t().dot(&inverse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_factor_and_the_inverse_multiply_back() {
        let matrix = array![[2.0, 1.2, 0.3], [1.2, 1.0, 0.1], [0.3, 0.1, 0.5]];
        let lower = cholesky(matrix.view()).unwrap();
        assert_eq!(lower[[0, 2]], 0.0);
        assert!((lower.dot(&lower.t()) - &matrix).iter().all(|d| d.abs() < 1e-15));
        let product = inverse_from_cholesky(&lower).dot(&matrix);
        assert!((product - Array2::<f64>::eye(3)).iter().all(|d| d.abs() < 1e-14));
    }

    #[test]
    fn a_singular_matrix_has_a_factor_and_an_indefinite_one_has_none() {
        let ones = Array2::<f64>::ones((3, 3));
        let dependent = array![[1.0, 0.5, 1.5], [0.5, 1.0, 1.5], [1.5, 1.5, 3.0]];
        for matrix in [ones, dependent, Array2::zeros((2, 2))] {
            let lower = cholesky_semidefinite(matrix.view()).unwrap();
            assert!((lower.dot(&lower.t()) - &matrix).iter().all(|d| d.abs() < 1e-14), "{lower}");
        }
        assert_eq!(cholesky_semidefinite(array![[1.0, 2.0], [2.0, 1.0]].view()), Err(1));
        assert_eq!(cholesky_semidefinite(array![[0.0, 1.0], [1.0, 1.0]].view()), Err(0));
        assert_eq!(cholesky_semidefinite(array![[-1.0]].view()), Err(0));
    }

    #[test]
    fn a_dependent_row_is_named() {
        let matrix = array![[1.0, 0.5, 1.5], [0.5, 1.0, 1.5], [1.5, 1.5, 3.0]];
        assert_eq!(cholesky(matrix.view()), Err(2));
    }
}
