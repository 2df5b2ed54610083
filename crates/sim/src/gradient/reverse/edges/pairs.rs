//! Connections whose term depends on both ends, taken back one by one.

use super::step_sum::StepSum;
use super::tape::CurrentTape;
use crate::gradient::reverse::ring::Ring;
use crate::runtime::edges::delayed::Link;
use crate::runtime::edges::plan::Plan;
use brainmass_core::coupling::{AnyRule, Terms, parameter_rows};
use brainmass_core::real::Simd;

pub(crate) struct PairsBack {
    /// Where the links of each target end.
    ends: Vec<usize>,
    longest: usize,
    /// What the sources are given.
    given: Ring,
    sending: Vec<f64>,
    terms: Vec<f64>,
    adjoints: Vec<f64>,
    to_sending: Vec<f64>,
    to_rule: Vec<f64>,
    /// A row of targets for each parameter of the rule.
    parameters: Vec<f64>,
    simd: Simd,
}

/// Where adjoints go.
pub(crate) struct Destinations<'a> {
    /// Of the receivers' own values, added to.
    pub own: &'a mut [f64],
    /// Of the rule's parameters, added to: parameter `i` of target `n` at `i*targets + n`.
    pub rule: &'a mut [f64],
    /// Of the weights, if wanted; added to.
    pub weights: Option<&'a mut [StepSum]>,
}

impl PairsBack {
    pub fn new(plan: &Plan, sources: usize, targets: usize, longest: usize, simd: Simd) -> Self {
        let Plan { links, rule, .. } = plan;
        let ends: Vec<usize> =
            (0..targets).map(|target| links.partition_point(|link| link.target <= target)).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let most = ends.iter().zip(starts).map(|(end, start)| end - start).max().unwrap_or(0);
        Self {
            ends,
            longest,
            given: Ring::new(sources, longest),
            sending: vec![0.0; most],
            terms: vec![0.0; most],
            adjoints: vec![0.0; most],
            to_sending: vec![0.0; most],
            to_rule: vec![0.0; rule.info().parameters.len()],
            parameters: parameter_rows(&[rule.as_ref()], targets),
            simd,
        }
    }

    /// Takes the sums of a step of a tape back; `row` is the step's place on it.
    pub fn take_back(
        &mut self,
        rule: &dyn AnyRule,
        links: &[Link],
        (row, steps): (usize, usize),
        tape: &CurrentTape,
        to_sums: &[f64],
        to: &mut Destinations,
    ) {
        let (Some(own), Some(sent)) = (&tape.own, &tape.sent) else { return };
        let targets = to_sums.len();
        let mut first = 0;
        for (target, end) in self.ends.iter().enumerate() {
            let of_target = &links[first..*end];
            let count = of_target.len();
            let (sending, adjoints) = (&mut self.sending[..count], &mut self.adjoints[..count]);
            for ((value, adjoint), link) in sending.iter_mut().zip(&mut *adjoints).zip(of_target) {
                *value = sent[link.source * (self.longest + steps) + self.longest + row - link.steps];
                *adjoint = link.weight * to_sums[target];
            }
            let own = own[row * targets + target];
            if let Some(to_weights) = &mut to.weights {
                let (parameters, receiving) = (&self.parameters[..], &[own][..]);
                let terms = Terms { parameters, columns: targets, receiver: target, receiving, sending };
                rule.pre(self.simd, terms, &mut self.terms[..count]);
                for (to_weight, term) in to_weights[first..*end].iter_mut().zip(&self.terms) {
                    to_weight.add(to_sums[target] * term);
                }
            }
            self.to_rule.fill(0.0);
            let to_sending = &mut self.to_sending[..count];
            to.own[target] += rule.pre_vjp(target, own, sending, adjoints, to_sending, &mut self.to_rule);
            for (index, part) in self.to_rule.iter().enumerate() {
                to.rule[index * targets + target] += part;
            }
            for (link, part) in of_target.iter().zip(to_sending) {
                self.given.give(link.steps, link.source, *part);
            }
            first = *end;
        }
    }

    /// What the sources are given for what they sent in the present step, which is complete; goes on to the step before.
    pub fn arrive(&mut self, to_sent: &mut [f64]) {
        self.given.take(to_sent);
    }
}
