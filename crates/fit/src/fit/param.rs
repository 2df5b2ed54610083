//! A parameter of a fit.

use super::error::FitError;
use super::prior::Prior;
use super::transform::Transform;
use brainmass_core::quantity::Values;
use brainmass_sim::network::Network;

/// A parameter of a fit: its value, or one a node; whether it is fitted, how it is searched, and what is expected of it.
///
/// ```
/// use brainmass::fit::{Param, Transform};
///
/// let coupling = Param::new(0.5).sigmoid(0.0, 5.0).gaussian(1.0, 0.5);
/// let regional = Param::new(1.0).per_node(90).softplus(0.0).l2(0.01);
/// let known = Param::new(0.2).fixed();
/// assert_eq!(regional.values().len(), 90);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    values: Result<Vec<f64>, String>,
    fit: bool,
    transform: Transform,
    bounds: Option<(f64, f64)>,
    prior: Option<Prior>,
    scale: Option<f64>,
}

impl Param {
    /// Creates a parameter that is fitted from this first value, or from one value a node, in the declared unit. It is searched without a
    /// transform.
    pub fn new(value: impl Into<Values>) -> Self {
        let values = match value.into() {
            Values::Scalar(value) => Ok(vec![value]),
            Values::PerNode(values) => Ok(values),
            Values::Quantity(quantity) => Err(quantity.to_string()),
            Values::Quantities(quantities) => {
                Err(quantities.first().map_or_else(String::new, ToString::to_string))
            }
        };
        Self { values, fit: true, transform: Transform::Identity, bounds: None, prior: None, scale: None }
    }

    /// Creates a parameter from the value that a setting of a network has, by its name (see [`brainmass_sim::network::Setting`]). Where the model
    /// file gives a range, the parameter is searched within it: by `sigmoid` between two bounds, by `softplus` above one.
    ///
    /// ```
    /// use brainmass::fit::{Param, Transform};
    /// use brainmass::prelude::*;
    ///
    /// let jansen_rit = Network::from(JansenRitStep::new(1));
    /// assert_eq!(Param::of(&jansen_rit, "Ae")?.search(), Transform::Sigmoid { lower: 2.6, upper: 9.75 });
    /// # Ok::<(), brainmass::fit::FitError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The network has nothing of that name.
    pub fn of(network: &Network, name: &str) -> Result<Self, FitError> {
        let values = network.get(name).map_err(|error| FitError::Loss(error.into()))?;
        let param = Self { values: Ok(values), ..Self::new(0.0) };
        Ok(match network.range(name) {
            Some((lower, upper)) if lower.is_finite() && upper.is_finite() => param.sigmoid(lower, upper),
            Some((lower, _)) if lower.is_finite() => param.softplus(lower),
            _ => param,
        })
    }

    /// Gives each of so many nodes a value of its own, to be fitted by itself; all begin with the same value.
    pub fn per_node(mut self, nodes: usize) -> Self {
        if let Ok(values) = &mut self.values
            && let [value] = values[..]
        {
            *values = vec![value; nodes];
        }
        self
    }

    /// Keeps the parameter at its value.
    pub fn fixed(self) -> Self {
        self.fit(false)
    }

    /// Sets whether the parameter is fitted.
    pub fn fit(mut self, fit: bool) -> Self {
        self.fit = fit;
        self
    }

    /// Sets by which transform the parameter is searched.
    pub fn transform(mut self, transform: Transform) -> Self {
        self.transform = transform;
        self
    }

    /// Searches above a bound, see [`Transform::Softplus`].
    pub fn softplus(self, lower: f64) -> Self {
        self.transform(Transform::Softplus { lower })
    }

    /// Searches above a bound on a logarithmic scale, see [`Transform::Exp`].
    pub fn exp(self, lower: f64) -> Self {
        self.transform(Transform::Exp { lower })
    }

    /// Searches between two bounds, see [`Transform::Sigmoid`].
    pub fn sigmoid(self, lower: f64, upper: f64) -> Self {
        self.transform(Transform::Sigmoid { lower, upper })
    }

    /// Cuts values off at two bounds, see [`Transform::Clip`].
    pub fn clip(self, lower: f64, upper: f64) -> Self {
        self.transform(Transform::Clip { lower, upper })
    }

    /// Sets the bounds between which bounded methods search and further starts are drawn; those of the transform if not given. Other methods
    /// keep to the bounds of the transform alone.
    pub fn bounds(mut self, lower: f64, upper: f64) -> Self {
        self.bounds = Some((lower, upper));
        self
    }

    /// Sets what is expected of the values.
    pub fn prior(mut self, prior: Prior) -> Self {
        self.prior = Some(prior);
        self
    }

    /// Expects values near 0, by the penalty [`Prior::L1`].
    pub fn l1(self, weight: f64) -> Self {
        self.prior(Prior::L1 { weight })
    }

    /// Expects values near 0, by the penalty [`Prior::L2`].
    pub fn l2(self, weight: f64) -> Self {
        self.prior(Prior::L2 { weight })
    }

    /// Expects a normal distribution, by the penalty [`Prior::Gaussian`].
    pub fn gaussian(self, mean: f64, deviation: f64) -> Self {
        self.prior(Prior::Gaussian { mean, deviation })
    }

    /// Sets how far the first simplex and the first generation of CMA-ES spread around the first value, in units of the parameter. If not
    /// given, it is a fifth of the distance between the bounds; without two finite bounds a fifth of the value, or 0.2 for a value of 0.
    pub fn scale(mut self, scale: f64) -> Self {
        self.scale = Some(scale);
        self
    }

    /// Returns the values: one, or one a node. They are empty where a quantity was given, which is an error of the fit.
    pub fn values(&self) -> &[f64] {
        self.values.as_deref().unwrap_or_default()
    }

    /// Returns the transform by which the parameter is searched.
    pub fn search(&self) -> Transform {
        self.transform
    }

    /// Returns whether the parameter is fitted.
    pub fn is_fitted(&self) -> bool {
        self.fit
    }

    pub(super) fn set_values(&mut self, values: Vec<f64>) {
        self.values = Ok(values);
    }

    pub(super) fn expectation(&self) -> Option<Prior> {
        self.prior
    }

    /// Returns the bounds, infinite where there is none.
    pub(super) fn range(&self) -> (f64, f64) {
        self.bounds.unwrap_or_else(|| self.transform.bounds())
    }

    /// Describes everything that the candidates of a fit depend on.
    pub(super) fn describe(&self) -> String {
        let Self { values, fit, transform, bounds, prior, scale } = self;
        let values = values.as_ref().map_or_else(Clone::clone, |values| format!("{values:?}"));
        let mut text = format!("{values} by {transform}");
        if let Some((lower, upper)) = bounds {
            text += &format!(" from {lower} to {upper}");
        }
        if let Some(prior) = prior {
            text += &format!(" with {prior:?}");
        }
        if let Some(scale) = scale {
            text += &format!(" at the scale {scale}");
        }
        if *fit { text } else { format!("{text}, fixed") }
    }

    /// Returns the spread of first candidates around a value, in the numbers that are searched.
    pub(super) fn spread(&self, value: f64) -> f64 {
        let (lower, upper) = self.range();
        let width = upper - lower;
        let by = self.scale.unwrap_or_else(|| match value {
            _ if width.is_finite() => 0.2 * width,
            0.0 => 0.2,
            _ => 0.2 * value.abs(),
        });
        // The transform is linearised, since the value may be so near to a bound that a step is not possible.
        let slope = self.transform.inverse(value).map_or(1.0, |u| self.transform.derivative(u));
        (by / slope).min(4.0_f64.max(by))
    }

    /// Checks the parameter as a whole; messages call it by its name.
    pub(super) fn check(&self, name: &str) -> Result<(), FitError> {
        let wrong = |given: String, expected: &str| FitError::Value {
            name: name.to_owned(),
            given,
            expected: expected.to_owned(),
        };
        let values = match &self.values {
            Ok(values) if values.is_empty() => return Err(wrong("without a value".into(), "one is needed")),
            Ok(values) => values,
            Err(quantity) => {
                return Err(wrong(quantity.clone(), "a plain number, in the declared unit, is needed"));
            }
        };
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(wrong(value.to_string(), "a finite number is needed"));
        }
        if !self.transform.is_sound() {
            return Err(wrong(
                format!("searched by {}", self.transform),
                "the lower bound must be below the upper one",
            ));
        }
        if let Some(prior) = self.prior.filter(|prior| !prior.is_sound()) {
            return Err(wrong(
                format!("expected by {prior:?}"),
                "weights are not negative, deviations positive, all finite",
            ));
        }
        if let Some(scale) = self.scale.filter(|scale| !(*scale > 0.0 && scale.is_finite())) {
            return Err(wrong(format!("given the scale {scale}"), "a finite number above 0 is needed"));
        }
        let (lower, upper) = self.range();
        if lower >= upper || lower.is_nan() || upper.is_nan() {
            return Err(wrong(
                format!("bounded by {lower} and {upper}"),
                "the lower bound must be below the upper one",
            ));
        }
        let (reached_lower, reached_upper) = self.transform.bounds();
        if lower < reached_lower || upper > reached_upper {
            let expected =
                format!("its transform {} reaches from {reached_lower} to {reached_upper}", self.transform);
            return Err(wrong(format!("bounded by {lower} and {upper}"), &expected));
        }
        for &given in values {
            if self.fit && self.transform.inverse(given).is_none() {
                let range = format!("from {reached_lower} to {reached_upper}");
                let transform = self.transform.to_string();
                return Err(FitError::OutsideTransform { name: name.to_owned(), given, transform, range });
            }
            if self.fit && !(lower..=upper).contains(&given) {
                return Err(FitError::OutsideBounds { name: name.to_owned(), given, lower, upper });
            }
        }
        Ok(())
    }
}
