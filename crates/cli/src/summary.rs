//! The summary of a run that `brainmass run` prints.

use std::path::PathBuf;

use brainmass::analysis::{functional_connectivity, upper_triangle};
use brainmass::run::Column;
use brainmass::runtime::ProjectionSummary;
use brainmass::viz::homotopic;
use brainmass::{Experiment, Run};
use ndarray::{Array2, ArrayView2};

use crate::failure::Failure;
use crate::figure;
use crate::result;
use crate::rhythm::dominant;
use crate::terminal::Terminal;
use crate::words::{clock, names, title};

/// Prints what was run, what came out of it, and what was written. `first` is the step at which the run went on from a checkpoint, or 0.
pub fn print(
    experiment: &Experiment,
    (run, first): (&Run, usize),
    projections: &[ProjectionSummary],
    wrote: &[PathBuf],
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let (paint, timing) = (terminal.paint, &experiment.timing);
    let groups: Vec<(&str, &str, usize)> = experiment
        .network
        .named_groups()
        .map(|(name, model)| (name, model.population().info().name.as_str(), model.population().nodes()))
        .collect();
    let models: Vec<&str> = groups.iter().map(|(_, model, _)| *model).collect();
    terminal.line(format!("{}  {}", paint.title(&models.join(" and ")), title(experiment)))?;

    let mut rows: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, text: String| rows.push((name.to_owned(), text));
    let nodes: usize = groups.iter().map(|(.., nodes)| nodes).sum();
    let parts = groups.iter().map(|(name, model, nodes)| format!("{nodes} {name} ({model})"));
    match &groups[..] {
        [_] => add("nodes", nodes.to_string()),
        _ => add("nodes", parts.collect::<Vec<_>>().join(" + ")),
    }
    for projection in projections {
        add(&projection.name, network(projection));
    }
    add("scheme", format!("{}, dt = {} ms", run.provenance().scheme, timing.dt));
    let transient = match timing.transient {
        0.0 => String::new(),
        ms => format!(", the first {ms} ms not recorded"),
    };
    add("steps", format!("{} = {} ms{transient}", run.steps(), timing.duration));
    for column in run.columns() {
        let (rows, width) = column.values.dim();
        let unit = if column.unit == "1" { String::new() } else { format!(" {}", column.unit) };
        let range = range(column.values.view())
            .map_or("empty".to_owned(), |(low, high)| format!("{low} … {high}{unit}"));
        let rhythm = column.interval().and_then(|interval| dominant(column.values.view(), interval));
        let rhythm = rhythm.map_or(String::new(), |(low, high)| match () {
            () if high <= 1.02 * low => format!("   {} Hz", digits(0.5 * (low + high), 3)),
            () => format!("   {} … {} Hz", digits(low, 3), digits(high, 3)),
        });
        add(&column.name, format!("({rows}, {width})   {range}{rhythm}"));
        if let Some(text) = connectivity(column, experiment) {
            add("  fc", text);
        }
    }
    let made = run.steps() - first;
    let per_node_step = run.elapsed().as_secs_f64() * 1e9 / (made.max(1) * nodes) as f64;
    let from = match first {
        0 => String::new(),
        _ => format!(", from the checkpoint at {} ms on", digits(first as f64 * timing.dt, 9)),
    };
    add("time", format!("{}, {} ns per node-step{from}", clock(run.elapsed()), digits(per_node_step, 3)));
    if !wrote.is_empty() {
        add("wrote", names(wrote));
    }

    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, text) in rows {
        terminal.line(format!("  {}  {text}", paint.faint(&format!("{name:<width$}"))))?;
    }
    Ok(())
}

/// Describes the functional connectivity of a record of many nodes: its mean, that of homotopic regions where the names tell them, and its correlation
/// with the structure where the network has one.
fn connectivity(column: &Column, experiment: &Experiment) -> Option<String> {
    let fc = figure::connectivity(column)?;
    let pairs = |matrix: &Array2<f64>| upper_triangle(matrix.view(), 1);
    let values: Vec<f64> = pairs(&fc).into_iter().filter(|value| value.is_finite()).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let mut text = format!("mean correlation {}", digits(mean(&values), 3));
    let homotopic: Vec<f64> = homotopic(&experiment.labels)
        .into_iter()
        .filter_map(|(left, right)| fc.get((left, right)).copied())
        .filter(|value| value.is_finite())
        .collect();
    if !homotopic.is_empty() {
        text += &format!(", {} between homotopic regions", digits(mean(&homotopic), 3));
    }
    let structure = result::weights(experiment);
    if let Some(weights) = structure.filter(|weights| weights.dim() == fc.dim()) {
        let both = 0.5 * (&weights + &weights.t());
        let found = pairs(&fc).into_iter().zip(pairs(&both)).filter(|(value, _)| value.is_finite());
        let mut columns = Array2::zeros((values.len(), 2));
        for (row, (value, weight)) in found.enumerate() {
            columns[[row, 0]] = value;
            columns[[row, 1]] = weight;
        }
        if let Some(r) =
            functional_connectivity(columns.view()).ok().map(|both| both[[0, 1]]).filter(|r| r.is_finite())
        {
            text += &format!(", {} with the structure", digits(r, 3));
        }
    }
    Some(text)
}

/// Describes a projection: `1404 edges, 90 -> 90 nodes, delays up to 15.2 ms, 112 KiB of history`.
fn network(projection: &ProjectionSummary) -> String {
    let ProjectionSummary { targets, sources, edges, longest_delay, history_bytes, .. } = projection;
    let delays = match *longest_delay {
        0.0 => "no delays".to_owned(),
        ms => format!("delays up to {} ms, {} of history", digits(ms, 4), bytes(*history_bytes)),
    };
    format!("{edges} edges, {sources} -> {targets} nodes, {delays}")
}

/// A size in memory.
fn bytes(count: usize) -> String {
    match count as f64 {
        count if count >= 1048576.0 => format!("{} MiB", digits(count / 1048576.0, 3)),
        count if count >= 1024.0 => format!("{} KiB", digits(count / 1024.0, 3)),
        count => format!("{count} bytes"),
    }
}

/// The smallest and the largest value.
fn range(values: ArrayView2<f64>) -> Option<(String, String)> {
    let first = *values.iter().next()?;
    let (low, high) =
        values.iter().fold((first, first), |(low, high), &value| (value.min(low), value.max(high)));
    Some((digits(low, 4), digits(high, 4)))
}

/// A number with so many significant digits.
pub fn digits(value: f64, count: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    // Rounded first: 9.999 has one digit more before the point than it seems.
    let rounded: f64 = format!("{value:.*e}", count - 1).parse().unwrap_or(value);
    let place = rounded.abs().log10().floor();
    if !(-4.0..6.0).contains(&place) {
        return format!("{rounded:e}");
    }
    let decimals = (count as f64 - 1.0 - place).max(0.0) as usize;
    format!("{rounded:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_count_from_the_first_that_is_not_zero() {
        let shown = [0.0, 9.9996, -0.49871234, 1234.567, 1.5e-7, 2.5e9, 15.9].map(|value| digits(value, 4));
        assert_eq!(shown, ["0", "10.00", "-0.4987", "1235", "1.5e-7", "2.5e9", "15.90"]);
    }
}
