//! The average over regions.

use ndarray::{Array2, ArrayView2, Axis};

use super::error::ObservationError;
use super::monitor::{LinearMonitor, Monitor, check_adjoint};
use super::period::SamplingPeriod;
use super::subsample::Subsample;

/// The mean over all regions at every sampling period; one channel.
#[derive(Debug, Clone)]
pub struct GlobalAverage {
    samples: Subsample,
}

impl GlobalAverage {
    /// Creates a monitor that samples every `period` ms a run with steps of `dt` ms.
    ///
    /// # Errors
    ///
    /// A period that is not a whole number of steps.
    pub fn new(period: f64, dt: f64) -> Result<Self, ObservationError> {
        Ok(Self::every(SamplingPeriod::new(period, dt)?))
    }

    /// Creates a monitor that samples at this period.
    pub fn every(period: SamplingPeriod) -> Self {
        Self { samples: Subsample::every(period) }
    }
}

/// Averages each row, and returns the means as a column.
fn over_regions(rows: Array2<f64>) -> Array2<f64> {
    let regions = rows.ncols().max(1) as f64;
    (rows.sum_axis(Axis(1)) / regions).insert_axis(Axis(1))
}

impl Monitor for GlobalAverage {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        self.samples.push(samples).map(over_regions)
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        self.samples.finish().map(over_regions)
    }

    fn period(&self) -> f64 {
        self.samples.period()
    }

    fn dt(&self) -> f64 {
        self.samples.dt()
    }

    fn save(&self) -> Option<Vec<u64>> {
        self.samples.save()
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        self.samples.restore(saved)
    }

    fn as_linear(&self) -> Option<&dyn LinearMonitor> {
        Some(self)
    }
}

impl LinearMonitor for GlobalAverage {
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        check_adjoint(adjoint, adjoint.nrows(), 1)?;
        let share = |(row, _)| adjoint[[row, 0]] / run.1.max(1) as f64;
        let samples_adjoint = Array2::from_shape_fn((adjoint.nrows(), run.1), share);
        self.samples.pullback(run, samples_adjoint.view())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::testing::{assert_chunks_do_not_matter, assert_is_transpose};
    use ndarray::array;

    #[test]
    fn the_mean_over_regions_is_given_at_each_sample() {
        let run = array![[1.0, 3.0], [9.0, 9.0], [5.0, 7.0], [2.0, 4.0]];
        let rows = GlobalAverage::new(2.0, 1.0).unwrap().observe(run.view()).unwrap();
        assert_eq!(rows, array![[9.0], [3.0]]);
    }

    #[test]
    fn the_pullback_is_the_transpose() {
        assert_is_transpose(&mut GlobalAverage::new(3.0, 0.1).unwrap());
    }

    #[test]
    fn chunks_do_not_matter() {
        assert_chunks_do_not_matter(&mut GlobalAverage::new(3.0, 0.1).unwrap());
    }
}
