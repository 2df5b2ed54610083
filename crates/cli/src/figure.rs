//! Runs as figures.

use std::path::Path;

use brainmass::analysis::functional_connectivity as correlations;
use brainmass::io::recording::{Column, Recording};
use brainmass::viz::{
    Axis, Figure, Panel, PhasePortrait, carpet, functional_connectivity, stacked, time_series,
};
use ndarray::{Array1, Array2, s};

use crate::failure::Failure;
use crate::recording::chosen;

/// More nodes than these are shown below each other, ...
const MOST_OVERLAID: usize = 3;
/// ... and more than these as rows of colour, with their correlations.
const MOST_LINES: usize = 16;
/// Fewest samples that correlations are taken of.
const LEAST_SAMPLES: usize = 20;
/// From here on time is shown in seconds, ms.
const SECONDS_FROM: f64 = 5000.0;
/// Height of a row of panels, and of a figure's title, px.
const ROW: f64 = 260.0;
const TITLE: f64 = 40.0;

/// What to draw, and how.
#[derive(Default)]
pub struct Look {
    /// The title of the figure.
    pub title: Option<String>,
    /// Only these records.
    pub only: Vec<String>,
    /// Names of the nodes.
    pub labels: Vec<String>,
}

/// Draws a recording and writes it: `.png` or `.svg`.
pub fn save(recording: &Recording, look: &Look, path: &Path) -> Result<(), Failure> {
    let columns = chosen(recording, &look.only)?;
    let rows = columns.len();
    let single = columns.iter().all(|column| column.values.ncols() == 1);
    let mut figure = if single { lines(&columns) } else { areas(&columns, look) };
    let title = look.title.clone().or_else(|| recording.model().map(str::to_owned));
    let height = ROW * rows.min(8) as f64 + if title.is_some() { TITLE } else { 0.0 };
    if let Some(title) = &title {
        figure = figure.title(title);
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    figure
        .alt(format!("{} over time", names.join(", ")))
        .size(900.0, height.max(300.0))
        .save(path)
        .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
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
fn areas(columns: &[&Column], look: &Look) -> Figure {
    let fc: Vec<Option<Array2<f64>>> = columns.iter().map(|column| connectivity(column)).collect();
    let some_fc = fc.iter().any(Option::is_some);
    let mut figure = if some_fc { Figure::new().widths([1.7, 1.0]) } else { Figure::new() };
    for (row, (column, fc)) in columns.iter().zip(fc).enumerate() {
        let panel = activity(column, look);
        let width = if some_fc && fc.is_none() { 2 } else { 1 };
        figure = figure.panel_at((row, 0), (1, width), panel);
        if let Some(fc) = fc {
            let panel =
                functional_connectivity(&fc).title(format!("functional connectivity of {}", column.name));
            figure = figure.panel_at((row, 1), (1, 1), panel);
        }
    }
    figure
}

fn activity(column: &Column, look: &Look) -> Panel {
    let nodes = column.values.ncols();
    let time = Time::of(&column.ts);
    if is_matrix(column) {
        return functional_connectivity(&column.values).title(&column.name);
    }
    if nodes > MOST_LINES {
        // As many samples as can be seen: a heat map draws each.
        let every = time.values.len().div_ceil(2000).max(1);
        let ts = time.values.slice(s![..;every]);
        let values = column.values.slice(s![..;every, ..]);
        return carpet(ts, values).x(time.axis()).title(format!("{} of {nodes} nodes", column.name));
    }
    let label = |node: usize| match look.labels.get(node) {
        Some(label) if look.labels.len() == nodes => label.clone(),
        _ => format!("node {node}"),
    };
    if nodes > MOST_OVERLAID {
        let labels: Vec<String> = (0..nodes).map(label).collect();
        let panel = stacked(&time.values, &column.values, &labels, unit(column));
        return panel.x(time.axis()).title(&column.name);
    }
    let panel = time_series(&time.values, &column.values).x(time.axis()).y_label(&column.name, unit(column));
    if nodes > 1 { panel.labels((0..nodes).map(label)) } else { panel }
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
