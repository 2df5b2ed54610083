//! Butterworth filters as second-order sections.

use std::f64::consts::PI;

use realfft::num_complex::Complex64;

use super::error::{AnalysisError, check_positive};

/// The frequencies that a filter lets through, in Hz.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Band {
    /// Frequencies from 0 to this one.
    LowPass(f64),
    /// Frequencies from this one on.
    HighPass(f64),
    /// Frequencies between the two.
    BandPass(f64, f64),
}

/// A second-order section, `(b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Biquad {
    /// `b0, b1, b2`.
    pub numerator: [f64; 3],
    /// `a1, a2`.
    pub denominator: [f64; 2],
}

/// Designs a digital Butterworth filter of the given order for samples `dt` ms apart, as `scipy.signal.butter` does:
/// from the analog prototype, moved to the band with prewarped edges, by the bilinear transform. A band-pass has twice
/// the order, as there. At the edges the power is halved.
///
/// Sections come with the poles nearest to the origin first, so that resonant ones see a signal already cut down.
///
/// # Errors
/// An order of 0; edges that do not rise from above 0 to below half the sampling frequency; a `dt` that is not
/// positive.
pub fn butterworth(order: usize, band: Band, dt: f64) -> Result<Vec<Biquad>, AnalysisError> {
    check_positive("the sampling interval (ms)", dt)?;
    if order == 0 {
        return Err(AnalysisError::Setting { name: "the filter order", value: 0.0, expected: "at least 1" });
    }
    let warp = |edge: f64| {
        let nyquist = 500.0 / dt;
        if edge > 0.0 && edge < nyquist {
            Ok(4.0 * (PI * edge / (2.0 * nyquist)).tan())
        } else {
            let expected = "above 0 and below half the sampling frequency";
            Err(AnalysisError::Setting { name: "the edge of the band (Hz)", value: edge, expected })
        }
    };
    let prototype = (0..order).map(|k| {
        let angle = PI * (2 * k + 1) as f64 / (2 * order) as f64;
        Complex64::new(-angle.sin(), angle.cos())
    });
    // Analog poles, how many zeros lie at 0 (the others at infinity), and the analog gain.
    let (analog, zeros_at_0, gain) = match band {
        Band::LowPass(edge) => {
            let cutoff = warp(edge)?;
            (prototype.map(|p| p * cutoff).collect::<Vec<_>>(), 0, cutoff.powi(order as i32))
        }
        Band::HighPass(edge) => {
            let cutoff = warp(edge)?;
            (prototype.map(|p| cutoff / p).collect(), order, 1.0)
        }
        Band::BandPass(low, high) => {
            if low >= high {
                let (name, expected) = ("the lower edge of the band (Hz)", "below the upper one");
                return Err(AnalysisError::Setting { name, value: low, expected });
            }
            let (low, high) = (warp(low)?, warp(high)?);
            let (width, centre) = (high - low, low * high);
            let pair = |p: Complex64| {
                let middle = p * (0.5 * width);
                let apart = (middle * middle - centre).sqrt();
                [middle + apart, middle - apart]
            };
            (prototype.flat_map(pair).collect(), order, width.powi(order as i32))
        }
    };
    Ok(sections(&analog, zeros_at_0, gain))
}

/// Maps an analog filter to the unit circle and groups its poles and zeros into real sections.
fn sections(analog: &[Complex64], zeros_at_0: usize, gain: f64) -> Vec<Biquad> {
    const BILINEAR: f64 = 4.0;
    let poles = analog.iter().map(|p| (BILINEAR + p) / (BILINEAR - p)).collect::<Vec<_>>();
    let shrink = analog.iter().map(|p| BILINEAR - p).product::<Complex64>().re;
    let gain = gain * BILINEAR.powi(zeros_at_0 as i32) / shrink;

    // A pole of a conjugate pair stands for both; what rounding leaves on the real axis is real.
    let real = |p: &Complex64| p.im.abs() < 1e-12;
    let mut sections = poles.iter().filter(|p| !real(p) && p.im > 0.0).map(|p| [-2.0 * p.re, p.norm_sqr()]);
    let mut denominators = sections.by_ref().collect::<Vec<_>>();
    let mut alone = poles.iter().filter(|p| real(p)).map(|p| p.re).collect::<Vec<_>>();
    alone.sort_by(f64::total_cmp);
    denominators.extend(alone.chunks(2).map(|pair| match *pair {
        [p, q] => [-(p + q), p * q],
        _ => [-pair[0], 0.0],
    }));
    denominators.sort_by(|[_, p], [_, q]| p.abs().total_cmp(&q.abs()));

    // Zeros at 0 go to z = 1, those at infinity to z = -1; a band-pass section gets one of each.
    let mut at_one = zeros_at_0;
    let mut at_minus_one = analog.len() - zeros_at_0;
    let mut take = |section: &[f64; 2]| -> [f64; 3] {
        let first_order = section[1] == 0.0;
        if at_one > 0 && at_minus_one > 0 {
            at_one -= 1;
            at_minus_one -= 1;
            return [1.0, 0.0, -1.0];
        }
        let sign = if at_one > 0 { -1.0 } else { 1.0 };
        if first_order { [1.0, sign, 0.0] } else { [1.0, 2.0 * sign, 1.0] }
    };
    let mut filter = denominators
        .iter()
        .map(|section| Biquad { numerator: take(section), denominator: *section })
        .collect::<Vec<_>>();
    filter[0].numerator = filter[0].numerator.map(|b| b * gain);
    filter
}

impl Biquad {
    /// Returns the response at `frequency` cycles per sample.
    #[cfg(test)]
    fn response(&self, frequency: f64) -> Complex64 {
        let back = Complex64::from_polar(1.0, -2.0 * PI * frequency);
        let [b0, b1, b2] = self.numerator;
        let [a1, a2] = self.denominator;
        (b0 + back * (b1 + back * b2)) / (1.0 + back * (a1 + back * a2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::assert_close;

    fn power(filter: &[Biquad], hz: f64, dt: f64) -> f64 {
        filter.iter().map(|section| section.response(hz * dt / 1000.0).norm_sqr()).product()
    }

    #[test]
    fn the_power_is_halved_at_the_edges_and_one_inside() {
        for order in 1..=6 {
            let band = butterworth(order, Band::BandPass(8.0, 12.0), 2.0).unwrap();
            assert_eq!(band.len(), order);
            assert_close(power(&band, 8.0, 2.0), 0.5, 1e-9);
            assert_close(power(&band, 12.0, 2.0), 0.5, 1e-9);
            let low = butterworth(order, Band::LowPass(30.0), 2.0).unwrap();
            assert_eq!(low.len(), order.div_ceil(2));
            assert_close(power(&low, 0.0, 2.0), 1.0, 1e-12);
            assert_close(power(&low, 30.0, 2.0), 0.5, 1e-12);
            let high = butterworth(order, Band::HighPass(30.0), 2.0).unwrap();
            assert_close(power(&high, 250.0, 2.0), 1.0, 1e-12);
            assert_close(power(&high, 30.0, 2.0), 0.5, 1e-12);
        }
    }

    #[test]
    fn the_low_pass_follows_the_butterworth_law() {
        // |H|^2 = 1 / (1 + (w/wc)^(2n)) in prewarped frequencies.
        let warp = |hz: f64| (PI * hz / 500.0).tan();
        let filter = butterworth(3, Band::LowPass(40.0), 2.0).unwrap();
        for hz in [10.0, 60.0, 120.0] {
            let law = 1.0 / (1.0 + (warp(hz) / warp(40.0)).powi(6));
            assert_close(power(&filter, hz, 2.0), law, 1e-12);
        }
    }

    #[test]
    fn a_very_wide_band_has_real_poles_and_still_fits() {
        let filter = butterworth(1, Band::BandPass(1.0, 200.0), 2.0).unwrap();
        assert_close(power(&filter, 1.0, 2.0), 0.5, 1e-12);
        assert_close(power(&filter, 200.0, 2.0), 0.5, 1e-12);
    }

    #[test]
    fn edges_outside_the_spectrum_are_errors() {
        assert!(butterworth(2, Band::LowPass(250.0), 2.0).is_err());
        assert!(butterworth(2, Band::BandPass(12.0, 8.0), 2.0).is_err());
        assert!(butterworth(2, Band::HighPass(0.0), 2.0).is_err());
        assert!(butterworth(0, Band::LowPass(10.0), 2.0).is_err());
    }
}
