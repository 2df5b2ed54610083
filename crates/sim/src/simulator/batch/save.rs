//! Batches in files.

use std::path::Path;

use ndarray::{Array1, Array2};
use serde_json::json;

use super::outcome::Batch;
use crate::run::{Provenance, SaveError};
use brainmass_core::quantity::Values;
use brainmass_data::io::ending;
use brainmass_data::io::npz::NpzWriter;
use brainmass_data::io::recording::TIMES_OF;

/// The beginning of the names of arrays with what was swept.
const SWEPT: &str = "sweep.";

impl Batch {
    /// Writes the batch to an `.npz` file, whole or not at all.
    ///
    /// | array | shape | content |
    /// |---|---|---|
    /// | `x` | (run, time, node) | each record under its name; NaN for runs that failed |
    /// | `ts`, `ts.x` | (time) | the times of the rows, ms; `ts.x` where a record has its own |
    /// | `sweep.a` | (run) or (run, value) | each number that was swept, in its declared unit; NaN where a run leaves it as it is |
    /// | `sweep.seed` | (run) | the seed of each run |
    /// | `units` | | the units of the records, in their order |
    /// | `provenance` | | the settings of the simulation, before those of each run, as JSON text |
    ///
    /// ```
    /// use brainmass::io::npz::Npz;
    /// use brainmass::prelude::*;
    /// use brainmass::simulator::Sweep;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let simulator = Simulator::new(HopfStep::new(2).init_x(0.1)).record(["x"]);
    /// let batch = simulator.sweep(Sweep::grid([("a", vec![0.1, 0.2, 0.3])]), 5.0)?;
    /// batch.save(folder.path().join("batch.npz"))?;
    /// let file = Npz::open(folder.path().join("batch.npz"))?;
    /// assert_eq!(file.get("x")?.shape(), [3, 50, 2]);
    /// assert_eq!(file.get("sweep.a")?.into_vector()?.to_vec(), [0.1, 0.2, 0.3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The ending is another, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        let path = path.as_ref();
        if ending(path) != "npz" {
            return Err(SaveError::BatchExtension { path: path.display().to_string() });
        }
        let mut file = NpzWriter::new();
        // The longest run that was made, as those that are cut short have fewer rows.
        let made = self.runs.iter().filter_map(|run| run.as_ref().ok());
        if let Some(run) = made.max_by_key(|run| run.steps()) {
            file.add("ts", &run.ts)?;
            for column in run.columns() {
                if let Ok(values) = self.array(&column.name) {
                    file.add(&column.name, &values)?;
                }
                if column.ts != run.ts {
                    file.add(&format!("{TIMES_OF}{}", column.name), &column.ts)?;
                }
            }
            let units: Array1<&str> = run.columns().iter().map(|column| column.unit.as_str()).collect();
            file.add("units", &units)?;
            let own = run.provenance();
            let provenance = Provenance { settings: self.settings.clone(), seed: self.seed, ..own.clone() };
            file.add("provenance", &Array1::from(vec![json!(provenance).to_string()]))?;
        }
        for name in self.sweep.names() {
            let rows: Vec<Vec<f64>> = self.sweep.points().iter().map(|point| numbers(point, name)).collect();
            let width = rows.iter().map(Vec::len).max().unwrap_or(0);
            let mut values = Array2::from_elem((rows.len(), width), f64::NAN);
            for (mut to, row) in values.rows_mut().into_iter().zip(&rows) {
                to.iter_mut().zip(row).for_each(|(cell, value)| *cell = *value);
            }
            let name = format!("{SWEPT}{name}");
            match width {
                1 => file.add(&name, &values.column(0).to_owned())?,
                _ => file.add(&name, &values)?,
            }
        }
        let seeds = self.sweep.points().iter().map(|point| point.seed.unwrap_or(self.seed) as f64);
        file.add(&format!("{SWEPT}seed"), &seeds.collect::<Array1<f64>>())?;
        Ok(file.save(path)?)
    }
}

/// Returns the numbers that a point sets under a name; none where it leaves them.
fn numbers(point: &super::Point, name: &str) -> Vec<f64> {
    let set = point.settings.iter().rev().find(|(known, _)| known == name).map(|(_, values)| values);
    match set {
        Some(Values::Scalar(value)) => vec![*value],
        Some(Values::PerNode(values)) => values.clone(),
        Some(Values::Quantity(quantity)) => vec![quantity.in_unit(quantity.unit()).unwrap_or(f64::NAN)],
        Some(Values::Quantities(all)) => {
            all.iter().map(|quantity| quantity.in_unit(quantity.unit()).unwrap_or(f64::NAN)).collect()
        }
        None => Vec::new(),
    }
}
