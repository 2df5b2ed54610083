//! Pearson correlation between the channels of a signal, and its adjoint.

use ndarray::{Array1, Array2, ArrayView2, Axis, Zip};

use super::channels::varies;
use super::error::{AnalysisError, check_length, check_side};

/// Returns the functional connectivity of a signal: the Pearson correlation of every pair of regions, shape (region,
/// region), 1 on the diagonal.
///
/// A region that does not vary ([`VARIATION`](super::VARIATION)) has no correlation: its row and its column are NaN, as
/// those of numpy's `corrcoef`.
///
/// # Errors
/// A sample that is not finite; fewer than two samples; more regions than a matrix in memory can have.
///
/// ```
/// use brainmass::analysis::functional_connectivity;
/// use ndarray::array;
///
/// let signal = array![[1.0, 2.0, 0.5], [2.0, 4.0, 0.5], [3.0, 6.0, 0.5]];
/// let fc = functional_connectivity(signal.view())?;
/// assert!((fc[[0, 1]] - 1.0).abs() < 1e-12);
/// assert!(fc[[0, 2]].is_nan());
/// # Ok::<(), brainmass::analysis::AnalysisError>(())
/// ```
pub fn functional_connectivity(signal: ArrayView2<f64>) -> Result<Array2<f64>, AnalysisError> {
    let correlation = Correlation::of(signal)?;
    let constant: Vec<usize> = correlation.constant().collect();
    let mut matrix = correlation.into_matrix();
    for region in constant {
        matrix.row_mut(region).fill(f64::NAN);
        matrix.column_mut(region).fill(f64::NAN);
    }
    Ok(matrix)
}

/// Returns the entries of a square matrix on and above its `offset`-th diagonal, row by row (`offset` 1: without the
/// diagonal).
pub fn upper_triangle(matrix: ArrayView2<f64>, offset: usize) -> Array1<f64> {
    let n = matrix.nrows();
    (0..n).flat_map(|i| (i + offset..n).map(move |j| matrix[[i, j]])).collect()
}

/// Spreads a vector in the order of [`upper_triangle`] over a matrix that is 0 elsewhere.
pub(crate) fn from_upper_triangle(entries: &Array1<f64>, n: usize, offset: usize) -> Array2<f64> {
    let mut matrix = Array2::zeros((n, n));
    let places = (0..n).flat_map(|i| (i + offset..n).map(move |j| [i, j]));
    for (place, &entry) in places.zip(entries) {
        matrix[place] = entry;
    }
    matrix
}

/// The Pearson correlations of a signal's columns, with what their adjoint needs.
///
/// Here a column that does not vary correlates with nothing: its entries are 0, and so are the derivatives by it, so
/// that the losses of a search stay numbers where a candidate is silent. [`functional_connectivity`] gives NaN instead.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// The columns without their means and scaled to length 1, shape (time, region); 0 for a constant column.
    unit: Array2<f64>,
    /// The length of each column after its mean is taken out; 0 for a constant column.
    length: Array1<f64>,
    matrix: Array2<f64>,
}

impl Correlation {
    /// Correlates the columns of a signal of shape (time, region).
    ///
    /// # Errors
    /// A sample that is not finite; fewer than two samples; more columns than a matrix in memory can have.
    pub fn of(signal: ArrayView2<f64>) -> Result<Self, AnalysisError> {
        check_length(signal, "a correlation", 2)?;
        check_side("a correlation matrix", signal.ncols())?;
        let mut unit = signal.to_owned();
        let mut length = Array1::zeros(signal.ncols());
        for (mut column, length) in unit.columns_mut().into_iter().zip(&mut length) {
            if !varies(column.view()) {
                // Rounding would leave a tiny remainder that correlates with everything.
                column.fill(0.0);
                continue;
            }
            let mean = column.sum() / column.len() as f64;
            column -= mean;
            let peak = column.fold(0.0_f64, |peak, value| peak.max(value.abs()));
            column /= peak;
            let scaled = column.dot(&column).sqrt();
            column /= scaled;
            *length = peak * scaled;
        }
        let mut matrix = unit.t().dot(&unit);
        matrix.mapv_inplace(|r| r.clamp(-1.0, 1.0));
        matrix.diag_mut().fill(1.0);
        Ok(Self { unit, length, matrix })
    }

    /// Returns the columns that do not vary.
    pub fn constant(&self) -> impl Iterator<Item = usize> {
        self.length.iter().enumerate().filter(|(_, length)| **length == 0.0).map(|(region, _)| region)
    }

    /// Returns the correlations, shape (region, region).
    pub fn matrix(&self) -> ArrayView2<'_, f64> {
        self.matrix.view()
    }

    /// Returns the correlations, shape (region, region), without the rest.
    pub fn into_matrix(self) -> Array2<f64> {
        self.matrix
    }

    /// Returns the gradient with respect to the signal, shape (time, region), of a function whose gradient with respect
    /// to the correlations is `cotangent`, shape (region, region).
    ///
    /// With `u = c/|c|`, `c` the column without its mean, `r_ij = u_i . u_j` and `dr_ij/dx_i = (u_j - r_ij u_i)/|c_i|`,
    /// which has mean 0 already. The diagonal is constant, and so are by rule the entries of a column that does not
    /// vary: they pass nothing on.
    pub fn pullback(&self, cotangent: ArrayView2<f64>) -> Array2<f64> {
        let mut symmetric = &cotangent + &cotangent.t();
        symmetric.diag_mut().fill(0.0);
        let mut gradient = self.unit.dot(&symmetric);
        Zip::from(gradient.axis_iter_mut(Axis(1)))
            .and(self.unit.axis_iter(Axis(1)))
            .and(&self.length)
            .for_each(|mut column, unit, &length| {
                if length == 0.0 {
                    column.fill(0.0);
                } else {
                    let along = column.dot(&unit);
                    column.scaled_add(-along, &unit);
                    column /= length;
                }
            });
        gradient
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};
    use ndarray::{array, s};

    /// `np.corrcoef(x.T)` of numpy 2.4.6 on the test signal (200 samples, 5 regions).
    #[test]
    fn functional_connectivity_equals_numpy_corrcoef() {
        let fc = functional_connectivity(signal(200, 5).view()).unwrap();
        assert_close(fc[[0, 1]], 0.02917040500786122, 1e-12);
        assert_close(fc[[1, 3]], -0.055284646708198326, 1e-12);
        assert_close(fc[[2, 4]], -0.031425483172766625, 1e-12);
        assert_close(fc.sum(), 4.0485037625513165, 1e-12);
    }

    #[test]
    fn a_constant_channel_correlates_with_nothing() {
        let mut x = signal(50, 3);
        x.column_mut(1).fill(0.1);
        let fc = functional_connectivity(x.view()).unwrap();
        assert!(fc.row(1).iter().chain(fc.column(1)).all(|r| r.is_nan()));
        let correlation = Correlation::of(x.view()).unwrap();
        assert_eq!(correlation.constant().collect::<Vec<_>>(), [1]);
        assert_eq!(correlation.matrix().slice(s![1, ..]), array![0.0, 1.0, 0.0]);
        let gradient = Correlation::of(x.view()).unwrap().pullback(Array2::ones((3, 3)).view());
        assert!(gradient.column(1).iter().all(|&g| g == 0.0));
        assert!(gradient.column(0).iter().any(|&g| g != 0.0));
    }

    #[test]
    fn scale_does_not_matter_even_where_squares_overflow() {
        let x = signal(60, 4);
        let fc = functional_connectivity(x.view()).unwrap();
        for scale in [1e-200, 1e200] {
            let scaled = functional_connectivity((&x * scale).view()).unwrap();
            assert!((&scaled - &fc).iter().all(|d| d.abs() < 1e-12), "at {scale}");
        }
    }

    #[test]
    fn one_sample_and_nan_are_errors() {
        assert_eq!(
            functional_connectivity(array![[1.0, 2.0]].view()),
            Err(AnalysisError::TooFewSamples { purpose: "a correlation", needed: 2, given: 1 })
        );
        assert!(functional_connectivity(array![[1.0], [f64::NAN]].view()).is_err());
    }

    #[test]
    fn the_triangle_is_read_row_by_row_and_written_back() {
        let matrix = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
        assert_eq!(upper_triangle(matrix.view(), 1), array![2.0, 3.0, 6.0]);
        assert_eq!(upper_triangle(matrix.view(), 0), array![1.0, 2.0, 3.0, 5.0, 6.0, 9.0]);
        let back = from_upper_triangle(&array![2.0, 3.0, 6.0], 3, 1);
        assert_eq!(back, array![[0.0, 2.0, 3.0], [0.0, 0.0, 6.0], [0.0, 0.0, 0.0]]);
    }
}
