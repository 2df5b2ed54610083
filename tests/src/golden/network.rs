//! Runs of networks.

use brainmass::any::AnyModel;
use brainmass::connectome::LaplacianNormalization;
use brainmass::coupling::AnyRule;
use brainmass::network::{History, Wiring};
use brainmass::{Network, Quantity};
use ndarray::Array2;
use serde_json::Value;

use super::read::{number, numbers, rows};
use super::trajectory::{self, population};
use super::{Outcome, models, names, quantity};

/// Runs a case of kind `network`.
pub fn run(case: &Value) -> Result<Outcome, String> {
    let settings = &case["network"];
    let model = population(case)?;
    let nodes = model.population().nodes();
    let simulator = trajectory::prepared(case, network(case, settings, model)?)?;
    if settings["delay_steps"].is_array() {
        let steps = numbers(&settings["delay_steps"]);
        let weights = rows(&settings["conn_effective"]);
        let connected = |at: &usize| weights[[at / nodes, at % nodes]] != 0.0;
        let longest = (0..steps.len()).filter(connected).map(|at| steps[at]).fold(0.0, f64::max);
        let longest = longest * number(&case["dt_ms"]);
        let ours = simulator.start().map_err(|error| error.to_string())?.projections()[0].longest_delay;
        if (ours - longest).abs() > 1e-9 * longest {
            return Err(format!("the longest delay is {ours} ms, {longest} ms are expected"));
        }
    }
    trajectory::compare_run(case, simulator)
}

/// The network of a case.
pub fn network(case: &Value, settings: &Value, model: Box<dyn AnyModel>) -> Result<Network, String> {
    let coupling = settings["coupling"].as_str().unwrap_or_default();
    let signal = settings["coupled_var"].as_str().unwrap_or_default();
    let port = settings["target_port"].as_str().unwrap_or_default();
    let mut weights = rows(&settings["conn"]);
    let wrong_laplacian = case["known_defect"].as_str().is_some_and(|defect| defect.contains("W*exp(W)"));
    if wrong_laplacian {
        // What the reference takes the Laplacian of.
        weights.mapv_inplace(|weight| weight * weight.exp());
    }
    let info = model.population().shared_info();
    let unit = info.state(signal).map_or("1", |index| &info.states[index].unit);
    let wiring: Wiring = match &settings["distance"] {
        Value::Null => weights.into(),
        distance => (weights, rows(&distance["value"])).into(),
    };
    let mut network = Network::new(model, wiring)
        .coupling(rule(coupling)?, signal)
        .to(port)
        .k(match &settings["k"]["value"] {
            Value::Array(each) => each.iter().map(number).collect::<Vec<f64>>().into(),
            k => brainmass::Values::Scalar(number(k)),
        })
        .self_connections(settings["self_connection"] == true);
    if coupling == "laplacian" {
        network = network.normalize(match settings["laplacian_param"]["normalize"].as_str() {
            Some("rw") => LaplacianNormalization::RandomWalk,
            Some("sym") => LaplacianNormalization::Symmetric,
            _ => LaplacianNormalization::None,
        });
    }
    if !settings["speed"].is_null() {
        network = network.speed(speed(&settings["speed"])?);
    }
    if !settings["history"].is_null() {
        let mut history = settings["history"].clone();
        if history["unit"] == unit {
            history["unit"] = "1".into();
        }
        network = network.history(History::Constant(quantity(&history)?));
    }
    Ok(network)
}

fn speed(entry: &Value) -> Result<brainmass::network::Speed, String> {
    let value = number(&entry["value"]);
    match entry["unit"].as_str() {
        None | Some("1") => Ok(value.into()),
        Some(unit) => Quantity::new(value, unit).map(Into::into).map_err(|error| error.to_string()),
    }
}

/// Our rule for a coupling of the reference.
pub fn rule(coupling: &str) -> Result<Box<dyn AnyRule>, String> {
    models::rule(names::rule(coupling)?)
}

/// `laplacian` and `laplacian_param`: the reference takes the latter of `W exp(W)`, a known defect.
pub fn laplacian(case: &Value) -> Outcome {
    let mut weights: Array2<f64> = rows(&case["W"]);
    if case["mask"].is_array() {
        weights.mapv_inplace(|weight| weight * weight.exp());
        weights *= &rows(&case["mask"]);
    }
    let form = match case["normalize"].as_str() {
        Some("rw") => LaplacianNormalization::RandomWalk,
        Some("sym") => LaplacianNormalization::Symmetric,
        _ => LaplacianNormalization::None,
    };
    let actual = brainmass::connectome::laplacian(weights.view(), form, number(&case["eps"]));
    super::compare("output", &numbers(&case["output"]), &super::read::flat(&actual))
}
