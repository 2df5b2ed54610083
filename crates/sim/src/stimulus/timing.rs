//! Times of stimuli, counted in steps where they are whole numbers of steps.
//!
//! A time such as 10.07 ms is no binary number, and neither is the product of a step of 0.01 ms and the number of steps. What is a whole number of
//! steps by intent is compared as an integer, so that rounding never moves a pulse. Other times are compared within their rounding, which grows
//! with the time.

use brainmass_data::steps::{self, Steps, TOLERANCE};

/// A duration or period in ms, with its number of steps where it is a whole number of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub ms: f64,
    steps: Option<i64>,
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self { ms: 0.0, steps: Some(0) };

    /// Counts the steps of `dt` ms in a time of either sign.
    pub fn new(ms: f64, dt: f64) -> Self {
        let whole =
            steps::count(ms.abs(), dt).and_then(Steps::whole).and_then(|steps| i64::try_from(steps).ok());
        Self { ms, steps: whole.map(|steps| if ms < 0.0 { -steps } else { steps }) }
    }
}

/// The time of a step since the onset of a stimulus.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    /// The time in ms.
    pub ms: f64,
    /// The number of steps, where the onset is a whole number of steps.
    steps: Option<i64>,
    /// The rounding of `ms`.
    rounding: f64,
}

impl Since {
    /// The time since `onset` at the start of the step after `step` steps of `dt` ms.
    pub fn new(step: usize, dt: f64, onset: Span) -> Self {
        let time = step as f64 * dt;
        let steps = onset.steps.and_then(|onset| Some(i64::try_from(step).ok()? - onset));
        Self { ms: time - onset.ms, steps, rounding: TOLERANCE * time.max(onset.ms.abs()) }
    }

    /// Whether the step begins at or after `span` ms since the onset.
    pub fn is_at_least(self, span: Span) -> bool {
        match (self.steps, span.steps) {
            (Some(steps), Some(span)) => steps >= span,
            _ => self.ms + self.rounding >= span.ms,
        }
    }

    /// The whole periods since the onset, and the time since the last of them began.
    pub fn divided(self, period: Span, dt: f64) -> (f64, Self) {
        if let (Some(steps), Some(period)) = (self.steps, period.steps) {
            let rest = steps.rem_euclid(period);
            let since = Self { ms: rest as f64 * dt, steps: Some(rest), ..self };
            return (steps.div_euclid(period) as f64, since);
        }
        let whole = ((self.ms + self.rounding) / period.ms).floor();
        let rest = (self.ms + self.rounding).rem_euclid(period.ms) - self.rounding;
        (whole, Self { ms: rest, steps: None, ..self })
    }

    /// Whether this is the beginning of a period, to rounding.
    pub fn is_zero(self) -> bool {
        match self.steps {
            Some(steps) => steps == 0,
            None => self.ms <= self.rounding,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_steps_are_compared_as_integers_however_late() {
        let (dt, onset) = (0.01, Span::new(0.03, 0.01));
        let (period, width) = (Span::new(10.07, dt), Span::new(5.03, dt));
        for step in (3..2000).chain(14_000_000..14_003_000).chain(4_000_000_000..4_000_003_000) {
            let (whole, rest) = Since::new(step, dt, onset).divided(period, dt);
            assert_eq!(whole, ((step - 3) / 1007) as f64);
            assert_eq!(rest.is_at_least(width), (step - 3) % 1007 >= 503, "step {step}");
        }
    }

    #[test]
    fn other_times_are_compared_within_their_rounding() {
        // A third of a millisecond is no whole number of steps, but every tenth step of 0.1 ms ends three of them.
        let (dt, onset) = (0.1, Span::new(0.0, 0.1));
        let period = Span::new(1.0 / 3.0, dt);
        for step in (0..1000).chain(50_000_000..50_001_000) {
            let (whole, rest) = Since::new(step, dt, onset).divided(period, dt);
            assert_eq!(whole, (step as u64 * 3 / 10) as f64, "step {step}");
            assert_eq!(rest.is_zero(), step % 10 == 0, "step {step}");
        }
        assert!(Since::new(5, dt, Span::new(-0.25, dt)).is_at_least(Span::new(0.75, dt)));
        assert!(!Since::new(5, dt, Span::new(-0.25, dt)).is_at_least(Span::new(0.76, dt)));
    }
}
