//! The command `brainmass plot`.

use std::path::PathBuf;

use brainmass::io::check_outputs;
use brainmass::viz::Format;
use clap::Args;

use crate::failure::Failure;
use crate::figure::{self, Look, Page};
use crate::recording;
use crate::terminal::Terminal;

/// Draw a saved run.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass plot run.npz
  brainmass plot run.npz --record x,y --title \"Two states\" --out states.svg
  brainmass plot run.npz --size 90x60mm --out figure.pdf")]
pub struct Arguments {
    /// A saved run (.npz, .csv, .json).
    run: PathBuf,
    /// The figure: .png, .svg or .pdf [default: beside the run, as .png].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only these records, between commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    record: Vec<String>,
    /// The title [default: that of the experiment, or of the model].
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    page: Page,
    /// Prints nothing.
    #[arg(long, short)]
    quiet: bool,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| arguments.run.with_extension("png"));
    Format::of(&out).map_err(Failure::new)?;
    check_outputs(&[&arguments.run], &[&out]).map_err(Failure::new)?;
    let recording = recording::open(&arguments.run)?;
    let look = Look {
        title: arguments.title.clone(),
        only: arguments.record.clone(),
        page: arguments.page.clone(),
        ..Look::default()
    };
    figure::save(&recording, &look, &out)?;
    if arguments.quiet { Ok(()) } else { terminal.line(format!("wrote {}", out.display())) }
}
