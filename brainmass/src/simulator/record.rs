//! What a run keeps.

use std::fmt;
use std::sync::Arc;

use ndarray::Array2;

use super::RunError;
use crate::info::{ModelInfo, Signal};
use crate::population::hint;

/// The nodes as a closure to record sees them: after the step, every state as a slice with one value a node.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub(super) info: &'static ModelInfo,
    pub(super) nodes: usize,
    pub(super) states: &'a [f64],
    pub(super) inputs: &'a [f64],
    pub(super) time: f64,
}

impl<'a> View<'a> {
    /// A state of all nodes, `None` for a name that the model does not have.
    pub fn state(&self, name: &str) -> Option<&'a [f64]> {
        let index = self.info.state(name)?;
        Some(&self.states[index * self.nodes..(index + 1) * self.nodes])
    }

    /// An input port of all nodes, as the step used it.
    pub fn input(&self, name: &str) -> Option<&'a [f64]> {
        let index = self.info.input(name)?;
        Some(&self.inputs[index * self.nodes..(index + 1) * self.nodes])
    }

    /// The time at the end of the step, ms.
    pub fn time(&self) -> f64 {
        self.time
    }
}

type Closure = Arc<dyn Fn(View) -> Vec<f64> + Send + Sync>;

/// Something to record.
#[derive(Clone)]
pub(super) enum What {
    /// A state, observable or input by its name.
    Name(String),
    /// Whatever a closure makes of the nodes.
    Closure { unit: String, compute: Closure },
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Closure { unit, .. } => write!(f, "closure in {unit}"),
        }
    }
}

/// A record with its name resolved, and what it has gathered.
pub(super) struct Record {
    pub name: String,
    pub unit: String,
    source: Source,
    width: Option<usize>,
    sum: Vec<f64>,
    rows: Vec<f64>,
}

#[derive(Clone)]
enum Source {
    State(usize),
    Observable { index: usize, at_start: bool },
    Input(usize),
    Closure(Closure),
}

/// The numbers that records are taken from.
pub(super) struct Sample<'a> {
    pub view: View<'a>,
    /// Observables of the state after the step; empty if nothing asks for them.
    pub observables: &'a [f64],
    /// Observables of the state before the step.
    pub observables_before: &'a [f64],
}

impl Record {
    pub fn new(name: &str, what: &What, info: &'static ModelInfo, nodes: usize) -> Result<Self, RunError> {
        let (source, unit, width) = match what {
            What::Closure { unit, compute } => (Source::Closure(Arc::clone(compute)), unit.clone(), None),
            What::Name(of) => {
                let (source, unit) = resolve(of, info)?;
                (source, unit.to_owned(), Some(nodes))
            }
        };
        Ok(Self { name: name.to_owned(), unit, source, width, sum: Vec::new(), rows: Vec::new() })
    }

    /// Whether observables must be computed for it, and whether those before the step.
    pub fn needs_observables(&self) -> Option<bool> {
        match self.source {
            Source::Observable { at_start, .. } => Some(at_start),
            _ => None,
        }
    }

    /// Takes a sample: as a row of its own, or into the mean of the present stride.
    pub fn take(&mut self, sample: &Sample, averaged: bool) -> Result<(), RunError> {
        let nodes = sample.view.nodes;
        let part = |of: &[f64], index: usize| of[index * nodes..(index + 1) * nodes].to_vec();
        let values = match &self.source {
            Source::State(index) => part(sample.view.states, *index),
            Source::Observable { index, at_start: false } => part(sample.observables, *index),
            Source::Observable { index, at_start: true } => part(sample.observables_before, *index),
            Source::Input(index) => part(sample.view.inputs, *index),
            Source::Closure(compute) => compute(sample.view),
        };
        let expected = *self.width.get_or_insert(values.len());
        if values.len() != expected {
            return Err(RunError::RecordWidth { name: self.name.clone(), given: values.len(), expected });
        }
        if !averaged {
            self.rows.extend_from_slice(&values);
        } else if self.sum.is_empty() {
            self.sum = values;
        } else {
            self.sum.iter_mut().zip(&values).for_each(|(sum, value)| *sum += value);
        }
        Ok(())
    }

    /// Ends a stride of `count` samples: its mean becomes a row.
    pub fn end_stride(&mut self, count: usize) {
        self.rows.extend(self.sum.drain(..).map(|sum| sum / count as f64));
    }

    /// Makes room for `rows` more rows.
    pub fn reserve(&mut self, rows: usize) {
        self.rows.reserve(rows * self.width.unwrap_or(1));
    }

    /// What has been gathered, which is taken out.
    pub fn drain(&mut self) -> Array2<f64> {
        let width = self.width.unwrap_or(0);
        let rows = std::mem::take(&mut self.rows);
        let count = rows.len().checked_div(width).unwrap_or(0);
        Array2::from_shape_vec((count, width), rows).unwrap_or_else(|_| Array2::zeros((0, width)))
    }
}

fn resolve(name: &str, info: &'static ModelInfo) -> Result<(Source, &'static str), RunError> {
    if let Some(signal) = info.signal(name) {
        let source = match signal {
            Signal::State(index) => Source::State(index),
            Signal::Observable(index) => {
                Source::Observable { index, at_start: info.observables[index].at_start }
            }
        };
        return Ok((source, info.signal_unit(signal)));
    }
    match info.input(name) {
        Some(index) => Ok((Source::Input(index), info.inputs[index].unit)),
        None => {
            let known = info.signal_names().chain(info.inputs.iter().map(|input| input.name));
            let hint = hint(name, "states, observables and inputs", known);
            Err(RunError::Unknown { what: "signal", given: name.to_owned(), model: info.name, hint })
        }
    }
}
