//! The provenance of results, wherever their formats keep it: in the file, or in one beside a table, which has no place for it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::json::JSON_LIMIT;
use crate::digest::Digest;
use crate::io::npz::Npz;
use crate::io::table::TEXT_LIMIT;
use crate::io::{IoError, Problem, ending, read_file, write_file};

/// Returns the path of the file that holds the provenance of a table: `run.csv` has `run.csv.provenance.json` beside it.
pub fn provenance_path(table: impl AsRef<Path>) -> PathBuf {
    let mut name = table.as_ref().as_os_str().to_owned();
    name.push(".provenance.json");
    name.into()
}

/// Writes a table, and beside it the provenance with the digest of the table, which tells whether the two belong together.
///
/// # Errors
/// Where one of the two cannot be written.
pub fn write_table(path: impl AsRef<Path>, table: &[u8], provenance: &Value) -> Result<(), IoError> {
    let path = path.as_ref();
    write_file(path, table)?;
    let beside = json!({ "digest": Digest::of(table).to_string(), "provenance": provenance });
    write_file(provenance_path(path), format!("{beside:#}\n").as_bytes())
}

/// Reads the provenance beside a table of these bytes; a sentence where it is that of another table. `None` where there is no such file.
pub(super) fn beside(path: &Path, table: &[u8]) -> Result<Option<Result<Value, String>>, IoError> {
    let beside = provenance_path(path);
    if !beside.exists() {
        return Ok(None);
    }
    let fail = |why: String| IoError::new(beside.display(), Problem::Provenance(why));
    let mut read: Value =
        serde_json::from_slice(&read_file(&beside, JSON_LIMIT)?).map_err(|error| fail(error.to_string()))?;
    let Some(digest) = read["digest"].as_str() else { return Err(fail("there is no `digest`".to_owned())) };
    if digest != Digest::of(table).to_string() {
        let why =
            format!("the table was changed after `{}` was written, which is left aside", beside.display());
        return Ok(Some(Err(why)));
    }
    Ok(Some(Ok(read["provenance"].take())))
}

/// Reads the provenance that a result keeps: the member `provenance` of an `.npz` or `.json` file, or the file beside a `.csv`. `None` where
/// there is none.
///
/// # Errors
/// Where the ending is another, the file cannot be read, or what is said to be its provenance is no JSON or belongs to another table.
pub fn provenance_of(path: impl AsRef<Path>) -> Result<Option<Value>, IoError> {
    let path = path.as_ref();
    let fail = |problem| IoError::new(path.display(), problem);
    match ending(path).as_str() {
        "npz" => {
            let Some(array) = Npz::open(path)?.find("provenance")? else { return Ok(None) };
            let lines = array.into_strings()?;
            let text = lines.first().map_or("", String::as_str);
            let value = serde_json::from_str(text);
            value
                .map(Some)
                .map_err(|error| fail(Problem::Recording(format!("its provenance is no JSON: {error}"))))
        }
        "json" => {
            let read = serde_json::from_slice::<Value>(&read_file(path, JSON_LIMIT)?);
            let mut value = read.map_err(|error| fail(Problem::Recording(error.to_string())))?;
            Ok(value.get_mut("provenance").map(Value::take).filter(|value| !value.is_null()))
        }
        "csv" => match beside(path, &read_file(path, TEXT_LIMIT)?)? {
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(note)) => Err(fail(Problem::Recording(note))),
            None => Ok(None),
        },
        _ => Err(fail(Problem::Ending { expected: ".npz, .csv or .json" })),
    }
}
