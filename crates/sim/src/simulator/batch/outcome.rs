//! Outcomes of batches.

use ndarray::{Array2, Array3, Axis, s};

use crate::fingerprint::Fingerprint;
use crate::run::Run;
use crate::runtime::RunError;
use crate::simulator::batch::sweep::{Point, Sweep};
use brainmass_core::quantity::Values;
use brainmass_data::io::table::Table;

/// The runs of a batch in the order of its sweep.
#[derive(Debug)]
pub struct Batch {
    /// The settings and seed of each run.
    pub sweep: Sweep,
    /// The runs, or the errors in their places.
    pub runs: Vec<Result<Run, RunError>>,
    /// The seed of runs whose point gives none.
    pub(super) seed: u64,
    /// The settings of the simulation, before those of the points.
    pub(super) settings: Fingerprint,
}

impl Batch {
    /// Creates the outcome of a sweep, with the seed and the settings of the simulation, which points may replace.
    pub(crate) fn new(
        sweep: Sweep,
        runs: Vec<Result<Run, RunError>>,
        (seed, settings): (u64, Fingerprint),
    ) -> Self {
        Self { sweep, runs, seed, settings }
    }

    /// Returns the array recorded under a name, shape (run, time, node). Runs that failed are NaN.
    ///
    /// # Errors
    ///
    /// Nothing was recorded under the name, by any run.
    pub fn array(&self, name: &str) -> Result<Array3<f64>, RunError> {
        let recorded =
            |run: &Result<Run, RunError>| run.as_ref().ok().and_then(|run| run.get(name)).map(Array2::dim);
        let (rows, nodes) = self
            .runs
            .iter()
            .find_map(recorded)
            .ok_or_else(|| RunError::NotRecorded { name: name.to_owned(), runs: self.runs.len() })?;
        let mut all = Array3::from_elem((self.runs.len(), rows, nodes), f64::NAN);
        for (mut to, run) in all.axis_iter_mut(Axis(0)).zip(&self.runs) {
            if let Some(values) = run.as_ref().ok().and_then(|run| run.get(name)) {
                to.slice_mut(s![..values.nrows(), ..]).assign(values);
            }
        }
        Ok(all)
    }

    /// Creates a tidy table with a row for each run: the settings (NaN for those that are not one number), the seed, and the numbers that `measure`
    /// computes from the run, as many as there are names in `measured` (NaN for runs that failed).
    pub fn table(&self, measured: &[&str], measure: impl Fn(&Run) -> Vec<f64>) -> Table {
        self.table_of(measured, |run| self.runs[run].as_ref().map(&measure).unwrap_or_default())
    }

    /// Creates the table from numbers of each run; what there are none of is NaN.
    pub(crate) fn table_of(&self, measured: &[&str], mut numbers: impl FnMut(usize) -> Vec<f64>) -> Table {
        let names = self.sweep.names();
        let set = |point: &Point, name: &str| {
            let values =
                point.settings.iter().rev().find(|(known, _)| known == name).map(|(_, values)| values);
            match values {
                Some(Values::Scalar(value)) => *value,
                Some(Values::Quantity(quantity)) => quantity.in_unit(quantity.unit()).unwrap_or(f64::NAN),
                _ => f64::NAN,
            }
        };
        let mut values =
            Array2::from_elem((self.sweep.points().len(), names.len() + 1 + measured.len()), f64::NAN);
        for (run, (mut row, point)) in values.axis_iter_mut(Axis(0)).zip(self.sweep.points()).enumerate() {
            let settings = names.iter().map(|name| set(point, name));
            let seed = point.seed.unwrap_or(self.seed) as f64;
            let all = settings.chain([seed]).chain(numbers(run));
            row.iter_mut().zip(all).for_each(|(cell, value)| *cell = value);
        }
        let columns = names.into_iter().chain(["seed"]).chain(measured.iter().copied()).map(str::to_owned);
        Table { columns: Some(columns.collect()), rows: None, values }
    }
}
