//! Fingerprints: what determines a result, written down so that two results can be compared.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use brainmass_data::digest::Digest;

/// Everything that determines a result, part by part.
///
/// A part has a name and a text. Short settings stand there as they are; arrays and long settings stand there as their size and a
/// [`Digest`] of every number, so that any change of a single bit is seen. What cannot be looked into, such as a closure, is only named.
///
/// ```
/// use brainmass::prelude::*;
///
/// let simulator = |w: f64| Simulator::new(HopfStep::new(3).w(w)).dt(0.5);
/// let (one, other) = (simulator(0.1).fingerprint(), simulator(0.2).fingerprint());
/// assert_eq!(one.differences(&other), ["`w` is 0.1 rad/ms and was 0.2 rad/ms"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint {
    parts: BTreeMap<String, String>,
}

/// Texts that are longer than this are stored as a digest, bytes. Sums of stimuli and noise are shorter.
pub(crate) const LONGEST: usize = 800;

/// Texts that are longer than this are not told in a sentence, bytes.
const LONGEST_TOLD: usize = 120;

/// Values of more nodes than these are stored as a digest.
pub(crate) const MOST_VALUES: usize = 8;

impl Fingerprint {
    /// Adds a part, or replaces the one of that name. A long text is stored as a digest.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.parts.insert(name.into(), shortened(text.into()));
    }

    /// Adds an array as its shape, in words, and the digest of its numbers.
    pub fn add_numbers<'n>(
        &mut self,
        name: impl Into<String>,
        shape: impl fmt::Display,
        numbers: impl IntoIterator<Item = &'n f64>,
    ) {
        self.parts.insert(name.into(), array_text(shape, numbers));
    }

    /// Adds values, one a node: a single number where all are equal, all of them where they are few, or their number, limits and digest.
    pub fn add_values(&mut self, name: impl Into<String>, values: &[f64], unit: &str) {
        let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
        let is_one = values.windows(2).all(|pair| pair[0].to_bits() == pair[1].to_bits());
        if let Some(value) = values.first().filter(|_| is_one) {
            self.parts.insert(name.into(), format!("{value}{unit}"));
            return;
        }
        if values.len() <= MOST_VALUES {
            self.parts.insert(name.into(), format!("{values:?}{unit}"));
            return;
        }
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.add_numbers(name, format!("{} values from {low} to {high}{unit}", values.len()), values);
    }

    /// Returns the parts, each with its name, in the order of the names.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Returns the text of a part; `None` where there is none of that name.
    pub fn part(&self, name: &str) -> Option<&str> {
        self.parts.get(name).map(String::as_str)
    }

    /// Adds all parts of another fingerprint.
    pub fn extend(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    /// Says in which parts this fingerprint differs from a former one, a phrase for each; nothing where they are equal.
    pub fn differences(&self, former: &Self) -> Vec<String> {
        let names =
            self.parts.keys().chain(former.parts.keys().filter(|name| !self.parts.contains_key(*name)));
        let phrase = |name: &String| match (self.parts.get(name), former.parts.get(name)) {
            (now, then) if now == then => None,
            (Some(now), Some(then)) if now.len() > LONGEST_TOLD || then.len() > LONGEST_TOLD => {
                Some(format!("`{name}` differs"))
            }
            // Digests tell nobody anything; the words before them may.
            (Some(now), Some(then)) if now.contains("digest ") || then.contains("digest ") => {
                let (now, then) = (before_digest(now), before_digest(then));
                Some(match now == then {
                    true => format!("`{name}` differs"),
                    false => format!("`{name}` is {now} and was {then}"),
                })
            }
            (Some(now), Some(then)) => Some(format!("`{name}` is {now} and was {then}")),
            (Some(_), None) => Some(format!("`{name}` is new")),
            (None, _) => Some(format!("`{name}` is no longer there")),
        };
        names.filter_map(phrase).collect()
    }
}

/// Returns a text as a part has it: a long one as a digest.
pub(crate) fn shortened(text: String) -> String {
    if text.len() <= LONGEST { text } else { format!("digest {}", Digest::of(text.as_bytes())) }
}

/// Returns an array as its shape, in words, and the digest of its numbers.
pub(crate) fn array_text<'n>(shape: impl fmt::Display, numbers: impl IntoIterator<Item = &'n f64>) -> String {
    let mut digest = Digest::default();
    numbers.into_iter().for_each(|number| digest.number(*number));
    format!("{shape}, digest {digest}")
}

/// Returns the words of a part that stand before its digest.
fn before_digest(text: &str) -> &str {
    match text.split_once("digest ") {
        Some(("", _)) => "another text",
        Some((words, _)) => words.trim_end_matches(", "),
        None => text,
    }
}
