//! Times as whole numbers of steps.
//!
//! Times come as decimal fractions, which binary numbers only approach: 0.07 ms are seven steps of 0.01 ms although
//! `0.07 / 0.01` is 7.000000000000001. Durations, sampling periods, windows and delays are all counted by [`count`], so
//! that the same time is the same number of steps everywhere.
//!
//! ```
//! use brainmass::steps;
//!
//! assert_eq!(steps::count(0.07, 0.01).and_then(|steps| steps.whole()), Some(7));
//! assert_eq!(steps::count(0.075, 0.01).and_then(|steps| steps.whole()), None);
//! assert_eq!(steps::count(0.075, 0.01).map(|steps| steps.covering()), Some(8));
//! ```

/// The distance from a whole number of steps at which a time still counts as that number, relative to the time: eight
/// units in the last place.
///
/// A time, a step and their quotient are each rounded by half a unit; the rest is room for the conversions that a time
/// has gone through, from seconds or as a length divided by a speed. It leaves no room for intent: of a year in steps
/// of 0.1 ms it is a ten-thousandth of a step.
pub const TOLERANCE: f64 = 8.0 * f64::EPSILON;

/// The most steps that are counted: beyond 2^48, [`TOLERANCE`] is no small part of a step.
const MOST: f64 = (1_u64 << 48) as f64;

/// A time counted in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// The whole steps that fit into the time.
    below: u64,
    /// Whether they fill it.
    exact: bool,
}

/// Counts the steps of length `step` in `time`, both in the same unit.
///
/// Returns `None` where the time is negative or not finite, the step is not positive and finite, or there are more than
/// 2^48 steps.
pub fn count(time: f64, step: f64) -> Option<Steps> {
    let valid = time >= 0.0 && time.is_finite() && step > 0.0 && step.is_finite();
    let quotient = time / step;
    if !valid || quotient > MOST {
        return None;
    }
    // Networks count millions of delays, hence numbers are cut by conversion: functions of the system's library would take most of the time.
    let nearest = (quotient + 0.5) as i64 as f64;
    // The fused product is rounded once, so that the difference is exact where it is small. Where the quotient alone says that it is large, none is
    // needed.
    let exact = (quotient - nearest).abs() <= 2.0 * TOLERANCE * quotient
        && (-nearest).mul_add(step, time).abs() <= TOLERANCE * time;
    let below = if exact { nearest as u64 } else { quotient as u64 };
    Some(Steps { below, exact })
}

impl Steps {
    /// Returns the number of steps if the time is a whole number of them, to [`TOLERANCE`].
    pub fn whole(self) -> Option<usize> {
        if self.exact { usize::try_from(self.below).ok() } else { None }
    }

    /// Returns the least number of steps that is not shorter than the time.
    ///
    /// A delay is this many steps: there is no interpolation, and a value that has not arrived is not there.
    pub fn covering(self) -> usize {
        usize::try_from(self.below).unwrap_or(usize::MAX).saturating_add(usize::from(!self.exact))
    }

    /// Returns the number of whole steps that fit into the time.
    pub fn below(self) -> usize {
        usize::try_from(self.below).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_multiples_are_whole_for_every_decimal_step() {
        // Exact in integers of a thousandth of a millisecond; the division is what a file would say.
        for step in [1_u64, 2, 5, 10, 20, 25, 50, 100, 200, 250, 300, 500, 700, 1000] {
            for count in 0..20_000 {
                let (time, step) = ((step * count) as f64 / 1000.0, step as f64 / 1000.0);
                let steps = super::count(time, step).unwrap();
                assert_eq!(steps.whole(), Some(count as usize), "{time} / {step}");
                assert_eq!(steps.covering(), count as usize, "{time} / {step}");
            }
        }
    }

    #[test]
    fn products_and_converted_times_are_whole() {
        for count in 1..20_000_u32 {
            let count = f64::from(count);
            for step in [0.1, 0.3, 1.0 / 3.0, 0.07] {
                assert_eq!(super::count(count * step, step).unwrap().whole(), Some(count as usize));
            }
            // Seconds to milliseconds, and a length over a speed.
            assert_eq!(super::count(count / 1e4 * 1e3, 0.1).unwrap().whole(), Some(count as usize));
            assert_eq!(super::count(count * 0.3 / 3.0, 0.1).unwrap().whole(), Some(count as usize));
        }
    }

    #[test]
    fn what_lies_between_is_covered_by_one_more() {
        for (time, step, below) in [(1e-9, 0.1, 0), (0.95, 0.1, 9), (1.05, 0.1, 10), (7.000_000_1, 1.0, 7)] {
            let steps = count(time, step).unwrap();
            assert_eq!((steps.whole(), steps.below(), steps.covering()), (None, below, below + 1));
        }
    }

    #[test]
    fn what_is_no_time_and_what_cannot_be_counted_is_nothing() {
        for (time, step) in [
            (-1.0, 0.1),
            (f64::NAN, 0.1),
            (f64::INFINITY, 0.1),
            (1.0, 0.0),
            (1.0, -0.1),
            (1.0, f64::NAN),
            (1.0, f64::INFINITY),
            (1e300, 1e-300),
            (1e16, 1.0),
        ] {
            assert_eq!(count(time, step), None, "{time} / {step}");
        }
        assert_eq!(count(0.0, 0.1).unwrap().whole(), Some(0));
    }
}
