//! Covariance of a signal that is never held whole.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::channels::VARIATION;
use super::error::{AnalysisError, check_side, check_signal};

/// Mean, covariance and correlation of a signal that comes in chunks, in memory of one (region, region) matrix.
///
/// Chunks and whole accumulators are joined by the update of Chan, Golub & LeVeque (1983, Am. Stat. 37:242), which
/// loses no digits where the mean is large against the fluctuations. Results agree to rounding, not bit for bit, if
/// the same signal is cut otherwise.
///
/// ```
/// use brainmass::analysis::StreamingCovariance;
/// use ndarray::array;
///
/// let mut covariance = StreamingCovariance::new(2);
/// covariance.push(array![[1.0, 2.0], [2.0, 4.0]].view())?;
/// covariance.push(array![[3.0, 6.0]].view())?;
/// assert_eq!(covariance.covariance()?, array![[1.0, 2.0], [2.0, 4.0]]);
/// # Ok::<(), brainmass::analysis::AnalysisError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StreamingCovariance {
    samples: usize,
    /// The first sample. Means are kept relative to it, so that a region that never varies deviates by exactly 0.
    origin: Array1<f64>,
    mean: Array1<f64>,
    /// The sum over the samples of the outer product of the deviations from the mean; empty before the first sample.
    scatter: Array2<f64>,
}

impl StreamingCovariance {
    /// Creates an accumulator for `regions` regions that has seen nothing yet.
    pub fn new(regions: usize) -> Self {
        let nothing = Array1::zeros(regions);
        // The matrix is made of the first samples, once it is known that it can be held.
        Self { samples: 0, origin: nothing.clone(), mean: nothing, scatter: Array2::zeros((0, 0)) }
    }

    /// Takes in the next samples, shape (time, region).
    ///
    /// # Errors
    /// A sample that is not finite (nothing of the chunk is taken in then); another number of regions; more regions
    /// than a matrix in memory can have.
    pub fn push(&mut self, samples: ArrayView2<f64>) -> Result<(), AnalysisError> {
        self.check_regions(samples.ncols())?;
        check_side("a covariance matrix", samples.ncols())?;
        check_signal(samples)?;
        let Some(origin) = samples.outer_iter().next() else { return Ok(()) };
        let mut deviation = &samples - &origin;
        let mean = deviation.sum_axis(Axis(0)) / samples.nrows() as f64;
        deviation -= &mean;
        let scatter = deviation.t().dot(&deviation);
        self.join(&Self { samples: samples.nrows(), origin: origin.to_owned(), mean, scatter });
        Ok(())
    }

    /// Takes in everything another accumulator has seen, as if its samples had been pushed here.
    ///
    /// # Errors
    /// Another number of regions.
    pub fn merge(&mut self, other: &Self) -> Result<(), AnalysisError> {
        self.check_regions(other.mean.len())?;
        self.join(other);
        Ok(())
    }

    fn check_regions(&self, given: usize) -> Result<(), AnalysisError> {
        let expected = self.mean.len();
        if given == expected { Ok(()) } else { Err(AnalysisError::RegionCount { expected, given }) }
    }

    fn join(&mut self, other: &Self) {
        if other.samples == 0 {
            return;
        }
        if self.samples == 0 {
            self.clone_from(other);
            return;
        }
        let (before, added) = (self.samples as f64, other.samples as f64);
        let total = before + added;
        let shift = (&other.origin - &self.origin) + (&other.mean - &self.mean);
        let between = shift.view().insert_axis(Axis(1)).dot(&shift.view().insert_axis(Axis(0)));
        self.scatter += &other.scatter;
        self.scatter.scaled_add(before * added / total, &between);
        self.mean.scaled_add(added / total, &shift);
        self.samples += other.samples;
    }

    /// Returns everything that the accumulator holds: the number of samples, and three lists of numbers, for
    /// [`StreamingCovariance::from_parts`].
    pub fn to_parts(&self) -> (usize, [Vec<f64>; 3]) {
        let scatter = self.scatter.iter().copied().collect();
        (self.samples, [self.origin.to_vec(), self.mean.to_vec(), scatter])
    }

    /// Creates the accumulator that [`StreamingCovariance::to_parts`] took apart; `None` for lists whose lengths do not
    /// belong together.
    pub fn from_parts(samples: usize, [origin, mean, scatter]: [Vec<f64>; 3]) -> Option<Self> {
        let regions = origin.len();
        // The matrix is not there before the first sample.
        let side = if scatter.is_empty() { 0 } else { regions };
        let scatter = Array2::from_shape_vec((side, side), scatter).ok()?;
        let (origin, mean) = (Array1::from(origin), Array1::from(mean));
        (mean.len() == regions).then_some(Self { samples, origin, mean, scatter })
    }

    /// Returns the number of samples that have been taken in.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Returns the mean of each region.
    pub fn mean(&self) -> Array1<f64> {
        &self.origin + &self.mean
    }

    /// Returns the unbiased covariance (divided by samples - 1), shape (region, region).
    ///
    /// # Errors
    /// Fewer than two samples.
    pub fn covariance(&self) -> Result<Array2<f64>, AnalysisError> {
        self.check_samples("a covariance")?;
        Ok(&self.scatter / (self.samples - 1) as f64)
    }

    /// Returns the Pearson correlation, shape (region, region): 1 on the diagonal, NaN for a region that does not vary
    /// ([`VARIATION`]).
    ///
    /// # Errors
    /// Fewer than two samples.
    pub fn correlation(&self) -> Result<Array2<f64>, AnalysisError> {
        self.check_samples("a correlation")?;
        let length = self.scatter.diag().mapv(f64::sqrt);
        let least = self.mean().mapv(f64::abs) * (VARIATION * (self.samples as f64).sqrt());
        Ok(Array2::from_shape_fn(self.scatter.raw_dim(), |(i, j)| {
            if length[i] <= least[i] || length[j] <= least[j] {
                f64::NAN
            } else if i == j {
                1.0
            } else {
                (self.scatter[[i, j]] / (length[i] * length[j])).clamp(-1.0, 1.0)
            }
        }))
    }

    fn check_samples(&self, purpose: &'static str) -> Result<(), AnalysisError> {
        if self.samples < 2 {
            return Err(AnalysisError::TooFewSamples { purpose, needed: 2, given: self.samples });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::functional_connectivity;
    use crate::analysis::testing::{assert_close, signal};
    use ndarray::s;

    fn in_chunks(x: &Array2<f64>, size: usize) -> StreamingCovariance {
        let mut covariance = StreamingCovariance::new(x.ncols());
        for chunk in x.axis_chunks_iter(Axis(0), size) {
            covariance.push(chunk).unwrap();
        }
        covariance
    }

    /// `np.cov(x.T)` of numpy 2.4.6 on the test signal (200 samples, 5 regions).
    #[test]
    fn covariance_equals_numpy_however_the_signal_is_cut() {
        let x = signal(200, 5);
        for size in [1, 7, 200] {
            let covariance = in_chunks(&x, size).covariance().unwrap();
            assert_close(covariance[[0, 0]], 0.7513499382814668, 1e-13);
            assert_close(covariance[[1, 4]], -0.10987187585292622, 1e-13);
            assert_close(covariance.sum(), 2.984016044573847, 1e-13);
        }
    }

    #[test]
    fn merged_accumulators_equal_one_that_saw_everything() {
        let x = signal(200, 5);
        let mut first = in_chunks(&x.slice(s![..70, ..]).to_owned(), 11);
        first.merge(&in_chunks(&x.slice(s![70.., ..]).to_owned(), 13)).unwrap();
        first.merge(&StreamingCovariance::new(5)).unwrap();
        let fc = functional_connectivity(x.view()).unwrap();
        assert_eq!(first.samples(), 200);
        let mean = x.mean_axis(Axis(0)).unwrap();
        assert!((first.mean() - mean).iter().all(|d| d.abs() < 1e-14));
        assert!((first.correlation().unwrap() - fc).iter().all(|d| d.abs() < 1e-13));
    }

    #[test]
    fn a_large_mean_costs_no_digits() {
        let x = signal(200, 3);
        let shifted = in_chunks(&(&x + 1e6), 10).covariance().unwrap();
        let plain = in_chunks(&x, 10).covariance().unwrap();
        assert!((shifted - plain).iter().all(|d| d.abs() < 1e-8));
    }

    #[test]
    fn a_constant_region_correlates_with_nothing() {
        let mut x = signal(64, 2);
        x.column_mut(1).fill(0.1);
        let correlation = in_chunks(&x, 10).correlation().unwrap();
        assert!(correlation[[0, 1]].is_nan() && correlation[[1, 1]].is_nan());
        assert_eq!(correlation[[0, 0]], 1.0);
    }

    #[test]
    fn another_number_of_regions_is_an_error() {
        let error = StreamingCovariance::new(3).push(signal(4, 2).view()).unwrap_err();
        assert_eq!(error, AnalysisError::RegionCount { expected: 3, given: 2 });
    }
}
