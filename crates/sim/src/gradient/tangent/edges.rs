//! Projections in forward mode: how their currents change along a direction.

use crate::gradient::sums::add;
use crate::gradient::tangent::nodes::NodesTangent;
use crate::network::{Connectivity, Edge, History, Network, NetworkError};
use crate::runtime::Nodes;
use crate::runtime::edges::delayed::{Delayed, Link};
use crate::runtime::edges::instant::Instant;
use crate::runtime::edges::past::Past;
use crate::runtime::edges::plan::{Plan, before, plans};
use crate::runtime::edges::{Edges, laplacian};
use brainmass_core::coupling::{PostVjp, Terms, parameter_rows};
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::kernel::Form;
use brainmass_core::real::Simd;
use brainmass_data::connectome::DEFAULT_EPS;

/// All projections of a network, with a direction.
pub(crate) struct EdgesTangent {
    currents: Vec<CurrentTangent>,
}

/// The part of a direction that is about a projection.
#[derive(Default)]
pub(crate) struct Direction {
    /// Of the rule's parameters: an index, and one value a target.
    pub rule: Vec<(usize, Vec<f64>)>,
    /// Of the weights of the connections, in their order.
    pub weights: Option<Vec<f64>>,
}

struct CurrentTangent {
    plan: Plan,
    targets: usize,
    /// The rule's parameters, a row of targets for each.
    parameters: Vec<f64>,
    /// Along which the rule's parameters move: parameter `i` of target `n` at `i*targets + n`.
    rule: Vec<f64>,
    /// How what is sent changes, through the links.
    changes: Sent,
    /// What is sent, through links whose weights are the changes of the weights: where weights move, or the term is one of a pair.
    values: Option<Sent>,
    present: Vec<f64>,
    sums: Vec<f64>,
    current: Vec<f64>,
    to_sums: Vec<f64>,
    to_rule: Vec<f64>,
}

/// Values that are sent through links.
struct Sent {
    links: Vec<Link>,
    past: Past,
    longest: usize,
    delayed: Delayed,
    instant: Option<Instant>,
    /// The sums of the weights of each target.
    totals: Vec<f64>,
    simd: Simd,
}

impl Sent {
    fn new(
        links: Vec<Link>,
        sources: usize,
        targets: usize,
        simd: Simd,
        before: impl Fn(usize, usize) -> f64,
    ) -> Self {
        let longest = links.iter().map(|link| link.steps).max().unwrap_or(0);
        let alone = Columns::alone;
        let execution = Execution { simd, parallel: false };
        let mut totals = vec![0.0; targets];
        links.iter().for_each(|link| totals[link.target] += link.weight);
        Self {
            past: Past::new(alone(sources), longest, |steps, source, _| before(steps, source)),
            longest,
            delayed: Delayed::of(&links, alone(targets), sources, longest, execution),
            instant: Instant::of(&links, alone(targets), sources, Connectivity::Auto, execution),
            totals,
            links,
            simd,
        }
    }

    fn push(&mut self, present: &[f64]) {
        self.past.present.copy_from_slice(present);
        self.past.push();
    }

    /// Adds the weighted sums of what is sent now and was sent before.
    fn add(&mut self, present: &[f64], sums: &mut [f64]) {
        self.push(present);
        self.delayed.add(&self.past, sums);
        if let Some(instant) = &self.instant {
            instant.add(&self.past.present, sums);
        }
    }

    /// What the source of a link sent when the link's delay began.
    fn at(&self, link: &Link) -> f64 {
        let offset = crate::runtime::edges::past::offset(link.source, link.steps, self.longest) as usize;
        self.past.lanes()[offset + self.past.shift()]
    }

    fn scale(&mut self, factor: f64) {
        self.past.scale(factor);
        self.delayed.scale(factor);
    }
}

impl EdgesTangent {
    /// The projections of a run whose groups stand at t = 0, each with its part of the direction.
    pub fn new(
        network: &Network,
        groups: &[Nodes],
        tangents: &[NodesTangent],
        dt: f64,
        simd: Simd,
        directions: &[Direction],
    ) -> Result<Self, NetworkError> {
        let plans = plans(network, dt)?.into_iter().enumerate();
        let currents = plans.map(|(index, plan)| {
            let direction = &directions[index];
            CurrentTangent::new(network, index, plan, groups, tangents, (dt, simd), direction)
        });
        Ok(Self { currents: currents.collect::<Result<_, _>>()? })
    }

    /// Computes how the currents of the step that was just made change, and adds that to the ports that they feed.
    pub fn feed(&mut self, couplings: &Edges, groups: &[Nodes], tangents: &mut [NodesTangent]) {
        for (index, current) in self.currents.iter_mut().enumerate() {
            current.compute(couplings.sent(index), couplings.sums(index), groups, tangents);
        }
        for current in &self.currents {
            add(tangents[current.plan.target_group].port_mut(current.plan.port), &current.current);
        }
    }

    /// How the current of a projection changes.
    pub fn current(&self, index: usize) -> &[f64] {
        &self.currents[index].current
    }

    /// Makes the direction longer or shorter.
    pub fn scale(&mut self, factor: f64) {
        for current in &mut self.currents {
            current.changes.scale(factor);
        }
    }
}

impl CurrentTangent {
    fn new(
        network: &Network,
        index: usize,
        plan: Plan,
        groups: &[Nodes],
        tangents: &[NodesTangent],
        (dt, simd): (f64, Simd),
        direction: &Direction,
    ) -> Result<Self, NetworkError> {
        let source = &groups[plan.source_group];
        let (sources, targets) = (source.nodes(), groups[plan.target_group].nodes());
        let mut rule = vec![0.0; plan.rule.info().parameters.len() * targets];
        for (parameter, values) in &direction.rule {
            rule[parameter * targets..(parameter + 1) * targets].copy_from_slice(values);
        }
        let history = &network.projections[index].history;
        let (unit, initial) = (source.info().signal_unit(plan.signal), source.signal(plan.signal));
        let raw = before(history, &plan, unit, initial, plan.longest(), dt)?;
        let of_initial = tangents[plan.source_group].signal(plan.signal);
        let change = |steps: usize, source: usize| {
            let change = if *history == History::Initial { of_initial[source] } else { 0.0 };
            term_change(&plan, &rule, targets, raw(steps, source), change)
        };
        let changes = Sent::new(plan.links.clone(), sources, targets, simd, change);
        let needs_values = direction.weights.is_some() || plan.rule.form() == Form::Pair;
        let values = needs_values.then(|| {
            let moves = match &direction.weights {
                Some(weights) => moves_of_links(network, index, &plan, weights),
                None => vec![0.0; plan.links.len()],
            };
            let links = plan.links.iter().zip(moves).map(|(link, weight)| Link { weight, ..*link });
            let value = |steps: usize, source: usize| term(&plan, simd, raw(steps, source));
            Sent::new(links.collect(), sources, targets, simd, value)
        });
        Ok(Self {
            targets,
            parameters: parameter_rows(&[plan.rule.as_ref()], targets),
            to_rule: vec![0.0; rule.len()],
            rule,
            changes,
            values,
            present: vec![0.0; sources],
            sums: vec![0.0; targets],
            current: vec![0.0; targets],
            to_sums: vec![0.0; targets],
            plan,
        })
    }

    /// `sent` and `sums` are those of the step that was just made.
    fn compute(&mut self, sent: &[f64], sums: &[f64], groups: &[Nodes], tangents: &[NodesTangent]) {
        let plan = &self.plan;
        let signal = groups[plan.source_group].signal_before(plan.signal);
        let changes = tangents[plan.source_group].signal(plan.signal);
        for ((present, raw), change) in self.present.iter_mut().zip(signal).zip(changes) {
            *present = term_change(plan, &self.rule, self.targets, *raw, *change);
        }
        self.sums.fill(0.0);
        let own = plan.receiving.map(|receiving| {
            let target = plan.target_group;
            (groups[target].signal_before(receiving), tangents[target].signal(receiving))
        });
        if plan.rule.form() == Form::Pair {
            self.changes.push(&self.present);
            if let (Some(values), Some((own, own_changes))) = (&mut self.values, own) {
                values.push(sent);
                for (link, move_of) in self.changes.links.iter().zip(&values.links) {
                    let at = link.target;
                    let (mut to_sending, mut to_rule) = ([0.0], vec![0.0; self.rule.len() / self.targets]);
                    let value = [values.at(link)];
                    let to_own =
                        plan.rule.pre_vjp(at, own[at], &value, &[link.weight], &mut to_sending, &mut to_rule);
                    let of_rule =
                        to_rule.iter().enumerate().map(|(i, slope)| slope * self.rule[i * self.targets + at]);
                    self.sums[at] += to_sending[0] * self.changes.at(link)
                        + to_own * own_changes[at]
                        + of_rule.sum::<f64>();
                    if move_of.weight != 0.0 {
                        self.sums[at] += move_of.weight * pair_term(plan, values.simd, at, own[at], value[0]);
                    }
                }
            }
        } else {
            self.changes.add(&self.present, &mut self.sums);
            if let Some(values) = &mut self.values {
                values.add(sent, &mut self.sums);
            }
            if let Some((own, own_changes)) = own.filter(|_| plan.rule.form() == Form::Difference) {
                for (at, sum) in self.sums.iter_mut().enumerate() {
                    *sum -= self.changes.totals[at] * own_changes[at];
                    *sum -= self.values.as_ref().map_or(0.0, |values| values.totals[at] * own[at]);
                }
            }
        }
        self.to_rule.fill(0.0);
        let ones = vec![1.0; self.targets];
        let back = PostVjp {
            sums,
            adjoint: &ones,
            sums_adjoint: &mut self.to_sums,
            parameters_adjoint: &mut self.to_rule,
        };
        plan.rule.post_vjp(self.changes.simd, &self.parameters, back);
        for (at, current) in self.current.iter_mut().enumerate() {
            *current = self.to_sums[at] * self.sums[at];
            *current += (at..self.rule.len())
                .step_by(self.targets)
                .map(|i| self.to_rule[i] * self.rule[i])
                .sum::<f64>();
        }
    }
}

/// What a source sends.
fn term(plan: &Plan, simd: Simd, raw: f64) -> f64 {
    if plan.rule.form() == Form::Source { pair_term(plan, simd, 0, 0.0, raw) } else { raw }
}

/// The term of a connection to a receiver.
fn pair_term(plan: &Plan, simd: Simd, receiver: usize, receiving: f64, sending: f64) -> f64 {
    let columns = receiver + 1;
    let parameters = parameter_rows(&[plan.rule.as_ref()], columns);
    let (receiving, sending, mut out) = ([receiving], [sending], [0.0]);
    let terms =
        Terms { parameters: &parameters, columns, receiver, receiving: &receiving, sending: &sending };
    plan.rule.pre(simd, terms, &mut out);
    out[0]
}

/// How what a source sends changes when its signal does.
fn term_change(plan: &Plan, rule: &[f64], targets: usize, raw: f64, change: f64) -> f64 {
    if plan.rule.form() != Form::Source {
        return change;
    }
    let (mut to_sending, mut to_rule) = ([0.0], vec![0.0; rule.len() / targets]);
    plan.rule.pre_vjp(0, 0.0, &[raw], &[1.0], &mut to_sending, &mut to_rule);
    let of_rule = to_rule.iter().enumerate().map(|(i, slope)| slope * rule[i * targets]);
    to_sending[0] * change + of_rule.sum::<f64>()
}

/// How the weights of the links change when those of the connections do.
fn moves_of_links(network: &Network, index: usize, plan: &Plan, weights: &[f64]) -> Vec<f64> {
    let details = &network.projections[index];
    let Some(wiring) = &details.wiring else { return Vec::new() };
    let within = plan.source_group == plan.target_group;
    let is_used = |edge: &Edge| details.self_connections || !within || edge.target != edge.source;
    let both = wiring.edges.iter().zip(weights).filter(|(edge, _)| is_used(edge));
    let (edges, moves): (Vec<Edge>, Vec<f64>) = both.map(|(edge, weight)| (*edge, *weight)).unzip();
    if !plan.rule.laplacian() {
        return moves;
    }
    // Row by row of the derivative of the Laplacian's entries by the weights.
    let (form, epsilon) = (details.normalize.unwrap_or_default(), details.epsilon.unwrap_or(DEFAULT_EPS));
    let nodes = network.groups[plan.target_group].nodes();
    let mut entry = vec![0.0; plan.links.len()];
    let of_entry = |at: usize| {
        entry.fill(0.0);
        entry[at] = 1.0;
        let row = laplacian::of_edges_back(&edges, nodes, form, epsilon, &entry);
        row.iter().zip(&moves).map(|(slope, weight)| slope * weight).sum()
    };
    (0..plan.links.len()).map(of_entry).collect()
}
