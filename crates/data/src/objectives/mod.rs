//! Losses and scores that compare signals, each with its gradient.
//!
//! An [`Objective`] compares a prediction with a target and can say how its value changes with every sample of the
//! prediction, exactly: the adjoint of each is written by hand beside its value. Objectives are combined with weights
//! ([`Combine`]) and turned from scores into losses ([`Objective::as_loss`]); [`OBJECTIVES`] lists them by name.
//!
//! A correlation with something that does not vary is 0 and has no gradient: a silent model scores 0, it does not stop
//! a search. Only the distribution of FCD entries has no such value: where they are all the same it is an error.

mod combine;
mod cosine;
mod density_distance;
mod error;
mod fc;
mod fcd;
mod objective;
mod pearson;
mod registry;
mod timeseries;

pub use combine::{AsLoss, Combine};
pub use cosine::CosineSim;
pub use density_distance::{KsDistance, Wasserstein1d};
pub use error::ObjectiveError;
pub use fc::{FcCorr, FcRmse, FcTarget};
pub use fcd::{FcdCorr, FcdKs, FcdWasserstein};
pub use objective::{Evaluation, Objective};
pub use registry::{Better, Entry, OBJECTIVES, Settings, objective};
pub use timeseries::TimeseriesRmse;
