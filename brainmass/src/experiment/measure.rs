//! Measures: the numbers and records that a sweep keeps of each run.

use std::fmt::Write as _;
use std::sync::Arc;

use brainmass_data::objectives::Objective;
use brainmass_data::summaries::{Sampled, Summary, SummarySettings};
use brainmass_sim::run::{Column, Run};
use brainmass_sim::simulator::Digest;
use ndarray::{Array2, Axis, CowArray, Ix2};

/// Something that a sweep keeps of each run: numbers, or a whole record.
#[derive(Clone)]
pub struct Measure {
    /// The name.
    pub name: String,
    /// The record or instrument that it is of, by its name in the run.
    pub record: String,
    /// The signal that is recorded under that name; `None` where an instrument gives it.
    pub signal: Option<String>,
    /// The columns of its numbers; for a whole record none.
    pub columns: Vec<MeasuredColumn>,
    /// The unit of a whole record.
    pub unit: String,
    /// The rows and columns of a whole record, if no key of the file is swept.
    pub shape: (usize, usize),
    pub(super) kind: Kind,
    /// The nodes that count, where not all do.
    pub(super) nodes: Option<Vec<usize>>,
}

/// A column of the numbers of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredColumn {
    /// The name of the column.
    pub name: String,
    /// The unit of its numbers.
    pub unit: String,
}

/// The ways to measure.
#[derive(Clone)]
pub(super) enum Kind {
    Summary { summary: &'static Summary, settings: SummarySettings, each: bool },
    Objective { objective: Arc<dyn Objective>, target: Array2<f64> },
    Record,
}

impl std::fmt::Debug for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.name, self.record)
    }
}

impl Measure {
    /// Returns whether it keeps a whole record.
    pub fn is_record(&self) -> bool {
        matches!(self.kind, Kind::Record)
    }

    /// Computes the numbers of a run, one for each of [`Measure::columns`].
    ///
    /// # Errors
    ///
    /// Why they cannot be computed, in a sentence.
    pub fn numbers(&self, run: &Run) -> Result<Vec<f64>, String> {
        let column = self.column(run)?;
        let values = self.values(column);
        let found = match &self.kind {
            Kind::Record => return Ok(Vec::new()),
            Kind::Summary { summary, settings, each } => {
                let signal =
                    Sampled { values: values.view(), times: column.ts.view(), interval: column.interval() };
                let nodes = summary.of_nodes(&signal, settings).map_err(|error| error.to_string())?;
                if *each { nodes } else { vec![summary.joined(&nodes)] }
            }
            Kind::Objective { objective, target } => {
                vec![objective.value(values.view(), target.view()).map_err(|error| error.to_string())?]
            }
        };
        match found.len() == self.columns.len() {
            true => Ok(found),
            // A swept key may change the number of nodes.
            false => {
                Err(format!("it has {} numbers in this run and {} columns", found.len(), self.columns.len()))
            }
        }
    }

    /// Returns the whole record of a run, shape (time, node).
    ///
    /// # Errors
    ///
    /// The run has no such record.
    pub fn kept<'r>(&self, run: &'r Run) -> Result<CowArray<'r, f64, Ix2>, String> {
        Ok(self.values(self.column(run)?))
    }

    fn column<'r>(&self, run: &'r Run) -> Result<&'r Column, String> {
        let found = run.columns().iter().find(|column| column.name == self.record);
        found.ok_or_else(|| format!("nothing was recorded as `{}`", self.record))
    }

    /// Returns the values of the nodes that count.
    fn values<'r>(&self, column: &'r Column) -> CowArray<'r, f64, Ix2> {
        match &self.nodes {
            Some(nodes) if nodes.iter().all(|node| *node < column.values.ncols()) => {
                column.values.select(Axis(1), nodes).into()
            }
            _ => column.values.view().into(),
        }
    }

    /// Describes the measure and everything that its numbers depend on, so that two that differ can be told apart.
    pub fn describe(&self) -> String {
        let mut text = format!("of {}", self.record);
        if let Some(signal) = self.signal.as_ref().filter(|signal| **signal != self.record) {
            let _ = write!(text, " ({signal})");
        }
        match &self.kind {
            Kind::Record => text.push_str(", whole"),
            Kind::Summary { summary, settings, each } => {
                let _ = write!(text, ", {}", summary.name);
                for (name, value) in [("above", settings.above), ("below", settings.below)] {
                    let _ = value.map(|value| write!(text, " {name} {value}"));
                }
                let _ = settings.band.map(|(low, high)| write!(text, " within {low} to {high} Hz"));
                text.push_str(if *each { " of each node" } else { "" });
            }
            Kind::Objective { objective, target } => {
                let mut digest = Digest::default();
                target.iter().for_each(|value| digest.number(*value));
                let _ = write!(text, ", {objective:?}, target {:?} {digest}", target.dim());
            }
        }
        let _ = self.nodes.as_ref().map(|nodes| write!(text, ", nodes {nodes:?}"));
        text
    }
}
