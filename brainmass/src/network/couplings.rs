//! The projections of a network during a run.

use super::build::{Plan, before, plans};
use super::delayed::Delayed;
use super::instant::Instant;
use super::pairs::Pairs;
use super::past::{Past, can_be_addressed};
use super::{History, Network, NetworkError};
use crate::any::AnyRule;
use crate::info::Signal;
use crate::kernel::Form;
use crate::real::Simd;
use crate::simulator::Group;

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
pub(crate) struct Couplings {
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
    term: Option<Box<dyn AnyRule>>,
    past: Past,
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
    sum: Sum,
    sums: Vec<f64>,
    current: Vec<f64>,
    edges: usize,
    longest: usize,
}

/// How a projection sums over its sources.
#[derive(Debug)]
enum Sum {
    /// Terms that belong to the source alone.
    Terms { delayed: Vec<Delayed>, instant: Option<Instant>, difference: Option<Difference> },
    /// Terms that belong to a pair.
    Pairs { receiving: Signal, pairs: Pairs, own: Vec<f64> },
}

/// `sum of w_ij (x_j - x_i)`: what is taken off the sum of `w_ij x_j`.
#[derive(Debug)]
struct Difference {
    receiving: Signal,
    /// The sum of the weights of each target.
    weights: Vec<f64>,
}

impl Couplings {
    /// The projections of a network whose groups stand at t = 0, for a time step.
    pub fn new(network: &Network, groups: &mut [Group], dt: f64, simd: Simd) -> Result<Self, NetworkError> {
        let plans = plans(network, dt)?;
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
            let sources = groups[plan.source_group].nodes;
            if !can_be_addressed(sources, longest) {
                let projection = plan.label.clone();
                return Err(NetworkError::TooLong { projection, sources, steps: longest });
            }
            let source = match users.clone().find(|&other| other < index) {
                Some(first) => source_of[first],
                None => {
                    let paired = users.clone().any(|other| plans[other].rule.form() == Form::Pair);
                    let reach = (longest > 0 || paired).then_some(longest);
                    let group = &groups[plan.source_group];
                    couplings.sources.push(Source::new(plan, histories[index], group, reach, dt)?);
                    couplings.sources.len() - 1
                }
            };
            source_of.push(source);
            let connectivity = network.projections[index].connectivity;
            let current = Current::new(plan, source, groups, longest, connectivity, simd);
            couplings.currents.push(current);
            groups[plan.target_group].couple(plan.port);
        }
        Ok(couplings)
    }

    /// Takes in what the groups send now and computes the currents of the next step.
    pub fn read(&mut self, groups: &mut [Group]) {
        self.observed.iter().for_each(|&group| groups[group].observe());
        for source in &mut self.sources {
            source.read(&groups[source.group]);
        }
        for current in &mut self.currents {
            current.compute(&self.sources[current.source].past, &groups[current.target]);
        }
    }

    /// Adds the currents to the ports that they feed.
    pub fn deliver(&self, groups: &mut [Group]) {
        for current in &self.currents {
            let port = groups[current.target].port_mut(current.port);
            port.iter_mut().zip(&current.current).for_each(|(input, current)| *input += current);
        }
    }

    /// The index of a projection, the number of its targets and the unit of its current.
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

    pub fn summaries(&self) -> Vec<ProjectionSummary> {
        let summary = |current: &Current| {
            let past = &self.sources[current.source].past;
            ProjectionSummary {
                name: current.name.clone(),
                targets: current.current.len(),
                sources: past.present.len(),
                edges: current.edges,
                longest_delay: current.longest as f64 * self.dt,
                history_bytes: past.bytes(),
            }
        };
        self.currents.iter().map(summary).collect()
    }
}

impl Source {
    /// `reach` is the longest delay in steps, or `None` where nothing of the past is read.
    fn new(
        plan: &Plan,
        history: &History,
        group: &Group,
        reach: Option<usize>,
        dt: f64,
    ) -> Result<Self, NetworkError> {
        let unit = group.info().signal_unit(plan.signal);
        let initial = group.signal(plan.signal);
        let raw = before(history, plan, unit, initial, reach.unwrap_or(0), dt)?;
        let term = (plan.rule.form() == Form::Source).then(|| plan.rule.clone());
        let sent = |steps: usize, source: usize| {
            let mut value = [raw(steps, source)];
            if let Some(rule) = &term {
                rule.pre(0, 0.0, &[raw(steps, source)], &mut value);
            }
            value[0]
        };
        let past = match reach {
            Some(longest) => Past::new(initial.len(), longest, sent),
            None => Past::none(initial.len()),
        };
        Ok(Self { group: plan.source_group, signal: plan.signal, term, past })
    }

    fn read(&mut self, group: &Group) {
        let values = group.signal(self.signal);
        match &self.term {
            Some(rule) => rule.pre(0, 0.0, values, &mut self.past.present),
            None => self.past.present.copy_from_slice(values),
        }
        self.past.push();
    }
}

impl Current {
    fn new(
        plan: &Plan,
        source: usize,
        groups: &[Group],
        longest: usize,
        connectivity: super::Connectivity,
        simd: Simd,
    ) -> Self {
        let (sources, targets) = (groups[plan.source_group].nodes, groups[plan.target_group].nodes);
        let sum = match (plan.rule.form(), plan.receiving) {
            (Form::Pair, Some(receiving)) => {
                let pairs = Pairs::new(&plan.links, targets, longest);
                Sum::Pairs { receiving, pairs, own: vec![0.0; targets] }
            }
            (form, receiving) => {
                let difference = receiving.filter(|_| form == Form::Difference).map(|receiving| {
                    let mut weights = vec![0.0; targets];
                    plan.links.iter().for_each(|link| weights[link.target] += link.weight);
                    Difference { receiving, weights }
                });
                Sum::Terms {
                    delayed: Delayed::of(&plan.links, targets, longest, simd),
                    instant: Instant::of(&plan.links, targets, sources, connectivity, simd),
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
            sum,
            sums: vec![0.0; targets],
            current: vec![0.0; targets],
            edges: plan.links.len(),
            longest: plan.longest(),
        }
    }

    fn compute(&mut self, past: &Past, target: &Group) {
        let sums = &mut self.sums;
        sums.fill(0.0);
        match &mut self.sum {
            Sum::Terms { delayed, instant, difference } => {
                delayed.iter_mut().for_each(|delayed| delayed.add(past, sums));
                if let Some(instant) = instant {
                    instant.add(&past.present, sums);
                }
                if let Some(Difference { receiving, weights }) = difference {
                    let own = target.signal(*receiving);
                    for ((sum, weight), own) in sums.iter_mut().zip(weights).zip(own) {
                        *sum -= *weight * own;
                    }
                }
            }
            Sum::Pairs { receiving, pairs, own } => {
                own.copy_from_slice(target.signal(*receiving));
                pairs.add(self.rule.as_ref(), own, past, sums);
            }
        }
        self.rule.post(&self.sums, &mut self.current);
    }
}
