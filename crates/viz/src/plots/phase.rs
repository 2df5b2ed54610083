//! Phase portraits of planar systems.

use ndarray::ArrayView1;

use crate::axis::Axis;
use crate::color::Color;
use crate::marks::{Marker, PlanarField, Points, Series};
use crate::panel::Panel;

/// The colours of nullclines of x and y, and of trajectories; they stand out on both themes.
const NULLCLINES: [Color; 2] = [Color::hex(0xc07c00), Color::hex(0x0f9f78)];
const TRAJECTORIES: [Color; 3] = [Color::hex(0x2f86c9), Color::hex(0xc0609a), Color::hex(0x8a6fd1)];

/// The kind of a fixed point, which its marker and its entry in the legend show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixedPointKind {
    /// Perturbations die out; the marker is a filled disc.
    Stable,
    /// Perturbations grow along some directions and die out along others; the marker is a half-filled disc.
    Saddle,
    /// Perturbations grow; the marker is a ring.
    Unstable,
    /// The linearisation does not decide; the marker is a ring.
    Marginal,
}

/// The phase plane of two states: flow, nullclines, trajectories, fixed points.
///
/// ```
/// # mod brainmass { pub use brainmass_viz as viz; }
/// use brainmass::viz::{Figure, FixedPointKind, PhasePortrait};
///
/// // FitzHugh-Nagumo without drive
/// let flow = |v: f64, w: f64| (v - v.powi(3) / 3.0 - w, 0.08 * (v + 0.7 - 0.8 * w));
/// let portrait = PhasePortrait::new("V", "W")
///     .flow((-2.5, 2.5), (-1.5, 2.0), flow)
///     .trajectory(&[2.0, 1.2, -1.1], &[0.0, 0.5, -0.6])
///     .fixed_point(-1.1994, -0.6243, FixedPointKind::Stable);
/// assert!(Figure::new().panel(portrait).to_svg().is_ok());
/// ```
#[derive(Clone, Debug, Default)]
pub struct PhasePortrait {
    names: (String, String),
    units: (String, String),
    window: Option<((f64, f64), (f64, f64))>,
    field: Option<PlanarField>,
    trajectories: Vec<Series>,
    fixed_points: Vec<(f64, f64, FixedPointKind)>,
}

impl PhasePortrait {
    /// Creates the portrait of the plane of the states with these names.
    pub fn new(x: impl Into<String>, y: impl Into<String>) -> Self {
        Self { names: (x.into(), y.into()), ..Self::default() }
    }

    /// Sets the units of the states.
    pub fn units(mut self, x: impl Into<String>, y: impl Into<String>) -> Self {
        self.units = (x.into(), y.into());
        self
    }

    /// Adds arrows and nullclines of `flow(x, y) = (dx/dt, dy/dt)` and shows this window of the plane.
    pub fn flow(self, x: (f64, f64), y: (f64, f64), flow: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        // Fine enough for nullclines that look smooth; arrows are drawn at a part of the points.
        self.field(PlanarField::sample(x, y, 144, flow))
    }

    /// Adds arrows and nullclines of a field sampled before, and shows the window that it covers.
    pub fn field(mut self, field: PlanarField) -> Self {
        let ends = |axis: &[f64]| Some((*axis.first()?, *axis.last()?));
        self.window = ends(&field.x).zip(ends(&field.y));
        self.field = Some(field);
        self
    }

    /// Adds a trajectory. All of them are called "trajectory" until one is named.
    pub fn trajectory<'a>(
        self,
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
    ) -> Self {
        self.named_trajectory("trajectory", x, y)
    }

    /// Adds a trajectory with a name.
    pub fn named_trajectory<'a>(
        mut self,
        name: impl Into<String>,
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
    ) -> Self {
        let name = name.into();
        let same = self.trajectories.iter().find(|t| t.label == name).and_then(|t| t.color);
        let names = self.trajectories.iter().map(|t| t.color).collect::<Vec<_>>();
        let next = TRAJECTORIES.into_iter().find(|c| !names.contains(&Some(*c))).unwrap_or(TRAJECTORIES[0]);
        self.trajectories.push(Series::new(x, y).label(name).color(same.unwrap_or(next)).width(1.75));
        self
    }

    /// Adds a fixed point; the stability that the library computes of it turns into the kind.
    pub fn fixed_point(mut self, x: f64, y: f64, kind: impl Into<FixedPointKind>) -> Self {
        self.fixed_points.push((x, y, kind.into()));
        self
    }
}

impl From<PhasePortrait> for Panel {
    fn from(portrait: PhasePortrait) -> Self {
        let (x, y) = portrait.names;
        let mut panel = Self::new()
            .x(Axis::new(&x).unit(portrait.units.0))
            .y(Axis::new(&y).unit(portrait.units.1))
            .aspect(1.15);
        if let Some((along_x, along_y)) = portrait.window {
            (panel.x.limits, panel.y.limits) = (Some(along_x), Some(along_y));
        }
        if let Some(field) = portrait.field {
            let nullclines = [field.x_nullcline(), field.y_nullcline()];
            panel = panel.draw(field);
            for ((nullcline, name), color) in nullclines.into_iter().zip([&x, &y]).zip(NULLCLINES) {
                panel = panel.draw(nullcline.label(format!("{name}-nullcline")).color(color));
            }
        }
        panel = portrait.trajectories.into_iter().fold(panel, Self::draw);
        for (kind, marker, name) in [
            (FixedPointKind::Stable, Marker::Filled, "stable"),
            (FixedPointKind::Saddle, Marker::Half, "saddle"),
            (FixedPointKind::Unstable, Marker::Open, "unstable"),
            (FixedPointKind::Marginal, Marker::Open, "marginal"),
        ] {
            let chosen = || portrait.fixed_points.iter().filter(|point| point.2 == kind);
            let (x, y): (Vec<f64>, Vec<f64>) = chosen().map(|point| (point.0, point.1)).unzip();
            if !x.is_empty() {
                let points = Points::new(&x, &y).marker(marker).radius(5.0).color(FIXED_POINT);
                panel = panel.draw(points.label(format!("{name} fixed point")));
            }
        }
        panel
    }
}

/// A red that stands out from nullclines and trajectories on both themes.
const FIXED_POINT: Color = Color::hex(0xd43d51);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Mark;
    use crate::theme::{LEAST_CONTRAST, Theme};

    #[test]
    fn lines_stand_out_on_both_themes() {
        for background in [Theme::light().background, Theme::dark().background] {
            for color in [&NULLCLINES[..], &TRAJECTORIES, &[FIXED_POINT]].concat() {
                let contrast = color.contrast(background);
                assert!(contrast >= LEAST_CONTRAST, "{color} has contrast {contrast} with {background}");
            }
        }
    }

    #[test]
    fn portrait_draws_flow_below_nullclines_below_trajectories_below_fixed_points() {
        let panel: Panel = PhasePortrait::new("x", "y")
            .fixed_point(0.0, 0.0, FixedPointKind::Unstable)
            .trajectory(&[0.1, 0.2], &[0.0, 0.1])
            .flow((-1.0, 1.0), (-1.0, 1.0), |x, y| (x - y, x + y))
            .into();
        let kinds: Vec<_> = panel.marks.iter().map(|m| m.as_draw().name()).collect();
        assert_eq!(
            kinds,
            [
                "vector field",
                "contour `x-nullcline`",
                "contour `y-nullcline`",
                "series `trajectory`",
                "points `unstable fixed point`"
            ]
        );
        assert!(matches!(&panel.marks[4], Mark::Points(p) if p.marker == Marker::Open));
        assert_eq!(panel.x.limits, Some((-1.0, 1.0)));
    }
}
