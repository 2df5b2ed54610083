//! Autocorrelation and how fast it decays.

use ndarray::{Array2, ArrayView1, ArrayView2, s};

use super::channels::varies;
use super::error::{AnalysisError, check_length, check_positive};

/// Returns the autocorrelation of each channel at lags 0 to `lags`, shape (lag, region), of a signal of shape (time,
/// region).
///
/// The sum over the pairs at a lag is divided by that at lag 0 (the biased estimate of Box & Jenkins, which stays
/// within -1 and 1). A channel that does not vary has NaN at all lags.
///
/// # Errors
/// A sample that is not finite; no more samples than lags.
pub fn autocorrelation(signal: ArrayView2<f64>, lags: usize) -> Result<Array2<f64>, AnalysisError> {
    check_length(signal, "an autocorrelation (one more than its lags)", lags.saturating_add(1))?;
    let samples = signal.nrows();
    let mut out = Array2::zeros((lags + 1, signal.ncols()));
    for (channel, mut out) in signal.columns().into_iter().zip(out.columns_mut()) {
        if !varies(channel) {
            out.fill(f64::NAN);
            continue;
        }
        out[0] = 1.0;
        let centred = &channel - channel.sum() / samples as f64;
        let power = centred.dot(&centred);
        for lag in 1..=lags {
            out[lag] = centred.slice(s![..samples - lag]).dot(&centred.slice(s![lag..])) / power;
        }
    }
    Ok(out)
}

/// Returns the time, in ms, at which the autocorrelation of each channel first falls below `1/e`, between samples by a
/// straight line; `None` where it does not within the signal, as for a channel that does not vary.
///
/// For `x' = -x/tau + noise` it is `tau`. `dt` is the sampling interval in ms.
///
/// # Errors
/// A sample that is not finite; fewer than two samples; a `dt` that is not positive.
pub fn autocorrelation_time(signal: ArrayView2<f64>, dt: f64) -> Result<Vec<Option<f64>>, AnalysisError> {
    check_positive("the sampling interval (ms)", dt)?;
    check_length(signal, "an autocorrelation time", 2)?;
    Ok(signal.columns().into_iter().map(|channel| decay(channel).map(|lags| lags * dt)).collect())
}

/// Returns the lag at which a channel's autocorrelation crosses `1/e`; lags are computed only as far as needed.
fn decay(channel: ArrayView1<f64>) -> Option<f64> {
    if !varies(channel) {
        return None;
    }
    let samples = channel.len();
    let level = (-1.0_f64).exp();
    let centred = &channel - channel.sum() / samples as f64;
    let power = centred.dot(&centred);
    let mut before = 1.0;
    for lag in 1..samples {
        let now = centred.slice(s![..samples - lag]).dot(&centred.slice(s![lag..])) / power;
        if now < level {
            return Some((lag - 1) as f64 + (before - level) / (before - now));
        }
        before = now;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};

    /// `c = x - x.mean(0)`, then per column `np.correlate(c, c, 'full')[199:] / (c @ c)`, numpy 2.4.6, test signal
    /// (200 samples, 3 regions).
    #[test]
    fn autocorrelation_equals_numpy_correlate() {
        let acf = autocorrelation(signal(200, 3).view(), 20).unwrap();
        assert_eq!(acf[[0, 1]], 1.0);
        assert_close(acf[[1, 0]], 0.8615147858395727, 1e-13);
        assert_close(acf[[20, 2]], 0.31263935741289656, 1e-13);
    }

    #[test]
    fn an_exponential_decay_gives_its_time_constant() {
        // The autocorrelation of the moving average of white impulses with exponential weights is that exponential;
        // one impulse in a long signal shows it without noise.
        let tau = 25.0;
        let impulse = Array2::from_shape_fn((20_000, 1), |(t, _)| (-(t as f64) / tau).exp());
        let time = autocorrelation_time(impulse.view(), 0.5).unwrap()[0].unwrap();
        assert!((time - tau * 0.5).abs() < 0.05, "{time}");
    }

    #[test]
    fn a_constant_channel_has_no_time() {
        let mut x = signal(100, 2);
        x.column_mut(1).fill(2.0);
        let times = autocorrelation_time(x.view(), 1.0).unwrap();
        assert!(times[0].is_some());
        assert_eq!(times[1], None);
    }

    #[test]
    fn as_many_lags_as_samples_are_an_error() {
        assert!(autocorrelation(signal(10, 1).view(), 10).is_err());
        assert!(autocorrelation(signal(10, 1).view(), 9).is_ok());
    }
}
