//! Profile likelihoods.

use super::error::FitError;
use super::fitter::Fitter;
use super::loss::FitLoss;
use super::method::Method;
use super::params::Params;
use super::values::ParamValues;
use crate::optimiser::need;
use brainmass_sim::simulator::Fingerprint;

/// A profile likelihood: the smallest loss that is possible at each of a row of values of one parameter, all others being fitted anew (Venzon &
/// Moolgavkar 1988, Raue et al. 2009). A flat profile means that the data do not determine the parameter.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The name of the parameter.
    pub name: String,
    /// Its values, ascending.
    pub values: Vec<f64>,
    /// The smallest loss at each value; `None` where every candidate failed.
    pub losses: Vec<Option<f64>>,
    /// The parameters with that loss.
    pub params: Vec<Option<ParamValues>>,
}

impl Profile {
    /// Fits all parameters but `name`, which has one value for all nodes, at `points` values of it between two numbers. Each fit starts from
    /// the result of its neighbour, outwards from the present value, and makes at most so many iterations.
    ///
    /// # Errors
    ///
    /// A name that is not fitted or has several values, fewer than two points, or an error of [`Fitter::run`].
    pub fn new(
        params: &Params,
        loss: &dyn FitLoss,
        name: &str,
        (from, to): (f64, f64),
        points: usize,
        method: impl Into<Method>,
        iterations: usize,
    ) -> Result<Self, FitError> {
        let method = method.into();
        need(points >= 2, "the number of points of a profile", points, "at least 2 are needed")?;
        need(from < to, "the range of a profile", format!("{from} to {to}"), "it must ascend")?;
        let present = match params.get(name).map(|param| param.values()) {
            Some([value]) => *value,
            Some(values) => {
                let given = format!("made of {} values", values.len());
                let expected = "a profile is of one value".to_owned();
                return Err(FitError::Value { name: name.to_owned(), given, expected });
            }
            None => {
                let known: Vec<String> = params.iter().map(|(name, _)| name.to_owned()).collect();
                let hint =
                    brainmass_spec::problem::suggestion(name, "parameters", known.iter().map(String::as_str));
                return Err(FitError::Unknown { given: name.to_owned(), hint });
            }
        };
        let values: Vec<f64> =
            (0..points).map(|point| from + (to - from) * point as f64 / (points - 1) as f64).collect();
        let middle = values.partition_point(|value| *value < present);
        let mut profile =
            Self { name: name.to_owned(), values, losses: vec![None; points], params: vec![None; points] };
        let mut upwards = params.clone();
        for point in middle..points {
            upwards = profile.fit(point, upwards, loss, &method, iterations)?;
        }
        let mut downwards = params.clone();
        for point in (0..middle).rev() {
            downwards = profile.fit(point, downwards, loss, &method, iterations)?;
        }
        Ok(profile)
    }

    /// Fits at a point; returns the parameters from which its neighbour starts.
    fn fit(
        &mut self,
        point: usize,
        from: Params,
        loss: &dyn FitLoss,
        method: &Method,
        iterations: usize,
    ) -> Result<Params, FitError> {
        let held = from.clone().holding(&self.name, self.values[point]);
        if held.dimension() == 0 {
            let values = held.values();
            let value = loss.value(&values).ok().filter(|value| value.is_finite());
            self.losses[point] = value;
            self.params[point] = value.map(|_| values);
            return Ok(from);
        }
        match Fitter::new(held, SharedLoss(loss)).method(method.clone()).iterations(iterations).run() {
            Ok(fit) => {
                self.losses[point] = Some(fit.loss);
                self.params[point] = Some(fit.best.clone());
                Ok(fit.params())
            }
            Err(FitError::EveryCandidateFailed { .. }) => Ok(from),
            Err(error) => Err(error),
        }
    }

    /// Returns the interval around the best value in which the loss lies within `rise` of its minimum: the values that the data allow. For a
    /// negative log likelihood, a rise of 1.92 (half the 95 % point of chi squared) gives the 95 % confidence interval. Between points the
    /// profile is interpolated; an end that it does not reach is `None`.
    pub fn interval(&self, rise: f64) -> (Option<f64>, Option<f64>) {
        let known: Vec<(f64, f64)> = self
            .values
            .iter()
            .zip(&self.losses)
            .filter_map(|(value, loss)| Some((*value, (*loss)?)))
            .collect();
        let Some(best) = (0..known.len()).min_by(|a, b| known[*a].1.total_cmp(&known[*b].1)) else {
            return (None, None);
        };
        let level = known[best].1 + rise;
        let crossing = |inner: (f64, f64), outer: (f64, f64)| {
            (outer.1 > level).then(|| inner.0 + (outer.0 - inner.0) * (level - inner.1) / (outer.1 - inner.1))
        };
        let upper = (best + 1..known.len()).find_map(|index| crossing(known[index - 1], known[index]));
        let lower = (0..best).rev().find_map(|index| crossing(known[index + 1], known[index]));
        (lower, upper)
    }
}

/// A loss that several fits use in turn.
struct SharedLoss<'l>(&'l dyn FitLoss);

impl FitLoss for SharedLoss<'_> {
    fn value(&self, params: &ParamValues) -> Result<f64, super::LossError> {
        self.0.value(params)
    }

    fn value_and_gradient(
        &self,
        params: &ParamValues,
        by: &[&str],
    ) -> Result<(f64, ParamValues), super::LossError> {
        self.0.value_and_gradient(params, by)
    }

    fn has_gradient(&self) -> Result<(), String> {
        self.0.has_gradient()
    }

    fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::{Lbfgs, NelderMead, Param, WithGradient};

    /// The loss `a^2/2 + b^2/2 - a b/2`, whose minimum over b is `3 a^2/8`.
    fn bowl(params: &ParamValues) -> Result<(f64, ParamValues), super::super::LossError> {
        let (a, b) = (params.scalar("a"), params.scalar("b"));
        let gradient = ParamValues::new().with("a", [a - 0.5 * b]).with("b", [b - 0.5 * a]);
        Ok((0.5 * (a * a + b * b - a * b), gradient))
    }

    #[test]
    fn the_profile_of_a_bowl_is_its_lower_edge() {
        let params = Params::new().with("a", Param::new(0.1)).with("b", Param::new(0.3));
        let profile =
            Profile::new(&params, &WithGradient(bowl), "a", (-2.0, 2.0), 9, Lbfgs::default(), 50).unwrap();
        for (value, loss) in profile.values.iter().zip(&profile.losses) {
            assert!((loss.unwrap() - 0.375 * value * value).abs() < 1e-9, "{value}: {loss:?}");
        }
        // Between points the edge is taken for straight: 0.84375 at 1.5 and 1.5 at 2.
        let (lower, upper) = profile.interval(1.0);
        let expected = 1.5 + 0.5 * (1.0 - 0.84375) / (1.5 - 0.84375);
        assert!((upper.unwrap() - expected).abs() < 1e-6 && (lower.unwrap() + expected).abs() < 1e-6);
        assert_eq!(profile.interval(5.0), (None, None));
    }

    #[test]
    fn the_profile_of_a_single_parameter_is_the_loss_itself() {
        let loss = |params: &ParamValues| Ok(params.scalar("a").powi(2));
        let params = Params::new().with("a", Param::new(0.0));
        let profile = Profile::new(&params, &loss, "a", (0.0, 2.0), 3, NelderMead::default(), 10).unwrap();
        assert_eq!(profile.losses, [Some(0.0), Some(1.0), Some(4.0)]);
    }

    #[test]
    fn a_profile_is_of_one_value_that_is_there() {
        let loss = |_: &ParamValues| Ok(0.0);
        let params = Params::new().with("a", Param::new([0.0, 1.0]));
        let error = |name| {
            Profile::new(&params, &loss, name, (0.0, 1.0), 3, NelderMead::default(), 1)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(error("a"), "the parameter `a` is made of 2 values; a profile is of one value");
        assert!(error("b").contains("there is no parameter `b`"));
    }
}
