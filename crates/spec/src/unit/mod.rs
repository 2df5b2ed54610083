//! Units: what a number is counted in.
//!
//! A [`Unit`] is a [`Dimension`] and a scale against the base units V, A, s, m, K, mol, cd (volt in place of the kilogram,
//! because that is how this field's units read). The scale is a power of ten with a factor beside it, so that going from mV/s to
//! V/ms and back is exact.
//!
//! Radians and cycles have no dimension, and equations treat both as pure numbers. A unit still knows that it was written with `rad` or with
//! `Hz`, so that a value which a person gives in the one for the other is refused: 10 Hz are 62.8 rad/s, and neither is the other by mistake
//! ([`Unit::convert`]).

mod quantity;
mod reader;

use std::fmt;

pub use quantity::Quantity;

/// The exponents are kept in twelfths, so that square, cube and fourth roots are whole numbers.
const ONE: i16 = 12;

/// Base units, by which dimensions are printed.
const BASE: [&str; 7] = ["V", "A", "s", "m", "K", "mol", "cd"];

/// Exponents of the base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dimension([i16; 7]);

impl Dimension {
    /// A pure number.
    pub const NONE: Self = Self([0; 7]);

    /// Whether this is a pure number.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    fn combine(self, other: Self, sign: i16) -> Self {
        let mut exponents = self.0;
        for (mine, theirs) in exponents.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(sign * theirs);
        }
        Self(exponents)
    }
}

impl fmt::Display for Dimension {
    /// Writes the dimension in base units: `V/s`, `A/(V*s)`, `1` for a pure number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = |name: &str, exponent: i16| match exponent {
            ONE => name.to_owned(),
            whole if whole % ONE == 0 => format!("{name}^{}", whole / ONE),
            part => format!("{name}^({part}/{ONE})"),
        };
        let side = |sign: i16| -> Vec<String> {
            let signed = BASE.iter().zip(&self.0).map(|(name, exponent)| (name, sign * exponent));
            signed
                .filter(|(_, exponent)| *exponent > 0)
                .map(|(name, exponent)| power(name, exponent))
                .collect()
        };
        let (above, below) = (side(1), side(-1));
        f.write_str(&if above.is_empty() { "1".to_owned() } else { above.join("*") })?;
        match below.as_slice() {
            [] => Ok(()),
            [one] => write!(f, "/{one}"),
            several => write!(f, "/({})", several.join("*")),
        }
    }
}

/// A dimension and a scale: `mV` is the dimension of V at a thousandth.
///
/// Two units are equal when they are so in equations, to which radians and cycles are pure numbers.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// The kind of quantity that the unit counts.
    pub dimension: Dimension,
    factor: f64,
    decade: i32,
    /// The power of radians or degrees in it, in twelfths.
    angle: i16,
    /// The power of cycles in it, which Hz counts, in twelfths.
    cycles: i16,
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        (self.dimension, self.factor, self.decade) == (other.dimension, other.factor, other.decade)
    }
}

/// Why a quantity that a person gives is not one in the unit that is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mismatch {
    /// The two measure different things.
    Dimension,
    /// A number of cycles is given for an angle, or an angle for a number of cycles. The number in the wanted unit is this many times the
    /// one given, if it was a full circle that each cycle stands for.
    Circle(f64),
}

impl Unit {
    /// The unit of pure numbers.
    pub const ONE: Self = Self { dimension: Dimension::NONE, factor: 1.0, decade: 0, angle: 0, cycles: 0 };
    /// The unit of time inside kernels.
    pub const MS: Self =
        Self { dimension: Dimension([0, 0, ONE, 0, 0, 0, 0]), factor: 1.0, decade: -3, angle: 0, cycles: 0 };

    const fn base(exponents: [i16; 7], decade: i32) -> Self {
        let mut twelfths = exponents;
        let mut index = 0;
        while index < 7 {
            twelfths[index] *= ONE;
            index += 1;
        }
        Self { dimension: Dimension(twelfths), factor: 1.0, decade, angle: 0, cycles: 0 }
    }

    /// Converts a number that a person gives in `self` to one in `wanted`.
    ///
    /// # Errors
    ///
    /// The units measure different things, or one counts cycles (`Hz`) where the other counts radians.
    pub fn convert(self, value: f64, wanted: Self) -> Result<f64, Mismatch> {
        let factor = self.factor_to(wanted).ok_or(Mismatch::Dimension)?;
        let circles = |unit: Self| unit.cycles != 0 && unit.angle == 0;
        let power = if circles(self) && wanted.angle != 0 && wanted.cycles == 0 {
            self.cycles
        } else if self.angle != 0 && self.cycles == 0 && circles(wanted) {
            -self.angle
        } else {
            // A division by a whole number rounds once where a product with its reciprocal rounds twice.
            return Ok(match wanted.factor_to(self) {
                Some(back) if factor < 1.0 => value / back,
                _ => value * factor,
            });
        };
        Err(Mismatch::Circle(factor * std::f64::consts::TAU.powf(f64::from(power) / f64::from(ONE))))
    }

    /// Returns the factor that brings a number in `self` to `other` in an equation; `None` where they measure different things.
    pub fn factor_to(self, other: Self) -> Option<f64> {
        (self.dimension == other.dimension)
            .then(|| self.factor / other.factor * power_of_ten(self.decade - other.decade))
    }

    /// The product of two units.
    pub fn times(self, other: Self) -> Self {
        Self {
            dimension: self.dimension.combine(other.dimension, 1),
            factor: self.factor * other.factor,
            decade: self.decade.saturating_add(other.decade),
            angle: self.angle.saturating_add(other.angle),
            cycles: self.cycles.saturating_add(other.cycles),
        }
    }

    /// The quotient of two units.
    pub fn per(self, other: Self) -> Self {
        Self {
            dimension: self.dimension.combine(other.dimension, -1),
            factor: self.factor / other.factor,
            decade: self.decade.saturating_sub(other.decade),
            angle: self.angle.saturating_sub(other.angle),
            cycles: self.cycles.saturating_sub(other.cycles),
        }
    }

    /// The unit to a power that is a multiple of a twelfth; `None` for other powers and absurdly large ones.
    pub fn power(self, exponent: f64) -> Option<Self> {
        // A third is no number in binary, and twelve of it are no whole number.
        let twelfths = exponent * f64::from(ONE);
        if (twelfths - twelfths.round()).abs() > 1e-9 || twelfths.abs() > 1200.0 {
            return None;
        }
        let mut exponents = [0; 7];
        for (out, &own) in exponents.iter_mut().zip(&self.dimension.0) {
            let scaled = f64::from(own) * exponent;
            if (scaled - scaled.round()).abs() > 1e-9 || scaled.abs() > 12_000.0 {
                return None;
            }
            *out = scaled.round() as i16;
        }
        let scaled = |own: i16| (f64::from(own) * exponent).round() as i16;
        let decade = f64::from(self.decade) * exponent;
        let rest = 10_f64.powf(decade - decade.round());
        let factor = if (decade - decade.round()).abs() < 1e-9 { 1.0 } else { rest };
        Some(Self {
            dimension: Dimension(exponents),
            factor: factor * self.factor.powf(exponent),
            decade: decade.round() as i32,
            angle: scaled(self.angle),
            cycles: scaled(self.cycles),
        })
    }
}

/// `10^decade`, correctly rounded.
fn power_of_ten(decade: i32) -> f64 {
    if (0..=22).contains(&decade) {
        10_f64.powi(decade)
    } else if (-22..0).contains(&decade) {
        1.0 / 10_f64.powi(-decade)
    } else {
        format!("1e{decade}").parse().unwrap_or(f64::NAN)
    }
}

/// Why a unit cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitError {
    /// The bytes of the text that are at fault.
    pub range: std::ops::Range<usize>,
    /// Message that says what is wrong.
    pub message: String,
    /// Advice on what would be right.
    pub help: String,
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for UnitError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn factor(from: &str, to: &str) -> Option<f64> {
        Unit::parse(from).unwrap().factor_to(Unit::parse(to).unwrap())
    }

    #[test]
    fn factors_between_units_are_exact_powers_of_ten() {
        assert_eq!(factor("mV/s", "mV/ms"), Some(1e-3));
        assert_eq!(factor("V", "mV"), Some(1e3));
        assert_eq!(factor("Hz/nA", "1/(s*nA)"), Some(1.0));
        assert_eq!(factor("Hz", "/ms"), Some(1e-3));
        assert_eq!(factor("s/ms", "1"), Some(1e3));
        assert_eq!(factor("mm/ms", "m/s"), Some(1.0));
        assert_eq!(factor("min", "s"), Some(60.0));
    }

    #[test]
    fn derived_units_agree_with_their_definitions() {
        for (derived, definition) in [
            ("F", "C/V"),
            ("T", "V*s/m^2"),
            ("J", "kg*m^2/s^2"),
            ("W", "J/s"),
            ("N", "kg m s^-2"),
            ("S", "1/Ohm"),
            ("mM", "mol/m^3"),
        ] {
            assert_eq!(factor(derived, definition), Some(1.0), "{derived} = {definition}");
        }
    }

    #[test]
    fn units_of_different_kinds_have_no_factor() {
        assert_eq!(factor("mV", "nA"), None);
        assert_eq!(factor("rad", "1"), Some(1.0));
    }

    #[test]
    fn powers_and_roots_keep_the_scale() {
        let root = Unit::parse("mV^2").unwrap().power(0.5).unwrap();
        assert_eq!(root.factor_to(Unit::parse("mV").unwrap()), Some(1.0));
        assert!(Unit::parse("mV").unwrap().power(0.3).is_none());
    }

    #[test]
    fn roots_of_units_are_read() {
        for text in [
            "mV/ms^0.5",
            "mV/sqrt(ms)",
            "mV ms^(-1/2)",
            "mV*ms^-0.5",
            "(mV^2/ms)^0.5",
            "sqrt(mV^2/ms)",
            "mV/ms^.5",
        ] {
            assert_eq!(factor(text, "mV/sqrt(ms)"), Some(1.0), "{text}");
        }
        // 0.1 mV/sqrt(ms) = 3.16228 mV/sqrt(s) = 100 uV/sqrt(ms).
        let per_root = factor("mV/sqrt(ms)", "mV/sqrt(s)").unwrap();
        assert!((per_root / 1000_f64.sqrt() - 1.0).abs() < 1e-15, "{per_root}");
        assert_eq!(factor("mV/sqrt(ms)", "uV/sqrt(ms)"), Some(1000.0));
        assert_eq!(factor("V^(1/3)*V^(2/3)", "V"), Some(1.0));
        assert_eq!(factor("mV", "mV/sqrt(ms)"), None);
    }

    #[test]
    fn cycles_are_no_radians_where_a_person_gives_them() {
        let convert = |value: f64, from: &str, to: &str| {
            Unit::parse(from).unwrap().convert(value, Unit::parse(to).unwrap())
        };
        for (from, to, expected) in [
            ("rad/s", "rad/ms", 0.01),
            ("/s", "rad/ms", 0.01),
            ("1/s", "Hz", 10.0),
            ("Hz", "/ms", 0.01),
            ("Hz", "kHz", 0.01),
            ("Hz/nA", "1/(s*nA)", 10.0),
            ("rad/s", "/s", 10.0),
            ("Hz*rad", "rad/s", 10.0),
            ("deg", "deg", 10.0),
        ] {
            assert_eq!(convert(10.0, from, to), Ok(expected), "10 {from} in {to}");
        }
        let circle = |from: &str, to: &str| match convert(10.0, from, to) {
            Err(Mismatch::Circle(factor)) => factor,
            other => panic!("10 {from} in {to}: {other:?}"),
        };
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-14;
        let tau = std::f64::consts::TAU;
        assert!(near(circle("Hz", "rad/s"), tau));
        assert!(near(circle("Hz", "rad/ms"), tau * 1e-3));
        assert!(near(circle("kHz", "rad/ms"), tau));
        assert!(near(circle("rad/s", "Hz"), 1.0 / tau));
        assert!(near(circle("Hz/mV", "rad/(s*mV)"), tau));
        assert!(near(circle("Hz^2", "rad^2/s^2"), tau * tau));
        assert_eq!(convert(10.0, "Hz", "mV"), Err(Mismatch::Dimension));
        // To equations, a radian is a pure number.
        assert_eq!(factor("Hz", "rad/ms"), Some(1e-3));
        assert_eq!(Unit::parse("rad").unwrap(), Unit::ONE);
    }

    #[test]
    fn bad_units_are_refused_at_their_place() {
        assert_eq!(Unit::parse("mV/xyz").unwrap_err().range, 3..6);
        assert_eq!(Unit::parse("mV/(s").unwrap_err().range, 5..5);
        assert!(Unit::parse("mV^0.3").is_err());
        assert!(Unit::parse("mV^(1/0)").is_err());
        assert!(Unit::parse("mV^(1/2").is_err());
        assert!(Unit::parse("").is_err());
        assert!(Unit::parse("2 mV").is_err());
    }

    #[test]
    fn quantities_split_into_number_and_unit() {
        for (text, value, unit) in [
            ("3.25 mV", 3.25, "mV"),
            ("0.25 /ms", 0.25, "/ms"),
            ("-1e-3", -1e-3, ""),
            ("inf", f64::INFINITY, ""),
            (".5s", 0.5, "s"),
        ] {
            let quantity = Quantity::parse(text).unwrap();
            assert_eq!((quantity.value, quantity.unit.as_str()), (value, unit), "{text}");
        }
        assert!(Quantity::parse("ms").is_err());
        assert!(Quantity::parse("").is_err());
    }
}
