//! The timing of a network's connections, for those that sum in another way.

use ndarray::Array2;

use crate::network::{Network, NetworkError};
use crate::runtime::edges::plan::{before, plans};

/// When the connections of a projection read their source.
#[derive(Debug)]
pub struct Timing {
    /// Delays in steps, `[target][source]`; 0 where nothing is connected.
    pub steps: Array2<usize>,
    /// What was sent before t = 0, `(time, source)`: the last row one step before, as many rows as the longest delay has steps.
    pub past: Array2<f64>,
}

impl Network {
    /// The timing of its only projection, whose sources send `initial` at t = 0.
    pub fn timing(&self, initial: &[f64], dt: f64) -> Result<Timing, NetworkError> {
        let nodes = initial.len();
        let mut timing = Timing { steps: Array2::zeros((nodes, nodes)), past: Array2::zeros((0, nodes)) };
        for (plan, projection) in plans(self, dt)?.iter().zip(&self.projections) {
            plan.links.iter().for_each(|link| timing.steps[[link.target, link.source]] = link.steps);
            let info = self.groups[plan.source_group].model.engine().info();
            let unit = info.signal_unit(plan.signal);
            let longest = plan.longest();
            let past = before(&projection.history, plan, unit, initial, longest, dt)?;
            timing.past =
                Array2::from_shape_fn((longest, nodes), |(row, source)| past(longest - row, source));
        }
        Ok(timing)
    }
}
