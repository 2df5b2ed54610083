//! Mistakes in observations.

use thiserror::Error;

use super::sensor_unit::SensorUnit;

/// The reason why a signal could not be observed.
#[derive(Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ObservationError {
    /// A sample is NaN or infinite.
    #[error("sample {sample} of region {region} is {value}; what is observed must be finite")]
    NotFinite {
        /// The row, counted from the start of the run.
        sample: usize,
        /// The column, from 0.
        region: usize,
        /// The value.
        value: f64,
    },
    /// The hemodynamics left the finite numbers.
    #[error(
        "the BOLD signal of region {region} is not finite at {time} ms; the activity drives the flow below zero"
    )]
    Collapsed {
        /// The column, from 0.
        region: usize,
        /// The time since the start of the run, in ms.
        time: f64,
    },
    /// Steps of another length than those that are observed.
    #[error("{what} is made for steps of {given} ms, but sees one each {expected} ms")]
    Steps {
        /// The instrument.
        what: &'static str,
        /// The steps that it observes, in ms.
        expected: f64,
        /// The steps that it is made for, in ms.
        given: f64,
    },
    /// A monitor without derivatives.
    #[error("this monitor has no derivatives; see `Monitor::vjp`")]
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
        /// The array or object with these regions.
        what: &'static str,
        /// The number expected.
        expected: usize,
        /// The number given.
        given: usize,
    },
    /// An array has another shape than it must.
    #[error("{what} has shape {given:?}, {expected:?} is expected")]
    Shape {
        /// The array.
        what: &'static str,
        /// The shape expected.
        expected: Vec<usize>,
        /// The shape given.
        given: Vec<usize>,
    },
    /// A setting is outside its range.
    #[error("{name} is {value}, it must be {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// The value of the setting.
        value: f64,
        /// The range of the setting, in words.
        expected: &'static str,
    },
    /// A period is not a whole number of steps.
    #[error("{name} of {period} ms is not a whole number of steps of {step} ms")]
    NotAMultiple {
        /// The period, in words.
        name: &'static str,
        /// The value of the period, in ms.
        period: f64,
        /// The step that it must be a multiple of, in ms.
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
    /// A potential was to be given in a unit of a magnetic field, or the reverse.
    #[error("a quantity in {from} cannot be given in {to}")]
    Unit {
        /// The unit of the signal.
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
        /// The index, from 0.
        sensor: usize,
    },
    /// A matrix is no covariance of noise.
    #[error("the noise covariance is not {expected} at sensor {sensor}")]
    Covariance {
        /// The property that it lacks.
        expected: &'static str,
        /// The row at which this is seen.
        sensor: usize,
    },
    /// A vertex normal is not of length 1.
    #[error("the normal of vertex {vertex} has length {length}, 1 is expected")]
    NotANormal {
        /// The index, from 0.
        vertex: usize,
        /// The length of the normal.
        length: f64,
    },
}

/// Checks that a setting is a positive, finite number. `name` is the word by which the message calls it.
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

brainmass_spec::debug_as_text!(ObservationError);
