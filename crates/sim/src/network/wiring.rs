//! Wirings: the edges between nodes, with their weights and lengths.

use ndarray::{Array2, ArrayView2};

use crate::described::Described;
use brainmass_data::connectome::Connectome;

/// One edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The receiving node.
    pub target: usize,
    /// The sending node.
    pub source: usize,
    /// The weight.
    pub weight: f64,
    /// The length of its tract, mm; 0 where lengths play no role.
    pub length: f64,
}

/// The edges from a group of nodes to another, or to itself.
///
/// A wiring is made from a [`Connectome`], a matrix of weights `[target][source]`, weights and tract lengths (mm), or a list of edges. A weight of
/// zero is no edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Wiring {
    /// The numbers of nodes, `(targets, sources)`.
    pub(crate) shape: (usize, usize),
    /// The edges in the order of targets, and of sources within a target.
    pub(crate) edges: Vec<Edge>,
    /// The shape of the array of lengths, where they are known.
    pub(crate) lengths: Option<(usize, usize)>,
}

/// The edges of a projection, which copies of it share.
pub(crate) type SharedWiring = Described<Wiring, WiringDescription>;

/// The texts by which a fingerprint tells a wiring from another.
#[derive(Debug)]
pub(crate) struct WiringDescription {
    pub weights: String,
    /// The tract lengths, where they are known.
    pub lengths: Option<String>,
}

impl Wiring {
    /// Creates a wiring from weights and tract lengths (mm), both `[target][source]`.
    pub fn new(weights: ArrayView2<f64>, lengths: ArrayView2<f64>) -> Self {
        let length = |at: (usize, usize)| lengths.get(at).copied().unwrap_or(0.0);
        Self { lengths: Some(lengths.dim()), ..Self::collect(weights, length) }
    }

    /// Creates a wiring from a list of edges, for large sparse networks. Several edges may join the same two nodes.
    pub fn from_edges(targets: usize, sources: usize, edges: impl IntoIterator<Item = Edge>) -> Self {
        let mut edges: Vec<Edge> = edges.into_iter().filter(|edge| edge.weight != 0.0).collect();
        edges.sort_by_key(|edge| (edge.target, edge.source));
        Self { shape: (targets, sources), edges, lengths: Some((targets, sources)) }
    }

    /// Collects the edges of a matrix of weights; `length` gives the length of each.
    fn collect(weights: ArrayView2<f64>, length: impl Fn((usize, usize)) -> f64) -> Self {
        let connected = weights.indexed_iter().filter(|(_, weight)| **weight != 0.0);
        let mut edges = Vec::with_capacity(connected.clone().count());
        edges.extend(connected.map(|((target, source), &weight)| Edge {
            target,
            source,
            weight,
            length: length((target, source)),
        }));
        Self { shape: weights.dim(), edges, lengths: None }
    }
}

impl From<&Connectome> for Wiring {
    fn from(connectome: &Connectome) -> Self {
        match connectome.tract_lengths() {
            Some(lengths) => Self::new(connectome.weights().view(), lengths.view()),
            None => connectome.weights().into(),
        }
    }
}

impl From<Connectome> for Wiring {
    fn from(connectome: Connectome) -> Self {
        (&connectome).into()
    }
}

impl From<ArrayView2<'_, f64>> for Wiring {
    fn from(weights: ArrayView2<f64>) -> Self {
        Self::collect(weights, |_| 0.0)
    }
}

impl From<&Array2<f64>> for Wiring {
    fn from(weights: &Array2<f64>) -> Self {
        weights.view().into()
    }
}

impl From<Array2<f64>> for Wiring {
    fn from(weights: Array2<f64>) -> Self {
        weights.view().into()
    }
}

impl From<(Array2<f64>, Array2<f64>)> for Wiring {
    /// Creates a wiring from weights and tract lengths (mm).
    fn from((weights, lengths): (Array2<f64>, Array2<f64>)) -> Self {
        Self::new(weights.view(), lengths.view())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn zero_weights_are_no_edges() {
        let wiring = Wiring::from(array![[0.0, 2.0], [-1.0, 0.0]]);
        let pairs: Vec<_> = wiring.edges.iter().map(|edge| (edge.target, edge.source, edge.weight)).collect();
        assert_eq!(pairs, [(0, 1, 2.0), (1, 0, -1.0)]);
    }

    #[test]
    fn a_list_of_edges_is_put_in_the_order_of_a_matrix() {
        let (weights, lengths) = (array![[0.0, 2.0], [3.0, 0.0]], array![[0.0, 5.0], [7.0, 0.0]]);
        let dense = Wiring::new(weights.view(), lengths.view());
        let listed = Wiring::from_edges(2, 2, dense.edges.iter().rev().copied());
        assert_eq!(dense, listed);
    }
}
