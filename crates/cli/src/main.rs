//! The `brainmass` command: look through the models, run them, look at runs, check files.

mod accuracy;
mod analyze;
mod bench;
mod check;
mod command_line;
mod completions;
mod failure;
mod figure;
mod fit;
mod list;
mod models;
mod plot;
mod progress;
mod recording;
mod rhythm;
mod run;
mod show;
mod summary;
mod table;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
  brainmass fit experiment.yaml";

#[derive(Subcommand)]
enum Command {
    List(list::Arguments),
    Show(show::Arguments),
    Run(Box<run::Arguments>),
    Fit(fit::Arguments),
    Plot(plot::Arguments),
    Analyze(analyze::Arguments),
    Check(check::Arguments),
    Bench(bench::Arguments),
    Accuracy(accuracy::Arguments),
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let mut terminal = Terminal::open();
    let outcome = match Arguments::parse().command {
        Command::List(arguments) => list::run(&arguments, &mut terminal),
        Command::Show(arguments) => show::run(&arguments, &mut terminal),
        Command::Run(arguments) => run::run(&arguments, &mut terminal),
        Command::Fit(arguments) => fit::run(&arguments, &mut terminal),
        Command::Plot(arguments) => plot::run(&arguments, &mut terminal),
        Command::Analyze(arguments) => analyze::run(&arguments, &mut terminal),
        Command::Check(arguments) => check::run(&arguments, &mut terminal),
        Command::Bench(arguments) => bench::run(&arguments, &mut terminal),
        Command::Accuracy(arguments) => accuracy::run(&arguments, &mut terminal),
        Command::Completions(arguments) => completions::run(&arguments, &mut terminal),
    };
    match outcome.and_then(|()| terminal.finish()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough, as `head` does.
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::FAILURE
        }
    }
}
