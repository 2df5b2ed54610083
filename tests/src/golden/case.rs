//! Reading the parts of a case.

use brainmass::{Quantity, Values};
use serde_json::Value;

/// All numbers in a value, however deeply nested, row by row; `null` is NaN.
pub fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        Value::Null => vec![f64::NAN],
        number => vec![number.as_f64().unwrap_or(f64::NAN)],
    }
}

/// `{"value": ..., "unit": ...}`: one number or one a node. The unit `1` stands for the unit that the model declares.
pub fn quantity(entry: &Value) -> Result<Values, String> {
    let numbers = flat(&entry["value"]);
    let unit = entry["unit"].as_str().unwrap_or("1");
    let per_node = entry["value"].is_array();
    if unit == "1" {
        return Ok(if per_node { Values::PerNode(numbers) } else { Values::Scalar(numbers[0]) });
    }
    let with_unit = |value: f64| Quantity::new(value, unit).map_err(|error| error.to_string());
    if per_node {
        numbers.into_iter().map(with_unit).collect::<Result<_, _>>().map(Values::Quantities)
    } else {
        with_unit(numbers[0]).map(Values::Quantity)
    }
}
