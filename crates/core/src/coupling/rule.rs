//! A coupling rule with its parameters.

use std::panic::Location;

use brainmass_spec::problem::suggestion;
use thiserror::Error;

use crate::info::ModelInfo;
use crate::kernel::CouplingKernel;
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
            suggestion(name, "parameters", Self::INFO.parameters.iter().map(|parameter| parameter.name))
        })?;
        self.settings_mut().set(index, value.into());
        Ok(())
    }
}
