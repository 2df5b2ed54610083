//! The shortest programs and experiment files that run a model as its file says (`plots: run:`).

use std::fmt::Write as _;

use crate::rust::identifiers::identifier;
use brainmass_spec::document::Kind;
use brainmass_spec::model::{Model, NamedUnit, Nodes, Setting};

/// Cells of the layers of an example, steps of the sequence that they read, and steps of the pulse that it starts with.
const CELLS: usize = 8;
const STEPS: usize = 200;
const PULSE: usize = 10;

/// A few lines of Rust that run the model and leave a variable `run`; `folder` is the folder of `models` that it lies in, empty for the catalogue.
/// Models of a family, which may be interpreted and then have no struct, are made by name. `None` where the file does not say what to run.
pub fn rust(model: &Model, folder: &str) -> Option<String> {
    let mut text = String::from("use brainmass::prelude::*;\n");
    if model.layer.is_some() {
        sequence(&mut text, model);
        return Some(text);
    }
    let setting = model.plots.run.as_ref()?;
    let is_of_family = model.kind == Kind::Node && !folder.is_empty();
    if !folder.is_empty() && !is_of_family {
        let _ = writeln!(text, "use brainmass::zoo::{folder}::{};", model.name);
    }
    if model.kind == Kind::Coupling {
        pair(&mut text, model, setting, model.plots.nodes.as_ref()?);
        return Some(text);
    }
    let setting = run(model)?;
    let mut builder = String::new();
    for &(index, value) in &setting.parameters {
        let name = &model.parameters[index].name;
        builder.push_str(&parameter(is_of_family, name, &format!("{value:?}")));
    }
    for &(index, value) in &setting.init {
        builder.push_str(&initial(is_of_family, &model.states[index].name, &format!("{value:?}")));
    }
    let nodes = model.plots.nodes.as_ref();
    builder.push_str(&nodes.map_or_else(String::new, |nodes| differing(is_of_family, nodes)));
    let (name, count) = (&model.name, nodes.map_or(1, Nodes::count));
    let made = if is_of_family {
        format!("nodes_of(\"{name}\", {count})?")
    } else {
        format!("{name}::new({count})")
    };
    let _ = writeln!(text, "\nlet model = {made}{};", chained(&builder));
    let (signals, dt, duration) = common(model, setting);
    let mut steps = format!("\n    .dt({dt:?}.ms())");
    for &(index, value) in &setting.inputs {
        let _ = write!(steps, "\n    .input(\"{}\", {value:?})", model.inputs[index].name);
    }
    let names: Vec<String> = signals.iter().map(|name| format!("\"{name}\"")).collect();
    let _ = write!(steps, "\n    .record([{}])\n    .run({duration:?}.ms())?", names.join(", "));
    let _ = writeln!(text, "let run = Simulator::new(model){steps};");
    last(&mut text, &signals[0]);
    Some(text)
}

fn last(text: &mut String, signal: &str) {
    let _ =
        writeln!(text, "println!(\"{signal} ends at {{:.4}}\", run[\"{signal}\"].row(run.ts.len() - 1)[0]);");
}

/// The call that sets a parameter, of a struct or by name.
fn parameter(by_name: bool, name: &str, value: &str) -> String {
    match by_name {
        true => format!("\n    .set({name:?}, {value})"),
        false => format!("\n    .{}({value})", identifier(name)),
    }
}

/// The call that sets the initial value of a state, of a struct or by name.
fn initial(by_name: bool, name: &str, value: &str) -> String {
    match by_name {
        true => format!("\n    .init({name:?}, {value})"),
        false => format!("\n    .init_{name}({value})"),
    }
}

/// Calls that give each node a value of its own.
fn differing(by_name: bool, nodes: &Nodes) -> String {
    let parameters =
        nodes.parameters.iter().map(|(name, values)| parameter(by_name, name, &format!("vec!{values:?}")));
    let init = nodes.init.iter().map(|(name, values)| initial(by_name, name, &format!("vec!{values:?}")));
    parameters.chain(init).collect()
}

/// Nodes that a coupling rule couples, each with all others.
fn pair(text: &mut String, model: &Model, setting: &Setting, nodes: &Nodes) {
    let Nodes { model: cell, signal, .. } = nodes;
    let name = &model.name;
    let rule: String = setting
        .parameters
        .iter()
        .map(|&(index, value)| format!(".{}({value:?})", identifier(&model.parameters[index].name)))
        .collect();
    let (dt, duration) = times(model, setting);
    let _ = writeln!(
        text,
        "use ndarray::array;\n\nlet nodes = {cell}::new({}){};\nlet network = Network::new(nodes, array!{:?})\n    \
         .coupling({name}::new(){rule}, \"{signal}\");\nlet run = Simulator::new(network)\n    .dt({dt:?}.ms())\n    \
         .record([\"{signal}\", \"coupling_input\"])\n    .run({duration:?}.ms())?;",
        nodes.count(),
        chained(&differing(false, nodes)),
        all_to_all(nodes.count()),
    );
    last(text, signal);
}

fn all_to_all(count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|to| (0..count).map(|from| f64::from(u8::from(to != from))).collect()).collect()
}

/// A layer, or a stack of two, that reads a pulse.
fn sequence(text: &mut String, model: &Model) {
    let name = &model.name;
    let _ = writeln!(
        text,
        "use brainmass::training::Init;\nuse ndarray::Array2;\n\n\
         // Weights (from, to), drawn with a seed.\nlet draw = |from, to, seed| Init::KaimingNormal.draw((from, to), seed);"
    );
    let layer = |layer: &str, from: usize, seed: usize| {
        format!(
            "{layer}::new({CELLS})\n    .reading(draw({from}, {CELLS}, {seed}))\n    .recurrent(draw({CELLS}, {CELLS}, {}))",
            seed + 1
        )
    };
    let pulse = format!(
        "// One channel: a pulse of {PULSE} steps, then nothing.\nlet sequence = Array2::from_shape_fn(({STEPS}, 1), |(step, _)| {{\n    \
         if step < {PULSE} {{ 1.0 }} else {{ 0.0 }}\n}});"
    );
    match &model.layer {
        Some(stacked) if model.kind == Kind::SequenceNetwork => {
            let cell = &stacked.of;
            let _ = writeln!(
                text,
                "let first = {};\nlet second = {};\nlet network = {name}::of([first, second])\n    \
                 .readout(draw({CELLS}, 2, 5), [0.0; 2]);\n{pulse}\n\
                 let run = network.forward(sequence.view(), 1.0.ms())?;\nprintln!(\"it answers {{:.4}}\", run.output);",
                layer(cell, 1, 1),
                layer(cell, CELLS, 3),
            );
        }
        _ => {
            let _ = writeln!(
                text,
                "let layer = {};\n{pulse}\nlet run = layer.forward(sequence.view(), 1.0.ms())?;",
                layer(name, 1, 1)
            );
            last(text, &model.states[0].name);
        }
    }
}

/// The experiment file of the same run; `None` where the file does not say what to run, and for layers and stacks, which read sequences.
pub fn experiment(model: &Model) -> Option<String> {
    if model.kind == Kind::Coupling {
        return paired(model);
    }
    let setting = run(model)?;
    let nodes = model.plots.nodes.as_ref();
    let mut text = format!("model: {}\n", model.name);
    if let Some(nodes) = nodes {
        let _ = writeln!(text, "nodes: {}", nodes.count());
    }
    let value = |value: f64, unit: &NamedUnit| {
        if unit.text == "1" { value.to_string() } else { format!("{value} {}", unit.text) }
    };
    let own = |entries: &[(String, Vec<f64>)]| entries.iter().map(listed).collect::<Vec<_>>();
    let (parameters, states, inputs) = (&model.parameters, &model.states, &model.inputs);
    let mut set: Vec<String> = setting
        .parameters
        .iter()
        .map(|&(i, v)| format!("{}: {}", parameters[i].name, value(v, &parameters[i].unit)))
        .collect();
    let mut init: Vec<String> = setting
        .init
        .iter()
        .map(|&(i, v)| format!("{}: {}", states[i].name, value(v, &states[i].unit)))
        .collect();
    if let Some(nodes) = nodes {
        set.extend(own(&nodes.parameters));
        init.extend(own(&nodes.init));
    }
    section(&mut text, "parameters", &set);
    section(&mut text, "initial", &init);
    let driven: Vec<String> = setting
        .inputs
        .iter()
        .map(|&(i, v)| format!("{}: {}", inputs[i].name, value(v, &inputs[i].unit)))
        .collect();
    section(&mut text, "inputs", &driven);
    let (signals, dt, duration) = common(model, setting);
    let _ = writeln!(
        text,
        "dt: {dt} ms\nduration: {duration} ms\nrecord: [{}]\noutput: run.npz",
        signals.join(", ")
    );
    Some(text)
}

fn section(text: &mut String, title: &str, entries: &[String]) {
    if !entries.is_empty() {
        let _ = writeln!(text, "{title}: {{{}}}", entries.join(", "));
    }
}

/// Values in the declared unit, one a node.
fn listed((name, values): &(String, Vec<f64>)) -> String {
    let values: Vec<String> = values.iter().map(f64::to_string).collect();
    format!("{name}: [{}]", values.join(", "))
}

/// The experiment file of nodes that a rule couples.
fn paired(model: &Model) -> Option<String> {
    let (setting, nodes) = (model.plots.run.as_ref()?, model.plots.nodes.as_ref()?);
    let mut text = format!("model: {}\nnodes: {}\n", nodes.model, nodes.count());
    section(&mut text, "parameters", &nodes.parameters.iter().map(listed).collect::<Vec<_>>());
    section(&mut text, "initial", &nodes.init.iter().map(listed).collect::<Vec<_>>());
    let rows: Vec<String> = all_to_all(nodes.count())
        .iter()
        .map(|row| format!("[{}]", row.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")))
        .collect();
    let mut coupling = vec![
        format!("rule: {}", model.name),
        format!("from: {}", nodes.signal),
        format!("weights: [{}]", rows.join(", ")),
    ];
    coupling.extend(setting.parameters.iter().map(|&(i, v)| format!("{}: {v}", model.parameters[i].name)));
    section(&mut text, "coupling", &coupling);
    let (dt, duration) = times(model, setting);
    let _ = writeln!(
        text,
        "dt: {dt} ms\nduration: {duration} ms\nrecord: [{}, coupling_input]\noutput: run.npz",
        nodes.signal
    );
    Some(text)
}

fn run(model: &Model) -> Option<&Setting> {
    let is_run = matches!(model.kind, Kind::Node | Kind::Observation) && !model.states.is_empty();
    model.plots.run.as_ref().filter(|_| is_run)
}

/// Returns the names of the recorded signals, the time step and the duration, both in ms.
fn common(model: &Model, setting: &Setting) -> (Vec<String>, f64, f64) {
    let signals = if model.plots.record.is_empty() {
        vec![model.states[0].name.clone()]
    } else {
        model.plots.record.clone()
    };
    let (dt, duration) = times(model, setting);
    (signals, dt, duration)
}

/// The time step and the duration, both in ms.
fn times(model: &Model, setting: &Setting) -> (f64, f64) {
    (setting.dt.unwrap_or(model.integration.dt), setting.transient + setting.duration.unwrap_or(100.0))
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
        let model = brainmass_spec::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
        let program = r#"use brainmass::prelude::*;

let model = T::new(1).tau(5.0).init_x(2.0);
let run = Simulator::new(model)
    .dt(0.5.ms())
    .input("drive", 1.0)
    .record(["x"])
    .run(50.0.ms())?;
println!("x ends at {:.4}", run["x"].row(run.ts.len() - 1)[0]);
"#;
        assert_eq!(rust(&model, "").as_deref(), Some(program));
        // Models of a family may have no struct.
        let by_name = r#"nodes_of("T", 1)?.set("tau", 5.0).init("x", 2.0)"#;
        let program = program.replace("T::new(1).tau(5.0).init_x(2.0)", by_name);
        assert_eq!(rust(&model, "mine"), Some(program));
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

    #[test]
    fn a_rule_couples_the_nodes_that_its_file_names() {
        let text = "
name: Pull
kind: coupling
use_case: test
parameters: {k: {default: 1}}
pre: x_j
post: k*sum
plots: {run: {nodes: {model: HopfStep, signal: x, w: [0.2, 0.3]}, set: {k: 0.5}, duration: 50 ms}}
";
        let model = brainmass_spec::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
        let program = rust(&model, "mine").unwrap_or_default();
        for line in [
            "let nodes = HopfStep::new(2).w(vec![0.2, 0.3]);",
            "Network::new(nodes, array![[0.0, 1.0], [1.0, 0.0]])",
            ".coupling(Pull::new().k(0.5), \"x\");",
        ] {
            assert!(program.contains(line), "{program}");
        }
        let file = experiment(&model).unwrap_or_default();
        assert!(
            file.contains("coupling: {rule: Pull, from: x, weights: [[0, 1], [1, 0]], k: 0.5}"),
            "{file}"
        );
        // Names end up in programs, so nothing else may pass.
        let hostile = text.replace("model: HopfStep", "model: 'x::new(1); panic!()'");
        let report = brainmass_spec::compile_one("t.yaml", &hostile).expect_err("not a name").to_string();
        assert!(report.contains("expected a name"), "{report}");
        let uneven = text.replace("w: [0.2, 0.3]", "w: [0.2, 0.3], a: [1]");
        let report = brainmass_spec::compile_one("t.yaml", &uneven).expect_err("not as many").to_string();
        assert!(report.contains("one length"), "{report}");
    }

    #[test]
    fn nodes_of_one_run_may_differ() {
        let text = "
name: T
category: network
states: {x: {init: 1 mV}}
parameters: {tau: {default: 10 ms}}
derivatives: {x: -x/tau}
plots: {run: {nodes: {tau: [5 ms, 0.01 s], init_x: [1 mV, 2 mV]}, duration: 50 ms}}
";
        let model = brainmass_spec::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
        let program = rust(&model, "").unwrap_or_default();
        assert!(program.contains("T::new(2).tau(vec![5.0, 10.0]).init_x(vec![1.0, 2.0]);"), "{program}");
        let file = experiment(&model).unwrap_or_default();
        assert!(file.contains("nodes: 2\nparameters: {tau: [5, 10]}\ninitial: {x: [1, 2]}\n"), "{file}");
    }
}
