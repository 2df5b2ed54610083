//! The fixed points under a sweep, as the swept signal shows them.

use brainmass::dynamics::{FixedPoint, Stability, VectorField, eigenvalues};
use brainmass::info::{ModelInfo, Signal};
use ndarray::Array2;

use super::branch::Branches;
use super::course::{Course, joined, value};
use super::settle::{End, Outcome};

/// So many times in a sweep, fixed points are searched for anew; from there their branches are followed.
const SEARCHES: usize = 9;
/// Two fixed points whose states differ by less than this part of the window are one.
const SAME: f64 = 1e-5;

/// A fixed point as the swept signal shows it.
#[derive(Debug, Clone)]
pub struct Rest {
    /// The value of the signal there.
    pub signal: f64,
    /// The stability of the part of the model that the signal depends on: what moves beside it, without acting on it, does not count.
    pub stability: Stability,
    /// The states of that part, and their values.
    part: Vec<(usize, f64)>,
}

/// The fixed points at each value of a sweep, those that differ in what the signal does not depend on taken for one. They are searched in
/// `window`, and where the runs have ended.
///
/// # Errors
///
/// The model has no nodes, or a Jacobian has no eigenvalues.
pub fn followed(course: &Course, outcome: &Outcome, window: &[(f64, f64)]) -> Result<Vec<Vec<Rest>>, String> {
    let (circumstances, values) = (course.circumstances, course.values);
    let window = widened(window, &outcome.reach, circumstances.item.info());
    let range = (values[0], values[values.len() - 1]);
    let branches = Branches { circumstances, range, window: &window };
    let mut found: Vec<Vec<Vec<f64>>> = vec![Vec::new(); values.len()];
    let apart = values.len().div_ceil(SEARCHES);
    for index in 0..values.len() {
        let field = circumstances.field(values[index])?;
        let starts = if index % apart == 0 { grid(&window) } else { Vec::new() };
        let rests = outcome.ends[index] == End::Rest;
        for start in starts.iter().chain(rests.then_some(&outcome.last[index])) {
            let Some(point) = branches.polish(&field, start) else { continue };
            if join(&mut found[index], point.clone(), &window) {
                along(&branches, values, &mut found, values[index], &point)?;
            }
        }
    }
    let seen_at = |(index, points): (usize, Vec<Vec<f64>>)| {
        let field = circumstances.field(values[index])?;
        let mut rests: Vec<Rest> = Vec::new();
        for point in points {
            let rest = seen(&field, &point, course.of, &window)?;
            let same = |other: &Rest| {
                let pairs = other.part.iter().zip(&rest.part);
                other.part.len() == rest.part.len()
                    && pairs.into_iter().all(|((i, a), (j, b))| {
                        i == j && (a - b).abs() < SAME * (window[*i].1 - window[*i].0)
                    })
            };
            if !rests.iter().any(same) {
                rests.push(rest);
            }
        }
        Ok(rests)
    };
    found.into_iter().enumerate().map(seen_at).collect()
}

/// Adds the fixed points of the branch through one of them, at every value that it crosses.
fn along(
    branches: &Branches,
    values: &[f64],
    found: &mut [Vec<Vec<f64>>],
    value: f64,
    point: &[f64],
) -> Result<(), String> {
    let line = branches.follow(value, point)?;
    for pair in line.windows(2) {
        let ((a, from), (b, to)) = (&pair[0], &pair[1]);
        for (index, value) in values.iter().enumerate() {
            if (value - a) * (value - b) > 0.0 || a == b {
                continue;
            }
            let part = (value - a) / (b - a);
            let between: Vec<f64> = from.iter().zip(to).map(|(from, to)| from + part * (to - from)).collect();
            let field = branches.circumstances.field(*value)?;
            if let Some(point) = branches.polish(&field, &between) {
                join(&mut found[index], point, branches.window);
            }
        }
    }
    Ok(())
}

/// The window in which fixed points are searched: that of the page, and what the states go through over the sweep, with room around it for
/// states of which the page gives no window.
fn widened(window: &[(f64, f64)], reach: &[(f64, f64)], info: &ModelInfo) -> Vec<(f64, f64)> {
    let roomy = reach.iter().zip(&info.states).enumerate().map(|(index, (&(low, high), state))| {
        if info.plots.phase.iter().any(|(given, ..)| *given == index) {
            return (low, high);
        }
        let room = 0.5 * (high - low).max(0.1 * high.abs().max(low.abs())).max(1e-3);
        let (lower, upper) = state.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        ((low - room).max(lower), (high + room).min(upper))
    });
    joined(window, &roomy.collect::<Vec<_>>())
}

/// A fixed point as a signal shows it: by the eigenvalues of the states that it depends on, directly or through others.
fn seen(field: &VectorField, point: &[f64], of: Signal, window: &[(f64, f64)]) -> Result<Rest, String> {
    let count = point.len();
    let acts = acting(field, point, window);
    let signal = value(field, of, point);
    let mut todo: Vec<usize> = match of {
        Signal::State(index) => vec![index],
        Signal::Observable(_) => {
            let moved = |state: &usize| {
                [-1.0, 1.0]
                    .into_iter()
                    .any(|sign| value(field, of, &beside(point, *state, sign, window)) != signal)
            };
            (0..count).filter(moved).collect()
        }
    };
    let mut part = todo.clone();
    while let Some(state) = todo.pop() {
        let on: Vec<usize> =
            (0..count).filter(|other| acts[[state, *other]] && !part.contains(other)).collect();
        part.extend(&on);
        todo.extend(on);
    }
    part.sort_unstable();
    let jacobian = field.jacobian(point);
    let own = Array2::from_shape_fn((part.len(), part.len()), |(i, j)| jacobian[[part[i], part[j]]]);
    let eigenvalues = eigenvalues(&own).ok_or("a Jacobian has no eigenvalues")?;
    let states = part.iter().map(|&state| point[state]).collect();
    let stability = FixedPoint { states, eigenvalues }.stability();
    Ok(Rest { signal, stability, part: part.into_iter().map(|state| (state, point[state])).collect() })
}

/// A state moved a little to one side.
fn beside(point: &[f64], state: usize, sign: f64, window: &[(f64, f64)]) -> Vec<f64> {
    let mut states = point.to_vec();
    states[state] += sign * 1e-4 * (window[state].1 - window[state].0);
    states
}

/// Whether each rate (row) depends on each state (column) at a point or near it: a product of two states does not at 0, and yet does.
fn acting(field: &VectorField, point: &[f64], window: &[(f64, f64)]) -> Array2<bool> {
    let mut acts = field.jacobian(point).mapv(|entry| entry != 0.0);
    for state in 0..point.len() {
        for sign in [-1.0, 1.0] {
            let near = field.jacobian(&beside(point, state, sign, window));
            acts.zip_mut_with(&near, |acts, entry| *acts |= *entry != 0.0);
        }
    }
    acts
}

/// The middles of some hundred boxes of a window, three along each axis at least.
pub fn grid(window: &[(f64, f64)]) -> Vec<Vec<f64>> {
    let per_axis = (100.0_f64.powf(1.0 / window.len().max(1) as f64).round() as usize).clamp(3, 16);
    let count = per_axis.pow(window.len().min(6) as u32);
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

/// Adds a fixed point, and returns whether it is new.
fn join(found: &mut Vec<Vec<f64>>, point: Vec<f64>, window: &[(f64, f64)]) -> bool {
    let same = |other: &Vec<f64>| {
        let pairs = other.iter().zip(&point).zip(window);
        pairs.into_iter().all(|((a, b), (from, to))| (a - b).abs() < SAME * (to - from))
    };
    let is_new = !found.iter().any(same);
    if is_new {
        found.push(point);
    }
    is_new
}
