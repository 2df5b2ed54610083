//! Separate points: scatter plots, extrema, fixed points.

use std::collections::BTreeSet;

use ndarray::ArrayView1;

use super::draw::{Draw, Frame, Ink, Length};
use crate::axis::{Range, Scale};
use crate::color::Color;
use crate::drawing::{Drawing, Path, Rect, Stroke};
use crate::theme::Theme;

/// The shape of a point. Fixed points use the convention of dynamics: filled where stable, open where not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marker {
    /// A disc, as of a stable fixed point.
    #[default]
    Filled,
    /// A ring, as of an unstable fixed point.
    Open,
    /// A ring with its left half filled, as of a saddle.
    Half,
}

/// Points that are not joined.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// The horizontal coordinates.
    pub x: Vec<f64>,
    /// The vertical coordinates, one for each of `x`.
    pub y: Vec<f64>,
    /// The name in the legend; empty for none.
    pub label: String,
    /// The colour; without one, the next of the palette.
    pub color: Option<Color>,
    /// The radius in pixels.
    pub radius: f64,
    /// The shape of the points.
    pub marker: Marker,
    /// The opacity of the filling, 0 to 1.
    pub opacity: f64,
}

impl Points {
    /// Creates discs at (x, y).
    pub fn new<'a>(x: impl Into<ArrayView1<'a, f64>>, y: impl Into<ArrayView1<'a, f64>>) -> Self {
        Self {
            x: x.into().to_vec(),
            y: y.into().to_vec(),
            label: String::new(),
            color: None,
            radius: 2.5,
            marker: Marker::Filled,
            opacity: 1.0,
        }
    }

    /// Names the points.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the colour.
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// Sets the radius in pixels.
    pub fn radius(mut self, radius: f64) -> Self {
        self.radius = radius;
        self
    }

    /// Sets the shape.
    pub fn marker(mut self, marker: Marker) -> Self {
        self.marker = marker;
        self
    }

    /// Sets the opacity of the filling, 0 to 1.
    pub fn opacity(mut self, opacity: f64) -> Self {
        self.opacity = opacity;
        self
    }

    /// Returns the points in sight; of those that fall on the same third of a pixel, one.
    fn visible(&self, frame: &Frame<'_>) -> Vec<[f64; 2]> {
        let sight = frame.area.grown(self.radius);
        let mut taken = BTreeSet::new();
        self.x
            .iter()
            .zip(&self.y)
            .map(|(&x, &y)| frame.px(x, y))
            .filter(|p| p[0].is_finite() && p[1].is_finite() && sight.contains(*p))
            .filter(|p| taken.insert(p.map(|v| (3.0 * v).round() as i64)))
            .collect()
    }

    fn draw_one(&self, at: [f64; 2], radius: f64, theme: &Theme, color: Color, out: &mut Drawing) {
        let outline = Stroke::new(color, 1.5);
        match self.marker {
            Marker::Filled => out.circle(at, radius, color, self.opacity, None),
            Marker::Open | Marker::Half => {
                out.circle(at, radius - 0.75, theme.background, 1.0, Some(outline));
                if self.marker == Marker::Half {
                    out.fill(Path::left_half_disc(at, radius), color, 1.0);
                }
            }
        }
    }
}

impl Draw for Points {
    fn name(&self) -> String {
        format!("points `{}`", self.label)
    }

    fn lengths(&self) -> Vec<Length> {
        vec![("y", self.y.len(), self.x.len())]
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        (Range::of(&self.x, x), Range::of(&self.y, y))
    }

    fn draw(&self, frame: &Frame<'_>, color: Color, out: &mut Drawing) {
        for at in self.visible(frame) {
            self.draw_one(at, self.radius, frame.theme, color, out);
        }
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn draw_key(&self, area: Rect, theme: &Theme, color: Color, out: &mut Drawing) {
        let solid = Self { opacity: self.opacity.max(0.8), x: Vec::new(), y: Vec::new(), ..self.clone() };
        let centre = [area.x + 0.5 * area.w, area.y + 0.5 * area.h];
        solid.draw_one(centre, self.radius.clamp(2.5, 5.0), theme, color, out);
    }

    fn ink(&self) -> Ink {
        self.color.into()
    }

    fn footprint(&self, frame: &Frame<'_>) -> Vec<[f64; 2]> {
        self.visible(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::drawn;
    use super::*;

    #[test]
    fn points_that_cannot_be_seen_are_not_written() {
        let x = [1.0, 1.0001, 5.0, f64::NAN, 50.0];
        let text = drawn(Points::new(&x, &[1.0, 1.0, 5.0, 5.0, 5.0]));
        assert_eq!(text.matches("<circle").count(), 2);
    }

    #[test]
    fn stability_shows_in_the_filling() {
        let at = |marker| drawn(Points::new(&[5.0], &[5.0]).marker(marker));
        assert!(at(Marker::Filled).contains(r##"fill="#123456""##));
        assert!(!at(Marker::Open).contains(r##"fill="#123456""##));
        assert!(at(Marker::Half).contains(r##"z" fill="#123456""##));
    }
}
