//! The channels of a signal that carry one.

use ndarray::{ArrayView1, ArrayView2, Axis};

/// The least variation of a channel that counts as one, relative to its largest magnitude: a trillionth.
///
/// What varies less does so by some thousand units in the last place, and what is computed of it is a statistic of
/// rounding errors.
pub const VARIATION: f64 = 1e-12;

/// The channels of a signal, sorted by whether something can be computed of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Channels {
    /// Channels that are finite and vary.
    pub varying: Vec<usize>,
    /// Channels that do not vary, but for rounding (see [`VARIATION`]).
    pub constant: Vec<usize>,
    /// Channels with a sample that is NaN or infinite.
    pub not_finite: Vec<usize>,
}

impl Channels {
    /// Sorts the channels of a signal of shape (time, region).
    pub fn of(signal: ArrayView2<f64>) -> Self {
        let mut channels = Self::default();
        for (region, channel) in signal.axis_iter(Axis(1)).enumerate() {
            let kind = if channel.iter().any(|value| !value.is_finite()) {
                &mut channels.not_finite
            } else if varies(channel) {
                &mut channels.varying
            } else {
                &mut channels.constant
            };
            kind.push(region);
        }
        channels
    }
}

/// Returns whether a channel of finite samples varies by more than rounding.
pub(crate) fn varies(channel: ArrayView1<f64>) -> bool {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &value in channel {
        low = low.min(value);
        high = high.max(value);
    }
    // Half of each, since the difference may overflow.
    0.5 * high - 0.5 * low > VARIATION * high.abs().max(low.abs())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::analysis::{
        StreamingCovariance, Trend, Welch, Windows, autocorrelation, autocorrelation_time, fcd,
        functional_connectivity, metastability, partial_correlation, testing::signal, zscore,
    };

    /// Four channels, of which the second wavers by a few units in the last place.
    fn wavering() -> Array2<f64> {
        let mut x = signal(120, 4);
        let mut value: f64 = 0.1;
        for (t, sample) in x.column_mut(1).iter_mut().enumerate() {
            value = if t % 3 == 0 { value.next_up() } else { value.next_down() };
            *sample = value;
        }
        x
    }

    #[test]
    fn channels_are_sorted() {
        let mut x = wavering();
        x[[7, 3]] = f64::NAN;
        let expected = Channels { varying: vec![0, 2], constant: vec![1], not_finite: vec![3] };
        assert_eq!(Channels::of(x.view()), expected);
        assert!(varies(array![f64::MAX, f64::MIN].view()));
        assert!(varies(array![1e6, 1e6 + 1e-5].view()));
        assert!(!varies(array![1e6, 1e6 + 1e-7].view()));
        assert!(!varies(array![0.0, 0.0].view()) && !varies(array![3.0].view()));
    }

    #[test]
    fn no_statistic_of_rounding_errors_is_given() {
        let x = wavering();
        let fc = functional_connectivity(x.view()).unwrap();
        let is_silent = |i: usize, j: usize| i == 1 || j == 1;
        assert!(fc.indexed_iter().all(|((i, j), r)| r.is_nan() == is_silent(i, j)), "{fc}");
        let mut sums = StreamingCovariance::new(4);
        x.axis_chunks_iter(Axis(0), 7).for_each(|chunk| sums.push(chunk).unwrap());
        let fc = sums.correlation().unwrap();
        assert!(fc.indexed_iter().all(|((i, j), r)| r.is_nan() == is_silent(i, j)), "{fc}");
        assert!(zscore(x.view()).unwrap().column(1).iter().all(|z| z.is_nan()));
        assert!(autocorrelation(x.view(), 5).unwrap().column(1).iter().all(|r| r.is_nan()));
        assert_eq!(autocorrelation_time(x.view(), 1.0).unwrap()[1], None);
        assert!(partial_correlation(x.view()).is_err());
        assert!(fcd(x.view(), Windows::new(20, 10).unwrap()).unwrap().iter().all(|r| r.is_nan()));
        assert_eq!(metastability(x.column(1)).unwrap(), 0.0);
        let spectrum = Welch::new(60).trend(Trend::Linear).estimate(x.view(), 1.0).unwrap();
        assert!(spectrum.power.column(1).iter().all(|power| *power == 0.0));
        let peaks = spectrum.peak_frequency(1.0..=500.0).unwrap();
        assert!(peaks[1].is_nan() && peaks[0].is_finite());
    }
}
