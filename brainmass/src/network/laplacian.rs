//! The graph Laplacian of weights.

use ndarray::{Array2, ArrayView2};

use super::wiring::Edge;

/// How the graph Laplacian is normalised; `d_i = sum_j W_ij` is what node i receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Normalization {
    /// `W - diag(d)`.
    #[default]
    None,
    /// `W_ij/d_i - I`, of the random walk.
    RandomWalk,
    /// `W_ij/sqrt(d_i d_j) - I`, symmetric where W is.
    Symmetric,
}

/// Degrees below this count as this, so that isolated nodes divide by something.
pub const DEFAULT_EPSILON: f64 = 1e-12;

/// The graph Laplacian of weights `[target][source]`, with the sign of diffusion: the diagonal is negative.
///
/// Degrees are kept at or above `epsilon` in the two normalised forms. Chung (1997), Spectral Graph Theory, chapter 1, with the
/// opposite sign.
///
/// ```
/// use brainmass::network::{Normalization, laplacian};
/// use ndarray::array;
///
/// let weights = array![[0.0, 0.5], [2.0, 0.0]];
/// assert_eq!(laplacian(weights.view(), Normalization::None, 1e-12), array![[-0.5, 0.5], [2.0, -2.0]]);
/// ```
pub fn laplacian(weights: ArrayView2<f64>, normalization: Normalization, epsilon: f64) -> Array2<f64> {
    let degrees = weights.rows().into_iter().map(|row| row.iter().sum()).collect();
    let scaling = Scaling { degrees, normalization, epsilon };
    Array2::from_shape_fn(weights.dim(), |(target, source)| {
        let scaled = scaling.entry(target, source, weights[[target, source]]);
        if target == source { scaled - scaling.own(target) } else { scaled }
    })
}

/// The Laplacian of a list of connections among `nodes` nodes, in the order of the targets; each has its diagonal entry last.
pub(super) fn of_edges(
    edges: &[Edge],
    nodes: usize,
    normalization: Normalization,
    epsilon: f64,
) -> Vec<Edge> {
    let mut degrees = vec![0.0; nodes];
    edges.iter().for_each(|edge| degrees[edge.target] += edge.weight);
    let scaling = Scaling { degrees, normalization, epsilon };
    let mut rest = edges;
    let mut all = Vec::with_capacity(edges.len() + nodes);
    for node in 0..nodes {
        let (row, others) = rest.split_at(rest.partition_point(|edge| edge.target <= node));
        rest = others;
        let mut own = 0.0;
        for edge in row {
            let weight = scaling.entry(edge.target, edge.source, edge.weight);
            if edge.source == node {
                own += weight;
            } else {
                all.push(Edge { weight, ..*edge });
            }
        }
        all.push(Edge { target: node, source: node, weight: own - scaling.own(node), length: 0.0 });
    }
    all
}

struct Scaling {
    degrees: Vec<f64>,
    normalization: Normalization,
    epsilon: f64,
}

impl Scaling {
    fn entry(&self, target: usize, source: usize, weight: f64) -> f64 {
        let degree = |node: usize| self.degrees[node].max(self.epsilon);
        match self.normalization {
            Normalization::None => weight,
            Normalization::RandomWalk => weight / degree(target),
            Normalization::Symmetric => weight / (degree(target) * degree(source)).sqrt(),
        }
    }

    /// What is taken off the diagonal.
    fn own(&self, node: usize) -> f64 {
        match self.normalization {
            Normalization::None => self.degrees[node],
            Normalization::RandomWalk | Normalization::Symmetric => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::network::Wiring;

    const FORMS: [Normalization; 3] =
        [Normalization::None, Normalization::RandomWalk, Normalization::Symmetric];

    #[test]
    fn connections_and_matrix_have_the_same_laplacian() {
        let weights = array![[0.3, 0.5, 0.0], [0.0, 0.0, 0.0], [2.0, 0.1, 0.0]];
        for form in FORMS {
            let dense = laplacian(weights.view(), form, 1e-12);
            let mut listed = Array2::zeros((3, 3));
            for edge in of_edges(&Wiring::from(&weights).edges, 3, form, 1e-12) {
                listed[[edge.target, edge.source]] = edge.weight;
            }
            assert!((&dense - &listed).iter().all(|difference| difference.abs() < 1e-9), "{form:?}");
        }
    }

    #[test]
    fn rows_sum_to_zero_but_for_the_symmetric_form() {
        let weights = array![[0.0, 0.5, 1.0], [0.25, 0.0, 0.0], [2.0, 1.0, 0.0]];
        for form in &FORMS[..2] {
            let rows = laplacian(weights.view(), *form, 1e-12).sum_axis(ndarray::Axis(1));
            assert!(rows.iter().all(|sum| sum.abs() < 1e-15), "{form:?}: {rows}");
        }
    }
}
