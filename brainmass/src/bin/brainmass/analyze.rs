//! `brainmass analyze`

use std::path::{Path, PathBuf};

use brainmass::analysis::{PowerSpectrum, Trend, Welch, functional_connectivity, upper_triangle};
use brainmass::io::npz::NpzWriter;
use brainmass::simulator::Column;
use brainmass::viz::{self, Figure, power_spectrum};
use clap::Args;
use ndarray::Array2;

use crate::failure::Failure;
use crate::recording::Recording;
use crate::summary::digits;
use crate::terminal::Terminal;

/// A spectrum is the mean of those of overlapping halves of the signal, of stretches no longer and, where that can be, no shorter than these
/// numbers of samples.
const LONGEST: usize = 1 << 16;
const SHORTEST: usize = 256;
/// Height of a row of panels and of the title, px.
const ROW: f64 = 300.0;
const TITLE: f64 = 40.0;

/// Analyse a saved run: functional connectivity, power spectra.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass analyze run.npz
  brainmass analyze run.npz --fc --psd --plot
  brainmass analyze run.npz --psd --record eeg --plot spectrum.svg --out spectrum.npz

The file that --out writes has, for each record x, the arrays x_fc (region, region), x_psd (frequency, region) in
squares of its unit per Hz, and frequency (Hz).")]
pub struct Arguments {
    /// A saved run (.npz, .csv, .json)
    run: PathBuf,
    /// Functional connectivity: Pearson correlations of the regions [default: all analyses]
    #[arg(long)]
    fc: bool,
    /// Power spectral density by the method of Welch [default: all analyses]
    #[arg(long)]
    psd: bool,
    /// Only these records, between commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    record: Vec<String>,
    /// Draws the outcome: .png or .svg [default: beside the run]
    #[arg(long, value_name = "FILE")]
    plot: Option<Option<PathBuf>>,
    /// Writes the outcome: .npz
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What was found of one record.
struct Outcome<'a> {
    column: &'a Column,
    fc: Option<Array2<f64>>,
    psd: Option<PowerSpectrum>,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let recording = Recording::open(&arguments.run)?;
    let columns = recording.chosen(&arguments.record)?;
    let all = !arguments.fc && !arguments.psd;
    let mut outcomes = Vec::new();
    for column in columns {
        let about = |error| Failure::new(format!("cannot analyse `{}`: {error}", column.name));
        let signal = column.values.view();
        let fc = (arguments.fc || all && signal.ncols() > 1).then(|| functional_connectivity(signal));
        let psd = match column.interval() {
            Some(dt) if arguments.psd || all => {
                let welch = Welch::new((signal.nrows() / 2).clamp(SHORTEST, LONGEST).min(signal.nrows()))
                    .trend(Trend::Constant);
                Some(welch.estimate(signal, dt).map_err(about)?)
            }
            None if arguments.psd => {
                let failure = Failure::new("a spectrum needs at least two samples at even intervals");
                return Err(failure.hint("record for longer, or in every step"));
            }
            _ => None,
        };
        outcomes.push(Outcome { column, fc: fc.transpose().map_err(about)?, psd });
    }
    for outcome in &outcomes {
        tell(outcome, terminal)?;
    }
    if let Some(path) = &arguments.out {
        save(&outcomes, path)?;
        terminal.line(format!("wrote {}", path.display()))?;
    }
    if let Some(path) = &arguments.plot {
        let beside = || arguments.run.with_file_name(format!("{}_analysis.png", stem(&arguments.run)));
        let path = path.clone().unwrap_or_else(beside);
        draw(&outcomes, recording.model.as_deref(), &path)?;
        terminal.line(format!("wrote {}", path.display()))?;
    }
    Ok(())
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn tell(outcome: &Outcome, terminal: &mut Terminal) -> Result<(), Failure> {
    let (rows, nodes) = outcome.column.values.dim();
    let paint = terminal.paint;
    terminal.line(format!("{}  ({rows}, {nodes})", paint.title(&outcome.column.name)))?;
    if let Some(fc) = &outcome.fc {
        let pairs = upper_triangle(fc.view(), 1);
        let (low, high) =
            pairs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), r| (r.min(low), r.max(high)));
        let text = match pairs.mean() {
            Some(mean) => format!(
                "mean correlation {}, from {} to {}",
                digits(mean, 3),
                digits(low, 3),
                digits(high, 3)
            ),
            None => "no pair of regions".to_owned(),
        };
        terminal.line(format!("  {}   {text}", paint.faint("fc")))?;
    }
    if let Some(psd) = &outcome.psd {
        // The first bin above 0 holds what drifts.
        let lowest = psd.frequency.get(2).copied().unwrap_or(0.0);
        let highest = psd.frequency.last().copied().unwrap_or(0.0);
        let peaks = psd.peak_frequency(lowest..=highest).map_err(Failure::new)?;
        let (low, high) =
            peaks.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), hz| (hz.min(low), hz.max(high)));
        let step = psd.frequency.get(1).copied().unwrap_or(0.0);
        let peak =
            if low == high { digits(low, 3) } else { format!("{} … {}", digits(low, 3), digits(high, 3)) };
        terminal.line(format!(
            "  {}  peak at {peak} Hz, bins of {} Hz",
            paint.faint("psd"),
            digits(step, 3)
        ))?;
    }
    Ok(())
}

fn save(outcomes: &[Outcome], path: &Path) -> Result<(), Failure> {
    if path.extension().is_none_or(|ending| ending != "npz") {
        let failure = Failure::new(format!("cannot tell from `{}` how to write an analysis", path.display()));
        return Err(failure.hint("its ending must be .npz"));
    }
    let mut file = NpzWriter::new();
    for Outcome { column, fc, psd } in outcomes {
        if let Some(fc) = fc {
            file.add(&format!("{}_fc", column.name), fc).map_err(Failure::new)?;
        }
        if let Some(psd) = psd {
            file.add(&format!("{}_psd", column.name), &psd.power).map_err(Failure::new)?;
            file.add(&format!("{}_frequency", column.name), &psd.frequency).map_err(Failure::new)?;
        }
    }
    file.save(path).map_err(Failure::new)
}

fn draw(outcomes: &[Outcome], model: Option<&str>, path: &Path) -> Result<(), Failure> {
    let both = outcomes.iter().any(|outcome| outcome.fc.is_some() && outcome.psd.is_some());
    let mut figure = Figure::new().columns(if both { 2 } else { 1 });
    let mut names = Vec::new();
    for (row, Outcome { column, fc, psd }) in outcomes.iter().enumerate() {
        names.push(column.name.as_str());
        let mut place = 0;
        if let Some(psd) = psd {
            let unit = if column.unit == "1" { "" } else { &column.unit };
            let panel =
                power_spectrum(&psd.frequency, &psd.power, unit).title(format!("power of {}", column.name));
            figure = figure.panel_at((row, place), (1, 1), panel);
            place += 1;
        }
        if let Some(fc) = fc {
            let title = format!("functional connectivity of {}", column.name);
            figure = figure.panel_at((row, place), (1, 1), viz::functional_connectivity(fc).title(title));
        }
    }
    let title = if let Some(model) = model {
        figure = figure.title(model);
        TITLE
    } else {
        0.0
    };
    let width = if both { 900.0 } else { 560.0 };
    figure
        .alt(format!("analysis of {}", names.join(", ")))
        .size(width, ROW * outcomes.len().min(8) as f64 + title)
        .save(path)
        .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
}
