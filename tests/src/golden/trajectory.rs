//! Runs of one node model.

use brainmass::any::AnyModel;
use brainmass::{Input, Network, Simulator, Values};
use brainmass_spec::problem::suggestion;
use ndarray::Array2;
use serde_json::Value;

use super::{Deviation, Outcome, flat, models, names, quantity};

/// Runs a case of kind `trajectory`.
pub fn run(case: &Value) -> Result<Outcome, String> {
    compare_run(case, prepared(case, population(case)?)?)
}

/// Runs a simulation and compares what the case records.
pub fn compare_run(case: &Value, simulator: Simulator) -> Result<Outcome, String> {
    let steps = case["n_steps"].as_u64().unwrap_or(0) as f64;
    let dt = case["dt_ms"].as_f64().unwrap_or(f64::NAN);
    let recorded = case["recorded"].as_object().ok_or("the case records nothing")?;
    let model = case["model"].as_str().unwrap_or_default();
    let run = simulator
        .record(recorded.keys().map(|name| names::signal(model, name)))
        .every(case["record_every"].as_u64().unwrap_or(1) as usize)
        .run(steps * dt)
        .map_err(|error| error.to_string())?;
    let mut deviation = Deviation::default();
    for (name, series) in recorded {
        let values = run.get(names::signal(model, name)).ok_or("a record is missing")?;
        deviation.add(name, &flat(&series["values"]), &values.iter().copied().collect::<Vec<_>>());
    }
    Ok(deviation.finish())
}

/// A simulation with the time step, scheme and inputs of a case.
pub fn prepared(case: &Value, network: impl Into<Network>) -> Result<Simulator, String> {
    let method = case["method"].as_str().unwrap_or("exp_euler");
    let dt = case["dt_ms"].as_f64().ok_or("the case has no dt_ms")?;
    let mut simulator = Simulator::new(network).dt(dt).scheme(names::scheme(method)?);
    for (port, input) in case["inputs"].as_object().into_iter().flatten() {
        simulator = simulator.input(port, source(input)?);
    }
    Ok(simulator)
}

/// The population of a case: its model with parameters and initial states.
pub fn population(case: &Value) -> Result<Box<dyn AnyModel>, String> {
    let name = case["model"].as_str().unwrap_or_default();
    let mut model = models::nodes(names::model(name), case["n_nodes"].as_u64().unwrap_or(1) as usize)?;
    let population = model.population_mut();
    let info = population.shared_info();
    let nodes = population.nodes();
    for (key, entry) in case["params"].as_object().into_iter().flatten() {
        if key == "conn" {
            let weights =
                Array2::from_shape_vec((nodes, nodes), flat(&entry["value"])).map_err(|e| e.to_string())?;
            population.set_weights(weights);
            continue;
        }
        let Some(key) = names::parameter(name, key) else { continue };
        let known = info.parameters.iter().map(|parameter| &parameter.name);
        let index = info
            .parameter(key)
            .ok_or_else(|| format!("parameter `{key}`: {}", suggestion(key, "parameters", known)))?;
        population.set_parameter(index, quantity(entry)?);
    }
    // What the corrected f-I curve of WongWangStep has in place of the threshold.
    for (key, ours) in [("b_Hz", "b"), ("d_s", "d")] {
        if let (Some(value), Some(index)) = (case["reference"][key].as_f64(), info.parameter(ours)) {
            population.set_parameter(index, Values::Scalar(value));
        }
    }
    for (key, entry) in case["init"].as_object().into_iter().flatten() {
        let index = info.state(key).ok_or_else(|| format!("there is no state `{key}`"))?;
        population.set_initial(index, quantity(entry)?);
    }
    if let Some(normalize) = case["options"]["normalize_by_n"].as_bool() {
        population.interaction_mut().normalize = normalize;
    }
    if let Some(exclude) = case["options"]["exclude_self"].as_bool() {
        population.interaction_mut().exclude_self = exclude;
    }
    Ok(model)
}

fn source(input: &Value) -> Result<Input, String> {
    if input["kind"] != "series" {
        return quantity(input).map(Input::from);
    }
    let rows = input["value"].as_array().ok_or("a series is a list of rows")?;
    let width = rows.first().map_or(0, |row| flat(row).len());
    let rows =
        Array2::from_shape_vec((rows.len(), width), flat(&input["value"])).map_err(|e| e.to_string())?;
    Ok(Input::from(rows).hold(input["hold"].as_u64().unwrap_or(1) as usize))
}
