//! The graph Laplacian of a list of connections.

use super::wiring::Edge;
use crate::connectome::LaplacianNormalization;

/// The Laplacian of connections among `nodes` nodes, in the order of the targets; each target has its diagonal entry last. As
/// [`laplacian`](crate::connectome::laplacian()) does it for a matrix.
pub(super) fn of_edges(
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

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::connectome::laplacian;
    use crate::network::Wiring;

    #[test]
    fn connections_and_matrix_have_the_same_laplacian() {
        let weights = array![[0.3, 0.5, 0.0], [0.0, 0.0, 0.0], [2.0, 0.1, 0.0]];
        for form in [
            LaplacianNormalization::None,
            LaplacianNormalization::RandomWalk,
            LaplacianNormalization::Symmetric,
        ] {
            let mut listed = Array2::zeros((3, 3));
            for edge in of_edges(&Wiring::from(&weights).edges, 3, form, 1e-12) {
                listed[[edge.target, edge.source]] = edge.weight;
            }
            assert_eq!(listed, laplacian(weights.view(), form, 1e-12), "{form:?}");
        }
    }
}
