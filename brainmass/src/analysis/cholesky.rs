//! Cholesky factorisation of a covariance.

use ndarray::{Array2, ArrayView2};

/// The lower triangular `L` with `L L^T = matrix`, or the first row at which the matrix is seen not to be positive
/// definite. Only the lower triangle is read.
pub(crate) fn cholesky(matrix: ArrayView2<f64>) -> Result<Array2<f64>, usize> {
    let n = matrix.nrows();
    let mut lower = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for j in 0..=i {
            let known = (0..j).map(|k| lower[[i, k]] * lower[[j, k]]).sum::<f64>();
            let rest = matrix[[i, j]] - known;
            if i == j {
                // A pivot that is all rounding means a row that depends on those before it.
                if rest.is_nan() || rest <= n as f64 * f64::EPSILON * matrix[[i, i]].abs() {
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

/// The inverse of `L L^T`, from the lower triangular `L`.
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
    fn a_dependent_row_is_named() {
        let matrix = array![[1.0, 0.5, 1.5], [0.5, 1.0, 1.5], [1.5, 1.5, 3.0]];
        assert_eq!(cholesky(matrix.view()), Err(2));
    }
}
