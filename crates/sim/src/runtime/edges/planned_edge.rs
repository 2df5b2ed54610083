//! Edges between nodes, ready to be summed over.

use std::ops::Deref;

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

/// The edges of a projection, in the order of their targets, and of sources within a target.
///
/// The longest delay and the number of edges without delay are counted when edges are added. The start of a run asks for them several times, and
/// a large network has millions of edges.
#[derive(Debug)]
pub(crate) struct PlannedEdges {
    list: Vec<PlannedEdge>,
    longest: usize,
    instant: usize,
}

impl PlannedEdges {
    /// Creates a list without edges, which has room for `capacity`.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity), longest: 0, instant: 0 }
    }

    /// Adds an edge, whose target is not before that of the last.
    pub fn push(&mut self, edge: PlannedEdge) {
        self.longest = self.longest.max(edge.steps);
        self.instant += usize::from(edge.steps == 0);
        self.list.push(edge);
    }

    /// The longest delay, in steps.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The number of edges without delay.
    pub fn instant(&self) -> usize {
        self.instant
    }
}

impl Deref for PlannedEdges {
    type Target = [PlannedEdge];

    fn deref(&self) -> &[PlannedEdge] {
        &self.list
    }
}

impl From<Vec<PlannedEdge>> for PlannedEdges {
    /// Takes over edges that are in the order of their targets.
    fn from(list: Vec<PlannedEdge>) -> Self {
        let longest = list.iter().map(|edge| edge.steps).max().unwrap_or(0);
        let instant = list.iter().filter(|edge| edge.steps == 0).count();
        Self { list, longest, instant }
    }
}
