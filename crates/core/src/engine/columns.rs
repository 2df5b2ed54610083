//! How nodes and members of a batch stand in the arrays of a run.

/// Runs of a batch that stand side by side: as many as there are lanes.
pub const MEMBERS: usize = 8;

/// The columns of the arrays: nodes, and for each node the members of a batch side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// Nodes of a member.
    pub nodes: usize,
    /// [`MEMBERS`], or 1 for a run alone.
    pub members: usize,
}

impl Columns {
    /// How many there are.
    pub fn count(self) -> usize {
        self.nodes * self.members
    }

    /// The node and the member that a column belongs to.
    pub fn of(self, column: usize) -> (usize, usize) {
        (column / self.members, column % self.members)
    }

    /// Rows of values by row, node and member.
    pub fn rows(self, rows: usize, value: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
        let row = |row: usize| (0..self.count()).map(move |column| (row, self.of(column)));
        (0..rows).flat_map(row).map(|(row, (node, member))| value(row, node, member)).collect()
    }
}
