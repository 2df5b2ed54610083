//! The command `brainmass run`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use brainmass::experiment::{Checkpointing, Experiment, Reader};
use brainmass::quantity::Quantity;
use brainmass::run::StepError;
use brainmass::simulator::ResumeError;
use brainmass::{Run, RunError, Session};
use brainmass_spec::Report;
use brainmass_spec::collection::{Content, content};
use brainmass_spec::number::shown;
use brainmass_spec::problem::Problems;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};

use crate::command_line::CommandLine;
use crate::failure::{Failure, told, warn, warn_of};
use crate::figure::{self, Look};
use crate::file;
use crate::flags::{self, Given, is_file_name};
use crate::interrupt::Interrupts;
use crate::outputs::{self, Writer};
use crate::progress;
use crate::recording;
use crate::result::{self, Repeated, is_result};
use crate::summary;
use crate::terminal::Terminal;
use crate::watch::{self, Outdated};
use crate::words::{names, title};

/// The duration of the run of a model if none is given, ms.
const USUAL_DURATION: f64 = 1000.0;

const ABOUT: &str = "Run models, model files, or the experiments that files describe";

const AFTER: &str = "\
Examples:
  brainmass run HopfStep --nodes 90 --set a=0.25 \"w=0.1 rad/ms\" --init x=-1..1 \\
      --duration 300ms --transient 50ms --out run.npz --plot run.png
  brainmass run JansenRitStep --input E_inp=\"200 Hz\" --record eeg --duration 2s
  brainmass run WilsonCowanStep --noise rE=0.01 --seed 1 --every 10 --average --out run.csv
  brainmass run HopfStep --connectome synthetic_90 --coupling Diffusive --set k=0.04 speed=10
  brainmass run my_model.yaml --plot run.png --watch
  brainmass run experiment.yaml --duration 10s
  brainmass run run.npz
  brainmass run run.npz --set k=0.1 --out other.npz

A result repeats the run that it holds from itself alone, and whether the bits are the same is told; with flags it is the run that they change.
A model file runs as it is: one node for 1000 ms with the scheme and the time step of the model, unless flags say otherwise.
Each flag is a key of experiment files, and says what it says there; flags replace what a file says. Times are
written like 300ms, 2s, 1min; a plain number is in ms. A value is one for all nodes, [0.1, 0.2] with one a node,
-1..1 for random ones, @file.npz:array, or as in a file: \"{normal: [0, 1]}\". In an experiment with several groups of
nodes, names are like cortex.a.

Ctrl-C ends a run and keeps what was recorded until then.";

/// The arguments of `brainmass run`.
pub struct Arguments {
    /// Names of models, model files or experiment files.
    targets: Vec<OsString>,
    flags: Given,
    quiet: bool,
    watch: bool,
}

impl Args for Arguments {
    fn augment_args(command: Command) -> Command {
        let command = command
            .about(ABOUT)
            .after_help(AFTER)
            .arg(
                Arg::new("targets")
                    .required(true)
                    .num_args(1..)
                    .value_name("MODEL|FILE")
                    .value_parser(value_parser!(OsString))
                    .help("Models by name, model files, experiment files (.yaml, .json) or results (.npz, .csv, .json)"),
            )
            .arg(
                Arg::new("quiet")
                    .long("quiet")
                    .short('q')
                    .action(ArgAction::SetTrue)
                    .help("Prints nothing but warnings and errors"),
            )
            .arg(
                Arg::new("watch")
                    .long("watch")
                    .action(ArgAction::SetTrue)
                    .help("Runs again whenever a file that was read changes, until Ctrl-C"),
            );
        flags::add(command, &flags::RUN, &[])
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Arguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            targets: matches.get_many("targets").into_iter().flatten().cloned().collect(),
            flags: Given::of(matches, &flags::RUN, &[]),
            quiet: matches.get_flag("quiet"),
            watch: matches.get_flag("watch"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let several = arguments.targets.len();
    if several > 1 && ["output", "plot"].iter().any(|key| !arguments.flags.files(key).is_empty()) {
        let failure = Failure::new(format!("{several} runs cannot be written to one file"));
        return Err(failure.hint("say `output` and `plot` in the experiment files, or run them one by one"));
    }
    if !arguments.watch {
        let found = prepare(arguments)?;
        let interrupts = Interrupts::note().map_err(Failure::new)?;
        let stop = Stop { interrupts, outdated: Outdated::default() };
        return execute_all(found, arguments, &stop, terminal);
    }
    let interrupts = Interrupts::note().map_err(Failure::new)?;
    let targets: Vec<PathBuf> =
        arguments.targets.iter().map(PathBuf::from).filter(|target| target.is_file()).collect();
    if targets.is_empty() {
        return Err(Failure::new("`--watch` waits for a file to change, and none is given")
            .hint("write a model of yours with `brainmass new-model NAME`"));
    }
    watch::run(&targets, &interrupts, arguments.quiet, terminal, |terminal, outdated| {
        match prepare(arguments) {
            Ok(found) => {
                let files = found.iter().flat_map(|ready| ready.experiment.files.clone()).collect();
                let stop = Stop { interrupts: interrupts.clone(), outdated: outdated.clone() };
                (execute_all(found, arguments, &stop, terminal), Some(files))
            }
            Err(failure) => (Err(failure), None),
        }
    })
}

/// Reads all experiments, and makes the first ready to run. All mistakes of all files are reported before anything runs.
fn prepare(arguments: &Arguments) -> Result<Vec<Ready>, Failure> {
    let mut found: Vec<Ready> = Vec::new();
    let mut mistakes = Vec::new();
    for target in &arguments.targets {
        match experiment(target, arguments) {
            // The first is ready to run; of the others, one after the other is made when its turn comes, so that memory holds one.
            Ok((experiment, session, repeated)) => {
                let session = found.is_empty().then(|| Box::new(session));
                found.push(Ready { experiment, session, repeated });
            }
            Err(Failure::Mistakes(report)) => mistakes.extend(report.problems().to_vec()),
            Err(failure) => return Err(failure),
        }
    }
    if let Some(report) = Report::new(mistakes) {
        return Err(report.into());
    }
    let experiments = || found.iter().map(|ready| &ready.experiment);
    let inputs: Vec<PathBuf> = experiments().flat_map(|experiment| experiment.files.clone()).collect();
    let files: Vec<&PathBuf> =
        experiments().flat_map(|experiment| experiment.output.iter().chain(&experiment.plot)).collect();
    outputs::check(&inputs, &files)?;
    Ok(found)
}

/// Runs experiments one after the other, also where one of them fails.
fn execute_all(
    found: Vec<Ready>,
    arguments: &Arguments,
    stop: &Stop,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let mut failures = Vec::new();
    let all = found.len();
    for (index, Ready { experiment, session, repeated }) in found.into_iter().enumerate() {
        if index > 0 && !arguments.quiet {
            terminal.line("")?;
        }
        warn(&experiment.warnings);
        let outcome = execute(&experiment, (session, repeated), stop, arguments.quiet, terminal);
        match outcome {
            Ok(()) => {}
            Err(failure) if failure.is_closed_pipe() => return Err(failure),
            Err(failure) => failures.push(failure),
        }
        let left = all - index - 1;
        if stop.outdated.has_come() {
            break;
        }
        if let Some(signal) = stop.interrupts.caught().filter(|_| left > 0) {
            let message = format!("{}: {left} of {all} experiments were not run", signal.name());
            failures.push(Failure::Interrupted { signal, message });
            break;
        }
    }
    Failure::all(failures)
}

/// The reasons for which a run ends before its time.
#[derive(Clone)]
struct Stop {
    interrupts: Interrupts,
    outdated: Outdated,
}

/// An experiment, and its run where that is made already.
struct Ready {
    experiment: Experiment,
    session: Option<Box<Session>>,
    /// The result that is repeated without a change.
    repeated: Option<Repeated>,
}

/// Reads the experiment of a model, of a model file or of an experiment file with the flags laid over it, and starts it.
fn experiment(
    target: &OsString,
    arguments: &Arguments,
) -> Result<(Experiment, Session, Option<Repeated>), Failure> {
    if is_result(Path::new(target)) {
        return repeated(target, arguments);
    }
    let name = target.to_string_lossy();
    let is_file = is_file_name(&name) || Path::new(target).is_file();
    let root = if is_file { Some(file::tree(Path::new(target))?) } else { None };
    let mut reader = Reader::new().without_fit().without_sweep().without_continuation();
    let is_model = root.as_ref().is_none_or(|root| content(root) == Content::Model);
    let mut line = if is_model {
        let mut line = CommandLine::new("brainmass run");
        line.model(&name);
        line
    } else {
        CommandLine::new(&format!("brainmass run {name}"))
    };
    let file = match root {
        Some(root) if is_model => {
            reader = reader.text_of(target, root.span.source.text.clone());
            None
        }
        Some(root) => {
            reader = reader.file(target);
            Some(root)
        }
        None => None,
    };
    arguments.flags.write(&mut line, None);
    if is_model {
        line.usual("duration", &usual_duration(arguments.flags.text("dt")));
    }
    let mut problems = Problems::default();
    let root = line.over(file, &mut problems);
    let (experiment, session) = told(problems, reader.start(&root).map_err(Failure::from))?;
    Ok((with_files(experiment, arguments), session, None))
}

/// Makes the run of a result ready, with the flags laid over its experiment.
fn repeated(
    target: &OsString,
    arguments: &Arguments,
) -> Result<(Experiment, Session, Option<Repeated>), Failure> {
    let path = Path::new(target);
    let repeated = Repeated::open(path)?;
    if repeated.tree().entry("fit").is_some() {
        let failure = Failure::new(format!("`{}` is the result of a fit", path.display()));
        return Err(failure.hint(format!("`brainmass fit {}` repeats it", path.display())));
    }
    let reader = Reader::new().without_fit().without_sweep().without_continuation();
    if arguments.flags.are_only_files() {
        let (experiment, session) = repeated.start(reader)?;
        return Ok((with_files(experiment, arguments), session, Some(repeated)));
    }
    let mut line = CommandLine::new(&format!("brainmass run {}", path.display()));
    arguments.flags.write(&mut line, None);
    let mut problems = Problems::default();
    let root = line.over(Some(repeated.tree().clone()), &mut problems);
    let (experiment, session) = told(problems, repeated.start_changed(reader, &root))?;
    Ok((with_files(experiment, arguments), session, None))
}

/// Takes over the files that flags name.
fn with_files(mut experiment: Experiment, arguments: &Arguments) -> Experiment {
    // Names of files may be no text, which all else goes through.
    let (output, plot) = (arguments.flags.files("output"), arguments.flags.files("plot"));
    if !output.is_empty() {
        experiment.output = output;
    }
    experiment.plot = plot.into_iter().next().or(experiment.plot);
    experiment
}

fn execute(
    experiment: &Experiment,
    (session, repeated): (Option<Box<Session>>, Option<Repeated>),
    stop: &Stop,
    quiet: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if let Some(checkpoint) = &experiment.checkpoint {
        drop(session);
        return execute_resumable(experiment, checkpoint, stop, quiet, terminal);
    }
    let mut session = match session {
        Some(session) => session,
        None => Box::new(experiment.start()?),
    };
    let projections = session.projections();
    let (bar, advance) = progress::bar();
    let asked = stop.clone();
    session.listen(move |done, steps| {
        if !quiet {
            advance(done, steps);
        }
        asked.interrupts.caught().is_none() && !asked.outdated.has_come()
    });
    let outcome = experiment.finish(&mut session);
    bar.finish_and_clear();
    let (run, failure) = match outcome {
        Ok(run) => (run, None),
        Err(RunError::Diverged { mut recorded, time, model, node, state, value, before }) => {
            // What instruments cannot give of a run that is cut short is left out.
            let _ = session.end(&mut recorded);
            let message = format!(
                "the run diverged at t = {} ms: {model} node {node}, state `{state}` became {}, from {} the step before{}",
                shown(time),
                shown(value),
                shown(before),
                kept(experiment)
            );
            let failure = Failure::new(message).hint("try a smaller --dt or another --scheme, such as rk4");
            (*recorded, Some(failure))
        }
        Err(RunError::Stopped { time, mut recorded }) => {
            let _ = session.end(&mut recorded);
            let failure = match stop.interrupts.caught() {
                Some(signal) => Failure::Interrupted {
                    signal,
                    message: format!("{} at t = {time} ms{}", signal.name(), kept(experiment)),
                },
                None if stop.outdated.has_come() => {
                    Failure::new(format!("a file changed; the run was stopped at t = {time} ms"))
                }
                None => Failure::new(format!("the run was stopped at t = {time} ms{}", kept(experiment))),
            };
            (*recorded, Some(failure))
        }
        Err(error) => return Err(error.into()),
    };
    let is_whole = failure.is_none();
    if let Some(error) = run.step_error().filter(|error| is_whole && error.is_large()) {
        warn_of(&large_error(error, experiment));
    }
    let mut writer = Writer::default();
    writer.failed(failure);
    // What is out of date is not kept: another run follows.
    let is_kept = is_whole || !stop.outdated.has_come();
    for path in experiment.output.iter().filter(|_| is_kept) {
        writer.write(path, |path| run.save(path).map_err(Failure::new));
    }
    // A figure of a run that is not whole would not show that it is not.
    if let Some(path) = experiment.plot.as_ref().filter(|_| is_whole) {
        writer.write(path, |path| draw(experiment, &run, path));
    }
    if !quiet && is_whole {
        summary::print(experiment, (&run, 0), &projections, &writer.wrote, terminal)?;
    }
    if let Some(repeated) = repeated.filter(|_| is_whole) {
        match repeated.verdict(&run) {
            Ok(Some(sentence)) if !quiet => {
                terminal.line(format!("  {}  {sentence}", terminal.paint.faint("repeats")))?;
            }
            Ok(_) => {}
            Err(failure) => writer.failed(Some(failure)),
        }
    }
    writer.finish()
}

/// Runs an experiment that has checkpoints, from the last one if there are any.
fn execute_resumable(
    experiment: &Experiment,
    checkpoint: &Checkpointing,
    stop: &Stop,
    quiet: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let file = checkpoint.file.display();
    let (bar, advance) = progress::bar();
    let asked = stop.clone();
    // The first report tells from which step the run goes on.
    let first = Arc::new(OnceLock::new());
    let begun = Arc::clone(&first);
    let outcome = experiment.resume(checkpoint, move |done, steps| {
        begun.get_or_init(|| done);
        if !quiet {
            advance(done, steps);
        }
        asked.interrupts.caught().is_none() && !asked.outdated.has_come()
    });
    bar.finish_and_clear();
    let run = match outcome {
        Ok(run) => run,
        Err(ResumeError::Run(RunError::Stopped { time, .. })) => {
            let goes_on = format!("the same command goes on from the last checkpoint in {file}");
            return Err(match stop.interrupts.caught() {
                Some(signal) => Failure::Interrupted {
                    signal,
                    message: format!("{} at t = {time} ms; {goes_on}", signal.name()),
                },
                None => Failure::new(format!("the run was stopped at t = {time} ms; {goes_on}")),
            });
        }
        Err(ResumeError::Journal(error)) => {
            let message = error
                .to_string()
                .replace("the journal", "the file of checkpoints")
                .replace("another sweep", "another run");
            return Err(Failure::new(message).hint(format!("remove {file} to start over")));
        }
        Err(error) => return Err(Failure::new(error)),
    };
    let mut writer = Writer::default();
    for path in &experiment.output {
        writer.write(path, |path| run.save(path).map_err(Failure::new));
    }
    if let Some(path) = &experiment.plot {
        writer.write(path, |path| draw(experiment, &run, path));
    }
    if !quiet {
        let projections = experiment.start()?.projections();
        let first = first.get().copied().unwrap_or(0);
        summary::print(experiment, (&run, first), &projections, &writer.wrote, terminal)?;
    }
    writer.finish()?;
    // What is written needs no checkpoints any more.
    std::fs::remove_file(&checkpoint.file)
        .map_err(|error| Failure::new(format!("cannot remove {file}: {error}")))
}

/// Warns of steps that err so much that the run may show another dynamics than the equations have.
fn large_error(error: &StepError, experiment: &Experiment) -> String {
    let size = match error.relative {
        relative if relative < 10.0 => {
            format!("errs by {:.0} % of the change that it makes", 100.0 * relative)
        }
        _ => "errs by more than ten times the change that it should make".to_owned(),
    };
    format!(
        "a step of {} ms {size} (state `{}`): try a smaller --dt or another --scheme; `brainmass accuracy` compares them",
        experiment.timing.dt, error.state
    )
}

/// Returns the duration of the run of a model if none is given: as many steps as come nearest to the usual one, where their length is typed.
fn usual_duration(dt: Option<&str>) -> String {
    let plain = |text: &str| text.trim().parse::<f64>().ok();
    let with_unit = |text: &str| text.parse::<Quantity>().ok().and_then(|dt| dt.in_unit("ms"));
    let dt = dt.and_then(|text| plain(text).or_else(|| with_unit(text)));
    match dt.filter(|dt| *dt > 0.0 && *dt < USUAL_DURATION) {
        Some(dt) => format!("{} ms", dt * (USUAL_DURATION / dt).round()),
        None => format!("{USUAL_DURATION} ms"),
    }
}

/// Says where what was recorded of a run that ended early is kept.
fn kept(experiment: &Experiment) -> String {
    match &experiment.output[..] {
        [] => String::new(),
        files => format!("; what was recorded until then is in {}", names(files)),
    }
}

fn draw(experiment: &Experiment, run: &Run, path: &Path) -> Result<(), Failure> {
    let structure = result::weights(experiment);
    let (title, labels) = (Some(title(experiment)), experiment.labels.clone());
    let look = Look { title, labels, structure, ..Look::default() };
    figure::save(&recording::of(run), &look, path)
}
