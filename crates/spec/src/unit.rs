//! Units: what a number is counted in.
//!
//! A [`Unit`] is a [`Dimension`] and a scale against the base units V, A, s, m, K, mol, cd (volt in place of the kilogram,
//! because that is how this field's units read). The scale is a power of ten with a factor beside it, so that going from mV/s to
//! V/ms and back is exact.
//!
//! Radians and cycles have no dimension, and equations treat both as pure numbers. A unit still knows that it was written with `rad` or with
//! `Hz`, so that a value which a person gives in the one for the other is refused: 10 Hz are 62.8 rad/s, and neither is the other by mistake
//! ([`Unit::convert`]).

use std::fmt;

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

    /// Reads `mV`, `Hz/nA`, `/ms`, `1/(ms*mV)`, `mm ms^-1`, `mV/ms^0.5`, `mV/sqrt(ms)`, `mV ms^(-1/2)`.
    ///
    /// # Errors
    ///
    /// [`UnitError`] with the byte at which the text stops making sense.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        reader.skip_space();
        let unit = if reader.peek() == Some('/') {
            reader.product(Self::ONE)?
        } else {
            let first = reader.factor()?;
            reader.product(first)?
        };
        if reader.at < text.len() { Err(reader.error("`*`, `/` or the end of the unit")) } else { Ok(unit) }
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

/// Examples of units, for messages.
const HELP: &str = "units are written like `mV`, `Hz/nA`, `/ms`, `1/(ms*mV)`, `mV/sqrt(ms)`";

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += self.peek().map_or(1, char::len_utf8);
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_space();
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
            self.skip_space();
        }
        found
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.at += self.peek().map_or(1, char::len_utf8);
        }
        &self.text[start..self.at]
    }

    fn error(&self, expected: &str) -> UnitError {
        let end = self.text[self.at..].chars().next().map_or(self.at, |c| self.at + c.len_utf8());
        let found = self.peek().map_or("the end".to_owned(), |c| format!("`{c}`"));
        UnitError {
            range: self.at..end,
            message: format!("expected {expected} in the unit, found {found}"),
            help: HELP.to_owned(),
        }
    }

    /// The factors behind `unit`, from the left.
    fn product(&mut self, mut unit: Unit) -> Result<Unit, UnitError> {
        loop {
            if self.take('*') || self.take('\u{b7}') {
                unit = unit.times(self.factor()?);
            } else if self.take('/') {
                unit = unit.per(self.factor()?);
            } else if self.peek().is_some_and(|c| c.is_alphabetic() || c == '%') {
                unit = unit.times(self.factor()?);
            } else {
                return Ok(unit);
            }
        }
    }

    fn factor(&mut self) -> Result<Unit, UnitError> {
        self.skip_space();
        let unit = if self.take('(') {
            self.depth += 1;
            if self.depth > 8 {
                return Err(self.error("fewer parentheses"));
            }
            let first = self.factor()?;
            let unit = self.product(first)?;
            if !self.take(')') {
                return Err(self.error("`)`"));
            }
            self.depth -= 1;
            unit
        } else {
            let start = self.at;
            let name = self.word(|c| c.is_alphanumeric() || matches!(c, '%' | '_'));
            if name.is_empty() {
                return Err(self.error("a unit"));
            }
            let name = name.to_owned();
            if name == "sqrt" && self.peek() == Some('(') {
                let inner = self.factor()?;
                return inner.power(0.5).ok_or_else(|| UnitError {
                    range: start..self.at,
                    message: "this unit has no square root".to_owned(),
                    help: HELP.to_owned(),
                });
            }
            named(&name).ok_or_else(|| UnitError {
                range: start..self.at,
                message: format!("unknown unit `{name}`"),
                help: format!(
                    "units are {} with the prefixes f p n u m c d k M G",
                    NAMED.map(|(name, _)| name).join(" ")
                ),
            })?
        };
        self.skip_space();
        if !self.take('^') {
            return Ok(unit);
        }
        let start = self.at;
        let power = self
            .exponent()
            .filter(|exponent| exponent.abs() <= 20.0)
            .and_then(|exponent| unit.power(exponent));
        power.ok_or_else(|| UnitError {
            range: start..self.at.max(start),
            ..self.error("an exponent up to 20: a whole number, or a fraction like 0.5 or (1/3)")
        })
    }

    /// `2`, `-1`, `0.5`, `(1/2)`, `(-1/3)`.
    fn exponent(&mut self) -> Option<f64> {
        let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
        if !self.take('(') {
            return self.word(is_digit).parse().ok();
        }
        let above: f64 = self.word(is_digit).parse().ok()?;
        let below = if self.take('/') { self.word(is_digit).parse().ok()? } else { 1.0 };
        // A third is no number in binary; in twelfths it is four.
        let exponent = above / below;
        let twelfths = (exponent * f64::from(ONE)).round();
        let whole = (above * f64::from(ONE) - twelfths * below).abs() < 1e-9 * below.abs();
        (self.take(')') && whole).then_some(twelfths / f64::from(ONE))
    }
}

/// The units with a name. The gram stands for itself (1 kg = 1 V A s^3 m^-2).
#[rustfmt::skip]
const NAMED: [(&str, Unit); 22] = [
    ("s",   Unit::base([0, 0, 1, 0, 0, 0, 0], 0)),
    ("min", Unit { factor: 6.0, ..Unit::base([0, 0, 1, 0, 0, 0, 0], 1) }),
    ("h",   Unit { factor: 3.6, ..Unit::base([0, 0, 1, 0, 0, 0, 0], 3) }),
    ("Hz",  Unit { cycles: ONE, ..Unit::base([0, 0, -1, 0, 0, 0, 0], 0) }),
    ("V",   Unit::base([1, 0, 0, 0, 0, 0, 0], 0)),
    ("A",   Unit::base([0, 1, 0, 0, 0, 0, 0], 0)),
    ("S",   Unit::base([-1, 1, 0, 0, 0, 0, 0], 0)),
    ("Ohm", Unit::base([1, -1, 0, 0, 0, 0, 0], 0)),
    ("F",   Unit::base([-1, 1, 1, 0, 0, 0, 0], 0)),
    ("C",   Unit::base([0, 1, 1, 0, 0, 0, 0], 0)),
    ("T",   Unit::base([1, 0, 1, -2, 0, 0, 0], 0)),
    ("J",   Unit::base([1, 1, 1, 0, 0, 0, 0], 0)),
    ("W",   Unit::base([1, 1, 0, 0, 0, 0, 0], 0)),
    ("N",   Unit::base([1, 1, 1, -1, 0, 0, 0], 0)),
    ("g",   Unit::base([1, 1, 3, -2, 0, 0, 0], -3)),
    ("m",   Unit::base([0, 0, 0, 1, 0, 0, 0], 0)),
    ("L",   Unit::base([0, 0, 0, 3, 0, 0, 0], -3)),
    ("mol", Unit::base([0, 0, 0, 0, 0, 1, 0], 0)),
    ("M",   Unit::base([0, 0, 0, -3, 0, 1, 0], 3)),
    ("K",   Unit::base([0, 0, 0, 0, 1, 0, 0], 0)),
    ("rad", Unit { angle: ONE, ..Unit::ONE }),
    ("%",   Unit::base([0, 0, 0, 0, 0, 0, 0], -2)),
];

const PREFIXES: [(char, i32); 11] = [
    ('f', -15),
    ('p', -12),
    ('n', -9),
    ('u', -6),
    ('\u{b5}', -6),
    ('\u{3bc}', -6),
    ('m', -3),
    ('c', -2),
    ('d', -1),
    ('k', 3),
    ('M', 6),
];

/// A unit by its name: plain, or with one prefix.
fn named(name: &str) -> Option<Unit> {
    let plain = |name: &str| NAMED.iter().find(|(known, _)| *known == name).map(|(_, unit)| *unit);
    if name == "1" {
        return Some(Unit::ONE);
    }
    if name == "deg" {
        return Some(Unit { factor: std::f64::consts::PI / 180.0, angle: ONE, ..Unit::ONE });
    }
    if let Some(unit) = plain(name) {
        return Some(unit);
    }
    let prefix = name.chars().next()?;
    let decade = if prefix == 'G' { 9 } else { PREFIXES.iter().find(|(known, _)| *known == prefix)?.1 };
    let unit = plain(&name[prefix.len_utf8()..])
        .filter(|_| !matches!(&name[prefix.len_utf8()..], "min" | "h" | "rad" | "%"))?;
    Some(Unit { decade: unit.decade + decade, ..unit })
}

/// A number with the unit written behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// The unit as written; empty for a plain number.
    pub unit: String,
    /// The byte of the text where the unit starts.
    pub unit_start: usize,
}

impl Quantity {
    /// Reads `20 ms`, `-1e-3`, `0.25 /ms`, `inf`.
    ///
    /// # Errors
    ///
    /// The text does not start with a number. The unit is not looked at.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_start();
        let offset = text.len() - trimmed.len();
        let length = number_length(trimmed);
        let (number, unit) = trimmed.split_at(length);
        let value = match number {
            "inf" | "+inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            "" => return Err(format!("expected a number with an optional unit, found `{}`", text.trim())),
            _ => number.parse().map_err(|_| format!("`{number}` is not a number"))?,
        };
        let rest = unit.trim_start();
        let unit_start = offset + length + (unit.len() - rest.len());
        Ok(Self { value, unit: rest.trim_end().to_owned(), unit_start })
    }
}

/// The length of the number that `text` starts with; 0 if it starts with none.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[sign..].starts_with("inf") && !text[sign + 3..].starts_with(|c: char| c.is_alphanumeric()) {
        return sign + 3;
    }
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let count = bytes.get(exponent..).map_or(0, |_| digits(exponent));
        if count > 0 {
            end = exponent + count;
        }
    }
    end
}

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
