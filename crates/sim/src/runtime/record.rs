//! Records: the arrays that a run keeps.

use std::fmt;
use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

use crate::runtime::edges::Edges;
use crate::runtime::error::RunError;
use crate::runtime::names::Names;
use crate::runtime::nodes::Nodes;
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::shared::Text;

/// The nodes as a closure to be recorded sees them: after the step, every state as a slice with one value a node. In a network of several
/// groups, names are `group.state`.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(crate) names: &'a Names,
    pub(crate) nodes: &'a [Nodes],
    pub(crate) time: f64,
}

impl<'a> View<'a> {
    /// Returns a state of all nodes; `None` for a name that the model does not have.
    pub fn state(&self, name: &str) -> Option<&'a [f64]> {
        let (group, index) = self.names.find(name, ModelInfo::state)?;
        Some(self.nodes[group].signal(Signal::State(index)))
    }

    /// Returns an input port of all nodes, as the step used it; `None` for a name that the model does not have.
    pub fn input(&self, name: &str) -> Option<&'a [f64]> {
        let (group, index) = self.names.find(name, ModelInfo::input)?;
        Some(self.nodes[group].port(index))
    }

    /// The time at the end of the step, ms.
    pub fn time(&self) -> f64 {
        self.time
    }
}

/// A function that computes the values to be recorded after a step.
pub(crate) type RecordClosure = Arc<dyn Fn(View) -> Vec<f64> + Send + Sync>;

/// The specification of a record, before its name is resolved.
#[derive(Clone)]
pub(crate) enum RecordSpec {
    /// A state, observable, input or current, by its name.
    Name(String),
    /// The values that a closure computes from the nodes, in a unit.
    Closure { unit: String, compute: RecordClosure },
}

impl fmt::Debug for RecordSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Closure { unit, .. } => write!(f, "closure in {unit}"),
        }
    }
}

/// A record whose name is resolved, with the rows gathered so far.
pub(crate) struct Record {
    pub name: String,
    pub unit: String,
    source: RecordSource,
    /// The number of values of a row; unknown for a closure before its first call.
    width: Option<usize>,
    /// The sum over the samples of the present stride, where means are recorded.
    sum: Vec<f64>,
    rows: Vec<f64>,
}

/// The place that a record is taken from.
#[derive(Clone)]
pub(crate) enum RecordSource {
    /// A state or an observable of the nodes after the step.
    Signal {
        group: usize,
        signal: Signal,
    },
    /// An observable of the state before the step.
    ObservableBefore {
        group: usize,
        index: usize,
    },
    /// An input port as the step used it.
    Input {
        group: usize,
        index: usize,
    },
    /// The current of a projection, by its index.
    Current(usize),
    Closure(RecordClosure),
}

/// The state of a run from which a sample of every record is taken.
pub(crate) struct Sample<'a> {
    pub view: View<'a>,
    pub edges: &'a Edges,
}

impl Record {
    /// Resolves the specification of a record.
    ///
    /// # Errors
    ///
    /// Nothing has the name.
    pub(crate) fn new(
        name: &str,
        spec: &RecordSpec,
        names: &Names,
        nodes: &[Nodes],
        edges: &Edges,
    ) -> Result<Self, RunError> {
        let (source, unit, width) = match spec {
            RecordSpec::Closure { unit, compute } => {
                (RecordSource::Closure(Arc::clone(compute)), unit.clone(), None)
            }
            RecordSpec::Name(signal) => {
                let (source, unit, width) = resolve(signal, names, nodes, edges)?;
                (source, unit.to_string(), Some(width))
            }
        };
        Ok(Self { name: name.to_owned(), unit, source, width, sum: Vec::new(), rows: Vec::new() })
    }

    /// The place that it is taken from.
    pub fn source(&self) -> &RecordSource {
        &self.source
    }

    /// The number of values of a row; 1 as long as it is not known.
    pub fn width(&self) -> usize {
        self.width.unwrap_or(1)
    }

    /// The group whose observables must be computed for it, and whether these are those of the state before the step.
    pub fn observed_group(&self) -> Option<(usize, bool)> {
        match self.source {
            RecordSource::Signal { group, signal: Signal::Observable(_) } => Some((group, false)),
            RecordSource::ObservableBefore { group, .. } => Some((group, true)),
            _ => None,
        }
    }

    /// Whether steps must be made one by one for it.
    pub fn needs_every_step(&self) -> bool {
        matches!(self.source, RecordSource::ObservableBefore { .. })
    }

    /// Takes a sample: as a row of its own, or into the mean of the present stride.
    ///
    /// # Errors
    ///
    /// A closure gave another number of values than the first time.
    pub(crate) fn take(&mut self, sample: &Sample, averaged: bool) -> Result<(), RunError> {
        let nodes = sample.view.nodes;
        let computed;
        let values = match &self.source {
            RecordSource::Signal { group, signal } => nodes[*group].signal(*signal),
            RecordSource::ObservableBefore { group, index } => nodes[*group].observable_before(*index),
            RecordSource::Input { group, index } => nodes[*group].port(*index),
            RecordSource::Current(index) => sample.edges.current(*index),
            RecordSource::Closure(compute) => {
                computed = compute(sample.view);
                &computed
            }
        };
        let expected = *self.width.get_or_insert(values.len());
        if values.len() != expected {
            return Err(RunError::RecordWidth { name: self.name.clone(), given: values.len(), expected });
        }
        if !averaged {
            self.rows.extend_from_slice(values);
        } else if self.sum.is_empty() {
            self.sum.extend_from_slice(values);
        } else {
            self.sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        Ok(())
    }

    /// Ends a stride of `count` samples: their mean becomes a row.
    pub fn end_stride(&mut self, count: usize) {
        self.rows.extend(self.sum.drain(..).map(|sum| sum / count as f64));
    }

    /// Makes room for `rows` more rows; returns `false` where the system has no memory for them.
    pub fn try_reserve(&mut self, rows: usize) -> bool {
        let width = self.width();
        let numbers = rows.checked_mul(width);
        self.sum.reserve(width);
        numbers.is_some_and(|numbers| self.rows.try_reserve(numbers).is_ok())
    }

    /// The number of rows gathered.
    pub fn rows(&self) -> usize {
        self.rows.len().checked_div(self.width.unwrap_or(0)).unwrap_or(0)
    }

    /// The rows that have been gathered, shape (row, value).
    pub fn gathered(&self) -> ArrayView2<'_, f64> {
        let shape = (self.rows(), self.width.unwrap_or(0));
        ArrayView2::from_shape(shape, &self.rows).unwrap_or_else(|_| ArrayView2::from(&[[0.0; 0]; 0]))
    }

    /// Forgets the rows that have been gathered. Their memory takes the next ones.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// Takes the rows out that have been gathered, shape (row, value).
    pub fn drain(&mut self) -> Array2<f64> {
        let width = self.width.unwrap_or(0);
        let rows = std::mem::take(&mut self.rows);
        let count = rows.len().checked_div(width).unwrap_or(0);
        Array2::from_shape_vec((count, width), rows).unwrap_or_else(|_| Array2::zeros((0, width)))
    }
}

/// Finds the place, the unit and the number of columns of a state, observable, input or current.
fn resolve(
    name: &str,
    names: &Names,
    nodes: &[Nodes],
    edges: &Edges,
) -> Result<(RecordSource, Text, usize), RunError> {
    if let Some((group, signal)) = names.find(name, ModelInfo::signal) {
        let info = nodes[group].info();
        let source = match signal {
            Signal::Observable(index) if info.observables[index].at_start => {
                RecordSource::ObservableBefore { group, index }
            }
            signal => RecordSource::Signal { group, signal },
        };
        return Ok((source, info.signal_unit(signal).clone(), nodes[group].columns().count()));
    }
    if let Some((group, index)) = names.find(name, ModelInfo::input) {
        let unit = nodes[group].info().inputs[index].unit.clone();
        return Ok((RecordSource::Input { group, index }, unit, nodes[group].columns().count()));
    }
    if let Some((index, width, unit)) = edges.find(name) {
        return Ok((RecordSource::Current(index), unit, width));
    }
    let more = edges.names().map(str::to_owned);
    Err(names.unknown("signal", name, "states, observables, inputs and couplings", recordable, more))
}

/// The names of everything of a model that can be recorded.
fn recordable(info: &ModelInfo) -> impl Iterator<Item = &Text> {
    info.signal_names().chain(info.inputs.iter().map(|input| &input.name))
}
