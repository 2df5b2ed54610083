//! The objectives as functions, for those who want their values alone.
//!
//! Signals have the shape (time, region). Each function is the value of the objective of its name with its usual settings; the type has further
//! ones, and the gradient.

use ndarray::ArrayView2;

use super::cosine::CosineSim;
use super::density_distance::{KsDistance, Wasserstein1d};
use super::error::ObjectiveError;
use super::fc::{FcCorr, FcRmse};
use super::fcd::{FcdCorr, FcdKs, FcdWasserstein};
use super::objective::Objective;
use super::timeseries::TimeseriesRmse;
use crate::analysis::{FcdDistribution, Windows};

/// Returns the root of the mean squared difference of two signals, see [`TimeseriesRmse`].
///
/// ```
/// use brainmass::objectives::timeseries_rmse;
/// use ndarray::array;
///
/// assert_eq!(timeseries_rmse(array![[1.0], [2.0]].view(), array![[4.0], [5.0]].view())?, 3.0);
/// # Ok::<(), brainmass::objectives::ObjectiveError>(())
/// ```
///
/// # Errors
/// Signals that are not finite or have different shapes.
pub fn timeseries_rmse(prediction: ArrayView2<f64>, target: ArrayView2<f64>) -> Result<f64, ObjectiveError> {
    TimeseriesRmse.value(prediction, target)
}

/// Returns the correlation of the functional connectivities of two signals, see [`FcCorr`].
///
/// # Errors
/// Signals that are not finite, too short, or of other numbers of regions.
pub fn fc_corr(prediction: ArrayView2<f64>, target: ArrayView2<f64>) -> Result<f64, ObjectiveError> {
    FcCorr::default().value(prediction, target)
}

/// Returns the root of the mean squared difference of the functional connectivities of two signals, see [`FcRmse`].
///
/// # Errors
/// As [`fc_corr`].
pub fn fc_rmse(prediction: ArrayView2<f64>, target: ArrayView2<f64>) -> Result<f64, ObjectiveError> {
    FcRmse::default().value(prediction, target)
}

/// Returns the cosine between two signals, see [`CosineSim`].
///
/// # Errors
/// As [`timeseries_rmse`].
pub fn cosine_sim(prediction: ArrayView2<f64>, target: ArrayView2<f64>) -> Result<f64, ObjectiveError> {
    CosineSim::default().value(prediction, target)
}

/// Returns the correlation of the functional connectivity dynamics of two signals, see [`FcdCorr`].
///
/// # Errors
/// Signals that are not finite, have different shapes, or have too few windows.
pub fn fcd_corr(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
    windows: Windows,
) -> Result<f64, ObjectiveError> {
    FcdCorr { windows }.value(prediction, target)
}

/// Returns the Kolmogorov-Smirnov distance between the distributions of functional connectivity dynamics of two signals, see [`FcdKs`].
///
/// # Errors
/// Signals that are not finite, too short, or whose functional connectivity does not change.
pub fn fcd_ks(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
    windows: Windows,
) -> Result<f64, ObjectiveError> {
    FcdKs { windows, distribution: FcdDistribution::default() }.value(prediction, target)
}

/// Returns the first Wasserstein distance between the distributions of functional connectivity dynamics of two signals, see [`FcdWasserstein`].
///
/// # Errors
/// As [`fcd_ks`].
pub fn fcd_wasserstein(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
    windows: Windows,
) -> Result<f64, ObjectiveError> {
    FcdWasserstein { windows, distribution: FcdDistribution::default() }.value(prediction, target)
}

/// Returns the Kolmogorov-Smirnov distance of densities on the same evenly spaced points, shape (point, density), see [`KsDistance`].
///
/// # Errors
/// Arrays that are no densities or have different shapes.
pub fn ks_distance(prediction: ArrayView2<f64>, target: ArrayView2<f64>) -> Result<f64, ObjectiveError> {
    KsDistance.value(prediction, target)
}

/// Returns the first Wasserstein distance of densities on the same points `spacing` apart, shape (point, density), see [`Wasserstein1d`].
///
/// # Errors
/// As [`ks_distance`].
pub fn wasserstein_1d(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
    spacing: f64,
) -> Result<f64, ObjectiveError> {
    Wasserstein1d { spacing }.value(prediction, target)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::objectives::{Settings, objective};

    type Function = fn(ArrayView2<f64>, ArrayView2<f64>) -> Result<f64, ObjectiveError>;

    /// Each function gives what the registry gives under its name.
    #[test]
    fn functions_are_the_objectives_of_their_names() {
        let signal = |phase: f64| {
            Array2::from_shape_fn((200, 4), |(t, r)| {
                ((t * (r + 2)) as f64 * 0.07 + phase * r as f64).sin() + 1.5
            })
        };
        let (one, other) = (signal(0.0), signal(0.3));
        let settings = Settings::of_windows(30, 5).unwrap();
        let functions: [(&str, Function); 9] = [
            ("timeseries_rmse", timeseries_rmse),
            ("fc_corr", fc_corr),
            ("fc_rmse", fc_rmse),
            ("cosine_sim", cosine_sim),
            ("fcd", |one, other| fcd_corr(one, other, Windows::new(30, 5).unwrap())),
            ("fcd_ks", |one, other| fcd_ks(one, other, Windows::new(30, 5).unwrap())),
            ("fcd_wasserstein", |one, other| fcd_wasserstein(one, other, Windows::new(30, 5).unwrap())),
            ("ks_distance", ks_distance),
            ("wasserstein_1d", |one, other| {
                wasserstein_1d(one, other, Settings::of_windows(30, 5).unwrap().distribution.spacing())
            }),
        ];
        for (name, function) in functions {
            let value = function(one.view(), other.view()).unwrap();
            let expected = objective(name, &settings).unwrap().value(one.view(), other.view()).unwrap();
            assert_eq!(value, expected, "{name}");
        }
    }
}
