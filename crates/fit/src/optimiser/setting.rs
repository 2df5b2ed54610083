//! Settings that are checked before a fit or a training begins.

use std::fmt;

use thiserror::Error;

/// A setting of a fit, a search method or a training that is out of its range.
#[derive(Clone, PartialEq, Eq, Error)]
#[error("{what} is {given}; {expected}")]
pub struct InvalidSetting {
    /// The setting in words, such as `the learning rate`.
    pub what: &'static str,
    /// The value that was given.
    pub given: String,
    /// The values that are allowed, as the end of a sentence.
    pub expected: String,
}

/// Returns an error unless `holds`.
///
/// # Errors
///
/// An [`InvalidSetting`] of the remaining arguments.
pub(crate) fn need(
    holds: bool,
    what: &'static str,
    given: impl fmt::Display,
    expected: impl Into<String>,
) -> Result<(), InvalidSetting> {
    if holds {
        Ok(())
    } else {
        Err(InvalidSetting { what, given: given.to_string(), expected: expected.into() })
    }
}

brainmass_spec::debug_as_text!(InvalidSetting);
