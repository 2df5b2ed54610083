//! The comparison of two series of numbers.

use super::{Outcome, TOLERANCE};

/// The largest deviation found so far, over all the series of a case.
#[derive(Debug, Default)]
pub struct Deviation {
    worst: f64,
    failure: Option<String>,
}

impl Deviation {
    /// Compares one series; `name` is what a failure calls it.
    ///
    /// The deviation is relative to the largest magnitude expected. NaN (`null` in the files) agrees with NaN only.
    pub fn add(&mut self, name: &str, expected: &[f64], actual: &[f64]) {
        if expected.len() != actual.len() {
            self.fail(format!("{name}: {} numbers expected, {} computed", expected.len(), actual.len()));
            return;
        }
        let scale = expected.iter().filter(|value| value.is_finite()).fold(0.0_f64, |m, v| m.max(v.abs()));
        let scale = if scale == 0.0 { 1.0 } else { scale };
        for (index, (&want, &got)) in expected.iter().zip(actual).enumerate() {
            if want.is_nan() && got.is_nan() || want == got {
                continue;
            }
            let deviation = (want - got).abs() / scale;
            if deviation.is_nan() || deviation > TOLERANCE {
                self.fail(format!(
                    "{name}[{index}]: {want} expected, {got} computed ({deviation:.1e} relative)"
                ));
            }
            self.worst = self.worst.max(deviation);
        }
    }

    /// Notes a failure that is not a matter of numbers.
    pub fn fail(&mut self, why: String) {
        self.failure.get_or_insert(why);
    }

    /// The outcome of the case.
    pub fn finish(self) -> Outcome {
        match self.failure {
            Some(why) => Outcome::Failed(why),
            None => Outcome::Passed(self.worst),
        }
    }
}

/// The outcome of a case with one series.
pub fn compare(name: &str, expected: &[f64], actual: &[f64]) -> Outcome {
    let mut deviation = Deviation::default();
    deviation.add(name, expected, actual);
    deviation.finish()
}
