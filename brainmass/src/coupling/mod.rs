//! Coupling rules: how what nodes send becomes an input of others.
//!
//! The rules themselves are model files (`models/coupling`), compiled like all others.

use std::panic::Location;

use ndarray::{Array1, ArrayView1, ArrayView2};
use thiserror::Error;

use crate::any::AnyRule;
use crate::info::ModelInfo;
use crate::kernel::CouplingKernel;
use crate::population::hint;
use crate::quantity::Values;

/// A value that a rule cannot take.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{rule}: {problem} (set at {place})")]
pub struct RuleError {
    /// The rule.
    pub rule: &'static str,
    /// What is wrong.
    pub problem: String,
    /// The file and line of the call.
    pub place: String,
}

/// The parameters of a rule: one value, or one a receiving node.
#[derive(Debug, Clone)]
pub struct Settings {
    info: &'static ModelInfo,
    values: Vec<Vec<f64>>,
    error: Option<RuleError>,
}

impl Settings {
    /// The defaults.
    pub fn new(info: &'static ModelInfo) -> Self {
        let values = info.parameters.iter().map(|parameter| vec![parameter.default]).collect();
        Self { info, values, error: None }
    }

    /// The rule's catalogue entry.
    pub fn info(&self) -> &'static ModelInfo {
        self.info
    }

    /// The values of a parameter: one, or one a receiving node.
    pub fn values(&self, index: usize) -> &[f64] {
        &self.values[index]
    }

    /// Sets a parameter. Rules count in the units of what they couple: quantities are refused.
    #[track_caller]
    pub fn set(&mut self, index: usize, values: Values) {
        let name = self.info.parameters[index].name;
        let problem = match values {
            Values::Scalar(value) if value.is_finite() => {
                self.values[index] = vec![value];
                return;
            }
            Values::PerNode(values) if values.iter().all(|value| value.is_finite()) => {
                self.values[index] = values;
                return;
            }
            Values::Scalar(_) | Values::PerNode(_) => format!("`{name}` must be finite"),
            Values::Quantity(_) | Values::Quantities(_) => {
                format!("`{name}` is a plain number, in the units of the signals that it couples")
            }
        };
        let place = Location::caller();
        let place = format!("{}:{}", place.file(), place.line());
        self.error.get_or_insert(RuleError { rule: self.info.name, problem, place });
    }

    /// # Errors
    ///
    /// The first value given that cannot be taken.
    pub fn check(&self) -> Result<(), RuleError> {
        self.error.clone().map_or(Ok(()), Err)
    }
}

/// A coupling rule with its parameters: what every generated rule struct is.
pub trait Rule: CouplingKernel + Clone {
    /// Its parameters.
    fn settings(&self) -> &Settings;
    /// Its parameters, to be changed.
    fn settings_mut(&mut self) -> &mut Settings;

    /// Sets a parameter by its name.
    ///
    /// # Errors
    ///
    /// The rule has no such parameter.
    #[track_caller]
    fn parameter(&mut self, name: &str, value: impl Into<Values>) -> Result<(), String> {
        let index = Self::INFO.parameter(name).ok_or_else(|| {
            hint(name, "parameters", Self::INFO.parameters.iter().map(|parameter| parameter.name))
        })?;
        self.settings_mut().set(index, value.into());
        Ok(())
    }
}

/// Arrays of shapes that do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the {what} have shape {given:?}; weights of shape {weights:?} need {expected:?}")]
pub struct ShapeError {
    /// What has the wrong shape.
    pub what: &'static str,
    /// The shape given.
    pub given: Vec<usize>,
    /// The shape of the weights, (target, source).
    pub weights: Vec<usize>,
    /// The shape needed.
    pub expected: Vec<usize>,
}

/// What a rule makes of given values, one number a target: `post(sum over j of W_ij pre(y_i, x_ij))`.
///
/// `weights` W and `sending` x are (target, source): x_ij is what target i sees of source j, so that values delayed differently can be
/// given; `receiving` y has one value a target. Nothing is made of the diagonal, and rules on the graph Laplacian take `weights` to be it.
///
/// ```
/// use brainmass::coupling::currents;
/// use brainmass::zoo::coupling::Diffusive;
/// use ndarray::array;
///
/// let weights = array![[0.0, 2.0], [1.0, 0.0]];
/// let sending = array![[0.0, 3.0], [1.0, 0.0]];
/// let out = currents(&Diffusive::new().k(0.5), weights.view(), sending.view(), array![1.0, 3.0].view())?;
/// assert_eq!(out, array![2.0, -1.0]);
/// # Ok::<(), brainmass::coupling::ShapeError>(())
/// ```
///
/// # Errors
///
/// The shapes do not fit together.
pub fn currents(
    rule: &dyn AnyRule,
    weights: ArrayView2<f64>,
    sending: ArrayView2<f64>,
    receiving: ArrayView1<f64>,
) -> Result<Array1<f64>, ShapeError> {
    let (targets, sources) = weights.dim();
    let fits = |what, given: &[usize], expected: &[usize]| {
        let shape = || ShapeError {
            what,
            given: given.to_vec(),
            weights: vec![targets, sources],
            expected: expected.to_vec(),
        };
        if given == expected { Ok(()) } else { Err(shape()) }
    };
    fits("values sent", sending.shape(), &[targets, sources])?;
    fits("values of the receivers", receiving.shape(), &[targets])?;
    for (index, parameter) in rule.info().parameters.iter().enumerate() {
        let values = rule.settings().values(index).len();
        if values != 1 {
            fits(parameter.name, &[values], &[targets])?;
        }
    }
    let mut terms = vec![0.0; sources];
    let sums: Vec<f64> = (0..targets)
        .map(|target| {
            rule.pre(target, receiving[target], &sending.row(target).to_vec(), &mut terms);
            weights.row(target).iter().zip(&terms).map(|(weight, term)| weight * term).sum()
        })
        .collect();
    let mut out = vec![0.0; targets];
    rule.post(&sums, &mut out);
    Ok(Array1::from(out))
}
