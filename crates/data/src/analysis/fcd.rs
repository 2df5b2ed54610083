//! Functional connectivity dynamics: how the functional connectivity at one time resembles that at another.

use ndarray::{Array2, ArrayView2, s};

use super::correlation::{Correlation, from_upper_triangle, upper_triangle};
use super::error::{AnalysisError, MOST_ENTRIES, check_side, check_signal};
use super::windows::Windows;

/// Returns the FCD matrix of a signal of shape (time, region): shape (window, window), 1 on the diagonal.
///
/// A window in which some region does not vary has no pattern that could be compared: its row and its column are NaN.
///
/// # Errors
/// As [`Fcd::of`].
pub fn fcd(signal: ArrayView2<f64>, windows: Windows) -> Result<Array2<f64>, AnalysisError> {
    let fcd = Fcd::of(signal, windows)?;
    let within = fcd.within.iter().enumerate();
    let without: Vec<usize> =
        within.filter(|(_, window)| window.constant().next().is_some()).map(|(index, _)| index).collect();
    let mut matrix = fcd.between.into_matrix();
    for window in without {
        matrix.row_mut(window).fill(f64::NAN);
        matrix.column_mut(window).fill(f64::NAN);
    }
    Ok(matrix)
}

/// Functional connectivity dynamics, with what its adjoint needs.
///
/// Functional connectivity is taken in each window; the FCD matrix is the Pearson correlation between the upper
/// triangles (without the diagonal) of every two windows (Hansen et al. 2015, NeuroImage 105:525). Here a region that
/// does not vary within a window has correlations of 0 there, as in [`Correlation`], and a window in which none varies
/// resembles no other: its entries are 0. [`fcd()`] gives NaN instead.
#[derive(Debug, Clone)]
pub struct Fcd {
    windows: Windows,
    samples: usize,
    within: Vec<Correlation>,
    between: Correlation,
}

impl Fcd {
    /// Computes the dynamics of a signal of shape (time, region).
    ///
    /// # Errors
    /// A sample that is not finite; fewer than three regions, whose functional connectivity has no pattern to
    /// compare; a signal that holds fewer than two windows, or more than a matrix in memory can have.
    pub fn of(signal: ArrayView2<f64>, windows: Windows) -> Result<Self, AnalysisError> {
        let purpose = "functional connectivity dynamics";
        let (samples, regions) = signal.dim();
        if regions < 3 {
            return Err(AnalysisError::TooFewRegions { purpose, needed: 3, given: regions });
        }
        check_signal(signal)?;
        let starts = windows.starts(samples, purpose, 2)?;
        let count = (samples - windows.size()) / windows.step() + 1;
        check_side("an FCD matrix", count)?;
        let pairs = regions.checked_mul(regions - 1).map_or(usize::MAX, |pairs| pairs / 2);
        if pairs.checked_mul(count).is_none_or(|entries| entries > MOST_ENTRIES) {
            let what = "the functional connectivity in all windows";
            return Err(AnalysisError::TooLarge { what, side: regions, limit: MOST_ENTRIES });
        }
        let within = starts
            .map(|start| Correlation::of(signal.slice(s![start..start + windows.size(), ..])))
            .collect::<Result<Vec<_>, _>>()?;
        let mut patterns = Array2::zeros((pairs, within.len()));
        for (mut pattern, window) in patterns.columns_mut().into_iter().zip(&within) {
            pattern.assign(&upper_triangle(window.matrix(), 1));
        }
        let between = Correlation::of(patterns.view())?;
        Ok(Self { windows, samples, within, between })
    }

    /// Returns the FCD matrix, shape (window, window).
    pub fn matrix(&self) -> ArrayView2<'_, f64> {
        self.between.matrix()
    }

    /// Returns the gradient with respect to the signal, shape (time, region), of a function whose gradient with respect
    /// to the FCD matrix is `cotangent`, shape (window, window).
    pub fn pullback(&self, cotangent: ArrayView2<f64>) -> Array2<f64> {
        let patterns = self.between.pullback(cotangent);
        let regions = self.within[0].matrix().nrows();
        let mut gradient = Array2::zeros((self.samples, regions));
        for ((window, pattern), k) in self.within.iter().zip(patterns.columns()).zip(0..) {
            let start = k * self.windows.step();
            let fc = from_upper_triangle(&pattern.to_owned(), regions, 1);
            let mut part = gradient.slice_mut(s![start..start + self.windows.size(), ..]);
            part += &window.pullback(fc.view());
        }
        gradient
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};

    /// Values by numpy 2.4.6, on the test signal (120 samples, 4 regions), windows of 20 samples every 10:
    /// `v = [np.corrcoef(x[s:s+20].T)[np.triu_indices(4, 1)] for s in range(0, 101, 10)]; np.corrcoef(v)`.
    #[test]
    fn fcd_equals_numpy() {
        let fcd = fcd(signal(120, 4).view(), Windows::new(20, 10).unwrap()).unwrap();
        assert_eq!(fcd.dim(), (11, 11));
        assert_close(fcd[[0, 1]], 0.8903513336583228, 1e-12);
        assert_close(fcd[[3, 9]], -0.5475953855327699, 1e-12);
        assert_close(fcd.sum(), 2.6389581927307657, 1e-12);
    }

    #[test]
    fn a_signal_that_repeats_itself_has_fcd_one() {
        let once = signal(25, 4);
        let twice = ndarray::concatenate![ndarray::Axis(0), once, once];
        let fcd = fcd(twice.view(), Windows::new(25, 25).unwrap()).unwrap();
        assert_close(fcd[[0, 1]], 1.0, 1e-14);
    }

    #[test]
    fn two_regions_or_one_window_are_errors() {
        let windows = Windows::new(20, 10).unwrap();
        assert!(matches!(
            fcd(signal(120, 2).view(), windows),
            Err(AnalysisError::TooFewRegions { needed: 3, .. })
        ));
        assert!(matches!(
            fcd(signal(29, 4).view(), windows),
            Err(AnalysisError::TooFewSamples { needed: 30, given: 29, .. })
        ));
    }
}
