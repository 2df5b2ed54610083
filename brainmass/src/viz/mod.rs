//! Figures as PNG, SVG and PDF.
//!
//! Everything that draws plain arrays is the crate [`brainmass_viz`], whose items are all here. This module adds what draws results of the
//! library: [`fit_history`] and [`profile_likelihood`] of fits, [`training_loss`] and [`training_accuracy`] of trainings, and the kinds of
//! fixed points from their [`Stability`].
//!
//! ```
//! use brainmass::prelude::*;
//! use brainmass::viz::{Figure, PhasePortrait, time_series};
//!
//! let run = Simulator::new(HopfStep::new(1).a(0.25).w(0.2)).record(["x", "y"]).run(200.0)?;
//! let figure = Figure::new()
//!     .title("Hopf normal form")
//!     .panel(time_series(&run.ts, &run["x"]).y_label("x", ""))
//!     .panel(PhasePortrait::new("x", "y").trajectory(run["x"].column(0), run["y"].column(0)));
//! assert_eq!(&figure.to_png(1.0)?[1..4], b"PNG");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "continuation")]
mod diagrams;
#[cfg(feature = "fit")]
mod fits;
#[cfg(feature = "fit")]
mod training;

pub use brainmass_viz::*;
#[cfg(feature = "continuation")]
pub use diagrams::{bifurcation_diagram, delayed_bifurcation_diagram};
#[cfg(feature = "fit")]
pub use fits::{fit_history, profile_likelihood};
#[cfg(feature = "fit")]
pub use training::{training_accuracy, training_loss};

use crate::dynamics::Stability;

/// Returns how a fixed point of this stability is drawn.
pub fn fixed_point_kind(stability: Stability) -> FixedPointKind {
    match stability {
        Stability::Stable => FixedPointKind::Stable,
        Stability::Saddle => FixedPointKind::Saddle,
        Stability::Unstable => FixedPointKind::Unstable,
        Stability::Marginal => FixedPointKind::Marginal,
    }
}
