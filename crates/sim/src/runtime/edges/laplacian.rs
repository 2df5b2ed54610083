//! The graph Laplacian of a list of edges.

use crate::network::Edge;
use brainmass_data::connectome::LaplacianNormalization;

/// Returns the entries of the graph Laplacian of edges among `nodes` nodes, in the order of the targets; each target has its diagonal entry last.
/// The edges are in the order of their targets. A matrix has the same Laplacian by [`laplacian`](brainmass_data::connectome::laplacian()).
pub(crate) fn laplacian_edges(
    edges: &[Edge],
    nodes: usize,
    normalization: LaplacianNormalization,
    epsilon: f64,
) -> Vec<Edge> {
    let mut degrees = vec![0.0; nodes];
    edges.iter().for_each(|edge| degrees[edge.target] += edge.weight);
    let divisor = |node: usize| f64::max(degrees[node], epsilon);
    let mut rest = edges;
    let mut all = Vec::with_capacity(edges.len() + nodes);
    for (node, degree) in degrees.iter().enumerate() {
        let (row, others) = rest.split_at(rest.partition_point(|edge| edge.target <= node));
        rest = others;
        let mut own = 0.0;
        for edge in row {
            let weight = normalization.scaled(edge.weight, divisor(node), divisor(edge.source));
            if edge.source == node {
                own += weight;
            } else {
                all.push(Edge { weight, ..*edge });
            }
        }
        let weight = own - normalization.outflow(*degree);
        all.push(Edge { target: node, source: node, weight, length: 0.0 });
    }
    all
}

/// Vector-Jacobian product of [`laplacian_edges`]: given the adjoint of each entry of the Laplacian, in that order, returns those of the weights of
/// the edges.
pub(crate) fn laplacian_vjp(
    edges: &[Edge],
    nodes: usize,
    normalization: LaplacianNormalization,
    epsilon: f64,
    adjoints: &[f64],
) -> Vec<f64> {
    let mut degrees = vec![0.0; nodes];
    edges.iter().for_each(|edge| degrees[edge.target] += edge.weight);
    let divisor = |node: usize| f64::max(degrees[node], epsilon);
    let mut to_weights = Vec::with_capacity(edges.len());
    let mut to_divisors = vec![0.0; nodes];
    let mut to_outflows = vec![0.0; nodes];
    let (mut rest, mut adjoints) = (edges, adjoints);
    for (node, to_outflow) in to_outflows.iter_mut().enumerate() {
        let (row, others) = rest.split_at(rest.partition_point(|edge| edge.target <= node));
        rest = others;
        // The row has an entry for each edge but one from the node to itself, then the diagonal, which that one is part of.
        let entries = row.iter().filter(|edge| edge.source != node).count();
        let (mut off_diagonal, diagonal) = (adjoints[..entries].iter(), adjoints[entries]);
        adjoints = &adjoints[entries + 1..];
        *to_outflow = -diagonal;
        for edge in row {
            let adjoint = if edge.source == node { Some(&diagonal) } else { off_diagonal.next() };
            let adjoint = adjoint.copied().unwrap_or_default();
            let entry = normalization.scaled(edge.weight, divisor(node), divisor(edge.source));
            to_weights.push(adjoint * normalization.scaled(1.0, divisor(node), divisor(edge.source)));
            // An entry is a product of powers: its derivative by a divisor is itself times the exponent over the divisor.
            let (target_exponent, source_exponent) = normalization.exponents();
            to_divisors[node] += adjoint * target_exponent * entry / divisor(node);
            to_divisors[edge.source] += adjoint * source_exponent * entry / divisor(edge.source);
        }
    }
    let to_degree = |node: usize| {
        let through_divisor = if degrees[node] > epsilon { to_divisors[node] } else { 0.0 };
        let through_outflow =
            if normalization == LaplacianNormalization::None { to_outflows[node] } else { 0.0 };
        through_divisor + through_outflow
    };
    edges.iter().zip(to_weights).map(|(edge, own)| own + to_degree(edge.target)).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::network::Wiring;
    use brainmass_data::connectome::laplacian;

    #[test]
    fn edges_and_matrix_have_the_same_laplacian() {
        let weights = array![[0.3, 0.5, 0.0], [0.0, 0.0, 0.0], [2.0, 0.1, 0.0]];
        for form in [
            LaplacianNormalization::None,
            LaplacianNormalization::RandomWalk,
            LaplacianNormalization::Symmetric,
        ] {
            let mut listed = Array2::zeros((3, 3));
            for edge in laplacian_edges(&Wiring::from(&weights).edges, 3, form, 1e-12) {
                listed[[edge.target, edge.source]] = edge.weight;
            }
            assert_eq!(listed, laplacian(weights.view(), form, 1e-12), "{form:?}");
        }
    }
}
