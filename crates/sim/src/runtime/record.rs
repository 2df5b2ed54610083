//! What a run keeps.

use std::fmt;
use std::sync::Arc;

use ndarray::Array2;

use crate::runtime::edges::Edges;
use crate::runtime::error::RunError;
use crate::runtime::names::Names;
use crate::runtime::nodes::Nodes;
use brainmass_core::info::{ModelInfo, Signal};

/// The nodes as a closure to record sees them: after the step, every state as a slice with one value a node. In a network of several
/// groups, names are `group.state`.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(crate) names: &'a Names,
    pub(crate) groups: &'a [Nodes],
    pub(crate) time: f64,
}

impl<'a> View<'a> {
    /// A state of all nodes, `None` for a name that the model does not have.
    pub fn state(&self, name: &str) -> Option<&'a [f64]> {
        let (group, index) = self.names.find(name, ModelInfo::state)?;
        Some(self.groups[group].signal(Signal::State(index)))
    }

    /// An input port of all nodes, as the step used it.
    pub fn input(&self, name: &str) -> Option<&'a [f64]> {
        let (group, index) = self.names.find(name, ModelInfo::input)?;
        Some(self.groups[group].port(index))
    }

    /// The time at the end of the step, ms.
    pub fn time(&self) -> f64 {
        self.time
    }
}

pub(crate) type Closure = Arc<dyn Fn(View) -> Vec<f64> + Send + Sync>;

/// Something to record.
#[derive(Clone)]
pub(crate) enum What {
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
pub(crate) struct Record {
    pub name: String,
    pub unit: String,
    source: Source,
    width: Option<usize>,
    sum: Vec<f64>,
    rows: Vec<f64>,
}

/// What a record is taken from.
#[derive(Clone)]
pub(crate) enum Source {
    Signal {
        group: usize,
        signal: Signal,
    },
    /// An observable of the state before the step.
    Before {
        group: usize,
        index: usize,
    },
    Input {
        group: usize,
        index: usize,
    },
    Coupling(usize),
    Closure(Closure),
}

/// Where the numbers that records are taken from stand.
pub(crate) struct Sample<'a> {
    pub view: View<'a>,
    pub couplings: &'a Edges,
}

impl Record {
    pub(crate) fn new(
        name: &str,
        what: &What,
        names: &Names,
        groups: &[Nodes],
        couplings: &Edges,
    ) -> Result<Self, RunError> {
        let (source, unit, width) = match what {
            What::Closure { unit, compute } => (Source::Closure(Arc::clone(compute)), unit.clone(), None),
            What::Name(of) => {
                let (source, unit, width) = resolve(of, names, groups, couplings)?;
                (source, unit.to_owned(), Some(width))
            }
        };
        Ok(Self { name: name.to_owned(), unit, source, width, sum: Vec::new(), rows: Vec::new() })
    }

    /// What it is taken from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The group whose observables must be computed for it, and whether those before the step.
    pub fn observes(&self) -> Option<(usize, bool)> {
        match self.source {
            Source::Signal { group, signal: Signal::Observable(_) } => Some((group, false)),
            Source::Before { group, .. } => Some((group, true)),
            _ => None,
        }
    }

    /// Whether steps must be made one by one for it.
    pub fn needs_every_step(&self) -> bool {
        matches!(self.source, Source::Before { .. })
    }

    /// Takes a sample: as a row of its own, or into the mean of the present stride.
    pub(crate) fn take(&mut self, sample: &Sample, averaged: bool) -> Result<(), RunError> {
        let groups = sample.view.groups;
        let computed;
        let values = match &self.source {
            Source::Signal { group, signal } => groups[*group].signal(*signal),
            Source::Before { group, index } => groups[*group].observable_before(*index),
            Source::Input { group, index } => groups[*group].port(*index),
            Source::Coupling(index) => sample.couplings.current(*index),
            Source::Closure(compute) => {
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

    /// Ends a stride of `count` samples: its mean becomes a row.
    pub fn end_stride(&mut self, count: usize) {
        self.rows.extend(self.sum.drain(..).map(|sum| sum / count as f64));
    }

    /// Makes room for `rows` more rows.
    pub fn reserve(&mut self, rows: usize) {
        let width = self.width.unwrap_or(1);
        self.rows.reserve(rows * width);
        self.sum.reserve(width);
    }

    /// The number of rows gathered.
    pub fn rows(&self) -> usize {
        self.rows.len().checked_div(self.width.unwrap_or(0)).unwrap_or(0)
    }

    /// What has been gathered, which is taken out.
    pub fn drain(&mut self) -> Array2<f64> {
        let width = self.width.unwrap_or(0);
        let rows = std::mem::take(&mut self.rows);
        let count = rows.len().checked_div(width).unwrap_or(0);
        Array2::from_shape_vec((count, width), rows).unwrap_or_else(|_| Array2::zeros((0, width)))
    }
}

/// What a name stands for, with its unit and the number of its columns.
fn resolve(
    name: &str,
    names: &Names,
    groups: &[Nodes],
    couplings: &Edges,
) -> Result<(Source, &'static str, usize), RunError> {
    if let Some((group, signal)) = names.find(name, ModelInfo::signal) {
        let info = groups[group].info();
        let source = match signal {
            Signal::Observable(index) if info.observables[index].at_start => Source::Before { group, index },
            signal => Source::Signal { group, signal },
        };
        return Ok((source, info.signal_unit(signal), groups[group].columns().count()));
    }
    if let Some((group, index)) = names.find(name, ModelInfo::input) {
        let unit = groups[group].info().inputs[index].unit;
        return Ok((Source::Input { group, index }, &unit, groups[group].columns().count()));
    }
    if let Some((index, width, unit)) = couplings.find(name) {
        return Ok((Source::Coupling(index), unit, width));
    }
    let known =
        |info: &'static ModelInfo| info.signal_names().chain(info.inputs.iter().map(|input| &input.name));
    let more = couplings.names().map(str::to_owned);
    Err(names.unknown("signal", name, "states, observables, inputs and couplings", known, more))
}
