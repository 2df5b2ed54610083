//! A projection on the way back.

use super::pairs::Destinations;
use super::pairs::PairsBack;
use super::step_sum::StepSum;
use super::tape::CurrentTape;
use crate::gradient::reverse::nodes::NodesBack;
use crate::gradient::sums::add;
use crate::network::{History, NetworkError, Projection};
use crate::runtime::Nodes;
use crate::runtime::edges::delayed::{Delayed, Link};
use crate::runtime::edges::instant::Instant;
use crate::runtime::edges::past::Past;
use crate::runtime::edges::plan::{Plan, before};
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::coupling::{PostVjp, parameter_rows};
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::kernel::Form;
use brainmass_core::real::Simd;

/// What each source sent so many steps before t = 0, without the rule's term.
type Before = Box<dyn Fn(usize, usize) -> f64>;

pub(crate) struct CurrentBack {
    pub plan: Plan,
    /// The longest delay, in steps.
    pub longest: usize,
    links: LinksBack,
    /// The rule's parameters, a row of targets for each.
    parameters: Vec<f64>,
    simd: Simd,
    before: Before,
    /// Whether the signal before t = 0 was that at t = 0.
    from_initial: bool,
    /// Adjoints of the rule's parameters: parameter `i` of target `n` at `i*targets + n`.
    pub to_rule: Vec<f64>,
    /// Adjoints of the weights of the links, where they are wanted.
    pub to_weights: Option<Vec<StepSum>>,
    /// What is taken off the adjoints of all weights of a target, where its own value is taken off the source's.
    to_own: Vec<f64>,
    /// Of the current of the step that is being taken back.
    pub to_current: Vec<f64>,
    to_sums: Vec<f64>,
    /// Of what each source sent in the step.
    to_sent: Vec<f64>,
    to_signal: Vec<f64>,
    /// Of the rule's parameters, of one receiver.
    to_term: Vec<f64>,
}

/// How what the sums are given reaches the sources.
enum LinksBack {
    /// Through the turned connections. Where the receivers' own values are taken off, with the sums of the weights of each target.
    Terms { past: Past, delayed: Delayed, instant: Option<Instant>, difference: Option<Vec<f64>> },
    /// Connection by connection.
    Pairs(PairsBack),
}

impl CurrentBack {
    pub fn new(
        plan: Plan,
        projection: &Projection,
        groups: &[Nodes],
        dt: f64,
        simd: Simd,
        weights: bool,
    ) -> Result<Self, NetworkError> {
        let source = &groups[plan.source_group];
        let (sources, targets) = (source.nodes(), groups[plan.target_group].nodes());
        let alone = Columns::alone;
        let execution = Execution { simd, parallel: false };
        let (unit, initial) = (source.info().signal_unit(plan.signal), source.signal(plan.signal));
        let longest = plan.longest();
        let parameters = plan.rule.info().parameters.len();
        let links = match plan.rule.form() {
            Form::Pair => LinksBack::Pairs(PairsBack::new(&plan, sources, targets, longest, simd)),
            form => {
                let turned = turned(&plan.links, sources);
                let past = match longest {
                    0 => Past::none(alone(targets)),
                    // Nothing is given by steps that are not made.
                    _ => Past::new(alone(targets), longest, |_, _, _| 0.0),
                };
                let difference = (form == Form::Difference).then(|| {
                    let mut weights = vec![0.0; targets];
                    plan.links.iter().for_each(|link| weights[link.target] += link.weight);
                    weights
                });
                LinksBack::Terms {
                    past,
                    delayed: Delayed::of(&turned, alone(sources), targets, longest, execution),
                    instant: Instant::of(
                        &turned,
                        alone(sources),
                        targets,
                        projection.connectivity,
                        execution,
                    ),
                    difference,
                }
            }
        };
        Ok(Self {
            before: before(&projection.history, &plan, unit, initial, longest, dt)?,
            from_initial: projection.history == History::Initial,
            longest,
            links,
            parameters: parameter_rows(&[plan.rule.as_ref()], targets),
            simd,
            to_rule: vec![0.0; parameters * targets],
            to_weights: weights.then(|| vec![StepSum::default(); plan.links.len()]),
            to_own: vec![0.0; targets],
            to_current: vec![0.0; targets],
            to_sums: vec![0.0; targets],
            to_sent: vec![0.0; sources],
            to_signal: vec![0.0; sources],
            to_term: vec![0.0; parameters],
            plan,
        })
    }

    pub fn targets(&self) -> usize {
        self.to_sums.len()
    }

    pub fn sources(&self) -> usize {
        self.to_sent.len()
    }

    /// Takes a step back; `row` is its place on a tape of so many steps.
    pub fn take_back(&mut self, row: usize, steps: usize, tape: &mut CurrentTape, groups: &mut [NodesBack]) {
        let (targets, sources) = (self.targets(), self.sources());
        let Self { plan, to_rule, to_current, to_sums, to_sent, .. } = self;
        add(to_current, groups[plan.target_group].port(plan.port));
        let back = PostVjp {
            sums: &tape.sums[row * targets..(row + 1) * targets],
            adjoint: to_current,
            sums_adjoint: to_sums,
            parameters_adjoint: to_rule,
        };
        plan.rule.post_vjp(self.simd, &self.parameters, back);
        to_current.fill(0.0);
        match &mut self.links {
            LinksBack::Terms { past, delayed, instant, difference } => {
                if let Some(lanes) = &mut tape.to_sums {
                    for (lane, value) in lanes.chunks_exact_mut(steps).zip(&*to_sums) {
                        lane[row] = *value;
                    }
                }
                if let Some(own) = &tape.own {
                    let own = &own[row * targets..(row + 1) * targets];
                    for ((sum, to_sum), own) in self.to_own.iter_mut().zip(&*to_sums).zip(own) {
                        *sum += to_sum * own;
                    }
                }
                if let (Some(weights), Some(receiving)) = (difference, plan.receiving) {
                    let to_own = groups[plan.target_group].signal_mut(receiving);
                    for ((to_own, weight), to_sum) in to_own.iter_mut().zip(weights).zip(&*to_sums) {
                        *to_own -= *weight * to_sum;
                    }
                }
                past.present.copy_from_slice(to_sums);
                arrive(past, delayed, instant.as_ref(), to_sent);
            }
            LinksBack::Pairs(pairs) => {
                let Some(receiving) = plan.receiving else { return };
                let own = groups[plan.target_group].signal_mut(receiving);
                let mut to = Destinations { own, rule: to_rule, weights: self.to_weights.as_deref_mut() };
                let rule = plan.rule.as_ref();
                pairs.take_back(rule, &plan.links, (row, steps), tape, to_sums, &mut to);
                pairs.arrive(to_sent);
            }
        }
        let signal = tape.signal.as_ref().map(|signal| &signal[row * sources..(row + 1) * sources]);
        self.send_back(signal);
        add(groups[self.plan.source_group].signal_mut(self.plan.signal), &self.to_signal);
    }

    /// From what is sent to the signal that it was made of, where the rule makes something of it.
    fn send_back(&mut self, signal: Option<&[f64]>) {
        let Some(signal) = signal else {
            self.to_signal.copy_from_slice(&self.to_sent);
            return;
        };
        self.to_term.fill(0.0);
        let rule = self.plan.rule.as_ref();
        rule.pre_vjp(0, 0.0, signal, &self.to_sent, &mut self.to_signal, &mut self.to_term);
        // Such a term has the same parameters for all receivers: the first stands for all.
        let targets = self.to_sums.len();
        for (index, part) in self.to_term.iter().enumerate() {
            self.to_rule[index * targets] += part;
        }
    }

    /// Adds the products of what the sums were given and what was sent to the adjoints of the weights; the tape begins after `from`
    /// steps.
    pub fn weigh(&mut self, from: usize, steps: usize, tape: &CurrentTape) {
        let (Some(to_weights), Some(to_sums), Some(sent)) = (&mut self.to_weights, &tape.to_sums, &tape.sent)
        else {
            return;
        };
        for (link, to_weight) in self.plan.links.iter().zip(to_weights) {
            let given = &to_sums[link.target * steps..(link.target + 1) * steps];
            let start = link.source * (self.longest + steps) + self.longest - link.steps;
            to_weight.add_products(from, given, &sent[start..start + steps]);
        }
    }

    /// The adjoints of the weights of the links, where they are wanted.
    pub fn weights(&self) -> Option<Vec<f64>> {
        let links = self.plan.links.iter().zip(self.to_weights.as_ref()?);
        Some(links.map(|(link, to_weight)| to_weight.total() - self.to_own[link.target]).collect())
    }

    /// Gives the signal at t = 0 what was read of the time before.
    pub fn finish(&mut self, groups: &mut [NodesBack]) {
        for steps in 1..=self.longest {
            match &mut self.links {
                LinksBack::Terms { past, delayed, instant, .. } => {
                    past.present.fill(0.0);
                    arrive(past, delayed, instant.as_ref(), &mut self.to_sent);
                }
                LinksBack::Pairs(pairs) => pairs.arrive(&mut self.to_sent),
            }
            let has_term = self.plan.rule.form() == Form::Source;
            let signal: Option<Vec<f64>> =
                has_term.then(|| (0..self.sources()).map(|source| (self.before)(steps, source)).collect());
            self.send_back(signal.as_deref());
            if self.from_initial {
                add(groups[self.plan.source_group].signal_mut(self.plan.signal), &self.to_signal);
            }
        }
    }
}

/// Links from their targets to their sources, in the order of the sources; those of a source stay in the order of targets in which they come.
fn turned(links: &[Link], sources: usize) -> Vec<Link> {
    let mut free = row_offsets(sources, links.iter().map(|link| link.source));
    let mut turned = links.to_vec();
    for link in links {
        let place = &mut free[link.source];
        turned[*place] = Link { target: link.source, source: link.target, ..*link };
        *place += 1;
    }
    turned
}

/// What arrives at the sources: of what the sums are given now, and of what they were given in later steps.
fn arrive(past: &mut Past, delayed: &mut Delayed, instant: Option<&Instant>, to_sent: &mut [f64]) {
    past.push();
    to_sent.fill(0.0);
    delayed.add(past, to_sent);
    if let Some(instant) = instant {
        instant.add(&past.present, to_sent);
    }
}
