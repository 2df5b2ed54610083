//! The equations of a cycle: orthogonal collocation at Gauss points (de Boor & Swartz 1973), and the solution of their linearisation.

use super::basis::{DEGREE, GAUSS, slopes, values};
use super::profile::Profile;
use crate::equations::Equations;
use crate::linear::{Lu, Matrix};

/// The number of unknowns beside the states at the nodes: period and value.
const GLOBALS: usize = 2;

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
    steps: Vec<Eliminated>,
}

/// The pivot rows of one interval: columns of what they eliminate, of the state at the end of the interval, of that at the start of the period, of the
/// other unknowns, and the right-hand side.
struct Eliminated {
    rows: Matrix<f64>,
    count: usize,
}

/// Solves the linearised equations at a cycle. `reference` sets the phase, and `guess` the plane. With `along`, the right-hand side is that of a
/// direction of the branch: zero but for the last condition, which is 1.
pub(crate) fn solve(
    equations: &Equations,
    at: &Cycle,
    reference: &Profile,
    guess: &Cycle,
    condition: &Condition,
    sizes: &Sizes,
    along: bool,
) -> Option<Solved> {
    let (n, intervals) = (equations.n_states(), at.profile.intervals());
    let borders = [phase(at, reference, sizes, along), last(at, guess, condition, sizes, along)];
    let basis: Vec<_> = GAUSS.iter().map(|(place, _)| (values(*place), slopes(*place))).collect();
    let mut carried: Vec<Vec<f64>> = Vec::new();
    // The borders' entries at the present node, at the first node, at the other unknowns, and their right-hand sides.
    let mut of_borders: Vec<Vec<f64>> = borders
        .iter()
        .map(|border| {
            let mut row = vec![0.0; n];
            row.extend(&border.nodes[..n]);
            row.extend(border.globals);
            row.push(border.right);
            row
        })
        .collect();
    let mut steps = Vec::with_capacity(intervals);
    for interval in 0..intervals {
        // Columns: [state at the start of the interval, inner nodes | its end | first node | globals | right].
        let is_first = interval == 0;
        let own = if is_first { 0 } else { n };
        let eliminated = own + (DEGREE - 1) * n;
        let columns = eliminated + 2 * n + GLOBALS + 1;
        let (end, first, right) = (eliminated, eliminated + n, columns - 1);
        let mut rows = Matrix::zeros(carried.len() + DEGREE * n, columns);
        for (row, entries) in carried.iter().enumerate() {
            // A carried row: [present node | first node | globals, right].
            rows.row_mut(row)[..n].copy_from_slice(&entries[..n]);
            rows.row_mut(row)[first..].copy_from_slice(&entries[n..]);
        }
        let column_of = |j: usize| match j {
            0 if is_first => first,
            0 => 0,
            DEGREE => end,
            _ => own + (j - 1) * n,
        };
        let width = at.profile.mesh[interval + 1] - at.profile.mesh[interval];
        for (point, (value_of, slope_of)) in basis.iter().enumerate() {
            let (mut state, mut slope) = (vec![0.0; n + 1], vec![0.0; n]);
            for j in 0..=DEGREE {
                let node = at.profile.node(interval * DEGREE + j);
                for i in 0..n {
                    state[i] += value_of[j] * node[i];
                    slope[i] += slope_of[j] * node[i] / width;
                }
            }
            state[n] = at.value;
            let (rates, linear) = equations.linearised(&state);
            for i in 0..n {
                let row = rows.row_mut(carried.len() + point * n + i);
                let own_size = sizes.states[i];
                for j in 0..=DEGREE {
                    let column = column_of(j);
                    row[column + i] += slope_of[j] / width;
                    for k in 0..n {
                        row[column + k] -=
                            at.period * value_of[j] * linear[(i, k)] * sizes.states[k] / own_size;
                    }
                }
                row[right - 2] = -rates[i] * sizes.period / own_size;
                row[right - 1] = -at.period * linear[(i, n)] * sizes.value / own_size;
                row[right] = if along { 0.0 } else { -(slope[i] - at.period * rates[i]) / own_size };
                if !row[right].is_finite() {
                    return None;
                }
            }
        }
        let mut bordering = Matrix::zeros(borders.len(), columns);
        for (index, border) in borders.iter().enumerate() {
            let row = bordering.row_mut(index);
            row[..own].copy_from_slice(&of_borders[index][..own]);
            for j in 1..DEGREE {
                let node = (interval * DEGREE + j) * n;
                row[column_of(j)..column_of(j) + n].copy_from_slice(&border.nodes[node..node + n]);
            }
            let node = (interval + 1) * DEGREE * n;
            row[end..end + n].copy_from_slice(&border.nodes[node..node + n]);
            row[first..].copy_from_slice(&of_borders[index][n..]);
        }
        eliminate(&mut rows, &mut bordering, eliminated);
        carried = (eliminated..rows.rows()).map(|row| rows.row(row)[end..].to_vec()).collect();
        of_borders = (0..borders.len()).map(|row| bordering.row(row)[end..].to_vec()).collect();
        steps.push(Eliminated { rows, count: eliminated });
    }
    finish(at, &carried, &of_borders, steps, sizes, along)
}

/// Solves for the states at both ends and the other unknowns, and from these for all others.
fn finish(
    at: &Cycle,
    carried: &[Vec<f64>],
    of_borders: &[Vec<f64>],
    steps: Vec<Eliminated>,
    sizes: &Sizes,
    along: bool,
) -> Option<Solved> {
    let n = at.profile.n;
    let size = 2 * n + GLOBALS;
    let (mut matrix, mut right) = (Matrix::zeros(size, size), vec![0.0; size]);
    let (mut to_end, mut to_start) = (Matrix::zeros(n, n), Matrix::zeros(n, n));
    for (row, entries) in carried.iter().enumerate() {
        matrix.row_mut(row).copy_from_slice(&entries[..size]);
        right[row] = entries[size];
        to_end.row_mut(row).copy_from_slice(&entries[..n]);
        to_start.row_mut(row).copy_from_slice(&entries[n..2 * n]);
    }
    let last = at.profile.n_nodes() - 1;
    for i in 0..n {
        matrix[(n + i, i)] = 1.0;
        matrix[(n + i, n + i)] = -1.0;
        if !along {
            right[n + i] = -(at.profile.node(last)[i] - at.profile.node(0)[i]) / sizes.states[i];
        }
    }
    for (index, entries) in of_borders.iter().enumerate() {
        matrix.row_mut(2 * n + index).copy_from_slice(&entries[..size]);
        right[2 * n + index] = entries[size];
    }
    let ends = Lu::new(matrix).solve(&right);
    let lu = Lu::new(to_end);
    let mut monodromy = Matrix::zeros(n, n);
    for column in 0..n {
        let from: Vec<f64> = (0..n).map(|row| -to_start[(row, column)]).collect();
        for (row, entry) in lu.solve(&from).into_iter().enumerate() {
            monodromy[(row, column)] = entry;
        }
    }
    let mut change = Cycle {
        profile: Profile {
            mesh: at.profile.mesh.clone(),
            nodes: back_substitute(&steps, &ends[..n], &ends[n..2 * n], &ends[2 * n..], true),
            n,
        },
        period: ends[2 * n],
        value: ends[2 * n + 1],
    };
    let largest = change.profile.nodes.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
    let size = largest.max(change.period.abs()).max(change.value.abs());
    if !size.is_finite() {
        return None;
    }
    in_units(&mut change.profile, sizes);
    change.period *= sizes.period;
    change.value *= sizes.value;
    Some(Solved { change, size, monodromy, steps })
}

/// Turns sizes of the states into their units.
fn in_units(profile: &mut Profile, sizes: &Sizes) {
    for node in profile.nodes.chunks_mut(sizes.states.len()) {
        node.iter_mut().zip(&sizes.states).for_each(|(x, size)| *x *= size);
    }
}

impl Solved {
    /// Computes the course of a perturbation that starts as given, in sizes of the states, and evolves by the linearised equations over one period.
    pub fn perturbation(&self, start: &[f64], sizes: &Sizes) -> Profile {
        let end = self.monodromy.times(start);
        let mut profile = Profile {
            mesh: self.change.profile.mesh.clone(),
            nodes: back_substitute(&self.steps, &end, start, &[0.0; GLOBALS], false),
            n: start.len(),
        };
        in_units(&mut profile, sizes);
        profile
    }
}

/// Computes the unknowns at all nodes, from the last interval to the first.
fn back_substitute(
    steps: &[Eliminated],
    end: &[f64],
    first: &[f64],
    globals: &[f64],
    with_right: bool,
) -> Vec<f64> {
    let n = end.len();
    let mut nodes = vec![0.0; (steps.len() * DEGREE + 1) * n];
    let last = nodes.len() - n;
    nodes[last..].copy_from_slice(end);
    for (interval, step) in steps.iter().enumerate().rev() {
        let after: Vec<f64> = nodes[(interval + 1) * DEGREE * n..][..n].to_vec();
        let known: Vec<f64> = [&after[..], first, globals].concat();
        let mut solved = vec![0.0; step.count];
        for row in (0..step.count).rev() {
            let entries = step.rows.row(row);
            let mut sum = if with_right { entries[entries.len() - 1] } else { 0.0 };
            for (entry, x) in entries[step.count..].iter().zip(&known) {
                sum -= entry * x;
            }
            for column in row + 1..step.count {
                sum -= entries[column] * solved[column];
            }
            solved[row] = sum / entries[row];
        }
        let start = if interval == 0 { n } else { interval * DEGREE * n };
        nodes[start..start + step.count].copy_from_slice(&solved);
    }
    nodes[..n].copy_from_slice(first);
    nodes
}

/// Eliminates the first columns, with row exchanges, from the rows that do not become pivots and from the borders.
fn eliminate(rows: &mut Matrix<f64>, borders: &mut Matrix<f64>, count: usize) {
    for column in 0..count {
        let pivot = (column..rows.rows()).fold(column, |best, row| {
            if rows[(row, column)].abs() > rows[(best, column)].abs() { row } else { best }
        });
        if pivot != column {
            let kept = rows.row(column).to_vec();
            let found = rows.row(pivot).to_vec();
            rows.row_mut(column).copy_from_slice(&found);
            rows.row_mut(pivot).copy_from_slice(&kept);
        }
        let pivot_row = rows.row(column).to_vec();
        let subtract = |row: &mut [f64]| {
            let factor = row[column] / pivot_row[column];
            if factor != 0.0 {
                row[column] = 0.0;
                for (entry, of_pivot) in row[column + 1..].iter_mut().zip(&pivot_row[column + 1..]) {
                    *entry -= factor * of_pivot;
                }
            }
        };
        for row in column + 1..rows.rows() {
            subtract(rows.row_mut(row));
        }
        for row in 0..borders.rows() {
            subtract(borders.row_mut(row));
        }
    }
}

/// The condition that sets the phase: the cycle is moved in time so that it is nearest to a reference.
fn phase(at: &Cycle, reference: &Profile, sizes: &Sizes, along: bool) -> Border {
    let n = reference.n;
    let mut nodes = vec![0.0; reference.nodes.len()];
    for interval in 0..reference.intervals() {
        for (place, weight) in GAUSS {
            let (value_of, slope_of) = (values(place), slopes(place));
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
    Border { nodes, globals: [0.0; GLOBALS], right: if along { 0.0 } else { -offset } }
}

/// The last condition.
fn last(at: &Cycle, guess: &Cycle, condition: &Condition, sizes: &Sizes, along: bool) -> Border {
    let n = at.profile.n;
    match condition {
        Condition::Value => Border {
            nodes: vec![0.0; at.profile.nodes.len()],
            globals: [0.0, 1.0],
            right: if along { 1.0 } else { (guess.value - at.value) / sizes.value },
        },
        Condition::Across(direction) => {
            let weights = node_weights(&at.profile.mesh);
            let nodes = direction.profile.nodes.iter().enumerate();
            let nodes = nodes.map(|(place, x)| weights[place / n] * x / sizes.states[place % n]).collect();
            let offset = at.moved(guess, -1.0);
            Border {
                nodes,
                globals: [direction.period / sizes.period, direction.value / sizes.value],
                right: if along { 1.0 } else { -direction.product(&offset, sizes) },
            }
        }
    }
}
