//! The command `brainmass plot`.

use std::path::PathBuf;

use brainmass::io::check_outputs;
use clap::Args;

use crate::failure::Failure;
use crate::figure::{self, Look};
use crate::recording;
use crate::terminal::Terminal;

/// Draw a saved run.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass plot run.npz
  brainmass plot run.npz --record x,y --title \"Two states\" --out states.svg")]
pub struct Arguments {
    /// A saved run (.npz, .csv, .json).
    run: PathBuf,
    /// The figure: .png or .svg [default: beside the run, as .png].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only these records, between commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    record: Vec<String>,
    /// The title [default: the model].
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Prints nothing.
    #[arg(long, short)]
    quiet: bool,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| arguments.run.with_extension("png"));
    check_outputs(&[&arguments.run], &[&out]).map_err(Failure::new)?;
    let recording = recording::open(&arguments.run)?;
    let look = Look { title: arguments.title.clone(), only: arguments.record.clone(), ..Look::default() };
    figure::save(&recording, &look, &out)?;
    if arguments.quiet { Ok(()) } else { terminal.line(format!("wrote {}", out.display())) }
}
