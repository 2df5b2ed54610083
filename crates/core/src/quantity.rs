//! Numbers with units, checked where they are used.
//!
//! A plain number is in the unit that the model declares. A quantity, `3.25.mv()`, carries its own and is converted; one of the wrong
//! kind is an error of the run, never a silent factor.

use brainmass_spec::model::NamedUnit;
use brainmass_spec::unit::{Unit, UnitError};
use brainmass_spec::values::advice;
use ndarray::Array1;
use thiserror::Error;

/// A number with a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    unit: Unit,
    text: String,
}

impl Quantity {
    /// Makes a number in a unit given as text: `Quantity::new(270.0, "Hz/nA")`.
    ///
    /// # Errors
    ///
    /// The text is no unit.
    pub fn new(value: f64, unit: &str) -> Result<Self, UnitError> {
        Ok(Self { value, unit: Unit::parse(unit)?, text: unit.to_owned() })
    }

    /// Converts the number to another unit; `None` where the two measure different things, and where one counts cycles and the other
    /// radians: `10 Hz` are no `10 rad/s`.
    pub fn in_unit(&self, unit: &str) -> Option<f64> {
        self.unit.convert(self.value, Unit::parse(unit).ok()?).ok()
    }

    /// Says what to write in place of a quantity that cannot be converted to `unit`, where that can be known; it goes on after the message.
    pub fn advice(&self, unit: &str) -> String {
        let named = |unit, text: &str| NamedUnit { unit, text: text.to_owned() };
        let wanted = Unit::parse(unit).map(|parsed| named(parsed, unit)).ok();
        let advice = wanted.and_then(|wanted| advice(self.value, &named(self.unit, &self.text), &wanted));
        advice.map_or_else(String::new, |advice| format!("; {advice}"))
    }

    /// The unit as it was written.
    pub fn unit(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.value, self.text)
    }
}

impl std::str::FromStr for Quantity {
    type Err = String;

    /// Reads a text such as `3.25 mV`; a plain number is dimensionless.
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = brainmass_spec::unit::Quantity::parse(text)?;
        let unit = if parsed.unit.is_empty() { "1" } else { &parsed.unit };
        Self::new(parsed.value, unit).map_err(|error| error.to_string())
    }
}

macro_rules! units {
    ($($(#[$doc:meta])* $method:ident = $unit:literal;)*) => {
        /// Units behind numbers, as in `10.0.ms()` and `3.25.mv()`.
        pub trait Units {
            $($(#[$doc])* fn $method(self) -> Quantity;)*
        }

        impl Units for f64 {
            $(fn $method(self) -> Quantity {
                let unit = Unit::parse($unit).unwrap_or(Unit::ONE);
                Quantity { value: self, unit, text: $unit.to_owned() }
            })*
        }

        #[cfg(test)]
        const UNITS: &[&str] = &[$($unit),*];
    };
}

units! {
    /// Milliseconds.
    ms = "ms";
    /// Seconds.
    s = "s";
    /// Minutes.
    minutes = "min";
    /// Hertz, 1/s.
    hz = "Hz";
    /// Kilohertz, 1/ms.
    khz = "kHz";
    /// Per millisecond.
    per_ms = "1/ms";
    /// Radians per millisecond.
    rad_per_ms = "rad/ms";
    /// Radians per second.
    rad_per_s = "rad/s";
    /// Volts.
    v = "V";
    /// Millivolts.
    mv = "mV";
    /// Microvolts.
    uv = "uV";
    /// Millivolts per second.
    mv_per_s = "mV/s";
    /// Nanoamperes.
    na = "nA";
    /// Picoamperes.
    pa = "pA";
    /// Nanosiemens.
    ns = "nS";
    /// Hertz per nanoampere.
    hz_per_na = "Hz/nA";
    /// Nanoamperes per hertz.
    na_per_hz = "nA/Hz";
    /// Millimetres.
    mm = "mm";
    /// Millimetres per millisecond, the same as metres per second.
    mm_per_ms = "mm/ms";
}

/// One value for all nodes, or one value a node, as plain numbers or with units.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// One value for all nodes, in the declared unit.
    Scalar(f64),
    /// One value a node, in the declared unit.
    PerNode(Vec<f64>),
    /// One value for all nodes, with its unit.
    Quantity(Quantity),
    /// One value a node, each with its unit.
    Quantities(Vec<Quantity>),
}

/// Why values cannot be taken for some nodes. The message goes on after the name of what the values are for.
#[derive(Clone, PartialEq, Error)]
pub enum ValuesError {
    /// A quantity whose unit measures something else than the unit needed.
    #[error("is {given}, which cannot be converted to {expected}{}", given.advice(expected))]
    Unit {
        /// The value given.
        given: Quantity,
        /// The unit needed.
        expected: String,
    },
    /// A number of values that is neither one nor the number of nodes.
    #[error("has {given} values for {nodes} nodes; give one, or one a node")]
    Length {
        /// The number of values given.
        given: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// A value that is NaN or infinite.
    #[error("is {given} at node {node}; a finite number is needed")]
    NotFinite {
        /// The value given.
        given: f64,
        /// The node.
        node: usize,
    },
}

impl Values {
    /// Converts the values to one value a node in `unit`.
    ///
    /// # Errors
    ///
    /// A quantity cannot be converted, the number of values is neither one nor `nodes`, or a value is not finite.
    pub fn per_node(&self, unit: &str, nodes: usize) -> Result<Vec<f64>, ValuesError> {
        let converted = |given: &Quantity| {
            let fault = || ValuesError::Unit { given: given.clone(), expected: unit.to_owned() };
            given.in_unit(unit).ok_or_else(fault)
        };
        let values = match self {
            Self::Scalar(value) => vec![*value; nodes],
            Self::Quantity(quantity) => vec![converted(quantity)?; nodes],
            Self::PerNode(values) => values.clone(),
            Self::Quantities(values) => values.iter().map(converted).collect::<Result<_, _>>()?,
        };
        if values.len() != nodes {
            return Err(ValuesError::Length { given: values.len(), nodes });
        }
        match values.iter().position(|value| !value.is_finite()) {
            Some(node) => Err(ValuesError::NotFinite { given: values[node], node }),
            None => Ok(values),
        }
    }
}

impl From<f64> for Values {
    fn from(value: f64) -> Self {
        Self::Scalar(value)
    }
}

impl From<Quantity> for Values {
    fn from(value: Quantity) -> Self {
        Self::Quantity(value)
    }
}

impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Self {
        Self::PerNode(values)
    }
}

impl From<&[f64]> for Values {
    fn from(values: &[f64]) -> Self {
        Self::PerNode(values.to_vec())
    }
}

impl<const N: usize> From<[f64; N]> for Values {
    fn from(values: [f64; N]) -> Self {
        Self::PerNode(values.to_vec())
    }
}

impl From<Array1<f64>> for Values {
    fn from(values: Array1<f64>) -> Self {
        Self::PerNode(values.to_vec())
    }
}

impl From<&Array1<f64>> for Values {
    fn from(values: &Array1<f64>) -> Self {
        Self::PerNode(values.to_vec())
    }
}

impl From<Vec<Quantity>> for Values {
    fn from(values: Vec<Quantity>) -> Self {
        Self::Quantities(values)
    }
}

/// A time; a plain number is in ms.
#[derive(Debug, Clone, PartialEq)]
pub struct Time(Result<f64, Quantity>);

impl Time {
    /// The time in ms, which may be any number, negative or not finite ones included.
    ///
    /// # Errors
    ///
    /// The quantity that was given is not a time.
    pub fn ms(&self) -> Result<f64, &Quantity> {
        self.0.as_ref().copied()
    }
}

impl From<f64> for Time {
    fn from(value: f64) -> Self {
        Self(Ok(value))
    }
}

impl From<Quantity> for Time {
    fn from(value: Quantity) -> Self {
        Self(value.in_unit("ms").ok_or(value))
    }
}

/// A frequency; a plain number is in Hz.
#[derive(Debug, Clone, PartialEq)]
pub struct Frequency(Result<f64, Quantity>);

impl Frequency {
    /// The frequency in Hz, which may be any number, negative or not finite ones included.
    ///
    /// # Errors
    ///
    /// The quantity that was given is not a frequency.
    pub fn hz(&self) -> Result<f64, &Quantity> {
        self.0.as_ref().copied()
    }
}

impl From<f64> for Frequency {
    fn from(value: f64) -> Self {
        Self(Ok(value))
    }
}

impl From<Quantity> for Frequency {
    fn from(value: Quantity) -> Self {
        Self(value.in_unit("Hz").ok_or(value))
    }
}

brainmass_spec::debug_as_text!(ValuesError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_one_for_all_nodes_or_one_a_node() {
        assert_eq!(Values::from(2.0.s()).per_node("ms", 2), Ok(vec![2000.0; 2]));
        assert_eq!(Values::from([1.0, 2.0]).per_node("ms", 2), Ok(vec![1.0, 2.0]));
        let fault = |values: Values| values.per_node("ms", 2).unwrap_err().to_string();
        assert_eq!(fault([1.0].into()), "has 1 values for 2 nodes; give one, or one a node");
        assert_eq!(fault(3.0.mv().into()), "is 3 mV, which cannot be converted to ms");
        assert_eq!(fault([1.0, f64::NAN].into()), "is NaN at node 1; a finite number is needed");
    }

    #[test]
    fn what_to_write_is_said_where_it_is_known() {
        let fault =
            |value: Quantity, unit: &str| Values::from(value).per_node(unit, 1).unwrap_err().to_string();
        assert_eq!(
            fault(10.0.hz(), "rad/ms"),
            "is 10 Hz, which cannot be converted to rad/ms; a cycle is 2 pi radians: 10 Hz are 0.06283185307 rad/ms; write \
             `0.06283185307 rad/ms`"
        );
        assert!(fault(200.0.rad_per_s(), "Hz").ends_with("write `31.83098862 Hz`"));
        assert!(fault(3.16.mv(), "mV/sqrt(ms)").ends_with("write `3.16 mV/sqrt(ms)`, or `s` for `ms`"));
        assert_eq!(fault(3.0.mv(), "nA/sqrt(ms)"), "is 3 mV, which cannot be converted to nA/sqrt(ms)");
        // A rate per time is either; what is meant cannot be known.
        assert_eq!(Quantity::new(10.0, "/s").unwrap().in_unit("rad/s"), Some(10.0));
        assert_eq!(10.0.rad_per_ms().in_unit("rad/s"), Some(10_000.0));
    }

    #[test]
    fn every_unit_method_names_a_unit() {
        for unit in UNITS {
            assert!(Unit::parse(unit).is_ok(), "{unit}");
        }
    }

    #[test]
    fn quantities_convert_or_say_that_they_cannot() {
        assert_eq!(3.25.mv().in_unit("V"), Some(0.00325));
        assert_eq!(2.0.s().in_unit("ms"), Some(2000.0));
        assert_eq!(2.0.s().in_unit("mV"), None);
        let intensity = |text: &str| text.parse::<Quantity>().unwrap().in_unit("mV/sqrt(ms)");
        assert_eq!(intensity("100 uV/ms^0.5"), Some(0.1));
        assert!(intensity("3.1622776601683795 mV/s^0.5").is_some_and(|sigma| (sigma - 0.1).abs() < 1e-15));
        assert_eq!(intensity("3.16 mV"), None);
        assert_eq!("10 mm/ms".parse::<Quantity>().unwrap().in_unit("m/s"), Some(10.0));
    }
}
