//! Derivatives by the weights of a projection's wiring, through the edges that a run sums over.
//!
//! The edges of a run are those of the wiring without the ones that have no effect, or the entries of their graph Laplacian.

use crate::network::{Edge, Network, Wiring};
use crate::runtime::edges::laplacian::laplacian_vjp;
use crate::runtime::edges::plan::ProjectionPlan;
use brainmass_data::connectome::DEFAULT_EPS;

/// The wiring of a projection, with the settings that say how a run uses it.
pub(crate) struct WiredEdges<'a> {
    network: &'a Network,
    projection: usize,
    plan: &'a ProjectionPlan,
}

impl<'a> WiredEdges<'a> {
    /// Joins the wiring of a projection of a network to its plan.
    pub fn new(network: &'a Network, projection: usize, plan: &'a ProjectionPlan) -> Self {
        Self { network, projection, plan }
    }

    fn wiring(&self) -> Option<&'a Wiring> {
        self.network.projections[self.projection].wiring.as_deref()
    }

    /// Whether an edge has an effect: edges from a node to itself do not, unless they are asked for.
    fn is_used(&self, edge: &Edge) -> bool {
        let within = self.plan.source_group == self.plan.target_group;
        self.network.projections[self.projection].self_connections || !within || edge.target != edge.source
    }

    /// The derivative of what takes the place of the weight of an edge.
    fn slope(&self, edge: &Edge) -> f64 {
        self.plan.rule.weight(edge.weight).1
    }

    /// Vector-Jacobian product: given the adjoint of the weight of each edge of the run, returns those of the weights of the wiring, in their order.
    pub fn vjp(&self, adjoints: Vec<f64>) -> Vec<f64> {
        let Some(wiring) = self.wiring() else { return Vec::new() };
        let adjoints = if self.plan.rule.laplacian() {
            let used: Vec<Edge> = wiring.edges.iter().filter(|edge| self.is_used(edge)).copied().collect();
            self.laplacian_vjp(&used, &adjoints)
        } else {
            let slopes = wiring.edges.iter().filter(|edge| self.is_used(edge)).map(|edge| self.slope(edge));
            adjoints.into_iter().zip(slopes).map(|(adjoint, slope)| adjoint * slope).collect()
        };
        let mut used = adjoints.into_iter();
        let edges = wiring.edges.iter();
        edges.map(|edge| if self.is_used(edge) { used.next().unwrap_or_default() } else { 0.0 }).collect()
    }

    /// Jacobian-vector product: given the tangent of the weight of each edge of the wiring, returns those of the weights of the edges of the run.
    pub fn jvp(&self, tangents: &[f64]) -> Vec<f64> {
        let Some(wiring) = self.wiring() else { return Vec::new() };
        let both = wiring.edges.iter().zip(tangents).filter(|(edge, _)| self.is_used(edge));
        let (edges, tangents): (Vec<Edge>, Vec<f64>) = both.map(|(edge, tangent)| (*edge, *tangent)).unzip();
        if !self.plan.rule.laplacian() {
            return tangents.iter().zip(&edges).map(|(tangent, edge)| tangent * self.slope(edge)).collect();
        }
        // Row by row of the Jacobian of the Laplacian's entries by the weights.
        let mut entry = vec![0.0; self.plan.edges.len()];
        let tangent_of_entry = |at: usize| {
            entry.fill(0.0);
            entry[at] = 1.0;
            let row = self.laplacian_vjp(&edges, &entry);
            row.iter().zip(&tangents).map(|(slope, tangent)| slope * tangent).sum()
        };
        (0..self.plan.edges.len()).map(tangent_of_entry).collect()
    }

    fn laplacian_vjp(&self, edges: &[Edge], adjoints: &[f64]) -> Vec<f64> {
        let projection = &self.network.projections[self.projection];
        let normalization = projection.normalize.unwrap_or_default();
        let epsilon = projection.epsilon.unwrap_or(DEFAULT_EPS);
        let nodes = self.network.groups[self.plan.target_group].nodes();
        laplacian_vjp(edges, nodes, normalization, epsilon, adjoints)
    }
}
