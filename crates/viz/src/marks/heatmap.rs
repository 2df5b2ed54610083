//! Matrices as colours.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2, s};

use super::draw::{Draw, Frame, Length};
use crate::axis::{Axis, Group, Range, Ruler, Scale};
use crate::color::Color;
use crate::color_map::ColorMap;
use crate::drawing::{Drawing, Mosaic, Path, Rect, Run, Stroke};
use crate::theme::Theme;

/// Steps of colour in the picture; an eye tells fewer apart.
const LEVELS: usize = 160;

/// The colours that a matrix is drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// The theme's colours of magnitudes, from the smallest to the largest value.
    #[default]
    Sequential,
    /// The theme's colours of values on both sides of zero, with zero in the middle.
    Diverging,
    /// The colours of a given map.
    Map(ColorMap),
}

/// A matrix drawn as colours, row 0 at the top, with a colour bar beside the panel.
///
/// Values that are not finite get the theme's colour for missing cells. Matrices finer than the pixels are averaged
/// down to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Heatmap {
    /// The matrix; rows go down, columns to the right.
    pub values: Array2<f64>,
    /// The left and the right edge in the units of the horizontal axis; the first cell reaches from -0.5 to 0.5 by default.
    pub x: (f64, f64),
    /// The upper and the lower edge in the units of the vertical axis.
    pub y: (f64, f64),
    /// The colours of the cells.
    pub colors: Colors,
    /// The division of the colour bar, linear or logarithmic; values at or below zero are missing on the latter.
    pub scale: Scale,
    /// The values of the first and the last colour; without them, the matrix decides.
    pub limits: Option<(f64, f64)>,
    /// The name of the values, which stands beside the colour bar.
    pub label: String,
    /// The unit of the values; empty for none.
    pub unit: String,
    /// The stretches of rows and columns with names, in units of the axes.
    pub groups: Vec<Group>,
}

impl Heatmap {
    /// Creates a matrix with cells of size one, numbered from zero.
    pub fn new<'a>(values: impl Into<ArrayView2<'a, f64>>) -> Self {
        let values = values.into().to_owned();
        let (rows, columns) = values.dim();
        Self {
            values,
            x: counted(columns),
            y: counted(rows),
            colors: Colors::Sequential,
            scale: Scale::Linear,
            limits: None,
            label: String::new(),
            unit: String::new(),
            groups: Vec::new(),
        }
    }

    /// Sets the outer edges in the units of the axes.
    pub fn edges(mut self, x: (f64, f64), y: (f64, f64)) -> Self {
        (self.x, self.y) = (x, y);
        self
    }

    /// Sets the colours.
    pub fn colors(mut self, colors: Colors) -> Self {
        self.colors = colors;
        self
    }

    /// Makes the colours logarithmic.
    pub fn log(mut self) -> Self {
        self.scale = Scale::Log;
        self
    }

    /// Sets the values of the first and last colour.
    pub fn limits(mut self, from: f64, to: f64) -> Self {
        self.limits = Some((from, to));
        self
    }

    /// Names the values, beside the colour bar.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the unit of the values.
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Returns the values of the first and last colour.
    pub fn color_ends(&self) -> (f64, f64) {
        let scale = self.scale;
        let axis = Axis { scale, limits: self.limits, tight: true, ..Axis::default() };
        let range = Range::of(&self.values, scale);
        if self.colors == Colors::Diverging && self.limits.is_none() && scale == Scale::Linear {
            let far = range.lo.abs().max(range.hi.abs());
            return if far > 0.0 && far.is_finite() && !range.is_empty() { (-far, far) } else { (-1.0, 1.0) };
        }
        axis.ends(range)
    }

    /// Returns the axis beside the colour bar.
    pub(crate) fn color_axis(&self) -> Axis {
        let limits = Some(self.color_ends());
        Axis {
            label: self.label.clone(),
            unit: self.unit.clone(),
            scale: self.scale,
            limits,
            tight: true,
            ..Axis::default()
        }
    }

    pub(crate) fn color_map(&self, theme: &Theme) -> ColorMap {
        match self.colors {
            Colors::Sequential => theme.sequential,
            Colors::Diverging => theme.diverging,
            Colors::Map(map) => map,
        }
    }

    /// Returns the runs of equal cells by level of colour; the last level is that of missing cells.
    fn runs(&self, values: &Array2<f64>) -> BTreeMap<usize, Vec<Run>> {
        let ruler = Ruler::new(self.scale, self.color_ends(), 0.0, (LEVELS - 1) as f64);
        let level = |value: f64| match ruler.px(value) {
            at if at.is_nan() || !value.is_finite() => LEVELS,
            at => at.round().clamp(0.0, (LEVELS - 1) as f64) as usize,
        };
        let mut levels: BTreeMap<usize, Vec<Run>> = BTreeMap::new();
        for (row, line) in values.rows().into_iter().enumerate() {
            let of_line: Vec<usize> = line.iter().map(|&v| level(v)).collect();
            let mut column = 0;
            for run in of_line.chunk_by(|a, b| a == b) {
                levels.entry(run[0]).or_default().push(Run { row, column, length: run.len() });
                column += run.len();
            }
        }
        levels
    }
}

impl Draw for Heatmap {
    fn name(&self) -> String {
        format!("matrix `{}`", self.label)
    }

    fn lengths(&self) -> Vec<Length> {
        Vec::new()
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        if self.values.is_empty() {
            return (Range::EMPTY, Range::EMPTY);
        }
        (Range::of(&[self.x.0, self.x.1], x), Range::of(&[self.y.0, self.y.1], y))
    }

    fn draw(&self, frame: &Frame<'_>, _: Color, out: &mut Drawing) {
        let ([x0, y0], [x1, y1]) = (frame.px(self.x.0, self.y.0), frame.px(self.x.1, self.y.1));
        if self.values.is_empty() || !(x0 + y0 + x1 + y1).is_finite() {
            return;
        }
        let most = |pixels: f64| pixels.abs().ceil().max(1.0) as usize;
        let values = averaged(self.values.view(), most(y1 - y0), most(x1 - x0), self.scale);
        let (rows, columns) = values.dim();
        let map = self.color_map(frame.theme);
        let color = |level| match level {
            LEVELS => frame.theme.missing,
            level => map.at(level as f64 / (LEVELS - 1) as f64),
        };
        let colors = self.runs(&values).into_iter().map(|(level, runs)| (color(level), runs)).collect();
        let cell = [(x1 - x0) / columns as f64, (y1 - y0) / rows as f64];
        out.mosaic(Mosaic { origin: [x0, y0], cell, colors });

        // Lines between groups are light in dark, so that they stand out from every colour of a map.
        for stroke in [Stroke::new(Color::hex(0x1d2128), 2.4), Stroke::new(Color::hex(0xffffff), 0.9)] {
            for border in self.groups.iter().skip(1).map(|group| group.start) {
                let [x, y] = frame.px(border, border);
                out.straight([x, y0], [x, y1], &stroke);
                out.straight([x0, y], [x1, y], &stroke);
            }
        }
    }
}

/// Returns the edges of an axis that counts cells from zero.
pub(crate) fn counted(cells: usize) -> (f64, f64) {
    (-0.5, cells as f64 - 0.5)
}

/// Draws a colour bar, lowest value at the bottom.
pub(crate) fn draw_color_bar(area: Rect, map: ColorMap, theme: &Theme, out: &mut Drawing) {
    let steps = 96;
    let color = |step: usize| map.at(1.0 - step as f64 / (steps - 1) as f64);
    let colors = (0..steps).map(|row| (color(row), vec![Run { row, column: 0, length: 1 }])).collect();
    out.mosaic(Mosaic { origin: [area.x, area.y], cell: [area.w, area.h / steps as f64], colors });
    out.stroke(Path::rect(area), &Stroke::new(theme.axis, 1.0));
}

/// Returns the means over blocks, so that there are at most `rows` x `columns`; numbers that cannot be shown are left out.
fn averaged(values: ArrayView2<'_, f64>, rows: usize, columns: usize, scale: Scale) -> Array2<f64> {
    let (all_rows, all_columns) = values.dim();
    let (rows, columns) = (rows.min(all_rows), columns.min(all_columns));
    if (rows, columns) == (all_rows, all_columns) {
        return values.to_owned();
    }
    let block = |i: usize, n: usize, all: usize| i * all / n..(i + 1) * all / n;
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        let cells = values.slice(s![block(row, rows, all_rows), block(column, columns, all_columns)]);
        let shown = |v: &&f64| v.is_finite() && (scale == Scale::Linear || **v > 0.0);
        let (sum, count) = cells.iter().filter(shown).fold((0.0, 0.0), |(sum, n), v| (sum + v, n + 1.0));
        sum / count
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::drawn;
    use super::*;
    use ndarray::array;

    #[test]
    fn equal_neighbours_are_one_rectangle_and_nan_is_missing() {
        let map = Heatmap::new(&array![[1.0, 1.0, 0.0], [0.0, f64::NAN, 1.0]]);
        let runs = map.runs(&map.values);
        let run = |row, column, length| Run { row, column, length };
        assert_eq!(runs[&0], [run(0, 2, 1), run(1, 0, 1)]);
        assert_eq!(runs[&(LEVELS - 1)], [run(0, 0, 2), run(1, 2, 1)]);
        assert_eq!(runs[&LEVELS], [run(1, 1, 1)]);
    }

    #[test]
    fn diverging_colours_have_zero_in_the_middle() {
        let map = Heatmap::new(&array![[-0.2, 0.5]]).colors(Colors::Diverging);
        assert_eq!(map.color_ends(), (-0.5, 0.5));
        assert_eq!(map.limits(-1.0, 1.0).color_ends(), (-1.0, 1.0));
        let zeros = Heatmap::new(&array![[0.0]]).colors(Colors::Diverging);
        assert_eq!(zeros.color_ends(), (-1.0, 1.0));
    }

    #[test]
    fn logarithmic_colours_treat_absent_connections_as_missing() {
        let map = Heatmap::new(&array![[0.0, 1.0, 100.0]]).log();
        assert_eq!(map.color_ends(), (1.0, 100.0));
        assert!(map.runs(&map.values).contains_key(&LEVELS));
    }

    #[test]
    fn fine_matrices_are_averaged_to_the_pixels() {
        let fine = Array2::from_shape_fn((3, 10_000), |(row, _)| row as f64);
        let coarse = averaged(fine.view(), 100, 100, Scale::Linear);
        assert_eq!(coarse.dim(), (3, 100));
        assert!(coarse.row(2).iter().all(|&v| v == 2.0));
        assert_eq!(
            averaged(array![[1.0, f64::NAN, 3.0, 5.0]].view(), 1, 2, Scale::Linear),
            array![[1.0, 4.0]]
        );
    }

    #[test]
    fn empty_matrices_draw_nothing() {
        assert_eq!(drawn(Heatmap::new(&Array2::zeros((0, 5)))), "");
    }
}
