//! The picture of a sweep: the extremes that a model settles to over the values of a parameter, and its fixed points there.
//!
//! A picture must be true, or the build of the site fails: it stays the same at half the time step, and where a lone fixed point is stable,
//! the model is drawn at rest on it, unless it oscillates beside it for good.

use brainmass::Simulator;
use brainmass::dynamics::{FixedPoint, Stability, VectorField, eigenvalues};
use brainmass::info::{ModelInfo, Setting, Signal, Sweep};
use brainmass::viz::{Axis, Marker, Panel, Points, bifurcation};
use ndarray::{Array2, ArrayView2, Axis as Dimension};

use super::shown::{Shown, driven, figure, short, unit_text};
use super::zoo::Item;

/// Steps of all nodes together that a sweep may take: long runs are swept at fewer values, so that the site is built in minutes.
const STEPS: f64 = 1e6;
/// The least and the most values of a parameter that are swept.
const VALUES: (f64, f64) = (17.0, 81.0);
/// So many times in a sweep, fixed points are searched for anew; between them they are followed. Where values are few, they lie too far
/// apart to be followed, and each is searched at.
const SEARCHES: usize = 5;
const FEW: usize = 20;
/// A run that has not settled after its own duration is given so many times as long, one after the other.
const PATIENCE: [f64; 3] = [1.0, 8.0, 64.0];
/// Steps of all nodes together that waiting may take.
const MOST_STEPS: f64 = 3e7;
/// A run has settled when its extremes in two stretches of time differ by less than this part of the height of the picture.
const SETTLED: f64 = 5e-3;
/// Extremes at half the step differ by less than this part of the height of the picture.
const AGREED: f64 = 0.02;

/// Extremes of the settled signal over a parameter, and the fixed points there.
///
/// # Errors
/// A run fails at every value, or the picture would not be true; the message says where.
pub fn draw(item: &Item, setting: &Setting, sweep: &Sweep, window: &[(f64, f64)]) -> Result<Shown, String> {
    let swept = Swept::new(item, setting, sweep);
    let coarse = swept.settle(swept.dt)?;
    let fine = swept.settle(0.5 * swept.dt)?;
    let height = coarse.height();
    tell(swept.agree(&coarse, &fine, height));
    let window = widened(window, &coarse.reach, item.info());
    let found = followed(&swept, &window)?;
    tell(swept.rests(&coarse, &found, height));

    let info = item.info();
    let name = swept.signal();
    let mut panel = bifurcation(&swept.values, &coarse.low, &coarse.high)
        .x(Axis::new(swept.name).unit(unit_text(swept.unit)))
        .y(Axis::new(name).unit(unit_text(info.signal_unit(sweep.of))));
    panel = with_points(panel, &swept.values, &found, info.delays.is_empty());
    let caption = format!(
        "Smallest and largest {name} once settled, and its fixed points, over {} from {} to {}.",
        swept.name,
        short(sweep.from),
        short(sweep.to)
    );
    Ok(Shown { svg: figure(panel, (640.0, 360.0), &caption)?, caption })
}

/// Adds the fixed points, by their stability where it is known.
fn with_points(mut panel: Panel, values: &[f64], found: &[Vec<Rest>], known: bool) -> Panel {
    let kinds = [
        (Stability::Stable, Marker::Filled, "stable fixed point"),
        (Stability::Saddle, Marker::Half, "saddle"),
        (Stability::Unstable, Marker::Open, "unstable fixed point"),
        (Stability::Marginal, Marker::Open, "marginal fixed point"),
    ];
    // The eigenvalues do not know of delays.
    let kinds = if known { &kinds[..] } else { &[(Stability::Stable, Marker::Open, "fixed point")][..] };
    for &(stability, marker, label) in kinds {
        let points =
            values.iter().zip(found).flat_map(|(value, rests)| rests.iter().map(move |rest| (*value, rest)));
        let (x, y): (Vec<f64>, Vec<f64>) = points
            .filter(|(_, rest)| !known || rest.stability == stability)
            .map(|(value, rest)| (value, rest.signal))
            .unzip();
        if !x.is_empty() {
            panel = panel.draw(Points::new(&x, &y).radius(1.6).marker(marker).label(label));
        }
    }
    panel
}

/// A sweep, and what is run for it.
struct Swept<'a> {
    item: &'a Item,
    setting: &'a Setting,
    sweep: &'a Sweep,
    name: &'a str,
    unit: &'a str,
    values: Vec<f64>,
    duration: f64,
    /// The time step in ms.
    dt: f64,
}

/// The extremes that runs settle to, for each value of the parameter.
struct Outcome {
    /// The smallest and the largest value of the signal; NaN where a run diverges.
    low: Vec<f64>,
    high: Vec<f64>,
    /// Whether the extremes have stopped to change; chaos has none that do.
    settled: Vec<bool>,
    /// The smallest and the largest value of each state over the whole sweep.
    reach: Vec<(f64, f64)>,
}

impl Outcome {
    /// The height of the picture.
    fn height(&self) -> f64 {
        let low = self.low.iter().copied().fold(f64::INFINITY, f64::min);
        let height = self.high.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low;
        // A picture in which nothing moves has a height, too.
        height.max(1e-6 * low.abs()).max(1e-9)
    }
}

/// Extremes of some runs in two stretches of time of one length, one after the other.
struct Stretches {
    first: Vec<(f64, f64)>,
    second: Vec<(f64, f64)>,
    reach: Vec<(f64, f64)>,
}

impl<'a> Swept<'a> {
    fn new(item: &'a Item, setting: &'a Setting, sweep: &'a Sweep) -> Self {
        let parameter = &item.info().parameters[sweep.parameter];
        let (duration, dt) =
            (setting.duration.unwrap_or(100.0), setting.dt.unwrap_or(item.model.integration.dt));
        let count = (STEPS / (3.0 * duration / dt)).clamp(VALUES.0, VALUES.1) as usize;
        let value = |i: usize| sweep.from + (sweep.to - sweep.from) * i as f64 / (count - 1) as f64;
        let values = (0..count).map(value).collect();
        Self { item, setting, sweep, name: &parameter.name, unit: &parameter.unit, values, duration, dt }
    }

    fn signal(&self) -> &'a str {
        self.item.info().signal_name(self.sweep.of)
    }

    /// Nodes of which each has one of the values.
    fn nodes(&self, values: &[f64]) -> Result<Box<dyn brainmass::any::AnyModel>, String> {
        let mut model = self.item.nodes(values.len(), Some(self.setting)).ok_or("it has no nodes")?;
        model.population_mut().set_parameter(self.sweep.parameter, values.to_vec().into());
        Ok(model)
    }

    fn field(&self, value: f64) -> Result<VectorField, String> {
        let model = self.nodes(&[value])?;
        self.setting.inputs.iter().try_fold(VectorField::new(model.as_ref()), |field, &(index, input)| {
            field.input(&self.item.info().inputs[index].name, input).map_err(|error| error.to_string())
        })
    }

    /// Runs some values side by side, and looks at two stretches after `times` the duration of the run.
    fn run(&self, values: &[f64], dt: f64, times: f64) -> Result<Stretches, String> {
        let info = self.item.info();
        let start = self.setting.transient + times * self.duration;
        let mut names = vec![self.signal()];
        names.extend(
            info.states.iter().map(|state| state.name.as_str()).filter(|name| *name != self.signal()),
        );
        let run = driven(Simulator::new(self.nodes(values)?), info, self.setting)
            .dt(dt)
            .transient(start)
            .record(names)
            .run(start + 2.0 * self.duration)
            .map_err(|error| error.to_string())?;
        let signal = &run[self.signal()];
        let (first, second) = signal.view().split_at(Dimension(0), signal.nrows() / 2);
        let reach = info.states.iter().map(|state| {
            let columns = extremes(run[&state.name].view());
            columns
                .into_iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (low, high)| (a.min(low), b.max(high)))
        });
        Ok(Stretches { reach: reach.collect(), first: extremes(first), second: extremes(second) })
    }

    /// Runs some values side by side, or one by one where some of them diverge; these are NaN.
    fn run_each(&self, values: &[f64], dt: f64, times: f64) -> Stretches {
        self.run(values, dt, times).unwrap_or_else(|_| {
            let unknown = (f64::NAN, f64::NAN);
            let mut all = Stretches { first: Vec::new(), second: Vec::new(), reach: Vec::new() };
            for value in values {
                let one = self.run(&[*value], dt, times).ok();
                all.first.push(one.as_ref().map_or(unknown, |one| one.first[0]));
                all.second.push(one.as_ref().map_or(unknown, |one| one.second[0]));
                if let Some(one) = one {
                    all.reach = joined(&all.reach, &one.reach);
                }
            }
            all
        })
    }

    /// Runs every value until it has settled, or patience ends.
    fn settle(&self, dt: f64) -> Result<Outcome, String> {
        let count = self.values.len();
        let (mut low, mut high) = (vec![f64::NAN; count], vec![f64::NAN; count]);
        let mut outcome =
            Outcome { low: low.clone(), high: high.clone(), settled: vec![false; count], reach: Vec::new() };
        let mut left: Vec<usize> = (0..count).collect();
        for times in PATIENCE {
            let steps = left.len() as f64 * (self.setting.transient + (times + 2.0) * self.duration) / dt;
            if times > PATIENCE[0] && steps > MOST_STEPS {
                break;
            }
            let values: Vec<f64> = left.iter().map(|&index| self.values[index]).collect();
            let stretches = self.run_each(&values, dt, times);
            for (place, &index) in left.iter().enumerate() {
                (low[index], high[index]) = stretches.second[place];
            }
            outcome.reach = joined(&outcome.reach, &stretches.reach);
            (outcome.low, outcome.high) = (low.clone(), high.clone());
            let least = SETTLED * outcome.height();
            let moves = |place: usize| {
                let (before, after) = (stretches.first[place], stretches.second[place]);
                (before.0 - after.0).abs() > least || (before.1 - after.1).abs() > least
            };
            let (moving, still): (Vec<usize>, Vec<usize>) = (0..left.len()).partition(|place| moves(*place));
            still.iter().for_each(|place| outcome.settled[left[*place]] = true);
            left = moving.into_iter().map(|place| left[place]).collect();
            if left.is_empty() {
                break;
            }
        }
        if outcome.low.iter().all(|low| low.is_nan()) {
            return Err(format!("the sweep over {} diverges everywhere", self.name));
        }
        Ok(outcome)
    }

    /// Holds the extremes against those at half the step. Where the extremes never settle, they are those of chaos, and need not agree.
    fn agree(&self, coarse: &Outcome, fine: &Outcome, height: f64) -> Result<(), String> {
        for (index, value) in self.values.iter().enumerate() {
            if !(coarse.settled[index] && fine.settled[index]) {
                continue;
            }
            for (what, at, half) in [
                ("smallest", coarse.low[index], fine.low[index]),
                ("largest", coarse.high[index], fine.high[index]),
            ] {
                if at.is_nan() != half.is_nan() || (at - half).abs() > AGREED * height {
                    return Err(format!(
                        "the sweep changes at half the step: at {} = {} the {what} {} is {} with {} ms and {} with {} ms; \
                         state a smaller `dt`, or sweep where the model settles to one state",
                        self.name,
                        short(*value),
                        self.signal(),
                        short(at),
                        self.dt,
                        short(half),
                        0.5 * self.dt
                    ));
                }
            }
        }
        Ok(())
    }

    /// Holds a picture of motion against a lone fixed point that is stable: the run has not come to rest yet, or the point is none. An
    /// oscillation whose extremes do not change any more is no mistake: it lasts beside the stable point.
    fn rests(&self, outcome: &Outcome, found: &[Vec<Rest>], height: f64) -> Result<(), String> {
        if !self.item.info().delays.is_empty() {
            return Ok(());
        }
        for (index, (value, rests)) in self.values.iter().zip(found).enumerate() {
            let [rest] = &rests[..] else { continue };
            let (low, high) = (outcome.low[index], outcome.high[index]);
            let moves = high - low > AGREED * height;
            let lies = (low - rest.signal).abs().max((high - rest.signal).abs()) <= AGREED * height;
            if rest.stability == Stability::Stable && !lies && !(moves && outcome.settled[index]) {
                return Err(format!(
                    "the sweep shows {} from {} to {} at {} = {}, where the only fixed point found, at {}, is stable; \
                     give the run a longer `duration` or `transient`",
                    self.signal(),
                    short(low),
                    short(high),
                    self.name,
                    short(*value),
                    short(rest.signal)
                ));
            }
        }
        Ok(())
    }
}

/// Smallest and largest value of each column.
fn extremes(values: ArrayView2<f64>) -> Vec<(f64, f64)> {
    let fold = |(low, high): (f64, f64), x: &f64| (low.min(*x), high.max(*x));
    values
        .columns()
        .into_iter()
        .map(|column| column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), fold))
        .collect()
}

/// Intervals that hold both.
fn joined(a: &[(f64, f64)], b: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if a.is_empty() {
        return b.to_vec();
    }
    a.iter().zip(b).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))).collect()
}

/// The window in which fixed points are searched: that of the page, and what the states go through over the sweep with room around it.
fn widened(window: &[(f64, f64)], reach: &[(f64, f64)], info: &ModelInfo) -> Vec<(f64, f64)> {
    let roomy = reach.iter().zip(&info.states).map(|(&(low, high), state)| {
        let room = 0.5 * (high - low).max(0.1 * high.abs().max(low.abs())).max(1e-3);
        let (lower, upper) = state.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        ((low - room).max(lower), (high + room).min(upper))
    });
    joined(window, &roomy.collect::<Vec<_>>())
}

/// A fixed point as the swept signal shows it.
#[derive(Debug, Clone)]
struct Rest {
    /// The value of the signal there.
    signal: f64,
    /// The stability of the part of the model that the signal depends on: what moves beside it, without acting on it, does not count.
    stability: Stability,
    /// The states of that part, and their values.
    part: Vec<(usize, f64)>,
}

/// The fixed points of each value of a parameter, those that differ in what the signal does not depend on taken for one.
fn followed(swept: &Swept, window: &[(f64, f64)]) -> Result<Vec<Vec<Rest>>, String> {
    let values = &swept.values;
    let mut found: Vec<Vec<FixedPoint>> = vec![Vec::new(); values.len()];
    let apart = if values.len() <= FEW { 1 } else { values.len().div_ceil(SEARCHES) };
    for index in (0..values.len()).step_by(apart) {
        let field = swept.field(values[index])?;
        grid(window).iter().try_for_each(|start| join(&mut found[index], &field, start, window))?;
    }
    // What was found is followed upwards and downwards.
    let upwards: Vec<(usize, usize)> = (1..values.len()).map(|index| (index - 1, index)).collect();
    let downwards: Vec<(usize, usize)> = upwards.iter().rev().map(|&(from, to)| (to, from)).collect();
    for (from, to) in upwards.into_iter().chain(downwards) {
        let field = swept.field(values[to])?;
        for near in found[from].clone() {
            join(&mut found[to], &field, &near.states, window)?;
        }
    }
    values
        .iter()
        .zip(found)
        .map(|(value, points)| {
            let field = swept.field(*value)?;
            let mut rests: Vec<Rest> = Vec::new();
            for point in points {
                let rest = seen(&field, &point, swept.sweep.of, window)?;
                let same = |other: &Rest| {
                    let pairs = other.part.iter().zip(&rest.part);
                    other.part.len() == rest.part.len()
                        && pairs.into_iter().all(|((i, a), (j, b))| {
                            i == j && (a - b).abs() < 1e-5 * (window[*i].1 - window[*i].0)
                        })
                };
                if !rests.iter().any(same) {
                    rests.push(rest);
                }
            }
            Ok(rests)
        })
        .collect()
}

/// A fixed point as a signal shows it: by the eigenvalues of the states that it depends on, directly or through others.
fn seen(field: &VectorField, point: &FixedPoint, of: Signal, window: &[(f64, f64)]) -> Result<Rest, String> {
    let jacobian = field.jacobian(&point.states);
    let count = point.states.len();
    let (signal, mut todo) = match of {
        Signal::State(index) => (point.states[index], vec![index]),
        Signal::Observable(index) => {
            let value = |states: &[f64]| field.observables(states)[index];
            let at = value(&point.states);
            let moved = |state: &usize| {
                let step = 1e-4 * (window[*state].1 - window[*state].0);
                [-step, step].into_iter().any(|step| {
                    let mut states = point.states.clone();
                    states[*state] += step;
                    value(&states) != at
                })
            };
            (at, (0..count).filter(moved).collect())
        }
    };
    let mut part = todo.clone();
    while let Some(state) = todo.pop() {
        let on = (0..count)
            .filter(|other| jacobian[[state, *other]] != 0.0 && !part.contains(other))
            .collect::<Vec<_>>();
        part.extend(&on);
        todo.extend(on);
    }
    part.sort_unstable();
    let own = Array2::from_shape_fn((part.len(), part.len()), |(i, j)| jacobian[[part[i], part[j]]]);
    let eigenvalues = eigenvalues(&own).ok_or("a Jacobian has no eigenvalues")?;
    let states = part.iter().map(|&state| point.states[state]).collect();
    let stability = FixedPoint { states, eigenvalues }.stability();
    Ok(Rest { signal, stability, part: part.into_iter().map(|state| (state, point.states[state])).collect() })
}

/// The middles of some sixty boxes of a window.
pub fn grid(window: &[(f64, f64)]) -> Vec<Vec<f64>> {
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
/// Tells that a picture of a sweep may show the integrator. It does not end the build: chaos that dies out late looks like it.
fn tell(finding: Result<(), String>) {
    if let Err(message) = finding {
        eprintln!("warning: {message}");
    }
}
