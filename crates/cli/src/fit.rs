//! `brainmass fit`

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use brainmass::Experiment;
use brainmass::experiment::FitPlan;
use brainmass::fit::{Fit, METHODS, Method};
use brainmass::viz::{Figure, fit_history};
use clap::Args;
use clap::builder::PossibleValuesParser;
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Failure;
use crate::run::{clock, folders_exist, names, title};
use crate::summary::digits;
use crate::terminal::Terminal;

/// Fit parameters as the `fit` section of an experiment file says.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass fit experiment.yaml
  brainmass fit experiment.yaml --method cma_es --iterations 500 --checkpoint fit.part.json
  brainmass fit experiment.yaml --resume fit.part.json

Flags replace what the file says. The result goes to the files under `output` and `plot` of its `fit` section.")]
pub struct Arguments {
    /// An experiment file (.yaml, .json)
    file: PathBuf,
    /// How to search
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(METHODS.iter().map(|method| method.name)))]
    method: Option<String>,
    /// How many iterations each start may make
    #[arg(long, value_name = "N")]
    iterations: Option<usize>,
    /// From how many points to start
    #[arg(long, value_name = "N")]
    starts: Option<usize>,
    /// Seed of candidates and starts
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many threads compute candidates [default: as many as the machine has]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Writes what was found to a file after each tenth iteration
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Goes on from such a file
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Prints nothing
    #[arg(long, short)]
    quiet: bool,
}

/// Iterations from checkpoint to checkpoint.
const CHECKPOINT: usize = 10;

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let experiment = Experiment::open(&arguments.file)?;
    let Some(mut plan) = experiment.fit.clone() else {
        let failure = Failure::new(format!("`{}` has no section `fit`", arguments.file.display()));
        return Err(failure.hint(
            "say under `fit` which parameters are fitted, and to which target; or use `brainmass run`",
        ));
    };
    if let Some(method) = arguments.method.as_deref().and_then(Method::named) {
        plan.method = method;
    }
    plan.iterations = arguments.iterations.unwrap_or(plan.iterations);
    plan.starts = arguments.starts.unwrap_or(plan.starts);
    plan.seed = arguments.seed.unwrap_or(plan.seed);
    folders_exist(plan.output.iter().chain(&plan.plot).chain(&arguments.checkpoint))?;

    let began = Instant::now();
    let fit = search(arguments, &plan, &experiment)?;
    fit.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    save(&fit, &plan, &experiment)?;
    if arguments.quiet {
        return Ok(());
    }
    print(&fit, &plan, &experiment, began, terminal)
}

fn search(arguments: &Arguments, plan: &FitPlan, experiment: &Experiment) -> Result<Fit, Failure> {
    let mut fitter = plan.fitter(experiment);
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
        ProgressBar::new(plan.iterations.saturating_mul(plan.starts) as u64)
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:40.cyan/dim} {percent:>3}%  {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    let moved = bar.clone();
    let outcome = fitter
        .callback(move |progress| {
            if let Some(warning) = progress.warning {
                moved.println(format!("warning: {warning}"));
            }
            moved.set_message(progress.to_string());
            moved.inc(1);
            true
        })
        .run();
    bar.finish_and_clear();
    outcome.map_err(Failure::new)
}

fn save(fit: &Fit, plan: &FitPlan, experiment: &Experiment) -> Result<(), Failure> {
    for path in &plan.output {
        let is_table = path.extension().is_some_and(|ending| ending == "csv");
        let text = if is_table { fit.to_csv() } else { fit.to_json() };
        fs::write(path, text)
            .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))?;
    }
    if let Some(path) = &plan.plot {
        Figure::new()
            .title(title(experiment))
            .alt(format!("The loss over the iterations of {}", fit.method))
            .panel(fit_history(fit).title(fit.method))
            .save(path)
            .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))?;
    }
    Ok(())
}

fn print(
    fit: &Fit,
    plan: &FitPlan,
    experiment: &Experiment,
    began: Instant,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let paint = terminal.paint;
    terminal.line(format!("{}  {}", paint.title("fit"), title(experiment)))?;
    let mut rows: Vec<(String, String)> = Vec::new();
    for (name, values) in fit.best.iter() {
        let shown: Vec<String> = values.iter().map(|value| digits(*value, 6)).collect();
        rows.push((name.to_owned(), shown.join(", ")));
    }
    rows.push(("loss".into(), format!("{} ({})", digits(fit.loss, 6), plan.objective)));
    rows.push((
        "method".into(),
        format!("{}, {} runs, {}", fit.method, fit.evaluations(), fit.starts[0].ended),
    ));
    if let Some(first) = fit.failures.first() {
        rows.push((
            "failed".into(),
            format!("{} runs; the first at {}: {}", fit.failures.len(), first.params, first.problem),
        ));
    }
    rows.push(("time".into(), clock(began.elapsed())));
    let wrote: Vec<PathBuf> = plan.output.iter().chain(&plan.plot).cloned().collect();
    if !wrote.is_empty() {
        rows.push(("wrote".into(), names(&wrote)));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, text) in rows {
        terminal.line(format!("  {}  {text}", paint.faint(&format!("{name:<width$}"))))?;
    }
    Ok(())
}
