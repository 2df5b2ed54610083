//! The command `brainmass bifurcation`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use brainmass::Zoo;
use brainmass::continuation::{
    CycleEnd, DelayedNode, Diagram, Equilibria, Plane, Quantity, Range, Setting, Signal, SpecialKind,
};
use brainmass::dynamics::Complex64;
use brainmass::io::write_file;
use brainmass::quantity;
use brainmass::viz::{Figure, bifurcation_diagram};
use brainmass_spec::model::Model;
use clap::Args;

use crate::bifurcation_plane;
use crate::failure::Failure;
use crate::figure::Page;
use crate::flags::is_file_name;
use crate::models::{self, Folders};
use crate::outputs::{self, Writer};
use crate::table::Table;
use crate::terminal::Terminal;

/// Follow equilibria and cycles of a model over a parameter.
#[derive(Args)]
#[command(after_help = "\
Equilibria are followed through folds and branch points, limit cycles from Hopf points on. The table lists the
special points: LP fold, HB Hopf, BP branch point; of cycles LPC fold, PD period doubling, NS torus, BPC branch
point, HOM homoclinic orbit, SNIC saddle-node on an invariant circle. Lines of stable states are solid in the
figure, those of unstable ones dashed.

Examples:
  brainmass bifurcation JansenRitStep --over E_inp=-100..400Hz --plot jansen_rit.png
  brainmass bifurcation WilsonCowanStep --over rE_inp=-1..5 --preset limit_cycle_1972 --out branches.csv
  brainmass bifurcation JansenRitStep --over E_inp=0..400Hz --and C=60..270 --plot chart.png
  brainmass bifurcation my_model.yaml --over gain=0..10 --set tau=5ms --of x
  brainmass bifurcation MontbrioPazoRoxinStep --over eta=-10..2 --set delta=1000Hz --equilibria --json")]
pub struct Arguments {
    /// A model or a model file.
    #[arg(value_name = "MODEL|FILE")]
    subject: String,
    #[command(flatten)]
    folders: Folders,
    /// The parameter or input that varies, and the range: name=from..to, with a unit.
    #[arg(long, value_name = "NAME=RANGE")]
    over: String,
    /// A second parameter or input and its range: follows folds and Hopf points while both vary.
    #[arg(long, value_name = "NAME=RANGE", conflicts_with = "json")]
    and: Option<String>,
    /// Values of other parameters, with units.
    #[arg(long, value_name = "NAME=VALUE", num_args = 1..)]
    set: Vec<String>,
    /// Constants that drive input ports, with units.
    #[arg(long, value_name = "NAME=VALUE", num_args = 1..)]
    input: Vec<String>,
    /// A named set of parameters of the model.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// The state or observable that is drawn and listed [default: the output of the model].
    #[arg(long, value_name = "NAME")]
    of: Option<String>,
    /// Follows equilibria alone.
    #[arg(long)]
    equilibria: bool,
    /// The longest step along a branch, as a share of the range.
    #[arg(long, value_name = "SHARE", default_value_t = 0.02, value_parser = share)]
    step: f64,
    /// Writes the diagram as a figure: .png, .svg or .pdf.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    page: Page,
    /// Writes all points of all branches as a table: .csv.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Prints the special points as JSON.
    #[arg(long)]
    json: bool,
}

/// Reads a share of a range.
fn share(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number such as 0.02".to_owned())?;
    if value > 0.0 && value <= 0.2 {
        Ok(value)
    } else {
        Err("expected a number above 0, at most 0.2".to_owned())
    }
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let model = model(&arguments.folders.zoo()?, &arguments.subject)?;
    let (over, range) = named_range(&model, "--over", &arguments.over)?;
    let range = Range { longest_step: arguments.step, ..range };
    let setting = setting(&model, arguments)?;
    let files: Vec<&PathBuf> = arguments.plot.iter().chain(&arguments.out).collect();
    outputs::check(&[], &files)?;
    if let Some(and) = &arguments.and {
        let second = named_range(&model, "--and", and)?;
        return chart(arguments, &model, &setting, ((over, range), second), terminal);
    }
    if !model.delays.is_empty() {
        return delayed(arguments, &model, &setting, (&over, range), terminal);
    }
    let compute = if arguments.equilibria { Diagram::of_equilibria } else { Diagram::new };
    let diagram = compute(&model, &setting, &over, range).map_err(Failure::new)?;
    let signal = diagram.signal(&model, arguments.of.as_deref()).map_err(Failure::new)?;
    report(&diagram, &signal, arguments, terminal)?;
    let mut writer = Writer::default();
    if let Some(path) = &arguments.plot {
        writer.write(path, |path| {
            figure(&model, &diagram, &signal, arguments).save(path).map_err(Failure::new)
        });
    }
    if let Some(path) = &arguments.out {
        writer.write(path, |path| write_file(path, table(&diagram).as_bytes()).map_err(Failure::new));
    }
    writer.finish()
}

/// Reads a name and a range.
fn named_range(model: &Model, flag: &str, text: &str) -> Result<(String, Range), Failure> {
    let Some((name, range)) = text.split_once('=') else {
        let failure = Failure::new(format!("`{flag}` needs a name and a range"));
        return Err(failure.hint("write for example `E_inp=0..400Hz`"));
    };
    Ok((name.trim().to_owned(), range_of(model, name.trim(), range)?))
}

/// Follows folds and Hopf points while two values vary.
fn chart(
    arguments: &Arguments,
    model: &Model,
    setting: &Setting,
    (first, second): ((String, Range), (String, Range)),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let units = [unit_of(model, &first.0)?.1, unit_of(model, &second.0)?.1];
    let plane =
        Plane::new(model, setting, (&first.0, first.1), (&second.0, second.1)).map_err(Failure::new)?;
    bifurcation_plane::report(&plane, units, &arguments.subject, terminal)?;
    let mut writer = Writer::default();
    if let Some(path) = &arguments.plot {
        let title = if model.title.is_empty() { &model.name } else { &model.title };
        let figure = bifurcation_plane::figure(&plane, units, title);
        let figure = arguments.page.shape(figure, (760.0, 460.0));
        writer.write(path, |path| figure.save(path).map_err(Failure::new));
    }
    if let Some(path) = &arguments.out {
        let text = bifurcation_plane::table(&plane);
        writer.write(path, |path| write_file(path, text.as_bytes()).map_err(Failure::new));
    }
    writer.finish()
}

/// Lists folds, branch points and Hopf points of a model that reads its own states with delays; cycles and figures are not made of such models.
fn delayed(
    arguments: &Arguments,
    model: &Model,
    setting: &Setting,
    (over, range): (&str, Range),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if arguments.plot.is_some() || arguments.out.is_some() || arguments.json {
        let failure = Failure::new(format!("`{}` reads its own states with delays", model.name));
        return Err(failure
            .hint("its special points are printed; --plot, --out and --json are for models without delays"));
    }
    let node = DelayedNode::new(model, setting, over).map_err(Failure::new)?;
    let equilibria = Equilibria::search(node.equations(), range);
    let mut table = Table::new(["", "point", "at", "about"]);
    let mut rows: Vec<(f64, [String; 4])> = Vec::new();
    // Folds and branch points are the same with delays and without.
    for special in equilibria.special().into_iter().filter(|special| special.kind != SpecialKind::Hopf) {
        let value = special.point.value;
        let about = String::new();
        rows.push((
            value,
            [special.kind.letters().to_owned(), special.kind.name().to_owned(), format!("{value:.7}"), about],
        ));
    }
    for hopf in node.hopf_points(&equilibria) {
        let value = hopf.point.value;
        let about = format!(
            "frequency {:.6} rad/ms, period {:.6} ms",
            hopf.frequency,
            std::f64::consts::TAU / hopf.frequency
        );
        rows.push((value, ["HB".to_owned(), "Hopf".to_owned(), format!("{value:.7}"), about]));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    terminal.line(format!(
        "{} over {over}, with its delays: {} of equilibria.",
        arguments.subject,
        counted(equilibria.branches.len())
    ))?;
    rows.into_iter().for_each(|(_, row)| table.row(row));
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))
}

/// Finds the equations of a model by its name, or reads its file.
fn model(zoo: &Zoo, subject: &str) -> Result<Model, Failure> {
    if !is_file_name(subject) && !Path::new(subject).is_file() {
        // For the message with what may have been meant.
        models::find(zoo, subject)?;
    }
    Ok(zoo.checked(subject)?)
}

/// The declared unit of a parameter or an input.
fn unit_of<'a>(model: &'a Model, name: &str) -> Result<(Quantity, &'a str), Failure> {
    let quantity = Quantity::find(model, name).map_err(Failure::new)?;
    let unit = match quantity {
        Quantity::Parameter(index) => &model.parameters[index].unit.text,
        Quantity::Input(index) => &model.inputs[index].unit.text,
    };
    Ok((quantity, unit))
}

/// Reads a number with a unit and converts it to the declared one; a plain number is in it.
fn value_in(text: &str, unit: &str) -> Result<f64, Failure> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return Ok(number);
    }
    let given: quantity::Quantity =
        text.parse().map_err(|error: String| Failure::new(format!("`{text}` is no value: {error}")))?;
    given.in_unit(unit).filter(|value| value.is_finite()).ok_or_else(|| {
        Failure::new(format!("`{text}` has the wrong unit: {unit} is expected{}", given.advice(unit)))
    })
}

/// Reads `0..400Hz`: the unit behind the end holds for the start as well.
fn range_of(model: &Model, name: &str, text: &str) -> Result<Range, Failure> {
    let (_, unit) = unit_of(model, name)?;
    let (from, to) = text
        .split_once("..")
        .ok_or_else(|| Failure::new(format!("`{text}` is no range")).hint("write for example `0..400Hz`"))?;
    let is_plain = from.trim().parse::<f64>().is_ok();
    let own = to.trim().trim_start_matches(|c: char| c.is_ascii_digit() || "+-.eE".contains(c));
    let from =
        if is_plain { value_in(&format!("{} {own}", from.trim()), unit)? } else { value_in(from, unit)? };
    let to = value_in(to, unit)?;
    if from < to {
        Ok(Range::new(from, to))
    } else {
        Err(Failure::new(format!("the range of `{name}` is {from} to {to}; a range that rises is needed")))
    }
}

/// The values of all parameters and inputs.
fn setting(model: &Model, arguments: &Arguments) -> Result<Setting, Failure> {
    let mut setting = Setting::of(model);
    if let Some(name) = &arguments.preset {
        let Some(preset) = model.presets.iter().find(|preset| preset.name == *name) else {
            let names = model.presets.iter().map(|preset| preset.name.as_str());
            let hint = brainmass_spec::problem::suggestion(name, "presets", names);
            return Err(Failure::new(format!("there is no preset `{name}`")).hint(hint));
        };
        for (index, value) in &preset.values {
            setting.parameters[*index] = *value;
        }
    }
    for entry in arguments.set.iter().chain(&arguments.input) {
        let Some((name, value)) = entry.split_once('=') else {
            return Err(Failure::new(format!("expected name=value, found `{entry}`")));
        };
        let (quantity, unit) = unit_of(model, name.trim())?;
        setting.set(quantity, value_in(value, unit)?);
    }
    Ok(setting)
}

/// A special point as a row of the table.
struct Row {
    letters: &'static str,
    name: &'static str,
    value: f64,
    signal: String,
    about: String,
}

fn rows(diagram: &Diagram, signal: &Signal) -> Vec<Row> {
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
            name: special.kind.name(),
            value: special.point.value,
            signal: format!("{:.6}", signal.at(&special.point.states, special.point.value)),
            about: format!(
                "{about}{}eigenvalues {} /ms",
                if about.is_empty() { "" } else { ", " },
                eigenvalues.join(", ")
            ),
        });
    }
    for special in diagram.cycles.special() {
        let (low, high) = signal.extremes(&special.cycle);
        rows.push(Row {
            letters: special.kind.letters(),
            name: special.kind.name(),
            value: special.value,
            signal: format!("{low:.6} … {high:.6}"),
            about: format!("period {:.6} ms", special.cycle.period),
        });
    }
    rows.sort_by(|a, b| a.value.total_cmp(&b.value));
    rows
}

/// A complex number in few digits.
fn rounded(re: f64, im: f64) -> String {
    let part = |x: f64| if x.abs() < 1e-12 { "0".to_owned() } else { format!("{x:.4}") };
    if im.abs() < 1e-12 { part(re) } else { format!("{} ± {}i", part(re), part(im)) }
}

fn report(
    diagram: &Diagram,
    signal: &Signal,
    arguments: &Arguments,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let rows = rows(diagram, signal);
    if arguments.json {
        return terminal.line(serde_json::to_string_pretty(&json(diagram)).map_err(Failure::new)?);
    }
    let unit = if diagram.unit == "1" { String::new() } else { format!(" {}", diagram.unit) };
    terminal.line(format!(
        "{} over {} from {} to {}{unit}: {} of equilibria, {} of cycles.",
        arguments.subject,
        diagram.over,
        models::number(diagram.equilibria.range.from),
        models::number(diagram.equilibria.range.to),
        counted(diagram.equilibria.branches.len()),
        counted(diagram.cycles.branches.len()),
    ))?;
    if diagram.equilibria.branches.is_empty() {
        terminal.line("No equilibrium was found in the range.")?;
    }
    let mut table = Table::new(["", "point", "at", "signal", "about"]);
    for row in rows {
        table.row([
            row.letters.to_owned(),
            row.name.to_owned(),
            format!("{:.7}{unit}", row.value),
            row.signal,
            row.about,
        ]);
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
    let lost = diagram.cycles.branches.iter().filter(|branch| branch.end == CycleEnd::Lost);
    for last in lost.filter_map(|branch| branch.cycles.last()) {
        terminal.line(format!(
            "A branch of cycles was not followed beyond {:.6}{unit}, where its period is {:.4} ms: cycles further on are missing here.",
            last.value, last.period
        ))?;
    }
    Ok(())
}

/// The special points with all of their numbers.
fn json(diagram: &Diagram) -> serde_json::Value {
    let complex =
        |values: &[Complex64]| -> Vec<[f64; 2]> { values.iter().map(|value| [value.re, value.im]).collect() };
    let named = |values: &[f64]| -> serde_json::Map<String, serde_json::Value> {
        diagram.equations.states().iter().cloned().zip(values.iter().map(|x| (*x).into())).collect()
    };
    let equilibria = diagram.equilibria.special().into_iter().map(|special| {
        serde_json::json!({
            "kind": special.kind.letters(), "name": special.kind.name(), "value": special.point.value,
            "state": named(&special.point.states), "eigenvalues": complex(&special.point.eigenvalues),
            "frequency": special.hopf.map(|hopf| hopf.frequency), "period": special.hopf.map(|hopf| hopf.period()),
            "first_lyapunov": special.hopf.map(|hopf| hopf.first_lyapunov),
            "quadratic": special.fold.map(|fold| fold.coefficient),
            "opens_above": special.fold.map(|fold| fold.opens_above),
        })
    });
    let cycles = diagram.cycles.special().into_iter().map(|special| {
        serde_json::json!({
            "kind": special.kind.letters(), "name": special.kind.name(), "value": special.value,
            "period": special.cycle.period, "min": named(&special.cycle.min), "max": named(&special.cycle.max),
            "multipliers": complex(&special.cycle.multipliers),
        })
    });
    serde_json::json!({
        "over": diagram.over, "unit": diagram.unit,
        "equilibria": equilibria.collect::<Vec<_>>(), "cycles": cycles.collect::<Vec<_>>(),
    })
}

fn counted(branches: usize) -> String {
    if branches == 1 { "1 branch".to_owned() } else { format!("{branches} branches") }
}

fn figure(model: &Model, diagram: &Diagram, signal: &Signal, arguments: &Arguments) -> Figure {
    let title = if model.title.is_empty() { &model.name } else { &model.title };
    let figure = Figure::new().title(format!("{title} over {}", diagram.over));
    arguments.page.shape(figure.panel(bifurcation_diagram(diagram, signal)), (760.0, 460.0))
}

/// Writes all points as CSV: equilibria have one value a state, cycles a smallest and a largest one.
fn table(diagram: &Diagram) -> String {
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
