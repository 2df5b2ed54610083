//! Delays inside a node: states that its own rates read some time later.

use crate::runtime::error::RunError;
use crate::runtime::memory::MemoryBudget;
use brainmass_core::any::AnyModel;
use brainmass_core::engine::Columns;
use brainmass_core::info::DelayedState;
use brainmass_core::quantity::Quantity;
use brainmass_data::steps;

/// The past of one state of all nodes, as far back as its longest delay.
pub(crate) struct StateDelay {
    /// The index of the state.
    state: usize,
    /// The delay of each column, in steps.
    steps: Vec<usize>,
    /// Rows of columns, used in turn: the state after step n is in row n modulo `length`.
    rows: Vec<f64>,
    /// The number of rows: the longest delay and the present.
    length: usize,
}

impl StateDelay {
    /// Creates the past of a state of the nodes of `models`, whose states at t = 0 are `states`. Before t = 0 a state was what it is at t = 0.
    ///
    /// # Errors
    ///
    /// A delay is no time, negative or not finite, or the past does not fit into the memory.
    pub fn new(
        delay: &DelayedState,
        models: &[&dyn AnyModel],
        columns: Columns,
        states: &[f64],
        dt: f64,
        memory: &mut MemoryBudget,
    ) -> Result<Self, RunError> {
        let parameter = &models[0].engine().info().parameters[delay.duration];
        let steps = (0..columns.count()).map(|column| {
            let (node, run) = columns.node_and_run(column);
            let value = models[run].population().parameter_at(delay.duration, node);
            let ms = Quantity::new(value, parameter.unit).ok().and_then(|quantity| quantity.in_unit("ms"));
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
        let length = steps.iter().max().map_or(1, |longest| longest.saturating_add(1));
        let what = || format!("the past of a state over the delay `{}`", parameter.name);
        memory.take(what, "make the delay shorter or dt larger", &[columns.count(), length])?;
        let row = &states[delay.state * columns.count()..(delay.state + 1) * columns.count()];
        Ok(Self { state: delay.state, steps, rows: row.repeat(length), length })
    }

    /// Writes the state of each column its delay ago, as the step after `step` steps reads it.
    pub fn read(&self, step: usize, out: &mut [f64]) {
        let (columns, present) = (out.len(), step % self.length);
        for (column, (value, delay)) in out.iter_mut().zip(&self.steps).enumerate() {
            let row = if present >= *delay { present - delay } else { present + self.length - delay };
            *value = self.rows[row * columns + column];
        }
    }

    /// The index of the state, and the delay of each column in steps.
    pub fn reads(&self) -> (usize, &[usize]) {
        (self.state, &self.steps)
    }

    /// The past states, a row of columns for each step.
    pub fn rows(&self) -> &[f64] {
        &self.rows
    }

    /// Puts the past states back that [`StateDelay::rows`] gave.
    pub fn restore(&mut self, rows: &[f64]) {
        self.rows.copy_from_slice(rows);
    }

    /// Takes in the states after `step` steps.
    pub fn write(&mut self, step: usize, states: &[f64]) {
        let (columns, row) = (self.steps.len(), step % self.length);
        let now = &states[self.state * columns..(self.state + 1) * columns];
        self.rows[row * columns..(row + 1) * columns].copy_from_slice(now);
    }
}
