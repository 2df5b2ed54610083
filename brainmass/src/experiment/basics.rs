//! The tools that all sections read with: counts, words, units.

use std::ops::RangeInclusive;

use brainmass_spec::fields::text;
use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::unit::Unit;
use brainmass_spec::yaml::{Node, Value};

/// Something that has a value for each of some nodes.
pub struct PerNode<'n> {
    /// The name by which messages call it.
    pub name: &'n str,
    /// The declared unit, in which plain numbers are.
    pub unit: NamedUnit,
    /// The number of nodes.
    pub nodes: usize,
}

/// Returns a unit of a model or of this library.
pub fn named_unit(unit: &str) -> NamedUnit {
    // Units of a model have been read by the compiler.
    NamedUnit { unit: Unit::parse(unit).unwrap_or(Unit::ONE), text: unit.to_owned() }
}

/// Returns a number from 0 on as a whole one; what is too large becomes the largest.
pub fn whole(number: f64) -> u64 {
    // Conversions from floats saturate, and NaN becomes 0.
    number as u64
}

/// Reads a whole number within limits.
pub fn count(node: &Node, what: &str, within: RangeInclusive<u64>, problems: &mut Problems) -> Option<u64> {
    let text = text(node, problems)?;
    let found = text.value.parse().ok().filter(|number| within.contains(number));
    if found.is_none() {
        let most =
            if *within.end() == u64::MAX { String::new() } else { format!(" and at most {}", within.end()) };
        let message =
            format!("{what} is a whole number, at least {}{most}; found `{}`", within.start(), text.value);
        problems.push(Problem::new(&text.span, message));
    }
    found
}

/// Whether `node` is a mapping with one of these keys.
pub fn has_key(node: &Node, keys: &[&str]) -> bool {
    keys.iter().any(|key| entry(node, key).is_some())
}

/// Finds the value of a key of a mapping, without taking it out.
pub fn entry<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value)
}

/// Finds what a word stands for; `what` is what all the words are called.
pub fn chosen<T: Copy>(
    word: &Spanned<String>,
    what: &str,
    among: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let found = among.iter().find(|(name, _)| *name == word.value).map(|(_, value)| *value);
    if found.is_none() {
        let help = suggestion(&word.value, what, among.iter().map(|(name, _)| *name));
        problems
            .push(Problem::new(&word.span, format!("`{}` is not one of the {what}", word.value)).help(help));
    }
    found
}
