//! The projections of a network during a run: from signals that are sent to currents that ports receive.

mod current;
pub(crate) mod delay_buffer;
pub(crate) mod delayed;
pub(crate) mod history;
pub(crate) mod instant;
pub(crate) mod laplacian;
pub(crate) mod pairs;
pub(crate) mod plan;
pub(crate) mod planned_edge;
pub(crate) mod rows;
mod sent;
mod timing;

pub use rows::row_offsets;
pub use timing::Timing;

use crate::network::{History, Network, NetworkError};
use crate::runtime::edges::current::ProjectionCurrent;
use crate::runtime::edges::delay_buffer::{DelayBufferCheckpoint, can_be_addressed, row_length};
use crate::runtime::edges::delayed::DelayedSumsCheckpoint;
use crate::runtime::edges::instant::is_sparse;
use crate::runtime::edges::plan::ProjectionPlan;
use crate::runtime::edges::sent::SentSignal;
use crate::runtime::error::RunError;
use crate::runtime::memory::MemoryBudget;
use crate::runtime::nodes::Nodes;
use crate::runtime::time::steps_in_words;
use crate::words::Words;
use brainmass_core::coupling::AnyRule;
use brainmass_core::engine::Execution;
use brainmass_core::info::Signal;
use brainmass_core::kernel::Form;
use brainmass_core::shared::Text;

/// A summary of a projection of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectionSummary {
    /// The name of the projection, by which its current is recorded.
    pub name: String,
    /// The number of nodes of the target group.
    pub targets: usize,
    /// The number of nodes of the source group.
    pub sources: usize,
    /// The number of edges; those of a graph Laplacian include its diagonal.
    pub edges: usize,
    /// The longest delay, ms.
    pub longest_delay: f64,
    /// The memory that the past of the source signal takes, bytes. Projections that read the same signal share it.
    pub history_bytes: usize,
}

/// All projections of a network.
#[derive(Debug)]
pub(crate) struct Edges {
    sent: Vec<SentSignal>,
    currents: Vec<ProjectionCurrent>,
    /// The groups of which an observable is read.
    observed_groups: Vec<usize>,
    dt: f64,
}

/// A copy of everything in [`Edges`] that changes from step to step.
pub(crate) struct EdgesCheckpoint {
    /// The past of each signal that is sent.
    buffers: Vec<DelayBufferCheckpoint>,
    /// The sums over the delayed edges of each projection that has some.
    delayed: Vec<DelayedSumsCheckpoint>,
}

impl EdgesCheckpoint {
    /// Adds the copy to words.
    pub fn write(&self, words: &mut Vec<u64>) {
        self.buffers.iter().for_each(|buffer| buffer.write(words));
        self.delayed.iter().for_each(|delayed| delayed.write(words));
    }

    /// Reads a copy that was added to words, of the same edges; `None` where that is not what they are.
    pub fn read(&self, words: &mut Words) -> Option<Self> {
        let buffers = self.buffers.iter().map(|buffer| buffer.read(words)).collect::<Option<_>>()?;
        let delayed = self.delayed.iter().map(|delayed| delayed.read(words)).collect::<Option<_>>()?;
        Some(Self { buffers, delayed })
    }

    /// The memory that it takes, bytes.
    pub fn bytes(&self) -> usize {
        let buffers: usize = self.buffers.iter().map(DelayBufferCheckpoint::bytes).sum();
        buffers + self.delayed.iter().map(DelayedSumsCheckpoint::bytes).sum::<usize>()
    }
}

impl Edges {
    /// Creates the projections of a network whose `nodes` stand at t = 0, or of the runs of a batch, whose edges are the same.
    ///
    /// `runs` are the network of each run and the plans of its projections.
    ///
    /// # Errors
    ///
    /// A history does not fit its projection, or the past of a signal does not fit into the memory.
    pub fn new(
        runs: &[(&Network, &[ProjectionPlan])],
        nodes: &mut [Nodes],
        dt: f64,
        execution: Execution,
        memory: &mut MemoryBudget,
    ) -> Result<Self, RunError> {
        let (network, plans) = runs[0];
        let mut edges =
            Self { sent: Vec::new(), currents: Vec::new(), observed_groups: observed_groups(plans), dt };
        edges.observed_groups.iter().for_each(|&group| nodes[group].observe());
        let mut sent_by: Vec<usize> = Vec::new();
        for (index, plan) in plans.iter().enumerate() {
            let users: Vec<usize> =
                (0..plans.len()).filter(|&other| share_signal(network, plans, index, other)).collect();
            let longest = users.iter().map(|&other| plans[other].longest()).max().unwrap_or(0);
            check_size(plan, longest, nodes, memory, users.iter().all(|&other| other >= index))?;
            let sent = match users.iter().find(|&&other| other < index) {
                Some(&first) => sent_by[first],
                None => {
                    let is_paired = users.iter().any(|&other| plans[other].rule.form() == Form::Pair);
                    let reach = (longest > 0 || is_paired).then_some(longest);
                    let histories: Vec<(&ProjectionPlan, &History)> = runs
                        .iter()
                        .map(|(network, plans)| (&plans[index], &network.projections[index].history))
                        .collect();
                    let group = &mut nodes[plan.source_group];
                    edges.sent.push(SentSignal::new(&histories, group, reach, dt, execution.simd)?);
                    edges.sent.len() - 1
                }
            };
            sent_by.push(sent);
            if let Some(signal) = plan.receiving {
                nodes[plan.target_group].mark_read(signal);
            }
            let connectivity = network.projections[index].connectivity;
            check_weights(plan, connectivity, nodes, memory)?;
            let rules: Vec<&dyn AnyRule> = runs.iter().map(|(_, plans)| plans[index].rule.as_ref()).collect();
            let current =
                ProjectionCurrent::new(plan, &rules, (sent, longest), nodes, connectivity, execution);
            edges.currents.push(current);
            nodes[plan.target_group].mark_fed(plan.port);
        }
        Ok(edges)
    }

    /// Takes in what the nodes send now, and computes the currents of the next step.
    pub fn compute_currents(&mut self, nodes: &mut [Nodes]) {
        self.observed_groups.iter().for_each(|&group| nodes[group].observe());
        for sent in &mut self.sent {
            sent.read(&nodes[sent.group]);
        }
        for current in &mut self.currents {
            current.compute(&self.sent[current.sent].buffer, &nodes[current.target]);
        }
    }

    /// Adds the currents to the ports that they feed.
    pub fn deliver(&self, nodes: &mut [Nodes]) {
        for current in &self.currents {
            let port = nodes[current.target].port_mut(current.port);
            port.iter_mut().zip(&*current.current).for_each(|(input, current)| *input += current);
        }
    }

    /// Finds a projection by its name: its index, the number of its columns and the unit of its current.
    pub fn find(&self, name: &str) -> Option<(usize, usize, Text)> {
        let index = self.currents.iter().position(|current| current.name == name)?;
        let current = &self.currents[index];
        Some((index, current.current.len(), current.unit.clone()))
    }

    /// The names of the projections.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.currents.iter().map(|current| current.name.as_str())
    }

    /// The current that a projection gave to its targets in the last step.
    pub fn current(&self, index: usize) -> &[f64] {
        &self.currents[index].current
    }

    /// The weighted sums of a projection in the last step.
    pub fn sums(&self, index: usize) -> &[f64] {
        &self.currents[index].sums
    }

    /// The values that the sources of a projection sent in the last step.
    pub fn sent(&self, index: usize) -> &[f64] {
        &self.sent[self.currents[index].sent].buffer.present
    }

    /// Copies the last values that a source of a projection sent, as many as `out` is long: at most as many as its longest delay has steps.
    pub fn copy_sent(&self, index: usize, source: usize, out: &mut [f64]) {
        self.sent[self.currents[index].sent].buffer.copy_last(source, out);
    }

    /// Copies everything that changes from step to step.
    pub fn save(&self) -> EdgesCheckpoint {
        let delayed = self.currents.iter().filter_map(ProjectionCurrent::delayed);
        EdgesCheckpoint {
            buffers: self.sent.iter().map(|sent| sent.buffer.save()).collect(),
            delayed: delayed.map(|delayed| delayed.save()).collect(),
        }
    }

    /// Goes back to where a checkpoint was made.
    pub fn restore(&mut self, checkpoint: &EdgesCheckpoint) {
        for (sent, saved) in self.sent.iter_mut().zip(&checkpoint.buffers) {
            sent.buffer.restore(saved);
        }
        let delayed = self.currents.iter_mut().filter_map(ProjectionCurrent::delayed_mut);
        delayed.zip(&checkpoint.delayed).for_each(|(delayed, saved)| delayed.restore(saved));
    }

    /// Summarises each projection.
    pub fn summaries(&self) -> Vec<ProjectionSummary> {
        let summary = |current: &ProjectionCurrent| {
            let buffer = &self.sent[current.sent].buffer;
            ProjectionSummary {
                name: current.name.clone(),
                targets: current.current.len() / buffer.runs(),
                sources: buffer.present.len() / buffer.runs(),
                edges: current.edges,
                longest_delay: current.longest as f64 * self.dt,
                history_bytes: buffer.bytes(),
            }
        };
        self.currents.iter().map(summary).collect()
    }
}

/// The groups of which some projection reads an observable, each once.
fn observed_groups(plans: &[ProjectionPlan]) -> Vec<usize> {
    let signals = plans.iter().flat_map(|plan| {
        let receiving = plan.receiving.map(|signal| (plan.target_group, signal));
        std::iter::once((plan.source_group, plan.signal)).chain(receiving)
    });
    let observed = signals.filter(|(_, signal)| matches!(signal, Signal::Observable(_)));
    let mut groups: Vec<usize> = observed.map(|(group, _)| group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Whether two projections send the same values, so that one delay buffer serves both: the same signal with the same history, and no rule that
/// computes a term of its own from the source.
fn share_signal(network: &Network, plans: &[ProjectionPlan], a: usize, b: usize) -> bool {
    let (one, other) = (&plans[a], &plans[b]);
    let sends_signal = |plan: &ProjectionPlan| plan.rule.form() != Form::Source;
    let histories = (&network.projections[a].history, &network.projections[b].history);
    a == b
        || sends_signal(one)
            && sends_signal(other)
            && (one.source_group, one.signal) == (other.source_group, other.signal)
            && histories.0 == histories.1
}

/// Reports a past that is too long to be addressed or does not fit into the memory. It is counted for the first projection that reads it.
fn check_size(
    plan: &ProjectionPlan,
    longest: usize,
    nodes: &[Nodes],
    memory: &mut MemoryBudget,
    is_first: bool,
) -> Result<(), RunError> {
    let columns = nodes[plan.source_group].columns();
    let sources = columns.nodes;
    if !can_be_addressed(sources, longest) {
        let projection = plan.label.clone();
        return Err(NetworkError::TooLong { projection, sources, steps: longest }.into());
    }
    if !is_first {
        return Ok(());
    }
    let what = || format!("{}: the past of {sources} sources over {}", plan.label, steps_in_words(longest));
    memory.take(what, "use a larger dt or shorter delays", &[sources, columns.runs, row_length(longest)])
}

/// Reports a matrix of weights that does not fit into the memory.
fn check_weights(
    plan: &ProjectionPlan,
    connectivity: crate::network::Connectivity,
    nodes: &[Nodes],
    memory: &mut MemoryBudget,
) -> Result<(), RunError> {
    let (sources, targets) = (nodes[plan.source_group].node_count(), nodes[plan.target_group].node_count());
    let instant = plan.edges.instant();
    if instant == 0 || plan.rule.form() == Form::Pair || is_sparse(instant, targets, sources, connectivity) {
        return Ok(());
    }
    let what = || format!("{}: a matrix of {targets} x {sources} weights", plan.label);
    memory.take(what, "store the edges sparsely (`connectivity`)", &[targets, sources])
}
