//! Runs of one model as experiment files.

use serde_json::{Map, Value, json};

use super::{flat, names};

/// A case of kind `trajectory` or `balloon` as an experiment file; `None` for other kinds, and where the reference is wrong.
///
/// # Errors
///
/// The case cannot be expressed.
pub fn experiment(case: &Value) -> Result<Option<Value>, String> {
    if !matches!(case["kind"].as_str(), Some("trajectory" | "balloon")) || names::defect(case).is_some() {
        return Ok(None);
    }
    let model = case["model"].as_str().ok_or("the case has no model")?;
    let nodes = case["n_nodes"].as_u64().unwrap_or(1) as usize;
    let mut parameters = Map::new();
    let mut interaction = Map::new();
    for (key, entry) in case["params"].as_object().into_iter().flatten() {
        if key == "conn" {
            interaction.insert("weights".to_owned(), json!(rows_of(nodes, &entry["value"])));
        } else if let Some(key) = names::parameter(model, key) {
            parameters.insert(key.to_owned(), values(entry));
        }
    }
    // What the corrected f-I curve of WongWangStep has in place of the threshold.
    for (key, ours) in [("b_Hz", "b"), ("d_s", "d")] {
        if case["reference"][key].is_number() {
            parameters.insert(ours.to_owned(), case["reference"][key].clone());
        }
    }
    for key in ["normalize_by_n", "exclude_self"] {
        if case["options"][key].is_boolean() {
            interaction.insert(key.to_owned(), case["options"][key].clone());
        }
    }
    let each = |key: &str, read: fn(&Value) -> Value| -> Map<String, Value> {
        case[key].as_object().into_iter().flatten().map(|(name, entry)| (name.clone(), read(entry))).collect()
    };
    let (steps, dt) =
        (case["n_steps"].as_f64().ok_or("no n_steps")?, case["dt_ms"].as_f64().ok_or("no dt_ms")?);
    let recorded = case["recorded"].as_object().ok_or("the case records nothing")?;
    let mut file = json!({
        "title": case["id"],
        "model": names::model(model),
        "nodes": nodes,
        "parameters": parameters,
        "initial": each("init", values),
        "inputs": each("inputs", input),
        "integrator": names::scheme(case["method"].as_str().unwrap_or("exp_euler"))?.name(),
        "dt": dt,
        "duration": steps * dt,
        "every": case["record_every"].as_u64().unwrap_or(1),
        "record": recorded.keys().map(|name| names::signal(model, name)).collect::<Vec<_>>(),
    });
    if !interaction.is_empty() {
        file["interaction"] = interaction.into();
    }
    Ok(Some(file))
}

/// Numbers in rows of so many, however they are nested.
fn rows_of(width: usize, value: &Value) -> Vec<Vec<f64>> {
    flat(value).chunks(width.max(1)).map(<[f64]>::to_vec).collect()
}

/// One value, or one a node; the unit `1` stands for the one that the model declares.
fn values(entry: &Value) -> Value {
    let unit = entry["unit"].as_str().unwrap_or("1");
    match (&entry["value"], unit) {
        (value, "1") => value.clone(),
        (value, unit) if value.is_array() => json!({"values": value, "unit": unit}),
        (value, unit) => json!(format!("{value} {unit}")),
    }
}

fn input(entry: &Value) -> Value {
    if entry["kind"] != "series" {
        return values(entry);
    }
    let mut series = json!({"series": entry["value"], "hold": entry["hold"].as_u64().unwrap_or(1)});
    if let Some(unit) = entry["unit"].as_str().filter(|unit| *unit != "1") {
        series["unit"] = unit.into();
    }
    series
}
