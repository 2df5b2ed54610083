//! Adjoints through projections: from those of currents to those of signals, rules and weights.
//!
//! The adjoint of a delayed network is a delayed network again, with the edges reversed and time running backwards: step n reads what was sent D
//! steps before, so the adjoint of its sum reaches the source D steps later on the way back. The step blocks and delay buffers of the run itself
//! carry it. The adjoint of a weight is the dot product of two rows over the steps of a trace: the adjoints of the sum, and what was sent.

pub(crate) mod current;
pub(crate) mod pairs;
pub(crate) mod step_sum;
pub(crate) mod trace;

use crate::gradient::derivatives::EdgeDerivatives;
use crate::gradient::reverse::edges::current::CurrentAdjoints;
use crate::gradient::reverse::edges::trace::EdgesTrace;
use crate::gradient::reverse::nodes::NodeAdjoints;
use crate::gradient::weights::WiredEdges;
use crate::network::{Network, NetworkError};
use crate::runtime::Nodes;
use crate::runtime::edges::Edges;
use crate::runtime::edges::plan::ProjectionPlan;
use brainmass_core::real::Simd;

/// The adjoints that belong to all projections of a network.
pub(crate) struct EdgeAdjoints {
    currents: Vec<CurrentAdjoints>,
}

impl EdgeDerivatives for EdgeAdjoints {
    fn current_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.currents[index].current_adjoint
    }
}

impl EdgeAdjoints {
    /// Creates the adjoints of the projections of a run whose `nodes` stand at t = 0, all zero. `wants_weights` says of each projection whether the
    /// adjoints of its weights are wanted.
    ///
    /// # Errors
    ///
    /// A history does not fit its projection.
    pub fn new(
        network: &Network,
        plans: Vec<ProjectionPlan>,
        nodes: &[Nodes],
        dt: f64,
        simd: Simd,
        wants_weights: impl Fn(usize) -> bool,
    ) -> Result<Self, NetworkError> {
        let plans = plans.into_iter().zip(&network.projections).enumerate();
        let currents = plans.map(|(index, (plan, projection))| {
            CurrentAdjoints::new(plan, projection, nodes, dt, simd, wants_weights(index))
        });
        Ok(Self { currents: currents.collect::<Result<_, _>>()? })
    }

    /// Creates an empty trace for so many steps, from where `edges` stand now.
    pub fn new_trace(&self, edges: &Edges, steps: usize) -> EdgesTrace {
        EdgesTrace::new(self.currents.iter().map(CurrentAdjoints::trace_needs), edges, steps)
    }

    /// The memory of a trace in bytes: for each step, and beside that.
    pub fn trace_bytes(&self) -> (usize, usize) {
        let sizes = self.currents.iter().map(|current| current.trace_needs().bytes());
        sizes.fold((0, 0), |(steps, fixed), (per_step, beside)| (steps + per_step, fixed + beside))
    }

    /// Vector-Jacobian product of the projections in a step: from the adjoints of the ports that they feed to those of the signals at the start of
    /// the step. `row` is the step's place in the trace.
    pub fn step_vjp(&mut self, row: usize, trace: &mut EdgesTrace, nodes: &mut [NodeAdjoints]) {
        let steps = trace.steps;
        for (current, trace) in self.currents.iter_mut().zip(&mut trace.currents) {
            current.step_vjp(row, steps, trace, nodes);
        }
    }

    /// Ends a trace whose steps have all been gone through, of which the first was made after `from` steps: adds to the adjoints of the weights.
    pub fn end_trace(&mut self, from: usize, trace: &EdgesTrace) {
        for (current, trace_of_current) in self.currents.iter_mut().zip(&trace.currents) {
            current.add_weights(from, trace.steps, trace_of_current);
        }
    }

    /// Adds the adjoints of the time before t = 0 to those of the signals at t = 0, where their history is these signals.
    pub fn finish(&mut self, nodes: &mut [NodeAdjoints]) {
        self.currents.iter_mut().for_each(|current| current.finish(nodes));
    }

    /// The adjoint of a parameter of a projection's rule, one value a target.
    pub fn rule(&self, projection: usize, parameter: usize) -> &[f64] {
        let current = &self.currents[projection];
        let targets = current.targets();
        &current.rule_adjoint[parameter * targets..(parameter + 1) * targets]
    }

    /// The adjoints of the weights of a projection's wiring, in their order; none where they are not wanted.
    pub fn weights(&self, network: &Network, projection: usize) -> Vec<f64> {
        let current = &self.currents[projection];
        let wired = WiredEdges::new(network, projection, &current.plan);
        current.weights().map(|adjoints| wired.vjp(adjoints)).unwrap_or_default()
    }
}
