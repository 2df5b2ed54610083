//! The command `brainmass sweep`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use brainmass::Experiment;
use brainmass::experiment::{Reader, SweepPlan, tree};
use brainmass::simulator::Bytes;
use brainmass::sweep::{
    Estimate, Gathered, Results, Shard, SweepError, SweepOutcome, SweepProgress, SweepRunner, SweepTable,
    discard, gather, journal_path, metadata_path,
};
use brainmass::viz::Format;
use brainmass_spec::collection::{Content, content};
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::failure::{Failure, warn, warn_of};
use crate::figure::Page;
use crate::interrupt::Interrupts;
use crate::outputs::{self, Writer};
use crate::summary::digits;
use crate::sweep_figure;
use crate::terminal::Terminal;
use crate::words::{clock, names, title};

/// The most threads that a sweep may be shared out over.
const MOST_THREADS: usize = 1024;
/// The time within which a sweep that is done shows no bar.
const PATIENCE: Duration = Duration::from_millis(400);

/// Run an experiment many times, as its section `sweep` says.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass check experiment.yaml                     # how many runs, how much memory and disk, how long
  brainmass sweep experiment.yaml --out s.csv --out s.npz --plot s.png
  brainmass sweep experiment.yaml --shard 3/20        # one of twenty parts, each on a machine of its own
  brainmass sweep experiment.yaml --gather .          # joins the parts

Results are appended to a journal as they come, beside the output. Whatever ends the sweep, the same command goes on
where it stood, and the results are the same to the last byte. A run that fails is a row with its reason. Ctrl-C ends
the sweep once the runs that are under way are done, a second Ctrl-C at once.")]
pub struct Arguments {
    /// An experiment file (.yaml, .json) with a section `sweep`.
    pub file: PathBuf,
    /// Writes the results here in place of the `output` of the section: .csv or .npz. The flag may be given again.
    #[arg(long, value_name = "FILE")]
    out: Vec<PathBuf>,
    /// Draws the results: .png, .svg or .pdf.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// The journal [default: beside the first output, with the ending .journal].
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Removes the journal first and starts over.
    #[arg(long)]
    fresh: bool,
    /// Runs one of N parts, into a journal of its own, and writes no results.
    #[arg(long, value_name = "I/N", conflicts_with = "gather")]
    shard: Option<Shard>,
    /// Joins the journals of all parts in a folder, and writes the results.
    #[arg(long, value_name = "FOLDER", conflicts_with = "fresh")]
    gather: Option<PathBuf>,
    /// The number of threads that share the runs out [default: as many as the machine has].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Prints nothing but warnings and errors.
    #[arg(long, short)]
    quiet: bool,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    if let Some(threads) = arguments.threads.filter(|threads| !(1..=MOST_THREADS).contains(threads)) {
        let failure = Failure::new(format!("{threads} threads cannot be started"));
        return Err(failure.hint(format!("`--threads` is a whole number from 1 to {MOST_THREADS}")));
    }
    let experiment = experiment(arguments)?;
    let plan = experiment.sweep.as_ref().ok_or_else(|| Failure::from(SweepError::NoSweep))?;
    warn(&experiment.warnings);
    let shard = arguments.shard.unwrap_or(Shard::WHOLE);
    if arguments.shard.is_none() {
        check_outputs(&experiment, plan)?;
    }
    let journal = journal_path(plan, &arguments.file, arguments.shard);
    let began = Instant::now();
    if let Some(folder) = &arguments.gather {
        let whole = journal_path(plan, &arguments.file, None);
        let gathered = gather(&experiment, folder, &whole)?;
        let results = complete(gathered, folder, &whole)?;
        return finish(&results, &experiment, plan, (arguments, began), terminal);
    }
    if arguments.fresh {
        discard(&journal)?;
    }
    let interrupts = Interrupts::note().map_err(Failure::new)?;
    let outcome = sweep(&experiment, shard, &journal, arguments, &interrupts)?;
    let SweepOutcome { results, resumed, cut, left } = outcome;
    if cut > 0 {
        warn_of(&format!(
            "{}: {cut} bytes at its end were no whole record and were cut off; the run that they were of was made again",
            journal.display()
        ));
    }
    let runs = shard.runs_of(results.runs());
    let all = runs.end - runs.start;
    if let Some(signal) = interrupts.caught().filter(|_| left > 0) {
        let done = all - left;
        let message = format!(
            "{}: {done} of {all} runs are done and kept in {}; the same command goes on",
            signal.name(),
            journal.display()
        );
        return Err(Failure::Interrupted { signal, message });
    }
    if !arguments.quiet && resumed > 0 {
        terminal.line(format!(
            "{} {resumed} of {all} runs were in {} already",
            terminal.paint.hint("note:"),
            journal.display()
        ))?;
    }
    if arguments.shard.is_some() {
        if arguments.quiet {
            return Ok(());
        }
        let failed = failures(&results);
        return terminal.line(format!("shard {shard}: {all} runs{failed} in {}", journal.display()));
    }
    finish(&results, &experiment, plan, (arguments, began), terminal)
}

/// Reads the experiment, with the flags in place of what its section says.
fn experiment(arguments: &Arguments) -> Result<Experiment, Failure> {
    let name = arguments.file.display();
    let file = tree(&arguments.file)?;
    if content(&file) == Content::Model {
        let failure = Failure::new(format!("`{name}` is a model file, and a sweep needs an experiment"));
        return Err(failure.hint(format!("say `model: {name}` in an experiment file with a section `sweep`")));
    }
    if file.entry("sweep").is_none() {
        let failure = Failure::new(format!("`{name}` has no section `sweep`"));
        return Err(failure.hint(
            "say for example `sweep: {over: {seeds: 0..10}, measure: {deviation: {signal: x, summary: deviation}}}`",
        ));
    }
    let mut experiment = Reader::new().file(&arguments.file).without_fit().of(&file)?;
    let Some(plan) = &mut experiment.sweep else { return Err(SweepError::NoSweep.into()) };
    if !arguments.out.is_empty() {
        plan.output.clone_from(&arguments.out);
    }
    for path in &plan.output {
        let ending = brainmass::io::ending(path);
        if !["csv", "npz"].contains(&ending.as_str()) {
            let message =
                format!("cannot tell from `{}` how to write the results of a sweep", path.display());
            return Err(Failure::new(message).hint("its ending must be .csv or .npz"));
        }
    }
    plan.plot = arguments.plot.clone().or(plan.plot.take());
    plan.plot.iter().try_for_each(|path| Format::of(path).map(|_| ())).map_err(Failure::new)?;
    plan.journal = arguments.journal.clone().or(plan.journal.take());
    Ok(experiment)
}

/// Checks that the results can be written, before any run is made for them.
pub fn check_outputs(experiment: &Experiment, plan: &SweepPlan) -> Result<(), Failure> {
    let tables = plan.output.iter().filter(|path| brainmass::io::ending(path) == "csv");
    let metadata: Vec<PathBuf> = tables.map(|path| metadata_path(path)).collect();
    let files: Vec<&PathBuf> = plan.output.iter().chain(&metadata).chain(&plan.plot).collect();
    outputs::check(&experiment.files, &files)
}

/// Runs the sweep, with a bar on long ones.
fn sweep(
    experiment: &Experiment,
    shard: Shard,
    journal: &Path,
    arguments: &Arguments,
    interrupts: &Interrupts,
) -> Result<SweepOutcome, Failure> {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{bar:40.cyan/dim} {percent:>3}%  {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    let (moved, asked, quiet) = (bar.clone(), interrupts.clone(), arguments.quiet);
    let mut runner = SweepRunner::new(experiment)?.shard(shard).progress(move |progress| {
        if !quiet && moved.is_hidden() && moved.elapsed() > PATIENCE {
            moved.set_draw_target(ProgressDrawTarget::stderr());
        }
        let SweepProgress { done, runs, failed, left } = progress;
        moved.set_length(runs);
        moved.set_position(done);
        let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        moved.set_message(format!("{done} of {runs} runs{failed}, {} left", clock(left)));
        asked.caught().is_none()
    });
    if let Some(threads) = arguments.threads {
        runner = runner.threads(threads);
    }
    let outcome = runner.run(Some(journal));
    bar.finish_and_clear();
    Ok(outcome?)
}

/// Returns the results of all parts, or says which runs are missing.
fn complete(gathered: Gathered, folder: &Path, journal: &Path) -> Result<Results, Failure> {
    let Gathered { results, journals, missing } = gathered;
    let stem = journal.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if journals.is_empty() {
        let message = format!("there is no journal of this sweep in `{}`", folder.display());
        return Err(Failure::new(message).hint(format!("those of shards are called `{stem}.1-of-4.journal`")));
    }
    if missing.is_empty() {
        return Ok(results);
    }
    let shown = missing.iter().take(5).map(|runs| match runs.end - runs.start {
        1 => runs.start.to_string(),
        _ => format!("{} to {}", runs.start, runs.end - 1),
    });
    let shown: Vec<String> = shown.collect();
    let more = if missing.len() > 5 { " and others" } else { "" };
    let message = format!(
        "{} of {} runs are missing in the journals that were found ({}): {}{more}",
        results.runs() - results.done(),
        results.runs(),
        names(&journals),
        shown.join(", ")
    );
    Err(Failure::new(message)
        .hint("run the shards that have them with `--shard I/N`; what is done is not done again"))
}

/// Says how many runs failed, if any did.
fn failures(results: &Results) -> String {
    match results.failed() {
        0 => String::new(),
        failed => format!(", {failed} of them failed,"),
    }
}

/// Writes and draws the results, and prints what came out.
fn finish(
    results: &Results,
    experiment: &Experiment,
    plan: &SweepPlan,
    (arguments, began): (&Arguments, Instant),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let mut writer = Writer::default();
    for path in &plan.output {
        writer.write(path, |path| Ok(results.save(path)?));
    }
    if let Some(path) = &plan.plot {
        let heading = Some(title(experiment));
        writer.write(path, |path| {
            sweep_figure::save(&SweepTable::of(results), heading, &[], &Page::default(), path)
        });
    }
    if !arguments.quiet {
        print(results, experiment, began, &writer.wrote, terminal)?;
    }
    writer.finish()
}

/// Prints what was run and what came out.
fn print(
    results: &Results,
    experiment: &Experiment,
    began: Instant,
    wrote: &[PathBuf],
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let paint = terminal.paint;
    terminal.line(format!("{}  {}", paint.title("sweep"), title(experiment)))?;
    let mut rows: Vec<(String, String)> = Vec::new();
    rows.push(("runs".to_owned(), format!("{}{}", results.runs(), grid(results))));
    for (index, column) in results.columns().iter().enumerate() {
        let values =
            (0..results.runs()).map(|run| results.numbers(run)[index]).filter(|value| !value.is_nan());
        let (low, high) = values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let unit = if column.unit == "1" { String::new() } else { format!(" {}", column.unit) };
        let range = if low > high {
            "none".to_owned()
        } else {
            format!("{} … {}{unit}", digits(low, 4), digits(high, 4))
        };
        rows.push((column.name.clone(), range));
        if index == 11 && results.columns().len() > 12 {
            rows.push(("…".to_owned(), format!("{} more", results.columns().len() - 12)));
            break;
        }
    }
    if let Some((run, reason)) = results.reasons().next() {
        let text = format!("{} of {} runs; run {run}: {reason}", results.failed(), results.runs());
        rows.push(("failed".to_owned(), text));
    }
    rows.push(("time".to_owned(), clock(began.elapsed())));
    if !wrote.is_empty() {
        rows.push(("wrote".to_owned(), names(wrote)));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, text) in rows {
        terminal.line(format!("  {}  {text}", paint.faint(&format!("{name:<width$}"))))?;
    }
    Ok(())
}

/// Says what a sweep will take: `sweep of 400 runs = 40 k x 10 seed, 12 kB of memory, 30 kB of journal, about 3 s on 2 threads`.
pub fn describe(estimate: &Estimate) -> String {
    let factors: Vec<String> =
        estimate.factors.iter().map(|(name, levels)| format!("{levels} {name}")).collect();
    let time = match estimate.time {
        Some(time) => format!("about {} on {} threads", rough(time), estimate.threads),
        None => "of which the first fail".to_owned(),
    };
    format!(
        "sweep of {} runs = {}, {} of memory, {} of journal, {time}",
        estimate.runs,
        factors.join(" x "),
        Bytes(estimate.memory),
        Bytes(estimate.disk)
    )
}

/// Returns a duration as one says it who has measured a part of it.
fn rough(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s >= 2.0 * 86400.0 => format!("{} days", digits(s / 86400.0, 2)),
        s if s >= 2.0 * 3600.0 => format!("{} h", digits(s / 3600.0, 2)),
        s if s >= 120.0 => format!("{} min", digits(s / 60.0, 2)),
        s if s >= 1.0 => format!("{} s", digits(s, 2)),
        _ => "a second".to_owned(),
    }
}

/// Says what a grid is made of: ` = 40 k x 10 seed`.
fn grid(results: &Results) -> String {
    let factors = results.design().factors.iter();
    let parts: Vec<String> = factors.map(|factor| format!("{} {}", factor.levels, factor.name())).collect();
    format!(" = {}", parts.join(" x "))
}

impl From<SweepError> for Failure {
    fn from(error: SweepError) -> Self {
        match error {
            SweepError::Version(report) => report.into(),
            SweepError::Other { path, differences } if differences.iter().any(|part| part.contains("`instruction set`")) => {
                Self::new(SweepError::Other { path, differences }).hint(
                    "results of different instruction sets differ in their last digits; with BRAINMASS_SIMD=portable they are the same on every machine",
                )
            }
            error @ SweepError::Other { .. } => Self::new(error)
                .hint("`--fresh` removes the journal and starts over; `--journal FILE` begins another one beside it"),
            error @ SweepError::Append { .. } => {
                Self::new(error).hint("make room there; the same command then goes on where it stood")
            }
            error => Self::new(error),
        }
    }
}
