//! The layout of the nodes of a run, or of the runs of a batch, in arrays.

use crate::real::LANE_WIDTH;

/// The columns of the arrays of a run: a column for each node or, in a batch, for each node as many as there are runs, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// The number of nodes of one run.
    pub nodes: usize,
    /// The number of runs side by side: [`LANE_WIDTH`] in a batch, 1 for a run alone.
    pub runs: usize,
}

impl Columns {
    /// The columns of a run alone.
    pub fn alone(nodes: usize) -> Self {
        Self { nodes, runs: 1 }
    }

    /// The columns of a batch of [`LANE_WIDTH`] runs.
    pub fn batch(nodes: usize) -> Self {
        Self { nodes, runs: LANE_WIDTH }
    }

    /// The number of columns.
    pub fn count(self) -> usize {
        self.nodes * self.runs
    }

    /// The node and the batch index that a column belongs to.
    pub fn node_and_run(self, column: usize) -> (usize, usize) {
        (column / self.runs, column % self.runs)
    }

    /// An array of so many rows of columns, from `value(row, node, batch index)`.
    pub fn rows(self, rows: usize, value: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
        let row = |row: usize| (0..self.count()).map(move |column| (row, self.node_and_run(column)));
        (0..rows).flat_map(row).map(|(row, (node, run))| value(row, node, run)).collect()
    }
}
