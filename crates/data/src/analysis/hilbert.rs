//! The analytic signal: envelope and phase of an oscillation.

use ndarray::{Array1, Array2, ArrayView2, Zip};
use realfft::num_complex::Complex64;

use super::error::{AnalysisError, check_length};
use super::fourier::{Transforms, transforms};

/// A signal and its Hilbert transform, `x + i H(x)`; both of shape (time, region).
#[derive(Debug, Clone, PartialEq)]
pub struct AnalyticSignal {
    /// The signal itself.
    pub real: Array2<f64>,
    /// Its Hilbert transform.
    pub imaginary: Array2<f64>,
}

impl AnalyticSignal {
    /// Returns the instantaneous amplitude, shape (time, region), in the unit of the signal.
    pub fn envelope(&self) -> Array2<f64> {
        Zip::from(&self.real).and(&self.imaginary).map_collect(|&re, &im| re.hypot(im))
    }

    /// Returns the instantaneous phase, shape (time, region), in radians from -pi to pi; 0 is a crest.
    pub fn phase(&self) -> Array2<f64> {
        Zip::from(&self.real).and(&self.imaginary).map_collect(|&re, &im| im.atan2(re))
    }

    /// Returns the Kuramoto order parameter of the phases at each time, as [`kuramoto_order`](super::kuramoto_order) of [`phase`](Self::phase) does
    /// to rounding, without computing an angle.
    ///
    /// # Errors
    /// No region.
    pub fn order(&self) -> Result<Array1<f64>, AnalysisError> {
        let regions = self.real.ncols();
        if regions == 0 {
            return Err(AnalysisError::TooFewRegions { purpose: "an order parameter", needed: 1, given: 0 });
        }
        let rows = self.real.rows().into_iter().zip(self.imaginary.rows());
        let order = rows.map(|(real, imaginary)| {
            let (mut along, mut across) = (0.0, 0.0);
            for (re, im) in real.iter().zip(imaginary) {
                let (cos, sin) = direction(*re, *im);
                along += cos;
                across += sin;
            }
            f64::hypot(along, across) / regions as f64
        });
        Ok(order.collect())
    }
}

/// The cosine and sine of the phase of a complex number; that of 0 is 0.
fn direction(re: f64, im: f64) -> (f64, f64) {
    let square = re * re + im * im;
    // Squares of what is very small or very large are no numbers to divide by.
    let length = if square.is_normal() { square.sqrt() } else { re.hypot(im) };
    if length > 0.0 { (re / length, im / length) } else { (1.0, 0.0) }
}

/// Computes the analytic signal of each channel of a signal of shape (time, region) by the discrete Fourier transform
/// (Marple 1999, IEEE Trans. Signal Process. 47:2600), as `scipy.signal.hilbert` does.
///
/// The transform takes the signal as periodic: near the two ends it is distorted. Phase and envelope mean something
/// for a narrow band only; see [`band_pass`](super::band_pass). The mean belongs to no oscillation and should be taken
/// out first.
///
/// # Errors
/// A sample that is not finite; no sample.
pub fn analytic_signal(signal: ArrayView2<f64>) -> Result<AnalyticSignal, AnalysisError> {
    check_length(signal, "an analytic signal", 1)?;
    let samples = signal.nrows();
    let Transforms { forward, backward } = transforms(samples);
    let mut spectrum = forward.make_output_vec();
    let mut imaginary = Array2::zeros(signal.raw_dim());
    for (channel, mut out) in signal.columns().into_iter().zip(imaginary.columns_mut()) {
        let mut buffer = channel.to_vec();
        let fits = "the buffers were made by the plans";
        forward.process(&mut buffer, &mut spectrum).expect(fits);
        // H multiplies positive frequencies by -i; the mean and, for an even length, the last bin have none.
        spectrum.iter_mut().for_each(|bin| *bin = Complex64::new(bin.im, -bin.re));
        spectrum[0] = Complex64::ZERO;
        if samples.is_multiple_of(2) {
            spectrum[samples / 2] = Complex64::ZERO;
        }
        backward.process(&mut spectrum, &mut buffer).expect(fits);
        out.assign(&(Array1::from(buffer) / samples as f64));
    }
    Ok(AnalyticSignal { real: signal.to_owned(), imaginary })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::kuramoto_order;
    use crate::analysis::testing::{assert_close, signal};
    use ndarray::array;
    use std::f64::consts::TAU;

    #[test]
    fn a_modulated_cosine_gives_back_its_envelope_and_phase() {
        let n = 400;
        let x = Array2::from_shape_fn((n, 1), |(t, _)| {
            let s = t as f64 / n as f64;
            (1.0 + 0.3 * (TAU * 3.0 * s).cos()) * (TAU * 40.0 * s + 0.4).cos()
        });
        let analytic = analytic_signal(x.view()).unwrap();
        let (envelope, phase) = (analytic.envelope(), analytic.phase());
        for t in 0..n {
            let s = t as f64 / n as f64;
            assert_close(envelope[[t, 0]], 1.0 + 0.3 * (TAU * 3.0 * s).cos(), 1e-12);
            let difference = phase[[t, 0]] - (TAU * 40.0 * s + 0.4);
            assert!((difference / TAU - (difference / TAU).round()).abs() < 1e-12);
        }
    }

    #[test]
    fn the_order_of_an_analytic_signal_is_that_of_its_phases() {
        let near = |analytic: &AnalyticSignal| {
            let expected = kuramoto_order(analytic.phase().view()).unwrap();
            let found = analytic.order().unwrap();
            assert!((found - expected).iter().all(|apart| apart.abs() < 1e-12));
        };
        let analytic = analytic_signal(signal(200, 7).view()).unwrap();
        near(&analytic);
        for scale in [1e-170, 1e170] {
            near(&AnalyticSignal { real: &analytic.real * scale, imaginary: &analytic.imaginary * scale });
        }
        // What is silent has the phase 0.
        let silent = AnalyticSignal { real: array![[0.0, -3.0]], imaginary: array![[0.0, 0.0]] };
        assert_eq!(silent.order().unwrap(), array![0.0]);
        let none = AnalyticSignal { real: Array2::zeros((3, 0)), imaginary: Array2::zeros((3, 0)) };
        assert!(none.order().is_err());
    }

    /// `scipy.signal.hilbert(x, axis=0).imag` of scipy 1.17.1 on the test signal, an even and an odd length.
    #[test]
    fn the_transform_equals_scipy_for_even_and_odd_lengths() {
        let even = analytic_signal(signal(64, 2).view()).unwrap().imaginary;
        assert_close(even[[10, 0]], 1.5402597343204947, 1e-13);
        assert_close(even[[63, 1]], 0.49792953057650563, 1e-13);
        let odd = analytic_signal(signal(63, 2).view()).unwrap().imaginary;
        assert_close(odd[[10, 0]], 1.5992841248901075, 1e-13);
        assert_close(odd[[0, 1]], 0.29235528462153254, 1e-13);
    }
}
