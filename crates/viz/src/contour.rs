//! Contour lines of a field on a grid: marching squares (Lorensen & Cline 1987, in the plane).

use std::collections::BTreeMap;

use ndarray::ArrayView2;

/// An edge of the grid: from node (row, column) to the right (false) or up (true).
type Edge = (usize, usize, bool);

/// Returns the lines on which `z` (rows along `y`, columns along `x`) equals `level`, joined as far as they go.
///
/// Crossings are linearly interpolated. Cells with a corner that is not a number are passed over; of a saddle cell's
/// two readings the one that agrees with the mean of its corners is taken. Axes and field must agree in length.
pub(crate) fn lines(x: &[f64], y: &[f64], z: ArrayView2<'_, f64>, level: f64) -> Vec<Vec<[f64; 2]>> {
    let mut neighbours: BTreeMap<Edge, Vec<Edge>> = BTreeMap::new();
    for row in 1..y.len() {
        for column in 1..x.len() {
            for (a, b) in cell(z, row - 1, column - 1, level) {
                neighbours.entry(a).or_default().push(b);
                neighbours.entry(b).or_default().push(a);
            }
        }
    }
    let crossing = |&(row, column, up): &Edge| {
        let (to_row, to_column) = if up { (row + 1, column) } else { (row, column + 1) };
        let (from, to) = (z[(row, column)] - level, z[(to_row, to_column)] - level);
        let t = from / (from - to);
        [x[column] + t * (x[to_column] - x[column]), y[row] + t * (y[to_row] - y[row])]
    };

    // Open lines are walked from their ends, what remains are loops.
    let mut lines = Vec::new();
    let ends: Vec<Edge> =
        neighbours.iter().filter(|(_, next)| next.len() == 1).map(|(&edge, _)| edge).collect();
    for end in ends {
        if neighbours.contains_key(&end) {
            lines.push(walk(&mut neighbours, end).iter().map(crossing).collect());
        }
    }
    while let Some((&start, _)) = neighbours.first_key_value() {
        lines.push(walk(&mut neighbours, start).iter().map(crossing).collect());
    }
    lines
}

fn walk(neighbours: &mut BTreeMap<Edge, Vec<Edge>>, start: Edge) -> Vec<Edge> {
    let mut line = vec![start];
    let mut next = neighbours.remove(&start).and_then(|n| n.first().copied());
    while let Some(edge) = next {
        line.push(edge);
        next = neighbours.remove(&edge).and_then(|n| {
            n.into_iter().find(|e| neighbours.contains_key(e) || (*e == start && line.len() > 2))
        });
        if next == Some(start) {
            line.push(start);
            break;
        }
    }
    line
}

/// Returns the pieces of contour in the cell above and to the right of a node, as pairs of the edges they cross.
fn cell(z: ArrayView2<'_, f64>, row: usize, column: usize, level: f64) -> Vec<(Edge, Edge)> {
    let corners =
        [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)].map(|at| z[at] - level);
    if corners.iter().any(|v| !v.is_finite()) {
        return Vec::new();
    }
    let [bottom, right, top, left]: [Edge; 4] =
        [(row, column, false), (row, column + 1, true), (row + 1, column, false), (row, column, true)];
    let above = corners.map(|v| v >= 0.0);
    let middle_above = corners.iter().sum::<f64>() >= 0.0;
    match above {
        [a, b, c, d] if a == b && b == c && c == d => vec![],
        [a, b, c, d] if a == c && b == d => match a == middle_above {
            true => vec![(bottom, right), (top, left)],
            false => vec![(left, bottom), (right, top)],
        },
        [a, b, c, d] if b == c && c == d && a != b => vec![(left, bottom)],
        [a, b, c, d] if a == c && c == d && b != a => vec![(bottom, right)],
        [a, b, c, d] if a == b && b == d && c != a => vec![(right, top)],
        [a, b, c, d] if a == b && b == c && d != a => vec![(top, left)],
        [a, b, ..] if a == b => vec![(left, right)],
        _ => vec![(bottom, top)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    fn grid(n: usize, f: impl Fn(f64, f64) -> f64) -> (Vec<f64>, Array2<f64>) {
        let axis: Vec<f64> = (0..n).map(|i| -2.0 + 4.0 * i as f64 / (n - 1) as f64).collect();
        let z = Array2::from_shape_fn((n, n), |(row, column)| f(axis[column], axis[row]));
        (axis, z)
    }

    #[test]
    fn a_circle_is_one_closed_line() {
        let (axis, z) = grid(60, |x, y| x * x + y * y);
        let found = lines(&axis, &axis, z.view(), 1.0);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].first(), found[0].last());
        for [x, y] in &found[0] {
            assert!((x.hypot(*y) - 1.0).abs() < 2e-3);
        }
    }

    #[test]
    fn the_cubic_nullcline_is_one_open_line() {
        let (axis, z) = grid(81, |v, w| v - v.powi(3) / 3.0 - w);
        let found = lines(&axis, &axis, z.view(), 0.0);
        assert_eq!(found.len(), 1);
        assert_ne!(found[0].first(), found[0].last());
        for [v, w] in &found[0] {
            assert!((v - v.powi(3) / 3.0 - w).abs() < 2e-3);
        }
    }

    #[test]
    fn a_saddle_gives_two_lines_that_do_not_cross() {
        let (axis, z) = grid(20, |x, y| x * y);
        assert_eq!(lines(&axis, &axis, z.view(), 0.1).len(), 2);
    }

    #[test]
    fn holes_and_constants_give_no_lines() {
        let (axis, z) = grid(10, |_, _| f64::NAN);
        assert!(lines(&axis, &axis, z.view(), 0.0).is_empty());
        assert!(lines(&axis, &axis, Array2::zeros((10, 10)).view(), 1.0).is_empty());
        assert!(lines(&[], &[], Array2::zeros((0, 0)).view(), 1.0).is_empty());
    }
}
