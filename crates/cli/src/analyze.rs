//! The command `brainmass analyze`.

use std::path::{Path, PathBuf};

use brainmass::analysis::{
    AnalysisError, Channels, PowerSpectrum, Trend, Welch, Windows, fcd, functional_connectivity,
    upper_triangle,
};
use brainmass::io::npz::NpzWriter;
use brainmass::io::recording::{Column, Recording};
use brainmass::io::{check_outputs, ending, printable};
use brainmass::quantity::Quantity;
use brainmass::viz::{self, Figure, Format, Panel, power_band, power_spectrum_between};
use clap::Args;
use ndarray::{Array1, Array2, ArrayView2, Axis, CowArray, Ix2};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::figure::{self, Order, Page, is_matrix, with_legend, with_order};
use crate::recording;
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
  brainmass analyze run.npz --psd --from 1Hz --to 40Hz --record eeg --plot spectrum.pdf --out spectrum.npz
  brainmass analyze bold.npz --tr 720ms --regions-first --fc --fcd --window 30s --plot
  brainmass analyze bold.tsv --tr 2s --fc

Nodes that do not vary and nodes with values that are not finite are counted, named and left out; what they do
not have is NaN in the file.

The file that --out writes has, for each record x, the arrays x_fc (region, region), x_fcd (window, window), x_psd
(frequency, region) in squares of its unit per Hz, and x_frequency (Hz), and labels, the names of the regions.")]
pub struct Arguments {
    /// A saved run (.npz, .csv, .json), or with --tr signals without times (.npz, .npy, .csv, .tsv, .txt).
    run: PathBuf,
    /// Functional connectivity: Pearson correlations of the regions [default: all analyses].
    #[arg(long)]
    fc: bool,
    /// Functional connectivity dynamics: correlations of the functional connectivity of windows [default: all analyses].
    #[arg(long)]
    fcd: bool,
    /// Length of a window of --fcd, to the nearest sample.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = milliseconds)]
    window: f64,
    /// Time from the start of one window to that of the next [default: a tenth of a window].
    #[arg(long, value_name = "TIME", value_parser = milliseconds)]
    window_step: Option<f64>,
    /// Power spectral density by the method of Welch [default: all analyses].
    #[arg(long)]
    psd: bool,
    /// Shows the spectrum from this frequency on [default: the lowest].
    #[arg(long, value_name = "FREQUENCY", value_parser = hertz)]
    from: Option<f64>,
    /// Shows the spectrum up to this frequency [default: twice that below which 99 % of the power lies].
    #[arg(long, value_name = "FREQUENCY", value_parser = hertz)]
    to: Option<f64>,
    /// Only these records, between commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    record: Vec<String>,
    /// The file holds signals without times, a row a sample and a column a region, sampled at this interval.
    #[arg(long, value_name = "TIME", value_parser = milliseconds)]
    tr: Option<f64>,
    /// Arrays have a row a region, not a row a sample; it needs --tr.
    #[arg(long, requires = "tr")]
    regions_first: bool,
    /// Draws the outcome: .png, .svg or .pdf [default: beside the run].
    #[arg(long, value_name = "FILE")]
    plot: Option<Option<PathBuf>>,
    /// The title of the figure [default: that of the experiment].
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    page: Page,
    /// Writes the outcome: .npz.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The outcome of the analyses of one record.
struct Outcome<'a> {
    column: &'a Column,
    /// The nodes that vary, and those that do not.
    channels: Channels,
    fc: Option<Array2<f64>>,
    fcd: Option<Dynamics>,
    psd: Option<PowerSpectrum>,
    /// Analyses that were not made, and why.
    left_out: Vec<(&'static str, String)>,
}

/// Functional connectivity dynamics, and the windows that they are of, ms.
struct Dynamics {
    matrix: Array2<f64>,
    /// Windows in which all nodes vary.
    compared: usize,
    window: f64,
    step: f64,
}

fn milliseconds(text: &str) -> Result<f64, String> {
    let time: Quantity = text.parse()?;
    let time = time.in_unit("ms").ok_or("it is no time; write `720ms` or `60s`")?;
    if time > 0.0 { Ok(time) } else { Err("it must be above 0".into()) }
}

fn hertz(text: &str) -> Result<f64, String> {
    let frequency: Quantity = text.parse()?;
    let frequency = frequency.in_unit("Hz").ok_or("it is no frequency; write `40Hz`")?;
    if frequency > 0.0 { Ok(frequency) } else { Err("it must be above 0".into()) }
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let plot = arguments.plot.clone().map(|path| path.unwrap_or_else(|| beside(&arguments.run)));
    plot.iter().try_for_each(|path| Format::of(path).map(|_| ())).map_err(Failure::new)?;
    let outputs: Vec<&PathBuf> = arguments.out.iter().chain(&plot).collect();
    check_outputs(&[&arguments.run], &outputs).map_err(Failure::new)?;
    let recording = match arguments.tr {
        Some(tr) => recording::sampled(&arguments.run, tr, arguments.regions_first)?,
        None => recording::open(&arguments.run)?,
    };
    let columns = recording::chosen(&recording, &arguments.record)?;
    let outcomes =
        columns.into_iter().map(|column| analyse(column, arguments)).collect::<Result<Vec<_>, _>>()?;
    for note in &recording.notes {
        terminal.line(format!("{} {note}", terminal.paint.hint("note:")))?;
    }
    for outcome in &outcomes {
        tell(outcome, recording.nodes.as_deref(), terminal)?;
    }
    if let Some(path) = &arguments.out {
        let provenance = provenance(&recording, &outcomes, arguments);
        save(&outcomes, &provenance, recording.nodes.as_deref(), path)?;
        terminal.line(format!("wrote {}", path.display()))?;
    }
    if let Some(path) = &plot {
        draw(&outcomes, &recording, arguments, path)?;
        terminal.line(format!("wrote {}", path.display()))?;
    }
    Ok(())
}

/// Returns the path of the figure beside a run, whose name may be no text.
fn beside(run: &Path) -> PathBuf {
    let mut name = run.file_stem().unwrap_or_default().to_owned();
    name.push("_analysis.png");
    run.with_file_name(name)
}

/// The reason why an analysis was not made, and what to do about it.
struct Reason {
    why: String,
    hint: Option<&'static str>,
}

impl From<AnalysisError> for Reason {
    fn from(error: AnalysisError) -> Self {
        Self { why: error.to_string(), hint: None }
    }
}

/// Makes the analyses that were asked for. If none was named, all that the record allows are made, and the reasons why the
/// others are not are kept.
fn analyse<'a>(column: &'a Column, arguments: &Arguments) -> Result<Outcome<'a>, Failure> {
    let channels = Channels::of(column.values.view());
    let signal: CowArray<f64, Ix2> = match channels.varying.len() == column.values.ncols() {
        true => column.values.view().into(),
        false => column.values.select(Axis(1), &channels.varying).into(),
    };
    let all = !arguments.fc && !arguments.fcd && !arguments.psd;
    let mut left_out = Vec::new();
    let mut wanted = |name: &'static str, asked: bool, reason: Reason| -> Result<(), Failure> {
        if !asked {
            let advice = reason.hint.map_or_else(String::new, |hint| format!("; {hint}"));
            left_out.push((name, reason.why + &advice));
            return Ok(());
        }
        let failure = Failure::new(format!("cannot analyse `{}`: {}", printable(&column.name), reason.why));
        Err(reason.hint.into_iter().fold(failure, Failure::hint))
    };
    let fc = match arguments.fc || all {
        true => connectivity(column, signal.view(), &channels)
            .map_or_else(|reason| wanted("fc", arguments.fc, reason).map(|()| None), |fc| Ok(Some(fc)))?,
        false => None,
    };
    let fcd = match arguments.fcd || all {
        true => dynamics(column, signal.view(), arguments)
            .map_or_else(|reason| wanted("fcd", arguments.fcd, reason).map(|()| None), |fcd| Ok(Some(fcd)))?,
        false => None,
    };
    let psd = match arguments.psd || all {
        true => spectrum(column, signal.view(), &channels, arguments)
            .map_or_else(|reason| wanted("psd", arguments.psd, reason).map(|()| None), |psd| Ok(Some(psd)))?,
        false => None,
    };
    Ok(Outcome { column, channels, fc, fcd, psd, left_out })
}

/// Returns the time from sample to sample, in ms; the reason for records that are no series in time.
fn interval(column: &Column) -> Result<f64, Reason> {
    if is_matrix(column) {
        let why = "it is a matrix given at the end of the run, not a signal".to_owned();
        return Err(Reason { why, hint: None });
    }
    column.interval().ok_or_else(|| Reason {
        why: "it needs at least two samples at even intervals".to_owned(),
        hint: Some("record for longer, or in every step"),
    })
}

/// Correlates the nodes that vary; the entries of others are NaN.
fn connectivity(
    column: &Column,
    signal: ArrayView2<f64>,
    channels: &Channels,
) -> Result<Array2<f64>, Reason> {
    if is_matrix(column) {
        interval(column)?;
    }
    if signal.ncols() < 2 {
        let why = format!("correlations need two nodes that vary, there are {}", signal.ncols());
        return Err(Reason { why, hint: None });
    }
    let nodes = column.values.ncols();
    let found = functional_connectivity(signal)?;
    let mut fc = Array2::from_elem((nodes, nodes), f64::NAN);
    for (row, &target) in channels.varying.iter().enumerate() {
        for (place, &source) in channels.varying.iter().enumerate() {
            fc[[target, source]] = found[[row, place]];
        }
    }
    Ok(fc)
}

fn dynamics(column: &Column, signal: ArrayView2<f64>, arguments: &Arguments) -> Result<Dynamics, Reason> {
    let dt = interval(column)?;
    let samples = |time: f64| ((time / dt).round() as usize).max(1);
    let step = arguments.window_step.unwrap_or(0.1 * arguments.window);
    let windows = Windows::new(samples(arguments.window), samples(step)).map_err(|error| Reason {
        why: error.to_string(),
        hint: Some("say with `--window` how long a window is"),
    })?;
    let matrix = fcd(signal, windows).map_err(|error| Reason {
        why: error.to_string(),
        hint: Some("a run can be longer, or a window shorter with `--window`"),
    })?;
    let (window, step) = (windows.size() as f64 * dt, windows.step() as f64 * dt);
    let compared = matrix.diag().iter().filter(|own| own.is_finite()).count();
    Ok(Dynamics { matrix, compared, window, step })
}

/// Estimates the spectra of the nodes that vary; those of others are NaN.
fn spectrum(
    column: &Column,
    signal: ArrayView2<f64>,
    channels: &Channels,
    arguments: &Arguments,
) -> Result<PowerSpectrum, Reason> {
    let dt = interval(column)?;
    if signal.ncols() == 0 {
        return Err(Reason { why: "no node varies".to_owned(), hint: None });
    }
    let segment = (signal.nrows() / 2).clamp(SHORTEST, LONGEST).min(signal.nrows());
    let found = Welch::new(segment).trend(Trend::Constant).estimate(signal, dt)?;
    let (from, to) = (arguments.from.unwrap_or(0.0), arguments.to.unwrap_or(f64::INFINITY));
    if !found.frequency.iter().any(|hz| *hz > 0.0 && (from..=to).contains(hz)) {
        let [step, highest] =
            [found.frequency.get(1), found.frequency.last()].map(|hz| hz.copied().unwrap_or(0.0));
        let why = format!(
            "its frequencies go up to {} Hz in steps of {} Hz; none lies between `--from` and `--to`",
            digits(highest, 3),
            digits(step, 3)
        );
        return Err(Reason { why, hint: None });
    }
    let mut power = Array2::from_elem((found.frequency.len(), column.values.ncols()), f64::NAN);
    for (place, &node) in channels.varying.iter().enumerate() {
        power.column_mut(node).assign(&found.power.column(place));
    }
    Ok(PowerSpectrum { power, ..found })
}

/// Prints what was found of a record, and what was left out.
fn tell(outcome: &Outcome, names: Option<&[String]>, terminal: &mut Terminal) -> Result<(), Failure> {
    let (rows, nodes) = outcome.column.values.dim();
    let paint = terminal.paint;
    terminal.line(format!("{}  ({rows}, {nodes})", paint.title(&printable(&outcome.column.name))))?;
    let left_out = [
        (&outcome.channels.constant, "does not vary", "do not vary"),
        (&outcome.channels.not_finite, "has values that are not finite", "have values that are not finite"),
    ];
    for (channels, one, more) in left_out.into_iter().filter(|(channels, ..)| !channels.is_empty()) {
        let (does, are) = if channels.len() == 1 { (one, "is") } else { (more, "are") };
        let which = listed(channels, names.filter(|names| names.len() == nodes));
        let text = format!("{} of {nodes} nodes {does} and {are} left out: {which}", channels.len());
        terminal.line(format!("  {} {text}", paint.hint("note:")))?;
    }
    if let Some(fc) = &outcome.fc {
        let text = correlations(fc).unwrap_or_else(|| "no pair of regions".to_owned());
        terminal.line(format!("  {}   {text}", paint.faint("fc")))?;
    }
    if let Some(Dynamics { matrix, compared, window, step }) = &outcome.fcd {
        let text =
            correlations(matrix).unwrap_or_else(|| "no two windows in which all nodes vary".to_owned());
        let (count, window, step) = (matrix.nrows(), digits(window / 1000.0, 3), digits(step / 1000.0, 3));
        let of = if *compared < count { format!("{compared} of {count}") } else { count.to_string() };
        terminal
            .line(format!("  {}  {text}; {of} windows of {window} s every {step} s", paint.faint("fcd")))?;
    }
    if let Some(psd) = &outcome.psd {
        let highest = psd.frequency.last().copied().unwrap_or(0.0);
        let peaks = psd.peaks(0.0..=highest).map_err(Failure::new)?;
        // Between the spectrum's frequencies, as `brainmass run` tells it.
        let top = |(region, hz): (usize, &Option<f64>)| {
            let index = psd.frequency.iter().position(|known| Some(*known) == *hz)?;
            Some(psd.vertex(region, index))
        };
        let tops: Vec<f64> = peaks.iter().enumerate().filter_map(top).collect();
        let found = tops.len();
        let (low, high) =
            tops.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), hz| (hz.min(low), hz.max(high)));
        let step = psd.frequency.get(1).copied().unwrap_or(0.0);
        let of =
            if found < peaks.len() { format!(" in {found} of {} nodes", peaks.len()) } else { String::new() };
        let peak = match found {
            0 => "no peak above its surroundings".to_owned(),
            _ if low == high => format!("peak at {} Hz{of}", digits(low, 3)),
            _ => format!("peaks at {} … {} Hz{of}", digits(low, 3), digits(high, 3)),
        };
        terminal.line(format!("  {}  {peak}, bins of {} Hz", paint.faint("psd"), digits(step, 3)))?;
    }
    for (name, why) in &outcome.left_out {
        terminal.line(format!("  {name:<3}  {}", paint.faint(&format!("left out: {why}"))))?;
    }
    Ok(())
}

/// Lists nodes by their names, or by their numbers where they have none; the first of them if there are many.
fn listed(channels: &[usize], names: Option<&[String]>) -> String {
    const MOST: usize = 10;
    let name = |index: &usize| match names {
        Some(names) => printable(&names[*index]),
        None => index.to_string(),
    };
    let shown: Vec<String> = channels.iter().take(MOST).map(name).collect();
    let more =
        if channels.len() > MOST { format!(" and {} more", channels.len() - MOST) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// Returns the mean and the extremes of the correlations beside the diagonal, of those pairs that have one.
fn correlations(matrix: &Array2<f64>) -> Option<String> {
    let pairs: Array1<f64> =
        upper_triangle(matrix.view(), 1).into_iter().filter(|value| value.is_finite()).collect();
    let (low, high) =
        pairs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), r| (r.min(low), r.max(high)));
    let (mean, low, high) = (digits(pairs.mean()?, 3), digits(low, 3), digits(high, 3));
    Some(format!("mean correlation {mean}, from {low} to {high}"))
}

/// Says how an analysis was made: the provenance of the run, or the name of measured signals, and the settings of the analysis.
fn provenance(recording: &Recording, outcomes: &[Outcome], arguments: &Arguments) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let mut provenance = recording.provenance.clone().unwrap_or_else(|| {
        let name = arguments.run.file_name().unwrap_or_default().to_string_lossy();
        json!({ "brainmass": version, "settings": { "measured signals": name } })
    });
    if !provenance["settings"].is_object() {
        provenance["settings"] = json!({});
    }
    let settings = &mut provenance["settings"];
    settings["version of the analysis"] = version.into();
    let records: Vec<&str> = outcomes.iter().map(|outcome| outcome.column.name.as_str()).collect();
    settings["analysed records"] = records.join(", ").into();
    if let Some(tr) = arguments.tr {
        settings["sampling interval of the signals"] = format!("{tr} ms").into();
    }
    for Outcome { column, fc, fcd, psd, .. } in outcomes {
        let mut made: Vec<String> = Vec::new();
        made.extend(fc.as_ref().map(|_| "fc".to_owned()));
        made.extend(fcd.as_ref().map(|Dynamics { window, step, .. }| {
            format!("fcd of windows of {window} ms in steps of {step} ms")
        }));
        made.extend(psd.as_ref().map(|_| "psd".to_owned()));
        settings[format!("analysis of {}", column.name)] = made.join(", ").into();
    }
    provenance
}

fn save(
    outcomes: &[Outcome],
    provenance: &Value,
    names: Option<&[String]>,
    path: &Path,
) -> Result<(), Failure> {
    if ending(path) != "npz" {
        let failure = Failure::new(format!("cannot tell from `{}` how to write an analysis", path.display()));
        return Err(failure.hint("its ending must be .npz"));
    }
    let mut file = NpzWriter::new();
    if let Some(names) = names {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        file.add("labels", &Array1::from(names)).map_err(Failure::new)?;
    }
    file.add("provenance", &Array1::from(vec![provenance.to_string()])).map_err(Failure::new)?;
    for Outcome { column, fc, fcd, psd, .. } in outcomes {
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

fn draw(
    outcomes: &[Outcome],
    recording: &Recording,
    arguments: &Arguments,
    path: &Path,
) -> Result<(), Failure> {
    let names = figure::names(recording, &[]);
    let order = arguments.page.order()?;
    let rows = outcomes.iter().map(|outcome| panels(outcome, names, &order, arguments));
    let rows: Vec<Vec<Panel>> = rows.collect::<Result<_, _>>()?;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    let mut figure = Figure::new().columns(columns);
    for (row, panels) in rows.into_iter().enumerate() {
        for (place, panel) in panels.into_iter().enumerate() {
            figure = figure.panel_at((row, place), (1, 1), panel);
        }
    }
    let title = if let Some(title) = arguments.title.clone().or_else(|| figure::title_of(recording)) {
        figure = figure.title(title);
        TITLE
    } else {
        0.0
    };
    let records: Vec<&str> = outcomes.iter().map(|outcome| outcome.column.name.as_str()).collect();
    let width = [560.0, 900.0, 1300.0][columns.clamp(1, 3) - 1];
    let figure = figure.alt(format!("analysis of {}", records.join(", ")));
    let figure = arguments.page.shape(figure, (width, ROW * outcomes.len().min(8) as f64 + title));
    figure::with_provenance(figure, recording)
        .save(path)
        .map_err(|error| Failure::new(format!("cannot draw `{}`: {error}", path.display())))
}

fn panels(
    outcome: &Outcome,
    names: &[String],
    order: &Order,
    arguments: &Arguments,
) -> Result<Vec<Panel>, Failure> {
    let Outcome { column, fc, fcd, psd, .. } = outcome;
    let name = &column.name;
    let mut panels = Vec::new();
    if let Some(PowerSpectrum { frequency, power }) = psd {
        let unit = if column.unit == "1" { "" } else { &column.unit };
        let (lowest, highest) = power_band(frequency, power).unwrap_or((0.0, f64::INFINITY));
        let (from, to) = (arguments.from.unwrap_or(lowest), arguments.to.unwrap_or(highest));
        let panel =
            power_spectrum_between(frequency, power, unit, from, to).title(format!("power of {name}"));
        panels.push(with_legend(panel, names, power.ncols()));
    }
    if let Some(fc) = fc {
        let panel = with_order(viz::functional_connectivity(fc), names, order)?;
        panels.push(panel.title(format!("functional connectivity of {name}")));
    }
    if let Some(Dynamics { matrix, step, .. }) = fcd {
        panels.push(viz::fcd(matrix, *step).title("functional connectivity dynamics"));
    }
    Ok(panels)
}
