//! Search methods, which choose candidates from the losses of those before.

mod argmin_cost;
mod cma_es;
mod differential_evolution;
mod draws;
mod grad;
mod lbfgs;
mod nelder_mead;
mod pso;
mod registry;
mod search;
mod setting;

pub use cma_es::CmaEs;
pub use differential_evolution::DifferentialEvolution;
pub use grad::Grad;
pub use lbfgs::Lbfgs;
pub use nelder_mead::NelderMead;
pub use pso::ParticleSwarm;
pub use registry::{METHODS, Method, MethodEntry};
pub use setting::MethodSetting;

pub(super) use draws::CandidateDraws;
pub(super) use registry::without_gradient;
pub(super) use search::{Search, SearchStart, SearchStep};
