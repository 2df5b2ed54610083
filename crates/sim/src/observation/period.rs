//! Sampling periods of instruments.

use brainmass_data::steps::{self, Steps};

use super::error::{ObservationError, check_positive};

/// A sampling period as a whole number of simulation steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SamplingPeriod {
    steps: usize,
    dt: f64,
}

impl SamplingPeriod {
    /// Creates a period (ms) that is a whole number of steps of `dt` ms.
    ///
    /// # Errors
    ///
    /// The period is no whole number of steps, or one of the two is not positive and finite.
    pub fn new(period: f64, dt: f64) -> Result<Self, ObservationError> {
        Self::named("the sampling period", period, dt)
    }

    /// Creates the period of the whole number of steps nearest to `period` (ms), the even one of two equally near; it is
    /// [`SamplingPeriod::period`] then.
    ///
    /// # Errors
    ///
    /// A period below half a step; a period or a step that is not positive and finite.
    pub fn nearest(period: f64, dt: f64) -> Result<Self, ObservationError> {
        check_positive("the step (ms)", dt)?;
        check_positive("the sampling period (ms)", period)?;
        let steps = (period / dt).round_ties_even() as usize;
        if steps == 0 {
            let (name, expected) = ("the sampling period (ms)", "at least a step");
            return Err(ObservationError::Setting { name, value: period, expected });
        }
        Ok(Self { steps, dt })
    }

    /// Creates a period as [`SamplingPeriod::new`] does; an error calls it by `name`.
    pub(crate) fn named(name: &'static str, period: f64, dt: f64) -> Result<Self, ObservationError> {
        check_positive("the step (ms)", dt)?;
        check_positive(name, period)?;
        match steps::count(period, dt).and_then(Steps::whole) {
            Some(steps) if steps > 0 => Ok(Self { steps, dt }),
            _ => Err(ObservationError::NotAMultiple { name, period, step: dt }),
        }
    }

    /// The period as a number of simulation steps.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The simulation step, in ms.
    pub fn dt(&self) -> f64 {
        self.dt
    }

    /// The period, in ms.
    pub fn period(&self) -> f64 {
        self.steps as f64 * self.dt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_periods_are_whole_numbers_of_steps() {
        assert_eq!(SamplingPeriod::new(0.3, 0.1).unwrap().steps(), 3);
        assert_eq!(SamplingPeriod::new(720.0, 0.1).unwrap().steps(), 7200);
        let error = SamplingPeriod::new(3.3, 0.5).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the sampling period of 3.3 ms is not a whole number of steps of 0.5 ms"
        );
        assert!(SamplingPeriod::new(0.04, 0.1).is_err());
        assert!(SamplingPeriod::new(f64::NAN, 0.1).is_err());
        assert!(SamplingPeriod::new(1.0, 0.0).is_err());
    }

    #[test]
    fn the_nearest_period_is_even_between_two() {
        assert_eq!(SamplingPeriod::nearest(3.3, 0.5).unwrap().steps(), 7);
        assert_eq!(SamplingPeriod::nearest(2.5, 1.0).unwrap().steps(), 2);
        assert_eq!(SamplingPeriod::nearest(3.5, 1.0).unwrap().steps(), 4);
    }
}
