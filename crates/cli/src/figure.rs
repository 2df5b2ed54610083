//! Runs as figures.

use std::path::Path;

use brainmass::analysis::functional_connectivity as correlations;
use brainmass::io::recording::{Column, Recording};
use brainmass::viz::{
    Axis, Color, Figure, PALETTE, PALETTE_DARK, Panel, PhasePortrait, Theme, carpet, functional_connectivity,
    stacked, time_series, with_regions,
};
use clap::Args;
use ndarray::{Array1, Array2, s};
use serde_json::Value;

use crate::failure::Failure;
use crate::recording::chosen;

/// More nodes than these are shown below each other, ...
const MOST_OVERLAID: usize = 3;
/// ... and more than these as rows of colour, with their correlations.
const MOST_LINES: usize = 16;
/// Fewest samples that correlations are taken of.
const LEAST_SAMPLES: usize = 20;
/// Duration in ms from which the axis of time is in seconds.
const SECONDS_FROM: f64 = 5000.0;
/// Height of a row of panels, and of a figure's title, px.
const ROW: f64 = 260.0;
const TITLE: f64 = 40.0;
/// Width of a figure, px.
const WIDTH: f64 = 900.0;
/// Most nodes that are named in a legend.
const MOST_NAMED: usize = 16;

/// The choices of a figure: what is drawn, and how.
#[derive(Default)]
pub struct Look {
    /// The title; without one, the name of the model.
    pub title: Option<String>,
    /// The records that are drawn; all, if there are none.
    pub only: Vec<String>,
    /// The names of the nodes; without them, those that the recording has.
    pub labels: Vec<String>,
    /// The shape of the file.
    pub page: Page,
}

/// The size and the resolution of a figure, and its colours.
#[derive(Args, Clone, Debug, Default)]
pub struct Page {
    /// Width and height of the figure on paper, as in `90x60mm`.
    #[arg(long, value_name = "SIZE", value_parser = millimetres)]
    size: Option<(f64, f64)>,
    /// Dots per inch of a .png [default: 192].
    #[arg(long, value_name = "NUMBER", value_parser = dots)]
    dpi: Option<f64>,
    /// Draws light lines on a dark ground.
    #[arg(long)]
    dark: bool,
}

impl Page {
    /// Returns the colour of the first line of a panel.
    pub fn first_color(&self) -> Color {
        if self.dark { PALETTE_DARK[0] } else { PALETTE[0] }
    }

    /// Gives a figure its size, in px where none was asked for, its resolution and its colours.
    pub fn shape(&self, figure: Figure, (width, height): (f64, f64)) -> Figure {
        let figure = match self.size {
            Some((width, height)) => figure.size_mm(width, height),
            None => figure.size(width, height),
        };
        let figure = if self.dark { figure.theme(Theme::dark()) } else { figure };
        self.dpi.map_or(figure.clone(), |dpi| figure.resolution(dpi))
    }
}

/// Reads `90x60mm`, or with the unit at both numbers.
fn millimetres(text: &str) -> Result<(f64, f64), String> {
    let wrong = || "write width and height as in `90x60mm`".to_owned();
    let (width, height) = text.split_once(['x', '×']).ok_or_else(wrong)?;
    let height = height.trim();
    let (height, width) = (height.strip_suffix("mm").ok_or_else(wrong)?, width.trim());
    let number = |text: &str| {
        let number: f64 = text.trim().parse().map_err(|_| wrong())?;
        if (10.0..=2000.0).contains(&number) {
            Ok(number)
        } else {
            Err("sides are 10 to 2000 mm long".to_owned())
        }
    };
    Ok((number(width.strip_suffix("mm").unwrap_or(width))?, number(height)?))
}

fn dots(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "write a number, as in `300`".to_owned())?;
    if (10.0..=2400.0).contains(&number) { Ok(number) } else { Err("it must be 10 to 2400".to_owned()) }
}

/// Draws a recording and writes it: `.png`, `.svg` or `.pdf`. The file keeps what made the recording.
pub fn save(recording: &Recording, look: &Look, path: &Path) -> Result<(), Failure> {
    let columns = chosen(recording, &look.only)?;
    let names = names(recording, &look.labels);
    let rows = columns.len();
    let single = columns.iter().all(|column| column.values.ncols() == 1);
    let mut figure = if single { lines(&columns) } else { areas(&columns, names) };
    let title = look.title.clone().or_else(|| recording.model().map(str::to_owned));
    let height = ROW * rows.min(8) as f64 + if title.is_some() { TITLE } else { 0.0 };
    if let Some(title) = &title {
        figure = figure.title(title);
    }
    let records: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let figure = figure.alt(format!("{} over time", records.join(", ")));
    let figure = look.page.shape(figure, (WIDTH, height.max(300.0)));
    with_provenance(figure, recording)
        .save(path)
        .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
}

/// Keeps in a figure what made the recording that it shows.
pub fn with_provenance(figure: Figure, recording: &Recording) -> Figure {
    with_text(figure, recording.provenance.as_ref())
}

/// Keeps in a figure how it was made. Files that a result keeps are left to it.
pub fn with_text(figure: Figure, provenance: Option<&Value>) -> Figure {
    let Some(provenance) = provenance else { return figure };
    let mut provenance = provenance.clone();
    if let Some(recipe) = provenance.get_mut("recipe").and_then(Value::as_object_mut) {
        recipe.remove("archive");
    }
    figure.provenance(provenance.to_string())
}

/// Returns the names of the nodes: those given, or those of the recording; none if there are none.
pub fn names<'a>(recording: &'a Recording, given: &'a [String]) -> &'a [String] {
    if given.is_empty() { recording.nodes.as_deref().unwrap_or_default() } else { given }
}

/// Names the lines of a panel by their nodes, where these are few; `names` counts if it has one for each.
pub fn with_legend(panel: Panel, names: &[String], nodes: usize) -> Panel {
    let label = |node: usize| match names.get(node) {
        Some(name) if names.len() == nodes => name.clone(),
        _ => format!("node {node}"),
    };
    if (2..=MOST_NAMED).contains(&nodes) { panel.labels((0..nodes).map(label)) } else { panel }
}

/// Times in the unit that suits the length of the run.
struct Time {
    values: Array1<f64>,
    unit: &'static str,
}

impl Time {
    fn of(ts: &Array1<f64>) -> Self {
        match ts.last() {
            Some(&last) if last >= SECONDS_FROM => Self { values: ts * 1e-3, unit: "s" },
            _ => Self { values: ts.clone(), unit: "ms" },
        }
    }

    fn axis(&self) -> Axis {
        Axis::new("time").unit(self.unit).tight()
    }
}

fn unit(column: &Column) -> &str {
    if column.unit == "1" { "" } else { &column.unit }
}

/// One node: a row for each signal; beside two signals of one unit their plane.
fn lines(columns: &[&Column]) -> Figure {
    let panels = columns.iter().map(|column| {
        let time = Time::of(&column.ts);
        time_series(&time.values, &column.values).x(time.axis()).y_label(&column.name, unit(column))
    });
    let rows = columns.len();
    if let [x, y] = columns
        && x.unit == y.unit
        && x.ts == y.ts
    {
        let portrait = PhasePortrait::new(&x.name, &y.name)
            .units(unit(x), unit(y))
            .trajectory(x.values.column(0), y.values.column(0));
        let figure = Figure::new().widths([1.6, 1.0]);
        let figure =
            panels.enumerate().fold(figure, |figure, (row, panel)| figure.panel_at((row, 0), (1, 1), panel));
        return figure.panel_at((0, 1), (rows, 1), portrait);
    }
    panels.fold(Figure::new().columns(1), Figure::panel)
}

/// Several nodes: a row for each signal, with the functional connectivity where there are many.
fn areas(columns: &[&Column], names: &[String]) -> Figure {
    let fc: Vec<Option<Array2<f64>>> = columns.iter().map(|column| connectivity(column)).collect();
    let some_fc = fc.iter().any(Option::is_some);
    let mut figure = if some_fc { Figure::new().widths([1.7, 1.0]) } else { Figure::new() };
    for (row, (column, fc)) in columns.iter().zip(fc).enumerate() {
        let panel = activity(column, names);
        let width = if some_fc && fc.is_none() { 2 } else { 1 };
        figure = figure.panel_at((row, 0), (1, width), panel);
        if let Some(fc) = fc {
            let panel = with_regions(functional_connectivity(&fc), names);
            let panel = panel.title(format!("functional connectivity of {}", column.name));
            figure = figure.panel_at((row, 1), (1, 1), panel);
        }
    }
    figure
}

fn activity(column: &Column, names: &[String]) -> Panel {
    let nodes = column.values.ncols();
    let time = Time::of(&column.ts);
    if is_matrix(column) {
        return with_regions(functional_connectivity(&column.values), names).title(&column.name);
    }
    if nodes > MOST_LINES {
        // As many samples as can be seen: a heat map draws each.
        let every = time.values.len().div_ceil(2000).max(1);
        let ts = time.values.slice(s![..;every]);
        let values = column.values.slice(s![..;every, ..]);
        let panel = with_regions(carpet(ts, values), names).x(time.axis());
        return panel.title(format!("{} of {nodes} nodes", column.name));
    }
    if nodes > MOST_OVERLAID {
        let names = if names.len() == nodes { names } else { &[] };
        let panel = stacked(&time.values, &column.values, names, unit(column));
        return panel.x(time.axis()).title(&column.name);
    }
    let panel = time_series(&time.values, &column.values).x(time.axis()).y_label(&column.name, unit(column));
    with_legend(panel, names, nodes)
}

/// Returns whether a record is a matrix of regions, given at the end of the run.
pub fn is_matrix(column: &Column) -> bool {
    let (rows, nodes) = column.values.dim();
    rows == nodes && rows > 1 && column.ts.first() == column.ts.last()
}

/// The correlations of many nodes; none where all do the same or nothing.
fn connectivity(column: &Column) -> Option<Array2<f64>> {
    let (rows, nodes) = column.values.dim();
    if nodes <= MOST_LINES || nodes > 2000 || rows < LEAST_SAMPLES || is_matrix(column) {
        return None;
    }
    let fc = correlations(column.values.view()).ok()?;
    let (mut low, mut varies) = (1.0_f64, false);
    // Nodes that do not vary have no correlation.
    for (_, value) in fc.indexed_iter().filter(|((i, j), value)| i != j && value.is_finite()) {
        low = low.min(*value);
        varies |= *value != 0.0;
    }
    (varies && low < 1.0 - 1e-9).then_some(fc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(millimetres("90x60mm"), Ok((90.0, 60.0)));
        assert_eq!(millimetres("85mm x 50.5 mm"), Ok((85.0, 50.5)));
        for wrong in ["90x60", "90mm", "0x60mm", "1e9x1mm", "axbmm", "90x60px"] {
            assert!(millimetres(wrong).is_err(), "{wrong}");
        }
    }
}
