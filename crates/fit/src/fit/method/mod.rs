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

/// How a loss is made small. [`METHODS`] lists the methods by name, with what each needs.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "documented with the settings of each, and in the list of methods")]
pub enum Method {
    Grad(Grad),
    Lbfgs(Lbfgs),
    NelderMead(NelderMead),
    CmaEs(CmaEs),
    DifferentialEvolution(DifferentialEvolution),
    ParticleSwarm(ParticleSwarm),
}

/// A search method that can be asked for by name.
#[derive(Debug)]
pub struct SearchMethod {
    /// The name of the method.
    pub name: &'static str,
    /// Further names under which it is known.
    pub aliases: &'static [&'static str],
    /// What the method does, in a line.
    pub doc: &'static str,
    /// What the method needs of the loss and the parameters, in a few words; empty where it needs nothing.
    pub needs: &'static str,
    make: fn() -> Method,
}

/// The learning rate of a first-order method that is asked for by name alone.
const DEFAULT_RATE: f64 = 0.05;

/// The search methods by name.
pub static METHODS: &[SearchMethod] = &[
    SearchMethod {
        name: "adam",
        aliases: &["grad"],
        doc: "first-order descent with adapted steps",
        needs: "a gradient",
        make: || Grad::adam(DEFAULT_RATE).into(),
    },
    SearchMethod {
        name: "adamw",
        aliases: &[],
        doc: "the same, with values that decay towards 0",
        needs: "a gradient",
        make: || Grad::adamw(DEFAULT_RATE, 0.01).into(),
    },
    SearchMethod {
        name: "rmsprop",
        aliases: &[],
        doc: "first-order descent, each step divided by the root of the mean square of the gradient",
        needs: "a gradient",
        make: || Grad::rmsprop(DEFAULT_RATE).into(),
    },
    SearchMethod {
        name: "sgd",
        aliases: &[],
        doc: "plain gradient descent",
        needs: "a gradient",
        make: || Grad::sgd(DEFAULT_RATE).into(),
    },
    SearchMethod {
        name: "lbfgs",
        aliases: &[],
        doc: "quasi-Newton steps with a line search",
        needs: "a gradient",
        make: || Lbfgs::default().into(),
    },
    SearchMethod {
        name: "nelder_mead",
        aliases: &[],
        doc: "a simplex that moves and shrinks",
        needs: "",
        make: || NelderMead::default().into(),
    },
    SearchMethod {
        name: "cma_es",
        aliases: &[],
        doc: "evolution with an adapted covariance",
        needs: "",
        make: || CmaEs::default().into(),
    },
    SearchMethod {
        name: "differential_evolution",
        aliases: &[],
        doc: "evolution by differences of candidates",
        needs: "limits of every parameter",
        make: || DifferentialEvolution::default().into(),
    },
    SearchMethod {
        name: "pso",
        aliases: &[],
        doc: "a swarm of particles",
        needs: "limits of every parameter",
        make: || ParticleSwarm::default().into(),
    },
];

impl Method {
    /// Makes the method of a name with its usual settings; `None` where no method of [`METHODS`] has that name.
    pub fn named(name: &str) -> Option<Self> {
        let found = METHODS.iter().find(|method| method.name == name || method.aliases.contains(&name));
        found.map(|method| (method.make)())
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
