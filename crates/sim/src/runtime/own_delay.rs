//! Delays inside a node: states and observables that its own rates read some time later.

use crate::runtime::error::RunError;
use crate::runtime::memory::MemoryBudget;
use brainmass_core::any::AnyModel;
use brainmass_core::engine::Columns;
use brainmass_core::info::{DelayedSignal, Signal};
use brainmass_data::steps;

/// The past of one signal of all nodes, as far back as its longest delay.
pub(crate) struct OwnDelay {
    /// The signal.
    signal: Signal,
    /// The delay of each column, in steps.
    steps: Vec<usize>,
    /// Rows of columns, used in turn: the signal after step n is in row n modulo `length`.
    rows: Vec<f64>,
    /// The number of rows: the longest delay and the present.
    length: usize,
    /// Whether what the signal was before t = 0 was given, and does not follow from the initial state.
    is_past_given: bool,
}

impl OwnDelay {
    /// Creates the past of a signal of the nodes of `models`, in which everything is 0 until [`OwnDelay::begin`] is called. `index` is that of the
    /// delay among those of the model.
    ///
    /// # Errors
    ///
    /// A delay is negative or not finite, or the past does not fit into the memory.
    pub fn new(
        index: usize,
        models: &[&dyn AnyModel],
        columns: Columns,
        dt: f64,
        memory: &mut MemoryBudget,
    ) -> Result<Self, RunError> {
        let engine = models[0].engine();
        let DelayedSignal { signal, duration, .. } = &engine.info().delays[index];
        let steps = (0..columns.count()).map(|column| {
            let (node, run) = columns.node_and_run(column);
            let population = models[run].population();
            let count = engine.info().parameters.len();
            let parameters: Vec<f64> = (0..count).map(|i| population.parameter_at(i, node)).collect();
            let ms = engine.durations(&parameters)[index];
            match steps::count(ms, dt) {
                Some(steps) => Ok(steps.covering()),
                None => Err(RunError::Time {
                    what: duration.clone(),
                    given: format!("{ms} ms"),
                    expected: "a delay is not negative, and finite",
                }),
            }
        });
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        let length = steps.iter().max().map_or(1, |longest| longest.saturating_add(1));
        let what =
            || format!("the past of `{}` over the delay `{duration}`", engine.info().signal_name(*signal));
        memory.take(what, "make the delay shorter or dt larger", &[columns.count(), length])?;
        Ok(Self {
            signal: *signal,
            rows: vec![0.0; columns.count() * length],
            steps,
            length,
            is_past_given: false,
        })
    }

    /// Begins at t = 0, when the signal is `now`: it was the same at all times before.
    pub fn begin(&mut self, now: &[f64]) {
        self.rows = now.repeat(self.length);
    }

    /// Begins with a past that is given: `before(steps, column)` is the signal so many steps before t = 0, from `first` steps on.
    pub fn begin_with(&mut self, first: usize, before: impl Fn(usize, usize) -> f64) {
        let width = self.steps.len();
        self.is_past_given = true;
        for steps in first..self.length {
            let row = &mut self.rows[(self.length - steps) % self.length * width..][..width];
            row.iter_mut().enumerate().for_each(|(column, value)| *value = before(steps, column));
        }
    }

    /// The longest delay, in steps.
    pub fn longest(&self) -> usize {
        self.length - 1
    }

    /// Writes the signal of each column its delay ago, as the step after `step` steps reads it.
    pub fn read(&self, step: usize, out: &mut [f64]) {
        let (columns, present) = (out.len(), step % self.length);
        for (column, (value, delay)) in out.iter_mut().zip(&self.steps).enumerate() {
            let row = if present >= *delay { present - delay } else { present + self.length - delay };
            *value = self.rows[row * columns + column];
        }
    }

    /// The signal.
    pub fn signal(&self) -> Signal {
        self.signal
    }

    /// The delay of each column, in steps.
    pub fn steps(&self) -> &[usize] {
        &self.steps
    }

    /// Whether what the signal was before t = 0 was given.
    pub fn is_past_given(&self) -> bool {
        self.is_past_given
    }

    /// The past of the signal, a row of columns for each step.
    pub fn rows(&self) -> &[f64] {
        &self.rows
    }

    /// Puts the past back that [`OwnDelay::rows`] gave.
    pub fn restore(&mut self, rows: &[f64]) {
        self.rows.copy_from_slice(rows);
    }

    /// Takes in the signal after `step` steps.
    pub fn write(&mut self, step: usize, now: &[f64]) {
        let (columns, row) = (self.steps.len(), step % self.length);
        self.rows[row * columns..(row + 1) * columns].copy_from_slice(now);
    }
}
