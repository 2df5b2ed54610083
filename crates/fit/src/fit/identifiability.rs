//! Identifiability: how well fitted parameters are known.

use ndarray::{Array1, Array2};

use super::error::FitError;
use super::loss::FitLoss;
use super::params::Params;
use super::symmetric::eigen;

/// The curvature of a loss at a minimum, and what follows from it for the parameters.
///
/// The second derivatives are taken by the fitted numbers in their declared units, as central differences of gradients where the loss has
/// them and of values where it has none; priors count as in the fit. Along a direction in which the loss is flat the data do not determine
/// the parameters: see [`Identifiability::eigenvalues`].
///
/// Where the loss is a negative log likelihood (as `sum((x - target)^2)/(2 sigma^2)` is under independent normal errors), the Hessian is the
/// observed Fisher information, its inverse the covariance of the estimates, and [`Identifiability::intervals`] are Wald confidence
/// intervals. The `scale` of [`Identifiability::at`] turns a mean of squares into such a loss.
///
/// ```
/// use brainmass::fit::{Identifiability, Param, ParamValues, Params};
///
/// // Of two parameters of which only the sum matters, neither is known.
/// let loss = |params: &ParamValues| Ok(0.5 * (params.scalar("a") + params.scalar("b") - 3.0).powi(2));
/// let params = Params::new().with("a", Param::new(1.0)).with("b", Param::new(2.0));
/// let found = Identifiability::at(&params, &loss, 1.0)?;
/// assert!(found.eigenvalues[0].abs() < 1e-6 && (found.eigenvalues[1] - 2.0).abs() < 1e-6);
/// assert_eq!(found.flat_directions(1e-4).len(), 1);
/// # Ok::<(), brainmass::fit::FitError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Identifiability {
    /// A label for each fitted number.
    pub labels: Vec<String>,
    /// The values of the fitted numbers.
    pub values: Array1<f64>,
    /// The second derivatives of the scaled loss, `(number, number)`.
    pub hessian: Array2<f64>,
    /// The eigenvalues of the Hessian, from the flattest direction to the steepest.
    pub eigenvalues: Array1<f64>,
    /// The directions as columns, in the order of the eigenvalues.
    pub eigenvectors: Array2<f64>,
}

impl Identifiability {
    /// Computes the curvature of a loss at the values of parameters, such as those of [`Fit::params`](super::Fit::params). `scale` is the
    /// factor that turns the loss into a negative log likelihood: 1 if it is one, `n/(2 sigma^2)` for the mean of n squared deviations of
    /// standard deviation `sigma`.
    ///
    /// # Errors
    ///
    /// Parameters that cannot be fitted, or a loss that fails or is no finite number nearby.
    pub fn at(params: &Params, loss: &dyn FitLoss, scale: f64) -> Result<Self, FitError> {
        params.check()?;
        let values = params.flat();
        let differences =
            Differences { params, loss, scale, steps: steps(params, &values, loss.has_gradient().is_ok()) };
        let hessian = match loss.has_gradient() {
            Ok(()) => differences.of_gradients(&values)?,
            Err(_) => differences.of_values(&values)?,
        };
        let (eigenvalues, eigenvectors) = eigen(hessian.view());
        Ok(Self { labels: params.labels(), values: values.into(), hessian, eigenvalues, eigenvectors })
    }

    /// Returns the directions along which the loss is flatter than this share of the steepest, as unit vectors in the order of the labels.
    pub fn flat_directions(&self, share: f64) -> Vec<Array1<f64>> {
        let steepest = self.eigenvalues.last().copied().unwrap_or_default();
        let flat = self.eigenvalues.iter().take_while(|value| **value <= share * steepest).count();
        (0..flat).map(|index| self.eigenvectors.column(index).to_owned()).collect()
    }

    /// Returns the inverse of the Hessian, which is the covariance of the estimates; `None` where the loss is flat or falls in some direction.
    pub fn covariance(&self) -> Option<Array2<f64>> {
        let steepest = self.eigenvalues.last().copied()?;
        if self.eigenvalues[0].is_nan() || self.eigenvalues[0] <= f64::EPSILON * steepest {
            return None;
        }
        let inverse = Array2::from_diag(&self.eigenvalues.mapv(f64::recip));
        Some(self.eigenvectors.dot(&inverse).dot(&self.eigenvectors.t()))
    }

    /// Returns the correlation of the estimates of any two parameters, from -1 to 1; `None` as for [`Identifiability::covariance`].
    pub fn correlations(&self) -> Option<Array2<f64>> {
        let covariance = self.covariance()?;
        let deviations = covariance.diag().mapv(f64::sqrt);
        Some(Array2::from_shape_fn(covariance.raw_dim(), |(i, j)| {
            covariance[[i, j]] / (deviations[i] * deviations[j])
        }))
    }

    /// Returns the standard error of each estimate; `None` as for [`Identifiability::covariance`].
    pub fn standard_errors(&self) -> Option<Array1<f64>> {
        Some(self.covariance()?.diag().mapv(f64::sqrt))
    }

    /// Returns the Wald interval of each value: `deviations` standard errors to either side (1.96 for 95 %); `None` as for
    /// [`Identifiability::covariance`].
    pub fn intervals(&self, deviations: f64) -> Option<Vec<(f64, f64)>> {
        let errors = self.standard_errors()?;
        let both = self.values.iter().zip(errors);
        Some(both.map(|(value, error)| (value - deviations * error, value + deviations * error)).collect())
    }
}

/// Returns a step of differences for each number: small, but large against rounding. It stays within the bounds of the parameter.
fn steps(params: &Params, values: &[f64], gradients: bool) -> Vec<f64> {
    // The cubic and the fourth root of the precision are optimal for central differences of first and of second derivatives.
    let share = if gradients { f64::EPSILON.cbrt() } else { f64::EPSILON.powf(0.25) };
    let bounds = params.ranges();
    let both = values.iter().zip(bounds);
    both.map(|(value, (lower, upper))| {
        let room = (value - lower).min(upper - value);
        let step = share * value.abs().max(1e-2);
        if room > 0.0 { step.min(0.5 * room) } else { step }
    })
    .collect()
}

/// Central differences of a loss.
struct Differences<'a> {
    params: &'a Params,
    loss: &'a dyn FitLoss,
    scale: f64,
    steps: Vec<f64>,
}

impl Differences<'_> {
    /// Returns the Hessian from gradients a step to either side.
    fn of_gradients(&self, values: &[f64]) -> Result<Array2<f64>, FitError> {
        let n = values.len();
        let mut hessian = Array2::zeros((n, n));
        for column in 0..n {
            let up = self.gradient(&self.moved(values, &[(column, 1.0)]))?;
            let down = self.gradient(&self.moved(values, &[(column, -1.0)]))?;
            for row in 0..n {
                hessian[[row, column]] = (up[row] - down[row]) / (2.0 * self.steps[column]);
            }
        }
        Ok(0.5 * (&hessian + &hessian.t()))
    }

    /// Returns the Hessian from values a step to either side along one number or two.
    fn of_values(&self, values: &[f64]) -> Result<Array2<f64>, FitError> {
        let n = values.len();
        let at = |moves: &[(usize, f64)]| self.value(&self.moved(values, moves));
        let here = at(&[])?;
        let mut hessian = Array2::zeros((n, n));
        for i in 0..n {
            hessian[[i, i]] = (at(&[(i, 1.0)])? - 2.0 * here + at(&[(i, -1.0)])?) / self.steps[i].powi(2);
            for j in 0..i {
                let corner = |a: f64, b: f64| at(&[(i, a), (j, b)]);
                let mixed = corner(1.0, 1.0)? - corner(1.0, -1.0)? - corner(-1.0, 1.0)? + corner(-1.0, -1.0)?;
                hessian[[i, j]] = mixed / (4.0 * self.steps[i] * self.steps[j]);
                hessian[[j, i]] = hessian[[i, j]];
            }
        }
        Ok(hessian)
    }

    /// Returns the values with some of them moved by multiples of their steps.
    fn moved(&self, values: &[f64], moves: &[(usize, f64)]) -> Vec<f64> {
        let mut moved = values.to_vec();
        moves.iter().for_each(|(index, by)| moved[*index] += by * self.steps[*index]);
        moved
    }

    fn value(&self, values: &[f64]) -> Result<f64, FitError> {
        let named = self.params.named(values);
        let loss = self.loss.value(&named).map_err(FitError::Loss)?;
        let value = self.scale * (loss + self.params.penalty(values));
        if value.is_finite() {
            Ok(value)
        } else {
            Err(FitError::Loss(format!("the loss is {value} at {named}").into()))
        }
    }

    fn gradient(&self, values: &[f64]) -> Result<Vec<f64>, FitError> {
        let by: Vec<&str> = self.params.fitted().collect();
        let named = self.params.named(values);
        let (_, derivatives) = self.loss.value_and_gradient(&named, &by).map_err(FitError::Loss)?;
        let derivatives =
            self.params.flat_derivatives(&derivatives).map_err(|problem| FitError::Loss(problem.into()))?;
        let priors = self.params.penalty_derivatives(values);
        let both = derivatives.iter().zip(priors);
        let gradient: Vec<f64> = both.map(|(derivative, prior)| self.scale * (derivative + prior)).collect();
        match gradient.iter().zip(self.params.labels()).find(|(derivative, _)| !derivative.is_finite()) {
            None => Ok(gradient),
            Some((derivative, label)) => {
                let problem = format!("the derivative of the loss by `{label}` is {derivative} at {named}");
                Err(FitError::Loss(problem.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::{Param, ParamValues, WithGradient};
    use ndarray::array;

    /// A line `a + b t` through points with normal errors of standard deviation 0.5, of which the covariance of the estimates is
    /// `0.25 inverse(X' X)`.
    fn line(params: &ParamValues) -> Result<(f64, ParamValues), crate::fit::LossError> {
        let (a, b) = (params.scalar("a"), params.scalar("b"));
        let (mut loss, mut by_a, mut by_b) = (0.0, 0.0, 0.0);
        for (t, x) in [(0.0, 1.1), (1.0, 2.9), (2.0, 5.2), (4.0, 8.9)] {
            let deviation = a + b * t - x;
            loss += 2.0 * deviation * deviation;
            by_a += 4.0 * deviation;
            by_b += 4.0 * deviation * t;
        }
        Ok((loss, ParamValues::new().with("a", [by_a]).with("b", [by_b])))
    }

    fn params() -> Params {
        Params::new().with("a", Param::new(1.0)).with("b", Param::new(2.0))
    }

    #[test]
    fn the_line_has_the_covariance_of_least_squares() {
        // X' X = [[4, 7], [7, 21]], determinant 35
        let expected =
            array![[0.25 * 21.0 / 35.0, -0.25 * 7.0 / 35.0], [-0.25 * 7.0 / 35.0, 0.25 * 4.0 / 35.0]];
        let value = |params: &ParamValues| Ok(line(params)?.0);
        let gradient = WithGradient(line);
        for (loss, tolerance) in [(&gradient as &dyn FitLoss, 1e-8), (&value, 1e-4)] {
            let found = Identifiability::at(&params(), loss, 1.0).unwrap();
            let covariance = found.covariance().unwrap();
            assert!((&covariance - &expected).iter().all(|error| error.abs() < tolerance), "{covariance}");
            let correlation = found.correlations().unwrap()[[0, 1]];
            assert!((correlation + 7.0 / (4.0f64 * 21.0).sqrt()).abs() < 10.0 * tolerance, "{correlation}");
            let (lower, upper) = found.intervals(1.96).unwrap()[1];
            assert!((upper - lower - 2.0 * 1.96 * (0.25f64 * 4.0 / 35.0).sqrt()).abs() < 10.0 * tolerance);
        }
    }

    #[test]
    fn a_falling_direction_has_no_covariance() {
        let saddle = |params: &ParamValues| Ok(params.scalar("a").powi(2) - params.scalar("b").powi(2));
        let found = Identifiability::at(&params(), &saddle, 1.0).unwrap();
        assert!(
            found.eigenvalues[0] < 0.0 && found.covariance().is_none() && found.intervals(1.96).is_none()
        );
    }

    #[test]
    fn numbers_that_are_not_finite_are_errors_that_say_where() {
        let root = |params: &ParamValues| Ok(params.scalar("a").sqrt() + params.scalar("b"));
        let at = Params::new().with("a", Param::new(0.0)).with("b", Param::new(2.0));
        let error = Identifiability::at(&at, &root, 1.0).unwrap_err().to_string();
        assert!(error.starts_with("the loss is NaN at a = -"), "{error}");
        let slope = WithGradient(|params: &ParamValues| {
            let a = params.scalar("a");
            Ok((a, ParamValues::new().with("a", [a.recip() * f64::INFINITY])))
        });
        let error = Identifiability::at(&at, &slope, 1.0).unwrap_err().to_string();
        assert!(error.starts_with("the derivative of the loss by `a` is "), "{error}");
    }

    #[test]
    fn priors_count() {
        let nothing = |_: &ParamValues| Ok(0.0);
        let params = Params::new().with("a", Param::new(1.0).gaussian(0.0, 0.1));
        let found = Identifiability::at(&params, &nothing, 1.0).unwrap();
        assert!((found.standard_errors().unwrap()[0] - 0.1).abs() < 1e-5);
    }
}
