//! Samples of a run.

use ndarray::{Array2, ArrayView2, Axis};

use super::error::ObservationError;
use super::intake::Intake;
use super::monitor::{LinearMonitor, Monitor, check_adjoint};
use super::period::SamplingPeriod;
use crate::words::Words;

/// The state at every sampling period, without averaging: what is faster than half the sampling frequency is folded
/// into what is slower.
#[derive(Debug, Clone)]
pub struct Subsample {
    intake: Intake,
}

impl Subsample {
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
        Self { intake: Intake::new(period) }
    }
}

impl Monitor for Subsample {
    fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
        let before = self.intake.accept(samples)?;
        let steps = self.intake.period().steps();
        let due =
            (0..samples.nrows()).filter(|row| (before + row + 1).is_multiple_of(steps)).collect::<Vec<_>>();
        Ok(self.intake.give(samples.select(Axis(0), &due)))
    }

    fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
        let regions = self.intake.regions().unwrap_or(0);
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
        Some(words)
    }

    fn restore(&mut self, saved: &[u64]) -> bool {
        let mut words = Words(saved);
        self.intake.restore(&mut words).is_some() && words.0.is_empty()
    }

    fn as_linear(&self) -> Option<&dyn LinearMonitor> {
        Some(self)
    }
}

impl LinearMonitor for Subsample {
    fn pullback(
        &self,
        run: (usize, usize),
        adjoint: ArrayView2<f64>,
    ) -> Result<Array2<f64>, ObservationError> {
        let steps = self.intake.period().steps();
        check_adjoint(adjoint, run.0 / steps, run.1)?;
        let mut pulled = Array2::zeros(run);
        for (row, adjoint) in adjoint.outer_iter().enumerate() {
            pulled.row_mut((row + 1) * steps - 1).assign(&adjoint);
        }
        Ok(pulled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::testing::{assert_chunks_do_not_matter, assert_is_transpose};
    use ndarray::array;

    #[test]
    fn every_third_step_is_given() {
        let run = Array2::from_shape_fn((7, 1), |(t, _)| (t + 1) as f64);
        let rows = Subsample::new(0.3, 0.1).unwrap().observe(run.view()).unwrap();
        assert_eq!(rows, array![[3.0], [6.0]]);
    }

    #[test]
    fn the_pullback_is_the_transpose() {
        assert_is_transpose(&mut Subsample::new(3.0, 0.1).unwrap());
    }

    #[test]
    fn chunks_do_not_matter() {
        assert_chunks_do_not_matter(&mut Subsample::new(3.0, 0.1).unwrap());
    }
}
