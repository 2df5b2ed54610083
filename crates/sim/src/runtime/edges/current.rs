//! The currents that projections give to their targets.

use crate::network::Connectivity;
use crate::runtime::edges::delay_buffer::DelayBuffer;
use crate::runtime::edges::delayed::DelayedSums;
use crate::runtime::edges::instant::InstantSums;
use crate::runtime::edges::pairs::PairSums;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::nodes::Nodes;
use brainmass_core::coupling::{AnyRule, parameter_rows};
use brainmass_core::engine::Execution;
use brainmass_core::info::Signal;
use brainmass_core::kernel::Form;
use brainmass_core::real::{Aligned, LANE_WIDTH, Simd};
use brainmass_core::shared::Text;

/// A projection of a run: the current that it adds to a port of its target group.
#[derive(Debug)]
pub(super) struct ProjectionCurrent {
    pub name: String,
    /// The index of the signal that it reads, among those that the network sends.
    pub sent: usize,
    /// The index of the target group.
    pub target: usize,
    pub port: usize,
    /// The unit of the port.
    pub unit: Text,
    rule: Box<dyn AnyRule>,
    /// A row of columns for each parameter of the rule.
    parameters: Vec<f64>,
    simd: Simd,
    edge_sums: EdgeSums,
    /// The weighted sum of each column in the last step.
    pub sums: Aligned,
    /// The current of each column in the last step, in the unit of the port.
    pub current: Aligned,
    /// The number of edges.
    pub edges: usize,
    /// The longest delay, in steps.
    pub longest: usize,
}

/// The ways of a projection to sum over its edges.
#[derive(Debug)]
pub(super) enum EdgeSums {
    /// Terms that depend on the source alone.
    Sources { delayed: DelayedSums, instant: Option<InstantSums>, difference: Option<Difference> },
    /// Terms that depend on both ends of an edge.
    Pairs { receiving: Signal, pairs: PairSums },
}

/// The part of `sum of w_ij (x_j - x_i)` that is taken off the sum of `w_ij x_j`: the receiver's own signal times the sum of its weights.
#[derive(Debug)]
pub(super) struct Difference {
    receiving: Signal,
    /// The sum of the weights of each target.
    weights: Vec<f64>,
}

impl ProjectionCurrent {
    /// Creates the current of a projection of a network alone, or of the runs of a batch, whose plans differ in nothing but the numbers of their
    /// rules. `sent` is the signal that it reads, and `longest` the longest delay of that signal's buffer.
    pub fn new(
        plan: &ProjectionPlan,
        rules: &[&dyn AnyRule],
        (sent, longest): (usize, usize),
        nodes: &[Nodes],
        connectivity: Connectivity,
        execution: Execution,
    ) -> Self {
        let (sources, targets) =
            (nodes[plan.source_group].columns().nodes, nodes[plan.target_group].columns());
        let edge_sums = match (plan.rule.form(), plan.receiving) {
            (Form::Pair, Some(receiving)) => {
                EdgeSums::Pairs { receiving, pairs: PairSums::new(&plan.edges, targets, longest, execution) }
            }
            (form, receiving) => {
                let difference = receiving.filter(|_| form == Form::Difference).map(|receiving| {
                    let mut weights = vec![0.0; targets.nodes];
                    plan.edges.iter().for_each(|edge| weights[edge.target] += edge.weight);
                    Difference { receiving, weights }
                });
                EdgeSums::Sources {
                    delayed: DelayedSums::new(&plan.edges, targets, sources, longest, execution),
                    instant: InstantSums::new(&plan.edges, targets, sources, connectivity, execution),
                    difference,
                }
            }
        };
        Self {
            name: plan.name.clone(),
            sent,
            target: plan.target_group,
            port: plan.port,
            unit: nodes[plan.target_group].info().inputs[plan.port].unit.clone(),
            rule: plan.rule.clone(),
            parameters: parameter_rows(rules, targets.nodes),
            simd: execution.simd,
            edge_sums,
            sums: Aligned::zeros(targets.count()),
            current: Aligned::zeros(targets.count()),
            edges: plan.edges.len(),
            longest: plan.longest(),
        }
    }

    /// The sums over delayed edges, where there are some.
    pub fn delayed(&self) -> Option<&DelayedSums> {
        match &self.edge_sums {
            EdgeSums::Sources { delayed, .. } => Some(delayed),
            EdgeSums::Pairs { .. } => None,
        }
    }

    /// The sums over delayed edges, where there are some, to be changed.
    pub fn delayed_mut(&mut self) -> Option<&mut DelayedSums> {
        match &mut self.edge_sums {
            EdgeSums::Sources { delayed, .. } => Some(delayed),
            EdgeSums::Pairs { .. } => None,
        }
    }

    /// Computes the sums and the current of the next step, from what has been sent and the target nodes as they are now.
    pub fn compute(&mut self, buffer: &DelayBuffer, target: &Nodes) {
        let sums = &mut self.sums;
        sums.fill(0.0);
        match &mut self.edge_sums {
            EdgeSums::Sources { delayed, instant, difference } => {
                delayed.add_arriving(buffer, sums);
                if let Some(instant) = instant {
                    instant.add_present(&buffer.present, sums);
                }
                if let Some(difference) = difference {
                    difference.take_off(target.signal(difference.receiving), buffer.runs(), sums);
                }
            }
            EdgeSums::Pairs { receiving, pairs } => {
                let own = target.signal(*receiving);
                pairs.add_terms(self.rule.as_ref(), &self.parameters, own, buffer, sums);
            }
        }
        self.rule.post(self.simd, &self.parameters, &self.sums, &mut self.current);
    }
}

impl Difference {
    /// Takes the receivers' `own` signal, times the sum of their weights, off the sums.
    fn take_off(&self, own: &[f64], runs: usize, sums: &mut [f64]) {
        // Places are counted here, as in `DelayBuffer::push`.
        if runs == 1 {
            let (own, weights) = (&own[..sums.len()], &self.weights[..sums.len()]);
            for (target, sum) in sums.iter_mut().enumerate() {
                *sum -= weights[target] * own[target];
            }
        } else {
            let own = own.as_chunks::<LANE_WIDTH>().0;
            for (target, sums) in sums.as_chunks_mut::<LANE_WIDTH>().0.iter_mut().enumerate() {
                let (own, weight) = (&own[target], self.weights[target]);
                for (run, sum) in sums.iter_mut().enumerate() {
                    *sum -= weight * own[run];
                }
            }
        }
    }
}
