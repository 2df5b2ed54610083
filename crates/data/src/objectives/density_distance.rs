//! Distances between densities.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::error::ObjectiveError;
use super::objective::{Evaluation, Objective, check_alike};

/// The Kolmogorov-Smirnov distance: the largest difference of the cumulative distributions of two densities on the same
/// evenly spaced points, shape (point, density); the mean over the columns, if there are several. The densities need
/// not be normalised.
#[derive(Debug, Clone, Copy, Default)]
pub struct KsDistance;

/// The first Wasserstein (earth mover's) distance: the area between the cumulative distributions of two densities on
/// the same evenly spaced points, shape (point, density); the mean over the columns, if there are several. The
/// densities need not be normalised.
#[derive(Debug, Clone, Copy)]
pub struct Wasserstein1d {
    /// The distance from one point to the next.
    pub spacing: f64,
}

impl Objective for KsDistance {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        over_columns(prediction, target, kolmogorov_smirnov)
    }
}

impl Objective for Wasserstein1d {
    fn evaluate<'a>(
        &'a self,
        prediction: ArrayView2<'a, f64>,
        target: ArrayView2<'a, f64>,
    ) -> Result<Evaluation<'a>, ObjectiveError> {
        over_columns(prediction, target, |p, q| wasserstein(p, q, self.spacing))
    }
}

/// A distance of two densities and its gradient with respect to the first.
type Distance = Result<(f64, Array1<f64>), ObjectiveError>;

/// Returns `max |P - Q|` and its gradient, which is taken at the first point where the difference is largest.
pub(super) fn kolmogorov_smirnov(p: ArrayView1<f64>, q: ArrayView1<f64>) -> Distance {
    let (of_p, of_q) = (Cumulative::of(p, "the prediction")?, Cumulative::of(q, "the target")?);
    let difference = &of_p.values - &of_q.values;
    let mut largest = 0;
    for (k, d) in difference.indexed_iter() {
        if d.abs() > difference[largest].abs() {
            largest = k;
        }
    }
    let mut cotangent = Array1::zeros(p.len());
    cotangent[largest] = sign(difference[largest]);
    Ok((difference[largest].abs(), of_p.pullback(&cotangent)))
}

/// Returns `spacing * sum |P - Q|` and its gradient.
pub(super) fn wasserstein(p: ArrayView1<f64>, q: ArrayView1<f64>, spacing: f64) -> Distance {
    let (of_p, of_q) = (Cumulative::of(p, "the prediction")?, Cumulative::of(q, "the target")?);
    let difference = &of_p.values - &of_q.values;
    let value = spacing * difference.mapv(f64::abs).sum();
    Ok((value, of_p.pullback(&difference.mapv(|d| spacing * sign(d)))))
}

/// Returns the sign of a number: -1, 0 or 1.
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// A cumulative distribution, divided by its last entry.
struct Cumulative {
    values: Array1<f64>,
    mass: f64,
}

impl Cumulative {
    fn of(density: ArrayView1<f64>, what: &'static str) -> Result<Self, ObjectiveError> {
        if density.iter().any(|&value| value.is_nan() || value < 0.0) {
            return Err(ObjectiveError::NotADensity { what, why: "an entry is negative" });
        }
        let mut mass = 0.0;
        let sums = density.mapv(|value| {
            mass += value;
            mass
        });
        if mass == 0.0 {
            return Err(ObjectiveError::NotADensity { what, why: "all entries are 0" });
        }
        Ok(Self { values: sums / mass, mass })
    }

    /// Returns the gradient with respect to the density, from `dP_k/dp_i = ((i <= k) - P_k)/mass`.
    fn pullback(&self, cotangent: &Array1<f64>) -> Array1<f64> {
        let through_mass = cotangent.dot(&self.values);
        let mut gradient = Array1::zeros(cotangent.len());
        let mut later = 0.0;
        for i in (0..cotangent.len()).rev() {
            later += cotangent[i];
            gradient[i] = (later - through_mass) / self.mass;
        }
        gradient
    }
}

/// Evaluates the mean of a distance over the columns of two arrays.
fn over_columns<'a>(
    prediction: ArrayView2<f64>,
    target: ArrayView2<f64>,
    distance: impl Fn(ArrayView1<f64>, ArrayView1<f64>) -> Distance,
) -> Result<Evaluation<'a>, ObjectiveError> {
    check_alike(prediction, target)?;
    let mut gradient = Array2::zeros(prediction.raw_dim());
    let mut sum = 0.0;
    for ((p, q), mut column) in
        prediction.columns().into_iter().zip(target.columns()).zip(gradient.columns_mut())
    {
        let (value, of_column) = distance(p, q)?;
        sum += value;
        column.assign(&of_column);
    }
    let columns = prediction.ncols() as f64;
    Ok(Evaluation::new(sum / columns, move |derivative| gradient * (derivative / columns)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn two_point_masses_are_as_far_apart_as_their_points() {
        let (p, q) = (array![[0.0], [2.0], [0.0], [0.0]], array![[0.0], [0.0], [0.0], [7.0]]);
        assert_eq!(KsDistance.value(p.view(), q.view()), Ok(1.0));
        let moved = Wasserstein1d { spacing: 0.25 }.value(p.view(), q.view()).unwrap();
        assert_eq!(moved, 0.5);
    }

    #[test]
    fn what_is_no_density_is_an_error() {
        let p = array![[0.5], [0.5]];
        let error = KsDistance.value(p.view(), array![[-0.5], [1.0]].view()).unwrap_err();
        assert_eq!(error.to_string(), "the target is no density: an entry is negative");
        assert!(KsDistance.value(array![[0.0], [0.0]].view(), p.view()).is_err());
    }
}
