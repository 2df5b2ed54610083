//! The kernel with an undershoot.

use super::gamma_function::gamma_function;
use super::kernel::{HrfKernel, causal};
use crate::observation::error::{ObservationError, check_positive};

/// A gamma function for the response less one for its undershoot,
/// `(l t)^(a_1-1) exp(-l t)/Gamma(a_1) - c (l t)^(a_2-1) exp(-l t)/Gamma(a_2)` (Glover 1999, NeuroImage 9:416).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixtureOfGammas {
    /// The shape of the response, at least 1.
    pub a_1: f64,
    /// The shape of the undershoot, at least 1.
    pub a_2: f64,
    /// The rate, in Hz.
    pub l: f64,
    /// The size of the undershoot relative to the response.
    pub c: f64,
}

impl Default for MixtureOfGammas {
    fn default() -> Self {
        Self { a_1: 6.0, a_2: 13.0, l: 1.0, c: 0.4 }
    }
}

impl HrfKernel for MixtureOfGammas {
    fn sample(&self, times: &[f64]) -> Result<Vec<f64>, ObservationError> {
        check_positive("l (Hz)", self.l)?;
        for (name, value) in [("a_1", self.a_1), ("a_2", self.a_2)] {
            if !(1.0..=100.0).contains(&value) {
                return Err(ObservationError::Setting { name, value, expected: "between 1 and 100" });
            }
        }
        let (norm_1, norm_2) = (gamma_function(self.a_1), gamma_function(self.a_2));
        Ok(causal(times, |t| {
            let t = self.l * t;
            let (response, undershoot) = (t.powf(self.a_1 - 1.0) / norm_1, t.powf(self.a_2 - 1.0) / norm_2);
            (-t).exp() * (response - self.c * undershoot)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_integral_is_that_of_two_gamma_densities() {
        let times = (0..100_000).step_by(10).map(f64::from).collect::<Vec<_>>();
        let kernel = MixtureOfGammas { a_1: 5.5, l: 0.8, ..Default::default() };
        let integral = kernel.sample(&times).unwrap().iter().sum::<f64>() * 0.01;
        assert!((integral - (1.0 - 0.4) / 0.8).abs() < 1e-9, "{integral}");
    }

    #[test]
    fn shapes_are_checked() {
        assert!(MixtureOfGammas { a_2: 0.2, ..Default::default() }.sample(&[0.0]).is_err());
        assert!(MixtureOfGammas { a_1: f64::NAN, ..Default::default() }.sample(&[0.0]).is_err());
    }
}
