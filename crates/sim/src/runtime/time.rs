//! Times as whole numbers of steps.

use brainmass_core::quantity::Time;
use brainmass_data::steps::{self, Steps};

use crate::runtime::error::RunError;

/// A time in ms that is a finite number above zero.
pub fn positive(what: &'static str, time: Time) -> Result<f64, RunError> {
    match time.ms() {
        Ok(ms) if ms > 0.0 && ms.is_finite() => Ok(ms),
        Ok(ms) => Err(RunError::Time {
            what,
            given: format!("{ms} ms"),
            expected: "a finite time above 0 is needed",
        }),
        Err(quantity) => {
            Err(RunError::Time { what, given: quantity.to_string(), expected: "a time is needed" })
        }
    }
}

/// A time as a whole number of steps.
pub fn whole_steps(what: &'static str, time: Time, dt: f64) -> Result<usize, RunError> {
    let ms = match time.ms() {
        Ok(ms) if ms >= 0.0 && ms.is_finite() => ms,
        Ok(ms) => {
            let given = format!("{ms} ms");
            return Err(RunError::Time { what, given, expected: "a finite time, not below 0, is needed" });
        }
        Err(quantity) => {
            return Err(RunError::Time { what, given: quantity.to_string(), expected: "a time is needed" });
        }
    };
    let counted = steps::count(ms, dt);
    if let Some(steps) = counted.and_then(Steps::whole) {
        return Ok(steps);
    }
    let Some(counted) = counted else {
        return Err(RunError::Time { what, given: format!("{ms} ms"), expected: "fewer steps are needed" });
    };
    let (below, above) = (counted.below() as f64, counted.covering() as f64);
    Err(RunError::NotMultiple {
        what,
        given: ms,
        step: "dt",
        size: dt,
        below: decimal(below * dt),
        above: decimal(above * dt),
    })
}

/// A time without the rounding of its product, for messages.
fn decimal(ms: f64) -> f64 {
    (ms * 1e9).round() / 1e9
}
