//! Phase locking between regions.

use ndarray::{Array2, ArrayView2};

use super::error::{AnalysisError, check_length, check_side};

/// Returns the phase-locking value `|mean over time of exp(i (phase_j - phase_k))|` of every pair of regions, shape
/// (region, region): 1 where the difference is constant (Lachaux et al. 1999, Hum. Brain Mapp. 8:194). `phases` has
/// shape (time, region), in radians.
///
/// # Errors
/// A phase that is not finite; no sample.
pub fn phase_locking_value(phases: ArrayView2<f64>) -> Result<Array2<f64>, AnalysisError> {
    check_length(phases, "a phase-locking value", 1)?;
    check_side("a matrix of phase-locking values", phases.ncols())?;
    let (sin, cos) = (phases.mapv(f64::sin), phases.mapv(f64::cos));
    let in_phase = cos.t().dot(&cos) + sin.t().dot(&sin);
    let in_quadrature = sin.t().dot(&cos);
    let samples = phases.nrows() as f64;
    Ok(Array2::from_shape_fn(in_phase.raw_dim(), |(j, k)| {
        let quadrature = in_quadrature[[j, k]] - in_quadrature[[k, j]];
        f64::hypot(in_phase[[j, k]], quadrature) / samples
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::assert_close;
    use std::f64::consts::TAU;

    #[test]
    fn a_constant_lag_locks_and_a_drift_through_whole_cycles_does_not() {
        let n = 90;
        let phases = Array2::from_shape_fn((n, 3), |(t, r)| {
            let turn = TAU * t as f64 / n as f64;
            [4.0 * turn, 4.0 * turn - 1.1, 7.0 * turn][r]
        });
        let plv = phase_locking_value(phases.view()).unwrap();
        assert_close(plv[[0, 1]], 1.0, 1e-13);
        assert_close(plv[[1, 0]], 1.0, 1e-13);
        assert_close(plv[[0, 2]], 0.0, 1e-13);
        assert_close(plv[[2, 2]], 1.0, 1e-13);
    }

    #[test]
    fn partial_locking_is_the_length_of_the_mean_vector() {
        // The differences are 0, 0 and a right angle.
        let phases = ndarray::array![[0.2, 0.2], [1.0, 1.0], [0.5 + TAU / 4.0, 0.5]];
        assert_close(phase_locking_value(phases.view()).unwrap()[[0, 1]], 5.0_f64.sqrt() / 3.0, 1e-14);
    }
}
