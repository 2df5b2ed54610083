//! The summary of a run that `brainmass run` prints.

use std::path::PathBuf;

use brainmass::runtime::ProjectionSummary;
use brainmass::{Experiment, Run};
use ndarray::ArrayView2;

use crate::failure::Failure;
use crate::rhythm::dominant;
use crate::terminal::Terminal;
use crate::words::{clock, names, title};

/// Prints what was run, what came out of it, and what was written.
pub fn print(
    experiment: &Experiment,
    run: &Run,
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
    }
    let per_node_step = run.elapsed().as_secs_f64() * 1e9 / (run.steps() * nodes) as f64;
    add("time", format!("{}, {} ns per node-step", clock(run.elapsed()), digits(per_node_step, 3)));
    if !wrote.is_empty() {
        add("wrote", names(wrote));
    }

    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, text) in rows {
        terminal.line(format!("  {}  {text}", paint.faint(&format!("{name:<width$}"))))?;
    }
    Ok(())
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
