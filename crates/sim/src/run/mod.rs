//! Runs: the arrays that were recorded, their times, and their provenance.

mod provenance;
mod step_error;

use std::ops::Index;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ndarray::{Array1, Array2, Axis, concatenate};
use serde_json::Value;
use thiserror::Error;

use brainmass_data::io::recording::{ENDINGS, Records};
use brainmass_data::io::{IoError, ending};

pub use brainmass_data::io::recording::{Column, TIMES_OF};
pub use provenance::{Provenance, Recipe, RecipeFile};
pub use step_error::StepError;

/// Recorded arrays by their names.
///
/// Row m of an array belongs to the time `ts[m]` (ms), which is the end of the step that it was recorded after; columns are nodes. What
/// instruments saw has times of its own, see [`Run::times`].
#[derive(Debug, Clone)]
pub struct Run {
    /// The times of the rows of all records, ms.
    pub ts: Array1<f64>,
    pub(super) columns: Vec<Column>,
    pub(super) provenance: Arc<Provenance>,
    pub(super) steps: usize,
    pub(super) elapsed: Duration,
    pub(super) step_error: Option<StepError>,
}

/// Adds rows that follow to a column.
pub(crate) fn extend(column: &mut Column, rest: Column) {
    if column.values.is_empty() {
        *column = rest;
    } else if !rest.values.is_empty() {
        column.ts = concatenate![Axis(0), column.ts, rest.ts];
        column.values = concatenate![Axis(0), column.values, rest.values];
    }
}

/// The reason why a run cannot be saved.
#[derive(Error)]
pub enum SaveError {
    /// The ending of the file's name stands for no known format.
    #[error("cannot tell the format of `{path}` from its ending; use .npz, .csv or .json")]
    Extension {
        /// The file.
        path: String,
    },
    /// The ending of the file's name is not that of the format that holds batches.
    #[error("cannot write a batch to `{path}`: its ending must be .npz")]
    BatchExtension {
        /// The file.
        path: String,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}

impl Run {
    /// The names of what was recorded, in the order in which it was asked for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Returns a recorded array, shape (time, node); `None` where nothing was recorded under the name.
    pub fn get(&self, name: &str) -> Option<&Array2<f64>> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }

    /// Returns the unit of a recorded array.
    pub fn unit(&self, name: &str) -> Option<&str> {
        self.columns.iter().find(|column| column.name == name).map(|column| column.unit.as_str())
    }

    /// Returns the times of the rows of a recorded array, ms.
    pub fn times(&self, name: &str) -> Option<&Array1<f64>> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.ts)
    }

    /// All recorded arrays, in the order in which they were asked for.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Takes the run apart: the times of the rows in ms, and the recorded arrays, which are moved and not copied.
    pub fn into_parts(self) -> (Array1<f64>, Vec<Column>) {
        (self.ts, self.columns)
    }

    /// The provenance: model, scheme, step and seed.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The number of steps made, those of the transient included.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The time that it took by the clock.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The estimated error of its steps; `None` where no estimate was asked for (`Simulator::estimate_error`) or no state moved.
    pub fn step_error(&self) -> Option<&StepError> {
        self.step_error.as_ref()
    }

    /// Writes the run to a file whose ending says how: `.npz`, `.csv` or `.json`, as
    /// [`recording`](brainmass_data::io::recording) describes them. The file is written whole or not at all.
    ///
    /// # Errors
    ///
    /// The ending is none of these, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        let path = path.as_ref();
        if !ENDINGS.contains(&ending(path).as_str()) {
            return Err(SaveError::Extension { path: path.display().to_string() });
        }
        let provenance = serde_json::json!(*self.provenance);
        Ok(self.records(&provenance).save(path)?)
    }

    /// Returns the run as JSON: `ts`, `records` with name, unit, values and times of their own, `provenance`.
    pub fn to_json(&self) -> String {
        self.records(&serde_json::json!(*self.provenance)).to_json()
    }

    /// Returns the run as a table: `t_ms`, then a column for each record and node, with its unit.
    pub fn to_csv(&self) -> String {
        self.records(&Value::Null).to_csv()
    }

    fn records<'a>(&'a self, provenance: &'a Value) -> Records<'a> {
        Records { ts: &self.ts, columns: &self.columns, provenance }
    }
}

impl Index<&str> for Run {
    type Output = Array2<f64>;

    /// Returns the array recorded under a name, shape (time, node).
    ///
    /// # Panics
    ///
    /// Nothing was recorded under it. [`Run::get`] gives `None` instead.
    fn index(&self, name: &str) -> &Array2<f64> {
        match self.get(name) {
            Some(values) => values,
            None => {
                let names: Vec<&str> = self.names().collect();
                panic!("nothing was recorded as `{name}`; there is {}", names.join(", "))
            }
        }
    }
}

brainmass_spec::debug_as_text!(SaveError);
