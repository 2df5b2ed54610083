//! What can go wrong with a fit.

use thiserror::Error;

use brainmass_data::io::IoError;

/// Why a loss cannot be computed at a point: any error.
pub type LossError = Box<dyn std::error::Error + Send + Sync>;

/// Why a fit cannot start, or has no result.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FitError {
    /// No parameter is to be fitted.
    #[error("there is nothing to fit: {}", if known.is_empty() { "no parameter was given".to_owned() } else { format!("{known} are all fixed") })]
    NothingToFit {
        /// The parameters that there are.
        known: String,
    },
    /// The same name twice.
    #[error("the parameter `{name}` is given twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// A name that is not there.
    #[error("there is no parameter `{given}`: {hint}")]
    Unknown {
        /// The name given.
        given: String,
        /// What there is.
        hint: String,
    },
    /// A value that cannot be one.
    #[error("the parameter `{name}` is {given}; {expected}")]
    Value {
        /// The parameter.
        name: String,
        /// What was given.
        given: String,
        /// What is allowed.
        expected: String,
    },
    /// A value that the transform cannot produce.
    #[error(
        "the parameter `{name}` starts at {given}, which is outside of what its transform {transform} reaches: {range}"
    )]
    OutsideTransform {
        /// The parameter.
        name: String,
        /// Its value.
        given: f64,
        /// The transform.
        transform: String,
        /// What it reaches.
        range: String,
    },
    /// A value outside of its bounds.
    #[error("the parameter `{name}` starts at {given}, which is not between its bounds {lower} and {upper}")]
    OutsideBounds {
        /// The parameter.
        name: String,
        /// Its value.
        given: f64,
        /// The lower bound.
        lower: f64,
        /// The upper bound.
        upper: f64,
    },
    /// Bounds that are needed.
    #[error(
        "{needed_by} needs finite bounds of every parameter that is fitted, and `{name}` has {has}; give them with `bounds(lower, upper)`"
    )]
    NoBounds {
        /// The parameter.
        name: String,
        /// What asks for them.
        needed_by: String,
        /// What it has.
        has: String,
    },
    /// A setting of a method or of the fit.
    #[error("{what} is {given}; {expected}")]
    Setting {
        /// Which.
        what: &'static str,
        /// Its value.
        given: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A method that needs a gradient, and a loss that has none.
    #[error(
        "{method} needs the gradient of the loss, and there is none: {reason}; nelder_mead, cma_es, differential_evolution and pso need none"
    )]
    NoGradient {
        /// The method.
        method: &'static str,
        /// Why there is none.
        reason: String,
    },
    /// The loss cannot be used with these parameters.
    #[error("{0}")]
    Loss(#[source] LossError),
    /// Every candidate failed.
    #[error("all {evaluations} candidates failed; the first with {first}")]
    EveryCandidateFailed {
        /// How many there were.
        evaluations: usize,
        /// What was wrong with the first.
        first: String,
    },
    /// A file that is no fit, or that of another.
    #[error("`{path}` cannot be resumed: {problem}")]
    Resume {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// A file that cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
    /// Threads cannot be started.
    #[error("cannot start {threads} threads: {problem}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        problem: String,
    },
}
