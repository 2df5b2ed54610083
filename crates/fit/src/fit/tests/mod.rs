//! Tests of fits of functions whose minima are known, and of everything that holds whatever is fitted.

mod checkpoints;
mod methods;
mod runs;

use super::*;

/// Returns a parameter `x` of several numbers.
fn vector(from: &[f64]) -> Params {
    Params::new().with("x", Param::new(from))
}

/// The function of Rosenbrock (1960) in any dimension: 0 at (1, 1, ...).
fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2).map(|pair| 100.0 * (pair[1] - pair[0] * pair[0]).powi(2) + (1.0 - pair[0]).powi(2)).sum()
}

/// The function of Rastrigin (1974): 0 at the origin, local minima near all points of whole numbers.
fn rastrigin(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x - 10.0 * (2.0 * std::f64::consts::PI * x).cos() + 10.0).sum()
}

/// The function of Rosenbrock and its derivatives.
fn differentiable_rosenbrock(params: &ParamValues) -> Result<(f64, ParamValues), LossError> {
    let x = &params["x"];
    let mut gradient = vec![0.0; x.len()];
    for index in 1..x.len() {
        let bend = x[index] - x[index - 1] * x[index - 1];
        gradient[index] += 200.0 * bend;
        gradient[index - 1] -= 400.0 * bend * x[index - 1] + 2.0 * (1.0 - x[index - 1]);
    }
    Ok((rosenbrock(x), ParamValues::new().with("x", gradient)))
}

/// Returns a loss of the parameter `x` alone.
fn of_x(function: fn(&[f64]) -> f64) -> impl FitLoss + Send {
    move |params: &ParamValues| Ok(function(&params["x"]))
}

/// Returns two parameters with bounds, near none of the minima of the test functions.
fn bounded() -> Params {
    Params::new().with("x", Param::new([3.2, -2.1]).bounds(-5.12, 5.12))
}

/// Returns the best values and every loss on the way, to the last bit.
fn bits(fit: &Fit) -> (Vec<u64>, Vec<Option<u64>>) {
    let best = fit.best["x"].iter().map(|value| value.to_bits()).collect();
    (best, fit.history.iter().map(|row| row.loss.map(f64::to_bits)).collect())
}

/// Returns every method with its default settings.
fn all_methods() -> impl Iterator<Item = Method> {
    METHODS.iter().map(MethodEntry::build)
}
