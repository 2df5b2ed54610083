//! The shortest programs and experiment files that run a model as its file says (`plots: run:`).

use std::fmt::Write as _;

use crate::document::Kind;
use crate::model::{Model, NamedUnit, Setting};

/// A few lines of Rust that run the model; `folder` is the module of the zoo that it lies in, empty for the catalogue. `None` for what
/// is not run by itself.
pub fn rust(model: &Model, folder: &str) -> Option<String> {
    let setting = run(model)?;
    let mut text = String::from("use brainmass::prelude::*;\n");
    if !folder.is_empty() {
        let _ = writeln!(text, "use brainmass::zoo::{folder}::{};", model.name);
    }
    let mut builder = String::new();
    for &(index, value) in &setting.parameters {
        let _ = write!(builder, "\n    .{}({value:?})", model.parameters[index].name);
    }
    for &(index, value) in &setting.init {
        let _ = write!(builder, "\n    .init_{}({value:?})", model.states[index].name);
    }
    let _ = writeln!(text, "\nlet model = {}::new(1){};", model.name, chained(&builder));
    let (signals, dt, duration) = common(model, setting);
    let mut steps = format!("\n    .dt({dt:?}.ms())");
    for &(index, value) in &setting.inputs {
        let _ = write!(steps, "\n    .input(\"{}\", {value:?})", model.inputs[index].name);
    }
    let names: Vec<String> = signals.iter().map(|name| format!("\"{name}\"")).collect();
    let _ = write!(steps, "\n    .record([{}])\n    .run({duration:?}.ms())?", names.join(", "));
    let _ = writeln!(text, "let run = Simulator::new(model){steps};");
    let first = &signals[0];
    let _ =
        writeln!(text, "println!(\"{first} ends at {{:.4}}\", run[\"{first}\"].row(run.ts.len() - 1)[0]);");
    Some(text)
}

/// The experiment file of the same run.
pub fn experiment(model: &Model) -> Option<String> {
    let setting = run(model)?;
    let mut text = format!("model: {}\n", model.name);
    let mut section = |title: &str, entries: Vec<(&str, f64, &NamedUnit)>| {
        if !entries.is_empty() {
            let entries: Vec<String> = entries
                .into_iter()
                .map(|(name, value, unit)| {
                    let unit = if unit.text == "1" { String::new() } else { format!(" {}", unit.text) };
                    format!("{name}: {value}{unit}")
                })
                .collect();
            let _ = writeln!(text, "{title}: {{{}}}", entries.join(", "));
        }
    };
    let (parameters, states, inputs) = (&model.parameters, &model.states, &model.inputs);
    section(
        "parameters",
        setting.parameters.iter().map(|&(i, v)| (&*parameters[i].name, v, &parameters[i].unit)).collect(),
    );
    section("initial", setting.init.iter().map(|&(i, v)| (&*states[i].name, v, &states[i].unit)).collect());
    section("inputs", setting.inputs.iter().map(|&(i, v)| (&*inputs[i].name, v, &inputs[i].unit)).collect());
    let (signals, dt, duration) = common(model, setting);
    let _ = writeln!(
        text,
        "dt: {dt} ms\nduration: {duration} ms\nrecord: [{}]\noutput: run.npz",
        signals.join(", ")
    );
    Some(text)
}

fn run(model: &Model) -> Option<&Setting> {
    let is_run = matches!(model.kind, Kind::Node | Kind::Observation) && !model.states.is_empty();
    model.plots.run.as_ref().filter(|_| is_run)
}

/// What is recorded, the time step and the duration, both in ms.
fn common(model: &Model, setting: &Setting) -> (Vec<String>, f64, f64) {
    let signals = if model.plots.record.is_empty() {
        vec![model.states[0].name.clone()]
    } else {
        model.plots.record.clone()
    };
    (signals, setting.dt.unwrap_or(0.1), setting.transient + setting.duration.unwrap_or(100.0))
}

/// Calls that fit on one line stay on it.
fn chained(calls: &str) -> String {
    let flat = calls.replace("\n    ", "");
    if flat.len() <= 60 { flat } else { calls.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_say_what_the_file_says() {
        let text = "
name: T
category: network
states: {x: {init: 1 mV}}
parameters: {tau: {default: 10 ms}}
inputs: {drive: {unit: mV/ms}}
derivatives: {x: -x/tau + drive}
plots: {run: {duration: 50 ms, dt: 0.5 ms, set: {tau: 5 ms}, init: {x: 2 mV}, inputs: {drive: 1 mV/ms}, record: [x]}}
";
        let model = crate::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
        let program = r#"use brainmass::prelude::*;
use brainmass::zoo::mine::T;

let model = T::new(1).tau(5.0).init_x(2.0);
let run = Simulator::new(model)
    .dt(0.5.ms())
    .input("drive", 1.0)
    .record(["x"])
    .run(50.0.ms())?;
println!("x ends at {:.4}", run["x"].row(run.ts.len() - 1)[0]);
"#;
        assert_eq!(rust(&model, "mine").as_deref(), Some(program));
        let file = "model: T
parameters: {tau: 5 ms}
initial: {x: 2 mV}
inputs: {drive: 1 mV/ms}
dt: 0.5 ms
duration: 50 ms
record: [x]
output: run.npz
";
        assert_eq!(experiment(&model).as_deref(), Some(file));
    }
}
