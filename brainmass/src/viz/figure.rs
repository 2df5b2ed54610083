//! Figures: panels on a grid, and the files they become.

use std::path::Path;

use super::axis::Range;
use super::error::VizError;
use super::font::Weight;
use super::layout::{Margins, Plan, Shown};
use super::legend::fitted;
use super::panel::Panel;
use super::raster;
use super::render;
use super::svg::{Anchor, Svg, TextStyle};
use super::theme::Theme;

/// Room around everything.
const PADDING: f64 = 14.0;
/// Between the panels with their labels.
const GAP: (f64, f64) = (26.0, 20.0);
/// Smallest side of a plotting area.
const LEAST_SIDE: f64 = 24.0;
/// Picture pixels for each CSS pixel in files.
const FILE_SCALE: f64 = 2.0;

/// A panel in its cells of the grid.
#[derive(Clone, Debug)]
struct Placed {
    panel: Panel,
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
}

impl Placed {
    fn covers(&self, row: usize, column: usize) -> bool {
        (self.row..self.row + self.rows).contains(&row)
            && (self.column..self.column + self.columns).contains(&column)
    }
}

/// A figure: panels on a grid, drawn as SVG or PNG.
///
/// The same figure gives the same bytes on every machine; nothing is asked of the system, no font either.
///
/// ```
/// use brainmass::viz::{Figure, functional_connectivity, time_series};
/// use ndarray::{Array1, Array2};
///
/// let ts = Array1::linspace(0.0, 100.0, 500);
/// let x = Array2::from_shape_fn((500, 2), |(i, j)| (0.1 * ts[i] + j as f64).sin());
/// let figure = Figure::new()
///     .title("Two oscillators")
///     .panel(time_series(&ts, &x).y_label("x", "mV").labels(["left", "right"]))
///     .panel(functional_connectivity(&Array2::<f64>::eye(2)));
///
/// let svg = figure.to_svg()?;
/// assert!(svg.starts_with("<svg") && svg.contains("x (mV)"));
/// let path = std::env::temp_dir().join("two-oscillators.png");
/// figure.save(&path)?;
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Figure {
    title: String,
    alt: String,
    size: Option<(f64, f64)>,
    columns: Option<usize>,
    widths: Vec<f64>,
    heights: Vec<f64>,
    share_x: bool,
    share_y: bool,
    theme: Theme,
    embed_font: bool,
    panels: Vec<Placed>,
    /// Panels that take the next free cell, and their place among all panels.
    waiting: Vec<(usize, Panel)>,
}

impl Figure {
    /// An empty figure.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets what a screen reader says; the title, without it.
    pub fn alt(mut self, alt: impl Into<String>) -> Self {
        self.alt = alt.into();
        self
    }

    /// Sets the size in CSS pixels (96 per inch). Without it, the figure is as large as its panels like to be.
    pub fn size(mut self, width: f64, height: f64) -> Self {
        self.size = Some((width, height));
        self
    }

    /// Sets the number of columns; without it, up to three panels stand side by side.
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = Some(columns.max(1));
        self
    }

    /// Sets the widths of the columns, relative to each other; those not given are 1.
    pub fn widths(mut self, widths: impl IntoIterator<Item = f64>) -> Self {
        self.widths = widths.into_iter().collect();
        self
    }

    /// Sets the heights of the rows, relative to each other; those not given are 1.
    pub fn heights(mut self, heights: impl IntoIterator<Item = f64>) -> Self {
        self.heights = heights.into_iter().collect();
        self
    }

    /// Gives the panels of a column one horizontal axis, labelled below the last.
    pub fn share_x(mut self) -> Self {
        self.share_x = true;
        self
    }

    /// Gives the panels of a row one vertical axis, labelled beside the first.
    pub fn share_y(mut self) -> Self {
        self.share_y = true;
        self
    }

    /// Sets colours and sizes.
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// Carries the font in the SVG (about 220 KB), so that it looks the same where Inter is not installed.
    pub fn embed_font(mut self) -> Self {
        self.embed_font = true;
        self
    }

    /// Adds a panel in the next free cell, row by row.
    pub fn panel(mut self, panel: impl Into<Panel>) -> Self {
        self.waiting.push((self.panels.len() + self.waiting.len(), panel.into()));
        self
    }

    /// Adds a panel that covers `rows` by `columns` cells from a given `(row, column)`, counted from zero.
    pub fn panel_at(
        mut self,
        (row, column): (usize, usize),
        (rows, columns): (usize, usize),
        panel: impl Into<Panel>,
    ) -> Self {
        let (rows, columns) = (rows.max(1), columns.max(1));
        self.panels.push(Placed { panel: panel.into(), row, column, rows, columns });
        self
    }

    /// The figure as SVG.
    ///
    /// # Errors
    /// Arrays of a panel that differ in length, panels on the same cell, no panels, or a size too small for them.
    pub fn to_svg(&self) -> Result<String, VizError> {
        Ok(self.draw()?.0)
    }

    /// The figure as PNG with `scale` picture pixels for each CSS pixel.
    ///
    /// # Errors
    /// As [`to_svg`](Self::to_svg), and a scale that gives a picture without pixels or with too many.
    pub fn to_png(&self, scale: f64) -> Result<Vec<u8>, VizError> {
        let (svg, (width, height)) = self.draw()?;
        raster::png(&svg, width, height, scale)
    }

    /// Writes the figure to a file; its ending, `.png` (with two picture pixels for each CSS pixel) or `.svg`, says how.
    ///
    /// # Errors
    /// Another ending, a file that cannot be written, and what [`to_png`](Self::to_png) objects to.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), VizError> {
        let path = path.as_ref();
        let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let bytes = match ending.as_deref() {
            Some("png") => self.to_png(FILE_SCALE)?,
            Some("svg") => self.to_svg()?.into_bytes(),
            _ => return Err(VizError::UnknownFormat { path: path.into() }),
        };
        std::fs::write(path, bytes).map_err(|source| VizError::Write { path: path.into(), source })
    }

    fn draw(&self) -> Result<(String, (f64, f64)), VizError> {
        let panels = self.placed()?;
        let layout = Layout::new(self, &panels)?;
        let (width, height) = layout.size;
        let mut svg = Svg::default();
        svg.start(width, height, if self.alt.is_empty() { &self.title } else { &self.alt });
        if self.embed_font {
            svg.embed_font();
        }
        svg.rect(super::svg::Rect { x: 0.0, y: 0.0, w: width, h: height }, self.theme.background, 1.0);
        let style = TextStyle {
            weight: Weight::SemiBold,
            ..TextStyle::new(self.theme.figure_title, self.theme.text, Anchor::Start)
        };
        let title = fitted(&self.title, self.theme.figure_title, Weight::SemiBold, width - 2.0 * PADDING);
        svg.text([PADDING, PADDING + 0.8 * self.theme.figure_title], &style, &title);
        for ((placed, plan), origin) in panels.iter().zip(&layout.plans).zip(&layout.origins) {
            svg.group("");
            render::panel(&placed.panel, plan, &self.theme, *origin, &mut svg);
            svg.close();
        }
        Ok((svg.finish(), layout.size))
    }

    /// All panels with their cells, in the order in which they were added.
    fn placed(&self) -> Result<Vec<Placed>, VizError> {
        let count = self.panels.len() + self.waiting.len();
        if count == 0 {
            return Err(VizError::NoPanels);
        }
        let reach = self.panels.iter().map(|p| p.column + p.columns).max().unwrap_or(0);
        // Four panels look better two by two than three and one.
        let preferred = if count == 4 { 2 } else { count.min(3) };
        let columns = self.columns.unwrap_or(preferred).max(reach);
        let mut panels = self.panels.clone();
        let mut cell = 0;
        for (index, panel) in &self.waiting {
            while panels.iter().any(|p| p.covers(cell / columns, cell % columns)) {
                cell += 1;
            }
            let placed = Placed {
                panel: panel.clone(),
                row: cell / columns,
                column: cell % columns,
                rows: 1,
                columns: 1,
            };
            panels.insert((*index).min(panels.len()), placed);
        }
        for (i, second) in panels.iter().enumerate() {
            second.panel.check(i)?;
            for (j, first) in panels[..i].iter().enumerate() {
                let cells = (second.row..second.row + second.rows)
                    .flat_map(|row| (second.column..second.column + second.columns).map(move |c| (row, c)));
                if let Some((row, column)) =
                    cells.into_iter().find(|&(row, column)| first.covers(row, column))
                {
                    let (first, second) = (first.panel.name(j), second.panel.name(i));
                    return Err(VizError::Overlap { first, second, row, column });
                }
            }
        }
        Ok(panels)
    }
}

/// Where every panel lies.
struct Layout {
    size: (f64, f64),
    plans: Vec<Plan>,
    /// Upper left corners of the plotting areas.
    origins: Vec<[f64; 2]>,
}

/// Columns or rows of the grid: room before, inside of, and after the plotting areas of each.
struct Tracks {
    before: Vec<f64>,
    inner: Vec<f64>,
    after: Vec<f64>,
    gap: f64,
}

impl Tracks {
    fn new(inner: Vec<f64>, gap: f64) -> Self {
        Self { before: vec![0.0; inner.len()], after: vec![0.0; inner.len()], inner, gap }
    }

    fn outside(&self) -> f64 {
        self.before.iter().chain(&self.after).sum::<f64>() + self.gap * (self.inner.len() as f64 - 1.0)
    }

    /// Where the plotting area of a track begins.
    fn start(&self, track: usize) -> f64 {
        let earlier =
            (0..track).map(|i| self.before[i] + self.inner[i] + self.after[i] + self.gap).sum::<f64>();
        earlier + self.before[track]
    }

    /// Length of a plotting area over `n` tracks.
    fn length(&self, track: usize, n: usize) -> f64 {
        let last = track + n - 1;
        self.start(last) + self.inner[last] - self.start(track)
    }
}

impl Layout {
    fn new(figure: &Figure, panels: &[Placed]) -> Result<Self, VizError> {
        let columns = panels.iter().map(|p| p.column + p.columns).max().unwrap_or(1);
        let rows = panels.iter().map(|p| p.row + p.rows).max().unwrap_or(1);
        let share = |shares: &[f64], i: usize| match shares.get(i) {
            Some(&s) if s.is_finite() && s > 0.0 => s,
            _ => 1.0,
        };
        let (liked_widths, liked_heights) = liked_sizes(panels, columns, rows);
        let by_share = |liked: Vec<f64>, shares: &[f64]| -> Vec<f64> {
            liked.into_iter().enumerate().map(|(i, side)| (side * share(shares, i)).round()).collect()
        };
        let mut across = Tracks::new(by_share(liked_widths, &figure.widths), GAP.0);
        let mut down = Tracks::new(by_share(liked_heights, &figure.heights), GAP.1);
        let top = PADDING + if figure.title.is_empty() { 0.0 } else { 1.9 * figure.theme.figure_title };

        // Labels depend on the size of the panels and the size of the panels on that of the labels: with a given size
        // of the figure, a few rounds settle both.
        let mut plans = Vec::new();
        for round in 0..if figure.size.is_some() { 4 } else { 1 } {
            if let (Some((width, height)), 1..) = (figure.size, round) {
                fill(&mut across, width - 2.0 * PADDING, &figure.widths, share);
                fill(&mut down, height - top - PADDING, &figure.heights, share);
                let sides = || across.inner.iter().chain(&down.inner);
                if !(width.is_finite() && height.is_finite()) || sides().any(|&s| s < LEAST_SIDE) {
                    let reason = "the panels need more room for their labels and at least 24 px each";
                    return Err(VizError::Size { width, height, scale: 1.0, reason });
                }
            }
            plans = measured(figure, panels, &across, &down);
            make_room(panels, &plans, &mut across, &mut down);
        }

        let width = (across.inner.iter().sum::<f64>() + across.outside() + 2.0 * PADDING).ceil();
        let height = (down.inner.iter().sum::<f64>() + down.outside() + top + PADDING).ceil();
        align_labels(panels, &mut plans, &across);
        let origins = panels
            .iter()
            .zip(&plans)
            .map(|(p, plan)| {
                // A panel of fixed shape stands in the middle of the room it leaves.
                let spare = across.length(p.column, p.columns) - plan.size.0;
                let spare_below = down.length(p.row, p.rows) - plan.size.1;
                let x = PADDING + across.start(p.column) + 0.5 * spare;
                [x.round(), (top + down.start(p.row) + 0.5 * spare_below).round()]
            })
            .collect();
        Ok(Self { size: figure.size.unwrap_or((width, height)), plans, origins })
    }
}

/// Sides of the plotting areas in a figure without a given size.
fn liked_sizes(panels: &[Placed], columns: usize, rows: usize) -> (Vec<f64>, Vec<f64>) {
    let (width, height, square) = match columns * rows {
        1 => (560.0, 320.0, 400.0),
        2 | 3 => (400.0, 270.0, 290.0),
        _ => (320.0, 200.0, 240.0),
    };
    let shape_of = |fits: &dyn Fn(&Placed) -> bool| -> Vec<Option<f64>> {
        panels.iter().filter(|p| fits(p)).map(|p| p.panel.aspect).collect()
    };
    let heights: Vec<f64> = (0..rows)
        .map(|row| match shape_of(&|p| p.row == row && p.rows == 1).iter().any(Option::is_some) {
            true => square,
            false => height,
        })
        .collect();
    let widths = (0..columns)
        .map(|column| {
            let shapes = shape_of(&|p| p.column == column && p.columns == 1);
            let all_fixed = !shapes.is_empty() && shapes.iter().all(Option::is_some);
            match all_fixed {
                true => shapes
                    .iter()
                    .flatten()
                    .map(|aspect| aspect * square)
                    .fold(0.0, f64::max)
                    .clamp(80.0, 900.0),
                false => width,
            }
        })
        .collect();
    (widths, heights)
}

/// Shares out what the labels leave of `total`.
fn fill(tracks: &mut Tracks, total: f64, shares: &[f64], share: impl Fn(&[f64], usize) -> f64) {
    let n = tracks.inner.len();
    let sum: f64 = (0..n).map(|i| share(shares, i)).sum();
    let free = total - tracks.outside();
    for i in 0..n {
        tracks.inner[i] = (free * share(shares, i) / sum).floor();
    }
}

fn measured(figure: &Figure, panels: &[Placed], across: &Tracks, down: &Tracks) -> Vec<Plan> {
    panels
        .iter()
        .map(|p| {
            let same_columns = |q: &&Placed| (q.column, q.columns) == (p.column, p.columns);
            let same_rows = |q: &&Placed| (q.row, q.rows) == (p.row, p.rows);
            let (mut x, mut y) = p.panel.ranges();
            let mut shown = Shown { x: true, y: true };
            if figure.share_x {
                x = panels.iter().filter(same_columns).map(|q| q.panel.ranges().0).fold(x, Range::union);
                shown.x = !panels.iter().filter(same_columns).any(|q| q.row > p.row);
            }
            if figure.share_y {
                y = panels.iter().filter(same_rows).map(|q| q.panel.ranges().1).fold(y, Range::union);
                shown.y = !panels.iter().filter(same_rows).any(|q| q.column < p.column);
            }
            let room = (across.length(p.column, p.columns), down.length(p.row, p.rows));
            Plan::new(&p.panel, &figure.theme, room, (x, y), shown)
        })
        .collect()
}

/// Gives every row and column the room that the labels of its panels need.
fn make_room(panels: &[Placed], plans: &[Plan], across: &mut Tracks, down: &mut Tracks) {
    for tracks in [&mut *across, &mut *down] {
        tracks.before.fill(0.0);
        tracks.after.fill(0.0);
    }
    for (p, plan) in panels.iter().zip(plans) {
        let Margins { left, right, top, bottom } = plan.margins;
        let (last_column, last_row) = (p.column + p.columns - 1, p.row + p.rows - 1);
        for (room, need) in [
            (&mut across.before[p.column], left),
            (&mut across.after[last_column], right),
            (&mut down.before[p.row], top),
            (&mut down.after[last_row], bottom),
        ] {
            *room = room.max(need.ceil());
        }
    }
}

/// Puts the labels of vertical axes that stand above each other on one line.
fn align_labels(panels: &[Placed], plans: &mut [Plan], across: &Tracks) {
    let fills = |p: &Placed, plan: &Plan| plan.size.0 >= across.length(p.column, p.columns) - 0.5;
    for column in 0..across.inner.len() {
        let chosen: Vec<usize> = (0..panels.len())
            .filter(|&i| panels[i].column == column && fills(&panels[i], &plans[i]))
            .collect();
        let at = chosen.iter().map(|&i| plans[i].y_label_at).fold(0.0, f64::max);
        for i in chosen {
            plans[i].y_label_at = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Axis, Heatmap, Series, time_series};
    use super::*;
    use ndarray::{Array1, Array2};
    use resvg::usvg::roxmltree::Document;

    fn line() -> Panel {
        Panel::new().draw(Series::new(&[0.0, 1.0, 2.0], &[0.0, 2.0, 1.0]))
    }

    fn texts(figure: &Figure) -> Vec<String> {
        let svg = figure.to_svg().unwrap();
        let document = Document::parse(&svg).unwrap();
        document
            .descendants()
            .filter(|n| n.has_tag_name("text"))
            .filter_map(|n| n.text())
            .map(Into::into)
            .collect()
    }

    #[test]
    fn a_small_figure_is_drawn_as_it_was() {
        let panel = Panel::new()
            .title("Decay & rise")
            .x(Axis::new("time").unit("ms").tight())
            .y(Axis::new("x").unit("mV"))
            .draw(Series::new(&[0.0, 1.0, 2.0], &[1.0, 0.4, 0.1]).label("slow"));
        insta::assert_snapshot!(Figure::new().size(300.0, 200.0).panel(panel).to_svg().unwrap());
    }

    #[test]
    fn a_small_matrix_is_drawn_as_it_was() {
        let map = Heatmap::new(&ndarray::array![[0.0, 1.0], [1.0, f64::NAN]]).label("weight");
        insta::assert_snapshot!(Figure::new().size(240.0, 180.0).title("SC").panel(map).to_svg().unwrap());
    }

    #[test]
    fn shared_axes_are_labelled_once() {
        let panel = || line().x_label("time", "ms").y_label("x", "mV");
        let figure = Figure::new().columns(2).panel(panel()).panel(panel()).panel(panel()).panel(panel());
        let count = |figure: &Figure, text: &str| texts(figure).iter().filter(|t| *t == text).count();
        assert_eq!((count(&figure, "time (ms)"), count(&figure, "x (mV)")), (4, 4));
        let shared = figure.share_x().share_y();
        assert_eq!((count(&shared, "time (ms)"), count(&shared, "x (mV)")), (2, 2));
    }

    #[test]
    fn every_text_lies_inside_of_the_figure() {
        let long = "a rather long label of an axis that has little room".repeat(3);
        let figure = Figure::new()
            .size(420.0, 300.0)
            .title(long.clone())
            .columns(2)
            .panel(line().title(long.clone()).x_label(&long, "").y_label(&long, "mV"))
            .panel(Heatmap::new(&Array2::from_elem((3, 3), 1234.5)).label(long));
        let svg = figure.to_svg().unwrap();
        let tree = resvg::usvg::Tree::from_str(&svg, raster::options()).unwrap();
        let drawn = tree.root().abs_bounding_box();
        assert!(drawn.left() >= -0.5 && drawn.top() >= -0.5, "{drawn:?}");
        assert!(drawn.right() <= 420.5 && drawn.bottom() <= 300.5, "{drawn:?}");
    }

    #[test]
    fn empty_constant_and_broken_data_are_drawn() {
        for y in
            [vec![], vec![2.0; 3], vec![f64::NAN; 3], vec![f64::MIN, 0.0, f64::MAX], vec![1e-320, 0.0, 1e300]]
        {
            let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
            for axis in [Axis::new("y"), Axis::new("y").log()] {
                let figure = Figure::new().panel(Panel::new().y(axis).draw(Series::new(&x, &y)));
                let png = figure.to_png(1.0).unwrap();
                assert_eq!(&png[1..4], b"PNG", "{y:?}");
            }
        }
        assert!(texts(&Figure::new().panel(Panel::new())).contains(&"no data".to_string()));
    }

    #[test]
    fn a_long_recording_makes_a_small_file() {
        let ts = Array1::linspace(0.0, 1000.0, 100_000);
        let x = Array2::from_shape_fn((100_000, 10), |(i, j)| ((i * (j + 3)) as f64 * 0.7).sin());
        let svg = Figure::new().panel(time_series(&ts, &x)).to_svg().unwrap();
        assert!(svg.len() < 600_000, "{} bytes", svg.len());
    }

    #[test]
    fn png_has_the_size_of_the_figure_times_the_scale() {
        let png = Figure::new().size(300.0, 200.0).panel(line()).to_png(1.5).unwrap();
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), (450, 300));
    }

    #[test]
    fn mistakes_are_named() {
        let message = |figure: Figure| figure.to_png(1.0).unwrap_err().to_string();
        assert!(message(Figure::new()).contains("no panels"));
        let twice =
            Figure::new().panel_at((0, 0), (2, 1), line().title("A")).panel_at((1, 0), (1, 1), line());
        assert_eq!(message(twice), "panel 1 `A` and panel 2 both lie on row 1, column 0 of the figure");
        assert!(message(Figure::new().size(60.0, 60.0).panel(line())).contains("need more room"));
        assert!(message(Figure::new().size(f64::NAN, 300.0).panel(line())).contains("need more room"));
        let figure = Figure::new().panel(line());
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e6, 1e-6] {
            assert!(matches!(figure.to_png(scale), Err(VizError::Size { .. })), "{scale}");
        }
    }

    #[test]
    fn the_ending_of_the_file_decides_its_format() {
        let folder = tempfile::tempdir().unwrap();
        let figure = Figure::new().panel(line());
        figure.save(folder.path().join("a.SVG")).unwrap();
        assert!(std::fs::read_to_string(folder.path().join("a.SVG")).unwrap().starts_with("<svg"));
        for name in ["a.pdf", "a"] {
            let error = figure.save(folder.path().join(name)).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(".png or .svg"), "{error}");
        }
        assert!(matches!(figure.save(folder.path().join("no/such/a.png")), Err(VizError::Write { .. })));
    }

    #[test]
    fn an_embedded_font_is_a_font_file() {
        let svg = Figure::new().panel(line()).embed_font().to_svg().unwrap();
        // Base64 of the first bytes of a TrueType file, 00 01 00 00.
        assert!(svg.contains("data:font/ttf;base64,AAEAAA"));
    }
}
