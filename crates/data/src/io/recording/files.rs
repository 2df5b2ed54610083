//! Writing and reading of records, by the ending of the file's name.

use std::collections::HashSet;
use std::path::Path;

use super::records::{Column, Recording, Records, check_record_name};
use super::{csv, json, npz, provenance, sampled};
use crate::io::{IoError, Problem, ending, write_file};

impl Records<'_> {
    /// Writes the records in the format of the ending: `.npz`, `.csv` or `.json`. The file is written whole or not at
    /// all, see [`write_file`].
    ///
    /// # Errors
    /// Where the ending is another, two records share a name, one has a name that it cannot have (see
    /// [`check_record_name`]), or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), IoError> {
        let path = path.as_ref();
        let fail = |problem| IoError::new(path.display(), problem);
        let mut seen = HashSet::new();
        for Column { name, .. } in self.columns {
            check_record_name(name).map_err(fail)?;
            if !seen.insert(name) {
                return Err(fail(Problem::Duplicate { name: name.clone() }));
            }
        }
        let bytes = match ending(path).as_str() {
            "npz" => self.to_npz()?.into_bytes()?,
            "csv" if !self.provenance.is_null() => {
                return provenance::write_table(path, self.to_csv().as_bytes(), self.provenance);
            }
            "csv" => self.to_csv().into_bytes(),
            "json" => self.to_json().into_bytes(),
            _ => return Err(fail(Problem::Ending { expected: ".npz, .csv or .json" })),
        };
        write_file(path, &bytes)
    }
}

impl Recording {
    /// Reads a file that a run was saved to; the ending tells its format.
    ///
    /// # Errors
    /// Where the ending is none of `.npz`, `.csv` and `.json`, the file cannot be read or is larger than the limit of
    /// its format, it is not what a run is saved as, or parts of it contradict each other: two records of one name,
    /// more times than rows, units that differ within a record.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, IoError> {
        let path = path.as_ref();
        let recording = match ending(path).as_str() {
            "npz" => npz::open(path),
            "csv" => csv::open(path),
            "json" => json::open(path),
            _ => Err(IoError::new(path.display(), Problem::Ending { expected: ".npz, .csv or .json" })),
        }?;
        recording.named().checked().map_err(|why| IoError::new(path.display(), Problem::Recording(why)))
    }

    /// Reads signals that come without times, sampled every `interval` ms, from `.npz`, `.npy` or a text table.
    ///
    /// Rows are samples and columns are regions, or the other way round where `regions_first` says so. Every matrix of
    /// an `.npz` file is a signal, a vector too where there is no matrix; names of the regions are the array `labels`.
    ///
    /// # Errors
    /// Where the file cannot be read, holds no signal, or has times that are not `interval` apart.
    pub fn sampled(path: impl AsRef<Path>, interval: f64, regions_first: bool) -> Result<Self, IoError> {
        sampled::open(path.as_ref(), interval, regions_first)
    }

    fn checked(self) -> Result<Self, String> {
        let mut seen = HashSet::new();
        for Column { name, ts, values, .. } in &self.columns {
            if !seen.insert(name) {
                return Err(format!("it holds two records called `{name}`"));
            }
            let (rows, times) = (values.nrows(), ts.len());
            if rows != times {
                return Err(format!("`{name}` has {rows} rows for {times} times"));
            }
        }
        if self.columns.iter().all(|column| column.values.is_empty()) {
            return Err("it holds no recorded values".to_owned());
        }
        Ok(self)
    }
}
