//! A panel: what is drawn, on which axes.

use super::axis::{Axis, Range, Ticks};
use super::color::Color;
use super::error::VizError;
use super::marks::{Heatmap, Ink, Mark, counted};
use super::theme::Theme;

/// The place of a legend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Legend {
    /// The legend goes into the emptiest corner of the panel, or outside where all of them are taken.
    #[default]
    Auto,
    /// The legend stands to the right of the panel.
    Outside,
    /// There is no legend.
    Hidden,
}

/// A bar beside the panel that shows how long an amount is, where an axis has no numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleBar {
    /// Length in units of the vertical axis.
    pub length: f64,
    /// The text beside it: `1 mV`.
    pub label: String,
}

/// One plot of a figure: axes and what is drawn on them, later marks over earlier ones.
///
/// ```
/// # mod brainmass { pub use brainmass_viz as viz; }
/// use brainmass::viz::{Axis, Panel, Rule, Series};
///
/// let panel = Panel::new()
///     .title("Decay")
///     .x(Axis::new("time").unit("ms").tight())
///     .y(Axis::new("x"))
///     .draw(Series::new(&[0.0, 1.0, 2.0], &[1.0, 0.4, 0.1]).label("slow"))
///     .draw(Rule::horizontal(0.0));
/// assert_eq!(panel.marks.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Title above the panel; empty for none.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The marks, in the order in which they are drawn.
    pub marks: Vec<Mark>,
    /// The place of the legend, if a mark has a label.
    pub legend: Legend,
    /// The width of the plotting area over its height; without it, the area fills its room.
    pub aspect: Option<f64>,
    /// A bar that shows an amount.
    pub scale_bar: Option<ScaleBar>,
}

impl Panel {
    /// Creates an empty panel.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the horizontal axis.
    pub fn x(mut self, axis: Axis) -> Self {
        self.x = axis;
        self
    }

    /// Sets the vertical axis.
    pub fn y(mut self, axis: Axis) -> Self {
        self.y = axis;
        self
    }

    /// Sets label and unit of the horizontal axis and leaves the rest of it.
    pub fn x_label(mut self, label: impl Into<String>, unit: impl Into<String>) -> Self {
        (self.x.label, self.x.unit) = (label.into(), unit.into());
        self
    }

    /// Sets label and unit of the vertical axis and leaves the rest of it.
    pub fn y_label(mut self, label: impl Into<String>, unit: impl Into<String>) -> Self {
        (self.y.label, self.y.unit) = (label.into(), unit.into());
        self
    }

    /// Adds a mark.
    pub fn draw(mut self, mark: impl Into<Mark>) -> Self {
        self.marks.push(mark.into());
        self
    }

    /// Names the series, in the order in which they were added.
    pub fn labels<S: Into<String>>(mut self, labels: impl IntoIterator<Item = S>) -> Self {
        let series = self.marks.iter_mut().filter_map(|mark| match mark {
            Mark::Series(series) => Some(series),
            _ => None,
        });
        for (series, label) in series.zip(labels) {
            series.label = label.into();
        }
        self
    }

    /// Sets the place of the legend.
    pub fn legend(mut self, legend: Legend) -> Self {
        self.legend = legend;
        self
    }

    /// Sets width over height of the plotting area.
    pub fn aspect(mut self, aspect: f64) -> Self {
        self.aspect = (aspect.is_finite() && aspect > 0.0).then_some(aspect);
        self
    }

    /// Returns what the panel is called in messages.
    pub(crate) fn name(&self, index: usize) -> String {
        match self.title.as_str() {
            "" => format!("panel {}", index + 1),
            title => format!("panel {} `{}`", index + 1, title.chars().take(60).collect::<String>()),
        }
    }

    /// Returns the first matrix, whose colours the colour bar explains.
    pub(crate) fn heatmap(&self) -> Option<&Heatmap> {
        self.marks.iter().find_map(|mark| match mark {
            Mark::Heatmap(heatmap) => Some(heatmap),
            _ => None,
        })
    }

    pub(crate) fn check(&self, index: usize) -> Result<(), VizError> {
        for mark in &self.marks {
            let mark = mark.as_draw();
            if let Some((array, found, expected)) = mark.lengths().into_iter().find(|(_, a, b)| a != b) {
                return Err(VizError::Length {
                    panel: self.name(index),
                    mark: mark.name(),
                    array,
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }

    pub(crate) fn ranges(&self) -> (Range, Range) {
        self.marks
            .iter()
            .map(|mark| mark.as_draw().ranges(self.x.scale, self.y.scale))
            .fold((Range::EMPTY, Range::EMPTY), |(x, y), (more_x, more_y)| (x.union(more_x), y.union(more_y)))
    }

    /// Returns the colour of each mark.
    pub(crate) fn colors(&self, theme: &Theme) -> Vec<Color> {
        let uncoloured = self.marks.iter().filter(|mark| mark.as_draw().ink() == Ink::Next).count();
        let mut next = theme.line_colors(uncoloured).into_iter();
        self.marks
            .iter()
            .map(|mark| match mark.as_draw().ink() {
                Ink::Given(color) => color,
                Ink::Theme => theme.muted,
                Ink::Next => next.next().unwrap_or(theme.text),
            })
            .collect()
    }

    /// Returns the indices of the marks that the legend lists; of equal labels, the first.
    pub(crate) fn legend_entries(&self) -> Vec<usize> {
        let mut seen = std::collections::BTreeSet::new();
        let label = |i: &usize| self.marks[*i].as_draw().label();
        match self.legend {
            Legend::Hidden => Vec::new(),
            _ => (0..self.marks.len()).filter(|i| !label(i).is_empty() && seen.insert(label(i))).collect(),
        }
    }
}

impl From<Heatmap> for Panel {
    /// Returns a panel around a matrix, with square cells where it is a matrix of regions. Axes that count cells have whole numbers,
    /// those with [edges](Heatmap::edges) of their own round ones.
    fn from(heatmap: Heatmap) -> Self {
        let (rows, columns) = heatmap.values.dim();
        let axis = |edges, cells| {
            let ticks = match heatmap.groups.is_empty() {
                true if edges == counted(cells) => Ticks::Whole,
                true => Ticks::Auto,
                false => Ticks::Groups(heatmap.groups.clone()),
            };
            Axis::default().tight().ticks(ticks)
        };
        let (x, y) = (axis(heatmap.x, columns), axis(heatmap.y, rows).reversed());
        let aspect = (rows == columns && rows > 0).then_some(1.0);
        Self { x, y, aspect, ..Self::new() }.draw(heatmap)
    }
}

#[cfg(test)]
mod tests {
    use super::super::marks::{Rule, Series};
    use super::*;

    #[test]
    fn marks_take_the_palette_in_turn_and_given_colours_do_not_count() {
        let red = Color::hex(0xff0000);
        let line = || Series::new(&[0.0], &[0.0]);
        let panel =
            Panel::new().draw(line()).draw(line().color(red)).draw(Rule::horizontal(0.0)).draw(line());
        let theme = Theme::light();
        assert_eq!(panel.colors(&theme), [theme.palette[0], red, theme.muted, theme.palette[1]]);
    }

    #[test]
    fn axes_of_a_matrix_have_numbers_whatever_their_edges() {
        let matrix = Heatmap::new(&ndarray::Array2::<f64>::zeros((3, 4)));
        let panel = Panel::from(matrix.clone());
        assert_eq!((&panel.x.ticks, &panel.y.ticks), (&Ticks::Whole, &Ticks::Whole));
        let panel = Panel::from(matrix.edges((0.0, 0.6), (-0.5, 2.5)));
        assert_eq!((&panel.x.ticks, &panel.y.ticks), (&Ticks::Auto, &Ticks::Whole));
        let labels = |axis: &Axis, ends| axis.tick_set(ends, 300.0, None, 11.0).major.len();
        assert!(labels(&panel.x, (0.0, 0.6)) > 3 && labels(&panel.y, (-0.5, 2.5)) == 3);
    }

    #[test]
    fn legend_lists_each_name_once() {
        let line = |label: &str| Series::new(&[0.0], &[0.0]).label(label);
        let panel = Panel::new().draw(line("E")).draw(line("")).draw(line("I")).draw(line("E"));
        assert_eq!(panel.legend_entries(), [0, 2]);
        assert!(panel.legend(Legend::Hidden).legend_entries().is_empty());
    }

    #[test]
    fn arrays_of_different_length_are_an_error_that_names_them() {
        let panel = Panel::new().title("Rates").draw(Series::new(&[0.0, 1.0], &[0.0]).label("E"));
        let message = panel.check(1).unwrap_err().to_string();
        assert_eq!(message, "panel 2 `Rates`, series `E`: y has length 1, expected 2");
    }
}
