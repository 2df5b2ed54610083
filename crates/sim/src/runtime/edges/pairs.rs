//! Sums over edges whose term depends on both ends: the term is evaluated for every edge in every step.

use rayon::prelude::*;

use crate::runtime::edges::delay_buffer::{DelayBuffer, offset};
use crate::runtime::edges::planned_edge::PlannedEdge;
use crate::runtime::edges::rows::row_offsets;
use brainmass_core::coupling::{AnyRule, Terms};
use brainmass_core::engine::{Columns, Execution};
use brainmass_core::real::Simd;

/// The number of targets that a thread takes at once.
const PART: usize = 64;

/// The sums over the edges of a projection whose rule sees both ends.
#[derive(Debug)]
pub(crate) struct PairSums {
    targets: Columns,
    parts: Vec<PairPart>,
    execution: Execution,
}

/// The edges of some targets, in their order.
#[derive(Debug)]
struct PairPart {
    /// The first of the targets.
    first: usize,
    /// The row offsets of the targets.
    starts: Vec<usize>,
    /// The place of each edge's value in the delay buffer, see [`offset`].
    offsets: Vec<u32>,
    weights: Vec<f64>,
    /// The values that arrive over each edge, in a batch those of the runs side by side.
    sending: Vec<f64>,
    /// The term of each edge, in a batch those of the runs side by side.
    terms: Vec<f64>,
}

impl PairSums {
    /// Divides edges, which are in the order of their targets, into parts. `longest` is the longest delay of the buffer that they read.
    pub fn new(edges: &[PlannedEdge], targets: Columns, longest: usize, execution: Execution) -> Self {
        let parts = edges.chunk_by(|a, b| a.target / PART == b.target / PART);
        let parts = parts.map(|edges| PairPart::new(edges, targets, longest)).collect();
        Self { targets, parts, execution }
    }

    /// Adds the weighted terms of each target to its sum; `own` is the signal of the receiving nodes now.
    pub fn add_terms(
        &mut self,
        rule: &dyn AnyRule,
        parameters: &[f64],
        own: &[f64],
        buffer: &DelayBuffer,
        sums: &mut [f64],
    ) {
        let (columns, runs) = (self.targets.count(), self.targets.runs);
        let Execution { simd, parallel } = self.execution;
        let compute =
            |part: &mut PairPart| part.compute_terms(simd, rule, (parameters, columns), own, buffer);
        if parallel {
            self.parts.par_iter_mut().for_each(compute);
        } else {
            self.parts.iter_mut().for_each(compute);
        }
        for part in &self.parts {
            let targets = sums[part.first * runs..].chunks_exact_mut(runs);
            for (sums, ends) in targets.zip(part.starts.windows(2)) {
                for edge in ends[0]..ends[1] {
                    let terms = &part.terms[edge * runs..];
                    sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += part.weights[edge] * term);
                }
            }
        }
    }
}

impl PairPart {
    fn new(edges: &[PlannedEdge], targets: Columns, longest: usize) -> Self {
        let first = edges[0].target / PART * PART;
        let count = targets.nodes.min(first + PART) - first;
        Self {
            first,
            starts: row_offsets(count, edges.iter().map(|edge| edge.target - first)),
            offsets: edges.iter().map(|edge| offset(edge.source, edge.steps, longest)).collect(),
            weights: edges.iter().map(|edge| edge.weight).collect(),
            sending: vec![0.0; edges.len() * targets.runs],
            terms: vec![0.0; edges.len() * targets.runs],
        }
    }

    /// Computes the term of every edge, target by target. `parameters` are rows of as many columns as the second number says.
    fn compute_terms(
        &mut self,
        simd: Simd,
        rule: &dyn AnyRule,
        (parameters, columns): (&[f64], usize),
        own: &[f64],
        buffer: &DelayBuffer,
    ) {
        let (past, shift, runs) = (buffer.values(), buffer.shift(), buffer.runs());
        for (values, offset) in self.sending.chunks_exact_mut(runs).zip(&self.offsets) {
            let sent = &past[(*offset as usize + shift) * runs..];
            values.iter_mut().zip(sent).for_each(|(value, sent)| *value = *sent);
        }
        for (target, ends) in self.starts.windows(2).enumerate() {
            let edges = ends[0] * runs..ends[1] * runs;
            let receiver = (self.first + target) * runs;
            let terms = Terms {
                parameters,
                columns,
                receiver,
                receiving: &own[receiver..receiver + runs],
                sending: &self.sending[edges.clone()],
            };
            rule.pre(simd, terms, &mut self.terms[edges]);
        }
    }
}
