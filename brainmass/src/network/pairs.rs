//! Connections whose term depends on both ends: evaluated once a connection and step.

use super::delayed::Link;
use super::past::{Past, offset};
use crate::any::AnyRule;

#[derive(Debug)]
pub(super) struct Pairs {
    starts: Vec<usize>,
    offsets: Vec<u32>,
    weights: Vec<f64>,
    sending: Vec<f64>,
    terms: Vec<f64>,
}

impl Pairs {
    pub fn new(links: &[Link], targets: usize, longest: usize) -> Self {
        let mut starts = vec![0; targets + 1];
        links.iter().for_each(|link| starts[link.target + 1] += 1);
        let most = starts.iter().copied().max().unwrap_or(0);
        (0..targets).for_each(|target| starts[target + 1] += starts[target]);
        Self {
            starts,
            offsets: links.iter().map(|link| offset(link.source, link.steps, longest)).collect(),
            weights: links.iter().map(|link| link.weight).collect(),
            sending: vec![0.0; most],
            terms: vec![0.0; most],
        }
    }

    /// Adds the terms of each target to its sum; `own` is what the receiving nodes hold now.
    pub fn add(&mut self, rule: &dyn AnyRule, own: &[f64], past: &Past, sums: &mut [f64]) {
        let (lanes, shift) = (past.lanes(), past.shift());
        for (target, sum) in sums.iter_mut().enumerate() {
            let edges = self.starts[target]..self.starts[target + 1];
            let count = edges.len();
            for (value, offset) in self.sending.iter_mut().zip(&self.offsets[edges.clone()]) {
                *value = lanes[*offset as usize + shift];
            }
            rule.pre(target, own[target], &self.sending[..count], &mut self.terms[..count]);
            for (weight, term) in self.weights[edges].iter().zip(&self.terms) {
                *sum += weight * term;
            }
        }
    }
}
