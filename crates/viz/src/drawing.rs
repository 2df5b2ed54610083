//! The parts of a figure once everything has its place: shapes, lines and texts, in the order in which they are drawn.
//!
//! Marks, axes and legends are drawn into a [`Drawing`]; [`svg`](super::svg), [`raster`](super::raster) and [`pdf`](super::pdf) turn it
//! into files. Coordinates are CSS pixels, y down.

use super::color::Color;
use super::font::{self, Weight};

/// A rectangle in pixels, y down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rect {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl Rect {
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Returns the rectangle with every edge moved outwards by `by`.
    pub fn grown(&self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }

    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

/// The pattern of a broken line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dash {
    /// The line is unbroken.
    #[default]
    Solid,
    /// The line consists of dashes.
    Dashed,
    /// The line consists of dots.
    Dotted,
}

/// The look of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub color: Color,
    pub width: f64,
    pub opacity: f64,
    pub dash: Dash,
    /// True for round corners and ends: those of data, which would show spikes beyond the values otherwise.
    pub round: bool,
}

impl Stroke {
    /// Creates an unbroken opaque line with square corners.
    pub fn new(color: Color, width: f64) -> Self {
        Self { color, width, opacity: 1.0, dash: Dash::Solid, round: false }
    }

    /// Returns the lengths of dashes and of the gaps between them, in pixels.
    pub fn dashes(&self) -> Option<[f64; 2]> {
        match self.dash {
            Dash::Solid => None,
            Dash::Dashed => Some([4.0 * self.width, 2.5 * self.width]),
            Dash::Dotted => Some([0.0, 2.4 * self.width]),
        }
    }

    /// Returns whether the ends of lines and dashes are half discs; those of dashes are not, which would grow by them.
    pub fn has_round_ends(&self) -> bool {
        self.dash == Dash::Dotted || self.round && self.dash == Dash::Solid
    }
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// Begins a piece.
    Move([f64; 2]),
    /// A straight line.
    Line([f64; 2]),
    /// A Bézier curve of degree three, by its two control points and its end.
    Curve([f64; 2], [f64; 2], [f64; 2]),
    /// A straight line to where the piece began.
    Close,
}

/// The distance from a point of a circle to the control point of the curve that stands for a quarter of it, in radii; the curve is off by less than
/// 0.03 % of the radius.
const QUARTER: f64 = 0.552_284_75;

/// A path of one or several pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Path {
    pub steps: Vec<Step>,
}

impl Path {
    /// Creates a path through some points.
    pub fn line(points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let mut path = Self::default();
        path.add_line(points);
        path
    }

    /// Creates a path of several open lines.
    pub fn lines<'a>(lines: impl IntoIterator<Item = &'a Vec<[f64; 2]>>) -> Self {
        let mut path = Self::default();
        for line in lines {
            path.add_line(line.iter().copied());
        }
        path
    }

    /// Creates a path of closed areas, each by its corners.
    pub fn areas<'a>(areas: impl IntoIterator<Item = &'a Vec<[f64; 2]>>) -> Self {
        let mut path = Self::default();
        for area in areas {
            path.add_area(area.iter().copied());
        }
        path
    }

    /// Creates a path around a rectangle.
    pub fn rect(area: Rect) -> Self {
        let mut path = Self::default();
        path.add_area([
            [area.x, area.y],
            [area.right(), area.y],
            [area.right(), area.bottom()],
            [area.x, area.bottom()],
        ]);
        path
    }

    /// Creates a path around a disc.
    pub fn disc([x, y]: [f64; 2], radius: f64) -> Self {
        let bend = QUARTER * radius;
        let (left, top, right, bottom) = (x - radius, y - radius, x + radius, y + radius);
        Self {
            steps: vec![
                Step::Move([x, top]),
                Step::Curve([x + bend, top], [right, y - bend], [right, y]),
                Step::Curve([right, y + bend], [x + bend, bottom], [x, bottom]),
                Step::Curve([x - bend, bottom], [left, y + bend], [left, y]),
                Step::Curve([left, y - bend], [x - bend, top], [x, top]),
                Step::Close,
            ],
        }
    }

    /// Creates a path around the left half of a disc.
    pub fn left_half_disc([x, y]: [f64; 2], radius: f64) -> Self {
        let bend = QUARTER * radius;
        let (left, top, bottom) = (x - radius, y - radius, y + radius);
        Self {
            steps: vec![
                Step::Move([x, top]),
                Step::Curve([x - bend, top], [left, y - bend], [left, y]),
                Step::Curve([left, y + bend], [x - bend, bottom], [x, bottom]),
                Step::Close,
            ],
        }
    }

    /// Adds an open line. A lone point is a line that goes nowhere, which is a dot under round ends.
    pub fn add_line(&mut self, points: impl IntoIterator<Item = [f64; 2]>) {
        let before = self.steps.len();
        for point in points {
            self.steps.push(if self.steps.len() == before { Step::Move(point) } else { Step::Line(point) });
        }
        if let [Step::Move(point)] = self.steps[before..] {
            self.steps.push(Step::Line(point));
        }
    }

    /// Adds a closed area.
    pub fn add_area(&mut self, corners: impl IntoIterator<Item = [f64; 2]>) {
        let before = self.steps.len();
        self.add_line(corners);
        if self.steps.len() > before {
            self.steps.push(Step::Close);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// The point of a text that its coordinates name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Anchor {
    #[default]
    Start,
    Middle,
    End,
}

/// The look of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextStyle {
    pub size: f64,
    pub color: Color,
    pub weight: Weight,
    pub anchor: Anchor,
    /// Rotation in degrees, clockwise.
    pub rotate: f64,
}

impl TextStyle {
    /// Creates the style of upright text of normal weight.
    pub fn new(size: f64, color: Color, anchor: Anchor) -> Self {
        Self { size, color, anchor, weight: Weight::Regular, rotate: 0.0 }
    }

    /// Returns the distance from the middle of the capitals down to the baseline.
    pub fn half_height(&self) -> f64 {
        0.5 * font::CAP_HEIGHT * self.size
    }
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    /// The point that the anchor names, on the baseline.
    pub at: [f64; 2],
    pub style: TextStyle,
    /// The text, without control characters.
    pub content: String,
}

impl Text {
    /// Returns the distance from the anchor of the text to its start, along the line, in pixels; negative unless they are one.
    pub fn start(&self) -> f64 {
        let width = font::width(&self.content, self.style.size, self.style.weight);
        match self.style.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -0.5 * width,
            Anchor::End => -width,
        }
    }
}

/// A stretch of equal cells in a row of a [`Mosaic`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub row: usize,
    pub column: usize,
    pub length: usize,
}

/// Cells of equal size that fill an area without gaps, by their colours.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mosaic {
    /// The place of the first cell's corner, and the size of a cell; a negative size counts leftwards or upwards.
    pub origin: [f64; 2],
    pub cell: [f64; 2],
    pub colors: Vec<(Color, Vec<Run>)>,
}

impl Mosaic {
    /// Returns the numbers of rows and of columns.
    pub fn dim(&self) -> (usize, usize) {
        let runs = || self.colors.iter().flat_map(|(_, runs)| runs);
        let rows = runs().map(|run| run.row + 1).max().unwrap_or(0);
        (rows, runs().map(|run| run.column + run.length).max().unwrap_or(0))
    }
}

/// One thing of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    Rect {
        area: Rect,
        fill: Color,
        opacity: f64,
    },
    Circle {
        centre: [f64; 2],
        radius: f64,
        fill: Color,
        opacity: f64,
        outline: Option<Stroke>,
    },
    Line {
        path: Path,
        stroke: Stroke,
    },
    Area {
        path: Path,
        fill: Color,
        opacity: f64,
    },
    Mosaic(Mosaic),
    Text(Text),
    /// Opens a group of what belongs together.
    Group,
    /// Opens a group of which only what lies inside of the rectangle is shown.
    Window(Rect),
    /// Closes the group opened last.
    Close,
}

/// A figure as shapes, lines and texts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drawing {
    /// Width and height in pixels.
    pub size: (f64, f64),
    /// The ground on which everything stands.
    pub background: Color,
    /// The text that a screen reader reads out.
    pub alt: String,
    pub items: Vec<Item>,
}

impl Drawing {
    /// Creates an empty drawing.
    pub fn new(size: (f64, f64), background: Color, alt: &str) -> Self {
        Self { size, background, alt: printable(alt), items: Vec::new() }
    }

    pub fn rect(&mut self, area: Rect, fill: Color, opacity: f64) {
        self.items.push(Item::Rect { area, fill, opacity });
    }

    pub fn circle(
        &mut self,
        centre: [f64; 2],
        radius: f64,
        fill: Color,
        opacity: f64,
        outline: Option<Stroke>,
    ) {
        self.items.push(Item::Circle { centre, radius, fill, opacity, outline });
    }

    /// Draws a straight line.
    pub fn straight(&mut self, from: [f64; 2], to: [f64; 2], stroke: &Stroke) {
        self.stroke(Path::line([from, to]), stroke);
    }

    /// Draws the outline of a path.
    pub fn stroke(&mut self, path: Path, stroke: &Stroke) {
        if !path.is_empty() {
            self.items.push(Item::Line { path, stroke: *stroke });
        }
    }

    /// Fills a path.
    pub fn fill(&mut self, path: Path, fill: Color, opacity: f64) {
        if !path.is_empty() {
            self.items.push(Item::Area { path, fill, opacity });
        }
    }

    pub fn mosaic(&mut self, mosaic: Mosaic) {
        self.items.push(Item::Mosaic(mosaic));
    }

    /// Writes text with its baseline at `y`.
    pub fn text(&mut self, at: [f64; 2], style: &TextStyle, content: &str) {
        if !content.is_empty() {
            self.items.push(Item::Text(Text { at, style: *style, content: printable(content) }));
        }
    }

    /// Writes text whose capitals are centred on `[x, y]` across the reading direction.
    pub fn text_centred(&mut self, [x, y]: [f64; 2], style: &TextStyle, content: &str) {
        let (sin, cos) = style.rotate.to_radians().sin_cos();
        let down = style.half_height();
        self.text([x - down * sin, y + down * cos], style, content);
    }

    /// Opens a group of what belongs together.
    pub fn group(&mut self) {
        self.items.push(Item::Group);
    }

    /// Opens a group of which only what lies inside of `area` is shown.
    pub fn window(&mut self, area: Rect) {
        self.items.push(Item::Window(area));
    }

    /// Closes the group opened last.
    pub fn close(&mut self) {
        self.items.push(Item::Close);
    }
}

/// Puts text on one line: breaks and tabs become blanks, and characters that XML 1.0 forbids the replacement character.
fn printable(text: &str) -> String {
    let shown = |c| match c {
        '\t' | '\n' | '\r' => ' ',
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}
