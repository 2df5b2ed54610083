//! Newton's method on small systems.

use ndarray::{Array1, Array2};

/// The number of steps after which a start is given up.
const STEPS: usize = 60;
/// The share of `scale` below which a full Newton step ends the search.
const TOLERANCE: f64 = 1e-11;

/// Finds a root of `f` near `start`, by Newton's method with halved steps where a full one does not bring |f| down.
///
/// `f` gives values and `jacobian` their derivatives; `scale` is the size that a change of each variable is measured by. `None` where the
/// Jacobian is singular on the way, or nothing is found in 60 steps.
pub(super) fn root(
    start: &[f64],
    scale: &[f64],
    f: impl Fn(&[f64]) -> Array1<f64>,
    jacobian: impl Fn(&[f64]) -> Array2<f64>,
) -> Option<Vec<f64>> {
    let size = |values: &Array1<f64>| values.dot(values).sqrt();
    let mut at = start.to_vec();
    let mut values = f(&at);
    for _ in 0..STEPS {
        // Steps that are too long cost values alone.
        let step = solve(jacobian(&at), -values.clone())?;
        let moved = |part: f64| at.iter().zip(&step).map(|(x, dx)| x + part * dx).collect::<Vec<_>>();
        if step.iter().zip(scale).all(|(dx, scale)| dx.abs() <= TOLERANCE * scale) {
            return Some(moved(1.0));
        }
        let (mut part, before) = (1.0, size(&values));
        loop {
            let next = moved(part);
            values = f(&next);
            let now = size(&values);
            if now.is_finite() && (now < before || part < 1e-3) {
                at = next;
                break;
            }
            part *= 0.5;
            if part < 1e-9 {
                return None;
            }
        }
    }
    None
}

/// Solves `a x = b` by elimination with row pivoting; `None` where `a` is singular to rounding.
pub(super) fn solve(mut a: Array2<f64>, mut b: Array1<f64>) -> Option<Array1<f64>> {
    let n = b.len();
    // Rows of different units are brought to one size before pivots are compared.
    for i in 0..n {
        let largest = a.row(i).iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
        if largest == 0.0 || !largest.is_finite() {
            return None;
        }
        a.row_mut(i).mapv_inplace(|entry| entry / largest);
        b[i] /= largest;
    }
    for column in 0..n {
        let pivot = (column..n).fold(column, |best, row| {
            if a[[row, column]].abs() > a[[best, column]].abs() { row } else { best }
        });
        if a[[pivot, column]].abs() < 1e-14 {
            return None;
        }
        if pivot != column {
            for j in 0..n {
                a.swap([pivot, j], [column, j]);
            }
            b.swap(pivot, column);
        }
        for row in column + 1..n {
            let factor = a[[row, column]] / a[[column, column]];
            for j in column..n {
                a[[row, j]] -= factor * a[[column, j]];
            }
            b[row] -= factor * b[column];
        }
    }
    for row in (0..n).rev() {
        let rest: f64 = (row + 1..n).map(|j| a[[row, j]] * b[j]).sum();
        b[row] = (b[row] - rest) / a[[row, row]];
    }
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_circle_and_a_line_meet() {
        let f = |x: &[f64]| array![x[0] * x[0] + x[1] * x[1] - 4.0, x[0] - x[1]];
        let jacobian = |x: &[f64]| array![[2.0 * x[0], 2.0 * x[1]], [1.0, -1.0]];
        let found = root(&[3.0, 0.5], &[1.0, 1.0], f, jacobian).unwrap();
        assert!(found.iter().all(|x| (x - 2.0_f64.sqrt()).abs() < 1e-14), "{found:?}");
    }

    #[test]
    fn what_has_no_root_gives_none() {
        assert_eq!(root(&[0.3], &[1.0], |x| array![x[0] * x[0] + 1.0], |x| array![[2.0 * x[0]]]), None);
        assert_eq!(root(&[0.3], &[1.0], |_| array![1.0], |_| array![[0.0]]), None);
    }
}
