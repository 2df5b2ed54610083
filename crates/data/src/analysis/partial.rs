//! Partial correlation.

use ndarray::{Array2, ArrayView2};

use super::channels::varies;
use super::cholesky::{cholesky, inverse_from_cholesky};
use super::correlation::functional_connectivity;
use super::error::{AnalysisError, check_signal};

/// Returns the correlation of every pair of regions with all other regions held fixed, shape (region, region).
///
/// It is `-P_ij / sqrt(P_ii P_jj)` with `P` the inverse of the correlation matrix (Marrelec et al. 2006, NeuroImage
/// 32:228); the diagonal is 1.
///
/// # Errors
/// A sample that is not finite; fewer samples than regions + 1; a region that is constant or a linear combination of
/// others.
pub fn partial_correlation(signal: ArrayView2<f64>) -> Result<Array2<f64>, AnalysisError> {
    let (given, regions) = signal.dim();
    if given <= regions {
        return Err(AnalysisError::TooFewSamples {
            purpose: "a partial correlation",
            needed: regions + 1,
            given,
        });
    }
    check_signal(signal)?;
    if let Some(region) = (0..regions).find(|&region| !varies(signal.column(region))) {
        return Err(AnalysisError::NotPositiveDefinite { matrix: "correlation matrix", region });
    }
    let fc = functional_connectivity(signal)?;
    let lower = cholesky(fc.view())
        .map_err(|region| AnalysisError::NotPositiveDefinite { matrix: "correlation matrix", region })?;
    let precision = inverse_from_cholesky(&lower);
    let scale = precision.diag().mapv(f64::sqrt);
    let mut partial =
        Array2::from_shape_fn((regions, regions), |(i, j)| -precision[[i, j]] / (scale[i] * scale[j]));
    partial.diag_mut().fill(1.0);
    Ok(partial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};

    /// `p = np.linalg.inv(np.corrcoef(x.T)); -p/np.sqrt(np.outer(p.diagonal(), p.diagonal()))`, numpy 2.4.6.
    #[test]
    fn partial_correlation_equals_numpy() {
        let partial = partial_correlation(signal(200, 5).view()).unwrap();
        assert_close(partial[[0, 1]], 0.0054664867036225305, 1e-12);
        assert_close(partial[[2, 4]], -0.03672971572964033, 1e-12);
        assert_eq!(partial[[3, 3]], 1.0);
    }

    #[test]
    fn dependent_and_constant_regions_are_named() {
        let mut x = signal(60, 4);
        let sum = &x.column(0) + &x.column(1);
        x.column_mut(3).assign(&sum);
        let error = partial_correlation(x.view()).unwrap_err();
        assert_eq!(error, AnalysisError::NotPositiveDefinite { matrix: "correlation matrix", region: 3 });
        x.column_mut(2).fill(1.0);
        let error = partial_correlation(x.view()).unwrap_err();
        assert_eq!(error, AnalysisError::NotPositiveDefinite { matrix: "correlation matrix", region: 2 });
    }

    #[test]
    fn fewer_samples_than_regions_are_an_error() {
        let error = partial_correlation(signal(5, 5).view()).unwrap_err();
        assert_eq!(error.to_string(), "a partial correlation needs at least 6 samples, the signal has 5");
    }
}
