//! Functional connectivity dynamics against functional connectivity dynamics.

use ndarray::{Array1, ArrayView1, ArrayView2};

use super::density_distance::{kolmogorov_smirnov, wasserstein};
use super::error::ObjectiveError;
use super::objective::{Evaluation, Objective, check_count};
use super::pearson::pearson;
use crate::analysis::{Fcd, FcdDistribution, Windows, from_upper_triangle, upper_triangle};

/// The correlation between the upper triangles (without the diagonal) of the two FCD matrices.
///
/// It compares what happens when, and so means something only where prediction and target share their time course; of
/// spontaneous activity compare the distributions ([`FcdKs`], [`FcdWasserstein`]).
#[derive(Debug, Clone, Copy)]
pub struct FcdCorr {
    /// The windows of functional connectivity.
    pub windows: Windows,
}

/// The Kolmogorov-Smirnov distance between the distributions of FCD entries.
#[derive(Debug, Clone)]
pub struct FcdKs {
    /// The windows of functional connectivity.
    pub windows: Windows,
    /// The way in which the distributions are estimated.
    pub distribution: FcdDistribution,
}

/// The first Wasserstein distance between the distributions of FCD entries.
#[derive(Debug, Clone)]
pub struct FcdWasserstein {
    /// The windows of functional connectivity.
    pub windows: Windows,
    /// The way in which the distributions are estimated.
    pub distribution: FcdDistribution,
}

impl Objective for FcdCorr {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        check_count("samples", prediction.nrows(), target.nrows())?;
        let (fcd, target) = dynamics(prediction, target, self.windows)?;
        let (r, gradient) = pearson(&upper_triangle(fcd.matrix(), 1), &upper_triangle(target.matrix(), 1));
        Ok(Evaluation::new(r, move |derivative| {
            let windows = fcd.matrix().nrows();
            fcd.pullback(from_upper_triangle(&(gradient * derivative), windows, 1).view())
        }))
    }
}

impl Objective for FcdKs {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        between_distributions(prediction, target, self.windows, &self.distribution, kolmogorov_smirnov)
    }
}

impl Objective for FcdWasserstein {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        let distance =
            |p: ArrayView1<f64>, q: ArrayView1<f64>| wasserstein(p, q, self.distribution.spacing());
        between_distributions(prediction, target, self.windows, &self.distribution, distance)
    }
}

/// Computes the dynamics of prediction and target.
fn dynamics(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
    windows: Windows,
) -> Result<(Fcd, Fcd), ObjectiveError> {
    check_count("regions", prediction.ncols(), target.ncols())?;
    let of_prediction = Fcd::of(prediction, windows).map_err(ObjectiveError::Prediction)?;
    let of_target = Fcd::of(target, windows).map_err(ObjectiveError::Target)?;
    Ok((of_prediction, of_target))
}

/// Computes a distance of the distributions of FCD entries; its gradient goes back through density, FCD and functional
/// connectivity.
fn between_distributions<'a>(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
    windows: Windows,
    distribution: &'a FcdDistribution,
    distance: impl Fn(ArrayView1<f64>, ArrayView1<f64>) -> Result<(f64, Array1<f64>), ObjectiveError>,
) -> Result<Evaluation<'a>, ObjectiveError> {
    let (fcd, of_target) = dynamics(prediction, target, windows)?;
    let density = distribution.density(fcd.matrix()).map_err(ObjectiveError::Prediction)?;
    let aimed = distribution.density(of_target.matrix()).map_err(ObjectiveError::Target)?;
    let (value, gradient) = distance(density.values().view(), aimed.values().view())?;
    Ok(Evaluation::new(value, move |derivative| {
        fcd.pullback(density.pullback((gradient * derivative).view()).view())
    }))
}
