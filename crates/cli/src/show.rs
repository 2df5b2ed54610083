//! The command `brainmass show`.

use std::path::{Path, PathBuf};

use brainmass::info::{AxisInfo, Equation, ModelInfo, Reference, Role};
use clap::Args;

use crate::failure::Failure;
use crate::models::{Folders, find, limits, quantity};
use crate::result::is_result;
use crate::show_result::{self, Form};
use crate::table::Table;
use crate::terminal::{Terminal, wrap};

/// Show a model, or how a result was made and what it holds.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass show JansenRitStep
  brainmass show JansenRitStep --latex
  brainmass show my_model.yaml
  brainmass show JansenRitStep --yaml > my_model.yaml
  brainmass show run.npz
  brainmass show run.npz --extract repeated
  brainmass show JansenRitStep --json | jq '.parameters[] | {name, default, unit}'")]
pub struct Arguments {
    /// Name of a model, a rule or an observation model, a model file, or a result (.npz, .csv, .json).
    #[arg(value_name = "MODEL|FILE")]
    model: String,
    #[command(flatten)]
    folders: Folders,
    /// Prints all of it as JSON.
    #[arg(long, conflicts_with_all = ["yaml", "latex"])]
    json: bool,
    /// Prints the model file, or the experiment of a result.
    #[arg(long, conflicts_with = "latex")]
    yaml: bool,
    /// Prints the equations in LaTeX.
    #[arg(long)]
    latex: bool,
    /// Writes the experiment of a result, and the files that it keeps, into a new folder.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["json", "yaml", "latex"])]
    extract: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    if is_result(Path::new(&arguments.model)) {
        return of_result(arguments, terminal);
    }
    if arguments.extract.is_some() {
        let failure = Failure::new(format!("`{}` is no result", arguments.model));
        return Err(failure.hint("`--extract` writes the experiment of a result such as `run.npz`"));
    }
    let entry = find(&arguments.folders.zoo()?, &arguments.model)?;
    let info: &ModelInfo = &entry.info;
    if arguments.json {
        return terminal.line(serde_json::to_string_pretty(info).map_err(Failure::new)?);
    }
    if arguments.yaml {
        return terminal.line(info.yaml.trim_end());
    }
    if arguments.latex {
        return info.equations.iter().try_for_each(|equation| terminal.line(equation.latex.clone()));
    }
    let category = info.category.map_or(String::new(), |category| format!(", {category}"));
    let paint = terminal.paint;
    terminal.line(format!("{}  {}{}", paint.title(&info.name), info.title, paint.faint(&category)))?;
    terminal.line("")?;
    wrap(&info.description, terminal.width).iter().try_for_each(|line| terminal.line(line))?;
    equations(info, terminal)?;
    tables(info, terminal)?;
    defaults(info, terminal)?;
    if !info.references.is_empty() {
        heading("References", terminal)?;
        info.references.iter().try_for_each(|reference| item(&cited(reference), terminal))?;
    }
    if !info.differences.is_empty() {
        heading("Differences from Python brainmass", terminal)?;
        info.differences.iter().try_for_each(|text| item(text, terminal))?;
    }
    terminal.line("")?;
    let file = format!("version {}, hash {:016x}", info.version, info.hash);
    terminal.line(paint.faint(&file))
}

/// Shows a result.
fn of_result(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let form = match arguments {
        Arguments { latex: true, .. } => {
            return Err(Failure::new("a result has no equations").hint("name a model"));
        }
        Arguments { extract: Some(folder), .. } => Form::Extract(folder),
        Arguments { json: true, .. } => Form::Json,
        Arguments { yaml: true, .. } => Form::Experiment,
        _ => Form::Tables,
    };
    show_result::run(Path::new(&arguments.model), &form, terminal)
}

fn heading(text: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    terminal.line("")?;
    terminal.line(terminal.paint.heading(text))
}

fn item(text: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    for (index, line) in wrap(text, terminal.width.saturating_sub(4)).iter().enumerate() {
        terminal.line(format!("  {} {line}", if index == 0 { "-" } else { " " }))?;
    }
    Ok(())
}

/// The equations, the left sides flush right, long ones broken before an operator.
fn equations(info: &ModelInfo, terminal: &mut Terminal) -> Result<(), Failure> {
    let shown: Vec<(String, &Equation)> =
        info.equations.iter().map(|equation| (left(equation), equation)).collect();
    let Some(width) = shown.iter().map(|(left, _)| left.chars().count()).max() else { return Ok(()) };
    heading("Equations", terminal)?;
    let mut last = None;
    for (left, equation) in shown {
        // Definitions and what they define stand apart.
        if last.is_some_and(|role| role != equation.role) {
            terminal.line("")?;
        }
        last = Some(equation.role);
        let text = right(equation);
        let room = terminal.width.saturating_sub(width + 5);
        for (index, line) in broken(text, room).iter().enumerate() {
            let (left, sign) = if index == 0 { (left.as_str(), "=") } else { ("", " ") };
            let pad = " ".repeat(width - left.chars().count());
            let left = terminal.paint.name(left);
            terminal.line(format!("  {pad}{left} {sign} {line}").trim_end())?;
        }
    }
    Ok(())
}

fn left(equation: &Equation) -> String {
    match equation.role {
        Role::Derivative => format!("d{}/dt", equation.name),
        Role::Function => match equation.text.split_once(" = ") {
            Some((head, _)) => head.to_owned(),
            None => equation.name.to_string(),
        },
        _ => equation.name.to_string(),
    }
}

fn right(equation: &Equation) -> &str {
    match equation.text.split_once(" = ") {
        Some((_, text)) => text,
        None => &equation.text,
    }
}

/// Breaks a formula into lines of at most `width` characters: before ` + ` and ` - ` and behind commas, outside of brackets where that can be. Where
/// no such place comes early enough, the line is longer.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while rest.chars().count() > width {
        let mut depth = 0_i32;
        let mut at = None;
        for (index, (byte, letter)) in rest.char_indices().enumerate() {
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                ' ' if index > 0 => {
                    let is_sum = ["+ ", "- "].iter().any(|sign| rest[byte + 1..].starts_with(sign));
                    let is_argument = rest[..byte].ends_with(',');
                    if (!is_sum && !is_argument) || (index > width && at.is_some()) {
                        continue;
                    }
                    // The outermost place, a sum before a comma, and of several the last.
                    let rank = 2 * depth + i32::from(is_argument);
                    if at.is_none_or(|(best, _)| rank <= best) {
                        at = Some((rank, byte));
                    }
                }
                _ => {}
            }
        }
        let Some((_, byte)) = at else { break };
        lines.push(rest[..byte].to_owned());
        rest = rest[byte..].trim_start();
    }
    lines.push(rest.to_owned());
    lines
}

fn tables(info: &ModelInfo, terminal: &mut Terminal) -> Result<(), Failure> {
    let unit = |unit: &str| if unit == "1" { String::new() } else { unit.to_owned() };
    let mut states = Table::new(["state", "at start", "bounds", "meaning"]);
    for state in &info.states {
        let bounds = match state.wrap {
            Some(_) => format!("wraps, {}", limits(state.wrap)),
            None => limits(state.bounds),
        };
        let start = quantity(state.init, &state.unit);
        states.row([state.name.to_string(), start, bounds, state.meaning()]);
    }
    let mut parameters = Table::new(["parameter", "default", "range", "meaning"]);
    for parameter in &info.parameters {
        let (default, range) = (quantity(parameter.default, &parameter.unit), limits(parameter.range));
        parameters.row([parameter.name.to_string(), default, range, parameter.doc.to_string()]);
    }
    let mut looked_up = Table::new(["table", "unit", "looked up by", "meaning"]);
    for table in &*info.tables {
        let axis = |axis: &AxisInfo| {
            let unit = if axis.unit == "1" { String::new() } else { format!(" {}", axis.unit) };
            format!("{} ({} … {}{unit})", axis.name, axis.from, axis.to)
        };
        let axes: Vec<String> = table.axes.iter().map(axis).collect();
        looked_up.row([table.name.to_string(), unit(&table.unit), axes.join(", "), table.doc.to_string()]);
    }
    let mut inputs = Table::new(["input", "unit", "meaning"]);
    for input in &info.inputs {
        inputs.row([input.name.to_string(), unit(&input.unit), input.meaning()]);
    }
    let mut observables = Table::new(["observable", "unit", "meaning"]);
    for observable in &info.observables {
        observables.row([observable.name.to_string(), unit(&observable.unit), observable.doc.to_string()]);
    }
    let mut presets = Table::new(["preset", "values", "meaning"]);
    for preset in &info.presets {
        let value = |&(index, value): &(usize, f64)| {
            let parameter = &info.parameters[index];
            format!("{} = {}", parameter.name, quantity(value, &parameter.unit))
        };
        let cite = preset.cite.as_ref().map_or(String::new(), |cite| format!(" ({cite})"));
        let values = preset.values.iter().map(value).collect::<Vec<_>>().join(", ");
        presets.row([preset.name.to_string(), String::new(), format!("{}{cite}: {values}", preset.doc)]);
    }
    let all = [
        ("States", states),
        ("Parameters", parameters),
        ("Inputs", inputs),
        ("Tables", looked_up),
        ("Observables", observables),
        ("Presets", presets),
    ];
    for (name, table) in all {
        let lines = table.lines(terminal.width, terminal.paint);
        if !lines.is_empty() {
            heading(name, terminal)?;
            lines.iter().try_for_each(|line| terminal.line(line))?;
        }
    }
    Ok(())
}

/// Prints what is taken where nothing is said.
fn defaults(info: &ModelInfo, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut table = Table::new(["default", "value"]);
    let mut add = |what: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row([what.to_owned(), value]);
        }
    };
    add("recorded", info.output.map(|signal| info.signal_name(signal).to_string()));
    for couple in info.couples.iter() {
        let (from, to) = (info.signal_name(couple.from), &info.inputs[couple.to].name);
        let rule = couple.rule.as_ref().map_or(String::new(), |rule| format!(" by {rule}"));
        add("coupled", Some(format!("{from} of others feeds {to}{rule}")));
    }
    if info.states.is_empty() {
        return Ok(());
    }
    add("scheme", Some(format!("{}, in steps of {}", info.scheme.name(), quantity(info.dt, "ms"))));
    add("variant of", info.extends.as_ref().map(String::from));
    heading("Unless you say otherwise", terminal)?;
    // The head of a table of two columns says no more than its rows.
    table.lines(terminal.width, terminal.paint).iter().skip(1).try_for_each(|line| terminal.line(line))
}

fn cited(reference: &Reference) -> String {
    let address = match (&reference.doi, &reference.url) {
        (Some(doi), _) => format!(", https://doi.org/{doi}"),
        (None, Some(url)) => format!(", {url}"),
        (None, None) => String::new(),
    };
    let note = reference.note.as_ref().map_or(String::new(), |note| format!(": {note}"));
    format!("{}{address}{note}", reference.cite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_broken_at_the_outermost_sum() {
        assert_eq!(broken("a*(b + c) - d*(e + f)", 15), ["a*(b + c)", "- d*(e + f)"]);
        assert_eq!(broken("f(a + b + c)", 8), ["f(a + b", "+ c)"]);
        assert_eq!(broken("averylongname", 5), ["averylongname"]);
    }
}
