//! What a fit makes small.

use super::error::{FitError, LossError};
use super::params::Params;
use super::values::ParamValues;

/// A number that says how badly parameters do, and how it changes with them if it can be said. Losses are computed for several candidates at
/// once, on several threads.
///
/// A closure of the values is a loss without gradient; [`WithGradient`] makes one of a closure that gives the derivatives as well.
pub trait FitLoss: Sync {
    /// The loss.
    ///
    /// # Errors
    ///
    /// Anything: the candidate is given up, the fit goes on. So it does after a loss that is not a finite number.
    fn value(&self, params: &ParamValues) -> Result<f64, LossError>;

    /// The loss and its derivatives by the parameters named in `by`, in the declared units.
    ///
    /// # Errors
    ///
    /// As [`FitLoss::value`].
    fn value_and_gradient(&self, params: &ParamValues, by: &[&str]) -> Result<(f64, ParamValues), LossError>;

    /// # Errors
    ///
    /// Why there is no gradient, if there is none.
    fn has_gradient(&self) -> Result<(), String>;

    /// Whether it can be computed for these parameters at all; told before a fit begins.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    fn check(&self, params: &Params) -> Result<(), FitError> {
        let _ = params;
        Ok(())
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

/// The loss of a closure that gives the value and the derivatives by the parameters.
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
