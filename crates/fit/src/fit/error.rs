//! Errors of fits.

use thiserror::Error;

use crate::optimiser::InvalidSetting;
use brainmass_data::io::IoError;

/// Why a loss cannot be computed for a candidate: any error.
pub type LossError = Box<dyn std::error::Error + Send + Sync>;

/// Why a fit cannot start, or has no result.
#[derive(Error)]
#[non_exhaustive]
pub enum FitError {
    /// No parameter is to be fitted.
    #[error("there is nothing to fit: {}", if known.is_empty() { "no parameter was given".to_owned() } else { format!("{known} are all fixed") })]
    NothingToFit {
        /// The parameters that there are, as text.
        known: String,
    },
    /// Two parameters have the same name.
    #[error("the parameter `{name}` is given twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// There is no parameter of that name.
    #[error("there is no parameter `{given}`: {hint}")]
    Unknown {
        /// The name that was given.
        given: String,
        /// The names that there are, or the one that was probably meant.
        hint: String,
    },
    /// A value that a parameter cannot have.
    #[error("the parameter `{name}` is {given}; {expected}")]
    Value {
        /// The parameter.
        name: String,
        /// The value that was given.
        given: String,
        /// The values that are allowed.
        expected: String,
    },
    /// A first value that the transform of the parameter cannot produce.
    #[error(
        "the parameter `{name}` starts at {given}, which is outside of what its transform {transform} reaches: {range}"
    )]
    OutsideTransform {
        /// The parameter.
        name: String,
        /// Its first value.
        given: f64,
        /// The transform.
        transform: String,
        /// The values that the transform reaches.
        range: String,
    },
    /// A first value outside of the bounds of its parameter.
    #[error("the parameter `{name}` starts at {given}, which is not between its bounds {lower} and {upper}")]
    OutsideBounds {
        /// The parameter.
        name: String,
        /// Its first value.
        given: f64,
        /// The lower bound.
        lower: f64,
        /// The upper bound.
        upper: f64,
    },
    /// A parameter without the finite bounds that the fit needs.
    #[error(
        "{needed_by} needs finite bounds of every parameter that is fitted, and `{name}` has {has}; give them with `bounds(lower, upper)`"
    )]
    NoBounds {
        /// The parameter.
        name: String,
        /// The method or setting that needs bounds.
        needed_by: String,
        /// The bounds that the parameter has, in words.
        has: String,
    },
    /// A setting of a method or of the fit is out of its range.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// A search method has no setting of that key.
    #[error("{method} has no setting `{key}`: {hint}")]
    NoSetting {
        /// The method.
        method: &'static str,
        /// The key that was given.
        key: String,
        /// The methods that have it, or the keys that there are.
        hint: String,
    },
    /// The method needs a gradient, and the loss has none.
    #[error("{method} needs the gradient of the loss, and there is none: {reason}; {others} need none")]
    NoGradient {
        /// The method.
        method: &'static str,
        /// Why there is no gradient.
        reason: String,
        /// The methods that need none.
        others: String,
    },
    /// The searches would take more memory than they may.
    #[error(
        "{method} needs about {needed} MiB for {starts} starts over {dimension} numbers, and {allowed} MiB are allowed; ask for fewer starts, \
         take another method, or allow more with `Fitter::memory`"
    )]
    Memory {
        /// The method.
        method: &'static str,
        /// The number of starts.
        starts: usize,
        /// The number of fitted numbers.
        dimension: usize,
        /// The estimated memory, MiB.
        needed: f64,
        /// The memory that is allowed, MiB.
        allowed: usize,
    },
    /// The loss cannot be used with these parameters.
    #[error("{0}")]
    Loss(#[source] LossError),
    /// Every candidate failed.
    #[error("all {evaluations} candidates failed; the first with {first}")]
    EveryCandidateFailed {
        /// The number of candidates.
        evaluations: usize,
        /// The values of the first candidate and what was wrong with it.
        first: String,
    },
    /// A file that is no checkpoint of this fit.
    #[error("`{path}` cannot be resumed: {problem}")]
    Resume {
        /// The file.
        path: String,
        /// The problem, as the end of a sentence.
        problem: String,
    },
    /// A file that cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
    /// Threads cannot be started.
    #[error("cannot start {threads} threads: {problem}")]
    Threads {
        /// The number of threads that was asked for.
        threads: usize,
        /// The message of the system.
        problem: String,
    },
}

brainmass_spec::debug_as_text!(FitError);
