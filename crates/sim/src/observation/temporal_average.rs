//! Averages over time.

use ndarray::{Array1, Array2, ArrayView2};

use super::error::ObservationError;
use super::intake::Intake;
use super::monitor::{LinearMonitor, Monitor, check_adjoint};
use super::period::SamplingPeriod;
use crate::words::{Words, put};

/// The mean of each region over each sampling period; an incomplete one at the end of a run is left out.
#[derive(Debug, Clone)]
pub struct TemporalAverage {
    intake: Intake,
    /// The sum over the samples of the present window, one value a region.
    sum: Array1<f64>,
    /// The number of samples in the sum.
    summed: usize,
}

impl TemporalAverage {
    /// Creates a monitor that averages over `period` ms of a run with steps of `dt` ms.
    ///
    /// # Errors
    ///
    /// A period that is not a whole number of steps.
    pub fn new(period: f64, dt: f64) -> Result<Self, ObservationError> {
        Ok(Self::every(SamplingPeriod::new(period, dt)?))
    }

    /// Creates a monitor that averages over this period.
    pub fn every(period: SamplingPeriod) -> Self {
        Self { intake: Intake::new(period), sum: Array1::zeros(0), summed: 0 }
    }
}

impl Monitor for TemporalAverage {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        self.intake.accept(samples)?;
        if self.sum.len() != samples.ncols() {
            self.sum = Array1::zeros(samples.ncols());
        }
        let steps = self.intake.period().steps();
        let complete = (self.summed + samples.nrows()) / steps;
        let mut rows = Array2::zeros((complete, samples.ncols()));
        let mut out = rows.outer_iter_mut();
        for sample in samples.outer_iter() {
            self.sum += &sample;
            self.summed += 1;
            if self.summed == steps
                && let Some(mut row) = out.next()
            {
                row.assign(&self.sum);
                row /= steps as f64;
                self.sum.fill(0.0);
                self.summed = 0;
            }
        }
        Ok(self.intake.give(rows))
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        let regions = self.intake.regions().unwrap_or(0);
        self.sum.fill(0.0);
        self.summed = 0;
        self.intake.finish()?;
        Ok(Array2::zeros((0, regions)))
    }

    fn period(&self) -> f64 {
        self.intake.period().period()
    }

    fn dt(&self) -> f64 {
        self.intake.period().dt()
    }

    fn save(&self) -> Option<Vec<u64>> {
        let mut words = Vec::new();
        self.intake.save(&mut words);
        words.push(self.summed as u64);
        put(&mut words, &self.sum.to_vec());
        Some(words)
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        let mut words = Words(saved);
        let mut read = || {
            self.intake.restore(&mut words)?;
            self.summed = words.whole()?;
            self.sum = Array1::from(words.numbers()?);
            words.0.is_empty().then_some(())
        };
        read().is_some()
    }

    fn as_linear(&self) -> Option<&dyn LinearMonitor> {
        Some(self)
    }
}

impl LinearMonitor for TemporalAverage {
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let steps = self.intake.period().steps();
        check_adjoint(adjoint, run.0 / steps, run.1)?;
        let value = |(step, region): (usize, usize)| match adjoint.get((step / steps, region)) {
            Some(adjoint) => adjoint / steps as f64,
            None => 0.0,
        };
        Ok(Array2::from_shape_fn(run, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::testing::{assert_chunks_do_not_matter, assert_is_transpose};
    use ndarray::array;

    #[test]
    fn the_mean_of_each_whole_window_is_given() {
        let mut average = TemporalAverage::new(1.0, 0.5).unwrap();
        let run = array![[1.0, 0.0], [3.0, 1.0], [5.0, 2.0], [7.0, 4.0], [100.0, 100.0]];
        assert_eq!(average.observe(run.view()).unwrap(), array![[2.0, 0.5], [6.0, 3.0]]);
    }

    #[test]
    fn the_pullback_is_the_transpose() {
        assert_is_transpose(&mut TemporalAverage::new(3.0, 0.1).unwrap());
    }

    #[test]
    fn chunks_do_not_matter() {
        assert_chunks_do_not_matter(&mut TemporalAverage::new(3.0, 0.1).unwrap());
    }

    #[test]
    fn a_run_shorter_than_the_period_is_an_error() {
        let mut average = TemporalAverage::new(720.0, 1.0).unwrap();
        let error = average.observe(Array2::zeros((719, 2)).view()).unwrap_err();
        assert_eq!(error, ObservationError::ShorterThanPeriod { run: 719.0, period: 720.0 });
        assert_eq!(average.observe(Array2::zeros((720, 2)).view()).unwrap().nrows(), 1);
    }

    #[test]
    fn nan_and_another_number_of_regions_are_errors_with_their_place() {
        let mut average = TemporalAverage::new(1.0, 0.5).unwrap();
        average.push(array![[1.0, 2.0]].view()).unwrap();
        let error = average.push(array![[1.0, f64::NAN]].view()).unwrap_err();
        assert!(matches!(error, ObservationError::NotFinite { sample: 1, region: 1, .. }));
        let error = average.push(array![[1.0]].view()).unwrap_err();
        assert!(matches!(error, ObservationError::RegionCount { expected: 2, given: 1, .. }));
        // What was refused left no trace.
        assert_eq!(average.push(array![[3.0, 4.0]].view()).unwrap(), array![[2.0, 3.0]]);
    }
}
