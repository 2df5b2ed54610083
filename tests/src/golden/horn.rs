//! Layers and stacks of HORN cells. The cases of the reference do not divide the recurrent drive by sqrt(n), a known defect: there, the gain
//! is set to 1.

use brainmass::sequence::{Layer, SequenceLayer, SequenceNetwork};
use brainmass::zoo::{HORNSeqLayer, HORNSeqNetwork};
use brainmass::{Model, Run};
use ndarray::{Array1, Array2};
use serde_json::Value;

use super::read::{number, numbers, rows};
use super::{Deviation, Outcome};

/// Why a case cannot be run: the gain can be set, but x(0) is always part of the past.
fn skipped(case: &Value) -> Option<Outcome> {
    let defect = case["known_defect"].as_str()?;
    let reason = defect.split("; ").find(|part| part.contains("at time 0"))?;
    Some(Outcome::Skipped(format!("the reference is wrong here: {reason}")))
}

/// `horn_layer`.
pub fn layer(case: &Value) -> Result<Outcome, String> {
    if let Some(outcome) = skipped(case) {
        return Ok(outcome);
    }
    let cells = case["n_nodes"].as_u64().unwrap_or(0) as usize;
    let layer = built(case, &case["layer"], cells);
    let sequence = rows(&case["inputs"]["inputs"]["value"]);
    let run = layer.forward(sequence.view(), number(&case["dt_ms"])).map_err(|error| error.to_string())?;
    let mut deviation = Deviation::default();
    for (name, series) in case["recorded"].as_object().into_iter().flatten() {
        deviation.add(name, &numbers(&series["values"]), &recorded(case, &run, name)?);
    }
    Ok(deviation.finish())
}

/// `horn_network`.
pub fn network(case: &Value) -> Result<Outcome, String> {
    if let Some(outcome) = skipped(case) {
        return Ok(outcome);
    }
    let cells = numbers(&case["n_nodes"]);
    let layers = case["layers"].as_array().ok_or("the case has no layers")?;
    let layers = layers.iter().zip(cells).map(|(layer, cells)| built(case, layer, cells as usize));
    let readout = &case["readout"];
    let network = HORNSeqNetwork::of(layers).readout(rows(&readout["W_out"]), numbers(&readout["b_out"]));
    let sequence = rows(&case["inputs"]["inputs"]["value"]);
    let run = network.forward(sequence.view(), number(&case["dt_ms"])).map_err(|error| error.to_string())?;
    let mut deviation = Deviation::default();
    for (name, series) in case["recorded"].as_object().into_iter().flatten() {
        let (state, layer) =
            name.split_once("_layer_").ok_or_else(|| format!("`{name}` is not of a layer"))?;
        let index = layer.parse::<usize>().map_err(|error| error.to_string())?;
        let layer =
            run.layers.get(index.wrapping_sub(1)).ok_or_else(|| format!("there is no layer {index}"))?;
        deviation.add(name, &numbers(&series["values"]), &recorded(case, layer, state)?);
    }
    deviation.add("output", &numbers(&case["output"]), &run.output.to_vec());
    Ok(deviation.finish())
}

/// The layer of a case. With delays, the reference has targets in the rows of `W_rec`, and no recurrent bias.
fn built(case: &Value, entry: &Value, cells: usize) -> Layer {
    let parameters = case["params"].as_object().into_iter().flatten();
    let model = parameters.fold(HORNSeqLayer::new(cells), |model, (name, entry)| {
        model.parameter(name, values(&entry["value"]))
    });
    let mut layer = model
        .initial("x", values(&entry["x0"]))
        .initial("y", values(&entry["y0"]))
        .reading(rows(&entry["W_in"]))
        .b_in(numbers(&entry["b_in"]));
    let w_rec: Array2<f64> = rows(&entry["W_rec"]);
    layer = if entry["delay_ms"].is_null() {
        layer.recurrent(w_rec).b_rec(numbers(&entry["b_rec"]))
    } else {
        let delays = rows(&entry["delay_ms"]).reversed_axes();
        layer.recurrent(w_rec.reversed_axes()).delays(delays).history(values(&entry["history"]))
    };
    if case["known_defect"].is_null() { layer } else { layer.gain(1.0) }
}

fn values(entry: &Value) -> brainmass::Values {
    if entry.is_array() { Array1::from(numbers(entry)).into() } else { number(entry).into() }
}

/// The rows of a run that a case records.
fn recorded(case: &Value, run: &Run, name: &str) -> Result<Vec<f64>, String> {
    let values = run.get(name).ok_or_else(|| format!("there is no state `{name}`"))?;
    let steps = numbers(&case["recorded_steps"]);
    Ok(steps.into_iter().flat_map(|step| values.row(step as usize - 1).to_vec()).collect())
}
