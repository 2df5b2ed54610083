//! Equilibria that nobody gave: from the start of the model, from where runs settle, and from random states around these.

use crate::curve::newton;
use crate::equations::Equations;
use crate::linear::{Lu, Matrix, norm};
use crate::rest::come_to_rest;

/// The number of random states from which Newton's method begins.
const STARTS: usize = 60;

/// The number of steps of the damped Newton's method after which a start is given up, and its shortest step as a share of the full one.
const DAMPED: usize = 80;
const SHORTEST: f64 = 1e-5;

/// Searches for the equilibria at a value of what varies.
pub(crate) fn equilibria_at(equations: &Equations, value: f64) -> Vec<Vec<f64>> {
    let n = equations.n_states();
    let settled = settle(equations, equations.start(), value);
    let mut found: Vec<Vec<f64>> = Vec::new();
    let mut low: Vec<f64> = equations.start().to_vec();
    let mut high = low.clone();
    for visited in &settled {
        for i in 0..n {
            low[i] = low[i].min(visited[i]);
            high[i] = high[i].max(visited[i]);
        }
    }
    let mut attempt = |start: &[f64], low: &mut [f64], high: &mut [f64], is_patient: bool| {
        let scale: Vec<f64> = (0..n).map(|i| (high[i] - low[i]).max(start[i].abs()).max(1e-3)).collect();
        let evaluate = |states: &[f64]| {
            let (rates, linear) = equations.linearised(&[states, &[value]].concat());
            (rates, linear.first_columns(n))
        };
        // Far from a root Newton's method needs shorter steps; its own end then makes the root exact.
        let solved = newton(start, &scale, evaluate).or_else(|| {
            let near = damped(start, &scale, evaluate)?;
            newton(&near, &scale, evaluate)
        });
        let rested = || if is_patient { come_to_rest(start, evaluate) } else { None };
        let Some(states) = solved.map(|(states, _)| states).or_else(rested) else { return };
        let is_same = |other: &Vec<f64>| {
            other.iter().zip(&states).zip(&scale).all(|((a, b), scale)| (a - b).abs() < 1e-6 * scale)
        };
        if !found.iter().any(is_same) {
            for i in 0..n {
                low[i] = low[i].min(states[i]);
                high[i] = high[i].max(states[i]);
            }
            found.push(states);
        }
    };
    // Where a model begins and where it goes, steep equations get the time that they need.
    attempt(equations.start(), &mut low, &mut high, true);
    if let Some(last) = settled.last() {
        attempt(last, &mut low, &mut high, true);
    }
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..STARTS {
        let start: Vec<f64> = (0..n)
            .map(|i| {
                let share = uniform(&mut random);
                let width = (high[i] - low[i]).max(0.5 * low[i].abs()).max(1e-3);
                // Half as far again on both sides.
                low[i] - 0.5 * width + 2.0 * width * share
            })
            .collect();
        attempt(&start, &mut low, &mut high, false);
    }
    found
}

/// Newton's method with steps that are halved until the residuals, beside the sizes of the unknowns, shrink. `None` where they do not any more before the
/// steps are short.
fn damped(
    start: &[f64],
    scale: &[f64],
    evaluate: impl Fn(&[f64]) -> (Vec<f64>, Matrix<f64>),
) -> Option<Vec<f64>> {
    let size = |residuals: &[f64]| {
        residuals.iter().zip(scale).map(|(residual, scale)| (residual / scale).powi(2)).sum::<f64>().sqrt()
    };
    let mut at = start.to_vec();
    let (mut residuals, mut jacobian) = evaluate(&at);
    for _ in 0..DAMPED {
        for row in 0..jacobian.rows() {
            jacobian.row_mut(row).iter_mut().zip(scale).for_each(|(entry, scale)| *entry *= scale);
        }
        let step = Lu::new(jacobian).solve(&residuals);
        let length = norm(&step);
        if !length.is_finite() {
            return None;
        }
        // No step leads farther than so many sizes.
        let mut share = (3.0 / length).min(1.0);
        (residuals, jacobian) = loop {
            let next: Vec<f64> =
                at.iter().zip(&step).zip(scale).map(|((x, step), scale)| x - share * step * scale).collect();
            let (after, linear) = evaluate(&next);
            if after.iter().all(|x| x.is_finite()) && size(&after) < (1.0 - 1e-3 * share) * size(&residuals) {
                at = next;
                break (after, linear);
            }
            share *= 0.5;
            if share < SHORTEST {
                // Rounding keeps the residuals from shrinking at a root, and a minimum that is none elsewhere.
                return (length < 1e-4).then_some(at);
            }
        };
        if length < 1e-6 {
            return Some(at);
        }
    }
    None
}

/// The next number of a sequence that is spread evenly over 0 to 1 (Marsaglia's xorshift with 64 bits).
pub(crate) fn uniform(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as f64 / (1u64 << 53) as f64
}

/// Runs the model from a state, by Heun's method with steps that follow the fastest rate, and returns some of the states visited.
fn settle(equations: &Equations, start: &[f64], value: f64) -> Vec<Vec<f64>> {
    let n = equations.n_states();
    let mut at = [start, &[value]].concat();
    let mut visited = Vec::new();
    for step in 0..2000 {
        if step % 50 == 0 && at.iter().all(|x| x.is_finite()) {
            visited.push(at[..n].to_vec());
        }
        let dt = 0.2 / equations.jacobian(&at).largest_rate().max(1e-9);
        let first = equations.rates(&at);
        let mut ahead = at.clone();
        ahead.iter_mut().zip(&first).for_each(|(x, rate)| *x += dt * rate);
        let second = equations.rates(&ahead);
        for i in 0..n {
            at[i] += 0.5 * dt * (first[i] + second[i]);
        }
        if at.iter().any(|x| !x.is_finite()) {
            break;
        }
    }
    visited
}
