//! Delays inside a node.

use crate::runtime::error::RunError;
use brainmass_core::any::AnyModel;
use brainmass_core::engine::Columns;
use brainmass_core::info::DelayedState;
use brainmass_data::steps;

/// The past of one state, as far back as its longest delay.
pub(crate) struct DelayLine {
    state: usize,
    /// Delay of each node, in steps.
    steps: Vec<usize>,
    /// Rows of nodes; the state after step n is in row n modulo their number.
    rows: Vec<f64>,
    length: usize,
}

impl DelayLine {
    /// A delay of the nodes of `models`, whose states are `states`. Before t = 0 a state was what it is at t = 0.
    pub fn new(
        delay: &DelayedState,
        models: &[&dyn AnyModel],
        columns: Columns,
        states: &[f64],
        dt: f64,
    ) -> Result<Self, RunError> {
        let parameter = &models[0].engine().info().parameters[delay.duration];
        let steps = (0..columns.count()).map(|column| {
            let (node, member) = columns.node_and_run(column);
            let value = models[member].population().parameter_at(delay.duration, node);
            let ms = brainmass_core::quantity::Quantity::new(value, parameter.unit)
                .ok()
                .and_then(|q| q.in_unit("ms"));
            match ms.and_then(|ms| steps::count(ms, dt)) {
                Some(steps) => Ok(steps.covering()),
                None => Err(RunError::Time {
                    what: parameter.name,
                    given: format!("{value} {}", parameter.unit),
                    expected: "a delay is not negative, and finite",
                }),
            }
        });
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        let length = steps.iter().max().map_or(1, |longest| longest + 1);
        let row = &states[delay.state * columns.count()..(delay.state + 1) * columns.count()];
        Ok(Self { state: delay.state, steps, rows: row.repeat(length), length })
    }

    /// The state of each node its delay ago, as seen by the step after `step` steps.
    pub fn read(&self, step: usize, out: &mut [f64]) {
        let (nodes, present) = (out.len(), step % self.length);
        for (node, (value, delay)) in out.iter_mut().zip(&self.steps).enumerate() {
            let row = if present >= *delay { present - delay } else { present + self.length - delay };
            *value = self.rows[row * nodes + node];
        }
    }

    /// The state, and the delay of each node in steps.
    pub fn reads(&self) -> (usize, &[usize]) {
        (self.state, &self.steps)
    }

    /// The past states.
    pub fn rows_mut(&mut self) -> &mut [f64] {
        &mut self.rows
    }

    /// Takes in the states after so many steps.
    pub fn write(&mut self, step: usize, states: &[f64]) {
        let (nodes, row) = (self.steps.len(), step % self.length);
        let now = &states[self.state * nodes..(self.state + 1) * nodes];
        self.rows[row * nodes..(row + 1) * nodes].copy_from_slice(now);
    }
}
