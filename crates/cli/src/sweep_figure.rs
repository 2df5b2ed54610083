//! Results of sweeps as figures: a line with a band over one axis, a heat map over two, a heat map for each level of a third.

use std::path::Path;

use brainmass::io::printable;
use brainmass::sweep::{SweepAxis, SweepMeasure, SweepTable};
use brainmass::viz::{Axis, Band, Color, Figure, Heatmap, Panel, Series, Ticks, histogram};
use brainmass_spec::problem::suggestion;
use ndarray::{Array1, Array2};

use crate::failure::Failure;
use crate::figure::Page;
use crate::summary::digits;

/// The most measures that are drawn where none is asked for.
const MOST_MEASURES: usize = 6;
/// The most cells along an axis that all have their numbers beside them.
const MOST_NUMBERED: usize = 8;
/// The most levels of a third axis that are drawn.
const MOST_MULTIPLES: usize = 12;
/// Width and height of a panel, and height of the title, px.
const PANEL: (f64, f64) = (460.0, 300.0);
const TITLE: f64 = 40.0;

/// Draws results and writes them: `.png`, `.svg` or `.pdf`. Only the measures of these names are drawn, if there are any.
pub fn save(
    table: &SweepTable,
    title: Option<String>,
    only: &[String],
    page: &Page,
    path: &Path,
) -> Result<(), Failure> {
    let measures = chosen(table, only)?;
    let grid = Grid::of(table);
    let color = page.first_color();
    let rows: Vec<Vec<Panel>> = measures.iter().map(|measure| panels(&grid, measure, color)).collect();
    let widest = rows.iter().map(Vec::len).max().unwrap_or(1);
    // Small multiples of one measure are wrapped; those of several have a row each.
    let columns = match (rows.len(), widest) {
        (1, multiples) => multiples.min(4),
        (panels, 1) => panels.min(2),
        (_, multiples) => multiples,
    };
    let mut figure = Figure::new().columns(columns);
    let mut place = 0;
    for row in rows {
        for panel in row {
            figure = figure.panel_at((place / columns, place % columns), (1, 1), panel);
            place += 1;
        }
        if widest > 1 {
            place = place.next_multiple_of(columns);
        }
    }
    let mut height = PANEL.1 * place.div_ceil(columns).min(12) as f64;
    let left_out = table.measures.len() - measures.len();
    let note = if left_out > 0 && only.is_empty() {
        format!(" ({} of {} measures)", measures.len(), table.measures.len())
    } else {
        String::new()
    };
    if let Some(title) = title {
        figure = figure.title(format!("{title}{note}"));
        height += TITLE;
    }
    let names: Vec<&str> = measures.iter().map(|measure| measure.name.as_str()).collect();
    let axes: Vec<&str> = grid.shown.iter().map(|index| table.axes[*index].name.as_str()).collect();
    let over = if axes.is_empty() { String::new() } else { format!(" over {}", axes.join(", ")) };
    let figure = figure.alt(format!("{}{over}", names.join(", ")));
    let figure = page.shape(figure, (PANEL.0 * columns as f64, height));
    let figure = match &table.provenance {
        Some(provenance) => figure.provenance(provenance.to_string()),
        None => figure,
    };
    figure.save(path).map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
}

/// Returns the measures of these names, or the first ones if there are none.
fn chosen<'t>(table: &'t SweepTable, only: &[String]) -> Result<Vec<&'t SweepMeasure>, Failure> {
    if table.measures.is_empty() {
        return Err(Failure::new("the sweep measured no numbers, so that there is nothing to draw"));
    }
    if only.is_empty() {
        return Ok(table.measures.iter().take(MOST_MEASURES).collect());
    }
    let find = |name: &String| {
        table.measures.iter().find(|measure| measure.name == *name).ok_or_else(|| {
            let known: Vec<String> = table.measures.iter().map(|measure| printable(&measure.name)).collect();
            Failure::new(format!("there is no measure `{}`", printable(name))).hint(suggestion(
                name,
                "measures",
                known.iter().map(String::as_str),
            ))
        })
    };
    only.iter().map(find).collect()
}

/// The axes of a figure.
struct Grid<'t> {
    table: &'t SweepTable,
    /// The axes that are shown, three at most: across, up, and from panel to panel.
    shown: Vec<usize>,
    /// The axes over which means are taken because there are too many to show; chance is not among them.
    averaged: Vec<usize>,
}

/// The mean and the spread of a measure at a place of the grid.
#[derive(Clone, Copy)]
struct Spread {
    mean: f64,
    deviation: f64,
}

impl<'t> Grid<'t> {
    fn of(table: &'t SweepTable) -> Self {
        let varying = |index: &usize| table.axes[*index].levels > 1 && !table.axes[*index].is_chance();
        let mut shown: Vec<usize> = (0..table.axes.len()).filter(varying).collect();
        let averaged = shown.split_off(shown.len().min(3));
        // The axis with the fewest levels goes from panel to panel.
        if shown.len() == 3 {
            let fewest = (0..3).min_by_key(|place| table.axes[shown[*place]].levels).unwrap_or(2);
            let multiples = shown.remove(fewest);
            shown.push(multiples);
        }
        Self { table, shown, averaged }
    }

    fn axis(&self, place: usize) -> &'t SweepAxis {
        &self.table.axes[self.shown[place]]
    }

    /// Returns the mean and the spread over all that is not shown, shape of the axes shown.
    fn spreads(&self, measure: &SweepMeasure) -> Vec<Spread> {
        let axes = &self.table.axes;
        let stride = |index: usize| -> usize { axes[index + 1..].iter().map(|axis| axis.levels).product() };
        let strides: Vec<usize> = self.shown.iter().map(|index| stride(*index)).collect();
        let count: usize = self.shown.iter().map(|index| axes[*index].levels).product();
        let mut sums = vec![(0_u64, 0.0, 0.0); count];
        for (run, value) in measure.values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let place = self.shown.iter().zip(&strides).fold(0, |place, (index, stride)| {
                let levels = axes[*index].levels;
                place * levels + run / stride % levels
            });
            // By Welford's recurrence, which loses no digits of values far from 0.
            let (count, mean, squares) = &mut sums[place];
            *count += 1;
            let apart = value - *mean;
            *mean += apart / *count as f64;
            *squares += apart * (value - *mean);
        }
        let spread = |(count, mean, squares): (u64, f64, f64)| match count {
            0 => Spread { mean: f64::NAN, deviation: f64::NAN },
            count => Spread { mean, deviation: (squares / count as f64).sqrt() },
        };
        sums.into_iter().map(spread).collect()
    }
}

/// Draws one measure: a panel, or one for each level of the third axis.
fn panels(grid: &Grid, measure: &SweepMeasure, color: Color) -> Vec<Panel> {
    let spreads = grid.spreads(measure);
    let over: Vec<&str> = grid.averaged.iter().map(|index| grid.table.axes[*index].name.as_str()).collect();
    let name = match over[..] {
        [] => measure.name.clone(),
        _ => format!("{}, mean over {}", measure.name, over.join(", ")),
    };
    match grid.shown.len() {
        0 => {
            let finite: Array1<f64> =
                measure.values.iter().copied().filter(|value| value.is_finite()).collect();
            let bins = ((finite.len() as f64).sqrt().ceil() as usize).clamp(5, 60);
            vec![histogram(&finite, bins).x_label(name, unit(&measure.unit))]
        }
        1 => vec![line(grid.axis(0), &spreads, color).y_label(name, unit(&measure.unit))],
        2 => {
            let (across, up) = (grid.axis(0), grid.axis(1));
            // Shape (across, up), row by row.
            let values = matrix(&spreads, across.levels, up.levels);
            vec![heatmap(across, up, values, None, (&name, &measure.unit))]
        }
        _ => {
            let (across, up, multiples) = (grid.axis(0), grid.axis(1), grid.axis(2));
            let size = across.levels * up.levels;
            // The axis with the fewest levels was moved behind the others, and `spreads` follows that order.
            let of_level = |level: usize| -> Vec<Spread> {
                (0..size).map(|place| spreads[place * multiples.levels + level]).collect()
            };
            let means = spreads.iter().map(|spread| spread.mean).filter(|mean| mean.is_finite());
            let ends = means.fold(None, |ends: Option<(f64, f64)>, mean| {
                let (low, high) = ends.unwrap_or((mean, mean));
                Some((low.min(mean), high.max(mean)))
            });
            let every = multiples.levels.div_ceil(MOST_MULTIPLES);
            let levels = (0..multiples.levels).step_by(every);
            let panel = |level: usize| {
                let values = matrix(&of_level(level), across.levels, up.levels);
                let title = format!("{} = {}", multiples.name, level_name(multiples, level));
                heatmap(across, up, values, ends, (&name, &measure.unit)).title(title)
            };
            levels.map(panel).collect()
        }
    }
}

/// Returns the unit as axes show it, which is nothing for pure numbers.
fn unit(unit: &str) -> &str {
    if unit == "1" { "" } else { unit }
}

/// Draws the mean over an axis, with a band of one standard deviation where there is one.
fn line(axis: &SweepAxis, spreads: &[Spread], color: Color) -> Panel {
    let mean: Array1<f64> = spreads.iter().map(|spread| spread.mean).collect();
    let (x, shown) = match &axis.numbers {
        Some(numbers) => {
            let shown = Axis::new(&axis.name).unit(unit(&axis.unit));
            (Array1::from(numbers.clone()), if is_even_in_ratio(numbers) { shown.log() } else { shown })
        }
        None => {
            let ticks = (0..axis.levels).map(|level| (level as f64, level_name(axis, level)));
            let shown = Axis::new(&axis.name).ticks(Ticks::Named(ticks.collect()));
            (Array1::from_iter((0..axis.levels).map(|level| level as f64)), shown)
        }
    };
    let mut panel = Panel::new().x(shown);
    if spreads.iter().any(|spread| spread.deviation > 0.0) {
        let lower: Array1<f64> = spreads.iter().map(|spread| spread.mean - spread.deviation).collect();
        let upper: Array1<f64> = spreads.iter().map(|spread| spread.mean + spread.deviation).collect();
        panel = panel.draw(Band::new(&x, &lower, &upper).color(color));
    }
    panel.draw(Series::new(&x, &mean).color(color))
}

/// Returns the means as a matrix with a row for each level of the axis that goes up.
fn matrix(spreads: &[Spread], across: usize, up: usize) -> Array2<f64> {
    Array2::from_shape_fn((up, across), |(row, column)| spreads[column * up + row].mean)
}

fn heatmap(
    across: &SweepAxis,
    up: &SweepAxis,
    values: Array2<f64>,
    limits: Option<(f64, f64)>,
    (name, measured): (&str, &str),
) -> Panel {
    let ((x_edges, x), (y_edges, y)) = (edges(across), edges(up));
    let map = Heatmap::new(&values).edges(x_edges, y_edges).label(name).unit(unit(measured));
    let map = match limits {
        Some((low, high)) if low < high => map.limits(low, high),
        _ => map,
    };
    Panel::from(map).x(x).y(y)
}

/// Returns the outer edges of the cells of an axis, and how it is shown: by its numbers where they are evenly apart, by its levels otherwise.
fn edges(axis: &SweepAxis) -> ((f64, f64), Axis) {
    if let Some(numbers) = axis.numbers.as_ref().filter(|numbers| is_even(numbers)) {
        let last = numbers.len() - 1;
        let half = 0.5 * (numbers[last] - numbers[0]) / last as f64;
        let shown = Axis::new(&axis.name).unit(unit(&axis.unit)).tight();
        // Of a few cells, each has its number, so that no number stands there that was not run.
        let shown = match numbers.len() <= MOST_NUMBERED {
            true => {
                let ticks = numbers.iter().map(|number| (*number, digits(*number, 4)));
                shown.ticks(Ticks::Named(ticks.collect()))
            }
            false => shown,
        };
        return ((numbers[0] - half, numbers[last] + half), shown);
    }
    let ticks = (0..axis.levels).map(|level| (level as f64, level_name(axis, level)));
    let shown = Axis::new(&axis.name).unit(unit(&axis.unit)).ticks(Ticks::Named(ticks.collect())).tight();
    ((-0.5, axis.levels as f64 - 0.5), shown)
}

fn is_even(numbers: &[f64]) -> bool {
    let [first, .., last] = numbers else { return false };
    let step = (last - first) / (numbers.len() - 1) as f64;
    step != 0.0 && numbers.windows(2).all(|pair| ((pair[1] - pair[0]) - step).abs() <= 1e-6 * step.abs())
}

/// Whether numbers grow by the same factor, over a decade at least, so that a logarithmic axis suits them.
fn is_even_in_ratio(numbers: &[f64]) -> bool {
    let logarithms: Vec<f64> = numbers.iter().map(|number| number.ln()).collect();
    let [first, .., last] = &logarithms[..] else { return false };
    numbers.len() > 2
        && is_even(&logarithms)
        && !is_even(numbers)
        && (last - first).abs() >= std::f64::consts::LN_10
}

/// Returns how a level is called.
fn level_name(axis: &SweepAxis, level: usize) -> String {
    match (&axis.words, &axis.numbers) {
        (Some(words), _) => printable(&words[level]),
        (None, Some(numbers)) => {
            let unit = unit(&axis.unit);
            format!("{} {unit}", digits(numbers[level], 4)).trim_end().to_owned()
        }
        (None, None) => level.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(name: &str, numbers: &[f64]) -> SweepAxis {
        let numbers = Some(numbers.to_vec());
        let levels = numbers.as_ref().map_or(0, Vec::len);
        SweepAxis { name: name.into(), unit: "1".into(), levels, numbers, words: None }
    }

    fn table(axes: Vec<SweepAxis>) -> SweepTable {
        let runs: usize = axes.iter().map(|axis| axis.levels).product();
        let values = (0..runs).map(|run| run as f64).collect();
        let measure = SweepMeasure { name: "m".into(), unit: "1".into(), values };
        SweepTable { axes, measures: vec![measure], provenance: None }
    }

    #[test]
    fn chance_is_averaged_and_the_shortest_of_three_axes_goes_from_panel_to_panel() {
        let seeds =
            SweepAxis { name: "seed".into(), unit: "1".into(), levels: 2, numbers: None, words: None };
        let one = table(vec![axis("a", &[0.0, 1.0, 2.0]), seeds]);
        let grid = Grid::of(&one);
        assert_eq!(grid.shown, [0]);
        let spreads = grid.spreads(&one.measures[0]);
        let (means, deviations): (Vec<f64>, Vec<f64>) =
            spreads.iter().map(|spread| (spread.mean, spread.deviation)).unzip();
        assert_eq!((means, deviations), (vec![0.5, 2.5, 4.5], vec![0.5; 3]));

        let three = table(vec![
            axis("a", &[0.0, 1.0]),
            axis("b", &[0.0, 1.0, 2.0]),
            axis("c", &[0.0, 1.0, 2.0, 3.0]),
        ]);
        let grid = Grid::of(&three);
        assert_eq!(grid.shown, [1, 2, 0]);
        let spreads = grid.spreads(&three.measures[0]);
        // Run 12 a + 4 b + c stands at ((b * 4) + c) * 2 + a.
        assert_eq!(spreads[(2 * 4 + 3) * 2 + 1].mean, 23.0);
        assert_eq!(panels(&grid, &three.measures[0], Page::default().first_color()).len(), 2);
    }

    #[test]
    fn axes_are_shown_by_their_numbers_where_these_are_even() {
        assert_eq!(edges(&axis("a", &[0.0, 0.1, 0.2])).0, (-0.05, 0.25));
        assert_eq!(edges(&axis("a", &[0.0, 0.1, 0.7])).0, (-0.5, 2.5));
        assert!(is_even_in_ratio(&[0.01, 0.1, 1.0]) && !is_even_in_ratio(&[1.0, 2.0, 3.0]));
    }
}
