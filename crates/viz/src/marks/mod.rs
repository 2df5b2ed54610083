//! What can be drawn in a panel.

mod bars;
mod field;
mod heatmap;
mod points;
mod rule;
mod series;

pub use bars::Bars;
pub use field::{Contour, PlanarField};
pub use heatmap::{Colors, Heatmap};
pub(crate) use heatmap::{counted, draw_color_bar};
pub use points::{Marker, Points};
pub use rule::{Orientation, Rule};
pub use series::{Band, Series};

use super::axis::{Range, Ruler, Scale};
use super::color::Color;
use super::drawing::{Drawing, Rect};
use super::theme::Theme;

/// One thing drawn in a panel. Every kind of mark turns into it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Mark {
    /// A line.
    Series(Series),
    /// A shaded band between two lines.
    Band(Band),
    /// Points that are not joined.
    Points(Points),
    /// The columns of a histogram.
    Bars(Bars),
    /// A matrix as colours.
    Heatmap(Heatmap),
    /// The arrows of a vector field.
    Field(PlanarField),
    /// The contour lines of a scalar field.
    Contour(Contour),
    /// A straight reference line across the panel.
    Rule(Rule),
}

impl Mark {
    pub(crate) fn as_draw(&self) -> &dyn Draw {
        match self {
            Self::Series(m) => m,
            Self::Band(m) => m,
            Self::Points(m) => m,
            Self::Bars(m) => m,
            Self::Heatmap(m) => m,
            Self::Field(m) => m,
            Self::Contour(m) => m,
            Self::Rule(m) => m,
        }
    }
}

macro_rules! mark_from {
    ($($kind:ident($data:ty)),+ $(,)?) => {$(
        impl From<$data> for Mark {
            fn from(data: $data) -> Self {
                Self::$kind(data)
            }
        }
    )+};
}

mark_from!(
    Series(Series),
    Band(Band),
    Points(Points),
    Bars(Bars),
    Heatmap(Heatmap),
    Field(PlanarField),
    Contour(Contour),
    Rule(Rule),
);

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

#[cfg(test)]
pub(crate) mod testing {
    //! A panel of 100 x 100 px that shows 0 to 10 both ways.

    use super::*;
    use std::sync::LazyLock;

    static THEME: LazyLock<Theme> = LazyLock::new(Theme::light);

    pub fn frame() -> Frame<'static> {
        Frame {
            x: Ruler::new(Scale::Linear, (0.0, 10.0), 0.0, 100.0),
            y: Ruler::new(Scale::Linear, (0.0, 10.0), 100.0, 0.0),
            area: Rect { x: 0.0, y: 0.0, w: 100.0, h: 100.0 },
            theme: &THEME,
        }
    }

    pub fn drawn(mark: impl Into<Mark>) -> String {
        let mut drawing = Drawing::new((100.0, 100.0), THEME.background, "");
        mark.into().as_draw().draw(&frame(), Color::hex(0x123456), &mut drawing);
        crate::svg::body(&drawing)
    }
}
