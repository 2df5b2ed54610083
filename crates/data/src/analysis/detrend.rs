//! Detrending.

use ndarray::{Array2, ArrayView2};

use super::error::{AnalysisError, check_length};

/// The trend that is taken out of each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trend {
    /// No trend.
    None,
    /// The mean.
    #[default]
    Constant,
    /// The least-squares line.
    Linear,
}

/// Takes the trend out of each channel of a signal of shape (time, region), as `scipy.signal.detrend` does.
///
/// # Errors
/// A sample that is not finite; no sample, for [`Trend::Linear`] fewer than two.
pub fn detrend(signal: ArrayView2<f64>, trend: Trend) -> Result<Array2<f64>, AnalysisError> {
    let needed = if trend == Trend::Linear { 2 } else { 1 };
    check_length(signal, "detrending", needed)?;
    let mut out = signal.to_owned();
    let n = signal.nrows() as f64;
    let centre = (n - 1.0) / 2.0;
    for mut channel in out.columns_mut() {
        if trend != Trend::None {
            let mean = channel.sum() / n;
            channel -= mean;
        }
        if trend == Trend::Linear {
            let rise = channel.indexed_iter().map(|(t, x)| (t as f64 - centre) * x).sum::<f64>();
            let slope = rise / (n * (n * n - 1.0) / 12.0);
            channel.indexed_iter_mut().for_each(|(t, x)| *x -= slope * (t as f64 - centre));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};

    #[test]
    fn a_line_is_its_own_trend() {
        let line = Array2::from_shape_fn((40, 2), |(t, r)| 3.0 - 0.7 * t as f64 + r as f64);
        let flat = detrend(line.view(), Trend::Linear).unwrap();
        assert!(flat.iter().all(|x| x.abs() < 1e-13));
        let centred = detrend(line.view(), Trend::Constant).unwrap();
        assert_close(centred[[0, 1]], 0.7 * 19.5, 1e-13);
        assert_eq!(detrend(line.view(), Trend::None).unwrap(), line);
    }

    /// `scipy.signal.detrend(x, axis=0)` of scipy 1.17.1 on the test signal (50 samples, 2 regions).
    #[test]
    fn linear_detrending_equals_scipy() {
        let out = detrend(signal(50, 2).view(), Trend::Linear).unwrap();
        assert_close(out[[0, 0]], -0.30220939501869654, 1e-13);
        assert_close(out[[31, 1]], -1.3827745182244826, 1e-13);
    }

    #[test]
    fn one_sample_has_no_line() {
        assert!(detrend(signal(1, 2).view(), Trend::Linear).is_err());
    }
}
