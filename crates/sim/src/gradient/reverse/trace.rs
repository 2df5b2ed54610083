//! The trace of a part of a run: what every step of it read.

use crate::gradient::reverse::edges::EdgeAdjoints;
use crate::gradient::reverse::edges::trace::EdgesTrace;
use crate::runtime::Session;

/// The values that the derivatives of some successive steps need.
pub(crate) struct Trace {
    /// The trace of each group.
    pub nodes: Vec<NodesTrace>,
    pub edges: EdgesTrace,
}

/// The trace of a group: rows of states and of inputs.
pub(crate) struct NodesTrace {
    states: Vec<f64>,
    inputs: Vec<f64>,
    /// The number of values of a row of states.
    states_width: usize,
    /// The number of values of a row of inputs.
    inputs_width: usize,
}

impl Trace {
    /// Creates an empty trace for so many steps from where the session stands.
    pub fn new(session: &Session, edges: &EdgeAdjoints, steps: usize) -> Self {
        let nodes = session.nodes.iter().map(|nodes| {
            let (states_width, inputs_width) = (nodes.states().len(), nodes.inputs().len());
            NodesTrace {
                states: Vec::with_capacity((steps + 1) * states_width),
                inputs: Vec::with_capacity(steps * inputs_width),
                states_width,
                inputs_width,
            }
        });
        Self { nodes: nodes.collect(), edges: edges.new_trace(&session.edges, steps) }
    }

    /// The memory of a trace in bytes: for each step, and beside that.
    pub fn bytes(session: &Session, edges: &EdgeAdjoints) -> (usize, usize) {
        let (mut per_step, mut fixed) = edges.trace_bytes();
        for nodes in &session.nodes {
            per_step += size_of_val(nodes.states()) + size_of_val(nodes.inputs());
            fixed += size_of_val(nodes.states());
        }
        (per_step, fixed)
    }

    /// Takes in the step that was just made.
    pub fn push(&mut self, session: &Session) {
        for (trace, nodes) in self.nodes.iter_mut().zip(&session.nodes) {
            trace.states.extend_from_slice(nodes.before());
            trace.inputs.extend_from_slice(nodes.inputs());
        }
        self.edges.push(&session.edges, &session.nodes);
    }

    /// Ends it with the states after the last step.
    pub fn close(&mut self, session: &Session) {
        for (trace, nodes) in self.nodes.iter_mut().zip(&session.nodes) {
            trace.states.extend_from_slice(nodes.states());
        }
    }
}

impl NodesTrace {
    /// The states before the step of a row. Those of the next row are the states after it.
    pub fn states(&self, row: usize) -> &[f64] {
        &self.states[row * self.states_width..(row + 1) * self.states_width]
    }

    /// The inputs of the step of a row.
    pub fn inputs(&self, row: usize) -> &[f64] {
        &self.inputs[row * self.inputs_width..(row + 1) * self.inputs_width]
    }
}
