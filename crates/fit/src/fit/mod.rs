//! Fits of parameters: what is fitted, how it is searched, and how well it is known afterwards.
//!
//! 1. [`Params`]: names and [`Param`]s, each one value or one a node; which are fitted, within which bounds (a [`Transform`]), and what is
//!    expected of them (a [`Prior`]).
//! 2. A loss: a closure of the values, [`WithGradient`] for one that gives derivatives too, a [`Prediction`] that an objective compares with
//!    a target, or a [`SimulationLoss`], which sets parameters by the names of [`Network::set`](crate::Network::set), runs, and judges what was
//!    recorded or observed; its gradients go through the whole run.
//! 3. A [`Fitter`] with a [`Method`]: starts, threads, progress, files to go on from.
//! 4. Of the [`Fit`]: [`Identifiability`] (curvature, correlations, intervals) and [`Profile`]s.
//!
//! A candidate whose loss fails, or is no finite number, is given up and noted with its values in [`Fit::failures`]; the fit goes on.
//! The same seed gives the same bits, whatever the number of threads, and whether or not the fit was resumed.
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
mod loss;
mod method;
mod outcome;
mod param;
mod params;
mod prediction;
mod prior;
mod profile;
mod simulation;
mod symmetric;
#[cfg(test)]
mod tests;
mod transform;
mod values;

pub use error::{FitError, LossError};
pub use evaluator::Failure;
pub use fitter::Fitter;
pub use identifiability::Identifiability;
pub use loss::{FitLoss, WithGradient};
pub use method::{
    Clipping, CmaEs, DifferentialEvolution, Grad, Lbfgs, METHODS, Method, NelderMead, ParticleSwarm, Rule,
    Schedule, SearchMethod,
};
pub use outcome::{Fit, Iteration, Progress, Start};
pub use param::Param;
pub use params::Params;
pub use prediction::Prediction;
pub use prior::Prior;
pub use profile::Profile;
pub use simulation::SimulationLoss;
pub use transform::Transform;
pub use values::ParamValues;
