//! Losses and scores that compare signals, each with its gradient.
//!
//! An [`Objective`] compares a prediction with a target and gives the exact derivative of its value by every sample of
//! the prediction: the adjoint of each objective is written by hand beside its value. Objectives are combined with
//! weights ([`Combine`]) and turned from scores into losses ([`Objective::as_loss`]); [`OBJECTIVES`] lists them by
//! name. For the value alone there is a function of each: [`fc_corr`], [`timeseries_rmse`], ...
//!
//! A correlation with something that does not vary ([`VARIATION`](crate::analysis::VARIATION)) is 0 and has no
//! gradient, so that a silent model scores 0 and does not stop a search. Whoever wants to know which regions of a
//! target are silent asks [`Channels`](crate::analysis::Channels). Only the distribution of FCD entries has no such
//! value: where they are all the same it is an error.

mod combine;
mod cosine;
mod density_distance;
mod error;
mod fc;
mod fcd;
mod functions;
mod objective;
mod pearson;
mod registry;
mod timeseries;

pub use combine::Combine;
pub use cosine::CosineSim;
pub use density_distance::{KsDistance, Wasserstein1d};
pub use error::ObjectiveError;
pub use fc::{ConnectivityObjective, FcCorr, FcRmse, FcTarget};
pub use fcd::{FcdCorr, FcdKs, FcdWasserstein};
pub use functions::{
    cosine_sim, fc_corr, fc_rmse, fcd_corr, fcd_ks, fcd_wasserstein, ks_distance, timeseries_rmse,
    wasserstein_1d,
};
pub use objective::{AsLoss, Evaluation, Objective};
pub use registry::{Better, Entry, OBJECTIVES, Settings, connectivity_objective, objective};
pub use timeseries::TimeseriesRmse;
