//! `brainmass analyze`

use std::path::{Path, PathBuf};

use brainmass::analysis::{
    AnalysisError, PowerSpectrum, Trend, Welch, Windows, fcd, functional_connectivity, upper_triangle,
};
use brainmass::io::npz::NpzWriter;
use brainmass::quantity::Quantity;
use brainmass::simulator::Column;
use brainmass::viz::{self, Figure, Panel, power_spectrum};
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

/// Analyse a saved run or measured signals: connectivity, spectra.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass analyze run.npz
  brainmass analyze run.npz --fc --psd --plot
  brainmass analyze run.npz --psd --record eeg --plot spectrum.svg --out spectrum.npz
  brainmass analyze bold.npz --tr 720ms --regions-first --fc --fcd --window 30s --plot

The file that --out writes has, for each record x, the arrays x_fc (region, region), x_fcd (window, window), x_psd
(frequency, region) in squares of its unit per Hz, and x_frequency (Hz).")]
pub struct Arguments {
    /// A saved run (.npz, .csv, .json), or signals without times (.npz) if --tr says how far apart their samples are
    run: PathBuf,
    /// Functional connectivity: Pearson correlations of the regions [default: all analyses]
    #[arg(long)]
    fc: bool,
    /// Functional connectivity dynamics: correlations of the functional connectivity of windows [default: all analyses]
    #[arg(long)]
    fcd: bool,
    /// Length of a window of --fcd, to the nearest sample
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = milliseconds)]
    window: f64,
    /// Time from the start of one window to that of the next [default: a tenth of a window]
    #[arg(long, value_name = "TIME", value_parser = milliseconds)]
    window_step: Option<f64>,
    /// Power spectral density by the method of Welch [default: all analyses]
    #[arg(long)]
    psd: bool,
    /// Only these records, between commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    record: Vec<String>,
    /// The file holds signals without times, sampled at this interval
    #[arg(long, value_name = "TIME", value_parser = milliseconds)]
    tr: Option<f64>,
    /// With --tr: arrays have a row a region, not a row a sample
    #[arg(long, requires = "tr")]
    regions_first: bool,
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
    fcd: Option<Dynamics>,
    psd: Option<PowerSpectrum>,
}

/// Functional connectivity dynamics, and the windows that they are of, ms.
struct Dynamics {
    matrix: Array2<f64>,
    window: f64,
    step: f64,
}

fn milliseconds(text: &str) -> Result<f64, String> {
    let time: Quantity = text.parse()?;
    let time = time.in_unit("ms").ok_or("it is no time; write `720ms` or `60s`")?;
    if time > 0.0 { Ok(time) } else { Err("it must be above 0".into()) }
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let recording = match arguments.tr {
        Some(tr) => Recording::sampled(&arguments.run, tr, arguments.regions_first)?,
        None => Recording::open(&arguments.run)?,
    };
    let columns = recording.chosen(&arguments.record)?;
    let all = !arguments.fc && !arguments.fcd && !arguments.psd;
    let mut outcomes = Vec::new();
    for column in columns {
        let about = |error| Failure::new(format!("cannot analyse `{}`: {error}", column.name));
        let signal = column.values.view();
        let fc = (arguments.fc || all && signal.ncols() > 1).then(|| functional_connectivity(signal));
        let fcd = match column.interval() {
            Some(dt) if arguments.fcd || all => {
                let windows = windows(arguments, dt).map_err(about)?;
                let fits = signal.ncols() > 2 && signal.nrows() >= windows.size() + windows.step();
                let matrix =
                    (arguments.fcd || fits).then(|| fcd(signal, windows)).transpose().map_err(about)?;
                let (window, step) = (windows.size() as f64 * dt, windows.step() as f64 * dt);
                matrix.map(|matrix| Dynamics { matrix, window, step })
            }
            None if arguments.fcd => {
                let failure = Failure::new("windows need at least two samples at even intervals");
                return Err(failure.hint("record for longer, or in every step"));
            }
            _ => None,
        };
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
        outcomes.push(Outcome { column, fc: fc.transpose().map_err(about)?, fcd, psd });
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

fn windows(arguments: &Arguments, dt: f64) -> Result<Windows, AnalysisError> {
    let samples = |time: f64| ((time / dt).round() as usize).max(1);
    let step = arguments.window_step.unwrap_or(0.1 * arguments.window);
    Windows::new(samples(arguments.window), samples(step))
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn tell(outcome: &Outcome, terminal: &mut Terminal) -> Result<(), Failure> {
    let (rows, nodes) = outcome.column.values.dim();
    let paint = terminal.paint;
    terminal.line(format!("{}  ({rows}, {nodes})", paint.title(&outcome.column.name)))?;
    if let Some(fc) = &outcome.fc {
        let text = correlations(fc).unwrap_or_else(|| "no pair of regions".to_owned());
        terminal.line(format!("  {}   {text}", paint.faint("fc")))?;
    }
    if let Some(Dynamics { matrix, window, step }) = &outcome.fcd {
        let text = correlations(matrix).unwrap_or_default();
        let (count, window, step) = (matrix.nrows(), digits(window / 1000.0, 3), digits(step / 1000.0, 3));
        terminal.line(format!(
            "  {}  {text}; {count} windows of {window} s every {step} s",
            paint.faint("fcd")
        ))?;
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

/// The mean and the extremes of the correlations beside the diagonal.
fn correlations(matrix: &Array2<f64>) -> Option<String> {
    let pairs = upper_triangle(matrix.view(), 1);
    let (low, high) =
        pairs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), r| (r.min(low), r.max(high)));
    let (mean, low, high) = (digits(pairs.mean()?, 3), digits(low, 3), digits(high, 3));
    Some(format!("mean correlation {mean}, from {low} to {high}"))
}

fn save(outcomes: &[Outcome], path: &Path) -> Result<(), Failure> {
    if path.extension().is_none_or(|ending| ending != "npz") {
        let failure = Failure::new(format!("cannot tell from `{}` how to write an analysis", path.display()));
        return Err(failure.hint("its ending must be .npz"));
    }
    let mut file = NpzWriter::new();
    for Outcome { column, fc, fcd, psd } in outcomes {
        if let Some(Dynamics { matrix, .. }) = fcd {
            file.add(&format!("{}_fcd", column.name), matrix).map_err(Failure::new)?;
        }
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
    let rows: Vec<Vec<Panel>> = outcomes.iter().map(panels).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    let mut figure = Figure::new().columns(columns);
    for (row, panels) in rows.into_iter().enumerate() {
        for (place, panel) in panels.into_iter().enumerate() {
            figure = figure.panel_at((row, place), (1, 1), panel);
        }
    }
    let title = if let Some(model) = model {
        figure = figure.title(model);
        TITLE
    } else {
        0.0
    };
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.column.name.as_str()).collect();
    let width = [560.0, 900.0, 1300.0][columns.clamp(1, 3) - 1];
    figure
        .alt(format!("analysis of {}", names.join(", ")))
        .size(width, ROW * outcomes.len().min(8) as f64 + title)
        .save(path)
        .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
}

fn panels(Outcome { column, fc, fcd, psd }: &Outcome) -> Vec<Panel> {
    let name = &column.name;
    let mut panels = Vec::new();
    if let Some(psd) = psd {
        let unit = if column.unit == "1" { "" } else { &column.unit };
        panels.push(power_spectrum(&psd.frequency, &psd.power, unit).title(format!("power of {name}")));
    }
    if let Some(fc) = fc {
        panels.push(viz::functional_connectivity(fc).title(format!("functional connectivity of {name}")));
    }
    if let Some(Dynamics { matrix, step, .. }) = fcd {
        panels.push(viz::fcd(matrix, *step).title("functional connectivity dynamics"));
    }
    panels
}
