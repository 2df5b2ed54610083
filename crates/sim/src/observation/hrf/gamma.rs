//! The gamma kernel.

use super::kernel::{HrfKernel, causal, scale_peak};
use crate::observation::error::{ObservationError, check_positive};

/// A gamma function, `(t/tau)^(n-1) exp(-t/tau)`, scaled to height `a` among the times asked for (Boynton et al. 1996,
/// J. Neurosci. 16:4207). It peaks at `(n - 1) tau`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    /// The time constant, in ms.
    pub tau: f64,
    /// The phase delay, at least 1.
    pub n: f64,
    /// The height of the peak.
    pub a: f64,
}

impl Default for Gamma {
    fn default() -> Self {
        Self { tau: 1080.0, n: 3.0, a: 0.1 }
    }
}

impl HrfKernel for Gamma {
    fn sample(&self, times: &[f64]) -> Result<Vec<f64>, ObservationError> {
        check_positive("tau (ms)", self.tau)?;
        if self.n.is_nan() || self.n < 1.0 {
            return Err(ObservationError::Setting { name: "n", value: self.n, expected: "at least 1" });
        }
        let response = causal(times, |t| {
            let t = t / (self.tau / 1000.0);
            t.powf(self.n - 1.0) * (-t).exp()
        });
        Ok(scale_peak(response, self.a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_has_height_a_at_n_minus_one_time_constants() {
        let times = (0..20_000).map(f64::from).collect::<Vec<_>>();
        let h = Gamma::default().sample(&times).unwrap();
        let peak = (0..h.len()).max_by(|&a, &b| h[a].total_cmp(&h[b])).unwrap();
        assert_eq!(times[peak], 2160.0);
        assert_eq!(h[peak], 0.1);
    }

    #[test]
    fn n_below_one_is_an_error() {
        assert!(Gamma { n: 0.5, ..Default::default() }.sample(&[0.0]).is_err());
        assert!(Gamma { n: f64::NAN, ..Default::default() }.sample(&[0.0]).is_err());
    }
}
