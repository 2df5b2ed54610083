//! The contract between panels and the marks in them.

use crate::axis::{Range, Ruler, Scale};
use crate::color::Color;
use crate::drawing::{Drawing, Rect};
use crate::theme::Theme;

/// Two arrays that must agree: the name of one, its length, and what it must be.
pub(crate) type Length = (&'static str, usize, usize);

/// The questions that a panel asks a mark.
pub(crate) trait Draw {
    /// Returns what the mark is called in messages, with its label.
    fn name(&self) -> String;

    /// Returns the lengths to be checked before anything else is asked.
    fn lengths(&self) -> Vec<Length>;

    /// Returns the horizontal and vertical range of what is drawn, as far as the scales can show it.
    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range);

    /// Draws the mark in `color`, its own or the next of the palette.
    fn draw(&self, frame: &Frame<'_>, color: Color, out: &mut Drawing);

    /// Returns the text of its legend entry; empty for none.
    fn label(&self) -> &str {
        ""
    }

    /// Draws its sign into a legend, centred in `area`.
    fn draw_key(&self, _area: Rect, _theme: &Theme, _color: Color, _out: &mut Drawing) {}

    /// Returns the origin of the mark's colour.
    fn ink(&self) -> Ink {
        Ink::Theme
    }

    /// Returns pixels that a legend should not cover, at most a few apart along lines.
    fn footprint(&self, _frame: &Frame<'_>) -> Vec<[f64; 2]> {
        Vec::new()
    }
}

/// The origin of the colour of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// The mark takes the next colour of the palette.
    Next,
    /// The caller has chosen a colour.
    Given(Color),
    /// The mark has colours of the theme; the palette is not advanced.
    Theme,
}

impl From<Option<Color>> for Ink {
    fn from(color: Option<Color>) -> Self {
        color.map_or(Self::Next, Self::Given)
    }
}

/// The map from a panel's values to the picture.
pub(crate) struct Frame<'a> {
    pub x: Ruler,
    pub y: Ruler,
    pub area: Rect,
    pub theme: &'a Theme,
}

impl Frame<'_> {
    pub fn px(&self, x: f64, y: f64) -> [f64; 2] {
        [self.x.px(x), self.y.px(y)]
    }
}
