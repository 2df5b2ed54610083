//! Coupling rules as functions of what is sent.

use brainmass::coupling::currents;
use ndarray::{ArrayView1, ArrayView2};
use serde_json::Value;

use super::network::rule;
use super::read::{number, numbers};
use super::{Outcome, compare};

/// `coupling_function`: leading axes are a batch; the last two are target and source, which may be written as one.
pub fn run(case: &Value) -> Result<Outcome, String> {
    let arguments = &case["args"];
    let function = case["function"].as_str().unwrap_or_default();
    let mut rule = rule(function.trim_end_matches("_coupling"))?;
    let info = rule.settings().shared_info();
    for (name, value) in arguments.as_object().into_iter().flatten() {
        if let Some(index) = info.parameter(name) {
            rule.settings_mut()
                .set(index, if value.is_array() { numbers(value).into() } else { number(value).into() });
        }
    }
    let expected = numbers(&case["output"]);
    let (sending, weights) = (numbers(&arguments["x"]), numbers(&arguments["conn"]));
    // The output has a number for each target of each item of the batch, and `x` has as many numbers an item as there are weights.
    let items = sending.len() / weights.len();
    let targets = expected.len() / items;
    let shape = (targets, weights.len() / targets);
    let matrix = |numbers: &'_ [f64]| -> Result<_, String> {
        ArrayView2::from_shape(shape, numbers).map(|view| view.to_owned()).map_err(|error| error.to_string())
    };
    let receiving = match &arguments["y"] {
        Value::Null => vec![0.0; expected.len()],
        own => numbers(own),
    };
    let mut actual = Vec::new();
    for (sending, receiving) in sending.chunks(weights.len()).zip(receiving.chunks(targets)) {
        let (sending, weights) = (matrix(sending)?, matrix(&weights)?);
        let out = currents(rule.as_ref(), weights.view(), sending.view(), ArrayView1::from(receiving));
        actual.extend(out.map_err(|error| error.to_string())?);
    }
    Ok(compare("output", &expected, &actual))
}
