//! Experiment files to start from.

use std::fmt::Write;

use brainmass_core::info::{ModelInfo, Signal};
use brainmass_spec::number::shown;

use super::new_model::file_name;

const TEMPLATE: &str = include_str!("new_experiment.yaml");
/// The most parameters that are written out; the rest is left to `brainmass show`.
const MOST_PARAMETERS: usize = 3;
/// The column at which comments begin.
const COMMENT: usize = 30;

/// Writes a commented experiment file to start from, which runs as it is.
///
/// `model` is how the file names the model, its name or the path of its file; `info` describes it. Parameters, initial states and inputs are at their
/// defaults, so that only values are to be changed.
///
/// ```
/// use brainmass::{Experiment, find_model};
///
/// let hopf = find_model("HopfStep").map_err(|why| why.to_string())?;
/// let text = brainmass::loading::new_experiment("HopfStep", &hopf.info);
/// assert_eq!(Experiment::read("hopf.yaml", &text).unwrap().run().unwrap()["x"].ncols(), 3);
/// # Ok::<(), String>(())
/// ```
pub fn new_experiment(model: &str, info: &ModelInfo) -> String {
    let commented = |entry: String, doc: &str| {
        let line = format!("  {entry}");
        let doc = doc.lines().next().unwrap_or_default();
        if doc.is_empty() { line } else { format!("{line:<COMMENT$} # {doc}") }
    };
    let value =
        |value: f64, unit: &str| if unit == "1" { shown(value) } else { format!("{} {unit}", shown(value)) };
    let mut parameters: Vec<String> = info
        .parameters
        .iter()
        .take(MOST_PARAMETERS)
        .map(|own| commented(format!("{}: {}", own.name, value(own.default, &own.unit)), &own.doc))
        .collect();
    if parameters.is_empty() {
        parameters.push("  {}".to_owned());
    }
    let mut initial = String::new();
    for state in info.states.iter().take(1) {
        // The nodes start apart, so that their courses can be told from each other.
        let spread = if state.init == 0.0 { 0.1 } else { 0.1 * state.init.abs() };
        let (low, high) = (state.init - spread, state.init + spread);
        let inside = state.bounds.is_none_or(|(least, most)| least <= low && high <= most);
        let entry = match inside {
            true => format!(
                "{}: {{uniform: [{}, {}], seed: 1}}",
                state.name,
                value(low, &state.unit),
                value(high, &state.unit)
            ),
            false => format!("{}: {}", state.name, value(state.init, &state.unit)),
        };
        let _ = writeln!(initial, "initial:\n{}", commented(entry, &state.doc));
    }
    let mut inputs = String::new();
    for (index, input) in info.inputs.iter().enumerate() {
        if index == 0 {
            inputs.push_str("inputs:                        # a constant, a stimulus or noise: `{noise: pink, sigma: ...}`\n");
        }
        let _ = writeln!(
            inputs,
            "{}",
            commented(format!("{}: {}", input.name, value(0.0, &input.unit)), &input.doc)
        );
    }
    let output = info.output.unwrap_or(Signal::State(0));
    let output = info.signal_name(output);
    let state = info.states.first();
    let noise = state.map_or_else(String::new, |state| match state.unit.as_str() {
        "1" => "0.01".to_owned(),
        unit => format!("0.01 {unit}/sqrt(ms)"),
    });
    // Times are whole numbers of the model's own steps.
    let steps = |ms: f64| shown((ms / info.dt).round().max(1.0) * info.dt);
    let stem = file_name(&info.name);
    let stem = stem.trim_end_matches(".yaml");
    TEMPLATE
        .replace("MODEL_TITLE", &quoted(&info.title))
        .replace("MODEL_NAME", model)
        .replace("PARAMETERS", &parameters.join("\n"))
        .replace("INITIALINPUTS\n", &format!("{initial}{inputs}"))
        .replace("DURATION", &steps(1000.0))
        .replace("TRANSIENT", &steps(200.0))
        .replace("STRIDE", &steps(10.0 * info.dt))
        .replace("RECORDS", output)
        .replace("OUTPUT", output)
        .replace("FILE_STEM", stem)
        .replace("STATE", state.map_or("x", |state| state.name.as_str()))
        .replace("NOISE", &noise)
}

/// Writes a text so that YAML reads it as the same text.
fn quoted(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || " -,().".contains(c));
    if is_plain && text.starts_with(char::is_alphabetic) {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use crate::catalogue::Zoo;
    use crate::experiment::Experiment;

    #[test]
    fn the_file_of_every_model_with_nodes_is_an_experiment() {
        let zoo = Zoo::default();
        let mut count = 0;
        for entry in zoo.entries() {
            if entry.nodes(1).is_none() {
                continue;
            }
            let text = super::new_experiment(&entry.info.name, &entry.info);
            if let Err(report) = Experiment::read("new.yaml", &text) {
                panic!("{report}\n{text}");
            }
            // What is commented out is right, too: a network with noise.
            let network: String = text
                .lines()
                .filter(|line| !line.starts_with("nodes:"))
                .map(|line| match line.strip_prefix("# ") {
                    Some(rest)
                        if ["connectome:", "coupling:", "noise:", "seed:", "transient:", "sample_every:"]
                            .iter()
                            .any(|key| rest.starts_with(key)) =>
                    {
                        format!("{rest}\n")
                    }
                    _ => format!("{line}\n"),
                })
                .collect();
            if entry.info.couples_to().is_some()
                && let Err(report) = Experiment::read("network.yaml", &network)
            {
                panic!("{report}\n{network}");
            }
            count += 1;
        }
        assert!(count >= 30, "{count} models");
    }
}
