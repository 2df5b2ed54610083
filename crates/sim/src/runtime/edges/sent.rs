//! Signals that projections send, with their past.

use crate::network::{History, NetworkError};
use crate::runtime::edges::delay_buffer::DelayBuffer;
use crate::runtime::edges::history::value_before;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::nodes::Nodes;
use brainmass_core::coupling::{AnyRule, Terms, parameter_rows};
use brainmass_core::info::Signal;
use brainmass_core::kernel::Form;
use brainmass_core::real::Simd;

/// A signal that is sent, with its past. Projections that read the same signal in the same way share it.
#[derive(Debug)]
pub(super) struct SentSignal {
    /// The index of the sending group.
    pub group: usize,
    signal: Signal,
    /// The term of a rule that is a function of the signal alone. The past is that of the term then, which is computed once a step instead of once
    /// an edge.
    term: Option<SourceTerm>,
    pub buffer: DelayBuffer,
}

/// The term of a coupling rule that is a function of the source alone.
#[derive(Debug)]
struct SourceTerm {
    rule: Box<dyn AnyRule>,
    /// A row of runs for each parameter.
    parameters: Vec<f64>,
    /// Zeros in the place of the receiver's own signal, one for each run: the term does not see it.
    receiving: Vec<f64>,
    simd: Simd,
}

impl SentSignal {
    /// Creates the signal that the runs of a batch send, or a network alone. `reach` is the longest delay in steps, or `None` where nothing of the
    /// past is read.
    ///
    /// # Errors
    ///
    /// A history has another shape or unit, or is not finite.
    pub fn new(
        runs: &[(&ProjectionPlan, &History)],
        nodes: &mut Nodes,
        reach: Option<usize>,
        dt: f64,
        simd: Simd,
    ) -> Result<Self, NetworkError> {
        let ProjectionPlan { signal, source_group, .. } = *runs[0].0;
        let unit = &nodes.info().signal_unit(signal).clone();
        nodes.mark_read(signal);
        let is_before = nodes.is_before(signal);
        let columns = nodes.columns();
        let values_before = runs
            .iter()
            .enumerate()
            .map(|(run, (plan, history))| {
                let initial = nodes.signal(signal).iter().skip(run).step_by(columns.runs).copied();
                let (label, initial) = ((&*plan.label, is_before), initial.collect::<Vec<_>>());
                value_before(history, label, unit, &initial, reach.unwrap_or(0), dt)
            })
            .collect::<Result<Vec<_>, _>>()?;
        if is_before && runs.iter().any(|(_, history)| **history != History::Initial) {
            nodes.set_before(signal, |source, run| values_before[run](0, source));
        }
        let terms: Vec<Option<SourceTerm>> =
            runs.iter().map(|(plan, _)| SourceTerm::new(&[plan.rule.as_ref()], simd)).collect();
        let sent = |steps: usize, source: usize, run: usize| {
            let value = values_before[run](steps, source);
            let Some(term) = &terms[run] else { return value };
            let mut sent = [0.0];
            term.compute(&[value], &mut sent);
            sent[0]
        };
        let buffer = match reach {
            Some(longest) => DelayBuffer::new(columns, longest, sent),
            None => DelayBuffer::without_past(columns),
        };
        let rules: Vec<&dyn AnyRule> = runs.iter().map(|(plan, _)| plan.rule.as_ref()).collect();
        Ok(Self { group: source_group, signal, term: SourceTerm::new(&rules, simd), buffer })
    }

    /// Takes in what the nodes of the group send now.
    pub fn read(&mut self, nodes: &Nodes) {
        let values = nodes.signal(self.signal);
        match &self.term {
            Some(term) => term.compute(values, &mut self.buffer.present),
            None => self.buffer.present.copy_from_slice(values),
        }
        self.buffer.push();
    }
}

impl SourceTerm {
    /// Creates the term of the rules of some runs; `None` where it is not a function of the source alone.
    fn new(rules: &[&dyn AnyRule], simd: Simd) -> Option<Self> {
        (rules[0].form() == Form::Source).then(|| Self {
            rule: rules[0].boxed(),
            parameters: parameter_rows(rules, 1),
            receiving: vec![0.0; rules.len()],
            simd,
        })
    }

    /// Computes the term of every value of `sending`.
    fn compute(&self, sending: &[f64], out: &mut [f64]) {
        let terms = Terms {
            parameters: &self.parameters,
            columns: self.receiving.len(),
            receiver: 0,
            receiving: &self.receiving,
            sending,
        };
        self.rule.pre(self.simd, terms, out);
    }
}
