//! Derivatives that stand beside the nodes and edges of a run.
//!
//! Reverse mode carries the adjoints of everything that a run consists of from its end to its start, forward mode the tangents from its start to
//! its end. Both keep them in the same places, so both find those of a recorded signal in the same way.

use crate::runtime::record::RecordSource;
use brainmass_core::info::Signal;

/// The derivatives that belong to the nodes of a group, one value a node.
pub(crate) trait NodeDerivatives {
    /// The derivatives of a state or an observable at the time reached.
    fn signal_mut(&mut self, signal: Signal) -> &mut [f64];

    /// The derivatives of an observable of the state before the step.
    fn observable_before_mut(&mut self, index: usize) -> &mut [f64];

    /// The derivatives of an input port in the step.
    fn port_mut(&mut self, index: usize) -> &mut [f64];
}

/// The derivatives that belong to the projections of a network.
pub(crate) trait EdgeDerivatives {
    /// The derivatives of the current of a projection in the step, one value a target.
    fn current_mut(&mut self, index: usize) -> &mut [f64];
}

/// The derivatives that belong to all groups and projections of a network.
pub(crate) struct RunDerivatives<N, E> {
    /// The derivatives of the nodes of each group.
    pub nodes: Vec<N>,
    pub edges: E,
}

impl<N: NodeDerivatives, E: EdgeDerivatives> RunDerivatives<N, E> {
    /// Finds the derivatives of a recorded signal; `None` for a closure.
    pub fn recorded_mut(&mut self, source: &RecordSource) -> Option<&mut [f64]> {
        Some(match source {
            RecordSource::Signal { group, signal } => self.nodes[*group].signal_mut(*signal),
            RecordSource::ObservableBefore { group, index } => {
                self.nodes[*group].observable_before_mut(*index)
            }
            RecordSource::Input { group, index } => self.nodes[*group].port_mut(*index),
            RecordSource::Current(index) => self.edges.current_mut(*index),
            RecordSource::Closure(_) => return None,
        })
    }
}

/// A row of an array in which row after row of `nodes` values lie behind each other.
pub(crate) fn row(values: &[f64], index: usize, nodes: usize) -> &[f64] {
    &values[index * nodes..(index + 1) * nodes]
}

/// A row of such an array, to be changed.
pub(crate) fn row_mut(values: &mut [f64], index: usize, nodes: usize) -> &mut [f64] {
    &mut values[index * nodes..(index + 1) * nodes]
}

/// Adds `terms` to `values`, entry by entry.
pub(crate) fn add(values: &mut [f64], terms: &[f64]) {
    values.iter_mut().zip(terms).for_each(|(value, term)| *value += term);
}
