//! The `brainmass` command: look through the models, run them, look at runs, check files. It is a library, so that the Python package has it too.

mod accuracy;
mod analyze;
mod bench;
mod bifurcation;
mod bifurcation_phase;
mod bifurcation_plane;
mod bifurcation_report;
mod check;
mod command_line;
mod completions;
mod connectome;
mod diff;
mod engine;
mod failure;
mod figure;
mod file;
mod fit;
mod flags;
mod interrupt;
mod list;
mod models;
mod new_experiment;
mod new_model;
mod outputs;
mod paint;
mod plot;
mod progress;
mod recording;
mod result;
mod rhythm;
mod run;
mod show;
mod show_result;
mod summary;
mod sweep;
mod sweep_figure;
mod table;
mod terminal;
mod text;
mod watch;
mod words;

use std::ffi::OsString;

use brainmass_spec::problem::suggestion;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use failure::Failure;
use terminal::Terminal;

/// Neural mass models from a catalogue, simulated.
#[derive(Parser)]
#[command(name = "brainmass", version, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  brainmass list --category physiological --max-states 3
  brainmass show JansenRitStep
  brainmass run JansenRitStep --input E_inp=\"200 Hz\" --duration 2s --plot alpha.png
  brainmass run experiment.yaml
  brainmass run result.npz
  brainmass diff a.npz b.npz
  brainmass new-model WavesStep
  brainmass run waves.yaml --plot waves.png --watch
  brainmass new-experiment JansenRitStep
  brainmass fit experiment.yaml
  brainmass sweep experiment.yaml";

#[derive(Subcommand)]
enum Command {
    List(list::Arguments),
    Show(show::Arguments),
    Run(Box<run::Arguments>),
    Fit(fit::Arguments),
    Sweep(sweep::Arguments),
    Plot(plot::Arguments),
    Analyze(analyze::Arguments),
    Diff(diff::Arguments),
    Connectome(connectome::Arguments),
    Check(check::Arguments),
    Bench(bench::Arguments),
    Accuracy(accuracy::Arguments),
    Bifurcation(bifurcation::Arguments),
    NewModel(new_model::Arguments),
    NewExperiment(new_experiment::Arguments),
    Completions(completions::Arguments),
}

/// Runs the command with its arguments, of which the first is its own name. Returns the status that it ends with: 0 where all was done, 128 and
/// the number of a signal that ended it, 1 or 2 where something is wrong.
pub fn run_command(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let matches =
        text::with_whole_paragraphs(Arguments::command()).try_get_matches_from(flags::spread(arguments));
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let mut terminal = Terminal::open();
    let outcome = match arguments.command {
        Command::List(arguments) => list::run(&arguments, &mut terminal),
        Command::Show(arguments) => show::run(&arguments, &mut terminal),
        Command::Run(arguments) => run::run(&arguments, &mut terminal),
        Command::Fit(arguments) => fit::run(&arguments, &mut terminal),
        Command::Sweep(arguments) => sweep::run(&arguments, &mut terminal),
        Command::Plot(arguments) => plot::run(&arguments, &mut terminal),
        Command::Analyze(arguments) => analyze::run(&arguments, &mut terminal),
        Command::Diff(arguments) => return diff::run(&arguments, &mut terminal),
        Command::Connectome(arguments) => connectome::run(&arguments, &mut terminal),
        Command::Check(arguments) => check::run(&arguments, &mut terminal),
        Command::Bench(arguments) => bench::run(&arguments, &mut terminal),
        Command::Accuracy(arguments) => accuracy::run(&arguments, &mut terminal),
        Command::Bifurcation(arguments) => bifurcation::run(&arguments, &mut terminal),
        Command::NewModel(arguments) => new_model::run(&arguments, &mut terminal),
        Command::NewExperiment(arguments) => new_experiment::run(&arguments, &mut terminal),
        Command::Completions(arguments) => completions::run(&arguments, Arguments::command(), &mut terminal),
    };
    // What was printed comes first, whatever the outcome.
    let printed = terminal.finish();
    match outcome.and(printed) {
        Ok(()) => 0,
        // Whoever read our output has seen enough, as `head` does.
        Err(failure) if failure.is_closed_pipe() => 0,
        Err(failure) => {
            failure.print();
            failure.status()
        }
    }
}

/// Returns the command whose arguments an error is about. It may be a subcommand, such as those of `connectome`.
fn command_of<'c>(command: &'c clap::Command, error: &clap::Error) -> &'c clap::Command {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return command };
    let usage = usage.to_string();
    let words = usage.split_whitespace().skip_while(|word| *word != command.get_name()).skip(1);
    let mut found = command;
    for word in words {
        let Some(inner) = found.find_subcommand(word) else { break };
        found = inner;
    }
    found
}

/// Answers to arguments that make no command: with help that was asked for, or with what is wrong, where text that was typed is shown and
/// not obeyed.
fn refuse(error: &clap::Error) -> u8 {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // There is nowhere left to tell that this failed.
        let _ = error.print();
        return 0;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // No command was named: the help is printed, which is no message about a mistake.
        let _ = error.print();
        return 2;
    }
    let text = error.render().to_string();
    let message = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    let failure = Failure::new(message);
    let unknown = error.kind() == ErrorKind::InvalidSubcommand && !message.contains("tip:");
    match unknown.then(|| error.get(ContextKind::InvalidSubcommand)).flatten() {
        Some(ContextValue::String(name)) => {
            let command = Arguments::command();
            let names = command_of(&command, error).get_subcommands().map(clap::Command::get_name);
            let first = format!("there is no command `{}`", text::visible(name));
            Failure::new(first).hint(suggestion(name, "commands", names)).print();
        }
        _ => failure.print(),
    }
    2
}
