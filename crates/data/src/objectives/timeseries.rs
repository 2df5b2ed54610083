//! The distance between signals, sample by sample.

use ndarray::{Array2, ArrayView2};

use super::error::ObjectiveError;
use super::objective::{Evaluation, Objective, check_alike};

/// The root of the mean squared difference over all samples and regions. Its gradient at 0 is taken as 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeseriesRmse;

impl Objective for TimeseriesRmse {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        check_alike(prediction, target)?;
        Ok(root_mean_square(&prediction - &target))
    }
}

/// Evaluates the root mean square of a difference as a function of its first term.
pub(super) fn root_mean_square<'a>(difference: Array2<f64>) -> Evaluation<'a> {
    let count = difference.len() as f64;
    let value = (difference.fold(0.0, |sum, d| sum + d * d) / count).sqrt();
    let per_difference = if value == 0.0 { 0.0 } else { 1.0 / (count * value) };
    Evaluation::new(value, move |derivative| difference * (derivative * per_difference))
}
