//! The first-order Volterra kernel of the balloon model.

use super::kernel::{HrfKernel, causal};
use crate::observation::error::{ObservationError, check_positive};

/// The first-order Volterra kernel of the balloon model: its response to a brief event.
///
/// The kernel is `scaling exp(-t/(2 tau_s)) sin(w t)/w` with `w^2 = 1/tau_f - 1/(4 tau_s^2)` and times in s (Friston et al. 2000,
/// NeuroImage 12:466; The Virtual Brain). Where `w^2 <= 0` the damped oscillation becomes its continuation, `sinh` in
/// place of `sin`. The integral over time (in s) is `scaling tau_f`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstOrderVolterra {
    /// The time constant of signal decay, in ms.
    pub tau_s: f64,
    /// The time constant of the feedback from blood flow, in ms. The formula takes its inverse, with times in s, for a
    /// squared frequency, as the literature does.
    pub tau_f: f64,
    /// The factor of the whole.
    pub scaling: f64,
}

impl Default for FirstOrderVolterra {
    fn default() -> Self {
        Self { tau_s: 800.0, tau_f: 400.0, scaling: 1.0 / 3.0 }
    }
}

impl HrfKernel for FirstOrderVolterra {
    fn sample(&self, times: &[f64]) -> Result<Vec<f64>, ObservationError> {
        check_positive("tau_s (ms)", self.tau_s)?;
        check_positive("tau_f (ms)", self.tau_f)?;
        let (tau_s, tau_f) = (self.tau_s / 1000.0, self.tau_f / 1000.0);
        let square = 1.0 / tau_f - 1.0 / (4.0 * tau_s * tau_s);
        let w = square.abs().sqrt();
        // This is sin(w t)/w, sinh(w t)/w or, between the two, t.
        let wave = |t: f64| match square {
            _ if w * t < 1e-8 => t,
            s if s > 0.0 => (w * t).sin() / w,
            _ => (w * t).sinh() / w,
        };
        Ok(causal(times, |t| self.scaling * (-t / (2.0 * tau_s)).exp() * wave(t)))
    }

    fn is_balloon_response(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_and_the_integral_are_those_of_the_formula() {
        let kernel = FirstOrderVolterra::default();
        let times = (0..40_000).map(f64::from).collect::<Vec<_>>();
        let h = kernel.sample(&times).unwrap();
        let peak = (0..h.len()).max_by(|&a, &b| h[a].total_cmp(&h[b])).unwrap();
        // tan(w t) = 2 tau_s w at the peak.
        let w = (1.0 / 0.4 - 1.0 / (4.0 * 0.64_f64)).sqrt();
        assert!((times[peak] - 1000.0 * (1.6 * w).atan() / w).abs() <= 1.0);
        let integral = h.iter().sum::<f64>() * 1e-3;
        assert!((integral - 0.4 / 3.0).abs() < 1e-6, "{integral}");
    }

    #[test]
    fn overdamped_kernels_continue_damped_ones() {
        let times = [0.0, 500.0, 2000.0, 30_000.0];
        let at = |tau_f: f64| FirstOrderVolterra { tau_f, ..Default::default() }.sample(&times).unwrap();
        // 4 tau_s^2 = 2.56 s^2 separates the two.
        for (((t, below), between), above) in times.iter().zip(at(2559.999)).zip(at(2560.0)).zip(at(2560.001))
        {
            let critical = t / 1000.0 * (-t / 1600.0_f64).exp() / 3.0;
            assert!((below - critical).abs() < 1e-6 && (above - critical).abs() < 1e-6);
            assert!((between - critical).abs() < 1e-12);
        }
    }

    #[test]
    fn nothing_precedes_the_event_and_parameters_are_checked() {
        assert_eq!(FirstOrderVolterra::default().sample(&[-1.0]).unwrap(), [0.0]);
        assert!(FirstOrderVolterra { tau_s: 0.0, ..Default::default() }.sample(&[1.0]).is_err());
    }
}
