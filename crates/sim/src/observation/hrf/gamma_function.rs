//! Euler's gamma function.

use std::f64::consts::TAU;

/// Computes `Gamma(x)` for `x >= 1`, to about 1e-14 relative: by Stirling's series at an argument raised above 20 with
/// `Gamma(x + 1) = x Gamma(x)`.
pub(super) fn gamma_function(x: f64) -> f64 {
    let (mut lowered, mut high) = (1.0, x);
    while high < 20.0 {
        lowered *= high;
        high += 1.0;
    }
    // Stirling's series is 1/(12 z) - 1/(360 z^3) + 1/(1260 z^5) - 1/(1680 z^7) + 1/(1188 z^9)
    let s = 1.0 / (high * high);
    let series = 1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s / 1188.0)));
    let log = (high - 0.5) * high.ln() - high + 0.5 * TAU.ln() + series / high;
    log.exp() / lowered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_give_factorials_and_halves_the_root_of_pi() {
        let mut factorial = 1.0;
        for n in 1..=20 {
            assert!((gamma_function(f64::from(n)) / factorial - 1.0).abs() < 2e-14, "{n}");
            factorial *= f64::from(n);
        }
        let three_halves = std::f64::consts::PI.sqrt() / 2.0;
        assert!((gamma_function(1.5) / three_halves - 1.0).abs() < 2e-14);
    }

    /// The expected values are those of `scipy.special.gamma` of scipy 1.17.1.
    #[test]
    fn other_arguments_equal_scipy() {
        for (x, expected) in
            [(5.787615, 83.87107728195384), (13.90531, 4868375994.263007), (40.25, 5.117762131845141e+46)]
        {
            assert!((gamma_function(x) / expected - 1.0).abs() < 5e-14, "{x}");
        }
    }
}
