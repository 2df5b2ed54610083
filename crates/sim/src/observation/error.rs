//! What can be wrong with an observation.

use thiserror::Error;

use super::SensorUnit;

/// Why a signal could not be observed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ObservationError {
    /// A sample is NaN or infinite.
    #[error("sample {sample} of region {region} is {value}; what is observed must be finite")]
    NotFinite {
        /// Row, counted from the start of the run.
        sample: usize,
        /// Column, from 0.
        region: usize,
        /// What stands there.
        value: f64,
    },
    /// The hemodynamics left the finite numbers.
    #[error(
        "the BOLD signal of region {region} is not finite at {time} ms; the activity drives the flow below zero"
    )]
    Collapsed {
        /// Column, from 0.
        region: usize,
        /// Time since the start of the run, in ms.
        time: f64,
    },
    /// Steps of another length than those that are watched.
    #[error("{what} is made for steps of {given} ms, but sees one each {expected} ms")]
    Steps {
        /// What has them.
        what: &'static str,
        /// The steps that it sees, in ms.
        expected: f64,
        /// The steps that it is made for, in ms.
        given: f64,
    },
    /// A monitor that takes no derivatives back.
    #[error("this monitor has no derivatives; see `Monitor::take_back`")]
    NoDerivatives,
    /// The analysis of what was observed failed.
    #[error("{0}")]
    Analysis(String),
    /// A mistake in the parameters of the hemodynamic model.
    #[error("{0}")]
    Model(String),
    /// A number of regions differs from the one expected.
    #[error("{what} has {given} regions, {expected} are expected")]
    RegionCount {
        /// What has them.
        what: &'static str,
        /// The number expected.
        expected: usize,
        /// The number given.
        given: usize,
    },
    /// An array has another shape than it must.
    #[error("{what} has shape {given:?}, {expected:?} is expected")]
    Shape {
        /// Which array.
        what: &'static str,
        /// The shape expected.
        expected: Vec<usize>,
        /// The shape given.
        given: Vec<usize>,
    },
    /// A setting is outside its range.
    #[error("{name} is {value}, it must be {expected}")]
    Setting {
        /// Which setting.
        name: &'static str,
        /// Its value.
        value: f64,
        /// Its range, in words.
        expected: &'static str,
    },
    /// A period is not a whole number of steps.
    #[error("{name} of {period} ms is not a whole number of steps of {step} ms")]
    NotAMultiple {
        /// Which period.
        name: &'static str,
        /// Its value, in ms.
        period: f64,
        /// The step it must be a multiple of, in ms.
        step: f64,
    },
    /// A run ended before the first row was complete.
    #[error("the run of {run} ms is shorter than what the first row takes, {period} ms")]
    ShorterThanPeriod {
        /// The length of the run, in ms.
        run: f64,
        /// The sampling period, in ms.
        period: f64,
    },
    /// A signal has no value in this unit.
    #[error("a quantity in {from} cannot be given in {to}")]
    Unit {
        /// The unit it is in.
        from: SensorUnit,
        /// The unit asked for.
        to: SensorUnit,
    },
    /// A magnetic field has no reference.
    #[error("a reference is taken between electrodes; MEG has none")]
    ReferenceOfMeg,
    /// No sensor has this name.
    #[error("there is no sensor `{name}`; the sensors are {known}")]
    UnknownSensor {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A sensor that sees nothing cannot be normalised.
    #[error("the gain of sensor {sensor} is 0 for every region; it cannot be normalised")]
    SilentSensor {
        /// Its index, from 0.
        sensor: usize,
    },
    /// A noise covariance is none.
    #[error("the noise covariance is not {expected} at sensor {sensor}")]
    Covariance {
        /// The property it lacks.
        expected: &'static str,
        /// The row at which that is seen.
        sensor: usize,
    },
    /// A vertex normal is not of length 1.
    #[error("the normal of vertex {vertex} has length {length}, 1 is expected")]
    NotANormal {
        /// Its index, from 0.
        vertex: usize,
        /// Its length.
        length: f64,
    },
}

/// Checks that a setting is a positive, finite number.
pub(crate) fn check_positive(name: &'static str, value: f64) -> Result<(), ObservationError> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(ObservationError::Setting { name, value, expected: "positive and finite" })
    }
}

/// Checks that every entry of an array of settings is finite.
pub(crate) fn check_finite<'a>(
    name: &'static str,
    values: impl IntoIterator<Item = &'a f64>,
) -> Result<(), ObservationError> {
    match values.into_iter().find(|value| !value.is_finite()) {
        Some(&value) => Err(ObservationError::Setting { name, value, expected: "finite" }),
        None => Ok(()),
    }
}
