//! The report of a diagram that `brainmass bifurcation` prints and writes: a table of special points, notes, JSON, and the points of all branches.

use std::fmt::Write as _;

use brainmass::continuation::{CycleEnd, Diagram, Quantity, Signal, SpecialCycle};
use brainmass::dynamics::Complex64;
use brainmass_spec::model::Model;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::models;
use crate::table::Table;
use crate::terminal::Terminal;

/// More special cycles of one kind than these, close together, are gathered ...
const MOST_TOGETHER: usize = 3;
/// ... into those of the shortest periods and one row for all others.
const SHOWN_TOGETHER: usize = 2;
/// The largest distance between neighbours that count as close together, as a share of the range.
const CLOSE: f64 = 2e-3;

/// A special point as a row of the table.
struct Row {
    letters: &'static str,
    name: String,
    value: f64,
    at: String,
    signal: String,
    about: String,
}

/// Returns the declared unit of a parameter or an input, `1` for a pure number.
pub fn unit_of<'a>(model: &'a Model, name: &str) -> &'a str {
    match Quantity::find(model, name) {
        Ok(Quantity::Parameter(index)) => &model.parameters[index].unit.text,
        Ok(Quantity::Input(index)) => &model.inputs[index].unit.text,
        Err(_) => "1",
    }
}

/// Returns a unit as it stands behind a number.
pub fn with_blank(unit: &str) -> String {
    if unit == "1" { String::new() } else { format!(" {unit}") }
}

pub fn counted(branches: usize) -> String {
    if branches == 1 { "1 branch".to_owned() } else { format!("{branches} branches") }
}

fn rows(diagram: &Diagram, signal: &Signal) -> Vec<Row> {
    let unit = with_blank(&diagram.unit);
    let mut rows: Vec<Row> = Vec::new();
    for special in diagram.equilibria.special() {
        let about = match (special.hopf, special.fold) {
            (Some(hopf), _) => {
                let kind = if hopf.first_lyapunov < 0.0 { "supercritical" } else { "subcritical" };
                format!("{kind}, l1 = {:.4e}, period {:.6} ms", hopf.first_lyapunov, hopf.period())
            }
            (_, Some(fold)) => format!("two equilibria {}", if fold.opens_above { "above" } else { "below" }),
            _ => String::new(),
        };
        let leading = special.point.eigenvalues.iter().filter(|value| value.im >= 0.0).take(3);
        let eigenvalues: Vec<String> = leading.map(|value| rounded(value.re, value.im)).collect();
        rows.push(Row {
            letters: special.kind.letters(),
            name: special.kind.name().to_owned(),
            value: special.point.value,
            at: format!("{:.7}{unit}", special.point.value),
            signal: format!("{:.6}", signal.at(&special.point.states, special.point.value)),
            about: format!(
                "{about}{}eigenvalues {} /ms",
                if about.is_empty() { "" } else { ", " },
                eigenvalues.join(", ")
            ),
        });
    }
    for mut together in gathered(diagram) {
        let more = match together.len() > MOST_TOGETHER {
            true => together.split_off(SHOWN_TOGETHER),
            false => Vec::new(),
        };
        for special in together {
            let (low, high) = signal.extremes(&special.cycle);
            rows.push(Row {
                letters: special.kind.letters(),
                name: special.kind.name().to_owned(),
                value: special.value,
                at: format!("{:.7}{unit}", special.value),
                signal: format!("{low:.6} … {high:.6}"),
                about: format!("period {:.6} ms", special.cycle.period),
            });
        }
        let [first, .., last] = &more[..] else { continue };
        let values = || more.iter().map(|special| special.value);
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        rows.push(Row {
            letters: first.kind.letters(),
            name: format!("{} more, close together", more.len()),
            value: first.value,
            at: format!("{low:.7} … {high:.7}{unit}"),
            signal: String::new(),
            about: format!("periods {:.6} … {:.6} ms", first.cycle.period, last.cycle.period),
        });
    }
    rows.sort_by(|a, b| a.value.total_cmp(&b.value));
    rows
}

/// Gathers special cycles of one kind that lie close together, as they do without number near some homoclinic orbits; those of shorter periods come first.
fn gathered(diagram: &Diagram) -> Vec<Vec<&SpecialCycle>> {
    let range = diagram.cycles.range;
    let mut groups: Vec<Vec<&SpecialCycle>> = Vec::new();
    // They come by rising value.
    for special in diagram.cycles.special() {
        let is_close = |group: &&mut Vec<&SpecialCycle>| {
            group.last().is_some_and(|last| {
                last.kind == special.kind
                    && (last.value - special.value).abs() < CLOSE * (range.to - range.from)
            })
        };
        match groups.iter_mut().find(is_close) {
            Some(group) => group.push(special),
            None => groups.push(vec![special]),
        }
    }
    groups.iter_mut().for_each(|group| group.sort_by(|a, b| a.cycle.period.total_cmp(&b.cycle.period)));
    groups
}

/// A complex number in few digits.
fn rounded(re: f64, im: f64) -> String {
    let part = |x: f64| if x.abs() < 1e-12 { "0".to_owned() } else { format!("{x:.4}") };
    if im.abs() < 1e-12 { part(re) } else { format!("{} ± {}i", part(re), part(im)) }
}

/// Prints the special points, and what is worth knowing of the branches.
pub fn print(
    diagram: &Diagram,
    signal: &Signal,
    subject: &str,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let unit = with_blank(&diagram.unit);
    let range = diagram.equilibria.range;
    terminal.line(format!(
        "{subject} over {} from {} to {}{unit}: {} of equilibria, {} of cycles.",
        diagram.over,
        models::number(range.from),
        models::number(range.to),
        counted(diagram.equilibria.branches.len()),
        counted(diagram.cycles.branches.len()),
    ))?;
    if diagram.equilibria.branches.is_empty() {
        terminal.line("No equilibrium was found in the range.")?;
    }
    let mut table = Table::new(["", "point", "at", "signal", "about"]);
    for Row { letters, name, at, signal, about, .. } in rows(diagram, signal) {
        table.row([letters.to_owned(), name, at, signal, about]);
    }
    for line in table.lines(terminal.width, terminal.paint) {
        terminal.line(line)?;
    }
    for branch in &diagram.equilibria.branches {
        for place in &branch.switches {
            let value = branch.points[*place].value;
            terminal.line(format!(
                "Near {}{unit} another piece of the equations begins.",
                models::number(value)
            ))?;
        }
    }
    for (from, to) in diagram.without_stable() {
        let where_it_is = match from <= range.from && to >= range.to {
            true => "Nowhere in the range was anything stable found".to_owned(),
            false => format!("From {from:.6} to {to:.6}{unit} nothing stable was found"),
        };
        terminal.line(format!(
            "{where_it_is}: what runs settle on there, be it a torus, chaos or a cycle apart from these branches, is not shown."
        ))?;
    }
    let crowded = diagram.cycles.branches.iter().filter(|branch| branch.end == CycleEnd::Crowded);
    for last in crowded.filter_map(|branch| branch.cycles.last()) {
        terminal.line(format!(
            "At {:.6}{unit} a branch of cycles turns over and over within a tiny part of the range, as near homoclinic orbits and canards; it was followed to a period of {:.4} ms.",
            last.value, last.period
        ))?;
    }
    let lost = diagram.cycles.branches.iter().filter(|branch| branch.end == CycleEnd::Lost);
    for last in lost.filter_map(|branch| branch.cycles.last()) {
        terminal.line(format!(
            "A branch of cycles was not followed beyond {:.6}{unit}, where its period is {:.4} ms: cycles further on are missing here.",
            last.value, last.period
        ))?;
    }
    Ok(())
}

/// Prints the special points with all of their numbers.
pub fn json(diagram: &Diagram, terminal: &mut Terminal) -> Result<(), Failure> {
    let complex =
        |values: &[Complex64]| -> Vec<[f64; 2]> { values.iter().map(|value| [value.re, value.im]).collect() };
    let named = |values: &[f64]| -> Map<String, Value> {
        diagram.equations.states().iter().cloned().zip(values.iter().map(|x| (*x).into())).collect()
    };
    let equilibria = diagram.equilibria.special().into_iter().map(|special| {
        json!({
            "kind": special.kind.letters(), "name": special.kind.name(), "value": special.point.value,
            "state": named(&special.point.states), "eigenvalues": complex(&special.point.eigenvalues),
            "frequency": special.hopf.map(|hopf| hopf.frequency), "period": special.hopf.map(|hopf| hopf.period()),
            "first_lyapunov": special.hopf.map(|hopf| hopf.first_lyapunov),
            "quadratic": special.fold.map(|fold| fold.coefficient),
            "opens_above": special.fold.map(|fold| fold.opens_above),
        })
    });
    let cycles = diagram.cycles.special().into_iter().map(|special| {
        json!({
            "kind": special.kind.letters(), "name": special.kind.name(), "value": special.value,
            "period": special.cycle.period, "min": named(&special.cycle.min), "max": named(&special.cycle.max),
            "multipliers": complex(&special.cycle.multipliers),
        })
    });
    let all = json!({
        "over": diagram.over, "unit": diagram.unit,
        "equilibria": equilibria.collect::<Vec<_>>(), "cycles": cycles.collect::<Vec<_>>(),
        "without_stable": diagram.without_stable().into_iter().map(|(from, to)| [from, to]).collect::<Vec<_>>(),
    });
    terminal.line(serde_json::to_string_pretty(&all).map_err(Failure::new)?)
}

/// Writes all points as CSV: equilibria have one value a state, cycles a smallest and a largest one.
pub fn table(diagram: &Diagram) -> String {
    let states = diagram.equations.states();
    let mut text = format!("branch,kind,special,{},period,unstable", diagram.over);
    for state in states {
        let _ = write!(text, ",{state}_min,{state}_max");
    }
    text.push('\n');
    let mut number = 0;
    for branch in &diagram.equilibria.branches {
        number += 1;
        for (place, point) in branch.points.iter().enumerate() {
            let special = branch.special.iter().find(|(at, _)| *at == place);
            let special = special.map_or("", |(_, special)| special.kind.letters());
            let _ = write!(text, "{number},equilibrium,{special},{},,{}", point.value, point.unstable());
            for x in &point.states {
                let _ = write!(text, ",{x},{x}");
            }
            text.push('\n');
        }
    }
    for branch in &diagram.cycles.branches {
        number += 1;
        for (place, cycle) in branch.cycles.iter().enumerate() {
            let special = branch.special.iter().find(|(at, _)| *at == place);
            let special = special.map_or("", |(_, special)| special.kind.letters());
            let _ = write!(
                text,
                "{number},cycle,{special},{},{},{}",
                cycle.value,
                cycle.period,
                cycle.unstable()
            );
            for (min, max) in cycle.min.iter().zip(&cycle.max) {
                let _ = write!(text, ",{min},{max}");
            }
            text.push('\n');
        }
    }
    text
}
