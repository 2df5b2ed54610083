//! Standard scores.

use ndarray::{Array2, ArrayView2};

use super::channels::varies;
use super::error::{AnalysisError, check_length};

/// Returns each channel of a signal of shape (time, region) shifted to mean 0 and scaled to (population) variance 1, as
/// `scipy.stats.zscore` does. A channel that does not vary becomes NaN, as there.
///
/// # Errors
/// A sample that is not finite; no sample.
pub fn zscore(signal: ArrayView2<f64>) -> Result<Array2<f64>, AnalysisError> {
    check_length(signal, "a z-score", 1)?;
    let mut out = signal.to_owned();
    for mut channel in out.columns_mut() {
        if !varies(channel.view()) {
            channel.fill(f64::NAN);
            continue;
        }
        let mean = channel.sum() / channel.len() as f64;
        channel -= mean;
        let deviation = (channel.dot(&channel) / channel.len() as f64).sqrt();
        channel /= deviation;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::signal;

    #[test]
    fn channels_get_mean_zero_and_variance_one_and_constant_ones_nothing() {
        let mut x = signal(80, 3);
        x.column_mut(2).fill(0.1);
        let z = zscore(x.view()).unwrap();
        for channel in [z.column(0), z.column(1)] {
            assert!(channel.sum().abs() < 1e-12);
            assert!((channel.dot(&channel) / 80.0 - 1.0).abs() < 1e-13);
        }
        assert!(z.column(2).iter().all(|value| value.is_nan()));
    }
}
