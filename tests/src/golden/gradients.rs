//! Values and gradients of losses over whole runs.

use brainmass::{Loss, Network, Quantity, Simulator};
use serde_json::Value;

use super::read::{number, numbers};
use super::trajectory::{population, prepared};
use super::{Deviation, Outcome, names, network};

/// Runs a case of kind `gradient`: one node model.
pub fn of_nodes(case: &Value) -> Result<Outcome, String> {
    compare(case, population(case)?.into())
}

/// Runs a case of kind `gradient_network`.
pub fn of_network(case: &Value) -> Result<Outcome, String> {
    compare(case, network::network(case, &case["network"], population(case)?)?)
}

/// One number of the case, by our name: the derivatives expected, and how many of the case's unit are one of ours.
struct Part {
    name: String,
    expected: Vec<f64>,
    factor: f64,
}

fn compare(case: &Value, network: Network) -> Result<Outcome, String> {
    let model = case["model"].as_str().unwrap_or_default();
    let info = brainmass::find_model(names::model(model))?.info;
    let mut parts = Vec::new();
    let mut add = |group: &str, name: &str, unit: Option<&str>, entry: &Value, key: &str| {
        let factor = factor(case[group][key]["unit"].as_str().unwrap_or("1"), unit.unwrap_or("1"))?;
        parts.push(Part { name: name.to_owned(), expected: numbers(&entry["value"]), factor });
        Ok::<(), String>(())
    };
    let grad = &case["grad"];
    for (key, entry) in grad["params"].as_object().into_iter().flatten() {
        let Some(name) = names::parameter(model, key) else { continue };
        let unit = info.parameter(name).map(|index| info.parameters[index].unit.as_str());
        add("params", name, unit, entry, key)?;
    }
    for (key, entry) in grad["init"].as_object().into_iter().flatten() {
        let unit = info.state(key).map(|index| info.states[index].unit.as_str());
        add("init", &format!("init_{key}"), unit, entry, key)?;
    }
    for (key, entry) in grad["inputs"].as_object().into_iter().flatten() {
        let unit = info.input(key).map(|index| info.inputs[index].unit.as_str());
        add("inputs", key, unit, entry, key)?;
    }
    for (key, entry) in grad["network"].as_object().into_iter().flatten() {
        let name = if key == "conn" { "weights" } else { key };
        let mut expected = numbers(&entry["value"]);
        if key == "conn" {
            // Only where there is a connection.
            let given = numbers(&case["network"]["conn"]);
            let both = expected.iter().zip(&given).filter(|(_, weight)| **weight != 0.0);
            expected = both.map(|(slope, _)| *slope).collect();
        }
        parts.push(Part { name: name.to_owned(), expected, factor: 1.0 });
    }
    run(case, prepared(case, network)?, &parts)
}

/// Returns how many of the unit of a case are one of ours; `1` stands for the unit that the model declares.
fn factor(theirs: &str, ours: &str) -> Result<f64, String> {
    if theirs == "1" {
        return Ok(1.0);
    }
    let one = Quantity::new(1.0, theirs).map_err(|error| error.to_string())?;
    one.in_unit(ours).ok_or_else(|| format!("{theirs} is not {ours}"))
}

fn run(case: &Value, simulator: Simulator, parts: &[Part]) -> Result<Outcome, String> {
    let observable = case["loss"]["observable"].as_str().ok_or("the loss has no observable")?;
    let duration = number(&case["n_steps"]) * number(&case["dt_ms"]);
    let by: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    // Each case goes through checkpoints too: a memory that holds few of its steps changes no bit.
    let simulator = simulator.record([observable]);
    let gradient = |simulator: &Simulator| {
        simulator
            .gradient(duration, &by, |run| {
                let values = &run[observable];
                let count = values.len() as f64;
                Ok(Loss::new((values * values).sum() / count).by(observable, 2.0 / count * values))
            })
            .map_err(|error| error.to_string())
    };
    let stored = gradient(&simulator)?;
    let mut deviation = Deviation::default();
    deviation.add("value", &[number(&case["value"])], &[stored.value]);
    for part in parts {
        let actual: Vec<f64> = stored[&part.name].iter().map(|slope| slope * part.factor).collect();
        deviation.add(&part.name, &part.expected, &actual);
    }
    let again = gradient(&simulator.gradient_memory(40_000))?;
    if again.flat() != stored.flat() {
        deviation.fail("other bits with checkpoints".to_owned());
    }
    Ok(deviation.finish())
}
