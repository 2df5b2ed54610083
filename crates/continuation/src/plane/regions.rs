//! Regions of two values: how many equilibria there are, and how many of them are stable.

use crate::diagram::{Equilibria, Range};
use crate::equations::Equations;

/// The number of first values at which equilibria are counted.
const COLUMNS: usize = 16;
/// The fewest places that make a region which is named.
const FEWEST: usize = 3;

/// A part of the plane of two values in which the numbers of equilibria are the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// A place well inside.
    pub values: [f64; 2],
    /// The number of equilibria.
    pub equilibria: usize,
    /// The number of those that are stable.
    pub stable: usize,
}

/// Counts at the places of a row: of one second value.
pub(super) fn row(equations: &Equations, diagram: &Equilibria, range: Range) -> Vec<(usize, usize)> {
    (0..COLUMNS)
        .map(|column| {
            let points = diagram.at(equations, first(range, column));
            (points.len(), points.iter().filter(|point| point.is_stable()).count())
        })
        .collect()
}

fn first(range: Range, column: usize) -> f64 {
    range.from + (column as f64 + 0.5) / COLUMNS as f64 * (range.to - range.from)
}

/// Finds connected places of one count, and of each the place that is farthest from others.
pub(super) fn regions(rows: &[(f64, Vec<(usize, usize)>)], range: Range) -> Vec<Region> {
    let mut seen = vec![[false; COLUMNS]; rows.len()];
    let mut found = Vec::new();
    for start in (0..rows.len()).flat_map(|row| (0..COLUMNS).map(move |column| (row, column))) {
        if seen[start.0][start.1] {
            continue;
        }
        let count = rows[start.0].1[start.1];
        let (mut part, mut open) = (Vec::new(), vec![start]);
        seen[start.0][start.1] = true;
        while let Some((row, column)) = open.pop() {
            part.push((row, column));
            let beside = [
                (row.wrapping_sub(1), column),
                (row + 1, column),
                (row, column.wrapping_sub(1)),
                (row, column + 1),
            ];
            for (row, column) in beside {
                if row < rows.len() && column < COLUMNS && !seen[row][column] && rows[row].1[column] == count
                {
                    seen[row][column] = true;
                    open.push((row, column));
                }
            }
        }
        if part.len() < FEWEST || count.0 == 0 {
            continue;
        }
        // In places of which columns are half as wide as rows, so that names, which are wide, fit.
        let depth = |(row, column): &(usize, usize)| -> f64 {
            let all = (0..rows.len()).flat_map(|row| (0..COLUMNS).map(move |column| (row, column)));
            let others = all.filter(|(row, column)| rows[*row].1[*column] != count);
            let distance = |other: (usize, usize)| {
                (other.0.abs_diff(*row) as f64).hypot(0.5 * other.1.abs_diff(*column) as f64)
            };
            let edge = 0.5 * (*column).min(COLUMNS - 1 - column) as f64 + 0.6;
            others.map(distance).fold(edge, f64::min)
        };
        let best = part.iter().max_by(|a, b| depth(a).total_cmp(&depth(b)));
        found.extend(best.map(|(row, column)| Region {
            values: [first(range, *column), rows[*row].0],
            equilibria: count.0,
            stable: count.1,
        }));
    }
    found
}
