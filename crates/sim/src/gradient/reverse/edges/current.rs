//! Adjoints through one projection.

use crate::gradient::derivatives::{NodeDerivatives, add};
use crate::gradient::reverse::edges::pairs::{PairAdjoints, PairDestinations};
use crate::gradient::reverse::edges::step_sum::StepSum;
use crate::gradient::reverse::edges::trace::{CurrentTrace, TraceNeeds};
use crate::gradient::reverse::nodes::NodeAdjoints;
use crate::network::{Connectivity, History, NetworkError, Projection};
use crate::runtime::Nodes;
use crate::runtime::edges::delay_buffer::DelayBuffer;
use crate::runtime::edges::delayed::DelayedSums;
use crate::runtime::edges::history::{ValueBefore, value_before};
use crate::runtime::edges::instant::InstantSums;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::edges::planned_edge::{PlannedEdge, PlannedEdges};
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::coupling::{PostVjp, parameter_rows};
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::kernel::Form;
use brainmass_core::real::Simd;

/// The adjoints that belong to a projection, and the way that they take through it.
pub(crate) struct CurrentAdjoints {
    pub plan: ProjectionPlan,
    /// The longest delay, in steps.
    longest: usize,
    edges: EdgesVjp,
    /// The rule's parameters, a row of targets for each.
    parameters: Vec<f64>,
    simd: Simd,
    /// The signal before t = 0, without the rule's term.
    value_before: ValueBefore,
    /// Whether the signal before t = 0 was the one at t = 0.
    is_initial_before: bool,
    /// The adjoints of the rule's parameters: parameter `i` of target `n` at `i*targets + n`.
    pub rule_adjoint: Vec<f64>,
    /// The adjoints of the weights of the edges, where they are wanted.
    weights_adjoint: Option<Vec<StepSum>>,
    /// The part of each target that is taken off the adjoints of all its weights, where its own value is taken off the source's.
    own_adjoint: Vec<f64>,
    /// The adjoint of the current of the step that the vector-Jacobian product goes through.
    pub current_adjoint: Vec<f64>,
    sums_adjoint: Vec<f64>,
    /// The adjoint of what each source sent in the step.
    sent_adjoint: Vec<f64>,
    signal_adjoint: Vec<f64>,
    /// The adjoints of the rule's parameters from the terms of one receiver.
    term_adjoint: Vec<f64>,
}

/// The ways of the adjoints of sums to the sources.
enum EdgesVjp {
    /// Through the reversed edges, which are a delayed projection again. `difference` holds the sums of the weights of each target, where the
    /// receivers' own values are taken off.
    Sources {
        buffer: DelayBuffer,
        delayed: DelayedSums,
        instant: Option<InstantSums>,
        difference: Option<Vec<f64>>,
    },
    /// Edge by edge.
    Pairs(PairAdjoints),
}

impl EdgesVjp {
    fn new(
        plan: &ProjectionPlan,
        (sources, targets): (usize, usize),
        connectivity: Connectivity,
        simd: Simd,
    ) -> Self {
        if plan.rule.form() == Form::Pair {
            return Self::Pairs(PairAdjoints::new(plan, sources, targets, simd));
        }
        let (from, to) = (Columns::alone(targets), Columns::alone(sources));
        let execution = Execution { simd, parallel: false };
        let longest = plan.longest();
        let reversed = reverse(&plan.edges, sources);
        let buffer = match longest {
            0 => DelayBuffer::without_past(from),
            // Steps that are not made give no adjoints.
            _ => DelayBuffer::new(from, longest, |_, _, _| 0.0),
        };
        let difference = (plan.rule.form() == Form::Difference).then(|| {
            let mut weights = vec![0.0; targets];
            plan.edges.iter().for_each(|edge| weights[edge.target] += edge.weight);
            weights
        });
        Self::Sources {
            buffer,
            delayed: DelayedSums::new(&reversed, to, targets, longest, execution),
            instant: InstantSums::new(&reversed, to, targets, connectivity, execution),
            difference,
        }
    }
}

impl CurrentAdjoints {
    /// Creates the adjoints of a projection of a run whose `nodes` stand at t = 0, all zero. `weights` says whether those of its weights are wanted.
    ///
    /// # Errors
    ///
    /// The history does not fit the projection.
    pub fn new(
        plan: ProjectionPlan,
        projection: &Projection,
        nodes: &[Nodes],
        dt: f64,
        simd: Simd,
        weights: bool,
    ) -> Result<Self, NetworkError> {
        let source = &nodes[plan.source_group];
        let (sources, targets) = (source.node_count(), nodes[plan.target_group].node_count());
        let (unit, initial) = (source.info().signal_unit(plan.signal), source.signal(plan.signal));
        let longest = plan.longest();
        let parameters = plan.rule.info().parameters.len();
        Ok(Self {
            value_before: value_before(
                &projection.history,
                (&plan.label, source.is_before(plan.signal)),
                unit,
                initial,
                longest,
                dt,
            )?,
            is_initial_before: projection.history == History::Initial,
            longest,
            edges: EdgesVjp::new(&plan, (sources, targets), projection.connectivity, simd),
            parameters: parameter_rows(&[plan.rule.as_ref()], targets),
            simd,
            rule_adjoint: vec![0.0; parameters * targets],
            weights_adjoint: weights.then(|| vec![StepSum::default(); plan.edges.len()]),
            own_adjoint: vec![0.0; targets],
            current_adjoint: vec![0.0; targets],
            sums_adjoint: vec![0.0; targets],
            sent_adjoint: vec![0.0; sources],
            signal_adjoint: vec![0.0; sources],
            term_adjoint: vec![0.0; parameters],
            plan,
        })
    }

    /// The number of targets.
    pub fn targets(&self) -> usize {
        self.sums_adjoint.len()
    }

    /// The parts that a trace of the projection needs.
    pub fn trace_needs(&self) -> TraceNeeds {
        let ProjectionPlan { source_group, signal, target_group, receiving, .. } = self.plan;
        let (form, weights) = (self.plan.rule.form(), self.weights_adjoint.is_some());
        let is_pair = form == Form::Pair;
        let needs_own = is_pair || weights && form == Form::Difference;
        TraceNeeds {
            targets: self.targets(),
            sources: self.sent_adjoint.len(),
            longest: self.longest,
            own: receiving.filter(|_| needs_own).map(|receiving| (target_group, receiving)),
            signal: (form == Form::Source).then_some((source_group, signal)),
            sent: is_pair || weights,
            sums_adjoint: weights && !is_pair,
        }
    }

    /// Vector-Jacobian product of a step: from the adjoints of the port that the projection feeds to those of the signals at the start of the step.
    /// `row` is the step's place in a trace of `steps` steps.
    pub fn step_vjp(
        &mut self,
        row: usize,
        steps: usize,
        trace: &mut CurrentTrace,
        nodes: &mut [NodeAdjoints],
    ) {
        let (targets, sources) = (self.targets(), self.sent_adjoint.len());
        let Self { plan, rule_adjoint, current_adjoint, sums_adjoint, sent_adjoint, .. } = self;
        add(current_adjoint, nodes[plan.target_group].port(plan.port));
        let post = PostVjp {
            sums: &trace.sums[row * targets..(row + 1) * targets],
            adjoint: current_adjoint,
            sums_adjoint,
            parameters_adjoint: rule_adjoint,
        };
        plan.rule.post_vjp(self.simd, &self.parameters, post);
        current_adjoint.fill(0.0);
        match &mut self.edges {
            EdgesVjp::Sources { buffer, delayed, instant, difference } => {
                if let Some(rows) = &mut trace.sums_adjoint {
                    for (row_of_target, adjoint) in rows.chunks_exact_mut(steps).zip(&*sums_adjoint) {
                        row_of_target[row] = *adjoint;
                    }
                }
                if let Some(own) = &trace.own {
                    let own = &own[row * targets..(row + 1) * targets];
                    for ((sum, adjoint), own) in self.own_adjoint.iter_mut().zip(&*sums_adjoint).zip(own) {
                        *sum += adjoint * own;
                    }
                }
                if let (Some(weights), Some(receiving)) = (difference, plan.receiving) {
                    let own = nodes[plan.target_group].signal_mut(receiving);
                    for ((own, weight), adjoint) in own.iter_mut().zip(weights).zip(&*sums_adjoint) {
                        *own -= *weight * adjoint;
                    }
                }
                buffer.present.copy_from_slice(sums_adjoint);
                arrive(buffer, delayed, instant.as_ref(), sent_adjoint);
            }
            EdgesVjp::Pairs(pairs) => {
                let Some(receiving) = plan.receiving else { return };
                let own = nodes[plan.target_group].signal_mut(receiving);
                let weights = self.weights_adjoint.as_deref_mut();
                let mut to = PairDestinations { own, rule: rule_adjoint, weights };
                pairs.sums_vjp(plan.rule.as_ref(), &plan.edges, (row, steps), trace, sums_adjoint, &mut to);
                pairs.take_sent(sent_adjoint);
            }
        }
        let signal = trace.signal.as_ref().map(|signal| &signal[row * sources..(row + 1) * sources]);
        self.source_term_vjp(signal);
        add(nodes[self.plan.source_group].signal_mut(self.plan.signal), &self.signal_adjoint);
    }

    /// Vector-Jacobian product of the term of the source alone: from the adjoints of what is sent to those of the signal. `signal` is `None` where the
    /// rule sends the signal itself.
    fn source_term_vjp(&mut self, signal: Option<&[f64]>) {
        let Some(signal) = signal else {
            self.signal_adjoint.copy_from_slice(&self.sent_adjoint);
            return;
        };
        self.term_adjoint.fill(0.0);
        let rule = self.plan.rule.as_ref();
        rule.pre_vjp(0, 0.0, signal, &self.sent_adjoint, &mut self.signal_adjoint, &mut self.term_adjoint);
        // Such a term has the same parameters for all receivers: the first stands for all.
        let targets = self.sums_adjoint.len();
        for (index, adjoint) in self.term_adjoint.iter().enumerate() {
            self.rule_adjoint[index * targets] += adjoint;
        }
    }

    /// Ends a trace of `steps` steps, of which the first was made after `from` steps: adds the products of the adjoints of the sums and of what was
    /// sent to the adjoints of the weights.
    pub fn add_weights(&mut self, from: usize, steps: usize, trace: &CurrentTrace) {
        let (Some(weights_adjoint), Some(sums_adjoint), Some(sent)) =
            (&mut self.weights_adjoint, &trace.sums_adjoint, &trace.sent)
        else {
            return;
        };
        for (edge, weight_adjoint) in self.plan.edges.iter().zip(weights_adjoint) {
            let adjoints = &sums_adjoint[edge.target * steps..(edge.target + 1) * steps];
            let start = edge.source * (self.longest + steps) + self.longest - edge.steps;
            weight_adjoint.add_products(from, adjoints, &sent[start..start + steps]);
        }
    }

    /// The adjoints of the weights of the edges of the run; `None` where they are not wanted.
    pub fn weights(&self) -> Option<Vec<f64>> {
        let edges = self.plan.edges.iter().zip(self.weights_adjoint.as_ref()?);
        Some(edges.map(|(edge, adjoint)| adjoint.total() - self.own_adjoint[edge.target]).collect())
    }

    /// Goes on from t = 0 through the time before, as far as delays reach, and adds the adjoints of the history to those of the signal at t = 0, if
    /// the history is that signal.
    pub fn finish(&mut self, nodes: &mut [NodeAdjoints]) {
        for steps in 1..=self.longest {
            match &mut self.edges {
                EdgesVjp::Sources { buffer, delayed, instant, .. } => {
                    buffer.present.fill(0.0);
                    arrive(buffer, delayed, instant.as_ref(), &mut self.sent_adjoint);
                }
                EdgesVjp::Pairs(pairs) => pairs.take_sent(&mut self.sent_adjoint),
            }
            let has_term = self.plan.rule.form() == Form::Source;
            let sources = 0..self.sent_adjoint.len();
            let signal: Option<Vec<f64>> =
                has_term.then(|| sources.map(|source| (self.value_before)(steps, source)).collect());
            self.source_term_vjp(signal.as_deref());
            if self.is_initial_before {
                add(nodes[self.plan.source_group].signal_mut(self.plan.signal), &self.signal_adjoint);
            }
        }
    }
}

/// Reverses edges, so that they lead from their targets to their sources, and sorts them by the sources. Those of a source stay in the order of
/// targets.
fn reverse(edges: &[PlannedEdge], sources: usize) -> PlannedEdges {
    let mut free = row_offsets(sources, edges.iter().map(|edge| edge.source));
    let mut reversed = edges.to_vec();
    for edge in edges {
        let place = &mut free[edge.source];
        reversed[*place] = PlannedEdge { target: edge.source, source: edge.target, ..*edge };
        *place += 1;
    }
    reversed.into()
}

/// Computes the adjoints that arrive at the sources in this step, from those of the sums of now and of later steps.
fn arrive(
    buffer: &mut DelayBuffer,
    delayed: &mut DelayedSums,
    instant: Option<&InstantSums>,
    sent_adjoint: &mut [f64],
) {
    buffer.push();
    sent_adjoint.fill(0.0);
    delayed.add_arriving(buffer, sent_adjoint);
    if let Some(instant) = instant {
        instant.add_present(&buffer.present, sent_adjoint);
    }
}
