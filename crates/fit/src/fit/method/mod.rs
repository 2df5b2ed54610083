//! Search methods: how candidates are chosen from the losses of those before.

mod argmin_cost;
mod cma_es;
mod differential_evolution;
mod draws;
mod grad;
mod lbfgs;
mod nelder_mead;
mod pso;
mod registry;

use std::fmt;

pub use cma_es::CmaEs;
pub use differential_evolution::DifferentialEvolution;
pub use grad::Grad;
pub use lbfgs::Lbfgs;
pub use nelder_mead::NelderMead;
pub use pso::ParticleSwarm;
pub use registry::{METHODS, MethodEntry, MethodSetting};

pub(super) use draws::CandidateDraws;
pub(super) use registry::without_gradient;

use super::error::FitError;
use super::evaluator::Evaluator;
use crate::optimiser::InvalidSetting;

/// A search method with its settings.
///
/// [`METHODS`] lists them by name, with their settings and what they need:
///
/// | name | method | needs |
/// |---|---|---|
/// | `adam` | descent along the gradient by Adam | a gradient |
/// | `adamw` | Adam with decoupled weight decay | a gradient |
/// | `rmsprop` | descent along the gradient by RMSprop | a gradient |
/// | `sgd` | steepest descent with momentum | a gradient |
/// | `lbfgs` | quasi-Newton descent with a line search, for smooth losses | a gradient |
/// | `nelder_mead` | a simplex that moves downhill, for few parameters | |
/// | `cma_es` | evolution with an adapted covariance matrix | |
/// | `differential_evolution` | evolution by differences of candidates | bounds |
/// | `pso` | a swarm of particles drawn to the best places seen | bounds |
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each is documented where its settings are")]
pub enum Method {
    Grad(Grad),
    Lbfgs(Lbfgs),
    NelderMead(NelderMead),
    CmaEs(CmaEs),
    DifferentialEvolution(DifferentialEvolution),
    ParticleSwarm(ParticleSwarm),
}

impl Method {
    /// Returns the method of a name with its default settings; `None` where none has that name. `grad` is another name of `adam`.
    pub fn named(name: &str) -> Option<Self> {
        registry::entry(name).map(MethodEntry::build)
    }

    /// Returns the row of [`METHODS`] that describes this method.
    pub fn entry(&self) -> &'static MethodEntry {
        let name = match self {
            Self::Grad(grad) => grad.name(),
            Self::Lbfgs(_) => "lbfgs",
            Self::NelderMead(_) => "nelder_mead",
            Self::CmaEs(_) => "cma_es",
            Self::DifferentialEvolution(_) => "differential_evolution",
            Self::ParticleSwarm(_) => "pso",
        };
        // A test holds that every name has an entry.
        registry::entry(name).unwrap_or(&METHODS[0])
    }

    /// Returns the name of the method, as in [`METHODS`].
    pub fn name(&self) -> &'static str {
        self.entry().name
    }

    /// Returns whether the method needs the gradient of the loss.
    pub fn needs_gradient(&self) -> bool {
        self.entry().needs_gradient
    }

    /// Returns whether the method searches between bounds, which every fitted parameter must have then.
    pub fn needs_bounds(&self) -> bool {
        self.entry().needs_bounds
    }

    /// Checks that every setting is within its range.
    ///
    /// # Errors
    ///
    /// The first setting that is not.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        match self {
            Self::Grad(grad) => grad.check(),
            Self::Lbfgs(lbfgs) => lbfgs.check(),
            Self::NelderMead(simplex) => simplex.check(),
            Self::CmaEs(evolution) => evolution.check(),
            Self::DifferentialEvolution(evolution) => evolution.check(),
            Self::ParticleSwarm(swarm) => swarm.check(),
        }
    }

    /// Sets one of the settings that [`MethodEntry::settings`] lists for this method, by its key, as files give it.
    ///
    /// ```
    /// use brainmass::fit::{CmaEs, Method};
    ///
    /// let mut method = Method::named("cma_es").ok_or("no such method")?;
    /// method.set("candidates", 20.0)?;
    /// assert_eq!(method, CmaEs::default().candidates(20).into());
    /// assert!(method.set("rate", 0.1).unwrap_err().to_string().contains("adam"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The method has no such setting, or a whole number is needed. Ranges are checked by [`Method::check`].
    pub fn set(&mut self, key: &str, value: f64) -> Result<(), FitError> {
        registry::set(self, key, value)
    }

    /// Returns the method as it acts in a fit of so many iterations: with the length of its schedule said.
    pub(super) fn resolved(self, iterations: usize) -> Self {
        match self {
            Self::Grad(grad) => Self::Grad(grad.resolved(iterations)),
            other => other,
        }
    }

    /// Begins a search.
    pub(super) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        match self {
            Self::Grad(grad) => grad.search(start),
            Self::Lbfgs(lbfgs) => lbfgs.search(start),
            Self::NelderMead(simplex) => simplex.search(start),
            Self::CmaEs(evolution) => evolution.search(start),
            Self::DifferentialEvolution(evolution) => evolution.search(start),
            Self::ParticleSwarm(swarm) => swarm.search(start),
        }
    }

    /// Estimates how many numbers one search over `dimension` numbers keeps; infinite rather than too large to be counted.
    pub(super) fn memory(&self, dimension: usize) -> f64 {
        let n = dimension as f64;
        match self {
            Self::Grad(_) => 6.0 * n,
            Self::Lbfgs(lbfgs) => lbfgs.memory_of(n),
            Self::NelderMead(_) => 3.0 * (n + 1.0) * n,
            Self::CmaEs(evolution) => evolution.memory_of(n),
            Self::DifferentialEvolution(evolution) => evolution.memory_of(n),
            Self::ParticleSwarm(swarm) => swarm.memory_of(n),
        }
    }
}

macro_rules! methods {
    ($($variant:ident: $settings:ty;)*) => {
        $(impl From<$settings> for Method {
            fn from(settings: $settings) -> Self {
                Self::$variant(settings)
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

/// Where and with what a search begins.
pub(super) struct SearchStart {
    /// The first candidate, in the numbers that are searched.
    pub from: Vec<f64>,
    /// How far other first candidates lie from it along each number.
    pub spreads: Vec<f64>,
    /// The seed of the fit.
    pub seed: u64,
    /// The index of the start, which has random numbers of its own.
    pub start: u32,
    /// Iterations that the search may make at most.
    pub iterations: usize,
}

/// A search under way. What it does is a function of the losses that it is told and of its seed, so that it can be repeated from a log.
pub(super) trait Search: Send {
    /// Makes an iteration: asks for the losses of candidates and learns from them.
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep;
}

/// The outcome of an iteration.
pub(super) struct SearchStep {
    /// The loss at the present point, or the best of the present candidates; infinite where all failed.
    pub loss: f64,
    /// Why the search is over, if it is.
    pub over: Option<String>,
}

impl SearchStep {
    /// A search at this loss that goes on.
    pub fn at(loss: f64) -> Self {
        Self { loss, over: None }
    }

    /// A search that ends at this loss, and why.
    pub fn last(loss: f64, over: impl Into<String>) -> Self {
        Self { loss, over: Some(over.into()) }
    }
}

/// The inner product.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The Euclidean length.
fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}
