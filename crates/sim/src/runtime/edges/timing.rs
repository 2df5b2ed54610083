//! The timing of a network's edges, for programs that sum over them in another way.

use ndarray::Array2;

use crate::network::{Network, NetworkError};
use crate::runtime::edges::history::value_before;
use crate::runtime::edges::plan::plan_projections;
use brainmass_core::info::Signal;

/// The times at which the edges of a projection read their source.
#[derive(Debug)]
pub struct Timing {
    /// The delays in steps, `[target][source]`; 0 where there is no edge.
    pub steps: Array2<usize>,
    /// The values that were sent before t = 0, shape (time, source), as many rows as the longest delay has steps. The last row is one step before
    /// t = 0.
    pub past: Array2<f64>,
}

impl Network {
    /// Returns the timing of the only projection of the network, whose sources send `initial` at t = 0, for a time step in ms.
    ///
    /// # Errors
    ///
    /// The network has a mistake, or the history does not fit.
    #[doc(hidden)]
    pub fn timing(&self, initial: &[f64], dt: f64) -> Result<Timing, NetworkError> {
        let nodes = initial.len();
        let mut timing = Timing { steps: Array2::zeros((nodes, nodes)), past: Array2::zeros((0, nodes)) };
        for (plan, projection) in plan_projections(self, dt)?.iter().zip(&self.projections) {
            plan.edges.iter().for_each(|edge| timing.steps[[edge.target, edge.source]] = edge.steps);
            let info = self.groups[plan.source_group].model.engine().info();
            let unit = info.signal_unit(plan.signal);
            let longest = plan.longest();
            let is_before =
                matches!(plan.signal, Signal::Observable(index) if info.observables[index].at_start);
            let label = (&*plan.label, is_before);
            let past = value_before(&projection.history, label, unit, initial, longest, dt)?;
            timing.past =
                Array2::from_shape_fn((longest, nodes), |(row, source)| past(longest - row, source));
        }
        Ok(timing)
    }
}
