//! Functional connectivity against functional connectivity.

use ndarray::{Array2, ArrayView2, CowArray, Ix2};

use super::error::ObjectiveError;
use super::objective::{Evaluation, Objective, check_count};
use super::pearson::pearson;
use super::timeseries::root_mean_square;
use crate::analysis::{AnalysisError, Correlation, check_signal, from_upper_triangle, upper_triangle};

/// The kind of target that functional connectivity is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FcTarget {
    /// A signal, shape (time, region), of any length.
    #[default]
    Signal,
    /// The functional connectivity itself, shape (region, region), as that of a group.
    Connectivity,
}

/// The correlation between the upper triangles (without the diagonal) of the functional connectivities.
#[derive(Debug, Clone, Copy, Default)]
pub struct FcCorr {
    /// The kind of the target.
    pub target: FcTarget,
}

/// The root of the mean squared difference of the functional connectivities, over all entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct FcRmse {
    /// The kind of the target.
    pub target: FcTarget,
}

/// An objective that compares functional connectivities, so that it can take that of the prediction where there is no signal that it was computed of.
pub trait ConnectivityObjective: Objective {
    /// Compares a functional connectivity, shape (region, region), with that of the target. Returns the value, and its derivatives by the entries
    /// of the functional connectivity.
    ///
    /// # Errors
    ///
    /// A target of another size, or one of which there is no functional connectivity.
    fn of_connectivity(
        &self,
        fc: ArrayView2<f64>,
        target: ArrayView2<f64>,
    ) -> Result<(f64, Array2<f64>), ObjectiveError>;
}

impl Objective for FcCorr {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        of_series(self, prediction, target)
    }
}

impl ConnectivityObjective for FcCorr {
    fn of_connectivity(
        &self,
        fc: ArrayView2<f64>,
        target: ArrayView2<f64>,
    ) -> Result<(f64, Array2<f64>), ObjectiveError> {
        let target = connectivity(fc, target, self.target)?;
        let regions = fc.ncols();
        if regions < 3 {
            let purpose = "a correlation of functional connectivities";
            let error = AnalysisError::TooFewRegions { purpose, needed: 3, given: regions };
            return Err(ObjectiveError::Prediction(error));
        }
        let (r, gradient) = pearson(&upper_triangle(fc, 1), &upper_triangle(target.view(), 1));
        Ok((r, from_upper_triangle(&gradient, regions, 1)))
    }
}

impl Objective for FcRmse {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        of_series(self, prediction, target)
    }
}

impl ConnectivityObjective for FcRmse {
    fn of_connectivity(
        &self,
        fc: ArrayView2<f64>,
        target: ArrayView2<f64>,
    ) -> Result<(f64, Array2<f64>), ObjectiveError> {
        let target = connectivity(fc, target, self.target)?;
        let distance = root_mean_square(&fc - &target);
        Ok((distance.value, distance.pull(1.0)))
    }
}

/// Evaluates an objective of functional connectivity for series, shape (time, region), by their correlations.
fn of_series<'a>(
    objective: &impl ConnectivityObjective,
    prediction: ArrayView2<'a, f64>,
    target: ArrayView2<'a, f64>,
) -> Result<Evaluation<'a>, ObjectiveError> {
    check_count("regions", prediction.ncols(), target.ncols())?;
    let fc = Correlation::of(prediction).map_err(ObjectiveError::Prediction)?;
    let (value, gradient) = objective.of_connectivity(fc.matrix(), target)?;
    Ok(Evaluation::new(value, move |derivative| fc.pullback((gradient * derivative).view())))
}

/// Computes the functional connectivity of the target, which is as large as that of the prediction.
fn connectivity<'a>(
    fc: ArrayView2<f64>,
    target: ArrayView2<'a, f64>,
    kind: FcTarget,
) -> Result<CowArray<'a, f64, Ix2>, ObjectiveError> {
    check_count("regions", fc.ncols(), target.ncols())?;
    Ok(match kind {
        FcTarget::Signal => Correlation::of(target).map_err(ObjectiveError::Target)?.into_matrix().into(),
        FcTarget::Connectivity => {
            let (rows, columns) = target.dim();
            if rows != columns {
                return Err(ObjectiveError::NotSquare { rows, columns });
            }
            check_signal(target).map_err(ObjectiveError::Target)?;
            target.into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::functional_connectivity;
    use crate::analysis::testing::signal;
    use ndarray::s;

    #[test]
    fn a_target_may_be_the_connectivity_itself() {
        let (x, y) = (signal(80, 4), signal(200, 4));
        let y = y.slice(s![100.., ..]);
        let fc = functional_connectivity(y).unwrap();
        let target = FcTarget::Connectivity;
        let through_signal = FcCorr::default().value_and_gradient(x.view(), y).unwrap();
        assert_eq!(FcCorr { target }.value_and_gradient(x.view(), fc.view()).unwrap(), through_signal);
        let through_signal = FcRmse::default().value_and_gradient(x.view(), y).unwrap();
        assert_eq!(FcRmse { target }.value_and_gradient(x.view(), fc.view()).unwrap(), through_signal);
        let error = FcCorr { target }.value(x.view(), y).unwrap_err();
        assert_eq!(error, ObjectiveError::NotSquare { rows: 100, columns: 4 });
    }

    #[test]
    fn a_silent_model_scores_zero() {
        let silent = Array2::from_elem((50, 4), 0.1);
        let (value, gradient) =
            FcCorr::default().value_and_gradient(silent.view(), signal(50, 4).view()).unwrap();
        assert_eq!((value, gradient), (0.0, Array2::zeros((50, 4))));
    }

    #[test]
    fn two_regions_have_no_pattern_to_correlate() {
        let x = signal(50, 2);
        assert!(FcCorr::default().value(x.view(), x.view()).is_err());
        assert_eq!(FcRmse::default().value(x.view(), x.view()), Ok(0.0));
    }
}
