//! Fits of parameters: what is fitted, how it is searched, and how well it is known afterwards.
//!
//! 1. [`Params`] say what is fitted: each [`Param`] has one value or one a node, a [`Transform`] that keeps it within bounds, and a [`Prior`] that
//!    says what is expected of it.
//! 2. A [`FitLoss`] is made small: a closure of the values, [`WithGradient`] for a closure that gives derivatives too, a [`Prediction`] that an
//!    objective compares with a target, or a [`SimulationLoss`], which sets parameters by the names of
//!    [`Network::set`](brainmass_sim::network::Network::set), runs, and judges what was recorded or observed; its gradients go through the
//!    whole run. A [`LinearResponseLoss`] compares the functional connectivity that a linear theory gives in place of a run.
//! 3. A [`Fitter`] searches by a [`Method`], from one start or several, on one thread or several, and writes checkpoints to go on from.
//! 4. The [`Fit`] is looked at with [`Identifiability`] (curvature, correlations, intervals) and [`Profile`]s.
//!
//! A candidate whose loss fails, or is no finite number, is given up and noted with its values in [`Fit::failures`]; the fit goes on. What
//! went wrong without ending the fit is in [`Fit::warnings`]. The same seed gives the same bits, whatever the number of threads, and whether
//! or not the fit was resumed.
//!
//! ```
//! use brainmass::fit::{Fitter, Grad, Param, Params, SimulationLoss};
//! use brainmass::gradient::Loss;
//! use brainmass::prelude::*;
//!
//! // A limit cycle of radius sqrt(a/beta): which a gives a mean square of x of 0.2?
//! let simulator = Simulator::new(HopfStep::new(1).a(0.1).init_x(0.4)).transient(20.0).record(["x"]);
//! let loss = SimulationLoss::differentiable(simulator, 83.0, |run| {
//!     let x = &run["x"];
//!     let distance = (x * x).mean().unwrap_or(0.0) - 0.2;
//!     Ok(Loss::new(distance * distance).by("x", x * (4.0 * distance / x.len() as f64)))
//! });
//! let params = Params::new().with("a", Param::new(0.1).softplus(0.0));
//! let fit = Fitter::new(params, loss).method(Grad::adam(0.1)).iterations(60).target(1e-8).run()?;
//! assert!((fit.best.scalar("a") - 0.4).abs() < 0.02);
//! # Ok::<(), brainmass::fit::FitError>(())
//! ```

mod checkpoint;
mod error;
mod evaluator;
mod fitter;
mod identifiability;
mod linear_response;
mod loss;
mod method;
mod outcome;
mod param;
mod params;
mod prediction;
mod prior;
mod profile;
mod search;
mod simulation;
mod symmetric;
#[cfg(test)]
mod tests;
mod transform;
mod values;

pub use error::{FitError, LossError};
pub use evaluator::Failure;
pub use fitter::{DEFAULT_SEARCH_MEMORY, Fitter, MAX_STARTS, MAX_THREADS};
pub use identifiability::Identifiability;
pub use linear_response::{LinearResponse, LinearResponseLoss};
pub use loss::{FitLoss, WithGradient};
pub use method::{
    CmaEs, DifferentialEvolution, Grad, Lbfgs, METHODS, Method, MethodEntry, MethodSetting, NelderMead,
    ParticleSwarm,
};
pub use outcome::{Fit, FitProgress, Iteration, Start};
pub use param::Param;
pub use params::Params;
pub use prediction::Prediction;
pub use prior::Prior;
pub use profile::Profile;
pub use simulation::SimulationLoss;
pub use transform::Transform;
pub use values::ParamValues;

// What first-order methods are made of, so that programs find it in one place.
pub use crate::optimiser::{Clipping, InvalidSetting, Schedule, UpdateRule};
