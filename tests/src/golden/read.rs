//! Reading arrays out of a case.

use ndarray::Array2;
use serde_json::Value;

use super::{Deviation, Outcome};

/// Every number of a nested list in order; `null` is NaN.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap_or(f64::NAN)],
    }
}

/// A number; NaN if there is none.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// A list of lists as rows. All but the first axis are joined; a plain list is a column.
pub fn rows(value: &Value) -> Array2<f64> {
    let rows = value.as_array().map_or(0, Vec::len);
    let numbers = numbers(value);
    let columns = numbers.len().checked_div(rows).unwrap_or(0);
    Array2::from_shape_vec((rows, columns), numbers).unwrap_or_default()
}

/// Reads rows as [`rows`] does, but only the last axis makes the columns: a plain list is a row.
pub fn last_axis(value: &Value) -> Array2<f64> {
    let mut inner = value;
    while let Some(first) = inner.get(0).filter(|first| first.is_array()) {
        inner = first;
    }
    let columns = inner.as_array().map_or(0, Vec::len);
    let numbers = numbers(value);
    let rows = numbers.len().checked_div(columns).unwrap_or(0);
    Array2::from_shape_vec((rows, columns), numbers).unwrap_or_default()
}

/// The outcome of a comparison that may break off with an error of the library.
pub fn outcome<E: std::fmt::Display>(compare: impl FnOnce(&mut Deviation) -> Result<(), E>) -> Outcome {
    let mut deviation = Deviation::default();
    if let Err(error) = compare(&mut deviation) {
        deviation.fail(error.to_string());
    }
    deviation.finish()
}

/// An array as a list of numbers, row by row.
pub fn flat(array: &Array2<f64>) -> Vec<f64> {
    array.iter().copied().collect()
}
