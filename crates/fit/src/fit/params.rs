//! The parameters of a fit, and how they become one vector of numbers.

use brainmass_spec::problem::suggestion;

use super::error::FitError;
use super::param::Param;
use super::values::ParamValues;

/// Parameters by name, in the order in which they were given.
///
/// ```
/// use brainmass::fit::{Param, Params};
///
/// let params = Params::new()
///     .with("a", Param::new(0.1).sigmoid(0.0, 5.0))
///     .with("k", Param::new([0.5, 0.7]).softplus(0.0))
///     .with("w", Param::new(0.2).fixed());
/// assert_eq!(params.dimension(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Params {
    entries: Vec<(String, Param)>,
}

impl Params {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter.
    pub fn with(mut self, name: impl Into<String>, param: Param) -> Self {
        self.entries.push((name.into(), param));
        self
    }

    /// Returns the parameter of a name.
    pub fn get(&self, name: &str) -> Option<&Param> {
        self.entries.iter().find(|(known, _)| known == name).map(|(_, param)| param)
    }

    /// Returns names and parameters.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Param)> {
        self.entries.iter().map(|(name, param)| (&name[..], param))
    }

    /// Returns the names of the parameters that are fitted.
    pub fn fitted(&self) -> impl Iterator<Item = &str> {
        self.iter().filter(|(_, param)| param.is_fitted()).map(|(name, _)| name)
    }

    /// Returns how many numbers are fitted.
    pub fn dimension(&self) -> usize {
        self.searched().count()
    }

    /// Returns a label for each fitted number: `a`, `k[0]`, `k[1]`.
    pub fn labels(&self) -> Vec<String> {
        let fitted = self.iter().filter(|(_, param)| param.is_fitted());
        let labels = fitted.flat_map(|(name, param)| {
            let several = param.values().len() > 1;
            let label =
                move |index: usize| if several { format!("{name}[{index}]") } else { name.to_owned() };
            (0..param.values().len()).map(label)
        });
        labels.collect()
    }

    /// Returns the present values of all parameters.
    pub fn values(&self) -> ParamValues {
        ParamValues(self.iter().map(|(name, param)| (name.to_owned(), param.values().to_vec())).collect())
    }

    /// Returns the same parameters at other values, such as those that a fit found.
    ///
    /// # Errors
    ///
    /// A name that does not exist, or another number of values.
    pub fn at(mut self, values: &ParamValues) -> Result<Self, FitError> {
        for (name, numbers) in values.iter() {
            let known: Vec<String> = self.iter().map(|(name, _)| name.to_owned()).collect();
            let Some((_, param)) = self.entries.iter_mut().find(|(known, _)| known == name) else {
                let hint = suggestion(name, "parameters", known.iter().map(String::as_str));
                return Err(FitError::Unknown { given: name.to_owned(), hint });
            };
            if param.values().len() != numbers.len() {
                return Err(FitError::Value {
                    name: name.to_owned(),
                    given: format!("given {} values", numbers.len()),
                    expected: format!("it has {}", param.values().len()),
                });
            }
            param.set_values(numbers.to_vec());
        }
        Ok(self)
    }

    /// Checks all parameters, and that one is fitted.
    ///
    /// # Errors
    ///
    /// The first parameter that is wrong, or that there is nothing to fit.
    pub(super) fn check(&self) -> Result<(), FitError> {
        for (index, (name, param)) in self.entries.iter().enumerate() {
            if self.entries[..index].iter().any(|(other, _)| other == name) {
                return Err(FitError::Twice { name: name.clone() });
            }
            param.check(name)?;
        }
        if self.dimension() == 0 {
            let names: Vec<String> = self.entries.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Err(FitError::NothingToFit { known: names.join(", ") });
        }
        Ok(())
    }

    /// Returns for each fitted number its parameter and its present value.
    fn searched(&self) -> impl Iterator<Item = (&Param, f64)> {
        let fitted = self.entries.iter().map(|(_, param)| param).filter(|param| param.is_fitted());
        fitted.flat_map(|param| param.values().iter().map(move |value| (param, *value)))
    }

    /// Returns the fitted numbers.
    pub(super) fn flat(&self) -> Vec<f64> {
        self.searched().map(|(_, value)| value).collect()
    }

    /// Returns the bounds of the fitted numbers, infinite where there is none.
    pub(super) fn ranges(&self) -> Vec<(f64, f64)> {
        self.searched().map(|(param, _)| param.range()).collect()
    }

    /// Returns the same parameters with one of them fixed at a value.
    pub(super) fn holding(mut self, name: &str, value: f64) -> Self {
        if let Some((_, param)) = self.entries.iter_mut().find(|(known, _)| known == name) {
            *param = param.clone().fixed();
            param.set_values(vec![value]);
        }
        self
    }

    /// Applies the inverse transforms to fitted numbers.
    pub(super) fn unconstrained(&self, flat: &[f64]) -> Vec<f64> {
        let numbers = self.searched().zip(flat);
        // A number on a bound that only a bounded method reaches is infinitely far away.
        numbers.map(|((param, _), value)| param.search().inverse(*value).unwrap_or(f64::NAN)).collect()
    }

    /// Applies the transforms, which gives fitted numbers.
    pub(super) fn constrained(&self, u: &[f64]) -> Vec<f64> {
        self.searched().zip(u).map(|((param, _), u)| param.search().value(*u)).collect()
    }

    /// Returns the derivatives of the transforms.
    pub(super) fn slopes(&self, u: &[f64]) -> Vec<f64> {
        self.searched().zip(u).map(|((param, _), u)| param.search().derivative(*u)).collect()
    }

    /// Moves every `u` to where its value still changes.
    pub(super) fn project(&self, u: &mut [f64]) {
        self.searched().zip(u).for_each(|((param, _), u)| *u = param.search().project(*u));
    }

    /// Returns how far the first candidates spread along each number.
    pub(super) fn spreads(&self) -> Vec<f64> {
        self.searched().map(|(param, value)| param.spread(value)).collect()
    }

    /// Returns the finite bounds of the fitted numbers, for `needed_by`, which cannot do without.
    pub(super) fn bounds(&self, needed_by: &str) -> Result<Vec<(f64, f64)>, FitError> {
        let mut bounds = Vec::new();
        for (name, param) in self.iter().filter(|(_, param)| param.is_fitted()) {
            let (lower, upper) = param.range();
            if !(lower.is_finite() && upper.is_finite()) {
                let has = match (lower.is_finite(), upper.is_finite()) {
                    (true, false) => format!("only a lower one, {lower}"),
                    (false, true) => format!("only an upper one, {upper}"),
                    _ => "none".to_owned(),
                };
                return Err(FitError::NoBounds {
                    name: name.to_owned(),
                    needed_by: needed_by.to_owned(),
                    has,
                });
            }
            bounds.extend(param.values().iter().map(|_| (lower, upper)));
        }
        Ok(bounds)
    }

    /// Returns the values of all parameters, given the fitted numbers.
    pub(super) fn named(&self, flat: &[f64]) -> ParamValues {
        let mut rest = flat;
        let named = self.iter().map(|(name, param)| {
            let mut values = param.values().to_vec();
            if param.is_fitted() {
                let (own, others) = rest.split_at(values.len());
                values.copy_from_slice(own);
                rest = others;
            }
            (name.to_owned(), values)
        });
        ParamValues(named.collect())
    }

    /// Returns the derivatives by the fitted numbers from those by name; 0 by a parameter that `derivatives` does not name.
    ///
    /// # Errors
    ///
    /// Derivatives by a name that does not exist, or another number of them.
    pub(super) fn flat_derivatives(&self, derivatives: &ParamValues) -> Result<Vec<f64>, String> {
        for (name, given) in derivatives.iter() {
            let expected = self.get(name).map(|param| param.values().len());
            if expected != Some(given.len()) {
                let expected = expected
                    .map_or_else(|| "there is no such parameter".into(), |n| format!("it has {n} values"));
                return Err(format!("the loss gives {} derivatives by `{name}`; {expected}", given.len()));
            }
        }
        let fitted = self.iter().filter(|(_, param)| param.is_fitted());
        let flat = fitted.flat_map(|(name, param)| {
            derivatives.get(name).map_or_else(|| vec![0.0; param.values().len()], <[f64]>::to_vec)
        });
        Ok(flat.collect())
    }

    /// Returns what the priors add to the loss.
    pub(super) fn penalty(&self, flat: &[f64]) -> f64 {
        let numbers = self.searched().zip(flat);
        numbers.filter_map(|((param, _), value)| Some(param.expectation()?.penalty(*value))).sum()
    }

    /// Returns the derivatives of the penalty by the fitted numbers.
    pub(super) fn penalty_derivatives(&self, flat: &[f64]) -> Vec<f64> {
        let numbers = self.searched().zip(flat);
        numbers
            .map(|((param, _), value)| param.expectation().map_or(0.0, |prior| prior.derivative(*value)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params() -> Params {
        Params::new()
            .with("a", Param::new(0.5).sigmoid(0.0, 2.0).gaussian(1.0, 0.5))
            .with("w", Param::new([0.2, 0.4]).fixed())
            .with("k", Param::new([1.0, 3.0]).softplus(0.0).l2(0.1))
    }

    #[test]
    fn fixed_values_stay_out_of_the_vector_and_in_the_names() {
        let params = params();
        assert_eq!(params.labels(), ["a", "k[0]", "k[1]"]);
        assert_eq!(params.flat(), [0.5, 1.0, 3.0]);
        let named = params.named(&[0.6, 4.0, 5.0]);
        assert_eq!((named.scalar("a"), &named["w"], &named["k"]), (0.6, &[0.2, 0.4][..], &[4.0, 5.0][..]));
        assert_eq!(named.to_string(), "a = 0.6, w = [0.2, 0.4], k = [4, 5]");
        assert_eq!(format!("{named:.2}"), "a = 0.60, w = [0.20, 0.40], k = [4.00, 5.00]");
    }

    #[test]
    fn values_come_back_from_the_unconstrained_vector() {
        let params = params();
        let back = params.constrained(&params.unconstrained(&params.flat()));
        assert!(back.iter().zip(params.flat()).all(|(back, value)| (back - value).abs() < 1e-12));
    }

    #[test]
    fn the_penalty_is_the_sum_over_the_fitted_values() {
        // (0.5 - 1)^2/(2 0.5^2) + 0.1 (1^2 + 3^2)
        assert!((params().penalty(&[0.5, 1.0, 3.0]) - 1.5).abs() < 1e-15);
        assert_eq!(params().penalty_derivatives(&[0.5, 1.0, 3.0]), [-2.0, 0.2, 0.6000000000000001]);
    }

    #[test]
    fn derivatives_by_what_is_fixed_are_left_out() {
        let given = ParamValues::new().with("w", [9.0, 9.0]).with("k", [1.0, 2.0]);
        assert_eq!(params().flat_derivatives(&given).unwrap(), [0.0, 1.0, 2.0]);
        let error = params().flat_derivatives(&ParamValues::new().with("k", [1.0])).unwrap_err();
        assert_eq!(error, "the loss gives 1 derivatives by `k`; it has 2 values");
    }

    #[test]
    fn mistakes_name_the_parameter_and_what_is_allowed() {
        let message = |param: Param| Params::new().with("a", param).check().unwrap_err().to_string();
        assert_eq!(message(Param::new(1.0).fixed()), "there is nothing to fit: `a` are all fixed");
        assert_eq!(
            message(Param::new(3.0).sigmoid(0.0, 2.0)),
            "the parameter `a` starts at 3, which is outside of what its transform sigmoid(0, 2) reaches: from 0 to 2"
        );
        assert_eq!(
            message(Param::new(3.0).bounds(0.0, 2.0)),
            "the parameter `a` starts at 3, which is not between its bounds 0 and 2"
        );
        assert!(message(Param::new(f64::NAN)).contains("is NaN; a finite number"));
        assert!(message(Param::new(1.0).sigmoid(2.0, 0.0)).contains("the lower bound must be below"));
        assert!(message(Param::new(1.0).softplus(0.0).bounds(-1.0, 2.0)).contains("reaches from 0 to inf"));
        assert!(message(Param::new(1.0).gaussian(0.0, 0.0)).contains("deviations positive"));
        let twice = Params::new().with("a", Param::new(1.0)).with("a", Param::new(1.0)).check();
        assert_eq!(twice.unwrap_err().to_string(), "the parameter `a` is given twice");
        assert!(Params::new().check().unwrap_err().to_string().contains("no parameter was given"));
        let unbounded = Params::new().with("k", Param::new(1.0).softplus(0.0)).bounds("pso").unwrap_err();
        assert_eq!(
            unbounded.to_string(),
            "pso needs finite bounds of every parameter that is fitted, and `k` has only a lower one, 0; give them with `bounds(lower, upper)`"
        );
        let other = Params::new().with("omega", Param::new(1.0)).at(&ParamValues::new().with("omga", [1.0]));
        assert!(other.unwrap_err().to_string().contains("omega"));
    }
}
