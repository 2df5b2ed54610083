//! Branches of fixed points over what is swept, followed through their folds (pseudo-arclength continuation; Keller 1977).

use brainmass::dynamics::VectorField;

use crate::site::circumstances::Circumstances;

/// Steps of Newton's method, after which a start is given up.
const NEWTON: usize = 40;
/// A step of Newton's method that ends it, as a part of the window.
const TOLERANCE: f64 = 1e-11;
/// The longest and the shortest step along a branch, as parts of the window and of the range that is swept.
const STEP: (f64, f64) = (0.02, 1e-5);
/// Steps along a branch in one direction.
const STEPS: usize = 1500;

/// The fixed points of a node as a function of what is swept.
pub struct Branches<'a> {
    /// The circumstances of the sweep.
    pub circumstances: Circumstances<'a>,
    /// The ends of the range that is swept.
    pub range: (f64, f64),
    /// The window of each state, inside which branches are followed.
    pub window: &'a [(f64, f64)],
}

impl Branches<'_> {
    /// The fixed point that Newton's method reaches from some states, if it lies in the window.
    pub fn polish(&self, field: &VectorField, start: &[f64]) -> Option<Vec<f64>> {
        let mut states = start.to_vec();
        let size = |rates: &[f64]| rates.iter().map(|rate| rate * rate).sum::<f64>().sqrt();
        let mut rates = field.rates(&states);
        for _ in 0..NEWTON {
            let jacobian = field.jacobian(&states);
            let rows = (0..states.len()).map(|i| jacobian.row(i).to_vec()).collect();
            let step = solve(rows, rates.iter().map(|rate| -rate).collect())?;
            let part = |step: &[f64], (from, to): (f64, f64), index: usize| step[index].abs() / (to - from);
            let largest = (0..step.len()).map(|i| part(&step, self.window[i], i)).fold(0.0, f64::max);
            let mut share = 1.0;
            loop {
                let next: Vec<f64> = states.iter().zip(&step).map(|(x, dx)| x + share * dx).collect();
                let after = field.rates(&next);
                if size(&after) < size(&rates) || share < 1e-3 || largest <= TOLERANCE {
                    (states, rates) = (next, after);
                    break;
                }
                share *= 0.5;
            }
            if largest <= TOLERANCE {
                return self.holds(&states).then_some(states);
            }
        }
        None
    }

    /// Whether states lie in the window.
    fn holds(&self, states: &[f64]) -> bool {
        let inside = |(x, (from, to)): (&f64, &(f64, f64))| {
            let slack = 1e-6 * (to - from);
            *x >= from - slack && *x <= to + slack
        };
        states.iter().zip(self.window).all(inside)
    }

    /// Follows the branch through a fixed point in both directions, until it leaves the range or the window, or ends.
    ///
    /// Returns the values and the states along it, close to one another and in their order.
    ///
    /// # Errors
    ///
    /// The model has no nodes.
    pub fn follow(&self, value: f64, states: &[f64]) -> Result<Vec<(f64, Vec<f64>)>, String> {
        let start = self.scaled(value, states);
        let mut tangent = self.tangent(&start, None)?;
        let mut all = Vec::new();
        for _ in 0..2 {
            let mut one = Vec::new();
            if let Some(tangent) = tangent.clone() {
                self.one_way(&start, tangent, &mut one)?;
            }
            tangent = tangent.map(|tangent| tangent.into_iter().map(|t| -t).collect());
            all.reverse();
            if !all.is_empty() {
                // The second way goes on where the first began.
                all.append(&mut one);
            } else {
                all = one;
                all.insert(0, start.clone());
            }
        }
        Ok(all.iter().map(|point| self.unscaled(point)).collect())
    }

    /// Follows a branch in one direction.
    fn one_way(&self, start: &[f64], tangent: Vec<f64>, line: &mut Vec<Vec<f64>>) -> Result<(), String> {
        let (mut at, mut tangent, mut length) = (start.to_vec(), tangent, 0.25 * STEP.0);
        for _ in 0..STEPS {
            let ahead: Vec<f64> = at.iter().zip(&tangent).map(|(x, t)| x + length * t).collect();
            let next = self.back_to_branch(&ahead, &tangent)?;
            let turned = match &next {
                Some((point, iterations)) => {
                    let new = self.tangent(point, Some(&tangent))?;
                    new.filter(|new| *iterations <= 6 && dot(new, &tangent) > 0.9)
                }
                None => None,
            };
            let (Some((point, iterations)), Some(new)) = (next, turned) else {
                length *= 0.5;
                if length < STEP.1 {
                    return Ok(());
                }
                continue;
            };
            let (value, states) = self.unscaled(&point);
            line.push(point.clone());
            let closed = line.len() > 10 && distance(&point, start) < 0.5 * length;
            if !(0.0..=1.0).contains(&point[0]) || !self.holds(&states) || !value.is_finite() || closed {
                return Ok(());
            }
            (at, tangent) = (point, new);
            if iterations <= 3 {
                length = (1.5 * length).min(STEP.0);
            }
        }
        Ok(())
    }

    /// Returns the swept quantity and the states, as parts of the range and of the window.
    fn scaled(&self, value: f64, states: &[f64]) -> Vec<f64> {
        let parts = states.iter().zip(self.window).map(|(x, (from, to))| (x - from) / (to - from));
        std::iter::once((value - self.range.0) / (self.range.1 - self.range.0)).chain(parts).collect()
    }

    fn unscaled(&self, point: &[f64]) -> (f64, Vec<f64>) {
        let states = point[1..].iter().zip(self.window).map(|(part, (from, to))| from + part * (to - from));
        (self.range.0 + point[0] * (self.range.1 - self.range.0), states.collect())
    }

    /// The rates at a point, and their derivatives by what is swept and the states, all scaled: a row for each state.
    fn system(&self, point: &[f64]) -> Result<(Vec<f64>, Vec<Vec<f64>>), String> {
        let (value, states) = self.unscaled(point);
        let range = self.range.1 - self.range.0;
        let field = self.circumstances.field(value)?;
        let (rates, jacobian) = (field.rates(&states), field.jacobian(&states));
        let change = 1e-6 * range;
        let above = self.circumstances.field(value + change)?.rates(&states);
        let below = self.circumstances.field(value - change)?.rates(&states);
        let row = |i: usize| {
            let by_value = (above[i] - below[i]) / (2.0 * change) * range;
            let by_state =
                jacobian.row(i).into_iter().zip(self.window).map(|(entry, (from, to))| entry * (to - from));
            std::iter::once(by_value).chain(by_state).collect::<Vec<f64>>()
        };
        let rows: Vec<Vec<f64>> = (0..states.len()).map(row).collect();
        Ok((rates, rows))
    }

    /// The direction of the branch at a point, of length 1: that of the direction before, or of growing values; `None` at a branch point.
    fn tangent(&self, point: &[f64], before: Option<&[f64]>) -> Result<Option<Vec<f64>>, String> {
        let (_, mut rows) = self.system(point)?;
        let mut target = vec![0.0; rows.len()];
        let first: Vec<f64> = (0..point.len()).map(|i| f64::from(u8::from(i == 0))).collect();
        rows.push(before.map_or(first, <[f64]>::to_vec));
        target.push(1.0);
        let Some(tangent) = solve(rows, target) else { return Ok(None) };
        let length = dot(&tangent, &tangent).sqrt();
        Ok(Some(tangent.into_iter().map(|t| t / length).collect()))
    }

    /// Newton's method from a point ahead to the branch, at right angles to the direction; with the number of its steps.
    fn back_to_branch(&self, ahead: &[f64], tangent: &[f64]) -> Result<Option<(Vec<f64>, usize)>, String> {
        let mut point = ahead.to_vec();
        for iteration in 1..10 {
            let (rates, mut rows) = self.system(&point)?;
            rows.push(tangent.to_vec());
            let from: Vec<f64> = ahead.iter().zip(&point).map(|(a, x)| a - x).collect();
            let target = rates.iter().map(|rate| -rate).chain([dot(&from, tangent)]).collect();
            let Some(step) = solve(rows, target) else { return Ok(None) };
            point.iter_mut().zip(&step).for_each(|(x, dx)| *x += dx);
            if step.iter().all(|dx| dx.abs() <= 1e-9) {
                return Ok(Some((point, iteration)));
            }
            if step.iter().any(|dx| dx.is_nan() || dx.abs() > 1.0) {
                return Ok(None);
            }
        }
        Ok(None)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// Solves a system of equations by elimination with row pivoting; `None` where it is singular to rounding.
fn solve(mut rows: Vec<Vec<f64>>, mut target: Vec<f64>) -> Option<Vec<f64>> {
    let n = target.len();
    for (row, target) in rows.iter_mut().zip(&mut target) {
        // Rows of different units are brought to one size before pivots are compared.
        let largest = row.iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
        if largest == 0.0 || !largest.is_finite() {
            return None;
        }
        row.iter_mut().for_each(|entry| *entry /= largest);
        *target /= largest;
    }
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-14 {
            return None;
        }
        rows.swap(pivot, column);
        target.swap(pivot, column);
        let (above, below) = rows.split_at_mut(column + 1);
        let first = &above[column];
        for (offset, row) in below.iter_mut().enumerate() {
            let factor = row[column] / first[column];
            row.iter_mut().zip(first).skip(column).for_each(|(entry, above)| *entry -= factor * above);
            target[column + 1 + offset] -= factor * target[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|j| rows[row][j] * target[j]).sum();
        target[row] = (target[row] - known) / rows[row][row];
    }
    Some(target)
}
