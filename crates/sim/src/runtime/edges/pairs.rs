//! Connections whose term depends on both ends: evaluated once a connection and step.

use rayon::prelude::*;

use crate::runtime::edges::delayed::Link;
use crate::runtime::edges::past::{Past, offset};
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::coupling::{AnyRule, Terms};
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::real::Simd;

/// Targets that a thread takes at once.
const PART: usize = 64;

#[derive(Debug)]
pub(crate) struct Pairs {
    targets: Columns,
    parts: Vec<Part>,
    execution: Execution,
}

/// The connections of some targets, in their order.
#[derive(Debug)]
struct Part {
    first: usize,
    starts: Vec<usize>,
    offsets: Vec<u32>,
    weights: Vec<f64>,
    sending: Vec<f64>,
    terms: Vec<f64>,
}

impl Pairs {
    pub fn new(links: &[Link], targets: Columns, longest: usize, execution: Execution) -> Self {
        let parts = links.chunk_by(|a, b| a.target / PART == b.target / PART);
        let parts = parts.map(|links| Part::new(links, targets, longest)).collect();
        Self { targets, parts, execution }
    }

    /// Adds the terms of each target to its sum; `own` is what the receiving nodes hold now.
    pub fn add(
        &mut self,
        rule: &dyn AnyRule,
        parameters: &[f64],
        own: &[f64],
        past: &Past,
        sums: &mut [f64],
    ) {
        let (columns, members) = (self.targets.count(), self.targets.runs);
        let Execution { simd, parallel } = self.execution;
        let compute = |part: &mut Part| part.compute(simd, rule, parameters, columns, own, past);
        if parallel {
            self.parts.par_iter_mut().for_each(compute);
        } else {
            self.parts.iter_mut().for_each(compute);
        }
        for part in &self.parts {
            let of_targets = sums[part.first * members..].chunks_exact_mut(members);
            for (sums, ends) in of_targets.zip(part.starts.windows(2)) {
                for edge in ends[0]..ends[1] {
                    let terms = &part.terms[edge * members..];
                    sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += part.weights[edge] * term);
                }
            }
        }
    }
}

impl Part {
    fn new(links: &[Link], targets: Columns, longest: usize) -> Self {
        let first = links[0].target / PART * PART;
        let count = targets.nodes.min(first + PART) - first;
        Self {
            first,
            starts: row_offsets(count, links.iter().map(|link| link.target - first)),
            offsets: links.iter().map(|link| offset(link.source, link.steps, longest)).collect(),
            weights: links.iter().map(|link| link.weight).collect(),
            sending: vec![0.0; links.len() * targets.runs],
            terms: vec![0.0; links.len() * targets.runs],
        }
    }

    fn compute(
        &mut self,
        simd: Simd,
        rule: &dyn AnyRule,
        parameters: &[f64],
        columns: usize,
        own: &[f64],
        past: &Past,
    ) {
        let (lanes, shift, members) = (past.lanes(), past.shift(), past.members());
        for (values, offset) in self.sending.chunks_exact_mut(members).zip(&self.offsets) {
            let sent = &lanes[(*offset as usize + shift) * members..];
            values.iter_mut().zip(sent).for_each(|(value, sent)| *value = *sent);
        }
        for (target, ends) in self.starts.windows(2).enumerate() {
            let edges = ends[0] * members..ends[1] * members;
            let receiver = (self.first + target) * members;
            let terms = Terms {
                parameters,
                columns,
                receiver,
                receiving: &own[receiver..receiver + members],
                sending: &self.sending[edges.clone()],
            };
            rule.pre(simd, terms, &mut self.terms[edges]);
        }
    }
}
