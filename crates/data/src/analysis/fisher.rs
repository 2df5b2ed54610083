//! Fisher's z.

use ndarray::{Array2, ArrayView2};

use super::channels::VARIATION;
use super::error::AnalysisError;

/// Returns Fisher's transform `z = atanh(r)` of a correlation matrix, under which the sampling error of a correlation
/// from `n` independent samples is normal with variance `1/(n - 3)` (Fisher 1915, Biometrika 10:507).
///
/// The diagonal, where `z` is infinite, is set to 0. A pair without correlation, which is NaN, has none here either.
///
/// # Errors
/// An entry off the diagonal that does not lie between -1 and 1, both excluded to [`VARIATION`]: nearer to them `z` is
/// a matter of rounding.
pub fn fisher_z(correlation: ArrayView2<f64>) -> Result<Array2<f64>, AnalysisError> {
    let mut z = Array2::zeros(correlation.raw_dim());
    for ((first, second), &value) in correlation.indexed_iter() {
        if first == second {
            continue;
        }
        if value.abs() >= 1.0 - VARIATION {
            return Err(AnalysisError::PerfectCorrelation { first, second, value });
        }
        z[[first, second]] = value.atanh();
    }
    Ok(z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn z_is_half_the_log_of_the_odds_and_the_diagonal_is_zero() {
        let z = fisher_z(array![[1.0, 0.5], [0.5, 1.0]].view()).unwrap();
        assert!((z[[0, 1]] - 0.5 * 3.0_f64.ln()).abs() < 1e-15);
        assert_eq!(z[[1, 1]], 0.0);
    }

    #[test]
    fn a_perfect_correlation_is_an_error() {
        let error = fisher_z(array![[1.0, -1.0], [-1.0, 1.0]].view()).unwrap_err();
        assert_eq!(error, AnalysisError::PerfectCorrelation { first: 0, second: 1, value: -1.0 });
        assert!(fisher_z(array![[1.0, 1.0_f64.next_down()], [0.5, 1.0]].view()).is_err());
        assert!(fisher_z(array![[1.0, f64::NAN], [f64::NAN, 1.0]].view()).unwrap()[[0, 1]].is_nan());
    }
}
