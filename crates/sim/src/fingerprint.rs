//! Fingerprints: what determines a result, written down so that two results can be compared.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

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
/// assert_eq!(one.differences(&other), ["`parameters` differs"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint {
    parts: BTreeMap<String, String>,
}

/// Texts that are longer than this are stored as a digest, bytes.
pub(crate) const LONGEST: usize = 120;

impl Fingerprint {
    /// Adds a part, or replaces the one of that name. A long text is stored as a digest.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        let text =
            if text.len() <= LONGEST { text } else { format!("digest {}", Digest::of(text.as_bytes())) };
        self.parts.insert(name.into(), text);
    }

    /// Adds an array as its shape, in words, and the digest of its numbers.
    pub fn add_numbers<'n>(
        &mut self,
        name: impl Into<String>,
        shape: impl fmt::Display,
        numbers: impl IntoIterator<Item = &'n f64>,
    ) {
        let mut digest = Digest::default();
        numbers.into_iter().for_each(|number| digest.number(*number));
        self.parts.insert(name.into(), format!("{shape}, digest {digest}"));
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
            (Some(now), Some(then)) if now.contains("digest ") || then.contains("digest ") => {
                Some(format!("`{name}` differs"))
            }
            (Some(now), Some(then)) => Some(format!("`{name}` is {now} and was {then}")),
            (Some(_), None) => Some(format!("`{name}` is new")),
            (None, _) => Some(format!("`{name}` is no longer there")),
        };
        names.filter_map(phrase).collect()
    }
}

/// A checksum of 128 bits, FNV-1a, the same on every machine. It tells changes by accident, not changes on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(u128);

impl Default for Digest {
    /// The digest of nothing.
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Digest {
    /// Returns the digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digest = Self::default();
        digest.bytes(bytes);
        digest
    }

    /// Takes bytes in.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    /// Takes a number in, bit by bit.
    pub fn number(&mut self, number: f64) {
        self.bytes(&number.to_bits().to_le_bytes());
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_fnv_1a() {
        // The test vectors of draft-eastlake-fnv for 128 bits.
        assert_eq!(Digest::of(b"").to_string(), "6c62272e07bb014262b821756295c58d");
        assert_eq!(Digest::of(b"a").to_string(), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(Digest::of(b"foobar").to_string(), "343e1662793c64bf6f0d3597ba446f18");
    }
}
