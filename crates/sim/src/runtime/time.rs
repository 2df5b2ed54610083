//! Times as whole numbers of steps.

use brainmass_core::quantity::Time;
use brainmass_data::steps::{self, Steps};

use crate::runtime::error::RunError;

/// Returns a time in ms.
///
/// # Errors
///
/// It is no time, not finite, or not above 0. `what` is the word by which the message calls it.
pub fn positive(what: &'static str, time: Time) -> Result<f64, RunError> {
    match time.ms() {
        Ok(ms) if ms > 0.0 && ms.is_finite() => Ok(ms),
        Ok(ms) => Err(RunError::Time {
            what: what.into(),
            given: format!("{ms} ms"),
            expected: "a finite time above 0 is needed",
        }),
        Err(quantity) => Err(RunError::Time {
            what: what.into(),
            given: quantity.to_string(),
            expected: "a time is needed",
        }),
    }
}

/// Writes a number of steps in words: `1 step`, `20 steps`.
pub fn steps_in_words(steps: usize) -> String {
    if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }
}

/// Returns a time as a number of steps of `dt` ms.
///
/// # Errors
///
/// It is no time, negative, not finite, not a whole number of steps within rounding (see [`steps::count`]), or more steps than can be counted.
/// `what` is the word by which the message calls it.
pub fn whole_steps(what: &'static str, time: Time, dt: f64) -> Result<usize, RunError> {
    let ms = match time.ms() {
        Ok(ms) if ms >= 0.0 && ms.is_finite() => ms,
        Ok(ms) => {
            let given = format!("{ms} ms");
            return Err(RunError::Time {
                what: what.into(),
                given,
                expected: "a finite time, not below 0, is needed",
            });
        }
        Err(quantity) => {
            return Err(RunError::Time {
                what: what.into(),
                given: quantity.to_string(),
                expected: "a time is needed",
            });
        }
    };
    let counted = steps::count(ms, dt);
    if let Some(steps) = counted.and_then(Steps::whole) {
        return Ok(steps);
    }
    let Some(counted) = counted else {
        let given = format!("{ms} ms, and a step {dt} ms");
        return Err(RunError::Time {
            what: what.into(),
            given,
            expected: "these are more steps than can be counted",
        });
    };
    let (below, above) = (counted.below() as f64, counted.covering() as f64);
    Err(RunError::NotMultiple {
        what,
        given: ms,
        step: "dt",
        size: dt,
        below: rounded(below * dt),
        above: rounded(above * dt),
    })
}

/// Rounds a time to a billionth of a ms, so that messages do not show the rounding of a product.
fn rounded(ms: f64) -> f64 {
    (ms * 1e9).round() / 1e9
}
