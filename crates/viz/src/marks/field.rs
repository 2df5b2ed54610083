//! Fields over the plane: arrows and contour lines.

use ndarray::{Array2, ArrayView2};

use super::draw::{Draw, Frame, Ink, Length};
use crate::axis::{Range, Scale};
use crate::color::Color;
use crate::contour;
use crate::drawing::{Dash, Drawing, Path, Rect, Stroke};
use crate::path;
use crate::theme::Theme;

/// A vector field (dx/dt, dy/dt) on a grid of the phase plane, drawn as arrows.
///
/// An arrow points along the flow as it looks in the panel; its length grows with the cube root of the speed, so that
/// slow flow near fixed points still shows.
///
/// ```
/// # use brainmass_viz::PlanarField;
/// let rotation = PlanarField::sample((-1.0, 1.0), (-1.0, 1.0), 20, |x, y| (-y, x));
/// assert_eq!(rotation.dx.dim(), (20, 20)); // rows along y, columns along x
/// assert_eq!(rotation.dx[(19, 0)], -1.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PlanarField {
    /// The grid along x.
    pub x: Vec<f64>,
    /// The grid along y.
    pub y: Vec<f64>,
    /// The rate of x at each grid point, rows along y.
    pub dx: Array2<f64>,
    /// The rate of y at each grid point, rows along y.
    pub dy: Array2<f64>,
    /// The number of arrows along the longer side of the panel; the grid is sampled down to it.
    pub arrows: usize,
    /// The colour; without one, that of the axes.
    pub color: Option<Color>,
}

impl PlanarField {
    /// Samples `flow(x, y) = (dx/dt, dy/dt)` on an `n` by `n` grid that includes the ends.
    pub fn sample(x: (f64, f64), y: (f64, f64), n: usize, flow: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        let axis = |(from, to): (f64, f64)| -> Vec<f64> {
            (0..n).map(|i| from + (to - from) * i as f64 / n.saturating_sub(1).max(1) as f64).collect()
        };
        let (x, y) = (axis(x), axis(y));
        let rates = Array2::from_shape_fn((n, n), |(row, column)| flow(x[column], y[row]));
        Self { dx: rates.map(|r| r.0), dy: rates.map(|r| r.1), x, y, arrows: 18, color: None }
    }

    /// Returns the lines on which the rate of x is zero.
    pub fn x_nullcline(&self) -> Contour {
        Contour::new(&self.x, &self.y, self.dx.view(), 0.0)
    }

    /// Returns the lines on which the rate of y is zero.
    pub fn y_nullcline(&self) -> Contour {
        Contour::new(&self.x, &self.y, self.dy.view(), 0.0)
    }

    /// Returns the middle and the velocity in pixels of each arrow.
    fn flow(&self, frame: &Frame<'_>) -> Vec<([f64; 2], [f64; 2])> {
        let stride = self.x.len().max(self.y.len()).div_ceil(self.arrows.max(1)).max(1);
        let rows = (stride / 2..self.y.len()).step_by(stride);
        rows.flat_map(|row| (stride / 2..self.x.len()).step_by(stride).map(move |column| (row, column)))
            .filter_map(|at| {
                let (x, y, dx, dy) = (self.x[at.1], self.y[at.0], self.dx[at], self.dy[at]);
                let middle = frame.px(x, y);
                // The local scale of the axes, also right on logarithmic ones.
                let (ex, ey) = (self.spacing(&self.x) * 1e-3, self.spacing(&self.y) * 1e-3);
                let along =
                    [(frame.x.px(x + ex) - middle[0]) / ex * dx, (frame.y.px(y + ey) - middle[1]) / ey * dy];
                let known = along.iter().chain(&middle).all(|v| v.is_finite());
                (known && frame.area.contains(middle)).then_some((middle, along))
            })
            .collect()
    }

    fn spacing(&self, axis: &[f64]) -> f64 {
        axis.windows(2).map(|w| (w[1] - w[0]).abs()).fold(f64::MAX, f64::min)
    }
}

impl Draw for PlanarField {
    fn name(&self) -> String {
        "vector field".into()
    }

    fn lengths(&self) -> Vec<Length> {
        vec![
            ("rows of dx", self.dx.nrows(), self.y.len()),
            ("columns of dx", self.dx.ncols(), self.x.len()),
            ("rows of dy", self.dy.nrows(), self.y.len()),
            ("columns of dy", self.dy.ncols(), self.x.len()),
        ]
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        (Range::of(&self.x, x), Range::of(&self.y, y))
    }

    fn draw(&self, frame: &Frame<'_>, _: Color, out: &mut Drawing) {
        let flow = self.flow(frame);
        let fastest = flow.iter().map(|(_, v)| v[0].hypot(v[1])).fold(0.0, f64::max);
        let longest = 0.78 * frame.area.w.max(frame.area.h) / self.arrows.max(1) as f64;
        let (mut shafts, mut heads) = (Path::default(), Path::default());
        for ([x, y], v) in flow {
            let speed = v[0].hypot(v[1]);
            if speed == 0.0 || !fastest.is_finite() {
                continue;
            }
            let length = longest * (speed / fastest).cbrt().max(0.22);
            let (ux, uy) = (v[0] / speed, v[1] / speed);
            let head = (0.42 * length).clamp(2.2, 5.0);
            let tip = [x + 0.5 * length * ux, y + 0.5 * length * uy];
            let neck = [tip[0] - head * ux, tip[1] - head * uy];
            let side = 0.38 * head;
            shafts.add_line([[x - 0.5 * length * ux, y - 0.5 * length * uy], neck]);
            let sides =
                [[neck[0] - side * uy, neck[1] + side * ux], [neck[0] + side * uy, neck[1] - side * ux]];
            heads.add_area([tip, sides[0], sides[1]]);
        }
        let color = self.color.unwrap_or(frame.theme.axis);
        out.stroke(shafts, &Stroke::new(color, 0.9));
        out.fill(heads, color, 1.0);
    }
}

/// The lines on which a scalar field on a grid takes one value: a nullcline, where the field is a rate and the value
/// zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// The grid along x.
    pub x: Vec<f64>,
    /// The grid along y.
    pub y: Vec<f64>,
    /// The field, rows along y.
    pub z: Array2<f64>,
    /// The value that the field has on the lines.
    pub level: f64,
    /// The name in the legend; empty for none.
    pub label: String,
    /// The colour; without one, the next of the palette.
    pub color: Option<Color>,
    /// The width of the line in pixels.
    pub width: f64,
    /// The pattern of the line.
    pub dash: Dash,
}

impl Contour {
    /// Creates the lines on which `z` (rows along `y`, columns along `x`) equals `level`.
    pub fn new(x: &[f64], y: &[f64], z: ArrayView2<'_, f64>, level: f64) -> Self {
        Self {
            x: x.to_vec(),
            y: y.to_vec(),
            z: z.to_owned(),
            level,
            label: String::new(),
            color: None,
            width: 1.5,
            dash: Dash::Solid,
        }
    }

    /// Names the lines.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the colour.
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// Sets the pattern of the lines.
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }

    /// Returns the lines in the units of the axes.
    pub fn lines(&self) -> Vec<Vec<[f64; 2]>> {
        contour::lines(&self.x, &self.y, self.z.view(), self.level)
    }

    fn stroke(&self, color: Color) -> Stroke {
        Stroke { dash: self.dash, round: true, ..Stroke::new(color, self.width) }
    }

    fn visible(&self, frame: &Frame<'_>) -> Vec<Vec<[f64; 2]>> {
        let lines = self.lines();
        lines
            .iter()
            .flat_map(|line| path::visible(line.iter().map(|p| frame.px(p[0], p[1])), frame.area))
            .collect()
    }
}

impl Draw for Contour {
    fn name(&self) -> String {
        format!("contour `{}`", self.label)
    }

    fn lengths(&self) -> Vec<Length> {
        vec![("rows of z", self.z.nrows(), self.y.len()), ("columns of z", self.z.ncols(), self.x.len())]
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        (Range::of(&self.x, x), Range::of(&self.y, y))
    }

    fn draw(&self, frame: &Frame<'_>, color: Color, out: &mut Drawing) {
        out.stroke(Path::lines(&self.visible(frame)), &self.stroke(color));
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn draw_key(&self, area: Rect, _: &Theme, color: Color, out: &mut Drawing) {
        let y = area.y + 0.5 * area.h;
        out.straight([area.x, y], [area.right(), y], &self.stroke(color));
    }

    fn ink(&self) -> Ink {
        self.color.into()
    }

    fn footprint(&self, frame: &Frame<'_>) -> Vec<[f64; 2]> {
        self.visible(frame).iter().flat_map(|line| path::dotted(line, 4.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{drawn, frame};
    use super::*;

    #[test]
    fn arrows_point_along_the_flow_as_it_is_seen() {
        let field = PlanarField::sample((1.0, 9.0), (1.0, 9.0), 5, |_, _| (1.0, 2.0));
        for (_, v) in field.flow(&frame()) {
            // Upwards in values is downwards in pixels.
            assert!((v[1] / v[0] + 2.0).abs() < 1e-6);
        }
    }

    #[test]
    fn resting_and_undefined_places_have_no_arrow() {
        let field = PlanarField::sample((1.0, 9.0), (1.0, 9.0), 3, |x, _| {
            (if x < 2.0 { f64::NAN } else { 0.0 }, 0.0)
        });
        assert_eq!(drawn(field), "");
    }

    #[test]
    fn nullclines_are_where_the_rates_vanish() {
        let field = PlanarField::sample((0.0, 10.0), (0.0, 10.0), 41, |x, y| (y - x, y - 5.0));
        assert!(field.x_nullcline().lines().concat().iter().all(|p| (p[0] - p[1]).abs() < 1e-9));
        assert!(field.y_nullcline().lines().concat().iter().all(|p| (p[1] - 5.0).abs() < 1e-9));
    }
}
