//! Records as JSON.

use std::path::Path;

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::records::{Column, Recording, Records};
use crate::io::{IoError, Problem, read_file};

/// The largest `.json` file that is read: 256 MiB, whose rows may take eight times as much memory.
pub const JSON_LIMIT: u64 = 256 << 20;

/// A number; JSON has none that are not finite, and `null` in place of them.
#[derive(Deserialize)]
#[serde(from = "Option<f64>")]
struct Number(f64);

impl From<Option<f64>> for Number {
    fn from(number: Option<f64>) -> Self {
        Self(number.unwrap_or(f64::NAN))
    }
}

#[derive(Deserialize)]
struct ReadRun {
    ts: Vec<Number>,
    records: Vec<ReadRecord>,
    provenance: Option<Value>,
}

#[derive(Deserialize)]
struct ReadRecord {
    name: String,
    unit: Option<String>,
    values: Vec<Vec<Number>>,
    ts: Option<Vec<Number>>,
}

#[derive(Serialize)]
struct WrittenRun<'a> {
    provenance: &'a Value,
    records: Vec<WrittenRecord<'a>>,
    ts: Vec<f64>,
}

#[derive(Serialize)]
struct WrittenRecord<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<Vec<f64>>,
    unit: &'a str,
    values: Vec<Vec<f64>>,
}

impl Records<'_> {
    /// Returns the records as the text of a `.json` file, see the [module](super).
    pub fn to_json(&self) -> String {
        let records = self.columns.iter().map(|column| WrittenRecord {
            name: &column.name,
            ts: (column.ts != *self.ts).then(|| column.ts.to_vec()),
            unit: &column.unit,
            values: column.values.rows().into_iter().map(|row| row.to_vec()).collect(),
        });
        let run =
            WrittenRun { provenance: self.provenance, records: records.collect(), ts: self.ts.to_vec() };
        // Text and numbers are always expressed.
        serde_json::to_string(&run).unwrap_or_default()
    }
}

pub(super) fn open(path: &Path) -> Result<Recording, IoError> {
    let bytes = read_file(path, JSON_LIMIT)?;
    read(&bytes).map_err(|why| IoError::new(path.display(), Problem::Recording(why)))
}

fn read(bytes: &[u8]) -> Result<Recording, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let run: ReadRun = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let numbers = |list: Vec<Number>| list.into_iter().map(|number| number.0).collect::<Array1<f64>>();
    let ts = numbers(run.ts);
    let column = |ReadRecord { name, unit, values, ts: own }: ReadRecord| {
        let shape = (values.len(), values.first().map_or(0, Vec::len));
        if values.iter().any(|row| row.len() != shape.1) {
            return Err(format!("the rows of `{name}` have different lengths"));
        }
        let values = values.into_iter().flatten().map(|number| number.0).collect();
        let values = Array2::from_shape_vec(shape, values).map_err(|error| error.to_string())?;
        let ts = own.map_or_else(|| ts.clone(), numbers);
        Ok(Column { name, unit: unit.unwrap_or_else(|| "1".to_owned()), ts, values })
    };
    let columns = run.records.into_iter().map(column).collect::<Result<_, _>>()?;
    Ok(Recording { columns, provenance: run.provenance, nodes: None, notes: Vec::new() })
}
