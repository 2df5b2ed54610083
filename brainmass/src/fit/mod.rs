//! Fits of parameters: what is fitted, how it is searched, and how well it is known afterwards.
//!
//! A [`Fitter`] makes a loss small: any [`FitLoss`] over [`Params`], by a [`Method`] with gradients or without.

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
    Schedule,
};
pub use outcome::{Fit, Iteration, Progress, Start};
pub use param::Param;
pub use params::Params;
pub use prior::Prior;
pub use profile::Profile;
pub use simulation::SimulationLoss;
pub use transform::Transform;
pub use values::ParamValues;
