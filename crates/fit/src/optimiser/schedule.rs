//! Schedules, by which a learning rate changes from step to step.

use super::setting::{InvalidSetting, need};

/// The factor on the learning rate in each step.
///
/// A schedule runs over the whole fit or training, or over as many steps as [`Schedule::over`] says. In a fit a step is an iteration, in a
/// training it is a batch.
///
/// | schedule | factor at step `i` of a length `n` |
/// |---|---|
/// | [`Schedule::constant`] | 1 |
/// | [`Schedule::exponential`] | `factor^(i/n)` |
/// | [`Schedule::steps`] | `factor^floor(i parts/n)` |
/// | [`Schedule::linear`] | from 1 to `end` along a straight line, then `end` |
/// | [`Schedule::cosine`] | from 1 to `end` along half a period of a cosine, then `end` |
///
/// ```
/// use brainmass::optimiser::Schedule;
///
/// let halving = Schedule::exponential(0.5).over(10);
/// assert_eq!(halving.factor(20, 100), 0.25);
/// // Over the whole of 200 steps, the first 10 of which lead up to the full rate.
/// let settling = Schedule::cosine(0.1).warm_up(10);
/// assert_eq!((settling.factor(9, 200), settling.factor(200, 200)), (1.0, 0.1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Schedule {
    course: Course,
    /// Steps that the course takes; the rest of the whole if not given.
    over: Option<usize>,
    /// Steps before the course begins.
    warm_up: usize,
}

/// The factor as a function of the share of the length.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Course {
    #[default]
    Constant,
    Exponential {
        factor: f64,
    },
    Steps {
        factor: f64,
        parts: usize,
    },
    Linear {
        end: f64,
    },
    Cosine {
        end: f64,
    },
}

impl Schedule {
    /// Leaves the learning rate as it is.
    pub fn constant() -> Self {
        Self::default()
    }

    /// Multiplies the rate smoothly by `factor` in every length.
    pub fn exponential(factor: f64) -> Self {
        Self { course: Course::Exponential { factor }, ..Self::default() }
    }

    /// Multiplies the rate by `factor` after each of `parts` equal parts of the length.
    pub fn steps(factor: f64, parts: usize) -> Self {
        Self { course: Course::Steps { factor, parts }, ..Self::default() }
    }

    /// Takes the factor from 1 to `end` along a straight line.
    pub fn linear(end: f64) -> Self {
        Self { course: Course::Linear { end }, ..Self::default() }
    }

    /// Takes the factor from 1 to `end` along half a period of a cosine (Loshchilov & Hutter 2017, without restarts).
    pub fn cosine(end: f64) -> Self {
        Self { course: Course::Cosine { end }, ..Self::default() }
    }

    /// Sets the length in steps; the whole fit or training if not given.
    pub fn over(mut self, steps: usize) -> Self {
        self.over = Some(steps);
        self
    }

    /// Puts so many steps before the schedule, over which the rate rises from near 0 to its first value along a straight line.
    pub fn warm_up(mut self, steps: usize) -> Self {
        self.warm_up = steps;
        self
    }

    /// Returns the factor in a step, counted from 0, of a fit or training of `whole` steps.
    pub fn factor(&self, step: usize, whole: usize) -> f64 {
        let length = self.over.unwrap_or_else(|| whole.saturating_sub(self.warm_up)).max(1);
        match step.checked_sub(self.warm_up) {
            Some(since) => self.course.factor(since, length),
            None => (step + 1) as f64 / self.warm_up as f64 * self.course.factor(0, length),
        }
    }

    /// Returns the same schedule with its length said, for a fit or training of `whole` steps.
    pub(crate) fn resolved(self, whole: usize) -> Self {
        match self.course {
            Course::Constant => self,
            _ => Self { over: Some(self.over.unwrap_or_else(|| whole.saturating_sub(self.warm_up))), ..self },
        }
    }

    /// Checks that lengths are above 0 and factors finite and not negative.
    pub(crate) fn check(&self) -> Result<(), InvalidSetting> {
        let steps = self.over.unwrap_or(1);
        need(steps > 0, "the length of the schedule", steps, "at least 1 step is needed")?;
        let factor = match self.course {
            Course::Constant => return Ok(()),
            Course::Exponential { factor } => factor,
            Course::Steps { factor, parts } => {
                need(parts > 0, "the number of parts of the schedule", parts, "at least 1 is needed")?;
                factor
            }
            Course::Linear { end } | Course::Cosine { end } => end,
        };
        let allowed = factor >= 0.0 && factor.is_finite();
        need(allowed, "the factor of the schedule", factor, "it is finite and not negative")
    }
}

impl Course {
    fn factor(self, step: usize, length: usize) -> f64 {
        let share = step as f64 / length as f64;
        match self {
            Self::Constant => 1.0,
            Self::Exponential { factor } => factor.powf(share),
            Self::Steps { factor, parts } => {
                let drops = (step as u128 * parts as u128) / length as u128;
                factor.powf(drops as f64)
            }
            Self::Linear { end } => 1.0 + (end - 1.0) * share.min(1.0),
            Self::Cosine { end } => {
                end + (1.0 - end) * 0.5 * (1.0 + (std::f64::consts::PI * share.min(1.0)).cos())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_pass_their_marks() {
        let quartered = Schedule::exponential(0.25).over(10);
        assert_eq!([0, 5, 20].map(|i| quartered.factor(i, 7)), [1.0, 0.5, 0.0625]);
        let steps = Schedule::steps(0.5, 1).over(3);
        assert_eq!([2, 3, 6].map(|i| steps.factor(i, 7)), [1.0, 0.5, 0.25]);
        let line = Schedule::linear(0.2).over(4);
        assert_eq!(
            [0, 2, 4, 9].map(|i| line.factor(i, 7)),
            [1.0, 0.6, 0.19999999999999996, 0.19999999999999996]
        );
        let cosine = Schedule::cosine(0.0).over(4);
        assert!((cosine.factor(1, 7) - 0.853_553_390_593_273_8).abs() < 1e-15);
        assert!(cosine.factor(4, 7).abs() < 1e-15);
        let warm = steps.warm_up(4);
        assert_eq!([0, 3, 4, 7].map(|i| warm.factor(i, 7)), [0.25, 1.0, 1.0, 0.5]);
    }

    #[test]
    fn a_schedule_without_a_length_spans_the_whole() {
        let marks = |schedule: Schedule| [0, 100, 200].map(|step| schedule.factor(step, 200));
        let near = |found: [f64; 3], expected: [f64; 3]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");
        };
        near(marks(Schedule::cosine(0.2)), [1.0, 0.6, 0.2]);
        near(marks(Schedule::linear(0.0)), [1.0, 0.5, 0.0]);
        near(marks(Schedule::steps(0.1, 2)), [1.0, 0.1, 0.01]);
        near(marks(Schedule::constant()), [1.0; 3]);
        assert_eq!(Schedule::cosine(0.2).resolved(200), Schedule::cosine(0.2).over(200));
        assert_eq!(Schedule::constant().resolved(200), Schedule::constant());
    }

    #[test]
    fn schedules_that_cannot_be_are_refused() {
        let message = |schedule: Schedule| schedule.check().unwrap_err().to_string();
        assert!(message(Schedule::steps(0.5, 1).over(0)).starts_with("the length of the schedule is 0"));
        assert!(message(Schedule::steps(0.5, 0)).starts_with("the number of parts of the schedule is 0"));
        assert!(message(Schedule::cosine(f64::NAN)).starts_with("the factor of the schedule is NaN"));
    }
}
