//! Ready-made panels for what one looks at in whole-brain modelling.
//!
//! Each returns a [`Panel`](super::Panel), to be titled, relabelled and added to.

mod activity;
mod matrices;
mod order;
mod phase;
mod spectrum;
mod statistics;

pub use activity::{butterfly, carpet, stacked, time_series};
pub use matrices::{connectivity, fcd, functional_connectivity, with_networks, with_regions};
pub use order::{by_hemisphere, hemispheres, homotopic, in_order};
pub use phase::{FixedPointKind, PhasePortrait};
pub use spectrum::{power_band, power_spectrum, power_spectrum_between};
pub use statistics::{bifurcation, histogram, loss_curve, scatter};
