//! Runs as figures.

use std::path::Path;

use brainmass::Zoo;
use brainmass::analysis::functional_connectivity as correlations;
use brainmass::io::recording::{Column, Recording};
use brainmass::io::{printable, read_file};
use brainmass::viz::{
    self, Axis, Color, Figure, PALETTE, PALETTE_DARK, Panel, PhasePortrait, Theme, by_hemisphere, carpet,
    functional_connectivity, in_order, stacked, time_series, with_regions,
};
use brainmass_spec::problem::suggestion;
use brainmass_spec::source::Source;
use brainmass_spec::yaml;
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
/// Width of a figure, and of one with three panels in a row, px.
const WIDTH: f64 = 900.0;
const WIDE: f64 = 1240.0;
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
    /// The weights of the network, `[target][source]`, which are shown beside functional connectivity.
    pub structure: Option<Array2<f64>>,
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
    /// The order of the regions in matrices: `hemisphere`, `as-given`, or a file with a name a line [default: hemisphere, where names tell it].
    #[arg(long, value_name = "ORDER")]
    order: Option<String>,
}

/// The order of regions in matrices and carpets.
#[derive(Clone, Debug, Default)]
pub enum Order {
    /// The left hemisphere comes first, where the names tell it.
    #[default]
    Hemisphere,
    /// The regions stay as the run has them.
    AsGiven,
    /// The regions follow a list of their names, the first at the top.
    Names(Vec<String>),
}

/// The most bytes of a file of names.
const ORDER_LIMIT: u64 = 1 << 20;

impl Page {
    /// Reads the order of the regions that was asked for.
    pub fn order(&self) -> Result<Order, Failure> {
        match self.order.as_deref() {
            None | Some("hemisphere") => Ok(Order::Hemisphere),
            Some("as-given") => Ok(Order::AsGiven),
            Some(path) => {
                let hint = "an order is `hemisphere`, `as-given`, or a text file with the name of a region in each line";
                let bytes = read_file(path, ORDER_LIMIT).map_err(|error| Failure::new(error).hint(hint))?;
                let text = String::from_utf8_lossy(&bytes);
                let names =
                    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
                Ok(Order::Names(names.map(str::to_owned).collect()))
            }
        }
    }
}

/// Names the regions of a matrix or a carpet and puts them in an order.
///
/// # Errors
/// An order by names that does not have each of the names once.
pub fn with_order(panel: Panel, names: &[String], order: &Order) -> Result<Panel, Failure> {
    let panel = with_regions(panel, names);
    let wanted = match order {
        Order::AsGiven => return Ok(panel),
        Order::Hemisphere => return Ok(by_hemisphere(panel, names)),
        Order::Names(wanted) => wanted,
    };
    if names.is_empty() {
        return Err(Failure::new("the regions have no names by which they can be sorted"));
    }
    let mut places = Vec::new();
    for name in wanted {
        let place = names.iter().position(|own| own == name).ok_or_else(|| {
            Failure::new(format!("there is no region `{}`", printable(name))).hint(suggestion(
                name,
                "regions",
                names.iter().map(String::as_str),
            ))
        })?;
        if places.contains(&place) {
            return Err(Failure::new(format!("the order has the region `{}` twice", printable(name))));
        }
        places.push(place);
    }
    if let Some(left_out) = (0..names.len()).find(|place| !places.contains(place)) {
        let (has, of) = (places.len(), names.len());
        let message = format!(
            "the order has {has} of {of} regions; `{}` is not among them",
            printable(&names[left_out])
        );
        return Err(Failure::new(message).hint("give every region a line"));
    }
    Ok(in_order(panel, &places))
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
    let (mut figure, width) = match single {
        true => (lines(&columns), WIDTH),
        false => areas(&columns, names, look)?,
    };
    let title = look.title.clone().or_else(|| title_of(recording));
    let height = ROW * rows.min(8) as f64 + if title.is_some() { TITLE } else { 0.0 };
    if let Some(title) = &title {
        figure = figure.title(title);
    }
    let records: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let figure = figure.alt(format!("{} over time", records.join(", ")));
    let figure = look.page.shape(figure, (width, height.max(300.0)));
    with_provenance(figure, recording)
        .save(path)
        .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
}

/// Returns the title of the experiment that made a recording, as it was given, or else the name of its model.
pub fn title_of(recording: &Recording) -> Option<String> {
    let provenance = recording.provenance.as_ref()?;
    let text = provenance["recipe"]["experiment"].as_str().unwrap_or_default();
    let given = yaml::parse(&Source::new("the experiment", text)).ok().and_then(|root| {
        match &root.entry("title")?.value {
            yaml::Value::Scalar(title) => Some(title.text.trim().to_owned()),
            yaml::Value::Null | yaml::Value::List(_) | yaml::Value::Map(_) => None,
        }
    });
    given.or_else(|| {
        let model = recording.model()?;
        Some(
            Zoo::default().find(model).map_or_else(|| model.to_owned(), |entry| entry.info.title.to_string()),
        )
    })
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

/// Several nodes: a row for each signal, with the functional connectivity where there are many, and with the structural one beside the first of
/// these. Returns the figure and its width, px.
fn areas(columns: &[&Column], names: &[String], look: &Look) -> Result<(Figure, f64), Failure> {
    let order = look.page.order()?;
    let fc: Vec<Option<Array2<f64>>> = columns.iter().map(|column| connectivity(column)).collect();
    let matrix = |column: &Column, fc: &Option<Array2<f64>>| fc.is_some() || is_matrix(column);
    // The first matrix of functional connectivity between as many nodes as the network has.
    let beside = look.structure.as_ref().and_then(|weights| {
        let fits = |column: &Column| weights.dim() == (column.values.ncols(), column.values.ncols());
        columns.iter().zip(&fc).position(|(column, fc)| matrix(column, fc) && fits(column))
    });
    let some_fc = fc.iter().any(Option::is_some);
    let (widths, width): (&[f64], f64) = match (some_fc, beside) {
        (false, None) => (&[1.0], WIDTH),
        (false, Some(_)) => (&[1.0, 1.0], WIDTH),
        (true, None) => (&[1.7, 1.0], WIDTH),
        (true, Some(_)) => (&[1.7, 1.0, 1.0], WIDE),
    };
    let mut figure = Figure::new().widths(widths.iter().copied());
    for (row, (column, fc)) in columns.iter().zip(fc).enumerate() {
        let panel = activity(column, names, &order)?;
        let structure = look.structure.as_ref().filter(|_| beside == Some(row));
        let shown = 1 + usize::from(fc.is_some()) + usize::from(structure.is_some());
        figure = figure.panel_at((row, 0), (1, widths.len() + 1 - shown), panel);
        let mut place = widths.len() + 1 - shown;
        if let Some(weights) = structure {
            let panel =
                with_order(viz::connectivity(weights), names, &order)?.title("structural connectivity");
            figure = figure.panel_at((row, place), (1, 1), panel);
            place += 1;
        }
        if let Some(fc) = fc {
            let panel = with_order(functional_connectivity(&fc), names, &order)?;
            let panel = panel.title(format!("functional connectivity of {}", column.name));
            figure = figure.panel_at((row, place), (1, 1), panel);
        }
    }
    Ok((figure, width))
}

fn activity(column: &Column, names: &[String], order: &Order) -> Result<Panel, Failure> {
    let nodes = column.values.ncols();
    let time = Time::of(&column.ts);
    if is_matrix(column) {
        return Ok(with_order(functional_connectivity(&column.values), names, order)?.title(&column.name));
    }
    if nodes > MOST_LINES {
        // As many samples as can be seen: a heat map draws each.
        let every = time.values.len().div_ceil(2000).max(1);
        let ts = time.values.slice(s![..;every]);
        let values = column.values.slice(s![..;every, ..]);
        let panel = with_order(carpet(ts, values), names, order)?.x(time.axis());
        return Ok(panel.title(format!("{} of {nodes} nodes", column.name)));
    }
    if nodes > MOST_OVERLAID {
        let names = if names.len() == nodes { names } else { &[] };
        let panel = stacked(&time.values, &column.values, names, unit(column));
        return Ok(panel.x(time.axis()).title(&column.name));
    }
    let panel = time_series(&time.values, &column.values).x(time.axis()).y_label(&column.name, unit(column));
    Ok(with_legend(panel, names, nodes))
}

/// Returns whether a record is a matrix of regions, given at the end of the run.
pub fn is_matrix(column: &Column) -> bool {
    let (rows, nodes) = column.values.dim();
    rows == nodes && rows > 1 && column.ts.first() == column.ts.last()
}

/// The correlations of many nodes; none where all do the same or nothing.
pub fn connectivity(column: &Column) -> Option<Array2<f64>> {
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
