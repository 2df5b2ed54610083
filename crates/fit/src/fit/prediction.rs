//! Losses of predictions of any kind.

use ndarray::Array2;

use super::error::{FitError, LossError};
use super::loss::FitLoss;
use super::params::Params;
use super::simulation::may_differ_elsewhere;
use super::values::ParamValues;
use brainmass_data::objectives::Objective;
use brainmass_sim::simulator::Fingerprint;

/// The loss of a prediction of any kind, compared with a target by an objective: of a closed form, several simulations, or another program.
///
/// It has no gradient. For a single simulation [`SimulationLoss::comparing`](super::SimulationLoss::comparing) does the same with gradient.
///
/// ```
/// use brainmass::fit::{Fitter, Param, ParamValues, Params, Prediction};
/// use brainmass::objectives::TimeseriesRmse;
/// use ndarray::Array2;
///
/// // The rate of an exponential decay is found again from five samples.
/// let decay = |rate: f64| Array2::from_shape_fn((5, 1), |(t, _)| (-rate * t as f64).exp());
/// let loss = Prediction::new(
///     move |params: &ParamValues| Ok(decay(params.scalar("rate"))),
///     TimeseriesRmse,
///     decay(0.7),
/// );
/// let fit = Fitter::new(Params::new().with("rate", Param::new(0.2)), loss).run()?;
/// assert!((fit.best.scalar("rate") - 0.7).abs() < 1e-4);
/// # Ok::<(), brainmass::fit::FitError>(())
/// ```
pub struct Prediction<P> {
    predict: P,
    objective: Box<dyn Objective>,
    target: Array2<f64>,
}

impl<P: Fn(&ParamValues) -> Result<Array2<f64>, LossError> + Sync> Prediction<P> {
    /// Compares with `target` what `predict` makes of the parameters, both of shape (time, region). Smaller values of the objective are
    /// better; [`Objective::as_loss`] turns a score into such a loss.
    pub fn new(predict: P, objective: impl Objective + 'static, target: Array2<f64>) -> Self {
        Self { predict, objective: Box::new(objective), target }
    }
}

impl<P: Fn(&ParamValues) -> Result<Array2<f64>, LossError> + Sync> FitLoss for Prediction<P> {
    fn value(&self, params: &ParamValues) -> Result<f64, LossError> {
        let predicted = (self.predict)(params)?;
        Ok(self.objective.value(predicted.view(), self.target.view())?)
    }

    fn value_and_gradient(&self, _: &ParamValues, _: &[&str]) -> Result<(f64, ParamValues), LossError> {
        Err(NO_GRADIENT.into())
    }

    fn has_gradient(&self) -> Result<(), String> {
        Err(NO_GRADIENT.into())
    }

    /// Predicts once, so that a target of another shape is an error of the fit and not of every candidate.
    fn check(&self, params: &Params) -> Result<(), FitError> {
        let Ok(predicted) = (self.predict)(&params.values()) else { return Ok(()) };
        match self.objective.value(predicted.view(), self.target.view()) {
            Err(error) if !may_differ_elsewhere(&error.clone().into()) => Err(FitError::Loss(error.into())),
            _ => Ok(()),
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut all = Fingerprint::default();
        all.add("objective", format!("{:?}", self.objective));
        let (rows, columns) = self.target.dim();
        all.add_numbers("target", format!("{rows} x {columns}"), &self.target);
        all
    }
}

const NO_GRADIENT: &str =
    "a prediction is known by its values alone; see `SimulationLoss::comparing` and `WithGradient`";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::{Fitter, Grad, Param};
    use brainmass_data::objectives::TimeseriesRmse;

    fn error(target: (usize, usize), method: impl Into<crate::fit::Method>) -> String {
        let line =
            |params: &ParamValues| Ok(Array2::from_shape_fn((4, 1), |(t, _)| params.scalar("a") * t as f64));
        let loss = Prediction::new(line, TimeseriesRmse, Array2::zeros(target));
        let params = Params::new().with("a", Param::new(1.0));
        Fitter::new(params, loss).method(method).run().unwrap_err().to_string()
    }

    #[test]
    fn a_target_of_another_shape_is_told_at_once() {
        let simplex = crate::fit::NelderMead::default;
        assert_eq!(error((5, 1), simplex()), "the prediction has 4 samples, the target 5");
        assert_eq!(error((4, 2), simplex()), "the prediction has 1 regions, the target 2");
    }

    #[test]
    fn a_gradient_is_refused() {
        assert!(error((4, 1), Grad::adam(0.1)).contains("known by its values alone"));
    }

    #[test]
    fn a_prediction_that_is_no_number_ends_its_candidate_alone() {
        let root = |params: &ParamValues| Ok(Array2::from_elem((1, 1), params.scalar("a").sqrt()));
        let loss = Prediction::new(root, TimeseriesRmse, Array2::from_elem((1, 1), 0.1));
        let params = Params::new().with("a", Param::new(0.5).scale(1.0));
        let fit = Fitter::new(params, loss).iterations(80).run().unwrap();
        assert!((fit.best.scalar("a") - 0.01).abs() < 1e-4, "{}", fit.best);
        assert!(fit.failures.iter().all(|failure| failure.params.scalar("a") < 0.0));
    }
}
