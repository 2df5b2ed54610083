//! The eigenvalues and eigenvectors of symmetric matrices.

use ndarray::{Array1, Array2, ArrayView2};

/// Returns the eigenvalues of a symmetric matrix in ascending order, and its eigenvectors as columns, by the cyclic method of Jacobi (Golub &
/// Van Loan, "Matrix Computations", section 8.5).
///
/// The method finds small eigenvalues as exactly as large ones, and costs little for the hundred or so parameters of a fit.
pub(super) fn eigen(matrix: ArrayView2<f64>) -> (Array1<f64>, Array2<f64>) {
    let n = matrix.nrows();
    let mut a = matrix.to_owned();
    let mut vectors = Array2::eye(n);
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let threshold = f64::EPSILON * (a[[p, p]] * a[[q, q]]).abs().sqrt();
                if a[[p, q]].abs() <= threshold.max(f64::MIN_POSITIVE) {
                    continue;
                }
                rotated = true;
                let ratio = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
                let tangent = ratio.signum() / (ratio.abs() + ratio.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = tangent * cosine;
                for k in 0..n {
                    let (left, right) = (a[[k, p]], a[[k, q]]);
                    a[[k, p]] = cosine * left - sine * right;
                    a[[k, q]] = sine * left + cosine * right;
                    let (left, right) = (vectors[[k, p]], vectors[[k, q]]);
                    vectors[[k, p]] = cosine * left - sine * right;
                    vectors[[k, q]] = sine * left + cosine * right;
                }
                for k in 0..n {
                    let (left, right) = (a[[p, k]], a[[q, k]]);
                    a[[p, k]] = cosine * left - sine * right;
                    a[[q, k]] = sine * left + cosine * right;
                }
            }
        }
        if !rotated {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|i, j| a[[*i, *i]].total_cmp(&a[[*j, *j]]));
    let values = order.iter().map(|index| a[[*index, *index]]).collect();
    let sorted = Array2::from_shape_fn((n, n), |(row, column)| vectors[[row, order[column]]]);
    (values, sorted)
}

/// Sweeps at most. The method converges quadratically, so that a handful of sweeps does for any matrix of this size.
const SWEEPS: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_second_difference_has_its_known_eigenvalues() {
        // 2 - 2 cos(k pi/(n + 1)) for k = 1..n
        let n = 12;
        let matrix = Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        });
        let (values, vectors) = eigen(matrix.view());
        for (k, value) in values.iter().enumerate() {
            let expected = 2.0 - 2.0 * ((k + 1) as f64 * std::f64::consts::PI / (n + 1) as f64).cos();
            assert!((value - expected).abs() < 1e-13, "{value}, expected {expected}");
        }
        let back = vectors.dot(&Array2::from_diag(&values)).dot(&vectors.t());
        assert!((back - matrix).iter().all(|error| error.abs() < 1e-13));
        assert!((vectors.t().dot(&vectors) - Array2::<f64>::eye(n)).iter().all(|error| error.abs() < 1e-13));
    }

    #[test]
    fn multiples_of_the_identity_and_zeros_are_left_alone() {
        let (values, vectors) = eigen(array![[3.0, 0.0], [0.0, 3.0]].view());
        assert_eq!((values, vectors), (array![3.0, 3.0], array![[1.0, 0.0], [0.0, 1.0]]));
        let (values, _) = eigen(array![[0.0, 2.0], [2.0, 0.0]].view());
        assert!((values - array![-2.0, 2.0]).iter().all(|error| error.abs() < 1e-15));
    }
}
