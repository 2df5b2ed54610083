//! Shards: parts of a sweep that are run by themselves.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// A part of a sweep: the runs of one of so many equal shares.
///
/// ```
/// use brainmass::sweep::Shard;
///
/// let shard: Shard = "2/4".parse()?;
/// assert_eq!(shard.runs_of(10), 2..5);
/// assert!("5/4".parse::<Shard>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Shard {
    /// The whole of a sweep.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// Returns shard `index`, counted from 1, of `of`; `None` where there is no such shard.
    pub fn new(index: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&index).then_some(Self { index, of })
    }

    /// Returns the number of the shard, from 1.
    pub fn index(self) -> u64 {
        self.index
    }

    /// Returns the number of shards.
    pub fn of(self) -> u64 {
        self.of
    }

    /// Returns the runs of the shard: neighbours, so that runs that can stand side by side stay together.
    pub fn runs_of(self, runs: u64) -> Range<u64> {
        let at = |index: u64| (u128::from(runs) * u128::from(index) / u128::from(self.of)) as u64;
        at(self.index - 1)..at(self.index)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, of)| {
            Some((index.trim().parse::<u64>().ok()?, of.trim().parse::<u64>().ok()?))
        });
        let shard = numbers.and_then(|(index, of)| Self::new(index, of));
        shard.ok_or_else(|| format!("`{text}` is no shard; write `1/4` to `4/4` for four of them"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_all_runs_out() {
        for runs in [0, 1, 7, 100, u64::MAX] {
            for of in [1, 3, 8, 1000] {
                let mut next = 0;
                for index in 1..=of {
                    let range = Shard::new(index, of).unwrap().runs_of(runs);
                    assert_eq!(range.start, next);
                    next = range.end;
                }
                assert_eq!(next, runs);
            }
        }
        for text in ["0/4", "5/4", "1", "1/0", "a/b", "-1/4"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
