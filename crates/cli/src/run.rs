//! `brainmass run`

use std::path::{Path, PathBuf};
use std::time::Duration;

use brainmass::experiment::{Experiment, tree};
use brainmass::{Run, RunError};
use brainmass_spec::problem::Problems;
use clap::Args;

use crate::command_line::CommandLine;
use crate::failure::Failure;
use crate::figure::{self, Look};
use crate::progress;
use crate::recording;
use crate::summary;
use crate::terminal::Terminal;

/// How long a model runs if nothing is said.
const USUAL_DURATION: &str = "1000 ms";

/// Run a model, or the experiments that files describe.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass run HopfStep --nodes 90 --set a=0.25 --set \"w=0.1 rad/ms\" --init x=-1..1 \\
      --duration 300ms --transient 50ms --out run.npz --plot run.png
  brainmass run JansenRitStep --input E_inp=\"200 Hz\" --record eeg --duration 2s
  brainmass run WilsonCowanStep --noise rE=0.01 --seed 1 --every 10 --average --out run.csv
  brainmass run experiment.yaml --duration 10s

Times are written like 300ms, 2s, 1min; a plain number is in ms. A value is one for all nodes, [0.1, 0.2] with
one a node, -1..1 for random ones, or @file.npz:array. Flags replace what an experiment file says; in one with
several groups of nodes, names are like cortex.a.")]
pub struct Arguments {
    /// A model's name, or experiment files (.yaml, .json)
    #[arg(required = true, value_name = "MODEL|FILE")]
    targets: Vec<String>,
    /// The number of nodes
    #[arg(long, value_name = "N")]
    nodes: Option<String>,
    /// A named parameter set of the model
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Sets a parameter
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Sets an initial state
    #[arg(long, value_name = "NAME=VALUE")]
    init: Vec<String>,
    /// Drives an input port
    #[arg(long, value_name = "NAME=VALUE")]
    input: Vec<String>,
    /// White noise on a state: its intensity, in state units per sqrt(ms)
    #[arg(long, value_name = "NAME=SIGMA")]
    noise: Vec<String>,
    /// How long to run, the transient included [default for models: 1000ms]
    #[arg(long, value_name = "TIME")]
    duration: Option<String>,
    /// Time step [default: 0.1ms]
    #[arg(long, value_name = "TIME")]
    dt: Option<String>,
    /// Time at the start that is not recorded
    #[arg(long, value_name = "TIME")]
    transient: Option<String>,
    /// Integration scheme [default: the model's own, mostly exp_euler]
    #[arg(long, value_name = "NAME")]
    scheme: Option<String>,
    /// States, observables or inputs to record, between commas; `name=signal` to rename [default: the model's output]
    #[arg(long, value_name = "NAMES")]
    record: Vec<String>,
    /// Records every so many steps
    #[arg(long, value_name = "STEPS", conflicts_with = "sample_every")]
    every: Option<String>,
    /// Records at intervals
    #[arg(long, value_name = "TIME")]
    sample_every: Option<String>,
    /// Records the mean over each stride in place of its last state
    #[arg(long)]
    average: bool,
    /// Seed of the noise [default: 0]
    #[arg(long, value_name = "N")]
    seed: Option<String>,
    /// Writes the run: .npz, .csv or .json
    #[arg(long, value_name = "FILE")]
    out: Vec<String>,
    /// Draws the run: .png or .svg
    #[arg(long, value_name = "FILE")]
    plot: Option<String>,
    /// Prints nothing
    #[arg(long, short)]
    quiet: bool,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    if arguments.targets.len() > 1 && (!arguments.out.is_empty() || arguments.plot.is_some()) {
        let failure = Failure::new(format!("{} runs cannot be written to one file", arguments.targets.len()));
        return Err(failure.hint("say `output` and `plot` in the experiment files, or run them one by one"));
    }
    // All mistakes of all files come before the first run starts.
    let mut found = Vec::new();
    let mut mistakes = Vec::new();
    for target in &arguments.targets {
        match experiment(target, arguments) {
            Ok(experiment) => found.push(experiment),
            Err(Failure::Mistakes(report)) => mistakes.extend(report.problems().to_vec()),
            Err(failure) => return Err(failure),
        }
    }
    if let Some(report) = brainmass_spec::Report::new(mistakes) {
        return Err(report.into());
    }
    found.iter().try_for_each(can_be_written)?;
    for (index, experiment) in found.iter().enumerate() {
        if index > 0 && !arguments.quiet {
            terminal.line("")?;
        }
        execute(experiment, arguments.quiet, terminal)?;
    }
    Ok(())
}

/// The experiment of a model or a file, with the flags laid over it.
fn experiment(target: &str, arguments: &Arguments) -> Result<Experiment, Failure> {
    let ending = Path::new(target).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_file = matches!(ending, "yaml" | "yml" | "json") || Path::new(target).is_file();
    let mut line = CommandLine::new("brainmass run");
    let file = if is_file {
        line = CommandLine::new(&format!("brainmass run {target}"));
        Some(tree(target)?)
    } else {
        line.model(target);
        None
    };
    line.value("nodes", "--nodes", arguments.nodes.as_deref());
    line.value("preset", "--preset", arguments.preset.as_deref());
    line.entries("parameters", "--set", &arguments.set);
    line.entries("initial", "--init", &arguments.init);
    line.entries("inputs", "--input", &arguments.input);
    line.entries("noise", "--noise", &arguments.noise);
    let usual = (!is_file).then_some(USUAL_DURATION);
    line.value("duration", "--duration", arguments.duration.as_deref().or(usual));
    line.value("dt", "--dt", arguments.dt.as_deref());
    line.value("transient", "--transient", arguments.transient.as_deref());
    line.value("integrator", "--scheme", arguments.scheme.as_deref());
    line.names("record", "--record", &arguments.record);
    line.value("every", "--every", arguments.every.as_deref());
    line.value("sample_every", "--sample-every", arguments.sample_every.as_deref());
    line.truth("average", "--average", arguments.average);
    line.value("seed", "--seed", arguments.seed.as_deref());
    line.files("output", "--out", &arguments.out);
    line.value("plot", "--plot", arguments.plot.as_deref());
    let mut problems = Problems::default();
    let root = line.over(file, &mut problems);
    let experiment = Experiment::of(&root);
    match (problems.finish(()), experiment) {
        (Ok(()), experiment) => Ok(experiment?),
        (Err(report), Ok(_)) => Err(report.into()),
        (Err(flags), Err(rest)) => {
            let all = [flags.problems(), rest.problems()].concat();
            Err(brainmass_spec::Report::new(all).unwrap_or(rest).into())
        }
    }
}

/// Finds a folder that is missing before the run and not after it.
fn can_be_written(experiment: &Experiment) -> Result<(), Failure> {
    folders_exist(experiment.output.iter().chain(&experiment.plot))
}

/// Finds a folder that is missing.
pub fn folders_exist<'p>(files: impl Iterator<Item = &'p PathBuf>) -> Result<(), Failure> {
    for path in files {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let failure = Failure::new(format!(
                "cannot write `{}`: there is no folder `{}`",
                path.display(),
                folder.display()
            ));
            return Err(failure.hint(format!("make it with `mkdir -p {}`", folder.display())));
        }
    }
    Ok(())
}

fn execute(experiment: &Experiment, quiet: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let simulator = experiment.simulator();
    let projections = simulator.start()?.projections();
    let outcome = if quiet {
        simulator.run(experiment.timing.duration)
    } else {
        let (bar, listener) = progress::bar();
        let outcome = simulator.progress(listener).run(experiment.timing.duration);
        bar.finish_and_clear();
        outcome
    };
    let run = match outcome {
        Ok(run) => run,
        Err(RunError::Diverged { recorded, time, model, node, state, value, before }) => {
            save(&recorded, &experiment.output)?;
            let kept = match &experiment.output[..] {
                [] => String::new(),
                files => format!("; what was recorded until then is in {}", names(files)),
            };
            let message = format!(
                "the run diverged at t = {time} ms: {model} node {node}, state `{state}` became {value}, from {before} the step before{kept}"
            );
            return Err(Failure::new(message).hint("try a smaller --dt or another --scheme, such as rk4"));
        }
        Err(error) => return Err(error.into()),
    };
    save(&run, &experiment.output)?;
    if let Some(path) = &experiment.plot {
        let look =
            Look { title: Some(title(experiment)), labels: experiment.labels.clone(), ..Look::default() };
        figure::save(&recording::of(&run), &look, path)?;
    }
    if !quiet {
        let wrote: Vec<PathBuf> = experiment.output.iter().chain(&experiment.plot).cloned().collect();
        summary::print(experiment, &run, &projections, &wrote, terminal)?;
    }
    Ok(())
}

/// What the experiment is called; the titles of its models if it is not.
pub fn title(experiment: &Experiment) -> String {
    let titles = || experiment.network.named_groups().map(|(_, model)| model.population().info().title);
    experiment.title.clone().unwrap_or_else(|| titles().collect::<Vec<_>>().join(" and "))
}

fn save(run: &Run, files: &[PathBuf]) -> Result<(), Failure> {
    files.iter().try_for_each(|path| run.save(path)).map_err(Failure::new)
}

/// File names between commas.
pub fn names(files: &[PathBuf]) -> String {
    files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// A duration by the clock, in the unit that suits it.
pub fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    match seconds {
        s if s >= 100.0 => format!("{s:.0} s"),
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.0} µs", s * 1e6),
    }
}
