//! The signal on which the unit tests compare with numpy and scipy.

use ndarray::Array2;

/// Returns two rhythms and a hash per channel; in numpy, with `t` a column and `r` a row of indices:
///
/// ```python
/// np.sin(0.3*t*(1 + 0.1*r)) + 0.5*np.cos(0.11*t + r) + ((7919*t + 104729*r + 31*t*t*(r + 1)) % 1009)/1009 - 0.5
/// ```
pub fn signal(samples: usize, regions: usize) -> Array2<f64> {
    Array2::from_shape_fn((samples, regions), |(t, r)| {
        let hash = (7919 * t + 104_729 * r + 31 * t * t * (r + 1)) % 1009;
        let (t, r) = (t as f64, r as f64);
        (0.3 * t * (1.0 + 0.1 * r)).sin() + 0.5 * (0.11 * t + r).cos() + hash as f64 / 1009.0 - 0.5
    })
}

/// Compares with a reference value, to `tolerance` relative to the larger of it and 1.
#[track_caller]
pub fn assert_close(actual: f64, expected: f64, tolerance: f64) {
    let deviation = (actual - expected).abs() / expected.abs().max(1.0);
    assert!(deviation <= tolerance, "{expected} expected, {actual} computed ({deviation:.1e} apart)");
}
