//! The reader of units.

use super::{ONE, Unit, UnitError};

/// Examples of units, for messages.
const HELP: &str = "units are written like `mV`, `Hz/nA`, `/ms`, `1/(ms*mV)`, `mV/sqrt(ms)`";

impl Unit {
    /// Reads `mV`, `Hz/nA`, `/ms`, `1/(ms*mV)`, `mm ms^-1`, `mV/ms^0.5`, `mV/sqrt(ms)`, `mV ms^(-1/2)`.
    ///
    /// # Errors
    ///
    /// [`UnitError`] with the byte at which the text stops making sense.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        Reader::new(text).read()
    }
}

/// A text that is read as a unit.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of a text.
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Reads the whole text.
    fn read(mut self) -> Result<Unit, UnitError> {
        self.skip_space();
        let unit = if self.peek() == Some('/') {
            self.product(Unit::ONE)?
        } else {
            let first = self.factor()?;
            self.product(first)?
        };
        if self.at < self.text.len() { Err(self.error("`*`, `/` or the end of the unit")) } else { Ok(unit) }
    }

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
        // A power without its sign: `ms-1`.
        let rest = &self.text[self.at..];
        let before = &self.text[..self.at];
        if rest.starts_with('-') && before.ends_with(char::is_alphabetic) {
            let name = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or(before);
            let digits = rest[1..].chars().take_while(char::is_ascii_digit).count();
            let power = &rest[..1 + digits];
            return UnitError {
                range: self.at..self.at + power.len(),
                message: format!("unknown unit `{name}{power}`"),
                help: format!("did you mean `{name}^{power}`?"),
            };
        }
        let end = self.text[self.at..].chars().next().map_or(self.at, |c| self.at + c.len_utf8());
        let found = self.peek().map_or("the end".to_owned(), |c| format!("`{c}`"));
        UnitError {
            range: self.at..end,
            message: format!("expected {expected}, found {found}"),
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
                help: match meant(&name) {
                    Some(unit) => format!("did you mean `{unit}`?"),
                    None => format!(
                        "units are {} with the prefixes f p n u m c d k M G",
                        NAMED.map(|(name, _)| name).join(" ")
                    ),
                },
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

/// Words that people write for units.
const WORDS: [(&str, &str); 14] = [
    ("sec", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("msec", "ms"),
    ("millisecond", "ms"),
    ("milliseconds", "ms"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hertz", "Hz"),
    ("volt", "V"),
    ("millivolt", "mV"),
    ("siemens", "S"),
    ("radian", "rad"),
    ("radians", "rad"),
];

/// Returns the unit that a name most likely stands for: one with a power (`cm2`, `cm\u{b2}`), in other capitals, or in words.
fn meant(name: &str) -> Option<String> {
    let stem = name.trim_end_matches(|c: char| c.is_numeric());
    let power: Option<String> = name[stem.len()..]
        .chars()
        .map(|c| match c {
            '\u{b2}' => Some('2'),
            '\u{b3}' => Some('3'),
            '\u{b9}' => Some('1'),
            c => c.is_ascii_digit().then_some(c),
        })
        .collect();
    if let Some(power) = power.filter(|power| !power.is_empty() && named(stem).is_some()) {
        return Some(format!("{stem}^{power}"));
    }
    let lower = name.to_lowercase();
    if let Some((_, unit)) = WORDS.iter().find(|(word, _)| *word == lower) {
        return Some((*unit).to_owned());
    }
    let plain = NAMED.iter().map(|(unit, _)| (*unit).to_owned());
    let prefixed =
        PREFIXES.iter().flat_map(|(prefix, _)| NAMED.iter().map(move |(unit, _)| format!("{prefix}{unit}")));
    plain.chain(prefixed).find(|unit| unit.to_lowercase() == lower && named(unit).is_some())
}

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
