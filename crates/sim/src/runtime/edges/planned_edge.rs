//! Edges between nodes, ready to be summed over.

/// An edge whose delay is a whole number of steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlannedEdge {
    /// The receiving node.
    pub target: usize,
    /// The sending node.
    pub source: usize,
    pub weight: f64,
    /// The delay in steps.
    pub steps: usize,
}

/// The longest delay of edges, in steps.
pub(crate) fn longest_delay(edges: &[PlannedEdge]) -> usize {
    edges.iter().map(|edge| edge.steps).max().unwrap_or(0)
}
