//! Figures: panels on a grid, and the files they become.

mod grid;

use std::path::Path;
use std::sync::Arc;

use super::drawing::{Anchor, Drawing, TextStyle};
use super::error::VizError;
use super::font::{Weight, in_lines};
use super::format::Format;
use super::panel::Panel;
use super::theme::Theme;
use super::{pdf, raster, render, svg};
use grid::{LINE, Layout, PADDING, Placed, Sheet};

/// CSS pixels in an inch.
const PER_INCH: f64 = 96.0;
/// CSS pixels in a millimetre.
const PER_MM: f64 = PER_INCH / 25.4;
/// Dots per inch of PNG files that are not told otherwise.
const RESOLUTION: f64 = 192.0;

/// A figure: panels on a grid, drawn as SVG, PNG or PDF.
///
/// The same figure gives the same bytes on every machine; nothing is asked of the system, no font either.
///
/// ```
/// # mod brainmass { pub use brainmass_viz as viz; }
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
    sheet: Sheet,
    theme: Theme,
    embed_font: bool,
    provenance: Option<String>,
    resolution: Option<f64>,
}

impl Figure {
    /// Creates an empty figure.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the text that a screen reader reads out; without it, that is the title.
    pub fn alt(mut self, alt: impl Into<String>) -> Self {
        self.alt = alt.into();
        self
    }

    /// Sets the size in CSS pixels (96 per inch). Without it, the figure is as large as its panels like to be.
    pub fn size(mut self, width: f64, height: f64) -> Self {
        self.sheet.size = Some((width, height));
        self
    }

    /// Sets the size in millimetres, as papers ask for it: a column is 85 to 90 mm wide. SVG and PDF are that large on paper, and a PNG says so.
    pub fn size_mm(self, width: f64, height: f64) -> Self {
        self.size(PER_MM * width, PER_MM * height)
    }

    /// Sets how many dots per inch a PNG file has; without it, there are 192, two for each CSS pixel. Papers ask for 300 or more.
    pub fn resolution(mut self, dots_per_inch: f64) -> Self {
        self.resolution = Some(dots_per_inch);
        self
    }

    /// Keeps a text in the file that says where the figure comes from: as text of the key `Provenance` in a PNG, as `<metadata>` in an SVG, as
    /// entry `Provenance` of the document information in a PDF. Readers do not see it.
    pub fn provenance(mut self, text: impl Into<String>) -> Self {
        self.provenance = Some(text.into());
        self
    }

    /// Sets the number of columns; without it, up to three panels stand side by side.
    pub fn columns(mut self, columns: usize) -> Self {
        self.sheet.columns = Some(columns.max(1));
        self
    }

    /// Sets the widths of the columns, relative to each other; those not given are 1.
    pub fn widths(mut self, widths: impl IntoIterator<Item = f64>) -> Self {
        self.sheet.widths = widths.into_iter().collect();
        self
    }

    /// Sets the heights of the rows, relative to each other; those not given are 1.
    pub fn heights(mut self, heights: impl IntoIterator<Item = f64>) -> Self {
        self.sheet.heights = heights.into_iter().collect();
        self
    }

    /// Gives the panels of a column one horizontal axis, labelled below the last.
    pub fn share_x(mut self) -> Self {
        self.sheet.share_x = true;
        self
    }

    /// Gives the panels of a row one vertical axis, labelled beside the first.
    pub fn share_y(mut self) -> Self {
        self.sheet.share_y = true;
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
        self.sheet.waiting.push((self.sheet.panels.len() + self.sheet.waiting.len(), Arc::new(panel.into())));
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
        self.sheet.panels.push(Placed { panel: Arc::new(panel.into()), row, column, rows, columns });
        self
    }

    /// Returns the figure as SVG.
    ///
    /// # Errors
    /// Arrays of a panel that differ in length, panels on the same cell, no panels, or a size too small for them.
    pub fn to_svg(&self) -> Result<String, VizError> {
        Ok(svg::document(&self.drawing()?, self.provenance.as_deref(), self.embed_font))
    }

    /// Returns the figure as PNG with `scale` picture pixels for each CSS pixel.
    ///
    /// # Errors
    /// As [`to_svg`](Self::to_svg), and a scale that gives a picture without pixels or with too many.
    pub fn to_png(&self, scale: f64) -> Result<Vec<u8>, VizError> {
        raster::png(&self.drawing()?, scale, self.provenance.as_deref())
    }

    /// Returns the figure as PDF of one page, which has the size of the figure.
    ///
    /// # Errors
    /// As [`to_svg`](Self::to_svg).
    pub fn to_pdf(&self) -> Result<Vec<u8>, VizError> {
        Ok(pdf::document(&self.drawing()?, self.provenance.as_deref()))
    }

    /// Returns the bytes that [`save`](Self::save) writes into a file of this format.
    ///
    /// # Errors
    /// As [`to_png`](Self::to_png).
    pub fn to_bytes(&self, format: Format) -> Result<Vec<u8>, VizError> {
        match format {
            Format::Png => self.to_png(self.resolution.unwrap_or(RESOLUTION) / PER_INCH),
            Format::Svg => Ok(self.to_svg()?.into_bytes()),
            Format::Pdf => self.to_pdf(),
        }
    }

    /// Writes the figure to a file; its ending, `.png`, `.svg` or `.pdf`, says how. The file is written whole or not at all.
    ///
    /// # Errors
    /// Another ending, a file that cannot be written, and what [`to_png`](Self::to_png) objects to.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), VizError> {
        let path = path.as_ref();
        let bytes = self.to_bytes(Format::of(path)?)?;
        brainmass_files::write(path, &bytes).map_err(|source| VizError::Write { path: path.into(), source })
    }

    fn drawing(&self) -> Result<Drawing, VizError> {
        let panels = grid::placed(&self.sheet)?;
        let size = self.theme.figure_title;
        let arranged = |lines: usize| Layout::new(&self.sheet, &self.theme, lines, &panels);
        let mut layout = arranged(usize::from(!self.title.is_empty()))?;
        let title = in_lines(&self.title, size, Weight::SemiBold, layout.size.0 - 2.0 * PADDING);
        if title.len() > 1 {
            // The width does not depend on the title.
            layout = arranged(title.len())?;
        }
        let alt = if self.alt.is_empty() { &self.title } else { &self.alt };
        let mut out = Drawing::new(layout.size, self.theme.background, alt);
        let style =
            TextStyle { weight: Weight::SemiBold, ..TextStyle::new(size, self.theme.text, Anchor::Start) };
        for (line, text) in title.iter().enumerate() {
            out.text([PADDING, PADDING + (0.8 + LINE * line as f64) * size], &style, text);
        }
        for ((placed, plan), origin) in panels.iter().zip(&layout.plans).zip(&layout.origins) {
            out.group();
            render::panel(&placed.panel, plan, &self.theme, *origin, &mut out);
            out.close();
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Axis, Band, Bars, Heatmap, Points, Series, time_series};
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
        let tree = crate::testing::reference_tree(&svg);
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

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(40))]
        #[test]
        fn any_numbers_make_a_readable_file(
            points in proptest::collection::vec((proptest::num::f64::ANY, proptest::num::f64::ANY), 0..30),
            log_x: bool,
            log_y: bool,
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
            let axis = |log: bool| if log { Axis::new("a").log() } else { Axis::new("a") };
            let marks: [super::super::Mark; 4] = [
                Series::new(&x, &y).label("line").into(),
                Points::new(&x, &y).into(),
                Band::new(&x, &y, &vec![0.0; y.len()]).into(),
                Bars::histogram(&y, 5).into(),
            ];
            let panel = marks.into_iter().fold(Panel::new().x(axis(log_x)).y(axis(log_y)), Panel::draw);
            let map = Heatmap::new(&Array2::from_shape_vec((1, y.len()), y).unwrap());
            let svg = Figure::new().panel(panel).panel(map).to_svg().unwrap();
            let document = Document::parse(&svg).unwrap();
            for value in document.descendants().flat_map(|n| n.attributes()).map(|a| a.value()) {
                proptest::prop_assert!(!value.contains("NaN") && !value.contains("inf"), "{value}");
            }
        }
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
        assert!(
            message(Figure::new().panel_at((0, usize::MAX), (1, 2), line())).contains("beyond the 1000 rows")
        );
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
        figure.save(folder.path().join("a.pdf")).unwrap();
        assert!(std::fs::read(folder.path().join("a.pdf")).unwrap().starts_with(b"%PDF-1.7"));
        for name in ["a.gif", "a"] {
            let error = figure.save(folder.path().join(name)).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(".png, .svg or .pdf"), "{error}");
        }
        assert!(matches!(figure.save(folder.path().join("no/such/a.png")), Err(VizError::Write { .. })));
    }

    #[test]
    fn a_long_title_takes_two_lines() {
        let long = "Eight columns whose drive rises from 120 to 300 pulses a second";
        let figure = |title: &str, width: f64| Figure::new().size(width, 220.0).title(title).panel(line());
        assert_eq!(texts(&figure(long, 800.0))[0], long);
        let narrow = texts(&figure(long, 400.0));
        assert_eq!(narrow[..2].join(" "), long);
        // Without a size of the figure, the second line takes room of its own.
        let height = |title: &str| {
            let svg = Figure::new().title(title).panel(line()).to_svg().unwrap();
            Document::parse(&svg).unwrap().root_element().attribute("height").unwrap().parse::<f64>().unwrap()
        };
        assert!(height(&long.repeat(3)) > height("Short") + 10.0);
        // What two lines do not hold is cut, and so is a word that has no end.
        assert!(texts(&figure(&format!("{long} ").repeat(9), 400.0))[1].ends_with('…'));
        assert!(texts(&figure(&"x".repeat(900), 400.0))[0].ends_with('…'));
    }

    #[test]
    fn a_title_of_any_length_is_cut() {
        // The time once grew with the square of the length, and this took an hour.
        let long = "Wörter ".repeat(50_000);
        let panel = line().title(&long).x_label(&long, &long).y_label(&long, "").labels([&long]);
        let names: Vec<&str> = vec![&long; 3];
        let map = crate::with_regions(crate::connectivity(&Array2::<f64>::eye(3)), &names);
        let networks =
            crate::with_networks(crate::functional_connectivity(&Array2::<f64>::eye(3)), &names[..2]);
        let figure = Figure::new()
            .size(1400.0, 700.0)
            .title(&long)
            .alt("short")
            .panel(panel)
            .panel(map)
            .panel(networks);
        let shown = texts(&figure);
        assert!(
            shown.iter().all(|text| text.chars().count() < 200),
            "{:?}",
            shown.iter().map(String::len).max()
        );
    }

    #[test]
    fn an_embedded_font_is_a_font_file() {
        let svg = Figure::new().panel(line()).embed_font().to_svg().unwrap();
        // Base64 of the first bytes of a TrueType file, 00 01 00 00.
        assert!(svg.contains("data:font/ttf;base64,AAEAAA"));
    }
}
