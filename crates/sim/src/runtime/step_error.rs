//! Estimates of the error that a step makes, taken during a run.
//!
//! At some moments of a run, the step that comes next is made twice from the same states and the same inputs: as the run makes it, and by
//! sixteen steps of `rk4`. The difference is the error of the step to a high order. It is compared with the change that the step makes, so
//! that it has no unit: a step whose error is a hundredth of the change drifts by a hundredth of the way that the states go.

use super::nodes::Nodes;
use crate::run::StepError;

/// The number of moments of a run at which the error is estimated.
const MOMENTS: usize = 8;

/// The number of steps of the reference that make one step of the run.
pub(crate) const REFERENCE_STEPS: usize = 16;

/// Nodes of one group that make a step once more, without noise: as the run does, and in small steps.
pub(crate) struct Twins {
    pub own: Nodes,
    pub fine: Nodes,
}

/// The estimate of a run under way.
pub(crate) struct ErrorWatch {
    /// The twins of each group.
    twins: Vec<Twins>,
    /// The sums of each group and state, over nodes and moments, of the squares of errors and of changes.
    sums: Vec<Vec<Sums>>,
    dt: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    errors: f64,
    changes: f64,
    values: f64,
}

impl ErrorWatch {
    /// Creates an estimate for groups of nodes that make steps of `dt` ms.
    pub fn new(twins: Vec<Twins>, dt: f64) -> Self {
        let sums = twins.iter().map(|twins| vec![Sums::default(); twins.own.info().states.len()]).collect();
        Self { twins, sums, dt }
    }

    /// The number of steps between two estimates in a run of so many steps.
    pub fn interval(steps: usize) -> usize {
        steps.div_ceil(MOMENTS).max(1)
    }

    /// Makes the next step of the nodes twice, and adds up how much the two differ.
    pub fn look(&mut self, nodes: &[Nodes]) {
        for ((twins, sums), nodes) in self.twins.iter_mut().zip(&mut self.sums).zip(nodes) {
            let before = nodes.states();
            twins.own.take_over(nodes);
            twins.own.advance(0, 1, 1, self.dt);
            twins.fine.take_over(nodes);
            for step in 0..REFERENCE_STEPS {
                twins.fine.advance(step, 1, 1, self.dt / REFERENCE_STEPS as f64);
            }
            let count = nodes.columns().count();
            let rows = |values: &[f64]| values.chunks(count).map(<[f64]>::to_vec).collect::<Vec<_>>();
            let (before, own, fine) = (rows(before), rows(twins.own.states()), rows(twins.fine.states()));
            for (state, sums) in sums.iter_mut().enumerate() {
                for ((own, fine), before) in own[state].iter().zip(&fine[state]).zip(&before[state]) {
                    sums.errors += (own - fine).powi(2);
                    sums.changes += (fine - before).powi(2);
                    sums.values += before.powi(2);
                }
            }
        }
    }

    /// Returns the largest error of a state, which `name` names by its group and index; `None` before the first estimate, and where nothing moves.
    pub fn estimate(&self, name: impl Fn(usize, usize) -> String) -> Option<StepError> {
        let each = self.sums.iter().enumerate().flat_map(|(group, sums)| {
            sums.iter().enumerate().map(move |(state, sums)| ((group, state), sums.relative()))
        });
        let ((group, state), relative) = each
            .filter_map(|(place, relative)| relative.map(|relative| (place, relative)))
            .max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        Some(StepError { state: name(group, state), relative })
    }
}

impl Sums {
    /// The error in units of the change; `None` for a state that rests, whose differences are those of rounding.
    fn relative(&self) -> Option<f64> {
        /// The square of the change, in units of the value, below which a state rests.
        const REST: f64 = 1e-18;
        if !self.errors.is_finite() || !self.changes.is_finite() {
            return Some(f64::INFINITY);
        }
        (self.changes > REST * self.values && self.changes > 0.0).then(|| (self.errors / self.changes).sqrt())
    }
}
