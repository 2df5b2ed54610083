//! How a learning rate changes.

use super::need;
use crate::fit::error::FitError;

/// What the learning rate is multiplied by in each iteration.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Schedule {
    /// 1.
    #[default]
    Constant,
    /// `factor^(iteration/over)`: smoothly by `factor` in each `over` iterations.
    Exponential {
        /// The factor.
        factor: f64,
        /// Iterations that it takes.
        over: usize,
    },
    /// `factor` more after each `every` iterations.
    Steps {
        /// The factor.
        factor: f64,
        /// Iterations between.
        every: usize,
    },
    /// From 1 to `end` along a straight line over so many iterations, `end` afterwards.
    Linear {
        /// The last factor.
        end: f64,
        /// Iterations until then.
        over: usize,
    },
    /// From 1 to `end` along half a period of a cosine (Loshchilov & Hutter 2017, without restarts), `end` afterwards.
    Cosine {
        /// The last factor.
        end: f64,
        /// Iterations until then.
        over: usize,
    },
    /// From near 0 up to another schedule's over so many iterations along a straight line; that schedule begins afterwards.
    WarmUp {
        /// Iterations until the full rate.
        over: usize,
        /// What follows.
        then: Box<Schedule>,
    },
}

impl Schedule {
    /// The factor of an iteration, counted from 0.
    pub fn factor(&self, iteration: usize) -> f64 {
        let share = |over: usize| (iteration as f64 / over as f64).min(1.0);
        match self {
            Self::Constant => 1.0,
            Self::Exponential { factor, over } => factor.powf(iteration as f64 / *over as f64),
            Self::Steps { factor, every } => factor.powf((iteration / every) as f64),
            Self::Linear { end, over } => 1.0 + (end - 1.0) * share(*over),
            Self::Cosine { end, over } => {
                end + (1.0 - end) * 0.5 * (1.0 + (std::f64::consts::PI * share(*over)).cos())
            }
            Self::WarmUp { over, then } => match iteration.checked_sub(*over) {
                Some(since) => then.factor(since),
                None => (iteration + 1) as f64 / *over as f64 * then.factor(0),
            },
        }
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        let (factor, over) = match self {
            Self::Constant => return Ok(()),
            Self::WarmUp { over, then } => {
                then.check()?;
                (1.0, over)
            }
            Self::Exponential { factor, over } | Self::Steps { factor, every: over } => (*factor, over),
            Self::Linear { end, over } | Self::Cosine { end, over } => (*end, over),
        };
        need(*over > 0, "the length of the schedule", over, "at least 1 iteration is needed")?;
        need(
            factor >= 0.0 && factor.is_finite(),
            "the factor of the schedule",
            factor,
            "it is finite and not negative",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_pass_their_marks() {
        let halved = Schedule::Exponential { factor: 0.25, over: 10 };
        assert_eq!([halved.factor(0), halved.factor(5), halved.factor(20)], [1.0, 0.5, 0.0625]);
        let steps = Schedule::Steps { factor: 0.5, every: 3 };
        assert_eq!([2, 3, 6].map(|i| steps.factor(i)), [1.0, 0.5, 0.25]);
        let line = Schedule::Linear { end: 0.2, over: 4 };
        assert_eq!(
            [0, 2, 4, 9].map(|i| line.factor(i)),
            [1.0, 0.6, 0.19999999999999996, 0.19999999999999996]
        );
        let cosine = Schedule::Cosine { end: 0.0, over: 4 };
        assert!((cosine.factor(1) - 0.853_553_390_593_273_8).abs() < 1e-15);
        assert!(cosine.factor(4).abs() < 1e-15);
        let warm = Schedule::WarmUp { over: 4, then: Box::new(steps) };
        assert_eq!([0, 3, 4, 7].map(|i| warm.factor(i)), [0.25, 1.0, 1.0, 0.5]);
        assert!(Schedule::Steps { factor: 0.5, every: 0 }.check().is_err());
    }
}
