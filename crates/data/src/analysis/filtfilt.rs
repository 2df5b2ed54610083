//! Filtering without a shift of phase.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::butterworth::{Band, Biquad, butterworth};
use super::error::{AnalysisError, check_length};

/// Keeps the part of each channel between `low` and `high` Hz: a Butterworth band-pass of the given order, run forth
/// and back. `signal` has shape (time, region), sampled every `dt` ms.
///
/// # Errors
/// As [`butterworth`] and [`filtfilt`].
pub fn band_pass(
    signal: ArrayView2<f64>,
    low: f64,
    high: f64,
    order: usize,
    dt: f64,
) -> Result<Array2<f64>, AnalysisError> {
    filtfilt(signal, &butterworth(order, Band::BandPass(low, high), dt)?)
}

/// Runs a filter over each channel of a signal of shape (time, region) forth and back, as `scipy.signal.sosfiltfilt`
/// does: the phase is left alone and the gain applied twice (Gustafsson 1996).
///
/// The signal is continued at both ends by its point reflection, over three times the filter's length, and the filter
/// starts as if the first value had always been there.
///
/// # Errors
/// A sample that is not finite; no more samples than the continuation needs; a filter without sections.
pub fn filtfilt(signal: ArrayView2<f64>, filter: &[Biquad]) -> Result<Array2<f64>, AnalysisError> {
    if filter.is_empty() {
        let (name, expected) = ("the number of filter sections", "at least 1");
        return Err(AnalysisError::Setting { name, value: 0.0, expected });
    }
    let vanishing = |of: fn(&Biquad) -> f64| filter.iter().filter(|section| of(section) == 0.0).count();
    let spare = vanishing(|section| section.numerator[2]).min(vanishing(|section| section.denominator[1]));
    let padding = 3 * (2 * filter.len() + 1 - spare);
    check_length(signal, "a filter forth and back", padding + 1)?;

    let mut out = Array2::zeros(signal.raw_dim());
    for (channel, mut out) in signal.columns().into_iter().zip(out.columns_mut()) {
        let mut extended = extend(channel, padding);
        run(filter, &mut extended);
        extended.reverse();
        run(filter, &mut extended);
        extended.reverse();
        out.iter_mut().zip(&extended[padding..]).for_each(|(out, &value)| *out = value);
    }
    Ok(out)
}

/// Continues a channel by `padding` samples at either end, reflected through its end points.
fn extend(channel: ArrayView1<f64>, padding: usize) -> Vec<f64> {
    let last = channel.len() - 1;
    let before = (1..=padding).rev().map(|k| 2.0 * channel[0] - channel[k]);
    let after = (1..=padding).map(|k| 2.0 * channel[last] - channel[last - k]);
    before.chain(channel.iter().copied()).chain(after).collect()
}

/// Runs the sections one after the other, in place, each from the state it would have if the first value had been
/// coming in for ever (transposed direct form II).
fn run(filter: &[Biquad], samples: &mut [f64]) {
    for section in filter {
        let [b0, b1, b2] = section.numerator;
        let [a1, a2] = section.denominator;
        let at_rest = (b0 + b1 + b2) / (1.0 + a1 + a2);
        let second = b2 - a2 * at_rest;
        let first = b1 - a1 * at_rest + second;
        let (mut z1, mut z2) = (first * samples[0], second * samples[0]);
        for sample in &mut *samples {
            let x = *sample;
            let y = b0 * x + z1;
            z1 = b1 * x - a1 * y + z2;
            z2 = b2 * x - a2 * y;
            *sample = y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};
    use std::f64::consts::TAU;

    /// `sos = scipy.signal.butter(N, edges, btype, fs=500, output='sos'); scipy.signal.sosfiltfilt(sos, x, axis=0)` of
    /// scipy 1.17.1 on the test signal (150 samples, 2 regions).
    #[test]
    fn forth_and_back_equals_scipy() {
        let x = signal(150, 2);
        for (order, band, facts) in [
            (
                3,
                Band::BandPass(15.0, 40.0),
                [
                    ([0, 0], 0.05858723924929732),
                    ([75, 1], -0.5734404944511149),
                    ([149, 0], 0.026914343183282008),
                ],
            ),
            (
                2,
                Band::LowPass(30.0),
                [
                    ([0, 0], 0.02988327530893191),
                    ([75, 1], -0.8700985502224193),
                    ([149, 0], 0.2492599492606792),
                ],
            ),
            (
                3,
                Band::HighPass(20.0),
                [
                    ([0, 0], -0.03262378349011297),
                    ([75, 1], -0.6900259488072307),
                    ([149, 0], 0.02790801446076674),
                ],
            ),
        ] {
            let y = filtfilt(x.view(), &butterworth(order, band, 2.0).unwrap()).unwrap();
            for (index, expected) in facts {
                assert_close(y[index], expected, 1e-11);
            }
        }
    }

    #[test]
    fn a_rhythm_inside_the_band_keeps_its_phase() {
        let x = Array2::from_shape_fn((3000, 1), |(t, _)| (TAU * 0.02 * t as f64).sin());
        let y = band_pass(x.view(), 5.0, 20.0, 4, 2.0).unwrap();
        for t in 1000..2000 {
            assert_close(y[[t, 0]], x[[t, 0]], 1e-3);
        }
    }

    #[test]
    fn a_signal_shorter_than_the_continuation_is_an_error() {
        let filter = butterworth(3, Band::BandPass(15.0, 40.0), 2.0).unwrap();
        let error = filtfilt(signal(21, 1).view(), &filter).unwrap_err();
        assert_eq!(error.to_string(), "a filter forth and back needs at least 22 samples, the signal has 21");
        assert!(filtfilt(signal(22, 1).view(), &filter).is_ok());
    }
}
