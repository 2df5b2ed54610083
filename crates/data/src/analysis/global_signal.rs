//! Global signal regression.

use ndarray::{Array2, ArrayView2, Axis};

use super::channels::VARIATION;
use super::error::{AnalysisError, check_length};

/// Takes the global signal (the mean over regions) and the mean out of each channel by least squares (Fox et al. 2009,
/// J. Neurophysiol. 101:3270). The signal has shape (time, region), and so has what is left of it.
///
/// A global signal that does not vary explains nothing: only the means are taken out.
///
/// # Errors
/// A sample that is not finite; fewer than two samples; fewer than two regions, whose global signal would be all
/// there is.
pub fn regress_global_signal(signal: ArrayView2<f64>) -> Result<Array2<f64>, AnalysisError> {
    let purpose = "global signal regression";
    if signal.ncols() < 2 {
        return Err(AnalysisError::TooFewRegions { purpose, needed: 2, given: signal.ncols() });
    }
    check_length(signal, purpose, 2)?;
    let samples = signal.nrows() as f64;
    let means = signal.sum_axis(Axis(0)) / samples;
    let mut residual = &signal - &means;
    let global = residual.sum_axis(Axis(1)) / signal.ncols() as f64;
    let largest = |values: &mut dyn Iterator<Item = &f64>| values.fold(0.0_f64, |most, x| most.max(x.abs()));
    // Where the regions cancel, as after an average reference, what is left of them is rounding.
    if largest(&mut global.iter()) > VARIATION * largest(&mut signal.iter()) {
        let power = global.dot(&global);
        let weights = global.dot(&residual) / power;
        residual -= &global.insert_axis(Axis(1)).dot(&weights.insert_axis(Axis(0)));
    }
    Ok(residual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{assert_close, signal};

    /// `d = np.c_[np.ones(60), x.mean(1)]; x - d @ np.linalg.lstsq(d, x)[0]`, numpy 2.4.6, test signal (60, 4).
    #[test]
    fn the_residual_equals_numpy_least_squares() {
        let residual = regress_global_signal(signal(60, 4).view()).unwrap();
        assert_close(residual[[0, 0]], 0.0667114368213303, 1e-12);
        assert_close(residual[[33, 2]], 0.5124677452136206, 1e-12);
    }

    #[test]
    fn what_remains_has_no_global_signal() {
        let residual = regress_global_signal(signal(60, 4).view()).unwrap();
        assert!(residual.sum_axis(Axis(1)).iter().all(|global| global.abs() < 1e-12));
    }

    #[test]
    fn rounding_is_no_global_signal() {
        let mut x = signal(60, 4);
        let global = x.mean_axis(Axis(1)).unwrap();
        x -= &global.insert_axis(Axis(1));
        let centred = &x - &x.mean_axis(Axis(0)).unwrap();
        let residual = regress_global_signal(x.view()).unwrap();
        assert!((&residual - &centred).iter().all(|difference| difference.abs() < 1e-15));
    }

    #[test]
    fn one_region_is_an_error() {
        assert!(regress_global_signal(signal(60, 1).view()).is_err());
    }
}
