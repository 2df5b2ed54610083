//! Power spectra.

use std::f64::consts::{LN_2, TAU};
use std::ops::RangeInclusive;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};

use super::channels::varies;
use super::detrend::{Trend, detrend};
use super::error::{AnalysisError, check_positive, check_signal};
use super::fourier::transforms;
use super::windows::Windows;

/// Welch's estimate of the power spectral density (Welch 1967, IEEE Trans. Audio Electroacoust. 15:70).
///
/// It is the mean over half-overlapping segments of their periodograms under a Hann window, each without its mean, as
/// by default in `scipy.signal.welch`.
///
/// ```
/// use brainmass::analysis::Welch;
/// use ndarray::Array2;
///
/// // A sine of 10 Hz, sampled every millisecond for 4 s.
/// let signal = Array2::from_shape_fn((4000, 1), |(t, _)| (0.01 * std::f64::consts::TAU * t as f64).sin());
/// let spectrum = Welch::new(1000).estimate(signal.view(), 1.0)?;
/// assert_eq!(spectrum.peak_frequency(1.0..=100.0)?, [10.0]);
/// # Ok::<(), brainmass::analysis::AnalysisError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Welch {
    segment: usize,
    overlap: usize,
    trend: Trend,
}

impl Welch {
    /// Creates an estimate from segments of `segment` samples, whose frequency resolution is `1/(segment dt)`.
    pub fn new(segment: usize) -> Self {
        Self { segment, overlap: segment / 2, trend: Trend::Constant }
    }

    /// Sets the number of samples that neighbouring segments share.
    pub fn overlap(mut self, overlap: usize) -> Self {
        self.overlap = overlap;
        self
    }

    /// Sets the trend that is taken out of each segment.
    pub fn trend(mut self, trend: Trend) -> Self {
        self.trend = trend;
        self
    }

    /// Returns the spectrum of each channel of a signal of shape (time, region), sampled every `dt` ms. A segment that
    /// does not vary adds no power, unless its mean is kept.
    ///
    /// # Errors
    /// A sample that is not finite; a signal shorter than a segment; an overlap that is not smaller than the segment;
    /// a segment below 2 samples; a `dt` that is not positive.
    pub fn estimate(&self, signal: ArrayView2<f64>, dt: f64) -> Result<PowerSpectrum, AnalysisError> {
        check_positive("the sampling interval (ms)", dt)?;
        check_signal(signal)?;
        if self.overlap >= self.segment {
            let (name, value, expected) = ("the overlap", self.overlap as f64, "smaller than the segment");
            return Err(AnalysisError::Setting { name, value, expected });
        }
        let windows = Windows::new(self.segment, self.segment - self.overlap)?;
        let starts = windows.starts(signal.nrows(), "a spectrum", 1)?.collect::<Vec<_>>();

        let n = self.segment;
        let hann = (0..n).map(|t| 0.5 - 0.5 * (TAU * t as f64 / n as f64).cos()).collect::<Vec<_>>();
        let sampling_hz = 1000.0 / dt;
        let scale = 1.0 / (sampling_hz * hann.iter().map(|w| w * w).sum::<f64>() * starts.len() as f64);
        let transform = transforms(n).forward;
        let (mut buffer, mut bins) = (transform.make_input_vec(), transform.make_output_vec());
        let mut power = Array2::zeros((bins.len(), signal.ncols()));
        for &start in &starts {
            let raw = signal.slice(s![start..start + n, ..]);
            let segment = detrend(raw, self.trend)?;
            let channels = segment.columns().into_iter().zip(raw.columns()).zip(power.columns_mut());
            for ((channel, raw), mut power) in channels {
                // Without its mean, a segment that does not vary is rounding, which has no spectrum.
                if self.trend != Trend::None && !varies(raw) {
                    continue;
                }
                for ((slot, x), w) in buffer.iter_mut().zip(channel).zip(&hann) {
                    *slot = x * w;
                }
                transform.process(&mut buffer, &mut bins).expect("the buffers were made by the plan");
                for (k, (sum, bin)) in power.iter_mut().zip(&bins).enumerate() {
                    // One-sided: all but the mean and the last bin of an even length stand for two frequencies.
                    let sides = if k == 0 || 2 * k == n { 1.0 } else { 2.0 };
                    *sum += sides * scale * bin.norm_sqr();
                }
            }
        }
        let frequency = Array1::from_shape_fn(power.nrows(), |k| k as f64 * sampling_hz / n as f64);
        Ok(PowerSpectrum { frequency, power })
    }
}

/// A one-sided power spectral density.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerSpectrum {
    /// The frequencies, in Hz, from 0 to half the sampling frequency.
    pub frequency: Array1<f64>,
    /// The density in (unit of the signal)^2/Hz, shape (frequency, region): its integral over frequency is the
    /// variance.
    pub power: Array2<f64>,
}

impl PowerSpectrum {
    /// Returns the frequency, in Hz, at which each region has most power within `band` (in Hz); the first, if several,
    /// and NaN for a region that has no power there.
    ///
    /// # Errors
    /// A band that holds none of the frequencies.
    pub fn peak_frequency(&self, band: RangeInclusive<f64>) -> Result<Vec<f64>, AnalysisError> {
        let inside =
            (0..self.frequency.len()).filter(|&k| band.contains(&self.frequency[k])).collect::<Vec<_>>();
        let Some(&first) = inside.first() else {
            let (name, expected) = ("the upper end of the band (Hz)", "above some frequency of the spectrum");
            return Err(AnalysisError::Setting { name, value: *band.end(), expected });
        };
        let peak = |column: ArrayView1<f64>| {
            inside.iter().fold(first, |best, &k| if column[k] > column[best] { k } else { best })
        };
        let frequency = |column: ArrayView1<f64>| {
            let peak = peak(column);
            if column[peak] > 0.0 { self.frequency[peak] } else { f64::NAN }
        };
        Ok(self.power.columns().into_iter().map(frequency).collect())
    }

    /// Returns the frequency, in Hz, at the top of the peak of a region around one of the spectrum's frequencies, as the vertex of the parabola
    /// through the logarithms of three neighbouring powers. It is closer than half the distance of two frequencies to that of an oscillation that
    /// lies between them. At either end of the spectrum, it is the frequency itself.
    ///
    /// ```
    /// use brainmass::analysis::{Trend, Welch};
    /// use ndarray::Array2;
    ///
    /// // 10.13 Hz over 2.5 s, sampled each ms: the spectrum's frequencies are 0.4 Hz apart.
    /// let signal = Array2::from_shape_fn((2500, 1), |(t, _)| (std::f64::consts::TAU * 0.01013 * t as f64).sin());
    /// let spectrum = Welch::new(2500).trend(Trend::Linear).estimate(signal.view(), 1.0)?;
    /// let top = spectrum.vertex(0, 25);
    /// assert!((top - 10.13).abs() < 0.02);
    /// # Ok::<(), brainmass::analysis::AnalysisError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// There is no such region or frequency.
    pub fn vertex(&self, region: usize, index: usize) -> f64 {
        let power = self.power.column(region);
        if index == 0 || index + 1 >= power.len() {
            return self.frequency[index];
        }
        let [a, b, c] = [index - 1, index, index + 1].map(|index| power[index].max(f64::MIN_POSITIVE).ln());
        let curvature = a - 2.0 * b + c;
        let shift = if curvature < 0.0 { (0.5 * (a - c) / curvature).clamp(-0.5, 0.5) } else { 0.0 };
        self.frequency[index] + shift * (self.frequency[index + 1] - self.frequency[index])
    }

    /// Returns the frequency, in Hz, of the largest peak of each region within `band` (in Hz), and `None` for a region that has none there.
    ///
    /// A peak is a local maximum of the density, averaged over `2 r + 1` bins with `r` an eighth of its bin and 2 at least, that rises
    /// `1 + 6/sqrt(2 r + 1)` times, twice at least, above what noise has on either side of it: the median of a third to three quarters of its
    /// frequency, and of four thirds to three times of it, over ln 2, which is the median of a periodogram of noise over its mean. So noise has
    /// no peak, whether white or falling off with frequency, in 1 of 10 spectra of one segment at most and in none of several; nor have drift
    /// and what makes fewer than three cycles in a segment.
    ///
    /// # Errors
    /// A band that holds none of the frequencies.
    pub fn peaks(&self, band: RangeInclusive<f64>) -> Result<Vec<Option<f64>>, AnalysisError> {
        // Finds whether the band holds a frequency.
        self.peak_frequency(band.clone())?;
        let inside = |k: usize| k >= LEAST_CYCLES && band.contains(&self.frequency[k]);
        let of_region = |power: ArrayView1<f64>| {
            let smooth = smoothed(power);
            let tops = (0..power.len()).filter(|&k| inside(k) && is_peak(power, &smooth, k));
            let top = tops.max_by(|a, b| smooth[*a].total_cmp(&smooth[*b]))?;
            // The bin that is largest before the average.
            let bin = around(top, power.len()).max_by(|a, b| power[*a].total_cmp(&power[*b]))?;
            Some(self.frequency[bin])
        };
        Ok(self.power.columns().into_iter().map(of_region).collect())
    }
}

/// An oscillation makes so many cycles in a segment at least.
const LEAST_CYCLES: usize = 3;

/// The bins that the average of bin `k` is over: not that of the mean, which is of no oscillation.
fn around(k: usize, count: usize) -> std::ops::Range<usize> {
    let reach = (k / 8).max(2).min(k.saturating_sub(1));
    k - reach..(k + reach + 1).min(count)
}

/// Averages over the neighbourhood of each bin; 0 for the mean, which has none.
fn smoothed(power: ArrayView1<f64>) -> Vec<f64> {
    let mut sums = vec![0.0];
    for p in power {
        sums.push(sums[sums.len() - 1] + p);
    }
    let average = |k: usize| {
        let bins = around(k, power.len());
        (sums[bins.end] - sums[bins.start]) / bins.len() as f64
    };
    (0..power.len()).map(|k| if k == 0 { 0.0 } else { average(k) }).collect()
}

/// Whether a bin is a peak, as [`PowerSpectrum::peaks`] defines it.
fn is_peak(power: ArrayView1<f64>, smooth: &[f64], k: usize) -> bool {
    let own = around(k, power.len());
    let (width, rise) = (own.len() as f64, smooth[k]);
    if rise.is_nan() || rise <= 0.0 || own.clone().any(|other| smooth[other] > rise) {
        return false;
    }
    let below = (k / 3).max(1)..(3 * k / 4 + 1).min(own.start);
    let above = (4 * k / 3).max(own.end)..(3 * k + 1).min(power.len());
    let level = |bins: std::ops::Range<usize>| {
        let mut values: Vec<f64> = bins.map(|bin| power[bin]).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        match values.len() {
            0 => f64::INFINITY,
            count if count % 2 == 1 => values[middle],
            _ => 0.5 * (values[middle - 1] + values[middle]),
        }
    };
    let noise = level(below).max(level(above)) / LN_2;
    rise >= (1.0 + 6.0 / width.sqrt()).max(2.0) * noise
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};

    /// `scipy.signal.welch(x, fs=500, nperseg=64, axis=0)` of scipy 1.17.1 on the test signal (300 samples, 2 regions).
    #[test]
    fn density_equals_scipy_welch() {
        let spectrum = Welch::new(64).estimate(signal(300, 2).view(), 2.0).unwrap();
        assert_eq!(spectrum.frequency[3], 3.0 * 500.0 / 64.0);
        for (index, expected) in [
            ([0, 0], 0.0029151929718399926),
            ([1, 1], 0.011706569209240857),
            ([3, 0], 0.04624636074351689),
            ([20, 1], 0.00018672448162416802),
            ([32, 0], 0.00014466908919979574),
        ] {
            assert_close(spectrum.power[index] / expected, 1.0, 1e-11);
        }
    }

    /// The values for `nperseg=45, noverlap=30, detrend='linear'`.
    #[test]
    fn odd_segments_and_other_settings_equal_scipy() {
        let welch = Welch::new(45).overlap(30).trend(Trend::Linear);
        let spectrum = welch.estimate(signal(300, 2).view(), 2.0).unwrap();
        for (index, expected) in [
            ([0, 0], 0.0006996083573399766),
            ([2, 1], 0.028753795328890934),
            ([22, 0], 0.0002718183431025631),
        ] {
            assert_close(spectrum.power[index] / expected, 1.0, 1e-11);
        }
    }

    #[test]
    fn the_integral_of_the_density_is_the_variance() {
        let x = Array2::from_shape_fn((4096, 1), |(t, _)| 3.0 * (TAU * 0.05 * t as f64).sin());
        let spectrum = Welch::new(512).estimate(x.view(), 4.0).unwrap();
        let variance = spectrum.power.sum() * spectrum.frequency[1];
        assert_close(variance, 4.5, 1e-3);
    }

    #[test]
    fn a_signal_shorter_than_a_segment_and_an_empty_band_are_errors() {
        let error = Welch::new(64).estimate(signal(63, 1).view(), 1.0).unwrap_err();
        assert_eq!(error.to_string(), "a spectrum needs at least 64 samples, the signal has 63");
        assert!(Welch::new(8).overlap(8).estimate(signal(63, 1).view(), 1.0).is_err());
        assert!(Welch::new(8).estimate(signal(63, 1).view(), 0.0).is_err());
        let spectrum = Welch::new(8).estimate(signal(63, 1).view(), 1.0).unwrap();
        assert!(spectrum.peak_frequency(1.0..=2.0).is_err());
    }

    /// Numbers that look random and are the same in every run, roughly normal.
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        move || {
            let uniform = (0..6).map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 11) as f64 / (1_u64 << 53) as f64
            });
            uniform.sum::<f64>() - 3.0
        }
    }

    fn peak_of(segment: usize, signal: impl FnMut(usize) -> f64) -> Option<f64> {
        let x = Array2::from_shape_vec((4000, 1), (0..4000).map(signal).collect()).unwrap();
        Welch::new(segment).estimate(x.view(), 1.0).unwrap().peaks(0.0..=500.0).unwrap()[0]
    }

    #[test]
    fn oscillations_have_peaks_in_noise_and_over_drift() {
        let sine = |t: usize| (0.01 * TAU * t as f64).sin();
        for segment in [4000, 2000, 500] {
            let mut random = noise(1);
            assert_eq!(peak_of(segment, |t| sine(t) + 0.5 * random()), Some(10.0), "{segment}");
        }
        assert_eq!(peak_of(4000, |t| sine(t) + t as f64 / 400.0), Some(10.0));
        // Spikes: the first of many harmonics.
        let hz = peak_of(4000, |t| if t % 100 < 5 { 1.0 } else { 0.0 }).unwrap();
        assert!((hz - 10.0).abs() < 0.3, "{hz}");
    }

    #[test]
    fn noise_drift_and_decay_have_no_peak() {
        let mut false_peaks = 0;
        for seed in 0..60 {
            let (mut white, mut random) = (noise(seed), noise(seed + 1000));
            let (mut slow, mut walk) = (0.0, 0.0);
            let mut coloured = move |_| {
                slow = 0.95 * slow + random();
                slow
            };
            let mut steps = noise(seed + 2000);
            let found = [
                peak_of(2000, |_| white()),
                peak_of(2000, &mut coloured),
                peak_of(2000, |_| {
                    walk += steps();
                    walk
                }),
            ];
            false_peaks += found.iter().flatten().count();
        }
        assert!(false_peaks <= 3, "{false_peaks} of 180");
        assert_eq!(peak_of(4000, |t| t as f64), None);
        assert_eq!(peak_of(4000, |t| (-0.005 * t as f64).exp()), None);
        assert_eq!(peak_of(4000, |_| 0.0), None);
    }
}
