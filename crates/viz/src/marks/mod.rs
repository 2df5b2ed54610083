//! The things that can be drawn in a panel.

mod bars;
mod draw;
mod field;
mod heatmap;
mod points;
mod rule;
mod series;
mod tags;

pub use bars::Bars;
pub(crate) use draw::{Draw, Frame, Ink};
pub use field::{Contour, PlanarField};
pub use heatmap::{Colors, Heatmap};
pub(crate) use heatmap::{counted, draw_color_bar};
pub use points::{Marker, Points};
pub use rule::{Orientation, Rule};
pub use series::{Band, Series};
pub use tags::Tags;

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
    /// Short texts at places.
    Tags(Tags),
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
            Self::Tags(m) => m,
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
    Tags(Tags),
);

#[cfg(test)]
pub(crate) mod testing;
