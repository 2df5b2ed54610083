//! Figures as PNG, SVG and PDF.
//!
//! Everything that draws plain arrays is the crate [`brainmass_viz`], whose items are all here. This module adds what draws results of the
//! library: [`fit_history`] and [`profile_likelihood`] of fits, the plots of a training's [`History`](crate::training::History), and the
//! kinds of fixed points from their [`Stability`].
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

#[cfg(feature = "fit")]
mod fits;
mod training;

pub use brainmass_viz::*;
#[cfg(feature = "fit")]
pub use fits::{fit_history, profile_likelihood};

use crate::dynamics::Stability;

impl From<Stability> for FixedPointKind {
    fn from(stability: Stability) -> Self {
        match stability {
            Stability::Stable => Self::Stable,
            Stability::Saddle => Self::Saddle,
            Stability::Unstable => Self::Unstable,
            Stability::Marginal => Self::Marginal,
        }
    }
}
