//! The trait of hemodynamic response functions.

use crate::observation::error::ObservationError;

/// A hemodynamic response function: the BOLD signal that follows a brief event.
pub trait HrfKernel: Send + Sync {
    /// Computes the response at each of `times`, in ms after the event; 0 before it.
    ///
    /// Kernels that are scaled to a given height are scaled by their largest value among `times`.
    ///
    /// # Errors
    ///
    /// A parameter is outside its range.
    fn sample(&self, times: &[f64]) -> Result<Vec<f64>, ObservationError>;

    /// Whether it is the response of the balloon model, so that the signal is `k_1 V_0 (h * x - 1)` by the convention of The Virtual Brain. For other
    /// kernels the signal is the convolution `h * x` itself.
    fn is_balloon_response(&self) -> bool {
        false
    }
}

/// Evaluates a causal function of the time in seconds.
pub(super) fn causal(times: &[f64], response: impl Fn(f64) -> f64) -> Vec<f64> {
    times.iter().map(|&t| if t < 0.0 { 0.0 } else { response(t / 1000.0) }).collect()
}

/// Scales a response so that its largest value is `height`; one that is nowhere positive is only multiplied by it.
pub(super) fn scale_peak(mut response: Vec<f64>, height: f64) -> Vec<f64> {
    let peak = response.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scale = if peak > 0.0 { height / peak } else { height };
    response.iter_mut().for_each(|value| *value *= scale);
    response
}
