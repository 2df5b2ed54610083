//! Results of sweeps in files: tidy tables.

use std::path::{Path, PathBuf};

use ndarray::{Array1, Array3, s};
use serde_json::json;

use super::error::SweepError;
use super::results::Results;
use crate::experiment::{Cell, Levels};
use brainmass_data::io::npz::NpzWriter;
use brainmass_data::io::table::RowWriter;
use brainmass_data::io::{IoError, ending, write_file};

impl Results {
    /// Writes the results to a file whose ending says how: `.csv` or `.npz`. Beside a `.csv`, its units and what made it go to a file that is called
    /// as it is, with `-metadata.json` behind it, as the standard "CSV on the Web" has it. Each file is written whole or not at all.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), SweepError> {
        if ending(path) == "npz" {
            return Ok(self.to_npz()?.save(path)?);
        }
        write_file(path, self.to_csv().as_bytes())?;
        Ok(write_file(metadata_path(path), self.to_metadata(path).as_bytes())?)
    }

    /// Returns the results as a table: a row a run, in order, with a column for each axis and each measure, and the reason why the run failed. Whole
    /// records are left out.
    pub fn to_csv(&self) -> String {
        let design = self.design();
        let mut table = RowWriter::default();
        let axes = design.dimensions().map(|(_, dimension)| dimension.name.as_str());
        for name in axes.chain(self.columns().iter().map(|column| column.name.as_str())).chain(["error"]) {
            table.word(name);
        }
        table.end_row();
        for run in 0..self.runs() {
            let levels = design.levels(run);
            for (factor, dimension) in design.dimensions() {
                match dimension.levels.cell(levels[factor]) {
                    Cell::Number(value) => table.number(value),
                    Cell::Word(word) => table.word(word),
                    Cell::Seed(seed) => table.whole(seed),
                }
            }
            self.numbers(run).iter().for_each(|value| table.number(*value));
            table.word(self.reasons.get(&run).map_or("", String::as_str));
            table.end_row();
        }
        table.into_text()
    }

    /// Returns the units of the columns of a `.csv` and what made it.
    fn to_metadata(&self, path: &Path) -> String {
        let axes = self.design().dimensions().map(|(_, dimension)| {
            let kind = match dimension.levels {
                Levels::Numbers(_) => "number",
                Levels::Words(_) => "string",
                Levels::Seeds(_) => "integer",
            };
            json!({"name": dimension.name, "datatype": kind, "unit": dimension.unit})
        });
        let measured = self
            .columns()
            .iter()
            .map(|column| json!({"name": column.name, "datatype": "number", "unit": column.unit}));
        let error = json!({"name": "error", "datatype": "string"});
        let columns: Vec<_> = axes.chain(measured).chain([error]).collect();
        let metadata = json!({
            "@context": "http://www.w3.org/ns/csvw",
            "url": path.file_name().unwrap_or_default().to_string_lossy(),
            "tableSchema": {"columns": columns},
            "provenance": self.provenance,
        });
        format!("{metadata:#}\n")
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

/// Returns where the units of a `.csv` go.
pub fn metadata_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("-metadata.json");
    path.with_file_name(name)
}
