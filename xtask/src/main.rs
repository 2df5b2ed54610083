//! The workspace's own commands: `cargo xtask docs | golden | expand | new-model`.

mod docs;
mod expand;
mod golden;
mod models;
mod new_model;
mod site;

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
    },
    /// Runs every case of a folder of reference cases: `cargo xtask golden tests/golden`.
    Golden {
        /// A folder in the format of tests/golden/README.md.
        folder: PathBuf,
        /// Prints every case that failed or was skipped, with the reason.
        #[arg(long)]
        verbose: bool,
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
        Command::Docs { open, .. } => docs::run(docs::Mode::Write).and_then(|()| docs::site(open)),
        Command::Golden { folder, verbose } => golden::run(&folder, verbose),
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

/// The root of the workspace.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
