//! The angle between signals.

use ndarray::{Array2, ArrayView2};

use super::error::ObjectiveError;
use super::objective::{Evaluation, Objective, check_alike};

/// The cosine between prediction and target, each taken as one long vector and divided by its length or by `epsilon`,
/// whichever is larger. With a vector of length 0 it is 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct CosineSim {
    /// The least length to divide by.
    pub epsilon: f64,
}

impl Objective for CosineSim {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        check_alike(prediction, target)?;
        let length = |x: ArrayView2<f64>| x.fold(0.0, |sum, value| sum + value * value).sqrt();
        let (predicted, aimed) = (length(prediction), length(target));
        let (divisor, target_divisor) = (predicted.max(self.epsilon), aimed.max(self.epsilon));
        if divisor == 0.0 || target_divisor == 0.0 {
            return Ok(Evaluation::new(0.0, move |_| Array2::zeros(prediction.raw_dim())));
        }
        let value = (&prediction * &target).sum() / (divisor * target_divisor);
        Ok(Evaluation::new(value, move |derivative| {
            let mut gradient = &target / target_divisor;
            if predicted > self.epsilon {
                gradient.scaled_add(-value / predicted, &prediction);
            }
            gradient * (derivative / divisor)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_silent_prediction_scores_zero() {
        let (value, gradient) = CosineSim::default()
            .value_and_gradient(array![[0.0, 0.0]].view(), array![[1.0, 2.0]].view())
            .unwrap();
        assert_eq!((value, gradient), (0.0, array![[0.0, 0.0]]));
    }

    #[test]
    fn below_epsilon_it_is_linear() {
        let cosine = CosineSim { epsilon: 2.0 };
        let target = array![[0.0, 4.0]];
        let (value, gradient) = cosine.value_and_gradient(array![[0.5, 1.0]].view(), target.view()).unwrap();
        assert_eq!((value, gradient), (0.5, array![[0.0, 0.5]]));
    }
}
