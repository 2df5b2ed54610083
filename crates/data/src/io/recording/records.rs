//! Records and the names that they may have.

use ndarray::{Array1, Array2};
use serde_json::Value;

use crate::io::Problem;
use crate::io::archive::check_member_name;

/// The beginning of the name of an array of times, before the name of the record that has them.
pub const TIMES_OF: &str = "ts.";

/// Names that the files use for something else than records.
pub const RESERVED: [&str; 4] = ["ts", "units", "labels", "provenance"];

/// The endings of files that hold records.
pub const ENDINGS: [&str; 3] = ["npz", "csv", "json"];

/// One recorded quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Unit of its values.
    pub unit: String,
    /// Times of its rows, in ms.
    pub ts: Array1<f64>,
    /// Its values, of shape `(time, node)`.
    pub values: Array2<f64>,
}

impl Column {
    /// Returns the time from row to row, in ms; `None` where rows are not evenly spaced or there is only one.
    pub fn interval(&self) -> Option<f64> {
        let (first, last) = (self.ts.first()?, self.ts.last()?);
        let interval = (last - first) / (self.ts.len().checked_sub(1)?.max(1) as f64);
        let even =
            self.ts.windows(2).into_iter().all(|pair| (pair[1] - pair[0] - interval).abs() < 1e-3 * interval);
        (interval > 0.0 && even).then_some(interval)
    }
}

/// Checks that a record can have this name in every kind of file, a file of its own included.
///
/// # Errors
/// Where files use the name for something else ([`RESERVED`], or what begins with [`TIMES_OF`]), or it cannot be the
/// name of a file: it is empty or too long, holds a slash, a backslash or a control character, or ends in `.npy`.
pub fn check_record_name(name: &str) -> Result<(), Problem> {
    check_member_name(name)?;
    let why = if RESERVED.contains(&name) {
        "files of runs use this name themselves"
    } else if name.starts_with(TIMES_OF) {
        "names that begin with `ts.` are those of times"
    } else if name.ends_with(".npy") {
        "the name ends in `.npy`"
    } else if name.contains('/') {
        "the name holds a slash, which parts folders"
    } else {
        return Ok(());
    };
    Err(Problem::MemberName { name: name.to_owned(), why })
}

/// Records to be written to a file.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// Times, in ms, of the records that have none of their own.
    pub ts: &'a Array1<f64>,
    /// The records.
    pub columns: &'a [Column],
    /// The settings that made them.
    pub provenance: &'a Value,
}

/// The content of a file: the records of a run, or measured signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The records.
    pub columns: Vec<Column>,
    /// The settings that made them, where the file says.
    pub provenance: Option<Value>,
    /// Names of the nodes, where the file has them.
    pub nodes: Option<Vec<String>>,
    /// Sentences about contents of the file that were left out or may be misunderstood.
    pub notes: Vec<String>,
}

impl Records<'_> {
    /// Returns the names of the nodes, as the settings that made the records have them; none where they have none.
    pub(super) fn labels(&self) -> Vec<&str> {
        let labels = self.provenance["labels"].as_array();
        labels.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

impl Recording {
    /// Returns the names of the columns of a record: those of the nodes, where there are as many.
    pub fn names_of(&self, column: &Column) -> Option<&[String]> {
        self.nodes.as_deref().filter(|names| names.len() == column.values.ncols())
    }

    /// Takes the names of the nodes from the settings that made the records, where the file has none elsewhere.
    pub(super) fn named(mut self) -> Self {
        let labels = self.provenance.as_ref().and_then(|provenance| provenance["labels"].as_array());
        if let (None, Some(labels)) = (&self.nodes, labels) {
            let names: Vec<String> =
                labels.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
            self.nodes = (!names.is_empty()).then_some(names);
        }
        self
    }

    /// Returns the model that made the records, where the file says.
    pub fn model(&self) -> Option<&str> {
        self.provenance.as_ref()?["model"].as_str()
    }
}
