//! Objectives made of others.

use ndarray::{Array2, ArrayView2};

use super::error::ObjectiveError;
use super::objective::{Evaluation, Objective};

impl<O: Objective + ?Sized> Objective for Box<O> {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        (**self).evaluate(prediction, target)
    }
}

/// A weighted sum of objectives.
///
/// ```
/// use brainmass::objectives::{Combine, FcCorr, Objective, TimeseriesRmse};
///
/// let loss = Combine::default().with(2.0, TimeseriesRmse).with(0.5, FcCorr::default().as_loss());
/// ```
#[derive(Debug, Default)]
pub struct Combine {
    terms: Vec<(f64, Box<dyn Objective>)>,
}

impl Combine {
    /// Adds `weight` times an objective.
    pub fn with(mut self, weight: f64, objective: impl Objective + 'static) -> Self {
        self.terms.push((weight, Box::new(objective)));
        self
    }
}

impl Objective for Combine {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        let mut value = 0.0;
        let mut terms = Vec::with_capacity(self.terms.len());
        for (weight, objective) in &self.terms {
            if !weight.is_finite() {
                return Err(ObjectiveError::Weight(*weight));
            }
            let term = objective.evaluate(prediction, target)?;
            value += weight * term.value;
            terms.push((*weight, term));
        }
        Ok(Evaluation::new(value, move |derivative| {
            let mut gradient = Array2::zeros(prediction.raw_dim());
            for (weight, term) in terms {
                gradient += &term.pull(derivative * weight);
            }
            gradient
        }))
    }
}
