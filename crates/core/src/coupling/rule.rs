//! A coupling rule with its parameters.

use std::panic::Location;

use brainmass_spec::problem::suggestion;
use thiserror::Error;

use crate::info::ModelInfo;
use crate::kernel::CouplingKernel;
use crate::quantity::Values;
use crate::shared::{Shared, Text};

/// The error of a value that a coupling rule cannot take.
#[derive(Clone, PartialEq, Error)]
#[error("{rule}: {problem} (set at {place})")]
pub struct RuleError {
    /// The name of the rule.
    pub rule: Text,
    /// The fault of the value.
    pub problem: String,
    /// The file and line of the call that gave it.
    pub place: String,
}

/// The parameters of a coupling rule, each with one value, or with one a target node.
#[derive(Debug, Clone)]
pub struct Settings {
    info: Shared<ModelInfo>,
    values: Vec<Vec<f64>>,
    error: Option<RuleError>,
}

impl Settings {
    /// The default parameters of a rule.
    pub fn new(info: impl Into<Shared<ModelInfo>>) -> Self {
        let info = info.into();
        let values = info.parameters.iter().map(|parameter| vec![parameter.default]).collect();
        Self { info, values, error: None }
    }

    /// The catalogue entry of the rule.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The catalogue entry of the rule, to be kept.
    pub fn shared_info(&self) -> Shared<ModelInfo> {
        self.info.clone()
    }

    /// The values of a parameter: one, or one a target node.
    pub fn values(&self, index: usize) -> &[f64] {
        &self.values[index]
    }

    /// Sets a parameter. Rules compute in the units of what they couple, so that quantities with units are refused. The first value that cannot
    /// be taken is kept and reported by [`Settings::check`].
    #[track_caller]
    pub fn set(&mut self, index: usize, values: Values) {
        let name = &self.info.parameters[index].name;
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
        self.error.get_or_insert(RuleError { rule: self.info.name.clone(), problem, place });
    }

    /// Reports the first value given that cannot be taken.
    ///
    /// # Errors
    ///
    /// There is such a value.
    pub fn check(&self) -> Result<(), RuleError> {
        self.error.clone().map_or(Ok(()), Err)
    }
}

/// A coupling rule with its parameters: every generated struct of a rule implements this.
pub trait Rule: CouplingKernel + Clone {
    /// The parameters.
    fn settings(&self) -> &Settings;
    /// The parameters, to be changed.
    fn settings_mut(&mut self) -> &mut Settings;

    /// Sets a parameter by its name.
    ///
    /// # Errors
    ///
    /// The rule has no such parameter.
    #[track_caller]
    fn parameter(&mut self, name: &str, value: impl Into<Values>) -> Result<(), String> {
        let index = Self::INFO.parameter(name).ok_or_else(|| {
            suggestion(name, "parameters", Self::INFO.parameters.iter().map(|parameter| &parameter.name))
        })?;
        self.settings_mut().set(index, value.into());
        Ok(())
    }
}

brainmass_spec::debug_as_text!(RuleError);
