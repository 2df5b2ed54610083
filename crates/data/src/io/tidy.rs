//! Tidy tables: columns of numbers and words with units, and what made them.
//!
//! ```
//! use brainmass::io::tidy::{Cells, TidyTable};
//!
//! let folder = tempfile::tempdir()?;
//! let mut table = TidyTable::new(serde_json::json!({"model": "HopfStep"}));
//! table.add("rate", "Hz", Cells::Numbers(vec![1.5, f64::NAN]))?;
//! table.add("seed", "1", Cells::Whole(vec![3, 4]))?;
//! table.add("error", "", Cells::Words(vec![String::new(), "it diverged".to_owned()]))?;
//! assert_eq!(table.to_csv(), "rate,seed,error\n1.5,3,\nNaN,4,\"it diverged\"\n");
//! table.save(folder.path().join("rates.csv"))?;
//! assert!(folder.path().join("rates.csv-metadata.json").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

pub use super::cells::Cells;
use super::table::RowWriter;
use super::{IoError, Problem, ending, write_file};

/// A table whose columns have names, units and cells of one kind each.
#[derive(Debug, Clone, PartialEq)]
pub struct TidyTable {
    columns: Vec<Column>,
    provenance: Value,
}

#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    unit: String,
    cells: Cells,
}

impl TidyTable {
    /// Creates a table without columns. `provenance` says what made it.
    pub fn new(provenance: Value) -> Self {
        Self { columns: Vec::new(), provenance }
    }

    /// Adds a column. `unit` is `1` for pure numbers, and means nothing for words.
    ///
    /// # Errors
    /// Where another column has the name, or another number of rows.
    pub fn add(&mut self, name: &str, unit: &str, cells: Cells) -> Result<(), IoError> {
        let wrong = |why| {
            let problem = Problem::Name { name: name.to_owned(), why };
            Err(IoError::new("table", problem))
        };
        if self.columns.iter().any(|other| other.name == name) {
            return wrong("another column has it");
        }
        if self.columns.first().is_some_and(|first| first.cells.len() != cells.len()) {
            return wrong("its column has another number of rows than those before it");
        }
        self.columns.push(Column { name: name.to_owned(), unit: unit.to_owned(), cells });
        Ok(())
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// Returns the columns in order, each with its name and its unit.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &str, &Cells)> {
        self.columns.iter().map(|Column { name, unit, cells }| (name.as_str(), unit.as_str(), cells))
    }

    /// Writes the table to a file, whole or not at all, whose ending says how: `.csv`, or `.parquet` where the build has it. Beside a text, its units and
    /// what made it go to a file that is called as it is, with `-metadata.json` behind it, as the standard "CSV on the Web" has it.
    ///
    /// # Errors
    /// Where the file has another ending or cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), IoError> {
        let path = path.as_ref();
        match ending(path).as_str() {
            "csv" => {
                write_file(path, self.to_csv().as_bytes())?;
                write_file(metadata_path(path), self.to_metadata(path).as_bytes())
            }
            "parquet" => self.save_parquet(path),
            _ => Err(IoError::new(path.display(), Problem::Ending { expected: ".csv or .parquet" })),
        }
    }

    /// Returns the table as text, a line a row behind one with the names.
    pub fn to_csv(&self) -> String {
        let mut table = RowWriter::default();
        self.columns.iter().for_each(|column| table.word(&column.name));
        table.end_row();
        for row in 0..self.rows() {
            for column in &self.columns {
                match &column.cells {
                    Cells::Numbers(values) => table.number(values[row]),
                    Cells::Whole(values) => table.whole(values[row]),
                    Cells::Words(words) => table.word(&words[row]),
                }
            }
            table.end_row();
        }
        table.into_text()
    }

    /// Returns the units of the columns of a `.csv` and what made it.
    fn to_metadata(&self, path: &Path) -> String {
        let columns = self.columns.iter().map(|Column { name, unit, cells }| match cells {
            Cells::Numbers(_) => json!({"name": name, "datatype": "number", "unit": unit}),
            Cells::Whole(_) => json!({"name": name, "datatype": "integer", "unit": unit}),
            Cells::Words(_) => json!({"name": name, "datatype": "string"}),
        });
        let metadata = json!({
            "@context": "http://www.w3.org/ns/csvw",
            "url": path.file_name().unwrap_or_default().to_string_lossy(),
            "tableSchema": {"columns": columns.collect::<Vec<_>>()},
            "provenance": self.provenance,
        });
        format!("{metadata:#}\n")
    }

    /// Writes the table with `units` and `provenance` as JSON in the metadata of the file.
    #[cfg(feature = "parquet")]
    fn save_parquet(&self, path: &Path) -> Result<(), IoError> {
        let numbers = self.columns.iter().filter(|column| !matches!(column.cells, Cells::Words(_)));
        let units: serde_json::Map<String, Value> =
            numbers.map(|column| (column.name.clone(), column.unit.clone().into())).collect();
        let notes = [("units", Value::from(units).to_string()), ("provenance", self.provenance.to_string())];
        let columns = self.columns.iter().map(|column| (column.name.as_str(), &column.cells));
        let encoded = super::parquet::encode(columns, self.rows(), notes);
        let fail = |problem: parquet::errors::ParquetError| {
            IoError::new(path.display(), Problem::Parquet(problem.to_string()))
        };
        write_file(path, &encoded.map_err(fail)?)
    }

    #[cfg(not(feature = "parquet"))]
    fn save_parquet(&self, path: &Path) -> Result<(), IoError> {
        Err(IoError::new(
            path.display(),
            Problem::Ending { expected: ".csv (this build leaves `.parquet` out)" },
        ))
    }
}

/// Returns where the units of a `.csv` go.
pub fn metadata_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("-metadata.json");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_apart_and_have_one_length() {
        let mut table = TidyTable::new(Value::Null);
        assert_eq!((table.to_csv().as_str(), table.rows()), ("\n", 0));
        table.add("a", "mV", Cells::Numbers(vec![1.0])).unwrap();
        let error = table.add("a", "1", Cells::Whole(vec![1])).unwrap_err();
        assert_eq!(error.to_string(), "table: the name \"a\" cannot stand in a table: another column has it");
        let error = table.add("b", "1", Cells::Whole(vec![1, 2])).unwrap_err();
        assert!(error.to_string().contains("another number of rows"), "{error}");
        let error = table.save("table.xlsx").unwrap_err();
        assert!(
            error.to_string().contains(".csv or .parquet") && !Path::new("table.xlsx").exists(),
            "{error}"
        );
        assert_eq!(table.columns().map(|(name, unit, _)| (name, unit)).collect::<Vec<_>>(), [("a", "mV")]);
    }
}
