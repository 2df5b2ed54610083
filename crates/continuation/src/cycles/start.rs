//! First cycles of branches: from Hopf points, from period doublings, and from runs.

use std::f64::consts::TAU;

use super::collocation::{Condition, Cycle, Sizes};
use super::point::{SpecialCycle, correct, direction, multipliers, sizes};
use super::profile::Profile;
use crate::equations::Equations;
use crate::equilibria::{SpecialEquilibrium, hopf_vector};
use crate::linear::Lu;
use brainmass_sim::dynamics::Complex64;

/// The number of steps of a run at most, and the numbers after which it is looked at.
const MOST_STEPS: usize = 24_000;
const LOOKS: [usize; 4] = [3_000, 6_000, 12_000, MOST_STEPS];
/// The error of a step of a run, beside the sizes of the states.
const TOLERANCE: f64 = 1e-5;
/// The numbers of intervals of a first mesh, and how many more each turn of a cycle asks for.
const FIRST_INTERVALS: (usize, usize) = (60, 160);
const INTERVALS_PER_TURN: usize = 16;
/// The most turns of a cycle, times at which the state that varies most rises through its middle.
const MOST_TURNS: usize = 24;

/// A cycle of a branch and the direction in which the branch goes on.
pub(super) struct Start {
    pub cycle: Cycle,
    pub direction: Cycle,
}

/// Finds a small cycle near a Hopf point.
pub(super) fn from_hopf(equations: &Equations, at: &SpecialEquilibrium, range: f64) -> Option<Start> {
    let n = equations.n_states();
    let hopf = at.hopf?;
    let variables = at.point.variables();
    let q = hopf_vector(&equations.jacobian(&variables), Complex64::new(0.0, hopf.frequency));
    let wave = |share: f64| -> Vec<f64> {
        let turn = Complex64::from_polar(1.0, TAU * share);
        q.iter().map(|x| (x * turn).re).collect()
    };
    let still = Profile::of(24, n, |_| at.point.states.clone());
    let scale = still.scale();
    let largest = q.iter().zip(&scale).map(|(x, scale)| x.norm() / scale).fold(0.0, f64::max);
    let sizes = Sizes { states: scale, period: hopf.period(), value: range };
    let mut outward = Cycle { profile: Profile::of(24, n, wave), period: 0.0, value: 0.0 };
    let size = outward.product(&outward, &sizes).sqrt();
    outward = outward.times(1.0 / size);
    let centre = Cycle { profile: still, period: hopf.period(), value: at.point.value };
    for part in [0.3, 0.1, 0.03, 0.01] {
        let guess = centre.moved(&outward, part * size / largest);
        let Some((cycle, _, _)) = correct(equations, &guess, &Condition::Across(&outward), &sizes) else {
            continue;
        };
        if (cycle.value - at.point.value).abs() < 0.2 * range {
            return Some(Start { cycle, direction: outward });
        }
    }
    None
}

/// Finds a cycle of twice the period near a period doubling.
pub(super) fn from_period_doubling(equations: &Equations, at: &SpecialCycle, range: f64) -> Option<Start> {
    // Special cycles stand on fine meshes; the doubled one has twice the intervals.
    let fine = at.cycle.cycle();
    let coarse = fine.profile.adapted_mesh((fine.profile.intervals() / 2).max(16)).0;
    let fine = fine.moved_to(&coarse);
    let sizes = sizes(&fine, range);
    let (cycle, _, _) = correct(equations, &fine, &Condition::Value, &sizes)?;
    let value = Cycle {
        profile: Profile { nodes: vec![0.0; cycle.profile.nodes.len()], ..cycle.profile.clone() },
        period: 0.0,
        value: range,
    };
    let (_, _, solved) = direction(equations, &cycle, &value, &sizes)?;
    // The perturbation that comes back with the other sign.
    let n = cycle.profile.n;
    let mut shifted = solved.monodromy.clone();
    for i in 0..n {
        shifted[(i, i)] += 1.0;
    }
    let perturbation = solved.perturbation(&Lu::new(shifted).null_vector(), &sizes);
    let mesh = &cycle.profile.mesh;
    let doubled: Vec<f64> =
        mesh.iter().map(|end| 0.5 * end).chain(mesh[1..].iter().map(|end| 0.5 + 0.5 * end)).collect();
    let twice = |profile: &Profile, second: f64| -> Profile {
        let mut nodes = profile.nodes.clone();
        // The second turn begins with the node at which the first ends.
        nodes.truncate(nodes.len() - n);
        nodes.extend(profile.nodes.iter().map(|x| second * x));
        Profile { mesh: doubled.clone(), nodes, n }
    };
    let centre =
        Cycle { profile: twice(&cycle.profile, 1.0), period: 2.0 * cycle.period, value: cycle.value };
    let mut outward = Cycle { profile: twice(&perturbation, -1.0), period: 0.0, value: 0.0 };
    let sizes = Sizes { period: centre.period, ..sizes };
    let size = outward.product(&outward, &sizes).sqrt();
    outward = outward.times(1.0 / size);
    for length in [0.05, 0.02, 0.1] {
        let guess = centre.moved(&outward, length);
        if let Some((cycle, _, _)) = correct(equations, &guess, &Condition::Across(&outward), &sizes) {
            return Some(Start { cycle, direction: outward });
        }
    }
    None
}

/// Runs the model from a state until it repeats itself, and solves for the cycle. `None` where the run comes to rest or never repeats.
pub(super) fn from_run(equations: &Equations, state: &[f64], value: f64, range: f64) -> Option<Cycle> {
    let n = equations.n_states();
    let mut at = [state, &[value]].concat();
    let mut course = Vec::new();
    let (mut time, mut rates) = (0.0, equations.rates(&at));
    let mut dt = 0.05 / equations.jacobian(&at).largest_rate().max(1e-9);
    let mut magnitudes: Vec<f64> = state.iter().map(|x| x.abs().max(1e-6)).collect();
    let mut found = None;
    for number in 1..=MOST_STEPS {
        course.push((time, at[..n].to_vec()));
        loop {
            let (next, after, error) = step(equations, &at, &rates, dt, &magnitudes);
            let is_finite = next.iter().all(|x| x.is_finite());
            let used = dt;
            dt *= if is_finite { (0.8 * (TOLERANCE / error.max(1e-30)).cbrt()).clamp(0.2, 3.0) } else { 0.2 };
            if is_finite && error <= TOLERANCE {
                time += used;
                (at, rates) = (next, after);
                break;
            }
            if time + dt == time {
                return None;
            }
        }
        magnitudes.iter_mut().zip(&at).for_each(|(size, x)| *size = size.max(1e-2 * x.abs()));
        // Short periods show soon, long ones need the whole run.
        if LOOKS.contains(&number) {
            if rests(&course, n) || !equations.watch().goes_on() {
                return None;
            }
            found = recurrence(&course, n);
            if found.is_some() {
                break;
            }
        }
    }
    let (period, first, turns) = found?;
    let intervals = (turns * INTERVALS_PER_TURN).clamp(FIRST_INTERVALS.0, FIRST_INTERVALS.1);
    let begin = course[first].0;
    let profile = Profile::of(2 * intervals, n, |share| interpolated(&course, begin + share * period));
    let mut guess = Cycle { profile, period, value };
    let scale = sizes(&guess, range);
    // What is at rest to rounding is no cycle.
    let (low, high) = guess.profile.extremes();
    if low.iter().zip(&high).zip(&scale.states).all(|((low, high), scale)| high - low < 1e-3 * scale) {
        return None;
    }
    guess = guess.moved_to(&guess.profile.adapted_mesh(intervals).0);
    let (cycle, _, solved) = correct(equations, &guess, &Condition::Value, &scale)?;
    // What a run settles on is stable; another cycle was met by chance on the way through chaos.
    let is_stable = multipliers(&solved).iter().all(|multiplier| multiplier.norm() < 1.0);
    is_stable.then_some(cycle)
}

/// Whether the states have not moved over the last third of a run.
fn rests(course: &[(f64, Vec<f64>)], n: usize) -> bool {
    let tail = &course[course.len() * 2 / 3..];
    (0..n).all(|state| {
        let reach = |course: &[(f64, Vec<f64>)]| {
            course.iter().map(|(_, x)| x[state]).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (f64::min(low, x), f64::max(high, x))
            })
        };
        let ((low, high), (all_low, all_high)) = (reach(tail), reach(course));
        high - low < 1e-4 * (all_high - all_low) + 1e-6 * high.abs()
    })
}

/// One step of the method of Bogacki and Shampine (1989) of order 3, and its error beside the sizes of the states: their magnitudes, or a small share of the
/// largest so far.
fn step(
    equations: &Equations,
    at: &[f64],
    first: &[f64],
    dt: f64,
    sizes: &[f64],
) -> (Vec<f64>, Vec<f64>, f64) {
    let ahead = |terms: &[(&[f64], f64)]| -> Vec<f64> {
        let mut moved = at.to_vec();
        for (rates, share) in terms {
            moved.iter_mut().zip(*rates).for_each(|(x, rate)| *x += dt * share * rate);
        }
        moved
    };
    let second = equations.rates(&ahead(&[(first, 0.5)]));
    let third = equations.rates(&ahead(&[(&second, 0.75)]));
    let next = ahead(&[(first, 2.0 / 9.0), (&second, 1.0 / 3.0), (&third, 4.0 / 9.0)]);
    let fourth = equations.rates(&next);
    let error = (0..first.len())
        .map(|i| {
            let error = 5.0 / 72.0 * first[i] - second[i] / 12.0 - third[i] / 9.0 + 0.125 * fourth[i];
            (dt * error).abs() / sizes[i].max(next[i].abs())
        })
        .fold(0.0, f64::max);
    (next, fourth, error)
}

/// Finds the time after which the last third of a run repeats itself, the place at which a period begins, and its number of turns: where the state that varies most rises
/// through its mean.
fn recurrence(course: &[(f64, Vec<f64>)], n: usize) -> Option<(f64, usize, usize)> {
    let tail = course.len() * 2 / 3;
    let range = |state: usize| {
        let all = course[tail..].iter().map(|(_, x)| x[state]);
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (f64::min(low, x), f64::max(high, x)))
    };
    let relative = |state: usize| {
        let (low, high) = range(state);
        (high - low) / low.abs().max(high.abs()).max(1e-9)
    };
    let state = (0..n).max_by(|a, b| relative(*a).total_cmp(&relative(*b)))?;
    let (low, high) = range(state);
    let level = 0.5 * (low + high);
    let rises: Vec<usize> = (tail..course.len() - 1)
        .filter(|i| course[*i].1[state] < level && course[i + 1].1[state] >= level)
        .collect();
    let time_of = |i: usize| {
        let (a, b) = (course[i].1[state], course[i + 1].1[state]);
        course[i].0 + (level - a) / (b - a) * (course[i + 1].0 - course[i].0)
    };
    // The fewest turns after which all states come back.
    let last = rises.len().checked_sub(1)?;
    let widths: Vec<f64> = (0..n).map(|i| (range(i).1 - range(i).0).max(1e-12)).collect();
    let turns = (1..=last.min(MOST_TURNS)).find(|turns| {
        let (a, b) = (&course[rises[last - turns]].1, &course[rises[last]].1);
        a.iter().zip(b).zip(&widths).all(|((a, b), width)| (a - b).abs() < 0.03 * width)
    })?;
    Some((time_of(rises[last]) - time_of(rises[last - turns]), rises[last - turns], turns))
}

/// The state of a run at a time, on the straight line between its points.
fn interpolated(course: &[(f64, Vec<f64>)], time: f64) -> Vec<f64> {
    let after = course.partition_point(|(at, _)| *at <= time).clamp(1, course.len() - 1);
    let ((from, a), (to, b)) = (&course[after - 1], &course[after]);
    let share = ((time - from) / (to - from)).clamp(0.0, 1.0);
    a.iter().zip(b).map(|(a, b)| a + share * (b - a)).collect()
}
