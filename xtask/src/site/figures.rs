//! The computations behind the page of a model: a run, its spectrum, the phase plane, fixed points, a sweep.

use brainmass::analysis::Welch;
use brainmass::dynamics::{FixedPoint, Stability, VectorField};
use brainmass::info::{Kind, ModelInfo, Setting, Signal, Sweep};
use brainmass::viz::{
    Axis, Figure, Marker, Panel, PhasePortrait, Points, bifurcation, fixed_point_kind, power_spectrum,
    time_series,
};
use brainmass::{Run, Simulator, Values};
use ndarray::{Array2, Axis as Dimension, concatenate, s};

use super::blocks;
use super::theme::adaptive;
use super::zoo::Item;

/// Runs go on for so many times their duration, so that the spectrum is of the settled activity.
const SPECTRUM_RUNS: f64 = 3.0;
/// Steps of all nodes together that a sweep may take: long runs are swept at fewer values, so that the site is built in minutes.
const SWEEP_STEPS: f64 = 1e6;
/// The least and the most values of a parameter that are swept.
const SWEEP_VALUES: (f64, f64) = (17.0, 81.0);
/// So many times in a sweep, fixed points are searched for anew; between them they are followed. Where values are few, they lie too far
/// apart to be followed, and each is searched at.
const SEARCHES: usize = 5;
const FEW: usize = 20;

/// A figure as inline SVG, with what is said below it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Shown {
    /// The picture.
    pub svg: String,
    /// Its caption.
    pub caption: String,
}

/// Fixed points under some circumstances.
#[derive(Debug, Clone)]
pub struct Rest {
    /// The circumstances, as in `at the defaults`.
    pub when: &'static str,
    /// The window that was searched: state, from, to.
    pub window: Vec<(f64, f64)>,
    /// The fixed points that were found.
    pub points: Vec<FixedPoint>,
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
    /// Fixed points.
    pub rests: Vec<Rest>,
    /// The window of each state, for the interactive phase plane.
    pub window: Vec<(f64, f64)>,
    /// A small picture without words.
    pub thumbnail: Option<String>,
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
    let (run, whole) = simulate(item, setting).map_err(named)?;
    let window = window(item.info(), &whole);
    let rests = rests(item, setting, &window).map_err(named)?;
    let shown_rest = rests.last().map_or(&[][..], |rest| &rest.points);
    let alone = match several {
        Some(run) => of_example(item, &run).map_err(named)?,
        None => Figures {
            run: Some(draw_run(item, &run).map_err(named)?),
            spectrum: draw_spectrum(&whole, recorded(item)[0]).map_err(named)?,
            thumbnail: Some(super::thumbnail::of(&run, &recorded(item))),
            ..Figures::default()
        },
    };
    Ok(Figures {
        phase: draw_phase(item, setting, &run, shown_rest).map_err(named)?,
        sweep: item
            .info()
            .plots
            .sweep
            .map(|sweep| draw_sweep(item, setting, &sweep, &window))
            .transpose()
            .map_err(named)?,
        rests,
        window,
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
            item.info().states.iter().map(|state| state.name).take(2).collect()
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
        let labels = (1..=first.ncols()).map(|node| format!("node {node}"));
        figure =
            figure.panel(if first.ncols() <= 5 && *name == names[0] { panel.labels(labels) } else { panel });
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

fn driven(simulator: Simulator, info: &ModelInfo, setting: &Setting) -> Simulator {
    setting.inputs.iter().fold(simulator, |simulator, &(index, value)| {
        simulator.input(info.inputs[index].name, Values::Scalar(value))
    })
}

fn recorded(item: &Item) -> Vec<&'static str> {
    match item.info().plots.record {
        [] => item.info().states.iter().map(|state| state.name).take(3).collect(),
        names => names.to_vec(),
    }
}

/// The run that the file describes, and the same going on for longer; all states recorded.
fn simulate(item: &Item, setting: &Setting) -> Result<(Run, Run), String> {
    let info = item.info();
    let model = item.nodes(1, Some(setting)).ok_or("it has no nodes")?;
    let mut names = recorded(item);
    names.extend(info.states.iter().map(|state| state.name));
    names.dedup();
    names = names
        .iter()
        .enumerate()
        .filter(|(i, name)| !names[..*i].contains(name))
        .map(|(_, name)| *name)
        .collect();
    let simulator = driven(Simulator::new(model), info, setting)
        .dt(setting.dt.unwrap_or(info.dt))
        .transient(setting.transient)
        .record(names);
    let duration = setting.duration.unwrap_or(100.0);
    let run =
        |times: f64| simulator.run(setting.transient + times * duration).map_err(|error| error.to_string());
    Ok((run(1.0)?, run(SPECTRUM_RUNS)?))
}

/// An interval a state in which the run lies with room around it, or that the file gives.
fn window(info: &ModelInfo, run: &Run) -> Vec<(f64, f64)> {
    let given = |index: usize| {
        info.plots.phase.iter().find(|(state, ..)| *state == index).map(|&(_, from, to)| (from, to))
    };
    let seen = |index: usize| {
        let state = &info.states[index];
        let values = &run[state.name];
        let low = values.fold(f64::INFINITY, |low, x| low.min(*x));
        let high = values.fold(f64::NEG_INFINITY, |high, x| high.max(*x));
        let width = (high - low).max(0.1 * high.abs().max(low.abs())).max(1e-3);
        let (lower, upper) = state.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        ((low - 0.5 * width).max(lower), (high + 0.5 * width).min(upper))
    };
    (0..info.states.len()).map(|index| given(index).unwrap_or_else(|| seen(index))).collect()
}

fn field(item: &Item, setting: Option<&Setting>) -> Result<VectorField, String> {
    let model = item.nodes(1, setting).ok_or("it has no nodes")?;
    let inputs = setting.map_or(&[][..], |setting| setting.inputs);
    inputs.iter().try_fold(VectorField::new(model.as_ref()), |field, &(index, value)| {
        field.input(item.info().inputs[index].name, value).map_err(|error| error.to_string())
    })
}

/// Fixed points at the defaults and, where the run differs from them, as in the run.
fn rests(item: &Item, setting: &Setting, window: &[(f64, f64)]) -> Result<Vec<Rest>, String> {
    let search = |when, setting: Option<&Setting>| {
        let points = field(item, setting)?.fixed_points(window).map_err(|error| error.to_string())?;
        Ok::<_, String>(Rest { when, window: window.to_vec(), points })
    };
    let mut rests = vec![search("at the defaults, without input", None)?];
    if !setting.parameters.is_empty() || setting.inputs.iter().any(|(_, value)| *value != 0.0) {
        rests.push(search("as in the run above", Some(setting))?);
    }
    Ok(rests)
}

fn figure(panel: Panel, size: (f64, f64), alt: &str) -> Result<String, String> {
    let svg = Figure::new().size(size.0, size.1).alt(alt).panel(panel).to_svg();
    svg.map(|svg| adaptive(&svg)).map_err(|error| error.to_string())
}

fn draw_run(item: &Item, run: &Run) -> Result<Shown, String> {
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
    Ok(Shown { svg: adaptive(&svg), caption: format!("{title}.") })
}

fn unit_text(unit: &str) -> String {
    if unit == "1" { String::new() } else { unit.to_owned() }
}

/// The spectrum of the first signal, settled; none where it has come to rest.
fn draw_spectrum(run: &Run, name: &str) -> Result<Option<Shown>, String> {
    let signal = &run[name];
    let settled: Array2<f64> = signal.slice(s![signal.nrows() / 4.., ..]).to_owned();
    let mean = settled.mean().unwrap_or(0.0);
    let largest = settled.iter().fold(0.0_f64, |largest, x| largest.max((x - mean).abs()));
    if largest < 1e-6 * mean.abs().max(1e-3) || settled.nrows() < 64 {
        return Ok(None);
    }
    let dt = run.ts[1] - run.ts[0];
    let spectrum =
        Welch::new(settled.nrows()).estimate(settled.view(), dt).map_err(|error| error.to_string())?;
    let lowest = spectrum.frequency[1];
    let peaks = spectrum.peak_frequency(2.0 * lowest..=f64::INFINITY).map_err(|error| error.to_string())?;
    let peak = peaks[0];
    let highest = (20.0 * peak).clamp(50.0 * lowest, 0.5e3 / dt);
    let kept = spectrum.frequency.iter().take_while(|frequency| **frequency <= highest).count();
    let power = spectrum.power.slice(s![..kept, ..]);
    let panel = power_spectrum(
        spectrum.frequency.slice(s![..kept]),
        power,
        &unit_text(run.unit(name).unwrap_or("1")),
    );
    let caption = match peaks.len() {
        1 => {
            let (peak, width) = (rounded(peak, 3), rounded(lowest, 2));
            format!("Power spectral density of {name}; it peaks at {peak} Hz, in bins {width} Hz wide.")
        }
        count => format!("Power spectral density of {name}, a line for each of {count}."),
    };
    Ok(Some(Shown { svg: figure(panel, (360.0, 260.0), &caption)?, caption }))
}

/// Four significant digits.
pub fn short(value: f64) -> String {
    rounded(value, 4)
}

fn rounded(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let power = value.abs().log10().floor() as i32;
    if !(-4..6).contains(&power) {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.*}", (digits - 1 - power).clamp(0, 8) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The plane of two states: flow and nullclines of a planar model, the run alone of others.
fn draw_phase(
    item: &Item,
    setting: &Setting,
    run: &Run,
    rest: &[FixedPoint],
) -> Result<Option<Shown>, String> {
    let info = item.info();
    let &[(i, x_from, x_to), (j, y_from, y_to)] = info.plots.phase else { return Ok(None) };
    let (x, y) = (&info.states[i], &info.states[j]);
    let mut portrait = PhasePortrait::new(x.name, y.name).units(unit_text(x.unit), unit_text(y.unit));
    let mut what = format!("The run in the plane of {} and {}", x.name, y.name);
    if item.is_planar() {
        let field = field(item, Some(setting))?;
        portrait = portrait.flow((x_from, x_to), (y_from, y_to), |a, b| {
            let mut states = [0.0; 2];
            (states[i], states[j]) = (a, b);
            let rates = field.rates(&states);
            (rates[i], rates[j])
        });
        what = "Flow, nullclines, fixed points and the run".to_owned();
    }
    portrait = portrait.trajectory(run[x.name].column(0), run[y.name].column(0));
    if item.is_planar() {
        portrait = rest.iter().fold(portrait, |portrait, point| {
            portrait.fixed_point(point.states[i], point.states[j], fixed_point_kind(point.stability()))
        });
    }
    let caption = format!("{what}.");
    Ok(Some(Shown { svg: figure(portrait.into(), (640.0, 460.0), &caption)?, caption }))
}

/// Extremes of the settled signal over a parameter, and the fixed points there.
fn draw_sweep(item: &Item, setting: &Setting, sweep: &Sweep, window: &[(f64, f64)]) -> Result<Shown, String> {
    let info = item.info();
    let parameter = &info.parameters[sweep.parameter];
    let name = info.signal_name(sweep.of);
    let steps = 2.0 * setting.duration.unwrap_or(100.0) / setting.dt.unwrap_or(info.dt);
    let count = (SWEEP_STEPS / steps).clamp(SWEEP_VALUES.0, SWEEP_VALUES.1) as usize;
    let values: Vec<f64> =
        (0..count).map(|i| sweep.from + (sweep.to - sweep.from) * i as f64 / (count - 1) as f64).collect();
    let (minima, maxima) = extremes(item, setting, sweep.parameter, &values, name)?;
    let mut panel = bifurcation(&values, &minima, &maxima)
        .x(Axis::new(parameter.name).unit(unit_text(parameter.unit)))
        .y(Axis::new(name).unit(unit_text(info.signal_unit(sweep.of))));
    let points = followed(item, setting, sweep, &values, window)?;
    for (stability, marker, label) in [
        (Stability::Stable, Marker::Filled, "stable fixed point"),
        (Stability::Saddle, Marker::Half, "saddle"),
        (Stability::Unstable, Marker::Open, "unstable fixed point"),
    ] {
        let (x, y): (Vec<f64>, Vec<f64>) =
            points.iter().filter(|point| point.2 == stability).map(|point| (point.0, point.1)).unzip();
        if !x.is_empty() {
            panel = panel.draw(Points::new(&x, &y).radius(1.6).marker(marker).label(label));
        }
    }
    let caption = format!(
        "Smallest and largest {name} once settled, and its fixed points, over {} from {} to {}.",
        parameter.name,
        short(sweep.from),
        short(sweep.to)
    );
    Ok(Shown { svg: figure(panel, (640.0, 360.0), &caption)?, caption })
}

/// Smallest and largest value of a signal in the second half of a run of twice the duration, NaN where a run diverges.
fn extremes(
    item: &Item,
    setting: &Setting,
    parameter: usize,
    values: &[f64],
    name: &str,
) -> Result<(Vec<f64>, Vec<f64>), String> {
    let run = |values: &[f64]| {
        let mut model = item.nodes(values.len(), Some(setting)).ok_or("it has no nodes")?;
        model.population_mut().set_parameter(parameter, values.to_vec().into());
        let duration = setting.duration.unwrap_or(100.0);
        let run = driven(Simulator::new(model), item.info(), setting)
            .dt(setting.dt.unwrap_or(item.info().dt))
            .transient(setting.transient + duration)
            .record([name])
            .run(setting.transient + 2.0 * duration)
            .map_err(|error| error.to_string())?;
        let fold = |first: f64, pick: fn(f64, f64) -> f64| {
            run[name]
                .columns()
                .into_iter()
                .map(|column| column.fold(first, |a, b| pick(a, *b)))
                .collect::<Vec<f64>>()
        };
        Ok::<_, String>((fold(f64::INFINITY, f64::min), fold(f64::NEG_INFINITY, f64::max)))
    };
    // All values side by side; one by one where some of them diverge.
    run(values).or_else(|_| {
        let one = |value: &f64| {
            run(std::slice::from_ref(value)).map_or((f64::NAN, f64::NAN), |(low, high)| (low[0], high[0]))
        };
        Ok(values.iter().map(one).unzip())
    })
}

/// The signal at the fixed points of each value of a parameter.
fn followed(
    item: &Item,
    setting: &Setting,
    sweep: &Sweep,
    values: &[f64],
    window: &[(f64, f64)],
) -> Result<Vec<(f64, f64, Stability)>, String> {
    let field_at = |value: f64| {
        let mut model = item.nodes(1, Some(setting)).ok_or("it has no nodes")?;
        model.population_mut().set_parameter(sweep.parameter, value.into());
        setting.inputs.iter().try_fold(VectorField::new(model.as_ref()), |field, &(index, input)| {
            field.input(item.info().inputs[index].name, input).map_err(|error| error.to_string())
        })
    };
    let mut found: Vec<Vec<FixedPoint>> = vec![Vec::new(); values.len()];
    let apart = if values.len() <= FEW { 1 } else { values.len().div_ceil(SEARCHES) };
    for index in (0..values.len()).step_by(apart) {
        let field = field_at(values[index])?;
        grid(window).iter().try_for_each(|start| join(&mut found[index], &field, start, window))?;
    }
    // What was found is followed upwards and downwards.
    let upwards: Vec<(usize, usize)> = (1..values.len()).map(|index| (index - 1, index)).collect();
    let downwards: Vec<(usize, usize)> = upwards.iter().rev().map(|&(from, to)| (to, from)).collect();
    for (from, to) in upwards.into_iter().chain(downwards) {
        let field = field_at(values[to])?;
        for near in found[from].clone() {
            join(&mut found[to], &field, &near.states, window)?;
        }
    }
    let mut points = Vec::new();
    for (value, rest) in values.iter().zip(&found) {
        for point in rest {
            let signal = match sweep.of {
                Signal::State(index) => point.states[index],
                Signal::Observable(index) => field_at(*value)?.observables(&point.states)[index],
            };
            points.push((*value, signal, point.stability()));
        }
    }
    Ok(points)
}

/// The middles of some sixty boxes of a window.
fn grid(window: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let per_axis = (64.0_f64.powf(1.0 / window.len().max(1) as f64).round() as usize).clamp(2, 16);
    let count = per_axis.pow(window.len() as u32).min(64);
    let start = |number: usize| {
        let mut rest = number;
        let place = |&(from, to): &(f64, f64)| {
            let step = rest % per_axis;
            rest /= per_axis;
            from + (to - from) * (step as f64 + 0.5) / per_axis as f64
        };
        window.iter().map(place).collect()
    };
    (0..count).map(start).collect()
}

/// Adds the fixed point that a start leads to, if it is inside of the window and new.
fn join(
    found: &mut Vec<FixedPoint>,
    field: &VectorField,
    start: &[f64],
    window: &[(f64, f64)],
) -> Result<(), String> {
    let next = field.fixed_point_near(start).map_err(|error| error.to_string())?;
    let inside = |point: &FixedPoint| {
        point.states.iter().zip(window).all(|(x, (from, to))| {
            let slack = 1e-6 * (to - from);
            *x >= from - slack && *x <= to + slack
        })
    };
    let Some(next) = next.filter(inside) else { return Ok(()) };
    let same = |other: &FixedPoint| {
        let pairs = other.states.iter().zip(&next.states).zip(window);
        pairs.into_iter().all(|((a, b), (from, to))| (a - b).abs() < 1e-5 * (to - from))
    };
    if !found.iter().any(same) {
        found.push(next);
    }
    Ok(())
}
