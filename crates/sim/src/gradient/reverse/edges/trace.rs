//! The trace of the projections over some successive steps.

use crate::runtime::Nodes;
use crate::runtime::edges::Edges;
use brainmass_core::info::Signal;

/// The values that the derivatives of all projections need.
pub(crate) struct EdgesTrace {
    /// The trace of each projection.
    pub currents: Vec<CurrentTrace>,
    /// The number of steps that it has room for.
    pub steps: usize,
    /// The number of steps taken in so far.
    done: usize,
}

/// The trace of a projection.
pub(crate) struct CurrentTrace {
    /// The sums of each step, a row of targets a step.
    pub sums: Vec<f64>,
    /// The targets' own signal, a row of targets a step.
    pub own: Option<Vec<f64>>,
    /// The source signal, a row of sources a step.
    pub signal: Option<Vec<f64>>,
    /// The values that each source sent: a row of `longest + steps` values a source, of which the last `steps` are those of the steps.
    pub sent: Option<Vec<f64>>,
    /// The adjoints of the sums of each step: a row of steps a target. They are filled on the way back.
    pub sums_adjoint: Option<Vec<f64>>,
    needs: TraceNeeds,
}

/// The parts that the trace of a projection needs, and their sizes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TraceNeeds {
    /// The number of targets.
    pub targets: usize,
    /// The number of sources.
    pub sources: usize,
    /// The longest delay, in steps.
    pub longest: usize,
    /// The group and signal of the targets' own values, where these are needed.
    pub own: Option<(usize, Signal)>,
    /// The group and signal of the sources, where these are needed.
    pub signal: Option<(usize, Signal)>,
    /// Whether the values that were sent are needed.
    pub sent: bool,
    /// Whether the adjoints of the sums are needed.
    pub sums_adjoint: bool,
}

impl TraceNeeds {
    /// The memory of the trace in bytes: for each step, and beside that.
    pub fn bytes(&self) -> (usize, usize) {
        let per_target = 1 + usize::from(self.own.is_some()) + usize::from(self.sums_adjoint);
        let per_source = usize::from(self.signal.is_some()) + usize::from(self.sent);
        let past = if self.sent { self.sources * self.longest } else { 0 };
        let numbers = self.targets * per_target + self.sources * per_source;
        (size_of::<f64>() * numbers, size_of::<f64>() * past)
    }
}

impl CurrentTrace {
    /// Creates the trace of a projection, given by its index, for so many steps from where `edges` stand now.
    fn new(index: usize, needs: TraceNeeds, edges: &Edges, steps: usize) -> Self {
        let TraceNeeds { targets, sources, longest, .. } = needs;
        let rows = |is_needed: bool, width: usize| is_needed.then(|| vec![0.0; steps * width]);
        let sent = needs.sent.then(|| {
            let mut rows = vec![0.0; sources * (longest + steps)];
            for (source, row) in rows.chunks_exact_mut(longest + steps).enumerate() {
                edges.copy_sent(index, source, &mut row[..longest]);
            }
            rows
        });
        Self {
            sums: vec![0.0; steps * targets],
            own: rows(needs.own.is_some(), targets),
            signal: rows(needs.signal.is_some(), sources),
            sent,
            sums_adjoint: rows(needs.sums_adjoint, targets),
            needs,
        }
    }
}

impl EdgesTrace {
    /// Creates an empty trace for so many steps from where `edges` stand now; `needs` are those of each projection.
    pub fn new(needs: impl Iterator<Item = TraceNeeds>, edges: &Edges, steps: usize) -> Self {
        let currents = needs.enumerate().map(|(index, needs)| CurrentTrace::new(index, needs, edges, steps));
        Self { currents: currents.collect(), steps, done: 0 }
    }

    /// Takes in the step that was just made.
    pub fn push(&mut self, edges: &Edges, nodes: &[Nodes]) {
        let (row, steps) = (self.done, self.steps);
        let copy = |rows: &mut [f64], values: &[f64]| {
            rows[row * values.len()..(row + 1) * values.len()].copy_from_slice(values);
        };
        for (index, trace) in self.currents.iter_mut().enumerate() {
            let needs = trace.needs;
            copy(&mut trace.sums, edges.sums(index));
            if let (Some(own), Some((group, signal))) = (&mut trace.own, needs.own) {
                copy(own, nodes[group].signal_before(signal));
            }
            if let (Some(rows), Some((group, signal))) = (&mut trace.signal, needs.signal) {
                copy(rows, nodes[group].signal_before(signal));
            }
            if let Some(sent) = &mut trace.sent {
                let rows = sent.chunks_exact_mut(needs.longest + steps);
                for (row_of_source, value) in rows.zip(edges.sent(index)) {
                    row_of_source[needs.longest + row] = *value;
                }
            }
        }
        self.done += 1;
    }
}
