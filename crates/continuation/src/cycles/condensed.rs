//! The linear equations along a cycle, eliminated interval by interval: the nodes inside each interval first (condensation of parameters, as in
//! AUTO; Doedel, Keller & Kernévez 1991), then one end of an interval after the other.

use super::basis::DEGREE;

/// The number of unknowns beside the states at the nodes: period and value.
pub(super) const GLOBALS: usize = 2;
/// The number of conditions beside the differential equation.
pub(super) const BORDERS: usize = 2;

/// The equations of all intervals, eliminated in place.
pub(super) struct Condensed {
    n: usize,
    /// The equations of each interval itself: there are `DEGREE n` rows, of which all but the last `n` become pivots. Columns: [inner nodes | start | end | globals
    /// | right].
    inner: Vec<f64>,
    /// The equations of the ends of each interval but the first: there are `2 n` rows, of which the first `n` become pivots. Columns: [start | end | first
    /// node | globals | right].
    ends: Vec<f64>,
    /// The conditions, with the columns of `ends`.
    borders: Vec<f64>,
}

impl Condensed {
    /// Room for the equations of so many intervals with `n` states.
    pub fn new(n: usize, intervals: usize) -> Self {
        Self {
            n,
            inner: vec![0.0; intervals * DEGREE * n * inner_width(n)],
            ends: vec![0.0; intervals * 2 * n * ends_width(n)],
            borders: vec![0.0; BORDERS * ends_width(n)],
        }
    }

    /// Returns the row of an equation of an interval.
    pub fn row_mut(&mut self, interval: usize, row: usize) -> &mut [f64] {
        let width = inner_width(self.n);
        let from = (interval * DEGREE * self.n + row) * width;
        &mut self.inner[from..from + width]
    }

    /// Returns the column of the `j`-th node of an interval in its rows.
    pub fn column(n: usize, j: usize) -> usize {
        match j {
            0 => (DEGREE - 1) * n,
            DEGREE => DEGREE * n,
            _ => (j - 1) * n,
        }
    }

    /// Returns the number of intervals.
    fn intervals(&self) -> usize {
        self.ends.len() / (2 * self.n * ends_width(self.n))
    }

    /// Eliminates everything but the states at both ends of the period and the globals. `borders` gives for each condition its entries at all nodes,
    /// at the globals, and its right-hand side.
    pub fn eliminate(&mut self, borders: [(&[f64], [f64; GLOBALS], f64); BORDERS]) {
        let n = self.n;
        let (inner, ends) = (inner_width(n), ends_width(n));
        let (count, inner_nodes) = (DEGREE * n, (DEGREE - 1) * n);
        let first = 2 * n;
        for (row, (nodes, globals, right)) in self.borders.chunks_exact_mut(ends).zip(&borders) {
            row[first..first + n].copy_from_slice(&nodes[..n]);
            row[3 * n..3 * n + GLOBALS].copy_from_slice(globals);
            row[3 * n + GLOBALS] = *right;
        }
        let mut own_borders = vec![0.0; BORDERS * inner];
        for interval in 0..self.intervals() {
            own_borders.fill(0.0);
            for (row, (nodes, ..)) in own_borders.chunks_exact_mut(inner).zip(&borders) {
                let from = (interval * DEGREE + 1) * n;
                row[..inner_nodes].copy_from_slice(&nodes[from..from + inner_nodes]);
            }
            let rows = &mut self.inner[interval * count * inner..(interval + 1) * count * inner];
            reduce(rows, inner, inner_nodes, &mut own_borders);
            let left = &rows[inner_nodes * inner..];
            for ((row, own), (nodes, ..)) in
                self.borders.chunks_exact_mut(ends).zip(own_borders.chunks_exact(inner)).zip(&borders)
            {
                let own = &own[inner_nodes..];
                let start = if interval == 0 { first } else { 0 };
                let end = (interval + 1) * DEGREE * n;
                for i in 0..n {
                    row[start + i] += own[i];
                    row[n + i] = nodes[end + i] + own[n + i];
                }
                for i in 0..=GLOBALS {
                    row[3 * n + i] += own[2 * n + i];
                }
            }
            let block = &mut self.ends[interval * 2 * n * ends..(interval + 1) * 2 * n * ends];
            let (_, condensed) = block.split_at_mut(n * ends);
            for (row, left) in condensed.chunks_exact_mut(ends).zip(left.chunks_exact(inner)) {
                let left = &left[inner_nodes..];
                let start = if interval == 0 { first } else { 0 };
                row[start..start + n].copy_from_slice(&left[..n]);
                row[n..2 * n].copy_from_slice(&left[n..2 * n]);
                row[3 * n..].copy_from_slice(&left[2 * n..]);
            }
            if interval > 0 {
                reduce(block, ends, n, &mut self.borders);
            }
            // What is left is carried on: the end of this interval is the start of the next.
            for row in self.borders.chunks_exact_mut(ends) {
                row.copy_within(n..2 * n, 0);
                row[n..2 * n].fill(0.0);
            }
            if interval + 1 < self.intervals() {
                let (done, rest) = self.ends.split_at_mut((interval + 1) * 2 * n * ends);
                let carried = &done[done.len() - n * ends..];
                for (row, carried) in rest.chunks_exact_mut(ends).zip(carried.chunks_exact(ends)) {
                    row[..n].copy_from_slice(&carried[n..2 * n]);
                    row[2 * n..].copy_from_slice(&carried[2 * n..]);
                }
            }
        }
    }

    /// Returns the rows that are left over: of the differential equation `n`, then of the conditions. Columns: [end of the period | its start | globals |
    /// right].
    pub fn left_over(&self) -> Vec<Vec<f64>> {
        let n = self.n;
        let ends = ends_width(n);
        let last = &self.ends[self.ends.len() - n * ends..];
        let of_equation = last.chunks_exact(ends).map(|row| row[n..].to_vec());
        // The end of the last interval has been carried on.
        let of_borders = self.borders.chunks_exact(ends).map(|row| [&row[..n], &row[2 * n..]].concat());
        of_equation.chain(of_borders).collect()
    }

    /// Computes the unknowns at all nodes from those at both ends of the period and from the globals, of the equations as they are or with zeros on the
    /// right.
    pub fn nodes(&self, end: &[f64], first: &[f64], globals: &[f64], with_right: bool) -> Vec<f64> {
        let n = self.n;
        let (inner, ends) = (inner_width(n), ends_width(n));
        let inner_nodes = (DEGREE - 1) * n;
        let mut nodes = vec![0.0; (self.intervals() * DEGREE + 1) * n];
        let last = nodes.len() - n;
        nodes[last..].copy_from_slice(end);
        nodes[..n].copy_from_slice(first);
        let right = |row: &[f64]| if with_right { row[row.len() - 1] } else { 0.0 };
        let mut known = vec![0.0; 2 * n + GLOBALS];
        known[2 * n..].copy_from_slice(globals);
        for interval in (0..self.intervals()).rev() {
            let (start, end) = (interval * DEGREE * n, (interval + 1) * DEGREE * n);
            if interval > 0 {
                known[..n].copy_from_slice(&nodes[end..end + n]);
                known[n..2 * n].copy_from_slice(first);
                let block = &self.ends[interval * 2 * n * ends..][..n * ends];
                let (solved, _) = nodes[start..].split_at_mut(n);
                substitute(block, ends, &known, right, solved);
            }
            known[n..2 * n].copy_from_slice(&nodes[end..end + n]);
            known[..n].copy_from_slice(&nodes[start..start + n]);
            let block = &self.inner[interval * DEGREE * n * inner..][..inner_nodes * inner];
            substitute(block, inner, &known, right, &mut nodes[start + n..start + n + inner_nodes]);
        }
        nodes
    }
}

/// The columns of the equations of an interval.
fn inner_width(n: usize) -> usize {
    (DEGREE + 1) * n + GLOBALS + 1
}

/// The columns of the equations of the ends of an interval.
fn ends_width(n: usize) -> usize {
    3 * n + GLOBALS + 1
}

/// Eliminates the first columns of rows, with row exchanges, from the rows that do not become pivots and from the borders. What stands left of the
/// pivots is not computed.
fn reduce(rows: &mut [f64], width: usize, pivots: usize, borders: &mut [f64]) {
    let count = rows.len() / width;
    for column in 0..pivots {
        let (mut best, mut size) = (column, rows[column * width + column].abs());
        for row in column + 1..count {
            let other = rows[row * width + column].abs();
            if other > size {
                (best, size) = (row, other);
            }
        }
        if best != column {
            let (above, below) = rows.split_at_mut(best * width);
            above[column * width + column..(column + 1) * width].swap_with_slice(&mut below[column..width]);
        }
        let (done, below) = rows.split_at_mut((column + 1) * width);
        let pivot = &done[column * width + column..];
        let of_pivot = &pivot[1..];
        let inverse = 1.0 / pivot[0];
        for row in below.chunks_exact_mut(width).chain(borders.chunks_exact_mut(width)) {
            let row = &mut row[column..];
            let factor = row[0] * inverse;
            if factor != 0.0 {
                row[1..].iter_mut().zip(of_pivot).for_each(|(entry, pivot)| *entry -= factor * pivot);
            }
        }
    }
}

/// Solves for the pivots of rows, from the last to the first.
fn substitute(rows: &[f64], width: usize, known: &[f64], right: impl Fn(&[f64]) -> f64, solved: &mut [f64]) {
    let count = solved.len();
    for (index, row) in rows.chunks_exact(width).enumerate().rev() {
        let mut sum = right(row);
        for (entry, x) in row[count..].iter().zip(known) {
            sum -= entry * x;
        }
        for (entry, x) in row[index + 1..count].iter().zip(&solved[index + 1..]) {
            sum -= entry * x;
        }
        solved[index] = sum / row[index];
    }
}
