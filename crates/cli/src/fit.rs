//! The command `brainmass fit`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use brainmass::Experiment;
use brainmass::experiment::{FitPlan, Reader};
use brainmass::fit::{Fit, MAX_THREADS};
use brainmass::io::recording::write_table;
use brainmass::io::{ending, write_file};
use brainmass::viz::{Figure, fit_history};
use brainmass_spec::collection::{Content, content};
use brainmass_spec::problem::Problems;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::command_line::CommandLine;
use crate::failure::{Failure, told, warn, warn_of};
use crate::figure;
use crate::file;
use crate::flags::{self, Given};
use crate::interrupt::Interrupts;
use crate::outputs::{self, Writer};
use crate::result::{Repeated, is_result};
use crate::summary::digits;
use crate::terminal::Terminal;
use crate::text::visible;
use crate::words::{clock, names, title};

/// Fit parameters as the `fit` section of an experiment file says.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass fit experiment.yaml
  brainmass fit experiment.yaml --method cma_es --iterations 500 --checkpoint fit.part.json
  brainmass fit experiment.yaml --resume fit.part.json
  brainmass fit experiment.yaml --bounds a=0..0.5 k=0..2 --target @data.npz:fc --objective fc_corr
  brainmass fit experiment.yaml --set speed=5 --duration 60s
  brainmass fit fit.json

Flags replace what the file says. The result of a fit (.json) repeats it from itself alone. Ctrl-C ends the search and keeps what was found until then.")]
pub struct Arguments {
    /// An experiment file (.yaml, .json), or the result of a fit (.json).
    file: PathBuf,
    #[command(flatten)]
    flags: Flags,
    /// The number of threads that compute candidates [default: as many as the machine has].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Writes what was found to a file after each tenth iteration.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Goes on from such a file.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Prints nothing but warnings and errors.
    #[arg(long, short)]
    quiet: bool,
}

/// The flags that stand for keys of the section, and those for keys of the experiment.
struct Flags {
    fit: Given,
    experiment: Given,
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        flags::add(flags::add(command, &flags::FIT, &[]), &flags::RUN, &flags::NOT_OF_FIT)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            fit: Given::of(matches, &flags::FIT, &[]),
            experiment: Given::of(matches, &flags::RUN, &flags::NOT_OF_FIT),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Iterations from checkpoint to checkpoint.
const CHECKPOINT: usize = 10;

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    if let Some(threads) = arguments.threads.filter(|threads| !(1..=MAX_THREADS).contains(threads)) {
        let failure = Failure::new(format!("{threads} threads cannot be started"));
        return Err(failure.hint(format!("`--threads` is a whole number from 1 to {MAX_THREADS}")));
    }
    let (experiment, plan) = planned(arguments)?;
    warn(&experiment.warnings);
    let files: Vec<&PathBuf> = plan.output.iter().chain(&plan.plot).chain(&arguments.checkpoint).collect();
    // A checkpoint may be that which the fit goes on from.
    let resumed = arguments.resume.iter().filter(|path| Some(*path) != arguments.checkpoint.as_ref());
    let inputs: Vec<PathBuf> = experiment.files.iter().chain(resumed).cloned().collect();
    outputs::check(&inputs, &files)?;

    let interrupts = Interrupts::note().map_err(Failure::new)?;
    let began = Instant::now();
    let mut fit = search(arguments, &plan, &experiment, &interrupts)?;
    fit.made_from(provenance(&plan, &experiment)?);
    fit.warnings.iter().for_each(|warning| warn_of(warning));
    let mut writer = Writer::default();
    save(&fit, &plan, &experiment, &mut writer);
    if !arguments.quiet {
        print(&fit, &plan, &experiment, (began, &writer.wrote), terminal)?;
    }
    writer.failed(interrupts.caught().map(|signal| {
        let kept = match &writer.wrote[..] {
            [] => String::new(),
            files => format!("; the best until then is in {}", names(files)),
        };
        Failure::Interrupted { signal, message: format!("the fit was {}{kept}", signal.name()) }
    }));
    writer.finish()
}

/// Reads the experiment and its fit, the flags laid over both.
fn planned(arguments: &Arguments) -> Result<(Experiment, FitPlan), Failure> {
    let name = arguments.file.display().to_string();
    let repeated = if is_result(&arguments.file) { Some(Repeated::open(&arguments.file)?) } else { None };
    let file = match &repeated {
        Some(repeated) => repeated.tree().clone(),
        None => file::tree(&arguments.file)
            .map_err(|failure| failure.or_hint("`fit` takes an experiment file with a `fit` section"))?,
    };
    if content(&file) == Content::Model {
        let failure = Failure::new(format!("`{name}` is a model file, and a fit needs an experiment"));
        return Err(failure.hint(format!("say `model: {name}` in an experiment file with a section `fit`")));
    }
    if file.entry("fit").is_none() && arguments.flags.fit.is_empty() {
        let failure = Failure::new(format!("`{name}` has no section `fit`"));
        return Err(failure.hint(
            "say under `fit` or by flags which parameters are fitted, and to which target; or use `brainmass run`",
        ));
    }
    let mut line = CommandLine::new(&format!("brainmass fit {name}"));
    arguments.flags.experiment.write(&mut line, None);
    arguments.flags.fit.write(&mut line, Some("fit"));
    let mut problems = Problems::default();
    let root = line.over(Some(file), &mut problems);
    let read = match &repeated {
        // That the experiment without its fit is the one that was run is seen first.
        Some(repeated) => repeated
            .start_changed(Reader::new().without_sweep().without_continuation(), &root)
            .map(|(experiment, _)| experiment),
        None => {
            let reader = Reader::new().file(&arguments.file).without_sweep().without_continuation();
            reader.of(&root).map_err(Failure::from)
        }
    };
    let experiment = told(problems, read)?;
    let Some(mut plan) = experiment.fit.clone() else {
        return Err(Failure::new(format!("the section `fit` of `{name}` says nothing")));
    };
    // Names of files may be no text, which all else goes through.
    let (output, plot) = (arguments.flags.fit.files("output"), arguments.flags.fit.files("plot"));
    if !output.is_empty() {
        plan.output = output;
    }
    plan.plot = plot.into_iter().next().or(plan.plot);
    Ok((experiment, plan))
}

fn search(
    arguments: &Arguments,
    plan: &FitPlan,
    experiment: &Experiment,
    interrupts: &Interrupts,
) -> Result<Fit, Failure> {
    // A signal ends the runs that are under way, and the search after them.
    let asked = interrupts.clone();
    let simulator = experiment.simulator().progress(move |_, _| asked.caught().is_none());
    let mut fitter = plan.fitter_with(simulator, experiment.timing.duration);
    if let Some(threads) = arguments.threads {
        fitter = fitter.threads(threads);
    }
    if let Some(path) = &arguments.checkpoint {
        fitter = fitter.checkpoint(path, CHECKPOINT);
    }
    if let Some(path) = &arguments.resume {
        fitter = fitter.resume(path);
    }
    // On standard error, and only if that is a terminal.
    let bar = if arguments.quiet {
        ProgressBar::hidden()
    } else {
        ProgressBar::new((plan.iterations as u64).saturating_mul(plan.starts as u64))
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:40.cyan/dim} {percent:>3}%  {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    let (moved, asked) = (bar.clone(), interrupts.clone());
    let outcome = fitter
        .callback(move |progress| {
            moved.set_message(visible(&progress.to_string()));
            moved.inc(1);
            asked.caught().is_none()
        })
        .run();
    bar.finish_and_clear();
    outcome.map_err(|error| match interrupts.caught() {
        Some(signal) => {
            let message = format!("the fit was {} before anything was found", signal.name());
            Failure::Interrupted { signal, message }
        }
        None => Failure::new(error),
    })
}

fn save(fit: &Fit, plan: &FitPlan, experiment: &Experiment, writer: &mut Writer) {
    for path in &plan.output {
        writer.write(path, |path| {
            match (ending(path).as_str(), fit.provenance()) {
                ("csv", Some(provenance)) => write_table(path, fit.to_csv().as_bytes(), provenance),
                ("csv", None) => write_file(path, fit.to_csv().as_bytes()),
                _ => write_file(path, fit.to_json().as_bytes()),
            }
            .map_err(Failure::new)
        });
    }
    if let Some(path) = &plan.plot {
        writer.write(path, |path| draw(fit, experiment, path));
    }
}

/// Says how a fit was made: the provenance of a run at the values that it starts from, with the settings of the fit.
fn provenance(plan: &FitPlan, experiment: &Experiment) -> Result<Value, Failure> {
    let mut provenance = experiment.start()?.provenance().clone();
    provenance.settings.extend(plan.fitter(experiment).fingerprint());
    let count = |count: Option<usize>| count.map_or_else(|| "none".to_owned(), |count| count.to_string());
    provenance.settings.add("iterations", plan.iterations.to_string());
    provenance.settings.add("patience", count(plan.patience));
    provenance.settings.add("enough", plan.enough.map_or_else(|| "none".to_owned(), |loss| loss.to_string()));
    Ok(json!(provenance))
}

fn draw(fit: &Fit, experiment: &Experiment, path: &Path) -> Result<(), Failure> {
    let figure = Figure::new()
        .title(title(experiment))
        .alt(format!("The loss over the iterations of {}", fit.method))
        .panel(fit_history(fit).title(fit.method));
    figure::with_text(figure, fit.provenance())
        .save(path)
        .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
}

fn print(
    fit: &Fit,
    plan: &FitPlan,
    experiment: &Experiment,
    (began, wrote): (Instant, &[PathBuf]),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let paint = terminal.paint;
    terminal.line(format!("{}  {}", paint.title("fit"), title(experiment)))?;
    let mut rows: Vec<(String, String)> = Vec::new();
    for (name, values) in fit.best.iter() {
        let shown: Vec<String> = values.iter().map(|value| digits(*value, 6)).collect();
        rows.push((name.to_owned(), shown.join(", ")));
    }
    let (by, candidates) = match plan.response {
        Some(_) => (" by linear response", "candidates"),
        None => ("", "runs"),
    };
    rows.push(("loss".into(), format!("{} ({}{by})", digits(fit.loss, 6), plan.objective)));
    rows.push((
        "method".into(),
        format!("{}, {} {candidates}, {}", fit.method, fit.evaluations(), fit.starts[0].ended),
    ));
    if let Some(first) = fit.failures.first() {
        rows.push((
            "failed".into(),
            format!("{} {candidates}; the first at {}: {}", fit.failures.len(), first.params, first.problem),
        ));
    }
    rows.push(("time".into(), clock(began.elapsed())));
    if !wrote.is_empty() {
        rows.push(("wrote".into(), names(wrote)));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, text) in rows {
        terminal.line(format!("  {}  {text}", paint.faint(&format!("{name:<width$}"))))?;
    }
    Ok(())
}
