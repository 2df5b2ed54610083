//! The columns of a histogram.

use ndarray::ArrayView1;

use super::draw::{Draw, Frame, Ink, Length};
use crate::axis::{Range, Scale};
use crate::color::Color;
use crate::drawing::{Drawing, Rect};
use crate::theme::Theme;

/// Columns from zero up to `heights`, between neighbouring `edges`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// The edges of the columns, one more than there are columns.
    pub edges: Vec<f64>,
    /// The heights of the columns.
    pub heights: Vec<f64>,
    /// The name in the legend; empty for none.
    pub label: String,
    /// The colour; without one, the next of the palette.
    pub color: Option<Color>,
    /// The opacity, 0 to 1.
    pub opacity: f64,
}

impl Bars {
    /// Creates columns with these edges and heights.
    pub fn new(edges: Vec<f64>, heights: Vec<f64>) -> Self {
        Self { edges, heights, label: String::new(), color: None, opacity: 0.85 }
    }

    /// Counts the finite `values` in `bins` equal bins from the smallest to the largest; a value on an edge counts to
    /// the right, the largest to the last bin.
    pub fn histogram<'a>(values: impl Into<ArrayView1<'a, f64>>, bins: usize) -> Self {
        let values = values.into();
        let range = Range::of(values, Scale::Linear);
        if range.is_empty() || bins == 0 {
            return Self::new(vec![0.0], Vec::new());
        }
        let (lo, hi) = match range.hi > range.lo {
            true => (range.lo, range.hi),
            false => (range.lo - 0.5, range.hi + 0.5),
        };
        let edge = |i: usize| lo + (hi - lo) * (i as f64 / bins as f64);
        let mut heights = vec![0.0; bins];
        for &value in values.iter().filter(|v| v.is_finite()) {
            let bin = ((value - lo) / (hi - lo) * bins as f64) as usize;
            heights[bin.min(bins - 1)] += 1.0;
        }
        Self::new((0..=bins).map(edge).collect(), heights)
    }

    /// Names the columns.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the colour.
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    fn columns(&self, frame: &Frame<'_>) -> Vec<Rect> {
        let base = frame.y.px(0.0).clamp(frame.area.y, frame.area.bottom());
        self.edges
            .windows(2)
            .zip(&self.heights)
            .filter_map(|(edge, &height)| {
                let (a, b, top) = (frame.x.px(edge[0]), frame.x.px(edge[1]), frame.y.px(height));
                let top = top.clamp(frame.area.y, frame.area.bottom());
                let (left, right) = (a.min(b), a.max(b));
                // A hairline between columns, where there is room for it.
                let gap = if right - left > 4.0 { 1.0 } else { 0.0 };
                let column = Rect {
                    x: left + 0.5 * gap,
                    y: top.min(base),
                    w: right - left - gap,
                    h: (top - base).abs(),
                };
                (column.w.is_finite() && column.h.is_finite() && column.h > 0.0).then_some(column)
            })
            .collect()
    }
}

impl Draw for Bars {
    fn name(&self) -> String {
        format!("bars `{}`", self.label)
    }

    fn lengths(&self) -> Vec<Length> {
        vec![("edges", self.edges.len(), self.heights.len() + 1)]
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        let heights = Range::of(self.heights.iter().chain(&[0.0]), y);
        (if self.heights.is_empty() { Range::EMPTY } else { Range::of(&self.edges, x) }, heights)
    }

    fn draw(&self, frame: &Frame<'_>, color: Color, out: &mut Drawing) {
        for column in self.columns(frame) {
            out.rect(column, color, self.opacity);
        }
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
        let sides = |c: &Rect| {
            let (x, bottom, top) = (c.x + 0.5 * c.w, c.bottom(), c.y);
            crate::path::dotted(&[[x, top], [x, bottom]], 6.0)
        };
        self.columns(frame).iter().flat_map(sides).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histogram_counts_every_finite_value_once() {
        let bars = Bars::histogram(&[0.0, 0.1, 0.5, 1.0, f64::NAN, f64::INFINITY], 2);
        assert_eq!(bars.edges, [0.0, 0.5, 1.0]);
        assert_eq!(bars.heights, [2.0, 2.0]);
    }

    #[test]
    fn constant_and_empty_values_have_a_histogram() {
        assert_eq!(Bars::histogram(&[3.0, 3.0], 1).heights, [2.0]);
        assert!(Bars::histogram(&[f64::NAN], 5).heights.is_empty());
        assert!(Bars::histogram(&[1.0], 0).heights.is_empty());
    }
}
