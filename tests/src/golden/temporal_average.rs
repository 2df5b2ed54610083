//! Averages over time.

use brainmass::observation::{Monitor, ObservationError, SamplingPeriod, TemporalAverage};
use serde_json::Value;

use super::Outcome;
use super::read::{flat, number, numbers, outcome, rows};

/// `temporal_average`: means over windows. Some cases have periods that are no whole number of steps; the nearest is
/// taken then.
pub fn run(case: &Value) -> Outcome {
    outcome(|deviation| {
        let period = SamplingPeriod::nearest(number(&case["period_ms"]), number(&case["dt_ms"]))?;
        deviation.add("window", &numbers(&case["window"]), &[period.steps() as f64]);
        let actual = TemporalAverage::every(period).observe(rows(&case["signal"]).view())?;
        deviation.add("output", &numbers(&case["output"]), &flat(&actual));
        Ok::<_, ObservationError>(())
    })
}
