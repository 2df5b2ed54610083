//! Quantities, ranges and assignments: numbers with units, brought to the declared unit.

use crate::document::Assignments;
use crate::fields;
use crate::model::NamedUnit;
use crate::problem::{Problem, Problems, suggestion};
use crate::source::{Span, Spanned};
use crate::unit::{Mismatch, Quantity, Unit};
use crate::yaml::{Node, Scalar, Value};

/// A unit as the author wrote it.
pub fn unit(text: &Spanned<String>, problems: &mut Problems) -> Option<NamedUnit> {
    match Unit::parse(&text.value) {
        Ok(unit) => Some(NamedUnit { unit, text: text.value.clone() }),
        Err(error) => {
            let start = text.span.range.start;
            let span = Span::new(&text.span.source, start + error.range.start..start + error.range.end);
            problems.push(Problem::new(&span, error.message.clone()).help(error.help));
            None
        }
    }
}

/// A number with the unit written behind it; `None` for the unit where none is written.
fn quantity(node: &Node, problems: &mut Problems) -> Option<(f64, Option<NamedUnit>)> {
    let Value::Scalar(Scalar { text, .. }) = &node.value else {
        problems.push(Problem::new(
            &node.span,
            format!("expected a number with its unit, found {}", node.describe()),
        ));
        return None;
    };
    let quantity =
        Quantity::parse(text).map_err(|message| problems.push(Problem::new(&node.span, message))).ok()?;
    if quantity.unit.is_empty() {
        return Some((quantity.value, None));
    }
    let span = node.part(quantity.unit_start..quantity.unit_start + quantity.unit.len());
    let unit = unit(&Spanned::new(quantity.unit, span), problems)?;
    Some((quantity.value, Some(unit)))
}

/// A quantity whose unit is declared beside it or carried by itself; what both leave open is a pure number.
pub fn declared(
    node: Option<&Node>,
    unit_text: Option<&Spanned<String>>,
    problems: &mut Problems,
) -> (Option<f64>, Option<NamedUnit>) {
    let declared = unit_text.map(|text| unit(text, problems));
    let read = node.map(|node| quantity(node, problems));
    match (declared, read) {
        (None, None) => (None, Some(NamedUnit::one())),
        (Some(unit), None) => (None, unit),
        (None, Some(None)) => (None, None),
        (None, Some(Some((value, own)))) => (Some(value), Some(own.unwrap_or_else(NamedUnit::one))),
        (Some(None), Some(_)) | (Some(_), Some(None)) => (None, None),
        (Some(Some(unit)), Some(Some((value, own)))) => {
            let value = node.and_then(|node| convert(value, own, &unit, node, problems));
            (value, Some(unit))
        }
    }
}

/// A number in its own unit, `wanted` if it has none, brought to `wanted`; `node` is where it stands.
pub fn convert(
    value: f64,
    own: Option<NamedUnit>,
    wanted: &NamedUnit,
    node: &Node,
    problems: &mut Problems,
) -> Option<f64> {
    let Some(own) = own else { return Some(value) };
    let Ok(converted) = own.unit.convert(value, wanted.unit) else {
        let message = format!("wrong unit: expected {}, found {}", wanted.text, own.text);
        let problem = Problem::new(&node.span, message);
        problems.push(match advice(value, &own, wanted) {
            Some(advice) => problem.help(advice),
            None => problem,
        });
        return None;
    };
    Some(converted)
}

/// Says what to write in place of a quantity that is not in the unit that is wanted, where that can be known.
pub fn advice(value: f64, own: &NamedUnit, wanted: &NamedUnit) -> Option<String> {
    let (own_text, wanted_text) = (own.text.as_str(), wanted.text.as_str());
    match own.unit.convert(value, wanted.unit).err()? {
        Mismatch::Circle(factor) => {
            let converted = shortened(value * factor);
            Some(format!(
                "a cycle is 2 pi radians: {value} {own_text} are {converted} {wanted_text}; write `{converted} {wanted_text}`"
            ))
        }
        Mismatch::Dimension => {
            let root = wanted_text.strip_suffix(PER_ROOT).map(|_| PER_ROOT);
            let root = root.or_else(|| wanted_text.strip_suffix(TIMES_ROOT).map(|_| TIMES_ROOT))?;
            let forgotten = NamedUnit::with_root(own, root);
            forgotten.unit.factor_to(wanted.unit)?;
            Some(format!(
                "the unit of an intensity of noise has the square root of a time in it: write `{value} {own_text}{root}`, or `s` for `ms`"
            ))
        }
    }
}

/// The ends of the units of intensities of noise.
const PER_ROOT: &str = "/sqrt(ms)";
const TIMES_ROOT: &str = "*sqrt(ms)";

impl NamedUnit {
    /// The unit of the intensity of white noise on a state in this unit: sigma, of which a step of dt adds `sigma*sqrt(dt)*xi`.
    pub fn per_root_ms(&self) -> Self {
        Self::with_root(self, PER_ROOT)
    }

    /// The unit of the intensity of white noise that drives an input in this unit, whose mean over a step of dt is `sigma/sqrt(dt)*xi`.
    pub fn times_root_ms(&self) -> Self {
        Self::with_root(self, TIMES_ROOT)
    }

    fn with_root(unit: &Self, root: &str) -> Self {
        let text = format!("{}{root}", unit.text);
        // What ends in one of the two roots can be read where what stands before it can.
        Self { unit: Unit::parse(&text).unwrap_or(unit.unit), text }
    }
}

/// A number to ten digits, which are more than a person reads and fewer than a conversion leaves.
fn shortened(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

/// A quantity in `wanted`; a plain number is in it already.
pub fn in_unit(node: &Node, wanted: &NamedUnit, problems: &mut Problems) -> Option<f64> {
    let (value, own) = quantity(node, problems)?;
    convert(value, own, wanted, node, problems)
}

/// A finite quantity in `wanted`.
pub fn finite_in_unit(node: &Node, wanted: &NamedUnit, problems: &mut Problems) -> Option<f64> {
    let value = in_unit(node, wanted, problems)?;
    if !value.is_finite() {
        problems.push(Problem::new(&node.span, "expected a finite number"));
    }
    value.is_finite().then_some(value)
}

/// An intensity of noise, which is not negative.
pub fn intensity(node: &Node, wanted: &NamedUnit, problems: &mut Problems) -> Option<f64> {
    let value = finite_in_unit(node, wanted, problems)?;
    if value < 0.0 {
        problems.push(Problem::new(
            &node.span,
            format!("an intensity of noise is not negative, this is {value}"),
        ));
    }
    (value >= 0.0).then_some(value)
}

/// A time, in ms.
pub fn time(node: &Node, problems: &mut Problems) -> Option<f64> {
    let ms = NamedUnit { unit: Unit::MS, text: "ms".to_owned() };
    finite_in_unit(node, &ms, problems)
}

/// `[low, high]` in a unit, low below high.
pub fn limits(node: &Node, wanted: &NamedUnit, what: &str, problems: &mut Problems) -> Option<(f64, f64)> {
    let items = fields::list(node, problems);
    let [low, high] = items else {
        if matches!(node.value, Value::List(_)) {
            problems.push(Problem::new(&node.span, format!("{what} is a list of two: [low, high]")));
        }
        return None;
    };
    let (low, high) = (in_unit(low, wanted, problems)?, in_unit(high, wanted, problems)?);
    if low >= high {
        problems.push(Problem::new(
            &node.span,
            format!("{what} is reversed or empty: {low} is not below {high}"),
        ));
        return None;
    }
    Some((low, high))
}

/// Values given by name, each in its declared unit: indices into `known` and numbers.
pub fn assigned<'a>(
    assignments: &Assignments,
    what: &str,
    known: impl Iterator<Item = (&'a str, &'a NamedUnit)>,
    problems: &mut Problems,
) -> Vec<(usize, f64)> {
    let known: Vec<(&str, &NamedUnit)> = known.collect();
    let mut values = Vec::new();
    for (key, node) in assignments {
        match known.iter().position(|(name, _)| *name == key.text) {
            Some(index) => {
                values.extend(finite_in_unit(node, known[index].1, problems).map(|value| (index, value)));
            }
            None => {
                let help = suggestion(&key.text, what, known.iter().map(|(name, _)| *name));
                problems.push(Problem::new(&key.span, format!("unknown name `{}`", key.text)).help(help));
            }
        }
    }
    values
}
