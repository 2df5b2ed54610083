//! The projections of a network during a run.

pub(crate) mod delayed;
pub(crate) mod instant;
pub(crate) mod laplacian;
pub(crate) mod pairs;
pub(crate) mod past;
pub(crate) mod plan;
pub(crate) mod rows;
mod timing;

pub use rows::row_offsets;
pub use timing::Timing;

use crate::network::{Connectivity, History, Network, NetworkError};
use crate::runtime::edges::delayed::Delayed;
use crate::runtime::edges::instant::Instant;
use crate::runtime::edges::pairs::Pairs;
use crate::runtime::edges::past::{Past, can_be_addressed};
use crate::runtime::edges::plan::{Plan, before, plans};
use crate::runtime::nodes::Nodes;
use brainmass_core::coupling::{AnyRule, Terms, parameter_rows};
use brainmass_core::engine::Execution;
use brainmass_core::info::Signal;
use brainmass_core::kernel::Form;
use brainmass_core::real::{Aligned, LANE_WIDTH, Simd};

/// What a projection of a run is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectionSummary {
    /// Its name, by which its current is recorded.
    pub name: String,
    /// Nodes of the target group.
    pub targets: usize,
    /// Nodes of the source group.
    pub sources: usize,
    /// Connections; those of a graph Laplacian include its diagonal.
    pub edges: usize,
    /// The longest delay, ms.
    pub longest_delay: f64,
    /// Bytes that the past of its source signal takes; projections that read the same signal share it.
    pub history_bytes: usize,
}

/// All projections of a network.
#[derive(Debug)]
pub(crate) struct Edges {
    sources: Vec<Source>,
    currents: Vec<Current>,
    /// Groups of which an observable is read.
    observed: Vec<usize>,
    dt: f64,
}

/// A signal that is sent, and its past.
#[derive(Debug)]
struct Source {
    group: usize,
    signal: Signal,
    /// The rule whose term is a function of the signal alone: the past is that of the term.
    term: Option<Term>,
    past: Past,
}

#[derive(Debug)]
struct Term {
    rule: Box<dyn AnyRule>,
    /// A row of members for each parameter.
    parameters: Vec<f64>,
    /// Nothing, for each member: the term does not see the receiver.
    receiving: Vec<f64>,
    simd: Simd,
}

/// A projection: what it adds to a port.
#[derive(Debug)]
struct Current {
    name: String,
    source: usize,
    target: usize,
    port: usize,
    unit: &'static str,
    rule: Box<dyn AnyRule>,
    /// A row of columns for each parameter of the rule.
    parameters: Vec<f64>,
    simd: Simd,
    sum: Sum,
    sums: Aligned,
    current: Aligned,
    edges: usize,
    longest: usize,
}

/// How a projection sums over its sources.
#[derive(Debug)]
enum Sum {
    /// Terms that belong to the source alone.
    Terms { delayed: Delayed, instant: Option<Instant>, difference: Option<Difference> },
    /// Terms that belong to a pair.
    Pairs { receiving: Signal, pairs: Pairs },
}

/// `sum of w_ij (x_j - x_i)`: what is taken off the sum of `w_ij x_j`.
#[derive(Debug)]
struct Difference {
    receiving: Signal,
    /// The sum of the weights of each target.
    weights: Vec<f64>,
}

impl Edges {
    /// The projections of a network whose groups stand at t = 0, or of the members of a batch whose connections are the same, for a time
    /// step.
    pub fn new(
        members: &[&Network],
        groups: &mut [Nodes],
        dt: f64,
        execution: Execution,
    ) -> Result<Self, NetworkError> {
        let network = members[0];
        let of_members: Vec<Vec<Plan>> =
            members.iter().map(|network| plans(network, dt)).collect::<Result<_, _>>()?;
        let plans = &of_members[0];
        let signals = plans.iter().flat_map(|plan| {
            let receiving = plan.receiving.map(|signal| (plan.target_group, signal));
            std::iter::once((plan.source_group, plan.signal)).chain(receiving)
        });
        let mut observed: Vec<usize> = signals
            .filter(|(_, signal)| matches!(signal, Signal::Observable(_)))
            .map(|(group, _)| group)
            .collect();
        observed.sort_unstable();
        observed.dedup();
        observed.iter().for_each(|&group| groups[group].observe());

        let mut couplings = Self { sources: Vec::new(), currents: Vec::new(), observed, dt };
        let histories: Vec<&History> =
            network.projections.iter().map(|projection| &projection.history).collect();
        let shared = |a: usize, b: usize| {
            let (p, q) = (&plans[a], &plans[b]);
            let plain = |plan: &Plan| plan.rule.form() != Form::Source;
            a == b
                || plain(p)
                    && plain(q)
                    && (p.source_group, p.signal) == (q.source_group, q.signal)
                    && histories[a] == histories[b]
        };
        let mut source_of: Vec<usize> = Vec::new();
        for (index, plan) in plans.iter().enumerate() {
            let users = (0..plans.len()).filter(|&other| shared(index, other));
            let longest = users.clone().map(|other| plans[other].longest()).max().unwrap_or(0);
            let sources = groups[plan.source_group].columns().nodes;
            if !can_be_addressed(sources, longest) {
                let projection = plan.label.clone();
                return Err(NetworkError::TooLong { projection, sources, steps: longest });
            }
            let source = match users.clone().find(|&other| other < index) {
                Some(first) => source_of[first],
                None => {
                    let paired = users.clone().any(|other| plans[other].rule.form() == Form::Pair);
                    let reach = (longest > 0 || paired).then_some(longest);
                    let sent: Vec<(&Plan, &History)> = of_members
                        .iter()
                        .zip(members)
                        .map(|(plans, network)| (&plans[index], &network.projections[index].history))
                        .collect();
                    let group = &groups[plan.source_group];
                    couplings.sources.push(Source::new(&sent, group, reach, dt, execution.simd)?);
                    couplings.sources.len() - 1
                }
            };
            source_of.push(source);
            let connectivity = network.projections[index].connectivity;
            let rules: Vec<&dyn AnyRule> =
                of_members.iter().map(|plans| plans[index].rule.as_ref()).collect();
            let current = Current::new(plan, &rules, source, groups, longest, connectivity, execution);
            couplings.currents.push(current);
            groups[plan.target_group].couple(plan.port);
        }
        Ok(couplings)
    }

    /// Takes in what the groups send now and computes the currents of the next step.
    pub fn read(&mut self, groups: &mut [Nodes]) {
        self.observed.iter().for_each(|&group| groups[group].observe());
        for source in &mut self.sources {
            source.read(&groups[source.group]);
        }
        for current in &mut self.currents {
            current.compute(&self.sources[current.source].past, &groups[current.target]);
        }
    }

    /// Adds the currents to the ports that they feed.
    pub fn deliver(&self, groups: &mut [Nodes]) {
        for current in &self.currents {
            let port = groups[current.target].port_mut(current.port);
            port.iter_mut().zip(&*current.current).for_each(|(input, current)| *input += current);
        }
    }

    /// The index of a projection, the number of its columns and the unit of its current.
    pub fn find(&self, name: &str) -> Option<(usize, usize, &'static str)> {
        let index = self.currents.iter().position(|current| current.name == name)?;
        let current = &self.currents[index];
        Some((index, current.current.len(), current.unit))
    }

    /// The names of the projections.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.currents.iter().map(|current| current.name.as_str())
    }

    /// What a projection gave to its targets in the last step.
    pub fn current(&self, index: usize) -> &[f64] {
        &self.currents[index].current
    }

    /// The weighted sums of a projection in the last step.
    pub fn sums(&self, index: usize) -> &[f64] {
        &self.currents[index].sums
    }

    /// What the sources of a projection sent in the last step.
    pub fn sent(&self, index: usize) -> &[f64] {
        &self.sources[self.currents[index].source].past.present
    }

    /// Copies what a source of a projection sent last, as far back as `out` is long: at most its longest delay.
    pub fn copy_sent(&self, index: usize, source: usize, out: &mut [f64]) {
        self.sources[self.currents[index].source].past.copy_last(source, out);
    }

    /// Shows every number that changes from step to step.
    pub fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        self.sources.iter_mut().for_each(|source| source.past.visit(with));
        for current in &mut self.currents {
            if let Sum::Terms { delayed, .. } = &mut current.sum {
                delayed.visit(with);
            }
        }
    }

    pub fn summaries(&self) -> Vec<ProjectionSummary> {
        let summary = |current: &Current| {
            let past = &self.sources[current.source].past;
            ProjectionSummary {
                name: current.name.clone(),
                targets: current.current.len() / past.members(),
                sources: past.present.len() / past.members(),
                edges: current.edges,
                longest_delay: current.longest as f64 * self.dt,
                history_bytes: past.bytes(),
            }
        };
        self.currents.iter().map(summary).collect()
    }
}

impl Source {
    /// What members of a batch send, or a network alone. `reach` is the longest delay in steps, or `None` where nothing of the past is read.
    fn new(
        members: &[(&Plan, &History)],
        group: &Nodes,
        reach: Option<usize>,
        dt: f64,
        simd: Simd,
    ) -> Result<Self, NetworkError> {
        let Plan { signal, source_group, .. } = *members[0].0;
        let unit = group.info().signal_unit(signal);
        let columns = group.columns();
        let raw = members
            .iter()
            .enumerate()
            .map(|(member, (plan, history))| {
                let initial = group.signal(signal).iter().skip(member).step_by(columns.runs).copied();
                before(history, plan, unit, &initial.collect::<Vec<_>>(), reach.unwrap_or(0), dt)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let terms: Vec<Option<Term>> =
            members.iter().map(|(plan, _)| Term::new(&[plan.rule.as_ref()], simd)).collect();
        let sent = |steps: usize, source: usize, member: usize| {
            let raw = raw[member](steps, source);
            let Some(term) = &terms[member] else { return raw };
            let mut value = [0.0];
            term.of(&[raw], &mut value);
            value[0]
        };
        let past = match reach {
            Some(longest) => Past::new(columns, longest, sent),
            None => Past::none(columns),
        };
        let rules: Vec<&dyn AnyRule> = members.iter().map(|(plan, _)| plan.rule.as_ref()).collect();
        Ok(Self { group: source_group, signal, term: Term::new(&rules, simd), past })
    }

    fn read(&mut self, group: &Nodes) {
        let values = group.signal(self.signal);
        match &self.term {
            Some(term) => term.of(values, &mut self.past.present),
            None => self.past.present.copy_from_slice(values),
        }
        self.past.push();
    }
}

impl Term {
    /// The term of the rules of some members, if it is a function of the source alone.
    fn new(rules: &[&dyn AnyRule], simd: Simd) -> Option<Self> {
        (rules[0].form() == Form::Source).then(|| Self {
            rule: rules[0].boxed(),
            parameters: parameter_rows(rules, 1),
            receiving: vec![0.0; rules.len()],
            simd,
        })
    }

    fn of(&self, sending: &[f64], out: &mut [f64]) {
        let members = self.receiving.len();
        let terms = Terms {
            parameters: &self.parameters,
            columns: members,
            receiver: 0,
            receiving: &self.receiving,
            sending,
        };
        self.rule.pre(self.simd, terms, out);
    }
}

impl Current {
    fn new(
        plan: &Plan,
        rules: &[&dyn AnyRule],
        source: usize,
        groups: &[Nodes],
        longest: usize,
        connectivity: Connectivity,
        execution: Execution,
    ) -> Self {
        let (sources, targets) =
            (groups[plan.source_group].columns().nodes, groups[plan.target_group].columns());
        let sum = match (plan.rule.form(), plan.receiving) {
            (Form::Pair, Some(receiving)) => {
                Sum::Pairs { receiving, pairs: Pairs::new(&plan.links, targets, longest, execution) }
            }
            (form, receiving) => {
                let difference = receiving.filter(|_| form == Form::Difference).map(|receiving| {
                    let mut weights = vec![0.0; targets.nodes];
                    plan.links.iter().for_each(|link| weights[link.target] += link.weight);
                    Difference { receiving, weights }
                });
                Sum::Terms {
                    delayed: Delayed::of(&plan.links, targets, sources, longest, execution),
                    instant: Instant::of(&plan.links, targets, sources, connectivity, execution),
                    difference,
                }
            }
        };
        Self {
            name: plan.name.clone(),
            source,
            target: plan.target_group,
            port: plan.port,
            unit: groups[plan.target_group].info().inputs[plan.port].unit,
            rule: plan.rule.clone(),
            parameters: parameter_rows(rules, targets.nodes),
            simd: execution.simd,
            sum,
            sums: Aligned::zeros(targets.count()),
            current: Aligned::zeros(targets.count()),
            edges: plan.links.len(),
            longest: plan.longest(),
        }
    }

    fn compute(&mut self, past: &Past, target: &Nodes) {
        let sums = &mut self.sums;
        sums.fill(0.0);
        match &mut self.sum {
            Sum::Terms { delayed, instant, difference } => {
                delayed.add(past, sums);
                if let Some(instant) = instant {
                    instant.add(&past.present, sums);
                }
                if let Some(Difference { receiving, weights }) = difference {
                    let own = target.signal(*receiving);
                    if past.members() == 1 {
                        let of_targets = sums.iter_mut().zip(own).zip(weights);
                        of_targets.for_each(|((sum, own), weight)| *sum -= *weight * own);
                    } else {
                        let (sums, own) =
                            (sums.as_chunks_mut::<LANE_WIDTH>().0, own.as_chunks::<LANE_WIDTH>().0);
                        let of_targets = sums.iter_mut().zip(own);
                        for ((sums, own), weight) in of_targets.zip(weights) {
                            sums.iter_mut().zip(own).for_each(|(sum, own)| *sum -= *weight * own);
                        }
                    }
                }
            }
            Sum::Pairs { receiving, pairs } => {
                pairs.add(self.rule.as_ref(), &self.parameters, target.signal(*receiving), past, sums);
            }
        }
        self.rule.post(self.simd, &self.parameters, &self.sums, &mut self.current);
    }
}
