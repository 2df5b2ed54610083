//! The command `brainmass plot`.

use std::path::PathBuf;

use brainmass::io::npz::Npz;
use brainmass::io::{check_outputs, ending};
use brainmass::sweep::SweepTable;
use brainmass::viz::Format;
use clap::Args;

use crate::failure::Failure;
use crate::figure::{self, Look, Page};
use crate::recording;
use crate::result;
use crate::sweep_figure;
use crate::terminal::Terminal;

/// Draw a saved run, or the results of a sweep.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass plot run.npz
  brainmass plot run.npz --record x,y --title \"Two states\" --out states.svg
  brainmass plot run.npz --size 90x60mm --out figure.pdf
  brainmass plot sweep.npz --record deviation")]
pub struct Arguments {
    /// A saved run (.npz, .csv, .json), or the results of a sweep (.npz).
    run: PathBuf,
    /// The figure: .png, .svg or .pdf [default: beside the run, as .png].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only these records or measures, between commas.
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
    if ending(&arguments.run) == "npz" && Npz::open(&arguments.run).is_ok_and(|file| SweepTable::is_in(&file))
    {
        let table = SweepTable::open(&arguments.run).map_err(Failure::new)?;
        let own =
            table.provenance.as_ref().and_then(|made| made["title"].as_str().or(made["model"].as_str()));
        let title = arguments.title.clone().or(own.map(str::to_owned));
        sweep_figure::save(&table, title, &arguments.record, &arguments.page, &out)?;
        return if arguments.quiet { Ok(()) } else { terminal.line(format!("wrote {}", out.display())) };
    }
    let recording = recording::open(&arguments.run)?;
    let look = Look {
        title: arguments.title.clone(),
        only: arguments.record.clone(),
        page: arguments.page.clone(),
        structure: result::structure(&arguments.run),
        ..Look::default()
    };
    figure::save(&recording, &look, &out)?;
    if arguments.quiet { Ok(()) } else { terminal.line(format!("wrote {}", out.display())) }
}
