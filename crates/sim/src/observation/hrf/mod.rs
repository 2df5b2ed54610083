//! Hemodynamic response functions: the BOLD signal that follows a brief event.
//!
//! Times are in ms, rates and frequencies in Hz, as the field names them otherwise in s.

mod double_exponential;
mod first_order_volterra;
mod gamma;
mod gamma_function;
mod mixture_of_gammas;

pub use double_exponential::DoubleExponential;
pub use first_order_volterra::FirstOrderVolterra;
pub use gamma::Gamma;
pub use mixture_of_gammas::MixtureOfGammas;

use super::error::ObservationError;

/// A hemodynamic response function.
pub trait HrfKernel: Send + Sync {
    /// The response at each of `times`, in ms after the event; 0 before it.
    ///
    /// Kernels that are scaled to a given height are scaled by their largest value among `times`.
    ///
    /// # Errors
    /// A parameter outside its range.
    fn sample(&self, times: &[f64]) -> Result<Vec<f64>, ObservationError>;
}

/// Evaluates a causal function of the time in seconds.
fn causal(times: &[f64], response: impl Fn(f64) -> f64) -> Vec<f64> {
    times.iter().map(|&t| if t < 0.0 { 0.0 } else { response(t / 1000.0) }).collect()
}

/// Scales a response so that its largest value is `height`; one that is nowhere positive is only multiplied by it.
fn scale_peak(mut response: Vec<f64>, height: f64) -> Vec<f64> {
    let peak = response.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scale = if peak > 0.0 { height / peak } else { height };
    response.iter_mut().for_each(|value| *value *= scale);
    response
}
