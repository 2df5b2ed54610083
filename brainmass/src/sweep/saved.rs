//! Results of sweeps in files: tidy tables.

use std::path::Path;

use ndarray::{Array1, Array3, s};

use super::error::SweepError;
use super::results::Results;
use crate::experiment::Levels;
use brainmass_data::io::npz::NpzWriter;
use brainmass_data::io::tidy::{Cells, TidyTable};
use brainmass_data::io::{IoError, ending};

impl Results {
    /// Writes the results to a file whose ending says how: `.npz`, `.csv`, or with the feature `parquet` also `.parquet`, see [`TidyTable::save`]. Each file is
    /// written whole or not at all.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), SweepError> {
        if ending(path) == "npz" {
            return Ok(self.to_npz()?.save(path)?);
        }
        Ok(self.to_table()?.save(path)?)
    }

    /// Returns the results as text, see [`Results::to_table`].
    ///
    /// # Errors
    ///
    /// Two columns have one name.
    pub fn to_csv(&self) -> Result<String, IoError> {
        Ok(self.to_table()?.to_csv())
    }

    /// Gathers the results as a table: a row a run, in order, with a column for each axis and each measure, and `error`, the reason why the run failed,
    /// which is empty where it did not. Whole records are left out.
    ///
    /// # Errors
    ///
    /// Two columns have one name.
    pub fn to_table(&self) -> Result<TidyTable, IoError> {
        let design = self.design();
        let mut table = TidyTable::new(self.provenance.clone());
        for (factor, dimension) in design.dimensions() {
            let stride: u64 =
                design.factors[factor + 1..].iter().map(|factor| factor.levels as u64).product();
            let levels = (0..self.runs()).map(|run| (run / stride) as usize % design.factors[factor].levels);
            let cells = match &dimension.levels {
                Levels::Numbers(values) => Cells::Numbers(levels.map(|level| values[level]).collect()),
                Levels::Words(words) => Cells::Words(levels.map(|level| words[level].clone()).collect()),
                Levels::Seeds(seeds) => Cells::Whole(levels.map(|level| seeds[level]).collect()),
            };
            table.add(&dimension.name, &dimension.unit, cells)?;
        }
        for (index, column) in self.columns().iter().enumerate() {
            let numbers = (0..self.runs()).map(|run| self.numbers(run)[index]);
            table.add(&column.name, &column.unit, Cells::Numbers(numbers.collect()))?;
        }
        let reasons = (0..self.runs()).map(|run| self.reasons.get(&run).cloned().unwrap_or_default());
        table.add("error", "", Cells::Words(reasons.collect()))?;
        Ok(table)
    }

    /// Gathers the results as named arrays. Each column stands under its name, each whole record with shape (run, time, node). Beside them there are:
    ///
    /// - `columns` and `units`: the names of the columns in order, and their units;
    /// - `axes` and `shape`: the names of the factors of the grid and their numbers of levels, so that `values.reshape(shape)` has an axis for each;
    /// - `failed` and `reasons`: the numbers of the runs that failed, and why;
    /// - `provenance`: what made the results, as JSON.
    ///
    /// # Errors
    ///
    /// Two columns have one name, or one has a name that cannot be that of an array.
    pub fn to_npz(&self) -> Result<NpzWriter, IoError> {
        let design = self.design();
        // Every number of a run fits into the memory.
        let runs = self.runs() as usize;
        let mut file = NpzWriter::new();
        let (mut names, mut units) = (Vec::new(), Vec::new());
        let stride = |factor: usize| -> usize {
            design.factors[factor + 1..].iter().map(|factor| factor.levels).product()
        };
        for (index, dimension) in design.dimensions() {
            let (stride, levels) = (stride(index), design.factors[index].levels);
            let level = |run: usize| run / stride % levels;
            match &dimension.levels {
                Levels::Numbers(values) => {
                    file.add(&dimension.name, &Array1::from_shape_fn(runs, |run| values[level(run)]))?;
                }
                Levels::Words(words) => {
                    file.add(
                        &dimension.name,
                        &Array1::from_shape_fn(runs, |run| words[level(run)].as_str()),
                    )?;
                }
                Levels::Seeds(seeds) => {
                    match seeds.iter().map(|seed| i64::try_from(*seed)).collect::<Result<Vec<_>, _>>() {
                        Ok(seeds) => {
                            file.add(&dimension.name, &Array1::from_shape_fn(runs, |run| seeds[level(run)]))?;
                        }
                        // numpy's integers have a sign; a text keeps all digits.
                        Err(_) => {
                            let texts = Array1::from_shape_fn(runs, |run| seeds[level(run)].to_string());
                            file.add(&dimension.name, &texts)?;
                        }
                    }
                }
            }
            names.push(dimension.name.as_str());
            units.push(dimension.unit.as_str());
        }
        for (index, column) in self.columns().iter().enumerate() {
            file.add(&column.name, &Array1::from_shape_fn(runs, |run| self.numbers(run as u64)[index]))?;
            names.push(&column.name);
            units.push(&column.unit);
        }
        for kept in &self.kept {
            let (rows, nodes) = kept
                .records
                .values()
                .fold((0, 0), |(rows, nodes), record| (rows.max(record.nrows()), nodes.max(record.ncols())));
            // Runs that failed, and those that are shorter, are NaN where they have nothing.
            let mut all = Array3::from_elem((runs, rows, nodes), f64::NAN);
            for (run, record) in &kept.records {
                all.slice_mut(s![*run as usize, ..record.nrows(), ..record.ncols()]).assign(record);
            }
            file.add(&kept.name, &all)?;
            names.push(&kept.name);
            units.push(&kept.unit);
        }
        let axes: Vec<String> = design.factors.iter().map(|factor| factor.name()).collect();
        let shape: Vec<i64> = design.factors.iter().map(|factor| factor.levels as i64).collect();
        let failed: Vec<i64> = self.reasons.keys().map(|run| *run as i64).collect();
        let reasons: Vec<&str> = self.reasons.values().map(String::as_str).collect();
        file.add("columns", &Array1::from(names))?;
        file.add("units", &Array1::from(units))?;
        file.add("axes", &Array1::from(axes))?;
        file.add("shape", &Array1::from(shape))?;
        file.add("failed", &Array1::from(failed))?;
        file.add("reasons", &Array1::from(reasons))?;
        file.add("provenance", &Array1::from(vec![self.provenance.to_string()]))?;
        Ok(file)
    }
}
