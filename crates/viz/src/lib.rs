//! Figures as PNG, SVG and PDF.
//!
//! The library `brainmass` shows this crate as its module `viz`. Figures take plain arrays and know nothing of models and runs.
//!
//! A [`Figure`] is a grid of [`Panel`]s; a panel has two [`Axis`] and any number of marks: [`Series`], [`Points`],
//! [`Bars`], [`Heatmap`], [`PlanarField`], [`Contour`], [`Band`], [`Rule`]. For what one looks at most there are functions
//! that make the whole panel: [`time_series`], [`stacked`], [`butterfly`], [`carpet`], [`PhasePortrait`],
//! [`connectivity`], [`functional_connectivity`], [`fcd`], [`power_spectrum`], [`scatter`], [`histogram`],
//! [`bifurcation`], [`loss_curve`].
//!
//! Arrays may hold NaN and infinities: lines break there, cells are grey, ranges pass them over. Long series are thinned
//! to what can be seen. Sizes are CSS pixels. The font, Inter, is part of the library; PNG and PDF have no other, so that
//! characters beyond Latin, Greek and mathematics are shown in SVG only, and as squares elsewhere.
//!
//! ```
//! # mod brainmass { pub use brainmass_viz as viz; }
//! use brainmass::viz::{Figure, FixedPointKind, PhasePortrait, Theme, time_series};
//! use ndarray::{Array1, Array2};
//!
//! // A Hopf limit cycle of radius 0.5
//! let ts = Array1::linspace(0.0, 100.0, 1000);
//! let xy = Array2::from_shape_fn((1000, 2), |(i, j)| 0.5 * (0.2 * ts[i] - 1.5708 * j as f64).cos());
//! let hopf = |x: f64, y: f64| {
//!     let growth = 0.25 - x * x - y * y;
//!     (growth * x - 0.2 * y, growth * y + 0.2 * x)
//! };
//! let figure = Figure::new()
//!     .title("Hopf normal form")
//!     .theme(Theme::dark())
//!     .panel(time_series(&ts, &xy).labels(["x", "y"]))
//!     .panel(
//!         PhasePortrait::new("x", "y")
//!             .flow((-0.8, 0.8), (-0.8, 0.8), hopf)
//!             .trajectory(&xy.column(0), &xy.column(1))
//!             .fixed_point(0.0, 0.0, FixedPointKind::Unstable),
//!     );
//! assert_eq!(&figure.to_png(1.0)?[1..4], b"PNG");
//! # Ok::<(), brainmass::viz::VizError>(())
//! ```

mod axis;
mod color;
mod color_map;
mod contour;
mod drawing;
mod error;
mod figure;
mod font;
mod format;
mod layout;
mod legend;
mod marks;
mod panel;
mod path;
mod pdf;
mod plots;
mod raster;
mod render;
mod svg;
mod theme;
mod ticks;

pub use axis::{Axis, Group, Scale, Ticks};
pub use color::{Color, PALETTE, PALETTE_DARK};
pub use color_map::ColorMap;
pub use drawing::Dash;
pub use error::VizError;
pub use figure::Figure;
pub use format::Format;
pub use marks::{
    Band, Bars, Colors, Contour, Heatmap, Mark, Marker, Orientation, PlanarField, Points, Rule, Series, Tags,
};
pub use panel::{Legend, Panel, ScaleBar};
pub use plots::{
    FixedPointKind, PhasePortrait, bifurcation, butterfly, by_hemisphere, carpet, connectivity, fcd,
    functional_connectivity, hemispheres, histogram, homotopic, in_order, loss_curve, power_band,
    power_spectrum, power_spectrum_between, scatter, stacked, time_series, with_networks, with_regions,
};
pub use theme::Theme;

#[cfg(test)]
mod testing;
