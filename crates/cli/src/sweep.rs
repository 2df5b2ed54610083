//! The command `brainmass sweep`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use brainmass::Experiment;
use brainmass::experiment::{Reader, SWEEP_RESULTS, SweepPlan, ending_help};
use brainmass::io::journal::JournalError;
use brainmass::io::tidy::metadata_path;
use brainmass::simulator::Bytes;
use brainmass::sweep::{
    Estimate, Gathered, ResultJournal, ResultJournalError, Results, Shard, SweepError, SweepOutcome,
    SweepProgress, SweepRunner, SweepTable, gather, journal_path, shards,
};
use brainmass::viz::Format;
use brainmass_spec::collection::{Content, content};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::submission::{Submission, utf8};
use crate::engine::{hyperqueue, slurm};
use crate::failure::{Failure, warn, warn_of};
use crate::figure::Page;
use crate::file;
use crate::interrupt::Interrupts;
use crate::outputs::{self, Writer};
use crate::summary::digits;
use crate::sweep_figure;
use crate::terminal::Terminal;
use crate::text::quoted;
use crate::words::{clock, names, title};

/// The most threads that a sweep may be shared out over.
const MOST_THREADS: usize = 1024;
/// The time between two attempts to open a journal that another process has.
const PATIENCE: Duration = Duration::from_millis(400);

/// Run an experiment many times, as its section `sweep` says.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass check experiment.yaml                     # how many runs, how much memory and disk, how long
  brainmass sweep experiment.yaml --out s.csv --out s.npz --plot s.png
  brainmass sweep experiment.yaml --shard 3/20        # one of twenty parts, each on a machine of its own
  brainmass sweep experiment.yaml --gather .          # joins the parts
  brainmass sweep experiment.yaml --engine slurm --tasks 50 --engine-option=--time=2:00:00

Results are appended to a journal as they come, beside the output. Whatever ends the sweep, the same command goes on
where it stood, and the results are the same to the last byte. A run that fails is a row with its reason. Ctrl-C ends
the sweep once the runs that are under way are done, a second Ctrl-C at once.")]
pub struct Arguments {
    /// An experiment file (.yaml, .json) with a section `sweep`.
    pub file: PathBuf,
    /// Writes the results here in place of the `output` of the section: .csv, .npz, or .parquet where the build has it. The flag may be given again.
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
    /// The number of threads that share the runs out [default: as many as the machine has; with --engine 1 a task].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Submits the parts to a HyperQueue server, and follows them, or to Slurm as a job array.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["shard", "gather", "fresh"])]
    engine: Option<Engine>,
    /// The number of tasks of an engine [default: one for each 8 runs, at most 100].
    #[arg(long, value_name = "N", requires = "engine")]
    tasks: Option<u64>,
    /// A further option of the engine, as in `--engine-option=--time=2:00:00`. The flag may be given again.
    #[arg(long, value_name = "OPTION", requires = "engine", allow_hyphen_values = true)]
    engine_option: Vec<String>,
    /// Waits while another process has the journal, in place of failing.
    #[arg(long)]
    wait: bool,
    /// Prints nothing but warnings and errors.
    #[arg(long, short)]
    quiet: bool,
}

/// Programs that run the parts of a sweep on other machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// HyperQueue, by its program `hq`.
    Hyperqueue,
    /// Slurm, by its program `sbatch`.
    Slurm,
}

/// The most tasks of an engine if nobody says how many.
const USUAL_TASKS: u64 = 100;
/// Runs that stand side by side, so that a task of fewer runs wastes what it could do at once.
const RUNS_AT_ONCE: u64 = 8;

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
        ResultJournal::discard(&journal).map_err(SweepError::from)?;
    }
    let interrupts = Interrupts::note().map_err(Failure::new)?;
    if let Some(engine) = arguments.engine {
        let submission = submission(plan, &journal, arguments)?;
        if engine == Engine::Slurm {
            return slurm::submit(&submission, arguments.quiet, terminal);
        }
        let bar = bar(arguments.quiet);
        let done = hyperqueue::run(&submission, &interrupts, &bar);
        bar.finish_and_clear();
        done?;
        let folder = submission.folder();
        let results = complete(gather(&experiment, &folder, &journal)?, &folder, &journal)?;
        return finish(&results, &experiment, plan, (arguments, began), terminal);
    }
    let outcome = sweep(&experiment, shard, &journal, arguments, &interrupts)?;
    let SweepOutcome { results, resumed, cut, left } = outcome;
    if cut > 0 {
        warn_of(&format!(
            "{}: {cut} bytes at its end were no whole records and were cut off; the runs that they were of were made again",
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
    let file = file::tree(&arguments.file)?;
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
    let mut experiment =
        Reader::new().file(&arguments.file).without_fit().without_continuation().of(&file)?;
    let Some(plan) = &mut experiment.sweep else { return Err(SweepError::NoSweep.into()) };
    if !arguments.out.is_empty() {
        let written = plan.output.clone();
        plan.output.clone_from(&arguments.out);
        // Shards that knew nothing of `--out` have their journals where the section says.
        if let Some(folder) = &arguments.gather {
            let by_flag = journal_path(plan, &arguments.file, None);
            if shards(folder, &by_flag)?.is_empty() {
                let named = SweepPlan { output: written, ..plan.clone() };
                plan.journal = Some(journal_path(&named, &arguments.file, None));
            }
        }
    }
    for path in &plan.output {
        let ending = brainmass::io::ending(path);
        if !SWEEP_RESULTS.contains(&ending.as_str()) {
            let message =
                format!("cannot tell from `{}` how to write the results of a sweep", path.display());
            return Err(Failure::new(message).hint(ending_help(&ending, SWEEP_RESULTS)));
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

/// Makes a bar of what is done. Nothing is shown unless standard error is a terminal.
fn bar(quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:40.cyan/dim} {percent:>3}%  {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    bar
}

/// Makes tasks of a sweep.
fn submission(plan: &SweepPlan, journal: &Path, arguments: &Arguments) -> Result<Submission, Failure> {
    let runs = plan.design.runs();
    let usual = runs.div_ceil(RUNS_AT_ONCE).min(USUAL_TASKS);
    let tasks = arguments.tasks.unwrap_or(usual).min(runs);
    if tasks == 0 {
        return Err(Failure::new("0 tasks do nothing").hint("`--tasks` is a whole number from 1 on"));
    }
    // A flag is given on as it was typed, so that the tasks find the same journals.
    let given = |flag: &str, paths: &[&PathBuf]| -> Result<Vec<String>, Failure> {
        paths.iter().map(|path| Ok(format!("{flag} {}", quoted(&utf8(path)?)))).collect()
    };
    let (out, named): (Vec<&PathBuf>, Vec<&PathBuf>) =
        (arguments.out.iter().collect(), arguments.journal.iter().collect());
    let of_tasks = [given("--out", &out)?, given("--journal", &named)?].concat();
    let plot: Vec<&PathBuf> = arguments.plot.iter().collect();
    let stem = journal.file_stem().unwrap_or_default().to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name = format!("sweep-{}", stem.replace(|c| !is_plain(c), "_"));
    Ok(Submission {
        name,
        tasks,
        threads: arguments.threads.unwrap_or(1),
        file: arguments.file.clone(),
        journal: journal.to_owned(),
        of_gather: [of_tasks.clone(), given("--plot", &plot)?].concat(),
        of_tasks,
        options: arguments.engine_option.clone(),
    })
}

/// Runs the sweep, with a bar on long ones.
fn sweep(
    experiment: &Experiment,
    shard: Shard,
    journal: &Path,
    arguments: &Arguments,
    interrupts: &Interrupts,
) -> Result<SweepOutcome, Failure> {
    let bar = bar(arguments.quiet);
    let (moved, asked) = (bar.clone(), interrupts.clone());
    let mut runner = SweepRunner::new(experiment)?.shard(shard).progress(move |progress| {
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
    let outcome = loop {
        match runner.run(Some(journal)) {
            // A task that is started again elsewhere may find that the former one is still at its last runs.
            Err(SweepError::Journal(error))
                if error.is_in_use() && arguments.wait && interrupts.caught().is_none() =>
            {
                sleep(PATIENCE);
            }
            outcome => break outcome,
        }
    };
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
        let metadata = metadata_path(path);
        if writer.wrote.last() == Some(path) && brainmass::io::ending(path) == "csv" {
            writer.wrote.push(metadata);
        }
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
    let failed: HashSet<u64> = results.reasons().map(|(run, _)| run).collect();
    for (index, column) in results.columns().iter().enumerate() {
        let (mut low, mut high, mut missing) = (f64::INFINITY, f64::NEG_INFINITY, 0_u64);
        // Runs that failed are told below.
        for run in (0..results.runs()).filter(|run| results.has(*run) && !failed.contains(run)) {
            let value = results.numbers(run)[index];
            (low, high) = (low.min(value), high.max(value));
            missing += u64::from(value.is_nan());
        }
        let unit = if column.unit == "1" { String::new() } else { format!(" {}", column.unit) };
        let without = match missing {
            0 => String::new(),
            missing => format!(", {missing} of {} runs without a number", results.runs()),
        };
        let range = if low > high {
            "none".to_owned()
        } else {
            format!("{} … {}{unit}{without}", digits(low, 4), digits(high, 4))
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
        "sweep of {} run{} = {}, {} of memory, {} of journal, {time}",
        estimate.runs,
        if estimate.runs == 1 { "" } else { "s" },
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
            SweepError::Journal(ResultJournalError::Other { path, differences }) => {
                let is_of_machine = differences.iter().any(|part| part.contains("`instruction set`"));
                let failure = Self::new(ResultJournalError::Other { path, differences });
                failure.hint(match is_of_machine {
                    true => "results of different instruction sets differ in their last digits; with BRAINMASS_SIMD=portable they are the same on every machine",
                    false => "`--fresh` removes the journal and starts over; `--journal FILE` begins another one beside it",
                })
            }
            SweepError::Journal(error @ ResultJournalError::Open { error: JournalError::Damaged, .. }) => {
                Self::new(error).hint("`--fresh` removes the journal and starts over")
            }
            error @ SweepError::Append { .. } => {
                Self::new(error).hint("make room there; the same command then goes on where it stood")
            }
            error => Self::new(error),
        }
    }
}
