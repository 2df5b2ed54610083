//! Changes from one model to another.

use std::fmt;

/// The effect of a change on results, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Texts that nobody computes with.
    Texts,
    /// Names, limits and presets that are offered; a run with the values that it had stays as it is.
    Interface,
    /// Equations in another form that gives the same numbers, to rounding.
    Rounding,
    /// Results are others.
    Results,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Texts => "none",
            Self::Interface => "interface",
            Self::Rounding => "rounding",
            Self::Results => "results",
        })
    }
}

/// One thing that differs between two models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelChange {
    /// The part that differs: `parameter a`, `derivative of x`.
    pub what: String,
    /// The effect on results.
    pub effect: Effect,
    /// The change in words.
    pub text: String,
}
