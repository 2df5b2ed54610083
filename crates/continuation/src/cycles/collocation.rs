//! The equations of a cycle: orthogonal collocation at Gauss points (de Boor & Swartz 1973), and the solution of their linearisation.

use super::basis::{DEGREE, GAUSS, slopes, values};
use super::condensed::{Condensed, GLOBALS};
use super::profile::Profile;
use crate::equations::Equations;
use crate::linear::{Lu, Matrix};

/// A cycle with its period and the value of what varies; or a direction in which all of these change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cycle {
    pub profile: Profile,
    /// The period in ms.
    pub period: f64,
    /// The value of what varies.
    pub value: f64,
}

/// The sizes that changes are measured by.
#[derive(Debug, Clone)]
pub(crate) struct Sizes {
    pub states: Vec<f64>,
    pub period: f64,
    pub value: f64,
}

impl Cycle {
    /// Adds a multiple of a direction.
    pub fn moved(&self, direction: &Cycle, by: f64) -> Cycle {
        let mut result = self.clone();
        result.profile.nodes.iter_mut().zip(&direction.profile.nodes).for_each(|(x, d)| *x += by * d);
        result.period += by * direction.period;
        result.value += by * direction.value;
        result
    }

    /// Multiplies a direction with a number.
    pub fn times(&self, factor: f64) -> Cycle {
        let mut result = self.clone();
        result.profile.nodes.iter_mut().for_each(|x| *x *= factor);
        result.period *= factor;
        result.value *= factor;
        result
    }

    /// Computes the product of two directions on the same mesh.
    pub fn product(&self, other: &Cycle, sizes: &Sizes) -> f64 {
        let n = self.profile.n;
        let weights = node_weights(&self.profile.mesh);
        let mut sum = 0.0;
        for (node, weight) in weights.iter().enumerate() {
            for state in 0..n {
                let (a, b) = (self.profile.nodes[node * n + state], other.profile.nodes[node * n + state]);
                sum += weight * a * b / (sizes.states[state] * sizes.states[state]);
            }
        }
        sum + self.period * other.period / (sizes.period * sizes.period)
            + self.value * other.value / (sizes.value * sizes.value)
    }

    /// Moves everything to another mesh.
    pub fn moved_to(&self, mesh: &[f64]) -> Cycle {
        Cycle { profile: self.profile.moved_to(mesh), period: self.period, value: self.value }
    }
}

/// The shares of the period for which the nodes of a mesh stand.
fn node_weights(mesh: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; (mesh.len() - 1) * DEGREE + 1];
    for (interval, ends) in mesh.windows(2).enumerate() {
        let share = (ends[1] - ends[0]) / DEGREE as f64;
        for j in 0..=DEGREE {
            weights[interval * DEGREE + j] += if j == 0 || j == DEGREE { 0.5 * share } else { share };
        }
    }
    weights
}

/// A condition on all unknowns beside the differential equation: `row . change = right`, in sizes.
struct Border {
    nodes: Vec<f64>,
    globals: [f64; GLOBALS],
    right: f64,
}

/// The conditions that hold a cycle in place beside the differential equation and its phase.
pub(crate) enum Condition<'a> {
    /// The value that varies is held.
    Value,
    /// The cycle stays in the plane through the guess across a direction.
    Across(&'a Cycle),
}

/// The linearisation along a cycle, solved.
pub(crate) struct Solved {
    /// The change of all unknowns.
    pub change: Cycle,
    /// The size of the change.
    pub size: f64,
    /// The matrix that takes a perturbation at the start of the period to its end, in sizes of the states.
    pub monodromy: Matrix<f64>,
    /// The trace of the Jacobian, summed up over the period: the logarithm of the product of all multipliers, by Liouville's formula.
    pub growth: f64,
    equations: Condensed,
    /// The equations of the ends of the period and of the globals.
    ends: Lu<f64>,
}

/// Solves the linearised equations at a cycle. `reference` sets the phase, and `guess` the plane.
pub(crate) fn solve(
    equations: &Equations,
    at: &Cycle,
    reference: &Profile,
    guess: &Cycle,
    condition: &Condition,
    sizes: &Sizes,
) -> Option<Solved> {
    let (n, intervals) = (equations.n_states(), at.profile.intervals());
    let borders = [phase(at, reference, sizes), last(at, guess, condition, sizes)];
    let basis: Vec<_> = GAUSS.iter().map(|(place, _)| (values(*place), slopes(*place))).collect();
    let mut condensed = Condensed::new(n, intervals);
    let (mut state, mut slope) = (vec![0.0; n + 1], vec![0.0; n]);
    let (mut found, mut growth) = (Vec::new(), 0.0);
    state[n] = at.value;
    for interval in 0..intervals {
        let width = at.profile.mesh[interval + 1] - at.profile.mesh[interval];
        for (point, ((value_of, slope_of), (_, weight))) in basis.iter().zip(&GAUSS).enumerate() {
            state[..n].fill(0.0);
            slope.fill(0.0);
            for j in 0..=DEGREE {
                let node = at.profile.node(interval * DEGREE + j);
                for i in 0..n {
                    state[i] += value_of[j] * node[i];
                    slope[i] += slope_of[j] * node[i] / width;
                }
            }
            equations.linearised_into(&state, &mut found);
            let (rates, linear) = found.split_at_mut(n);
            // A second value that is held has a column, too.
            let columns = linear.len() / n;
            for (i, (rate, linear)) in rates.iter().zip(linear.chunks_exact_mut(columns)).enumerate() {
                let per_size = 1.0 / sizes.states[i];
                let row = condensed.row_mut(interval, point * n + i);
                let (by_states, by_value) = linear.split_at_mut(n);
                for (entry, size) in by_states.iter_mut().zip(&sizes.states) {
                    *entry *= at.period * size * per_size;
                }
                growth += weight * width * by_states[i];
                for j in 0..=DEGREE {
                    let column = Condensed::column(n, j);
                    for (entry, by_state) in row[column..column + n].iter_mut().zip(&*by_states) {
                        *entry = -value_of[j] * by_state;
                    }
                    row[column + i] += slope_of[j] / width;
                }
                let globals = (DEGREE + 1) * n;
                row[globals] = -rate * sizes.period * per_size;
                row[globals + 1] = -at.period * by_value[0] * sizes.value * per_size;
                row[globals + 2] = -(slope[i] - at.period * rate) * per_size;
                if !row[globals + 2].is_finite() {
                    return None;
                }
            }
        }
    }
    condensed.eliminate(borders.each_ref().map(|border| (&border.nodes[..], border.globals, border.right)));
    finish(at, condensed, growth, sizes)
}

/// Solves for the states at both ends and the other unknowns, and from these for all others.
fn finish(at: &Cycle, equations: Condensed, growth: f64, sizes: &Sizes) -> Option<Solved> {
    let n = at.profile.n;
    let size = 2 * n + GLOBALS;
    let (mut matrix, mut right) = (Matrix::zeros(size, size), vec![0.0; size]);
    let (mut to_end, mut to_start) = (Matrix::zeros(n, n), Matrix::zeros(n, n));
    for (index, entries) in equations.left_over().iter().enumerate() {
        // The periodicity stands between the differential equation and the conditions.
        let row = if index < n { index } else { index + n };
        matrix.row_mut(row).copy_from_slice(&entries[..size]);
        right[row] = entries[size];
        if index < n {
            to_end.row_mut(row).copy_from_slice(&entries[..n]);
            to_start.row_mut(row).copy_from_slice(&entries[n..2 * n]);
        }
    }
    let last = at.profile.n_nodes() - 1;
    for i in 0..n {
        matrix[(n + i, i)] = 1.0;
        matrix[(n + i, n + i)] = -1.0;
        right[n + i] = -(at.profile.node(last)[i] - at.profile.node(0)[i]) / sizes.states[i];
    }
    let ends = Lu::new(matrix);
    let lu = Lu::new(to_end);
    let mut monodromy = Matrix::zeros(n, n);
    for column in 0..n {
        let from: Vec<f64> = (0..n).map(|row| -to_start[(row, column)]).collect();
        for (row, entry) in lu.solve(&from).into_iter().enumerate() {
            monodromy[(row, column)] = entry;
        }
    }
    let change = changed(at, &equations, &ends.solve(&right), true);
    let largest = change.profile.nodes.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
    let size = largest.max(change.period.abs()).max(change.value.abs());
    if !size.is_finite() {
        return None;
    }
    let change = in_units(change, sizes);
    Some(Solved { change, size, monodromy, growth, equations, ends })
}

/// The change of all unknowns, in sizes, from those of the ends of the period and of the globals.
fn changed(at: &Cycle, equations: &Condensed, ends: &[f64], with_right: bool) -> Cycle {
    let n = at.profile.n;
    let nodes = equations.nodes(&ends[..n], &ends[n..2 * n], &ends[2 * n..], with_right);
    let profile = Profile { mesh: at.profile.mesh.clone(), nodes, n };
    Cycle { profile, period: ends[2 * n], value: ends[2 * n + 1] }
}

/// Turns sizes into units.
fn in_units(mut change: Cycle, sizes: &Sizes) -> Cycle {
    for node in change.profile.nodes.chunks_mut(sizes.states.len()) {
        node.iter_mut().zip(&sizes.states).for_each(|(x, size)| *x *= size);
    }
    change.period *= sizes.period;
    change.value *= sizes.value;
    change
}

impl Solved {
    /// Computes the course of a perturbation that starts as given, in sizes of the states, and evolves by the linearised equations over one period.
    pub fn perturbation(&self, start: &[f64], sizes: &Sizes) -> Profile {
        let end = self.monodromy.times(start);
        let ends = [&end[..], start, &[0.0; GLOBALS]].concat();
        in_units(changed(&self.change, &self.equations, &ends, false), sizes).profile
    }

    /// Computes the direction of the branch: the change that solves the equations with zeros on the right but for the last condition, where 1 stands.
    pub fn along(&self, sizes: &Sizes) -> Cycle {
        let mut right = vec![0.0; 2 * sizes.states.len() + GLOBALS];
        if let Some(last) = right.last_mut() {
            *last = 1.0;
        }
        in_units(changed(&self.change, &self.equations, &self.ends.solve(&right), false), sizes)
    }
}

/// The condition that sets the phase: the cycle is moved in time so that it is nearest to a reference.
fn phase(at: &Cycle, reference: &Profile, sizes: &Sizes) -> Border {
    let n = reference.n;
    let mut nodes = vec![0.0; reference.nodes.len()];
    let basis = GAUSS.map(|(place, weight)| (weight, values(place), slopes(place)));
    for interval in 0..reference.intervals() {
        for (weight, value_of, slope_of) in &basis {
            for i in 0..n {
                let slope: f64 = (0..=DEGREE)
                    .map(|j| slope_of[j] * reference.node(interval * DEGREE + j)[i] / sizes.states[i])
                    .sum();
                for j in 0..=DEGREE {
                    // The width of the interval cancels between the integral and the slope.
                    nodes[(interval * DEGREE + j) * n + i] += weight * value_of[j] * slope;
                }
            }
        }
    }
    let size = nodes.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-300);
    nodes.iter_mut().for_each(|x| *x /= size);
    let offset: f64 = at
        .profile
        .nodes
        .iter()
        .zip(&reference.nodes)
        .zip(&nodes)
        .enumerate()
        .map(|(place, ((x, reference), row))| row * (x - reference) / sizes.states[place % n])
        .sum();
    Border { nodes, globals: [0.0; GLOBALS], right: -offset }
}

/// The last condition.
fn last(at: &Cycle, guess: &Cycle, condition: &Condition, sizes: &Sizes) -> Border {
    let n = at.profile.n;
    match condition {
        Condition::Value => Border {
            nodes: vec![0.0; at.profile.nodes.len()],
            globals: [0.0, 1.0],
            right: (guess.value - at.value) / sizes.value,
        },
        Condition::Across(direction) => {
            let weights = node_weights(&at.profile.mesh);
            let nodes = direction.profile.nodes.iter().enumerate();
            let nodes = nodes.map(|(place, x)| weights[place / n] * x / sizes.states[place % n]).collect();
            let offset = at.moved(guess, -1.0);
            Border {
                nodes,
                globals: [direction.period / sizes.period, direction.value / sizes.value],
                right: -direction.product(&offset, sizes),
            }
        }
    }
}
