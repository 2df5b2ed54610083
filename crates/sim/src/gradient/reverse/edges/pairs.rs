//! Adjoints through edges whose term depends on both ends, edge by edge.

use crate::gradient::reverse::adjoint_buffer::AdjointBuffer;
use crate::gradient::reverse::edges::step_sum::StepSum;
use crate::gradient::reverse::edges::trace::CurrentTrace;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::edges::planned_edge::PlannedEdge;
use brainmass_core::coupling::{AnyRule, Terms, parameter_rows};
use brainmass_core::real::Simd;

/// The adjoints of the sources of a projection whose rule sees both ends of an edge, with room for the edges of one target.
pub(crate) struct PairAdjoints {
    /// The index of the edge after the last one of each target.
    ends: Vec<usize>,
    /// The longest delay, in steps.
    longest: usize,
    /// The adjoints of what the sources sent, in the present step and before.
    sent_adjoint: AdjointBuffer,
    sending: Vec<f64>,
    terms: Vec<f64>,
    terms_adjoint: Vec<f64>,
    sending_adjoint: Vec<f64>,
    parameters_adjoint: Vec<f64>,
    /// A row of targets for each parameter of the rule.
    parameters: Vec<f64>,
    simd: Simd,
}

/// The places that adjoints are added to.
pub(crate) struct PairDestinations<'a> {
    /// The adjoints of the receivers' own values, one a target.
    pub own: &'a mut [f64],
    /// The adjoints of the rule's parameters: parameter `i` of target `n` at `i*targets + n`.
    pub rule: &'a mut [f64],
    /// The adjoints of the weights of the edges, where they are wanted.
    pub weights: Option<&'a mut [StepSum]>,
}

impl PairAdjoints {
    /// Creates the adjoints of a projection from `sources` to `targets` nodes, all zero.
    pub fn new(plan: &ProjectionPlan, sources: usize, targets: usize, simd: Simd) -> Self {
        let ProjectionPlan { edges, rule, .. } = plan;
        let longest = plan.longest();
        let ends: Vec<usize> =
            (0..targets).map(|target| edges.partition_point(|edge| edge.target <= target)).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let most = ends.iter().zip(starts).map(|(end, start)| end - start).max().unwrap_or(0);
        Self {
            ends,
            longest,
            sent_adjoint: AdjointBuffer::new(sources, longest),
            sending: vec![0.0; most],
            terms: vec![0.0; most],
            terms_adjoint: vec![0.0; most],
            sending_adjoint: vec![0.0; most],
            parameters_adjoint: vec![0.0; rule.info().parameters.len()],
            parameters: parameter_rows(&[rule.as_ref()], targets),
            simd,
        }
    }

    /// Vector-Jacobian product of the sums of a step: given the adjoint of each sum, adds those of the receivers' own values, the parameters of the
    /// rule and the weights to `to`, and keeps those of the sources for [`PairAdjoints::take_sent`]. `row` is the step's place in a trace of `steps`
    /// steps.
    pub fn sums_vjp(
        &mut self,
        rule: &dyn AnyRule,
        edges: &[PlannedEdge],
        (row, steps): (usize, usize),
        trace: &CurrentTrace,
        sums_adjoint: &[f64],
        to: &mut PairDestinations,
    ) {
        let (Some(own), Some(sent)) = (&trace.own, &trace.sent) else { return };
        let targets = sums_adjoint.len();
        let mut first = 0;
        for (target, end) in self.ends.iter().enumerate() {
            let edges = &edges[first..*end];
            let count = edges.len();
            let (sending, terms_adjoint) = (&mut self.sending[..count], &mut self.terms_adjoint[..count]);
            for ((value, adjoint), edge) in sending.iter_mut().zip(&mut *terms_adjoint).zip(edges) {
                *value = sent[edge.source * (self.longest + steps) + self.longest + row - edge.steps];
                *adjoint = edge.weight * sums_adjoint[target];
            }
            let own = own[row * targets + target];
            if let Some(weights) = &mut to.weights {
                let (parameters, receiving) = (&self.parameters[..], &[own][..]);
                let terms = Terms { parameters, columns: targets, receiver: target, receiving, sending };
                rule.pre(self.simd, terms, &mut self.terms[..count]);
                for (weight_adjoint, term) in weights[first..*end].iter_mut().zip(&self.terms) {
                    weight_adjoint.add(sums_adjoint[target] * term);
                }
            }
            self.parameters_adjoint.fill(0.0);
            let sending_adjoint = &mut self.sending_adjoint[..count];
            to.own[target] += rule.pre_vjp(
                target,
                own,
                sending,
                terms_adjoint,
                sending_adjoint,
                &mut self.parameters_adjoint,
            );
            for (index, adjoint) in self.parameters_adjoint.iter().enumerate() {
                to.rule[index * targets + target] += adjoint;
            }
            for (edge, adjoint) in edges.iter().zip(sending_adjoint) {
                self.sent_adjoint.give(edge.steps, edge.source, *adjoint);
            }
            first = *end;
        }
    }

    /// Takes out the adjoints of what the sources sent in the present step, which are complete, and goes on to the step before.
    pub fn take_sent(&mut self, sent_adjoint: &mut [f64]) {
        self.sent_adjoint.take(sent_adjoint);
    }
}
