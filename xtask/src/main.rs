//! The workspace's own commands: `cargo xtask docs | golden | golden-zoo | bench | expand | new-model`.

mod bench;
mod docs;
mod expand;
mod golden;
mod golden_dynamics;
mod golden_zoo;
mod models;
mod new_model;
mod site;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The workspace's own commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the model pages and the table in the README from the model files, and builds the site into `target/site`.
    Docs {
        /// Changes nothing and builds no site; fails when something generated is stale.
        #[arg(long)]
        check: bool,
        /// Opens the site in the browser.
        #[arg(long, conflicts_with = "check")]
        open: bool,
        /// Builds the site alone, with the models of this folder beside those of the zoo.
        #[arg(long, value_name = "FOLDER", conflicts_with = "check")]
        models: Vec<PathBuf>,
    },
    /// Runs every case of a folder of reference cases: `cargo xtask golden tests/golden`.
    Golden {
        /// A folder in the format of tests/golden/README.md.
        folder: PathBuf,
        /// Prints every case that failed or was skipped, with the reason.
        #[arg(long)]
        verbose: bool,
        /// The engine that models run with: `compiled` or `interpreted`.
        #[arg(long, default_value = "compiled")]
        engine: String,
    },
    /// Compares diagrams and spectra with those of a folder: `cargo xtask golden-dynamics tests/golden-dynamics`.
    GoldenDynamics {
        /// A folder in the format of tests/golden-dynamics/README.md.
        folder: PathBuf,
        /// Runs only files whose names start like this.
        #[arg(long, default_value = "")]
        only: String,
    },
    /// Runs every case of a folder of numbers that other packages computed of their models: `cargo xtask golden-zoo tests/golden-zoo`.
    GoldenZoo {
        /// A folder in the format of tests/golden-zoo/README.md.
        folder: PathBuf,
    },
    /// Measures the library beside plain kernels, in an optimised build.
    Bench {
        /// Measures only workloads whose names start like this.
        #[arg(long, default_value = "")]
        only: String,
        /// Puts what was measured into the documentation.
        #[arg(long)]
        write: bool,
        /// Measures a step of every model instead, and writes docs/costs.csv, which the pages of the models show.
        #[arg(long)]
        models: bool,
        /// Compares the interpreted engine with the compiled one instead, model by model.
        #[arg(long)]
        engines: bool,
        /// Prints how the cost grows with steps, nodes and edges instead.
        #[arg(long)]
        scaling: bool,
        /// Runs one workload once, for a parent process that measures.
        #[arg(long, hide = true)]
        child: Option<String>,
    },
    /// Prints the code generated for a model: `cargo xtask expand HopfStep`.
    Expand {
        /// The model's name.
        model: String,
    },
    /// Writes a commented model file that builds: `cargo xtask new-model MyModelStep`.
    NewModel {
        /// The model's name.
        name: String,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Docs { check: true, .. } => docs::run(docs::Mode::Check),
        Command::Docs { open, models, .. } if !models.is_empty() => docs::site(open, &models),
        Command::Docs { open, .. } => docs::run(docs::Mode::Write).and_then(|()| docs::site(open, &[])),
        Command::Golden { folder, verbose, engine } => golden::run(&folder, verbose, &engine),
        Command::GoldenDynamics { folder, only } => golden_dynamics::run(&folder, &only),
        Command::GoldenZoo { folder } => golden_zoo::run(&folder),
        Command::Bench { .. } if cfg!(debug_assertions) => {
            bench::optimised(&std::env::args().skip(1).collect::<Vec<_>>())
        }
        Command::Bench { child: Some(name), .. } => bench::child(&name),
        Command::Bench { scaling: true, .. } => bench::scaling(),
        Command::Bench { engines: true, only, .. } => bench::engines::run(&only),
        Command::Bench { models: true, only, write, .. } => bench::models::run(&only, write),
        Command::Bench { only, write, .. } => bench::run(&only, write),
        Command::Expand { model } => expand::run(&model),
        Command::NewModel { name } => new_model::run(&name),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
