//! The kernel of two damped oscillations.

use std::f64::consts::TAU;

use super::kernel::{HrfKernel, causal, scale_peak};
use crate::observation::error::{ObservationError, check_positive};

/// The difference of two damped oscillations,
/// `amp_1 exp(-t/tau_1) sin(2 pi f_1 t) - amp_2 exp(-t/tau_2) sin(2 pi f_2 t)`, scaled to height `a` among the times asked
/// for (Polonsky et al. 2000, Nat. Neurosci. 3:1153).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoubleExponential {
    /// The time constant of the first oscillation, in ms.
    pub tau_1: f64,
    /// The time constant of the second oscillation, in ms.
    pub tau_2: f64,
    /// The frequency of the first oscillation, in Hz.
    pub f_1: f64,
    /// The frequency of the second oscillation, in Hz.
    pub f_2: f64,
    /// The amplitude of the first oscillation.
    pub amp_1: f64,
    /// The amplitude of the second oscillation.
    pub amp_2: f64,
    /// The height of the peak.
    pub a: f64,
}

impl Default for DoubleExponential {
    fn default() -> Self {
        Self { tau_1: 7220.0, tau_2: 7400.0, f_1: 0.03, f_2: 0.12, amp_1: 0.1, amp_2: 0.1, a: 0.1 }
    }
}

impl HrfKernel for DoubleExponential {
    fn sample(&self, times: &[f64]) -> Result<Vec<f64>, ObservationError> {
        check_positive("tau_1 (ms)", self.tau_1)?;
        check_positive("tau_2 (ms)", self.tau_2)?;
        let wave = |t: f64, tau: f64, f: f64| (-t / (tau / 1000.0)).exp() * (TAU * f * t).sin();
        let response = causal(times, |t| {
            self.amp_1 * wave(t, self.tau_1, self.f_1) - self.amp_2 * wave(t, self.tau_2, self.f_2)
        });
        Ok(scale_peak(response, self.a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_value_is_a() {
        let times = (0..40_000).step_by(10).map(f64::from).collect::<Vec<_>>();
        let h = DoubleExponential::default().sample(&times).unwrap();
        let peak = h.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!((peak - 0.1).abs() < 1e-16);
        assert_eq!(h[0], 0.0);
    }

    #[test]
    fn a_response_that_is_nowhere_positive_is_not_turned_over() {
        let h = DoubleExponential::default().sample(&[0.0, 500.0]).unwrap();
        assert!(h[1] < 0.0);
    }
}
