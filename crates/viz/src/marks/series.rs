//! Lines and bands.

use std::sync::Arc;

use ndarray::ArrayView1;

use super::draw::{Draw, Frame, Ink, Length};
use crate::axis::{Range, Scale};
use crate::color::Color;
use crate::drawing::{Dash, Drawing, Path, Rect, Stroke};
use crate::path;
use crate::theme::Theme;

/// A line through points, broken where a coordinate is not finite.
///
/// Long lines are thinned to what can be seen, so that an SVG of a million samples stays small.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The horizontal coordinates, shared between series.
    pub x: Arc<[f64]>,
    /// The vertical coordinates, one for each of `x`.
    pub y: Vec<f64>,
    /// The name in the legend; empty for none.
    pub label: String,
    /// The colour; without one, the next of the palette.
    pub color: Option<Color>,
    /// The width of the line in pixels.
    pub width: f64,
    /// The pattern of the line.
    pub dash: Dash,
    /// The opacity, 0 to 1.
    pub opacity: f64,
}

impl Series {
    /// Creates a line through the points (x, y).
    pub fn new<'a>(x: impl Into<ArrayView1<'a, f64>>, y: impl Into<ArrayView1<'a, f64>>) -> Self {
        Self::sharing(x.into().iter().copied().collect(), y)
    }

    /// Creates a line over coordinates that other lines use too.
    pub fn sharing<'a>(x: Arc<[f64]>, y: impl Into<ArrayView1<'a, f64>>) -> Self {
        Self {
            x,
            y: y.into().to_vec(),
            label: String::new(),
            color: None,
            width: 1.3,
            dash: Dash::Solid,
            opacity: 1.0,
        }
    }

    /// Names the line.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the colour.
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// Sets the width in pixels.
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
        self
    }

    /// Sets the pattern of the line.
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }

    /// Sets the opacity, 0 to 1.
    pub fn opacity(mut self, opacity: f64) -> Self {
        self.opacity = opacity;
        self
    }

    fn stroke(&self, color: Color) -> Stroke {
        Stroke { color, width: self.width, opacity: self.opacity, dash: self.dash, round: true }
    }

    fn visible(&self, frame: &Frame<'_>) -> Vec<Vec<[f64; 2]>> {
        path::visible(self.x.iter().zip(&self.y).map(|(&x, &y)| frame.px(x, y)), frame.area)
    }
}

impl Draw for Series {
    fn name(&self) -> String {
        format!("series `{}`", self.label)
    }

    fn lengths(&self) -> Vec<Length> {
        vec![("y", self.y.len(), self.x.len())]
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        (Range::of(self.x.iter(), x), Range::of(&self.y, y))
    }

    fn draw(&self, frame: &Frame<'_>, color: Color, out: &mut Drawing) {
        out.stroke(Path::lines(&self.visible(frame)), &self.stroke(color));
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn draw_key(&self, area: Rect, _: &Theme, color: Color, out: &mut Drawing) {
        let y = area.y + 0.5 * area.h;
        let stroke =
            Stroke { width: self.width.max(1.5), opacity: self.opacity.max(0.8), ..self.stroke(color) };
        out.straight([area.x, y], [area.right(), y], &stroke);
    }

    fn ink(&self) -> Ink {
        self.color.into()
    }

    fn footprint(&self, frame: &Frame<'_>) -> Vec<[f64; 2]> {
        self.visible(frame).iter().flat_map(|line| path::dotted(line, 4.0)).collect()
    }
}

/// The area between two lines over the same x: a spread around a mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The horizontal coordinates.
    pub x: Vec<f64>,
    /// The lower edge, one value for each of `x`.
    pub lower: Vec<f64>,
    /// The upper edge, one value for each of `x`.
    pub upper: Vec<f64>,
    /// The name in the legend; empty for none.
    pub label: String,
    /// The colour; without one, the next of the palette.
    pub color: Option<Color>,
    /// The opacity, 0 to 1.
    pub opacity: f64,
}

impl Band {
    /// Creates the area between `lower` and `upper`.
    pub fn new<'a>(
        x: impl Into<ArrayView1<'a, f64>>,
        lower: impl Into<ArrayView1<'a, f64>>,
        upper: impl Into<ArrayView1<'a, f64>>,
    ) -> Self {
        Self {
            x: x.into().to_vec(),
            lower: lower.into().to_vec(),
            upper: upper.into().to_vec(),
            label: String::new(),
            color: None,
            opacity: 0.2,
        }
    }

    /// Names the band.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the colour.
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// Returns the outline of each stretch without gaps: along the lower edge, back along the upper.
    fn outlines(&self, frame: &Frame<'_>) -> Vec<Vec<[f64; 2]>> {
        let near = frame.area.grown(frame.area.w.max(frame.area.h));
        let clamped = |x: f64, y: f64| {
            let [px, py] = frame.px(x, y);
            [px.clamp(near.x, near.right()), py.clamp(near.y, near.bottom())]
        };
        let edges: Vec<_> = (0..self.x.len())
            .map(|i| (clamped(self.x[i], self.lower[i]), clamped(self.x[i], self.upper[i])))
            .collect();
        edges
            .split(|(lower, upper)| lower.iter().chain(upper).any(|v| v.is_nan()))
            .filter(|run| run.len() > 1)
            .map(|run| {
                let lower = path::thinned(run.iter().map(|edge| edge.0));
                let mut upper = path::thinned(run.iter().map(|edge| edge.1));
                upper.reverse();
                [lower, upper].concat()
            })
            .collect()
    }
}

impl Draw for Band {
    fn name(&self) -> String {
        format!("band `{}`", self.label)
    }

    fn lengths(&self) -> Vec<Length> {
        vec![("lower", self.lower.len(), self.x.len()), ("upper", self.upper.len(), self.x.len())]
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        (Range::of(&self.x, x), Range::of(self.lower.iter().chain(&self.upper), y))
    }

    fn draw(&self, frame: &Frame<'_>, color: Color, out: &mut Drawing) {
        out.fill(Path::areas(&self.outlines(frame)), color, self.opacity);
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn draw_key(&self, area: Rect, _: &Theme, color: Color, out: &mut Drawing) {
        out.rect(area, color, self.opacity);
    }

    fn ink(&self) -> Ink {
        self.color.into()
    }

    fn footprint(&self, frame: &Frame<'_>) -> Vec<[f64; 2]> {
        self.outlines(frame).iter().flat_map(|line| path::dotted(line, 4.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{drawn, frame};
    use super::*;

    #[test]
    fn series_break_at_numbers_that_cannot_be_shown() {
        let series = Series::new(&[0.0, 1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, f64::NAN, 2.0, 1.0]);
        assert!(drawn(series).contains(r#"d="M0 90l10-10M30 80l10 10""#));
    }

    #[test]
    fn footprint_follows_the_line_between_its_points() {
        let series = Series::new(&[0.0, 10.0], &[0.0, 10.0]);
        let found = series.footprint(&frame());
        assert!(found.windows(2).all(|w| (w[1][0] - w[0][0]).abs() < 4.0));
        assert!(found.len() > 30);
    }

    #[test]
    fn bands_go_there_and_back() {
        let band = Band::new(&[0.0, 10.0], &[1.0, 1.0], &[2.0, 3.0]);
        assert!(drawn(band).contains(r#"d="M0 90h100v-20l-100 10z""#));
    }
}
