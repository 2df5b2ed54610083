//! The deviation of computed numbers from the reference.

use crate::golden::Outcome;

/// The largest deviation found so far, over all numbers of a case.
#[derive(Debug)]
pub struct Deviation {
    tolerance: f64,
    worst: f64,
    failure: Option<String>,
}

impl Deviation {
    /// Creates a comparison that allows so much of the larger of the number itself and a thousandth of its component's largest.
    pub fn within(tolerance: f64) -> Self {
        Self { tolerance, worst: 0.0, failure: None }
    }

    /// Compares a number of a component whose largest magnitude is `largest`.
    pub fn add(&mut self, name: &str, expected: f64, computed: f64, largest: f64) {
        if expected == computed {
            return;
        }
        // A component that is 0 in all cases is compared as it is.
        let scale = if largest == 0.0 && expected == 0.0 { 1.0 } else { expected.abs().max(1e-3 * largest) };
        let deviation = (expected - computed).abs() / scale;
        if deviation.is_nan() || deviation > self.tolerance {
            self.failure.get_or_insert_with(|| {
                format!("{name}: {expected} expected, {computed} computed ({deviation:.1e} relative)")
            });
        }
        self.worst = self.worst.max(deviation);
    }

    /// The outcome of the case.
    pub fn finish(self) -> Outcome {
        match self.failure {
            Some(why) => Outcome::Failed(why),
            None => Outcome::Passed(self.worst),
        }
    }
}

/// The largest finite magnitude of a list of numbers.
pub fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().filter(|value| value.is_finite()).fold(0.0, |most, value| most.max(value.abs()))
}
