//! The command `brainmass accuracy`.

use std::path::Path;

use brainmass::experiment::Reader;
use brainmass::simulator::{Accuracy, AccuracyRow};
use brainmass::{Scheme, Simulator};
use brainmass_spec::collection::{Content, content};
use brainmass_spec::problem::Problems;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use crate::command_line::CommandLine;
use crate::failure::{Failure, told, warn};
use crate::file;
use crate::flags::{self, Given, is_file_name};
use crate::models::{Folders, find};
use crate::table::Table;
use crate::terminal::Terminal;

/// Compare integration schemes and time steps with a fine reference.
#[derive(Args)]
#[command(after_help = "\
The reference is rk4 at a sixteenth of the time step. Mean, amplitude and frequency of what is recorded are
compared over the second half of the run, without noise.

Examples:
  brainmass accuracy WilsonCowanStep
  brainmass accuracy my_model.yaml
  brainmass accuracy experiment.yaml --tolerance 0.1%
  brainmass accuracy WilsonCowanStep --set wEE=20 --input rE_inp=1.5
  brainmass accuracy JansenRitStep --scheme heun rk4 --dt 0.5 1 2")]
pub struct Arguments {
    /// A model or a model file, at its defaults, or an experiment file.
    #[arg(value_name = "MODEL|FILE")]
    subject: String,
    #[command(flatten)]
    folders: Folders,
    /// Schemes to compare [default: euler exp_euler heun rk4].
    #[arg(long, value_name = "NAME", num_args = 1..)]
    scheme: Vec<Scheme>,
    /// Time steps to compare, ms [default: 4, 2, 1, 1/2 and 1/4 times the step of the model or experiment].
    #[arg(long, value_name = "MS", num_args = 1..)]
    dt: Vec<f64>,
    /// Duration of each run, ms [default: that of the experiment; 2000 for a model].
    #[arg(long, value_name = "MS")]
    duration: Option<f64>,
    /// Largest deviation that is tolerated.
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = share)]
    tolerance: f64,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

/// The duration of the runs of a model if none is given.
const USUAL_DURATION: &str = "2000 ms";

/// The flags that stand for keys of experiments, but for those that this command gives another meaning.
struct Flags(Given);

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        flags::add(command, &flags::RUN, &flags::NOT_OF_ACCURACY)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self(Given::of(matches, &flags::RUN, &flags::NOT_OF_ACCURACY)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reads `1%` or `0.01`.
fn share(text: &str) -> Result<f64, String> {
    let (number, factor) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 0.01));
    let value: f64 = number.trim().parse().map_err(|_| "expected a share such as 1% or 0.01".to_owned())?;
    if value > 0.0 && value.is_finite() {
        Ok(value * factor)
    } else {
        Err("expected a share above 0".to_owned())
    }
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let (simulator, own, duration) = subject(arguments)?;
    let schemes = match arguments.scheme[..] {
        [] => vec![Scheme::Euler, Scheme::ExpEuler, Scheme::Heun, Scheme::Rk4],
        _ => arguments.scheme.clone(),
    };
    let steps = match arguments.dt[..] {
        [] => [4.0, 2.0, 1.0, 0.5, 0.25].map(|factor| factor * own).to_vec(),
        _ => arguments.dt.clone(),
    };
    let choices: Vec<(Scheme, f64)> =
        schemes.iter().flat_map(|&scheme| steps.iter().map(move |&dt| (scheme, dt))).collect();
    let accuracy = simulator.accuracy(duration, &choices).map_err(Failure::new)?;
    let cheapest = accuracy.cheapest(arguments.tolerance);
    if arguments.json {
        return terminal.line(json(&accuracy, cheapest));
    }
    terminal.line(format!(
        "Compared with rk4 at {} ms over the second half of {duration} ms.",
        accuracy.reference_dt
    ))?;
    let mut table = Table::new(["scheme", "dt (ms)", "mean", "amplitude", "frequency", "time (ms)", ""]);
    for (index, row) in accuracy.rows.iter().enumerate() {
        table.row(cells(row, arguments.tolerance, cheapest == Some(index)));
    }
    for line in table.lines(terminal.width, terminal.paint) {
        terminal.line(line)?;
    }
    let tolerance = percent(arguments.tolerance);
    match cheapest {
        Some(index) => {
            let AccuracyRow { scheme, dt, .. } = &accuracy.rows[index];
            terminal.line(format!("Within {tolerance}, the cheapest is {scheme} at {dt} ms."))
        }
        None => terminal.line(format!(
            "None of them is within {tolerance}. Try smaller steps with --dt; where these come no closer, the run is chaotic or too short \
             to be compared: try a longer --duration."
        )),
    }
}

/// The simulation to be compared, its own time step and the duration, both in ms. Flags are laid over the experiment, or make one of the model.
fn subject(arguments: &Arguments) -> Result<(Simulator, f64, f64), Failure> {
    let zoo = arguments.folders.zoo()?;
    let name = &arguments.subject;
    let is_file = is_file_name(name) || (zoo.find(name).is_none() && Path::new(name).is_file());
    let root = if is_file { Some(file::tree(Path::new(name))?) } else { None };
    let mut reader = Reader::new().zoo(&zoo).without_fit().without_continuation();
    let mut line = CommandLine::new("brainmass accuracy");
    let file = match root {
        Some(root) if content(&root) != Content::Model => {
            line = CommandLine::new(&format!("brainmass accuracy {name}"));
            reader = reader.file(name);
            Some(root)
        }
        root => {
            if root.is_none() {
                find(&zoo, name)?;
            }
            if let Some(root) = root {
                reader = reader.text_of(name, root.span.source.text.clone());
            }
            line.model(name);
            None
        }
    };
    let is_model = file.is_none();
    arguments.flags.0.write(&mut line, None);
    if is_model {
        line.usual("duration", USUAL_DURATION);
    }
    let mut problems = Problems::default();
    let root = line.over(file, &mut problems);
    let experiment = told(problems, reader.of(&root).map_err(Failure::from))?;
    warn(&experiment.warnings);
    let duration = arguments.duration.unwrap_or(experiment.timing.duration);
    Ok((experiment.simulator(), experiment.timing.dt, duration))
}

fn cells(row: &AccuracyRow, tolerance: f64, is_cheapest: bool) -> [String; 7] {
    let (scheme, dt) = (row.scheme.to_string(), row.dt.to_string());
    let time = format!("{:.2}", row.elapsed.as_secs_f64() * 1e3);
    match &row.outcome {
        Ok(deviations) => {
            let verdict = match deviations.largest() <= tolerance {
                true if is_cheapest => "cheapest",
                true => "ok",
                false => "",
            };
            let [mean, amplitude] = [deviations.mean, deviations.amplitude].map(percent);
            let frequency = deviations.frequency.map_or_else(|| "no cycle".to_owned(), percent);
            [scheme, dt, mean, amplitude, frequency, time, verdict.to_owned()]
        }
        Err(reason) => {
            let none = String::new;
            [scheme, dt, none(), none(), none(), none(), reason.lines().next().unwrap_or_default().to_owned()]
        }
    }
}

fn percent(share: f64) -> String {
    match share {
        share if share.is_infinite() => "other".to_owned(),
        share if share >= 0.1 => format!("{:.0} %", 100.0 * share),
        share if share >= 1e-5 => format!("{} %", (share * 1e5).round() / 1e3),
        _ => "0 %".to_owned(),
    }
}

fn json(accuracy: &Accuracy, cheapest: Option<usize>) -> String {
    let rows: Vec<serde_json::Value> = accuracy
        .rows
        .iter()
        .map(|row| {
            let mut value = serde_json::json!({
                "scheme": row.scheme.name(), "dt": row.dt, "seconds": row.elapsed.as_secs_f64(),
            });
            match &row.outcome {
                Ok(deviations) => {
                    value["mean"] = deviations.mean.into();
                    value["amplitude"] = deviations.amplitude.into();
                    value["frequency"] = deviations.frequency.into();
                }
                Err(reason) => value["error"] = reason.clone().into(),
            }
            value
        })
        .collect();
    let value =
        serde_json::json!({"reference_dt": accuracy.reference_dt, "rows": rows, "cheapest": cheapest});
    format!("{value:#}")
}
