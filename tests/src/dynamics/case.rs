//! The model, the setting and the range that a file is about.

use std::fmt::Write as _;

use brainmass::continuation::{Equations, Quantity, Range, Setting};
use brainmass_spec::collection;
use brainmass_spec::model::Model;
use serde_json::Value;

use super::report::{list, numbers};

/// A model at a setting, and the value of it that varies.
pub struct Case {
    /// The file.
    pub file: Value,
    /// The model.
    pub model: Model,
    /// The values of all parameters and inputs.
    pub setting: Setting,
    /// The name of what varies.
    pub over: String,
    /// The equations while it varies.
    pub equations: Equations,
    /// The range in which it varies.
    pub range: Range,
    /// The equilibria from which branches are followed.
    pub starts: Vec<(Vec<f64>, f64)>,
}

impl Case {
    /// Reads a file.
    pub(super) fn read(file: &Value, find: &dyn Fn(&str) -> Result<Model, String>) -> Result<Self, String> {
        let (model, setting) = model_of(file, find)?;
        let continued = &file["continue"];
        let over = continued["name"].as_str().ok_or("nothing varies")?.to_owned();
        let quantity = Quantity::find(&model, &over).map_err(|error| error.to_string())?;
        let equations = Equations::new(&model, &setting, &[quantity]).map_err(|error| error.to_string())?;
        let ends = [&continued["from"], &continued["to"]].map(Value::as_f64);
        let [Some(from), Some(to)] = ends else { return Err("there is no range".to_owned()) };
        let starts = list(&file["starts"])
            .iter()
            .filter_map(|start| Some((numbers(&start["state"]), start["value"].as_f64()?)))
            .collect();
        let range = Range::new(from, to);
        Ok(Self { file: file.clone(), model, setting, over, equations, range, starts })
    }

    /// Returns the tolerance of a kind of number.
    pub fn tolerance(&self, of: &str) -> f64 {
        self.file["tolerance"][of].as_f64().unwrap_or(1e-8)
    }
}

/// Finds or writes the model of a file, and its setting.
pub fn model_of(
    file: &Value,
    find: &dyn Fn(&str) -> Result<Model, String>,
) -> Result<(Model, Setting), String> {
    let model = match file["model"].as_str() {
        Some(name) => find(name)?,
        None => {
            collection::compile_one("golden", &yaml(&file["equations"])).map_err(|error| error.to_string())?
        }
    };
    let mut setting = Setting::of(&model);
    for section in ["set", "inputs"] {
        for (name, value) in file[section].as_object().into_iter().flatten() {
            let quantity = Quantity::find(&model, name).map_err(|error| error.to_string())?;
            setting.set(quantity, value.as_f64().ok_or_else(|| format!("`{name}` is no number"))?);
        }
    }
    Ok((model, setting))
}

/// Writes equations as a model file.
fn yaml(equations: &Value) -> String {
    let mut text = "name: GoldenStep\ncategory: phenomenological\ntime_unit: 1 ms\n".to_owned();
    let _ = writeln!(text, "states:");
    for state in list(&equations["states"]) {
        let _ = writeln!(text, "  {}: {{init: 0}}", state.as_str().unwrap_or_default());
    }
    let _ = writeln!(text, "parameters:");
    for (name, value) in equations["parameters"].as_object().into_iter().flatten() {
        let _ = writeln!(text, "  {name}: {{default: {value}, doc: {name}}}");
    }
    for section in ["let", "derivatives"] {
        let entries = equations[section].as_object();
        if let Some(entries) = entries.filter(|entries| !entries.is_empty()) {
            let _ = writeln!(text, "{section}:");
            for (name, expression) in entries {
                let _ = writeln!(text, "  {name}: {}", expression.as_str().unwrap_or_default());
            }
        }
    }
    text
}
