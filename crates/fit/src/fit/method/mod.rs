//! Methods of search.

mod cma_es;
mod differential_evolution;
mod draws;
mod grad;
mod lbfgs;
mod nelder_mead;
mod pso;
mod schedule;

use std::fmt;

pub use cma_es::CmaEs;
pub use differential_evolution::DifferentialEvolution;
pub use grad::{Clipping, Grad, Rule};
pub use lbfgs::Lbfgs;
pub use nelder_mead::NelderMead;
pub use pso::ParticleSwarm;
pub use schedule::Schedule;

pub(super) use draws::Draws;

use super::error::FitError;
use super::evaluator::Evaluator;

/// How a loss is made small.
///
/// | name | method | needs |
/// |---|---|---|
/// | `adam`, `adamw`, `rmsprop`, `sgd` | [`Grad`]: first-order descent | a gradient |
/// | `lbfgs` | [`Lbfgs`]: quasi-Newton with line search | a gradient |
/// | `nelder_mead` | [`NelderMead`]: a simplex | |
/// | `cma_es` | [`CmaEs`]: evolution with an adapted covariance | |
/// | `differential_evolution` | [`DifferentialEvolution`]: evolution by differences | bounds |
/// | `pso` | [`ParticleSwarm`]: a swarm | bounds |
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "documented in the table above")]
pub enum Method {
    Grad(Grad),
    Lbfgs(Lbfgs),
    NelderMead(NelderMead),
    CmaEs(CmaEs),
    DifferentialEvolution(DifferentialEvolution),
    ParticleSwarm(ParticleSwarm),
}

/// The names of all methods.
pub const METHODS: [&str; 9] =
    ["adam", "adamw", "rmsprop", "sgd", "lbfgs", "nelder_mead", "cma_es", "differential_evolution", "pso"];

/// The learning rate of a first-order method that is asked for by name alone.
const DEFAULT_RATE: f64 = 0.05;

impl Method {
    /// The method of a name, as it comes; `grad` is `adam`. `None` where none has that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "grad" | "adam" => Grad::adam(DEFAULT_RATE).into(),
            "adamw" => Grad::adamw(DEFAULT_RATE, 0.01).into(),
            "rmsprop" => Grad::rmsprop(DEFAULT_RATE).into(),
            "sgd" => Grad::sgd(DEFAULT_RATE).into(),
            "lbfgs" => Lbfgs::default().into(),
            "nelder_mead" => NelderMead::default().into(),
            "cma_es" => CmaEs::default().into(),
            "differential_evolution" => DifferentialEvolution::default().into(),
            "pso" => ParticleSwarm::default().into(),
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Grad(grad) => grad.name(),
            Self::Lbfgs(_) => "lbfgs",
            Self::NelderMead(_) => "nelder_mead",
            Self::CmaEs(_) => "cma_es",
            Self::DifferentialEvolution(_) => "differential_evolution",
            Self::ParticleSwarm(_) => "pso",
        }
    }

    /// Whether it needs the gradient of the loss.
    pub fn needs_gradient(&self) -> bool {
        matches!(self, Self::Grad(_) | Self::Lbfgs(_))
    }

    /// Whether it searches between bounds.
    pub fn needs_bounds(&self) -> bool {
        matches!(self, Self::DifferentialEvolution(_) | Self::ParticleSwarm(_))
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        match self {
            Self::Grad(grad) => grad.check(),
            Self::Lbfgs(lbfgs) => lbfgs.check(),
            Self::NelderMead(simplex) => simplex.check(),
            Self::CmaEs(evolution) => evolution.check(),
            Self::DifferentialEvolution(evolution) => evolution.check(),
            Self::ParticleSwarm(swarm) => swarm.check(),
        }
    }

    /// A search from a candidate; `spreads` says how far first candidates lie from it.
    pub(super) fn search(&self, from: Vec<f64>, spreads: Vec<f64>, seed: u64, start: u32) -> Box<dyn Search> {
        match self {
            Self::Grad(grad) => grad.search(from),
            Self::Lbfgs(lbfgs) => lbfgs.search(from),
            Self::NelderMead(simplex) => simplex.search(from, &spreads),
            Self::CmaEs(evolution) => evolution.search(from, spreads, seed, start),
            Self::DifferentialEvolution(evolution) => evolution.search(from, seed, start),
            Self::ParticleSwarm(swarm) => swarm.search(from, seed, start),
        }
    }
}

macro_rules! methods {
    ($($name:ident: $settings:ty;)*) => {
        $(impl From<$settings> for Method {
            fn from(settings: $settings) -> Self {
                Self::$name(settings)
            }
        })*
    };
}

methods! {
    Grad: Grad;
    Lbfgs: Lbfgs;
    NelderMead: NelderMead;
    CmaEs: CmaEs;
    DifferentialEvolution: DifferentialEvolution;
    ParticleSwarm: ParticleSwarm;
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A search under way. What it does depends on the losses it is told and on its seed alone, so that it can be repeated from a log.
pub(super) trait Search: Send {
    /// Makes an iteration.
    fn step(&mut self, evaluator: &mut Evaluator) -> Step;
}

/// The outcome of an iteration.
pub(super) struct Step {
    /// The loss at the present point, or the best of the present candidates; infinite where all failed.
    pub loss: f64,
    /// Why the search is over, if it is.
    pub over: Option<String>,
}

impl Step {
    pub fn at(loss: f64) -> Self {
        Self { loss, over: None }
    }

    pub fn last(loss: f64, over: impl Into<String>) -> Self {
        Self { loss, over: Some(over.into()) }
    }
}

/// A setting that must hold.
pub(in crate::fit) fn need(
    holds: bool,
    what: &'static str,
    given: impl fmt::Display,
    expected: &'static str,
) -> Result<(), FitError> {
    if holds { Ok(()) } else { Err(FitError::Setting { what, given: given.to_string(), expected }) }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(super) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}
