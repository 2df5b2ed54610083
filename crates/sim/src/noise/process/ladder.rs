//! Filters that turn white noise into noise with a power-law spectrum.

use ndarray::Array2;

/// The number of poles a decade. They leave a ripple of 1 % in the power.
const PER_DECADE: f64 = 1.5;

/// The factor by which the poles go on beyond the highest frequency, the Nyquist frequency, so that the last ones change nothing below it.
const BEYOND: f64 = 10.0;

/// The squared frequency variable `s^2 = (2 sin(pi f dt))^2` at the Nyquist frequency.
pub(super) const NYQUIST: f64 = 2.0;

/// A chain of sections `(1 - zero B)/(1 - pole B)`, B being the shift by one step: `w_n = pole w_{n-1} + u_n` and
/// `u_n + (pole - zero) w_{n-1}` is what the next section gets.
///
/// The power of a section is `(q^2 + s^2)/(p^2 + s^2)` up to a factor, with `s = 2 sin(pi f dt)`. Poles at equal distances on a
/// logarithmic axis, each with a zero at a fixed part of the way to the next, make a staircase of the slope wanted (Keshner 1982, Proc. IEEE
/// 70:212; Oustaloup et al. 2000, IEEE Trans. Circuits Syst. I 47:25). Seen in `s`, it goes on undisturbed up to the Nyquist frequency.
#[derive(Debug, Clone)]
pub(super) struct Ladder {
    pub sections: Vec<Section>,
}

/// A section of the chain, with one pole and one zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub pole: f64,
    /// The difference `pole - zero`.
    pub gain: f64,
}

impl Ladder {
    /// Designs a filter with a power of `s^-beta` from `lowest`, in units of `s`, to the Nyquist frequency, and a flat one below.
    pub fn new(beta: f64, lowest: f64) -> Self {
        // One staircase reaches a slope of 2.
        let times = (beta.abs() / 2.0).ceil().max(1.0);
        let part = beta.abs() / 2.0 / times;
        let ratio = 10.0_f64.powf(1.0 / PER_DECADE);
        // The middle line of the staircase meets the plateau at `lowest`.
        let first = lowest * ratio.powf((1.0 - part) / 2.0);
        let steps = std::iter::successors(Some(first), |s| Some(s * ratio));
        let mut sections = Vec::new();
        for s in steps.take_while(|s| *s < BEYOND * NYQUIST) {
            let (low, high) = (root(s), root(s * ratio.powf(part)));
            let (pole, zero) = if beta > 0.0 { (low, high) } else { (high, low) };
            let section = Section { pole, gain: pole - zero };
            sections.extend(std::iter::repeat_n(section, times as usize));
        }
        Self { sections }
    }

    /// The stationary covariance P of the states of the sections, driven by white noise of variance 1: the solution of
    /// `P = A P A^T + b b^T`, summed by doubling (Smith 1968, SIAM J. Appl. Math. 16:198).
    pub fn covariance(&self) -> Array2<f64> {
        let n = self.sections.len();
        let mut a = Array2::from_shape_fn((n, n), |(i, j)| match j {
            _ if j < i => self.sections[j].gain,
            _ if j == i => self.sections[j].pole,
            _ => 0.0,
        });
        let mut covariance = Array2::<f64>::ones((n, n));
        // After k rounds the sum has 2^k terms: enough for memories of any length that a number can express.
        for _ in 0..64 {
            let more = a.dot(&covariance).dot(&a.t());
            let largest = (0..n).map(|i| more[[i, i]] / covariance[[i, i]]).fold(0.0, f64::max);
            let converged = largest < f64::EPSILON;
            covariance += &more;
            if converged {
                break;
            }
            a = a.dot(&a);
        }
        covariance
    }

    /// The stationary variance of the filtered noise, from the covariance of the states.
    pub fn variance(&self, covariance: &Array2<f64>) -> f64 {
        let gain = |i: usize| self.sections[i].gain;
        1.0 + covariance.indexed_iter().map(|((i, j), p)| gain(i) * gain(j) * p).sum::<f64>()
    }

    /// The power at `s`, for white noise of power 1.
    #[cfg(test)]
    pub fn power(&self, s: f64) -> f64 {
        let one = |root: f64| (1.0 - root).powi(2) + root * s * s;
        self.sections.iter().map(|section| one(section.pole - section.gain) / one(section.pole)).product()
    }
}

/// The root `a` for which `|1 - a exp(-2 pi i f dt)|^2 = a (c^2 + s^2)`: `(1 - a)^2 = a c^2`, the one below 1.
fn root(c: f64) -> f64 {
    1.0 / (1.0 + c * c / 2.0 + c * (1.0 + c * c / 4.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fits a power law on frequencies evenly spaced in the logarithm: returns its exponent and the largest deviation from it.
    fn fit(ladder: &Ladder, from: f64) -> (f64, f64) {
        let count = 400;
        let points: Vec<(f64, f64)> = (0..=count)
            .map(|i| from * (NYQUIST / from).powf(f64::from(i) / f64::from(count)))
            .map(|s| (s.ln(), ladder.power(s).ln()))
            .collect();
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
        let (x, y) = (mean(&|p| p.0), mean(&|p| p.1));
        let slope = mean(&|p| (p.0 - x) * (p.1 - y)) / mean(&|p| (p.0 - x).powi(2));
        let worst = points.iter().map(|p| (p.1 - y - slope * (p.0 - x)).abs()).fold(0.0, f64::max);
        (slope, worst)
    }

    #[test]
    fn the_power_follows_the_law_from_ten_times_the_lowest_frequency_to_nyquist() {
        for beta in [-4.0, -3.0, -2.0, -1.5, -1.0, -0.5, 0.3, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0] {
            for lowest in [1e-5, 3e-3] {
                let (slope, worst) = fit(&Ladder::new(beta, lowest), 10.0 * lowest);
                let times = (f64::abs(beta) / 2.0).ceil();
                assert!((slope + beta).abs() < 0.005 * times, "{beta}: slope {slope}");
                assert!(worst < 0.012 * times, "{beta}: {worst} off");
            }
        }
    }

    #[test]
    fn the_plateau_meets_the_law_at_the_lowest_frequency() {
        for beta in [-2.0_f64, -0.7, 0.5, 1.0, 2.0, 3.5] {
            let (ladder, lowest) = (Ladder::new(beta, 1e-4), 1e-4_f64);
            let s = 0.1;
            let expected = (s / lowest).powf(-beta);
            let found = ladder.power(s) / ladder.power(1e-8);
            assert!(
                (found / expected).ln().abs() < 0.02 * beta.abs().max(1.0),
                "{beta}: {found}, {expected}"
            );
        }
    }

    #[test]
    fn the_variance_is_the_integral_of_the_power() {
        for (beta, lowest) in [(1.0, 1e-3), (-1.0, 1e-2), (2.0, 1e-2), (3.0, 2e-2)] {
            let ladder = Ladder::new(beta, lowest);
            // The trapezoid on a periodic function converges faster than any power.
            let count = 200_000;
            let power =
                |i: i32| ladder.power(2.0 * (std::f64::consts::PI * f64::from(i) / f64::from(count)).sin());
            let integral = (0..count).map(power).sum::<f64>() / f64::from(count);
            let found = ladder.variance(&ladder.covariance());
            assert!((found / integral - 1.0).abs() < 1e-9, "{beta}: {found}, {integral}");
        }
    }
}
