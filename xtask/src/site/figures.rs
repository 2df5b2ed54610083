//! The computations behind the page of a model: a run, its spectrum, the phase plane, fixed points, a sweep.

use brainmass::Run;
use brainmass::analysis::Welch;
use brainmass::dynamics::FixedPoint;
use brainmass::info::{Kind, ModelInfo, Setting};
use brainmass::shared::{List, Text};
use brainmass::viz::{Figure, PhasePortrait, fixed_point_kind, power_spectrum, time_series};
use ndarray::{Axis as Dimension, concatenate};

use super::accuracy::{self, Accuracy, Pair, settled};
use super::circumstances::Circumstances;
use super::shown::{Shown, figure, rounded, unit_text};
use super::theme::adaptive;
use super::zoo::Item;
use super::{blocks, sweep};

/// Fixed points under some circumstances.
#[derive(Debug, Clone)]
pub struct Rest {
    /// The circumstances, as in `at the defaults`.
    pub when: &'static str,
    /// The window that was searched: state, from, to.
    pub window: Vec<(f64, f64)>,
    /// The fixed points that were found.
    pub points: Vec<FixedPoint>,
    /// Whether every state is a fixed point: nothing changes by itself.
    pub everywhere: bool,
}

/// Everything that is computed of a model.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Signals over time.
    pub run: Option<Shown>,
    /// Their power.
    pub spectrum: Option<Shown>,
    /// The phase plane, or a view of a trajectory.
    pub phase: Option<Shown>,
    /// One parameter swept.
    pub sweep: Option<Shown>,
    /// The bifurcation diagram over the same parameter.
    pub diagram: Option<Shown>,
    /// Fixed points.
    pub rests: Vec<Rest>,
    /// The window of each state, for the interactive phase plane.
    pub window: Vec<(f64, f64)>,
    /// A small picture without words.
    pub thumbnail: Option<String>,
    /// The changes of these pictures at half the time step.
    pub accuracy: Option<Accuracy>,
}

/// Computes all of it.
///
/// # Errors
///
/// A run or a drawing fails; the message names the model.
pub fn compute(item: &Item) -> Result<Figures, String> {
    let named = |error: String| format!("{}: {error}", item.model.name);
    let several = example(item).map_err(named)?;
    let Some(setting) = item.run() else {
        return several.map_or(Ok(Figures::default()), |run| of_example(item, &run).map_err(named));
    };
    let circumstances = Circumstances::of_run(item, setting);
    let mut pair = Pair::new(&circumstances, &recorded(item)).map_err(named)?;
    let mut accuracy = pair.accuracy(&circumstances).map_err(named)?;
    if circumstances.is_noisy() {
        pair = Pair::with_noise(&circumstances, &recorded(item)).map_err(named)?;
    }
    let window = window(item.info(), &pair.whole);
    let rests = rests(item, setting, &window).map_err(named)?;
    let shown_rest = rests.last().map_or(&[][..], |rest| &rest.points);
    let spectrum = draw_spectrum(&pair.whole, recorded(item)[0]).map_err(named)?;
    let alone = match several {
        Some(run) => Figures { spectrum, ..of_example(item, &run).map_err(named)? },
        None => Figures {
            run: Some(draw_run(item, &pair.run, accuracy.exponent).map_err(named)?),
            spectrum,
            thumbnail: Some(super::thumbnail::of(&pair.run, &recorded(item))),
            ..Figures::default()
        },
    };
    let sweep = item.info().plots.sweep.map(|sweep| sweep::draw(item, setting, &sweep, &window));
    let sweep = sweep.transpose().map_err(named)?;
    accuracy.sweep = sweep.as_ref().map(|sweep| sweep.change);
    accuracy.over = sweep.as_ref().map(|sweep| sweep.over.clone());
    Ok(Figures {
        phase: draw_phase(&circumstances, &pair.run, shown_rest).map_err(named)?,
        diagram: sweep.as_ref().map(|sweep| sweep.diagram.clone()),
        sweep: sweep.map(|sweep| sweep.shown),
        rests,
        window,
        accuracy: Some(accuracy),
        ..alone
    })
}

/// The run of the page's example, where that is more than a node alone: of several nodes, of nodes that a rule couples, of a layer.
fn example(item: &Item) -> Result<Option<Run>, String> {
    let several = item.model.plots.nodes.is_some() || item.model.layer.is_some();
    several.then(|| blocks::example(&item.model.name)).flatten().transpose()
}

/// Draws the signals of such a run, a line a node, and the spectrum of the first.
fn of_example(item: &Item, run: &Run) -> Result<Figures, String> {
    let is_rule = item.info().kind == Kind::Coupling;
    let names: Vec<&str> = match &item.model.plots.nodes {
        Some(nodes) if is_rule => vec![&nodes.signal, "coupling_input"],
        _ if item.model.layer.is_some() => {
            item.info().states.iter().map(|state| state.name.as_str()).take(2).collect()
        }
        _ => recorded(item),
    };
    let first = &run[names[0]];
    let nodes = if item.model.layer.is_some() { "cells" } else { "nodes" };
    let what = if is_rule {
        format!("{} of {} nodes that the rule couples, and what each receives", names[0], first.ncols())
    } else {
        format!("{} of {} {nodes} over time", names.join(", "), first.ncols())
    };
    let mut figure =
        Figure::new().size(520.0, 110.0 + 130.0 * names.len() as f64).columns(1).share_x().alt(&what);
    for name in &names {
        let unit = unit_text(run.unit(name).unwrap_or("1"));
        let panel =
            time_series(&run.ts, &run[*name]).y_label(name.replace("coupling_input", "received"), unit);
        let named = first.ncols() <= 5 && *name == names[0];
        figure = figure.panel(if named { panel.labels(nodes_named(first.ncols())) } else { panel });
    }
    let svg = figure.to_svg().map_err(|error| error.to_string())?;
    Ok(Figures {
        run: Some(Shown { svg: adaptive(&svg), caption: format!("{what}.") }),
        // The spectrum of coupled nodes is theirs, not the rule's.
        spectrum: if is_rule { None } else { draw_spectrum(run, names[0])? },
        thumbnail: Some(super::thumbnail::of_nodes(first)),
        ..Figures::default()
    })
}

/// The signals that the page of a model shows.
pub fn recorded(item: &Item) -> Vec<&str> {
    match &item.info().plots.record[..] {
        [] => item.info().states.iter().map(|state| state.name.as_str()).take(3).collect(),
        names => names.iter().map(Text::as_str).collect(),
    }
}

/// An interval a state in which the run lies with room around it, or that the file gives.
fn window(info: &ModelInfo, run: &Run) -> Vec<(f64, f64)> {
    let given = |index: usize| {
        info.plots.phase.iter().find(|(state, ..)| *state == index).map(|&(_, from, to)| (from, to))
    };
    let seen = |index: usize| {
        let state = &info.states[index];
        let values = &run[&state.name];
        let low = values.fold(f64::INFINITY, |low, x| low.min(*x));
        let high = values.fold(f64::NEG_INFINITY, |high, x| high.max(*x));
        let width = (high - low).max(0.1 * high.abs().max(low.abs())).max(1e-3);
        let (lower, upper) = state.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        ((low - 0.5 * width).max(lower), (high + 0.5 * width).min(upper))
    };
    (0..info.states.len()).map(|index| given(index).unwrap_or_else(|| seen(index))).collect()
}

/// Fixed points at the defaults and, where the run differs from them and its nodes are alike, as in the run. They are searched in the window of the page, and where
/// a run at the defaults goes.
fn rests(item: &Item, setting: &Setting, window: &[(f64, f64)]) -> Result<Vec<Rest>, String> {
    let search = |when, setting: &Setting, window: &[(f64, f64)]| {
        let field = Circumstances::of_run(item, setting).field(0.0)?;
        // Newton's method stays where it starts.
        let everywhere =
            sweep::grid(window).iter().all(|states| field.rates(states).iter().all(|rate| *rate == 0.0));
        let points = match everywhere {
            true => Vec::new(),
            false => field.fixed_points(window).map_err(|error| error.to_string())?,
        };
        Ok::<_, String>(Rest { when, window: window.to_vec(), points, everywhere })
    };
    let nothing = || List::from(Vec::new());
    let alone = Setting {
        parameters: nothing(),
        init: nothing(),
        inputs: nothing(),
        dt: setting.dt,
        transient: 0.0,
        duration: setting.duration,
    };
    let seen = self::window(item.info(), &accuracy::whole(&Circumstances::of_run(item, &alone))?);
    let mut rests = vec![search("at the defaults, without input", &alone, &sweep::joined(window, &seen))?];
    let differs = !setting.parameters.is_empty() || setting.inputs.iter().any(|(_, value)| *value != 0.0);
    if differs && item.model.plots.nodes.is_none() {
        rests.push(search("as in the run above", setting, window)?);
    }
    Ok(rests)
}

/// Draws the signals of a run over time. The caption says where a run is chaotic, with this largest Lyapunov exponent in 1/ms.
fn draw_run(item: &Item, run: &Run, exponent: Option<f64>) -> Result<Shown, String> {
    let names = recorded(item);
    // Signals of different units have a panel each.
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in &names {
        let unit = run.unit(name).unwrap_or("1");
        match groups.iter_mut().find(|(other, _)| *other == unit) {
            Some((_, names)) => names.push(name),
            None => groups.push((unit, vec![name])),
        }
    }
    let title = format!("{} over time", names.join(", "));
    let mut figure =
        Figure::new().size(520.0, 110.0 + 140.0 * groups.len() as f64).columns(1).share_x().alt(&title);
    for (unit, names) in &groups {
        let columns: Vec<_> = names.iter().map(|name| run[*name].view()).collect();
        let all = concatenate(Dimension(1), &columns).map_err(|error| error.to_string())?;
        let label = if names.len() == 1 { names[0] } else { "" };
        let panel = time_series(&run.ts, &all).y_label(label, unit_text(unit));
        figure = figure.panel(if names.len() > 1 { panel.labels(names.clone()) } else { panel });
    }
    let svg = figure.to_svg().map_err(|error| error.to_string())?;
    let chaos = exponent.map_or_else(String::new, |exponent| {
        format!(
            " The run is chaotic, with a largest Lyapunov exponent of {} per ms: another step or another rounding gives another course \
             after some time.",
            rounded(exponent, 2)
        )
    });
    Ok(Shown { svg: adaptive(&svg), caption: format!("{title}.{chaos}") })
}

/// The spectrum of the first signal, settled; none where it has come to rest.
fn draw_spectrum(run: &Run, name: &str) -> Result<Option<Shown>, String> {
    let Some(settled) = settled(run, name) else { return Ok(None) };
    let dt = run.ts[1] - run.ts[0];
    // The mean over overlapping halves, so that noise has no peaks.
    let spectrum =
        Welch::new(settled.nrows() / 2).estimate(settled.view(), dt).map_err(|error| error.to_string())?;
    let peaks = spectrum.peaks(0.0..=f64::INFINITY).map_err(|error| error.to_string())?;
    let panel =
        power_spectrum(&spectrum.frequency, &spectrum.power, &unit_text(run.unit(name).unwrap_or("1")));
    let width = rounded(spectrum.frequency[1], 2);
    let caption = match peaks[..] {
        [Some(peak)] => {
            let peak = rounded(peak, 3);
            format!("Power spectral density of {name}; it peaks at {peak} Hz, in bins {width} Hz wide.")
        }
        [None] => format!(
            "Power spectral density of {name}, in bins {width} Hz wide; no peak rises above its surroundings."
        ),
        _ => format!("Power spectral density of {name}, a line for each of {}.", peaks.len()),
    };
    let panel = if (2..=5).contains(&peaks.len()) { panel.labels(nodes_named(peaks.len())) } else { panel };
    Ok(Some(Shown { svg: figure(panel, (360.0, 260.0), &caption)?, caption }))
}

/// Names for the lines of some nodes.
fn nodes_named(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(|node| format!("node {node}"))
}

/// The plane of two states: flow and nullclines of a planar model, the run alone of others.
fn draw_phase(
    circumstances: &Circumstances,
    run: &Run,
    rest: &[FixedPoint],
) -> Result<Option<Shown>, String> {
    let item = circumstances.item;
    let info = item.info();
    let &[(i, x_from, x_to), (j, y_from, y_to)] = &info.plots.phase[..] else { return Ok(None) };
    let (x, y) = (&info.states[i], &info.states[j]);
    let mut portrait =
        PhasePortrait::new(x.name.clone(), y.name.clone()).units(unit_text(&x.unit), unit_text(&y.unit));
    let mut what = format!("The run in the plane of {} and {}", x.name, y.name);
    if item.is_planar() {
        let field = circumstances.field(0.0)?;
        portrait = portrait.flow((x_from, x_to), (y_from, y_to), |a, b| {
            let mut states = [0.0; 2];
            (states[i], states[j]) = (a, b);
            let rates = field.rates(&states);
            (rates[i], rates[j])
        });
        what = "Flow, nullclines, fixed points and the run".to_owned();
    }
    portrait = portrait.trajectory(run[&x.name].column(0), run[&y.name].column(0));
    if item.is_planar() {
        portrait = rest.iter().fold(portrait, |portrait, point| {
            portrait.fixed_point(point.states[i], point.states[j], fixed_point_kind(point.stability()))
        });
    }
    let caption = format!("{what}.");
    Ok(Some(Shown { svg: figure(portrait.into(), (640.0, 460.0), &caption)?, caption }))
}
