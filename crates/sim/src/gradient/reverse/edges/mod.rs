//! Projections taken back: from adjoints of the currents to those of signals, rules and weights.
//!
//! The adjoint of a delayed network is a delayed network again, with the connections turned round and time running backwards: what step n
//! reads was sent D steps before, so what its sums are given reaches the source D steps later on the way back. The blocks and lanes of the
//! run itself carry it. Adjoints of weights are dot products of two lanes, over the steps of a tape.

mod current;
mod pairs;
mod step_sum;
mod tape;

use crate::gradient::reverse::nodes::NodesBack;
use crate::network::{Edge, Network, NetworkError};
use crate::runtime::Nodes;
use crate::runtime::edges::plan::plans;
use crate::runtime::edges::{Edges, laplacian};
use brainmass_core::real::Simd;
use brainmass_data::connectome::DEFAULT_EPS;
use current::CurrentBack;

pub(crate) use tape::EdgesTape;

/// All projections of a network on the way back.
pub(crate) struct EdgesBack {
    currents: Vec<CurrentBack>,
}

impl EdgesBack {
    /// The projections of a run whose groups stand at t = 0. `weights` says of each whether adjoints of its weights are wanted.
    pub fn new(
        network: &Network,
        groups: &[Nodes],
        dt: f64,
        simd: Simd,
        weights: impl Fn(usize) -> bool,
    ) -> Result<Self, NetworkError> {
        let plans = plans(network, dt)?.into_iter().zip(&network.projections).enumerate();
        let currents = plans.map(|(index, (plan, projection))| {
            CurrentBack::new(plan, projection, groups, dt, simd, weights(index))
        });
        Ok(Self { currents: currents.collect::<Result<_, _>>()? })
    }

    /// An empty tape for so many steps, from where `couplings` stand now.
    pub fn tape(&self, couplings: &Edges, steps: usize) -> EdgesTape {
        EdgesTape::new(&self.currents, couplings, steps)
    }

    /// Bytes that a tape takes for each step, and beside that.
    pub fn tape_bytes(&self) -> (usize, usize) {
        let parts = self.currents.iter().map(CurrentBack::tape_bytes);
        parts.fold((0, 0), |(steps, fixed), (a_step, beside)| (steps + a_step, fixed + beside))
    }

    /// Adjoints of the current of a projection in the step to be taken back, to be added to.
    pub fn current_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.currents[index].to_current
    }

    /// Takes the projections of a step back: from adjoints of the ports that they feed to those of the signals at the start of the step.
    /// `row` is the step's place on the tape.
    pub fn take_back(&mut self, row: usize, tape: &mut EdgesTape, groups: &mut [NodesBack]) {
        let steps = tape.steps;
        for (current, tape) in self.currents.iter_mut().zip(&mut tape.currents) {
            current.take_back(row, steps, tape, groups);
        }
    }

    /// Ends a tape of which every step has been taken back, the first made after `from` steps: adds to the adjoints of the weights.
    pub fn end(&mut self, from: usize, tape: &EdgesTape) {
        for (current, of_current) in self.currents.iter_mut().zip(&tape.currents) {
            current.weigh(from, tape.steps, of_current);
        }
    }

    /// Gives the signals at t = 0 what was read of the time before.
    pub fn finish(&mut self, groups: &mut [NodesBack]) {
        self.currents.iter_mut().for_each(|current| current.finish(groups));
    }

    /// The adjoint of a parameter of a projection's rule, one value a target.
    pub fn rule(&self, projection: usize, parameter: usize) -> &[f64] {
        let current = &self.currents[projection];
        let targets = current.targets();
        &current.to_rule[parameter * targets..(parameter + 1) * targets]
    }

    /// The adjoints of the weights of a projection's connections, in their order.
    pub fn weights(&self, network: &Network, projection: usize) -> Vec<f64> {
        let (current, details) = (&self.currents[projection], &network.projections[projection]);
        let (Some(wiring), Some(to_links)) = (&details.wiring, current.weights()) else {
            return Vec::new();
        };
        let within = current.plan.source_group == current.plan.target_group;
        let is_used = |edge: &Edge| details.self_connections || !within || edge.target != edge.source;
        let to_used = if current.plan.rule.laplacian() {
            let used: Vec<Edge> = wiring.edges.iter().filter(|edge| is_used(edge)).copied().collect();
            let epsilon = details.epsilon.unwrap_or(DEFAULT_EPS);
            let form = details.normalize.unwrap_or_default();
            laplacian::of_edges_back(&used, current.targets(), form, epsilon, &to_links)
        } else {
            to_links
        };
        let mut to_used = to_used.into_iter();
        let edges = wiring.edges.iter();
        edges.map(|edge| if is_used(edge) { to_used.next().unwrap_or_default() } else { 0.0 }).collect()
    }
}
