//! Straight reference lines.

use super::draw::{Draw, Frame, Ink, Length};
use crate::axis::{Range, Scale};
use crate::color::Color;
use crate::drawing::{Dash, Drawing, Rect, Stroke};
use crate::theme::Theme;

/// The direction of a reference line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// The line has one y and runs from left to right.
    Horizontal,
    /// The line has one x and runs from bottom to top.
    Vertical,
}

/// A thin line across the panel at one value: zero, a threshold, the onset of a stimulus.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The value at which the line lies.
    pub at: f64,
    /// The direction of the line.
    pub orientation: Orientation,
    /// The name in the legend; empty for none.
    pub label: String,
    /// The colour; without one, that of tick labels.
    pub color: Option<Color>,
    /// The pattern of the line.
    pub dash: Dash,
}

impl Rule {
    /// Creates a dashed line at one y.
    pub fn horizontal(at: f64) -> Self {
        Self {
            at,
            orientation: Orientation::Horizontal,
            label: String::new(),
            color: None,
            dash: Dash::Dashed,
        }
    }

    /// Creates a dashed line at one x.
    pub fn vertical(at: f64) -> Self {
        Self { orientation: Orientation::Vertical, ..Self::horizontal(at) }
    }

    /// Names the line.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    fn stroke(&self, color: Color) -> Stroke {
        Stroke { dash: self.dash, ..Stroke::new(color, 1.0) }
    }
}

impl Draw for Rule {
    fn name(&self) -> String {
        format!("rule `{}`", self.label)
    }

    fn lengths(&self) -> Vec<Length> {
        Vec::new()
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        match self.orientation {
            Orientation::Horizontal => (Range::EMPTY, Range::of(&[self.at], y)),
            Orientation::Vertical => (Range::of(&[self.at], x), Range::EMPTY),
        }
    }

    fn draw(&self, frame: &Frame<'_>, color: Color, out: &mut Drawing) {
        let area = frame.area;
        let (from, to) = match self.orientation {
            Orientation::Horizontal => ([area.x, frame.y.px(self.at)], [area.right(), frame.y.px(self.at)]),
            Orientation::Vertical => ([frame.x.px(self.at), area.y], [frame.x.px(self.at), area.bottom()]),
        };
        if area.grown(1.0).contains(from) {
            out.straight(from, to, &self.stroke(color));
        }
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn draw_key(&self, area: Rect, _: &Theme, color: Color, out: &mut Drawing) {
        let y = area.y + 0.5 * area.h;
        out.straight([area.x, y], [area.right(), y], &self.stroke(color));
    }

    fn ink(&self) -> Ink {
        self.color.map_or(Ink::Theme, Ink::Given)
    }
}
