//! The outcome of a run.

use std::fs;
use std::ops::Index;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ndarray::{Array1, Array2, Axis, concatenate};
use serde::Serialize;
use thiserror::Error;

use brainmass_data::io::npz::NpzWriter;
use brainmass_data::io::{IoError, Problem};

/// Recorded arrays by their names.
///
/// Row m of an array belongs to the time `ts[m]` (ms), which is the end of the step that it was recorded after; columns are nodes. What
/// instruments saw has times of its own, see [`Run::times`].
#[derive(Debug, Clone)]
pub struct Run {
    /// Times of the rows of what was recorded, ms.
    pub ts: Array1<f64>,
    pub(super) columns: Vec<Column>,
    pub(super) provenance: Arc<Provenance>,
    pub(super) steps: usize,
    pub(super) elapsed: Duration,
}

/// One recorded quantity.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Unit of its values.
    pub unit: String,
    /// Times of its rows, ms.
    pub ts: Array1<f64>,
    /// `(time, node)`.
    pub values: Array2<f64>,
}

impl Column {
    /// The time from row to row, ms; none where rows are not evenly spaced or there is only one.
    pub fn interval(&self) -> Option<f64> {
        let (first, last) = (self.ts.first()?, self.ts.last()?);
        let interval = (last - first) / (self.ts.len().checked_sub(1)?.max(1) as f64);
        let even =
            self.ts.windows(2).into_iter().all(|pair| (pair[1] - pair[0] - interval).abs() < 1e-3 * interval);
        (interval > 0.0 && even).then_some(interval)
    }

    /// Adds rows that follow.
    pub(super) fn extend(&mut self, rest: Self) {
        if self.values.is_empty() {
            *self = rest;
        } else if !rest.values.is_empty() {
            self.ts = concatenate![Axis(0), self.ts, rest.ts];
            self.values = concatenate![Axis(0), self.values, rest.values];
        }
    }
}

/// What made a run, stamped into its files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    /// The model.
    pub model: String,
    /// The version of its file.
    pub version: String,
    /// The hash of its file, in hexadecimal.
    pub hash: String,
    /// The version of this library.
    pub brainmass: String,
    /// The scheme.
    pub scheme: String,
    /// Time step, ms.
    pub dt: f64,
    /// The seed of the noise.
    pub seed: u64,
}

/// What the name of an array of times begins with, before the name of what has them.
pub const TIMES_OF: &str = "ts.";

/// Why a run cannot be saved.
#[derive(Debug, Error)]
pub enum SaveError {
    /// The ending of the file's name says nothing known.
    #[error("cannot tell the format of `{path}` from its ending; use .npz, .csv or .json")]
    Extension {
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

    /// A recorded array, `(time, node)`.
    pub fn get(&self, name: &str) -> Option<&Array2<f64>> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }

    /// The unit of a recorded array.
    pub fn unit(&self, name: &str) -> Option<&str> {
        self.columns.iter().find(|column| column.name == name).map(|column| column.unit.as_str())
    }

    /// The times of the rows of a recorded array, ms.
    pub fn times(&self, name: &str) -> Option<&Array1<f64>> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.ts)
    }

    /// All recorded arrays.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What made it.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The number of steps made, those of the transient included.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// How long it took by the clock.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Writes `.npz` (arrays by name, `ts`, `units` in the order of the arrays, `provenance` as JSON text), `.csv` (a row a time, a column a
    /// node) or `.json`. The times of what an instrument saw stand in `.npz` as `ts.name`, in `.json` with the record, and in `.csv` among all
    /// others: cells of what has no row at a time are empty.
    ///
    /// # Errors
    ///
    /// The ending is none of these, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        let path = path.as_ref();
        let shown = path.display().to_string();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let text =
            |text: String| fs::write(path, text).map_err(|error| IoError::new(&shown, Problem::Write(error)));
        match extension {
            "npz" => self.to_npz(path)?,
            "csv" => text(self.to_csv())?,
            "json" => text(self.to_json())?,
            _ => return Err(SaveError::Extension { path: shown }),
        }
        Ok(())
    }

    fn to_npz(&self, path: &Path) -> Result<(), IoError> {
        let units: Array1<&str> = self.columns.iter().map(|column| column.unit.as_str()).collect();
        let provenance = serde_json::json!(*self.provenance).to_string();
        let mut file = NpzWriter::new()
            .with("ts", &self.ts)?
            .with("units", &units)?
            .with("provenance", &Array1::from(vec![provenance]))?;
        for column in &self.columns {
            file.add(&column.name, &column.values)?;
            if column.ts != self.ts {
                file.add(&format!("{TIMES_OF}{}", column.name), &column.ts)?;
            }
        }
        file.save(path)
    }

    /// The run as JSON: `ts`, `records` with name, unit, values and times of their own, `provenance`.
    pub fn to_json(&self) -> String {
        let records: Vec<_> = self
            .columns
            .iter()
            .map(|column| {
                let rows: Vec<Vec<f64>> = column.values.rows().into_iter().map(|row| row.to_vec()).collect();
                let mut record =
                    serde_json::json!({"name": column.name, "unit": column.unit, "values": rows});
                if column.ts != self.ts {
                    record["ts"] = serde_json::json!(column.ts.to_vec());
                }
                record
            })
            .collect();
        serde_json::json!({"ts": self.ts.to_vec(), "records": records, "provenance": *self.provenance})
            .to_string()
    }

    /// The run as a table: `t_ms`, then a column for each record and node, with its unit.
    pub fn to_csv(&self) -> String {
        let mut text = String::from("t_ms");
        for column in &self.columns {
            let unit = if column.unit == "1" { String::new() } else { format!(" ({})", column.unit) };
            for node in 0..column.values.ncols() {
                text.push_str(&format!(",{}[{node}]{unit}", column.name));
            }
        }
        text.push('\n');
        // The next row of each column.
        let mut next = vec![0; self.columns.len()];
        let waiting = |next: &[usize]| {
            let times = self.columns.iter().zip(next).filter_map(|(column, next)| column.ts.get(*next));
            times.copied().min_by(f64::total_cmp)
        };
        while let Some(time) = waiting(&next) {
            text.push_str(&time.to_string());
            for (column, next) in self.columns.iter().zip(&mut next) {
                if column.ts.get(*next) == Some(&time) {
                    column.values.row(*next).iter().for_each(|value| text.push_str(&format!(",{value}")));
                    *next += 1;
                } else {
                    text.push_str(&",".repeat(column.values.ncols()));
                }
            }
            text.push('\n');
        }
        text
    }
}

impl Index<&str> for Run {
    type Output = Array2<f64>;

    /// The array recorded under a name.
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
