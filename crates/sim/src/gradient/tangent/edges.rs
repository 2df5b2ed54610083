//! Tangents through projections.

use std::sync::Arc;

use crate::gradient::derivatives::{EdgeDerivatives, NodeDerivatives, add};
use crate::gradient::tangent::nodes::NodeTangents;
use crate::gradient::weights::WiredEdges;
use crate::network::{Connectivity, History, Network, NetworkError};
use crate::runtime::Nodes;
use crate::runtime::edges::Edges;
use crate::runtime::edges::delay_buffer::{DelayBuffer, offset};
use crate::runtime::edges::delayed::DelayedSums;
use crate::runtime::edges::history::value_before;
use crate::runtime::edges::instant::InstantSums;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::edges::planned_edge::{PlannedEdge, PlannedEdges};
use brainmass_core::coupling::{PostVjp, Terms, parameter_rows};
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::kernel::Form;
use brainmass_core::real::Simd;

/// The tangents that belong to all projections of a network.
pub(crate) struct EdgeTangents {
    currents: Vec<CurrentTangents>,
}

/// The part of a direction that is about a projection.
#[derive(Default)]
pub(crate) struct ProjectionDirection {
    /// The tangents of the rule's parameters: an index, and one value a target.
    pub rule: Vec<(usize, Vec<f64>)>,
    /// The tangents of the weights of the wiring, in their order.
    pub weights: Option<Vec<f64>>,
}

/// The tangents of a projection.
struct CurrentTangents {
    plan: ProjectionPlan,
    targets: usize,
    /// The rule's parameters, a row of targets for each.
    parameters: Vec<f64>,
    /// The tangents of the rule's parameters: parameter `i` of target `n` at `i*targets + n`.
    rule: Vec<f64>,
    /// The tangents of what is sent, which travel along the edges of the run.
    sent_tangents: Travel,
    /// The values that are sent, which travel along edges whose weights are the tangents of the weights. They are needed where weights move, or where
    /// the rule sees both ends of an edge.
    sent_values: Option<Travel>,
    /// The tangents of what is sent now.
    present: Vec<f64>,
    sums: Vec<f64>,
    current: Vec<f64>,
    /// The derivative of the post-synaptic function of each target by its sum.
    sums_slope: Vec<f64>,
    /// The derivatives of the post-synaptic function by the rule's parameters.
    rule_slope: Vec<f64>,
}

/// Values that travel along edges with delays.
struct Travel {
    edges: Arc<PlannedEdges>,
    buffer: DelayBuffer,
    /// The longest delay, in steps.
    longest: usize,
    delayed: DelayedSums,
    instant: Option<InstantSums>,
    /// The sums of the weights of each target.
    totals: Vec<f64>,
    simd: Simd,
}

impl Travel {
    /// Creates the travel of values along edges; `before(steps, source)` is what a source sent so many steps before t = 0.
    fn new(
        edges: Arc<PlannedEdges>,
        (sources, targets): (usize, usize),
        simd: Simd,
        before: impl Fn(usize, usize) -> f64,
    ) -> Self {
        let longest = edges.longest();
        let (from, to) = (Columns::alone(sources), Columns::alone(targets));
        let execution = Execution { simd, parallel: false };
        let mut totals = vec![0.0; targets];
        edges.iter().for_each(|edge| totals[edge.target] += edge.weight);
        Self {
            buffer: DelayBuffer::new(from, longest, |steps, source, _| before(steps, source)),
            longest,
            delayed: DelayedSums::new(&edges, to, sources, longest, execution),
            instant: InstantSums::new(&edges, to, sources, Connectivity::Auto, execution),
            totals,
            edges,
            simd,
        }
    }

    /// Takes in what is sent now.
    fn push(&mut self, present: &[f64]) {
        self.buffer.present.copy_from_slice(present);
        self.buffer.push();
    }

    /// Takes in what is sent now, and adds the weighted sums of what arrives.
    fn add_arriving(&mut self, present: &[f64], sums: &mut [f64]) {
        self.push(present);
        self.delayed.add_arriving(&self.buffer, sums);
        if let Some(instant) = &self.instant {
            instant.add_present(&self.buffer.present, sums);
        }
    }

    /// The value that arrives over an edge now.
    fn arriving(&self, edge: &PlannedEdge) -> f64 {
        let offset = offset(edge.source, edge.steps, self.longest) as usize;
        self.buffer.values()[offset + self.buffer.shift()]
    }

    /// Multiplies everything that travels by `factor`.
    fn scale(&mut self, factor: f64) {
        self.buffer.scale(factor);
        self.delayed.scale(factor);
    }
}

impl EdgeDerivatives for EdgeTangents {
    fn current_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.currents[index].current
    }
}

impl EdgeTangents {
    /// Creates the tangents of the projections of a run whose `nodes` stand at t = 0, each with its part of the direction.
    ///
    /// # Errors
    ///
    /// A history does not fit its projection.
    pub fn new(
        network: &Network,
        plans: Vec<ProjectionPlan>,
        nodes: &[Nodes],
        tangents: &[NodeTangents],
        (dt, simd): (f64, Simd),
        directions: &[ProjectionDirection],
    ) -> Result<Self, NetworkError> {
        let plans = plans.into_iter().enumerate();
        let currents = plans.map(|(index, plan)| {
            let direction = &directions[index];
            CurrentTangents::new(network, index, plan, nodes, tangents, (dt, simd), direction)
        });
        Ok(Self { currents: currents.collect::<Result<_, _>>()? })
    }

    /// Computes the tangents of the currents of the step that was just made, and adds them to those of the ports that they feed.
    pub fn deliver(&mut self, edges: &Edges, nodes: &[Nodes], tangents: &mut [NodeTangents]) {
        for (index, current) in self.currents.iter_mut().enumerate() {
            current.compute(edges.sent(index), edges.sums(index), nodes, tangents);
        }
        for current in &self.currents {
            add(tangents[current.plan.target_group].port_mut(current.plan.port), &current.current);
        }
    }

    /// Multiplies the tangents of the past by `factor`.
    pub fn scale(&mut self, factor: f64) {
        for current in &mut self.currents {
            current.sent_tangents.scale(factor);
        }
    }
}

impl CurrentTangents {
    fn new(
        network: &Network,
        index: usize,
        plan: ProjectionPlan,
        nodes: &[Nodes],
        tangents: &[NodeTangents],
        (dt, simd): (f64, Simd),
        direction: &ProjectionDirection,
    ) -> Result<Self, NetworkError> {
        let source = &nodes[plan.source_group];
        let (sources, targets) = (source.node_count(), nodes[plan.target_group].node_count());
        let mut rule = vec![0.0; plan.rule.info().parameters.len() * targets];
        for (parameter, values) in &direction.rule {
            rule[parameter * targets..(parameter + 1) * targets].copy_from_slice(values);
        }
        let history = &network.projections[index].history;
        let (unit, initial) = (source.info().signal_unit(plan.signal), source.signal(plan.signal));
        let before = value_before(
            history,
            (&plan.label, source.is_before(plan.signal)),
            unit,
            initial,
            plan.longest(),
            dt,
        )?;
        let initial_tangents = tangents[plan.source_group].signal(plan.signal);
        let tangent_before = |steps: usize, source: usize| {
            let tangent = if *history == History::Initial { initial_tangents[source] } else { 0.0 };
            source_term_jvp(&plan, &rule, targets, before(steps, source), tangent)
        };
        let sent_tangents = Travel::new(Arc::clone(&plan.edges), (sources, targets), simd, tangent_before);
        let needs_values = direction.weights.is_some() || plan.rule.form() == Form::Pair;
        let sent_values = needs_values.then(|| {
            let weights = match &direction.weights {
                Some(weights) => WiredEdges::new(network, index, &plan).jvp(weights),
                None => vec![0.0; plan.edges.len()],
            };
            let edges = plan.edges.iter().zip(weights).map(|(edge, weight)| PlannedEdge { weight, ..*edge });
            let sent_before = |steps: usize, source: usize| source_term(&plan, simd, before(steps, source));
            Travel::new(Arc::new(edges.collect::<Vec<_>>().into()), (sources, targets), simd, sent_before)
        });
        Ok(Self {
            targets,
            parameters: parameter_rows(&[plan.rule.as_ref()], targets),
            rule_slope: vec![0.0; rule.len()],
            rule,
            sent_tangents,
            sent_values,
            present: vec![0.0; sources],
            sums: vec![0.0; targets],
            current: vec![0.0; targets],
            sums_slope: vec![0.0; targets],
            plan,
        })
    }

    /// Computes the tangents of the current. `sent` and `sums` are those of the step that was just made.
    fn compute(&mut self, sent: &[f64], sums: &[f64], nodes: &[Nodes], tangents: &[NodeTangents]) {
        let plan = &self.plan;
        let signal = nodes[plan.source_group].signal_before(plan.signal);
        let signal_tangents = tangents[plan.source_group].signal(plan.signal);
        for ((present, value), tangent) in self.present.iter_mut().zip(signal).zip(signal_tangents) {
            *present = source_term_jvp(plan, &self.rule, self.targets, *value, *tangent);
        }
        self.sums.fill(0.0);
        let own = plan.receiving.map(|receiving| {
            let target = plan.target_group;
            (nodes[target].signal_before(receiving), tangents[target].signal(receiving))
        });
        match (plan.rule.form(), own) {
            (Form::Pair, Some((own, own_tangents))) => self.add_pairs(sent, own, own_tangents),
            (form, own) => {
                self.sent_tangents.add_arriving(&self.present, &mut self.sums);
                if let Some(values) = &mut self.sent_values {
                    values.add_arriving(sent, &mut self.sums);
                }
                if let Some((own, own_tangents)) = own.filter(|_| form == Form::Difference) {
                    for (at, sum) in self.sums.iter_mut().enumerate() {
                        *sum -= self.sent_tangents.totals[at] * own_tangents[at];
                        *sum -= self.sent_values.as_ref().map_or(0.0, |values| values.totals[at] * own[at]);
                    }
                }
            }
        }
        let plan = &self.plan;
        self.rule_slope.fill(0.0);
        let ones = vec![1.0; self.targets];
        let post = PostVjp {
            sums,
            adjoint: &ones,
            sums_adjoint: &mut self.sums_slope,
            parameters_adjoint: &mut self.rule_slope,
        };
        plan.rule.post_vjp(self.sent_tangents.simd, &self.parameters, post);
        for (at, current) in self.current.iter_mut().enumerate() {
            *current = self.sums_slope[at] * self.sums[at];
            *current += (at..self.rule.len())
                .step_by(self.targets)
                .map(|i| self.rule_slope[i] * self.rule[i])
                .sum::<f64>();
        }
    }

    /// Adds the tangents of terms that depend on both ends of an edge, edge by edge.
    fn add_pairs(&mut self, sent: &[f64], own: &[f64], own_tangents: &[f64]) {
        self.sent_tangents.push(&self.present);
        let Some(values) = &mut self.sent_values else { return };
        values.push(sent);
        let plan = &self.plan;
        // The edges of `values` are those of the run, with the tangents of the weights in the place of the weights.
        for (edge, weight_tangent) in self.sent_tangents.edges.iter().zip(values.edges.iter()) {
            let at = edge.target;
            let (mut sending_slope, mut rule_slope) = ([0.0], vec![0.0; self.rule.len() / self.targets]);
            let value = [values.arriving(edge)];
            let own_slope =
                plan.rule.pre_vjp(at, own[at], &value, &[edge.weight], &mut sending_slope, &mut rule_slope);
            let rule_tangents =
                rule_slope.iter().enumerate().map(|(i, slope)| slope * self.rule[i * self.targets + at]);
            self.sums[at] += sending_slope[0] * self.sent_tangents.arriving(edge)
                + own_slope * own_tangents[at]
                + rule_tangents.sum::<f64>();
            if weight_tangent.weight != 0.0 {
                self.sums[at] += weight_tangent.weight * pair_term(plan, values.simd, at, own[at], value[0]);
            }
        }
    }
}

/// Computes what a source sends from its signal: the term of a rule that is a function of the source alone, or the signal itself.
fn source_term(plan: &ProjectionPlan, simd: Simd, value: f64) -> f64 {
    if plan.rule.form() == Form::Source { pair_term(plan, simd, 0, 0.0, value) } else { value }
}

/// Computes the term of an edge to a receiver.
fn pair_term(plan: &ProjectionPlan, simd: Simd, receiver: usize, receiving: f64, sending: f64) -> f64 {
    let columns = receiver + 1;
    let parameters = parameter_rows(&[plan.rule.as_ref()], columns);
    let (receiving, sending, mut out) = ([receiving], [sending], [0.0]);
    let terms =
        Terms { parameters: &parameters, columns, receiver, receiving: &receiving, sending: &sending };
    plan.rule.pre(simd, terms, &mut out);
    out[0]
}

/// Jacobian-vector product of [`source_term`]: returns the tangent of what a source sends, from the tangents of its signal and of the rule's
/// parameters.
fn source_term_jvp(plan: &ProjectionPlan, rule: &[f64], targets: usize, value: f64, tangent: f64) -> f64 {
    if plan.rule.form() != Form::Source {
        return tangent;
    }
    let (mut sending_slope, mut rule_slope) = ([0.0], vec![0.0; rule.len() / targets]);
    plan.rule.pre_vjp(0, 0.0, &[value], &[1.0], &mut sending_slope, &mut rule_slope);
    let rule_tangents = rule_slope.iter().enumerate().map(|(i, slope)| slope * rule[i * targets]);
    sending_slope[0] * tangent + rule_tangents.sum::<f64>()
}
