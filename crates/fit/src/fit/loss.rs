//! Losses: the numbers that fits make small.

use super::error::{FitError, LossError};
use super::params::Params;
use super::values::ParamValues;
use brainmass_sim::simulator::Fingerprint;

/// A loss: a number that says how badly parameters do, the smaller the better, with its gradient if it has one.
///
/// The loss must be a function of the parameters: the same values give the same loss each time. It is computed for several candidates at
/// once, on several threads.
///
/// A closure of the values is a loss without gradient; [`WithGradient`] makes one of a closure that gives the derivatives as well.
pub trait FitLoss: Sync {
    /// Computes the loss.
    ///
    /// # Errors
    ///
    /// Any error. The candidate is given up and noted, and the fit goes on; so it does after a loss that is not a finite number.
    fn value(&self, params: &ParamValues) -> Result<f64, LossError>;

    /// Computes the loss and its derivatives by the parameters named in `by`, per declared unit.
    ///
    /// # Errors
    ///
    /// As [`FitLoss::value`].
    fn value_and_gradient(&self, params: &ParamValues, by: &[&str]) -> Result<(f64, ParamValues), LossError>;

    /// Says whether [`FitLoss::value_and_gradient`] can be used.
    ///
    /// # Errors
    ///
    /// Why there is no gradient.
    fn has_gradient(&self) -> Result<(), String>;

    /// Checks, before a fit begins, whether the loss can be computed for these parameters at all.
    ///
    /// # Errors
    ///
    /// What is wrong with every candidate, such as a name that is not there or a target of another shape.
    fn check(&self, params: &Params) -> Result<(), FitError> {
        let _ = params;
        Ok(())
    }

    /// Describes everything that determines the loss beside the parameters. A checkpoint holds it, so that a fit cannot go on from the
    /// losses of another one. The code of closures cannot be described; for their sake a fit that is resumed computes its first candidate
    /// once more.
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::default()
    }
}

impl<F: Fn(&ParamValues) -> Result<f64, LossError> + Sync> FitLoss for F {
    fn value(&self, params: &ParamValues) -> Result<f64, LossError> {
        self(params)
    }

    fn value_and_gradient(&self, _: &ParamValues, _: &[&str]) -> Result<(f64, ParamValues), LossError> {
        Err(NO_GRADIENT.into())
    }

    fn has_gradient(&self) -> Result<(), String> {
        Err(NO_GRADIENT.into())
    }
}

const NO_GRADIENT: &str = "a closure that gives a value alone has no derivatives; see `WithGradient`";

/// A loss by a closure that gives the value and the derivatives by the parameters.
///
/// ```
/// use brainmass::fit::{Fitter, Lbfgs, Param, ParamValues, Params, WithGradient};
///
/// // (a - 3)^2, and its derivative
/// let loss = WithGradient(|params: &ParamValues| {
///     let distance = params.scalar("a") - 3.0;
///     Ok((distance * distance, ParamValues::new().with("a", [2.0 * distance])))
/// });
/// let fit = Fitter::new(Params::new().with("a", Param::new(0.0)), loss).method(Lbfgs::default()).run()?;
/// assert!((fit.best.scalar("a") - 3.0).abs() < 1e-6);
/// # Ok::<(), brainmass::fit::FitError>(())
/// ```
pub struct WithGradient<F>(pub F);

impl<F: Fn(&ParamValues) -> Result<(f64, ParamValues), LossError> + Sync> FitLoss for WithGradient<F> {
    fn value(&self, params: &ParamValues) -> Result<f64, LossError> {
        Ok((self.0)(params)?.0)
    }

    fn value_and_gradient(&self, params: &ParamValues, _: &[&str]) -> Result<(f64, ParamValues), LossError> {
        (self.0)(params)
    }

    fn has_gradient(&self) -> Result<(), String> {
        Ok(())
    }
}
