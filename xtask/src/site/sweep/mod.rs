//! The picture of a sweep: the extremes that a model settles to over the values of a parameter or an input, and its fixed points there.
//!
//! A picture must be true, or the build of the site fails: every run has settled or is chaotic beyond doubt, the picture stays the same at
//! half the time step, what rests does so on a fixed point, and what moves beside a lone stable fixed point does so for good.

mod branch;
mod chaos;
mod course;
mod delayed;
mod diagram;
mod frame;
mod rests;
mod runs;
mod settle;
#[cfg(test)]
mod tests;

use brainmass::dynamics::Stability;
use brainmass::info::{Setting, Signal, Sweep, Swept};
use brainmass::viz::{Axis, Marker, Panel, Points, Theme, bifurcation};

use chaos::Motion;
use course::Course;
pub use course::joined;
pub use rests::grid;
use rests::{Rest, followed};
use runs::Runs;
pub use settle::AGREED;
use settle::{End, Outcome, SETTLED};

use super::circumstances::Circumstances;
use super::shown::{Shown, figure, short, unit_text};
use super::zoo::Item;

/// Steps of all nodes together that a look at a sweep may take: long runs are swept at fewer values, so that the site is built in minutes.
const STEPS: f64 = 1.5e7;
/// The least and the most values of a quantity that are swept.
const VALUES: (f64, f64) = (41.0, 81.0);
/// A run is judged chaotic by so many like it, over so many times its duration.
const RUNS: usize = 8;
const CHAOS: f64 = 20.0;
/// Motion beside a lone stable fixed point must go on after so many times the duration of the run.
const FOR_GOOD: f64 = 64.0;

/// A sweep as it is drawn, and how much of it the time step has made.
pub struct Drawn {
    /// The picture.
    pub shown: Shown,
    /// The bifurcation diagram.
    pub diagram: Shown,
    /// The largest change of the picture at half the step, as a part of its height.
    pub change: f64,
    /// The parameter or the input that is swept.
    pub over: String,
}

/// Draws the extremes of the settled signal over a parameter or an input, and the fixed points there.
///
/// # Errors
///
/// A run fails at every value, or the picture would not be true; the message says where.
pub fn draw(item: &Item, setting: &Setting, sweep: &Sweep, window: &[(f64, f64)]) -> Result<Drawn, String> {
    let info = item.info();
    let circumstances = Circumstances { item, setting, over: Some(sweep.over) };
    let (name, unit) = match sweep.over {
        Swept::Parameter(index) => (&info.parameters[index].name, &info.parameters[index].unit),
        Swept::Input(index) => (&info.inputs[index].name, &info.inputs[index].unit),
    };
    let (duration, dt) = (circumstances.duration(), circumstances.dt());
    let count = (STEPS / (3.0 * duration / dt)).clamp(VALUES.0, VALUES.1) as usize;
    let value = |i: usize| sweep.from + (sweep.to - sweep.from) * i as f64 / (count - 1) as f64;
    let values: Vec<f64> = (0..count).map(value).collect();
    let signal = info.signal_name(sweep.of);
    let course = |dt: f64| Course { circumstances, of: sweep.of, signal, values: &values, dt };
    let place = |index: usize| format!("{name} = {}", short(values[index]));
    let told = |error: String| format!("the sweep over {name}: {error}");

    let mut coarse = course(dt).settle().map_err(told)?;
    settled(&coarse, place).map_err(told)?;
    let fine = course(0.5 * dt).settle_beside(Some(&coarse)).map_err(told)?;
    settled(&fine, place).map_err(|error| told(format!("at half the step, {error}")))?;
    let change = agree(&coarse, &fine, signal, place).map_err(told)?;
    // Chaos is what both steps find chaotic; else the extremes, which agree, are what can be shown.
    for (end, fine) in coarse.ends.iter_mut().zip(&fine.ends) {
        if matches!(end, End::Chaos(_)) && !matches!(fine, End::Chaos(_)) {
            *end = End::Cycle;
        }
    }
    let found = followed(&course(dt), &coarse, window).map_err(told)?;
    if info.delays.is_empty() {
        lies_on_fixed_points(&course(dt), &coarse, &found, place).map_err(told)?;
    }

    let (over, outcome) = (sweep.over, &coarse);
    let diagram = diagram::draw(&Runs { item, setting, over, signal, values: &values, outcome });
    let diagram = diagram.map_err(told)?;

    let mut panel = bifurcation(&values, &lines(&coarse, &coarse.low), &lines(&coarse, &coarse.high))
        .x(Axis::new(name.clone()).unit(unit_text(unit)))
        .y(Axis::new(signal.clone()).unit(unit_text(info.signal_unit(sweep.of))));
    panel = with_chaos(panel, &values, &coarse);
    panel = with_points(panel, &values, &found, info.delays.is_empty());
    let caption = format!(
        "Smallest and largest {signal} once settled, and its fixed points, over {name} from {} to {}{}.{}",
        short(sweep.from),
        short(sweep.to),
        if unit_text(unit).is_empty() { String::new() } else { format!(" {unit}") },
        told_chaos(&values, &coarse, name, signal)
    );
    let svg = figure(panel, (640.0, 360.0), &caption)?;
    Ok(Drawn { shown: Shown { svg, caption }, diagram, change, over: name.to_string() })
}

/// The extremes of the nodes that are not chaotic; those of chaos depend on how long one looks.
fn lines(outcome: &Outcome, extremes: &[f64]) -> Vec<f64> {
    let own = |(end, value): (&End, &f64)| if matches!(end, End::Chaos(_)) { f64::NAN } else { *value };
    outcome.ends.iter().zip(extremes).map(own).collect()
}

/// Adds the turning points of the signal where it is chaotic.
fn with_chaos(panel: Panel, values: &[f64], outcome: &Outcome) -> Panel {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (value, end) in values.iter().zip(&outcome.ends) {
        if let End::Chaos(chaos) = end {
            x.extend(chaos.dots.iter().map(|_| *value));
            y.extend(&chaos.dots);
        }
    }
    if x.is_empty() {
        return panel;
    }
    panel.draw(
        Points::new(&x, &y).radius(1.0).color(Theme::light().palette[6]).label("minima and maxima in chaos"),
    )
}

/// The sentence of the caption about chaos; empty where there is none.
fn told_chaos(values: &[f64], outcome: &Outcome, name: &str, signal: &str) -> String {
    let chaotic = values.iter().zip(&outcome.ends).filter(|(_, end)| matches!(end, End::Chaos(_)));
    let places: Vec<f64> = chaotic.map(|(value, _)| *value).collect();
    let between = match &places[..] {
        [] => return String::new(),
        [only] => format!("at {name} = {}", short(*only)),
        [first, .., last] => format!("at {} values from {} to {}", places.len(), short(*first), short(*last)),
    };
    format!(
        " The small dots, {between}, are minima and maxima of {signal} in chaos: there runs that begin next to each other part, with a \
         largest Lyapunov exponent above 0."
    )
}

/// Adds the fixed points, by their stability where it is known.
fn with_points(mut panel: Panel, values: &[f64], found: &[Vec<Rest>], known: bool) -> Panel {
    let kinds = [
        (Stability::Stable, Marker::Filled, "stable fixed point", 2),
        (Stability::Saddle, Marker::Half, "saddle", 3),
        (Stability::Unstable, Marker::Open, "unstable fixed point", 4),
        (Stability::Marginal, Marker::Open, "marginal fixed point", 5),
    ];
    // The eigenvalues do not know of delays.
    let kinds = if known { &kinds[..] } else { &[(Stability::Stable, Marker::Open, "fixed point", 3)][..] };
    // A kind has its colour on all pages; the theme of the page takes the place of this one.
    let palette = Theme::light().palette;
    for &(stability, marker, label, color) in kinds {
        let points =
            values.iter().zip(found).flat_map(|(value, rests)| rests.iter().map(move |rest| (*value, rest)));
        let (x, y): (Vec<f64>, Vec<f64>) = points
            .filter(|(_, rest)| !known || rest.stability == stability)
            .map(|(value, rest)| (value, rest.signal))
            .unzip();
        if !x.is_empty() {
            panel =
                panel.draw(Points::new(&x, &y).radius(1.6).marker(marker).color(palette[color]).label(label));
        }
    }
    panel
}

/// Reports a node that has not settled.
fn settled(outcome: &Outcome, place: impl Fn(usize) -> String) -> Result<(), String> {
    let Some(index) = outcome.ends.iter().position(|end| *end == End::Unsettled) else { return Ok(()) };
    Err(format!(
        "the run has not settled at {}, and is not chaotic; give it a longer `duration` or `transient`, or sweep another range",
        place(index)
    ))
}

/// Holds the picture against that at half the step: extremes, and in chaos, whose extremes depend on how long one looks, the mean and the
/// standard deviation. Returns the largest change as a part of the height.
fn agree(
    coarse: &Outcome,
    fine: &Outcome,
    signal: &str,
    place: impl Fn(usize) -> String,
) -> Result<f64, String> {
    let height = coarse.height();
    let mut largest = 0.0_f64;
    for (index, ends) in coarse.ends.iter().zip(&fine.ends).enumerate() {
        let pairs = match ends {
            (End::Chaos(one), End::Chaos(other)) => {
                [("mean", one.mean, other.mean), ("standard deviation of", one.deviation, other.deviation)]
            }
            (End::Diverges, End::Diverges) => continue,
            _ => [
                ("smallest", coarse.low[index], fine.low[index]),
                ("largest", coarse.high[index], fine.high[index]),
            ],
        };
        for (what, at, half) in pairs {
            let change = (at - half).abs() / height;
            // A run that diverges at one of the steps alone has no change that is a number.
            if change.is_nan() || change > AGREED {
                return Err(format!(
                    "the picture changes at half the step: at {} the {what} {signal} is {} and becomes {}; state a smaller `dt`, or \
                     sweep where the model settles to one state",
                    place(index),
                    short(at),
                    short(half),
                ));
            }
            largest = largest.max(change);
        }
    }
    Ok(largest)
}

/// Holds what the runs have ended in against the fixed points: rest is on one that is not unstable, and motion beside a lone stable one
/// lasts.
fn lies_on_fixed_points(
    course: &Course,
    outcome: &Outcome,
    found: &[Vec<Rest>],
    place: impl Fn(usize) -> String,
) -> Result<(), String> {
    let height = outcome.height();
    let mut doubted = Vec::new();
    for (index, rests) in found.iter().enumerate() {
        let (low, high) = (outcome.low[index], outcome.high[index]);
        match &outcome.ends[index] {
            End::Rest => {
                let near = |rest: &&Rest| (0.5 * (low + high) - rest.signal).abs() <= AGREED * height;
                let at = rests.iter().filter(near);
                if at.clone().count() == 0 {
                    return Err(format!("the run rests at {}, where no fixed point was found", place(index)));
                }
                let lasts = |rest: &Rest| matches!(rest.stability, Stability::Stable | Stability::Marginal);
                if !at.clone().any(lasts) {
                    return Err(format!(
                        "the run stays on an unstable fixed point at {}; give it an `init` beside that",
                        place(index)
                    ));
                }
            }
            End::Cycle | End::Chaos(_) if matches!(&rests[..], [rest] if rest.stability == Stability::Stable) =>
            {
                doubted.push(index);
            }
            _ => {}
        }
    }
    lasts(course, outcome, &doubted, place)
}

/// Looks again, much later, at nodes that move beside a lone stable fixed point.
fn lasts(
    course: &Course,
    outcome: &Outcome,
    doubted: &[usize],
    place: impl Fn(usize) -> String,
) -> Result<(), String> {
    if doubted.is_empty() {
        return Ok(());
    }
    let duration = course.circumstances.duration();
    let start: Vec<Vec<f64>> = doubted.iter().map(|index| outcome.last[*index].clone()).collect();
    let late = course.look(doubted, Some(&start), 0.0, FOR_GOOD * duration, duration)?;
    for (&index, (low, high)) in doubted.iter().zip(late.signal) {
        let size = outcome.high[index] - outcome.low[index];
        let shrinks = size - (high - low) > SETTLED * outcome.height();
        let in_chaos = matches!(outcome.ends[index], End::Chaos(_));
        if (shrinks && !in_chaos) || high - low < 0.5 * size {
            return Err(format!(
                "the run still moves at {}, where the only fixed point found is stable, and comes to rest later; give it a longer \
                 `duration` or `transient`",
                place(index)
            ));
        }
    }
    Ok(())
}

/// The largest Lyapunov exponent of a node that goes on from `start`, in 1/ms, and the largest change of mean and standard deviation of a signal
/// at half the step, as a part of what the signal goes through; `None` where the node is not chaotic.
///
/// # Errors
///
/// A run fails.
pub fn is_chaotic(
    circumstances: &Circumstances,
    of: Signal,
    signal: &str,
    start: &[Vec<f64>],
) -> Result<Option<(f64, f64)>, String> {
    if !circumstances.is_resumable() {
        return Ok(None);
    }
    let (duration, dt) = (circumstances.duration(), circumstances.dt());
    let values = [0.0; RUNS];
    let course = |dt: f64| Course { circumstances: *circumstances, of, signal, values: &values, dt };
    let look = course(dt).look(&[0], Some(&start[..1]), 0.0, 0.0, duration)?;
    // Runs that begin a little apart, and are far apart soon.
    let beside = |run: usize| {
        let moved = |(x, (low, high)): (&f64, &(f64, f64))| x + 1e-3 * run as f64 * (high - low);
        look.last[0].iter().zip(&look.reach).map(moved).collect::<Vec<f64>>()
    };
    let start =
        circumstances.advance(&values, Some(&(0..RUNS).map(beside).collect::<Vec<_>>()), dt, duration)?;
    let chaos = |dt: f64| {
        let found = chaos::find(&course(dt), &values, &start, &look.reach, CHAOS * duration)?;
        let each = found.into_iter().map(|motion| match motion {
            Motion::Chaotic(chaos) => Some([chaos.exponent, chaos.mean, chaos.deviation]),
            Motion::Regular | Motion::Open => None,
        });
        let all: Option<Vec<[f64; 3]>> = each.collect();
        let mean =
            |all: Vec<[f64; 3]>| [0, 1, 2].map(|i| all.iter().map(|one| one[i]).sum::<f64>() / RUNS as f64);
        Ok::<_, String>(all.map(mean))
    };
    let (Some([exponent, mean, deviation]), Some([_, half_mean, half_deviation])) =
        (chaos(dt)?, chaos(0.5 * dt)?)
    else {
        return Ok(None);
    };
    let change = (mean - half_mean).abs().max((deviation - half_deviation).abs());
    Ok(Some((exponent, change / (look.signal[0].1 - look.signal[0].0))))
}
