//! Comparison of the arrays of two results.

use std::fmt;
use std::path::Path;

use ndarray::ArrayD;
use serde_json::Value;

use super::json::JSON_LIMIT;
use super::records::{Recording, TIMES_OF};
use crate::io::npz::Npz;
use crate::io::{IoError, Problem, ending, read_file};

/// An array of a result, under its name.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultArray {
    /// The name.
    pub name: String,
    /// The values.
    pub values: ResultValues,
}

/// The values of an array of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum ResultValues {
    /// Numbers of any shape.
    Numbers(ArrayD<f64>),
    /// Texts, such as names and units.
    Texts(Vec<String>),
}

/// Reads the arrays of a result: all of an `.npz` but its provenance, the records of a `.csv` or `.json` with their times, or the numbers under each
/// key of another `.json`, such as the result of a fit.
///
/// # Errors
/// Where the file cannot be read or its ending is another.
pub fn arrays_of(path: impl AsRef<Path>) -> Result<Vec<ResultArray>, IoError> {
    let path = path.as_ref();
    match ending(path).as_str() {
        "npz" => {
            let file = Npz::open(path)?;
            let names = file.names().filter(|name| *name != "provenance");
            let array = |name: &str| {
                let array = file.get(name)?;
                let values = match array.clone().into_strings() {
                    Ok(texts) => ResultValues::Texts(texts),
                    Err(_) => ResultValues::Numbers(array.into_numbers()?.into_dyn()),
                };
                Ok(ResultArray { name: name.to_owned(), values })
            };
            names.map(array).collect()
        }
        "json" => {
            let read = serde_json::from_slice::<Value>(&read_file(path, JSON_LIMIT)?);
            let value =
                read.map_err(|error| IoError::new(path.display(), Problem::Recording(error.to_string())))?;
            match &value {
                Value::Object(entries) if !entries.contains_key("records") => Ok(numbers_of(entries)),
                _ => Ok(records_of(&Recording::open(path)?)),
            }
        }
        _ => Ok(records_of(&Recording::open(path)?)),
    }
}

/// The numbers under each key.
fn numbers_of(entries: &serde_json::Map<String, Value>) -> Vec<ResultArray> {
    fn gather(value: &Value, numbers: &mut Vec<f64>) {
        match value {
            Value::Number(number) => numbers.extend(number.as_f64()),
            Value::Null => numbers.push(f64::NAN),
            Value::Array(items) => items.iter().for_each(|item| gather(item, numbers)),
            Value::Object(entries) => entries.values().for_each(|value| gather(value, numbers)),
            Value::Bool(_) | Value::String(_) => {}
        }
    }
    let entries = entries.iter().filter(|(key, _)| *key != "provenance");
    let arrays = entries.map(|(key, value)| {
        let mut numbers = Vec::new();
        gather(value, &mut numbers);
        ResultArray {
            name: key.clone(),
            values: ResultValues::Numbers(ndarray::Array1::from(numbers).into_dyn()),
        }
    });
    arrays.collect()
}

/// The records of a run and their times.
pub fn records_of(recording: &Recording) -> Vec<ResultArray> {
    let arrays = recording.columns.iter().flat_map(|column| {
        let times = format!("{TIMES_OF}{}", column.name);
        let array =
            |name: String, values: ArrayD<f64>| ResultArray { name, values: ResultValues::Numbers(values) };
        [
            array(column.name.clone(), column.values.clone().into_dyn()),
            array(times, column.ts.clone().into_dyn()),
        ]
    });
    arrays.collect()
}

/// The difference between an array of one result and that of the other.
#[derive(Debug, Clone, PartialEq)]
pub enum ArrayDifference {
    /// The first result alone has it.
    OnlyFirst,
    /// The second result alone has it.
    OnlySecond,
    /// The shapes differ.
    Shape {
        /// The shape in the first result.
        first: Vec<usize>,
        /// The shape in the second result.
        second: Vec<usize>,
    },
    /// The texts differ, or one of them has texts and the other numbers.
    Texts,
    /// Numbers differ.
    Numbers {
        /// The number of those that differ.
        count: usize,
        /// The number of all of them.
        of: usize,
        /// The largest absolute difference; infinite where a number is finite in one result alone.
        absolute: f64,
        /// The largest difference relative to the larger of the two magnitudes.
        relative: f64,
        /// The place of the first difference, an index for each dimension.
        first: Vec<usize>,
    },
}

/// Writes for example `12 of 600 values differ, by 1.2e-9 at most (3.4e-10 relative), first at [3, 0]`.
impl fmt::Display for ArrayDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnlyFirst => f.write_str("only in the first"),
            Self::OnlySecond => f.write_str("only in the second"),
            Self::Shape { first, second } => write!(f, "has the shapes {first:?} and {second:?}"),
            Self::Texts => f.write_str("texts differ"),
            Self::Numbers { count, of, absolute, relative, first } => write!(
                f,
                "{count} of {of} values differ, by {absolute:.2e} at most ({relative:.2e} relative), first at {first:?}"
            ),
        }
    }
}

/// Compares the arrays of two results, in the order of the first; arrays that are equal to the bit are left out. All NaN count as equal.
pub fn compare(first: &[ResultArray], second: &[ResultArray]) -> Vec<(String, ArrayDifference)> {
    let find = |arrays: &[ResultArray], name: &str| arrays.iter().position(|array| array.name == name);
    let mut found = Vec::new();
    for array in first {
        let difference = match find(second, &array.name) {
            None => Some(ArrayDifference::OnlyFirst),
            Some(index) => difference(&array.values, &second[index].values),
        };
        found.extend(difference.map(|difference| (array.name.clone(), difference)));
    }
    let further = second.iter().filter(|array| find(first, &array.name).is_none());
    found.extend(further.map(|array| (array.name.clone(), ArrayDifference::OnlySecond)));
    found
}

fn difference(first: &ResultValues, second: &ResultValues) -> Option<ArrayDifference> {
    let (first, second) = match (first, second) {
        (ResultValues::Numbers(first), ResultValues::Numbers(second)) => (first, second),
        (first, second) => return (first != second).then_some(ArrayDifference::Texts),
    };
    if first.shape() != second.shape() {
        let [first, second] = [first, second].map(|array| array.shape().to_vec());
        return Some(ArrayDifference::Shape { first, second });
    }
    let (mut count, mut absolute, mut relative, mut place) = (0, 0.0_f64, 0.0_f64, None);
    for ((at, one), other) in first.indexed_iter().zip(second) {
        if one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan()) {
            continue;
        }
        count += 1;
        place.get_or_insert_with(|| ndarray::Dimension::slice(&at).to_vec());
        let apart = (one - other).abs();
        let apart = if apart.is_nan() { f64::INFINITY } else { apart };
        absolute = absolute.max(apart);
        let size = one.abs().max(other.abs());
        let share = if apart == 0.0 { 0.0 } else { apart / size };
        relative = relative.max(if share.is_nan() { f64::INFINITY } else { share });
    }
    let of = first.len();
    place.map(|first| ArrayDifference::Numbers { count, of, absolute, relative, first })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn numbers(name: &str, values: ArrayD<f64>) -> ResultArray {
        ResultArray { name: name.to_owned(), values: ResultValues::Numbers(values) }
    }

    #[test]
    fn arrays_are_compared_by_name_bit_by_bit() {
        let first = [
            numbers("same", array![1.0, f64::NAN, -0.0].into_dyn()),
            numbers("x", array![[1.0, 2.0], [3.0, 4.0]].into_dyn()),
            numbers("shape", array![1.0, 2.0].into_dyn()),
            numbers("zero", array![0.0].into_dyn()),
            numbers("infinite", array![f64::INFINITY, 1.0].into_dyn()),
            numbers("gone", array![0.0].into_dyn()),
        ];
        let second = [
            numbers("x", array![[1.0, 2.5], [3.0, 2.0]].into_dyn()),
            numbers("same", array![1.0, f64::NAN, -0.0].into_dyn()),
            numbers("shape", array![[1.0, 2.0]].into_dyn()),
            numbers("zero", array![-0.0].into_dyn()),
            numbers("infinite", array![1.0, f64::NAN].into_dyn()),
            numbers("new", array![0.0].into_dyn()),
        ];
        let of = |count, of, absolute, relative, first: &[usize]| ArrayDifference::Numbers {
            count,
            of,
            absolute,
            relative,
            first: first.to_vec(),
        };
        let expected = [
            ("x", of(2, 4, 2.0, 0.5, &[0, 1])),
            ("shape", ArrayDifference::Shape { first: vec![2], second: vec![1, 2] }),
            ("zero", of(1, 1, 0.0, 0.0, &[0])),
            ("infinite", of(2, 2, f64::INFINITY, f64::INFINITY, &[0])),
            ("gone", ArrayDifference::OnlyFirst),
            ("new", ArrayDifference::OnlySecond),
        ];
        let expected: Vec<_> =
            expected.into_iter().map(|(name, difference)| (name.to_owned(), difference)).collect();
        assert_eq!(compare(&first, &second), expected);
        assert_eq!(compare(&first, &first), []);
    }
}
