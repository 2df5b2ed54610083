//! The trait of all objectives.

use std::fmt;

use ndarray::{Array2, ArrayView2};

use super::error::ObjectiveError;
use crate::analysis::AnalysisError;

/// A number that says how well a prediction matches a target.
///
/// ```
/// use brainmass::objectives::{FcCorr, Objective};
/// use ndarray::Array2;
///
/// let target = Array2::from_shape_fn((50, 4), |(t, r)| ((t * (r + 1)) as f64 * 0.3).sin());
/// let prediction = target.mapv(|x| 2.0 * x + 1.0);
/// let (score, gradient) = FcCorr::default().value_and_gradient(prediction.view(), target.view())?;
/// assert!((score - 1.0).abs() < 1e-12);
/// assert_eq!(gradient.dim(), (50, 4));
/// # Ok::<(), brainmass::objectives::ObjectiveError>(())
/// ```
pub trait Objective: fmt::Debug + Send + Sync {
    /// Compares two signals of shape (time, region), and keeps what the gradient needs.
    ///
    /// # Errors
    /// Signals that are not finite, too short, or do not fit each other.
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError>;

    /// Returns the value.
    ///
    /// # Errors
    /// As [`Objective::evaluate`].
    fn value(&self, prediction: ArrayView2<f64>, target: ArrayView2<f64>) -> Result<f64, ObjectiveError> {
        Ok(self.evaluate(prediction, target)?.value)
    }

    /// Returns the value and its gradient with respect to the prediction, shape (time, region).
    ///
    /// # Errors
    /// As [`Objective::evaluate`].
    fn value_and_gradient(
        &self,
        prediction: ArrayView2<f64>,
        target: ArrayView2<f64>,
    ) -> Result<(f64, Array2<f64>), ObjectiveError> {
        let evaluation = self.evaluate(prediction, target)?;
        Ok((evaluation.value, evaluation.gradient()))
    }

    /// Returns the loss `1 - value`, for scores whose best value is 1.
    #[expect(clippy::wrong_self_convention, reason = "it reads as the field says it: `fc_corr.as_loss()`")]
    fn as_loss(self) -> AsLoss<Self>
    where
        Self: Sized,
    {
        AsLoss(self)
    }
}

/// The loss `1 - value` of a score.
#[derive(Debug, Clone, Copy)]
pub struct AsLoss<O>(pub O);

impl<O: Objective> Objective for AsLoss<O> {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        let score = self.0.evaluate(prediction, target)?;
        Ok(Evaluation::new(1.0 - score.value, move |derivative| score.pull(-derivative)))
    }
}

/// A function from the derivative of some function of the value to that function's gradient with respect to the
/// prediction.
type Pullback<'a> = Box<dyn FnOnce(f64) -> Array2<f64> + 'a>;

/// The value of an objective, with what its gradient needs.
pub struct Evaluation<'a> {
    /// The value.
    pub value: f64,
    pullback: Pullback<'a>,
}

impl<'a> Evaluation<'a> {
    /// Creates an evaluation from the value and `pullback`, which takes the derivative of some function of the value to
    /// that function's gradient with respect to the prediction.
    pub fn new(value: f64, pullback: impl FnOnce(f64) -> Array2<f64> + 'a) -> Self {
        Self { value, pullback: Box::new(pullback) }
    }

    /// Returns the gradient of the value with respect to the prediction, shape (time, region).
    pub fn gradient(self) -> Array2<f64> {
        self.pull(1.0)
    }

    /// Returns the gradient, with respect to the prediction, of a function of the value whose derivative is
    /// `derivative`.
    pub fn pull(self, derivative: f64) -> Array2<f64> {
        (self.pullback)(derivative)
    }
}

/// Checks that both arrays have the same shape and are finite.
pub(crate) fn check_alike(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
) -> Result<(), ObjectiveError> {
    check_count("samples", prediction.nrows(), target.nrows())?;
    check_count("regions", prediction.ncols(), target.ncols())?;
    if prediction.is_empty() {
        let purpose = "a comparison";
        return Err(ObjectiveError::Prediction(AnalysisError::TooFewSamples {
            purpose,
            needed: 1,
            given: 0,
        }));
    }
    crate::analysis::check_signal(prediction).map_err(ObjectiveError::Prediction)?;
    crate::analysis::check_signal(target).map_err(ObjectiveError::Target)
}

/// Checks that prediction and target have the same number of something.
pub(crate) fn check_count(
    what: &'static str,
    prediction: usize,
    target: usize,
) -> Result<(), ObjectiveError> {
    if prediction == target { Ok(()) } else { Err(ObjectiveError::Mismatch { what, prediction, target }) }
}
