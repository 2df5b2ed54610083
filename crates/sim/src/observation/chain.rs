//! One instrument after the other.

use ndarray::{Array2, ArrayView2};

use super::error::ObservationError;
use super::linear::LinearMonitor;
use super::monitor::Monitor;
use brainmass_core::real::Simd;
use brainmass_data::steps::{self, Steps};

/// A monitor that watches the rows of another, see [`Monitor::then`].
#[derive(Debug, Clone)]
pub struct Chain<A, B> {
    first: A,
    second: B,
}

impl<A: Monitor, B: Monitor> Chain<A, B> {
    pub(super) fn new(first: A, second: B) -> Result<Self, ObservationError> {
        let (period, step) = (first.period(), second.dt());
        // Periods are sums of steps, which are rounded.
        if (period - step).abs() > 1e-9 * step {
            return Err(ObservationError::Steps { what: "the next monitor", expected: period, given: step });
        }
        Ok(Self { first, second })
    }
}

impl<A: Monitor, B: Monitor> Monitor for Chain<A, B> {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let rows = self.first.push(samples)?;
        self.second.push(rows.view())
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        let rest = self.first.finish();
        let last = rest.and_then(|rest| self.second.push(rest.view()));
        // Both are made ready for another run, whatever went wrong with this one.
        let end = self.second.finish();
        let (last, end) = (last?, end?);
        if last.is_empty() {
            return Ok(end);
        }
        if end.is_empty() {
            return Ok(last);
        }
        Ok(ndarray::concatenate![ndarray::Axis(0), last, end])
    }

    fn period(&self) -> f64 {
        self.second.period()
    }

    fn dt(&self) -> f64 {
        self.first.dt()
    }

    fn unit(&self, samples: &str) -> String {
        self.second.unit(&self.first.unit(samples))
    }

    fn compute_with(&mut self, simd: Simd) {
        self.first.compute_with(simd);
        self.second.compute_with(simd);
    }

    fn take_back(
        &mut self,
        samples: ArrayView2<f64>,
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let between = self.first.observe(samples)?;
        let back = self.second.take_back(between.view(), adjoint)?;
        self.first.take_back(samples, back.view())
    }
}

/// Of monitors whose first gives one row for each period, none at the end of the run alone.
impl<A: LinearMonitor, B: LinearMonitor> LinearMonitor for Chain<A, B> {
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let (steps, regions) = run;
        // As many rows as periods that are complete, of what the first makes of a sample.
        let period = steps::count(self.first.period(), self.first.dt()).map_or(usize::MAX, Steps::covering);
        let between = (steps / period.max(1), regions);
        let back = self.second.pullback(between, adjoint)?;
        self.first.pullback(run, back.view())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::linear::testing::assert_is_transpose;
    use crate::observation::monitor::testing::assert_chunks_do_not_matter;
    use crate::observation::{Subsample, TemporalAverage};
    use brainmass_data::analysis::testing::signal;

    fn chain() -> Chain<TemporalAverage, Subsample> {
        TemporalAverage::new(0.7, 0.1).unwrap().then(Subsample::new(2.1, 0.7).unwrap()).unwrap()
    }

    #[test]
    fn the_second_sees_the_rows_of_the_first() {
        let run = signal(500, 3);
        let means = TemporalAverage::new(0.7, 0.1).unwrap().observe(run.view()).unwrap();
        let expected = Subsample::new(2.1, 0.7).unwrap().observe(means.view()).unwrap();
        assert_eq!(chain().observe(run.view()).unwrap(), expected);
    }

    #[test]
    fn chunks_do_not_matter() {
        assert_chunks_do_not_matter(&mut chain());
    }

    #[test]
    fn the_pullback_is_the_transpose() {
        assert_is_transpose(&mut chain());
    }

    #[test]
    fn a_monitor_with_other_steps_is_an_error() {
        let error = TemporalAverage::new(0.75, 0.25).unwrap().then(Subsample::new(2.5, 0.5).unwrap());
        let message = error.map(|_| ()).unwrap_err().to_string();
        assert!(message.contains("0.5 ms") && message.contains("0.75 ms"), "{message}");
        assert!(chain().observe(signal(5, 3).view()).is_err(), "too short");
    }
}
