//! Synchrony of a population of phases.

use ndarray::{Array1, ArrayView1, ArrayView2, Axis};

use super::channels::varies;
use super::error::{AnalysisError, check_length, check_signal};

/// Returns the Kuramoto order parameter `|mean over regions of exp(i phase)|` at each time: 1 in full synchrony, near 0
/// in none (Kuramoto 1984). `phases` has shape (time, region), in radians.
///
/// # Errors
/// A phase that is not finite; no region.
pub fn kuramoto_order(phases: ArrayView2<f64>) -> Result<Array1<f64>, AnalysisError> {
    let regions = phases.ncols();
    if regions == 0 {
        return Err(AnalysisError::TooFewRegions { purpose: "an order parameter", needed: 1, given: 0 });
    }
    check_signal(phases)?;
    Ok(phases.map_axis(Axis(1), |row| {
        let (sin, cos) = row.iter().fold((0.0, 0.0), |(sin, cos), phase| {
            let (s, c) = phase.sin_cos();
            (sin + s, cos + c)
        });
        f64::hypot(sin, cos) / regions as f64
    }))
}

/// Returns the metastability: the (population) standard deviation of the order parameter over time (Shanahan 2010,
/// Chaos 20:013108; Deco et al. 2017, Sci. Rep. 7:3095). It is 0 where the order parameter varies by rounding alone.
///
/// # Errors
/// A value that is not finite; fewer than two samples.
pub fn metastability(order: ArrayView1<f64>) -> Result<f64, AnalysisError> {
    check_length(order.insert_axis(Axis(1)), "metastability", 2)?;
    Ok(if varies(order) { order.std(0.0) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use std::f64::consts::{PI, TAU};

    #[test]
    fn synchrony_is_one_and_a_splay_state_zero() {
        let together = Array2::from_elem((1, 7), 0.3);
        let apart = Array2::from_shape_fn((1, 7), |(_, k)| TAU * k as f64 / 7.0);
        assert!((kuramoto_order(together.view()).unwrap()[0] - 1.0).abs() < 1e-15);
        assert!(kuramoto_order(apart.view()).unwrap()[0] < 1e-15);
    }

    #[test]
    fn metastability_is_the_spread_of_the_order() {
        let order = kuramoto_order(array![[0.0, 0.0], [0.0, PI]].view()).unwrap();
        assert!((metastability(order.view()).unwrap() - 0.5).abs() < 1e-15);
        assert!(metastability(array![1.0].view()).is_err());
    }
}
