//! Presets, checks and plots: values set around a model.

use super::lookup::{find, find_signal};
use super::values;
use crate::document::{self, Assignments, CheckEntry, Document};
use crate::model::{Check, CheckKind, Model, NamedUnit, Nodes, Plots, Preset, Setting, Signal, Sweep, Swept};
use crate::problem::{Problem, Problems};
use crate::source::{Span, Spanned};
use crate::unit::Unit;
use crate::yaml::{Node, Value};

/// Reads all of them into the model.
pub fn lower(document: &Document, model: &mut Model, problems: &mut Problems) {
    model.presets = document
        .presets
        .iter()
        .map(|entry| Preset {
            name: entry.name.value.clone(),
            doc: entry.value.doc.clone().unwrap_or_default(),
            cite: entry.value.cite.clone(),
            doi: entry.value.doi.clone(),
            values: parameters(&entry.value.set, model, problems),
        })
        .collect();
    model.checks =
        document.checks.iter().filter_map(|entry| check(entry, document, model, problems)).collect();
    model.plots = plots(document, model, problems);
}

fn parameters(set: &Assignments, model: &Model, problems: &mut Problems) -> Vec<(usize, f64)> {
    values::assigned(set, "parameters", model.parameters.iter().map(|p| (p.name.as_str(), &p.unit)), problems)
}

fn states(set: &Assignments, model: &Model, problems: &mut Problems) -> Vec<(usize, f64)> {
    values::assigned(set, "states", model.states.iter().map(|s| (s.name.as_str(), &s.unit)), problems)
}

fn inputs(set: &Assignments, model: &Model, problems: &mut Problems) -> Vec<(usize, f64)> {
    values::assigned(set, "inputs", model.inputs.iter().map(|i| (i.name.as_str(), &i.unit)), problems)
}

fn signal(
    name: &Spanned<String>,
    document: &Document,
    model: &Model,
    problems: &mut Problems,
) -> Option<Signal> {
    find_signal(&name.value, &name.span, &model.states, &document.observables, problems)
}

/// The unit of a signal.
fn unit_of(signal: Signal, model: &Model) -> NamedUnit {
    match signal {
        Signal::State(index) => model.states[index].unit.clone(),
        Signal::Observable(index) => {
            model.observables.get(index).map_or_else(NamedUnit::one, |observable| observable.unit.clone())
        }
    }
}

fn check(entry: &CheckEntry, document: &Document, model: &Model, problems: &mut Problems) -> Option<Check> {
    let setting = Setting {
        parameters: parameters(&entry.set, model, problems),
        init: states(&entry.init, model, problems),
        inputs: inputs(&entry.inputs, model, problems),
        dt: time(entry.dt.as_ref(), problems),
        transient: time(entry.transient.as_ref(), problems).unwrap_or(0.0),
        duration: time(entry.duration.as_ref(), problems),
    };
    let need = |node: Option<&Node>, key: &str, unit: &NamedUnit, span: &Span, problems: &mut Problems| {
        if node.is_none() {
            problems.push(Problem::new(span, format!("the check needs `{key}`")));
        }
        values::in_unit(node?, unit, problems)
    };
    let hertz = NamedUnit { unit: Unit::parse("Hz").ok()?, text: "Hz".to_owned() };
    let span = &entry.span;
    let what = match &entry.what {
        document::CheckKind::FixedPoint(point) => CheckKind::FixedPoint {
            state: states(point, model, problems),
            tolerance: entry.tolerance.unwrap_or(1e-9),
        },
        document::CheckKind::Final(name) => {
            let signal = signal(name, document, model, problems)?;
            let is = need(entry.is.as_ref(), "is", &unit_of(signal, model), span, problems)?;
            CheckKind::Final { signal, is, tolerance: entry.tolerance.unwrap_or(1e-9) }
        }
        document::CheckKind::Frequency(name) => CheckKind::Frequency {
            signal: signal(name, document, model, problems)?,
            from: need(entry.from.as_ref(), "from", &hertz, span, problems)?,
            to: need(entry.to.as_ref(), "to", &hertz, span, problems)?,
        },
        document::CheckKind::Within(name) => {
            let signal = signal(name, document, model, problems)?;
            let unit = unit_of(signal, model);
            CheckKind::Within {
                signal,
                from: need(entry.from.as_ref(), "from", &unit, span, problems)?,
                to: need(entry.to.as_ref(), "to", &unit, span, problems)?,
            }
        }
    };
    if !matches!(what, CheckKind::FixedPoint { .. }) && setting.duration.is_none() {
        problems.push(Problem::new(span, "the check runs the model and needs a `duration`"));
    }
    Some(Check { what, setting, source: entry.source.clone().unwrap_or_default(), span: span.clone() })
}

fn time(node: Option<&Node>, problems: &mut Problems) -> Option<f64> {
    let node = node?;
    let time = values::time(node, problems)?;
    if time < 0.0 {
        problems.push(Problem::new(&node.span, "a time cannot be negative"));
    }
    Some(time)
}

fn plots(document: &Document, model: &Model, problems: &mut Problems) -> Plots {
    let entry = &document.plots;
    let run = entry.run.as_ref().map(|run| Setting {
        parameters: parameters(&run.set, model, problems),
        init: states(&run.init, model, problems),
        inputs: inputs(&run.inputs, model, problems),
        dt: time(run.dt.as_ref(), problems),
        transient: time(run.transient.as_ref(), problems).unwrap_or(0.0),
        duration: time(run.duration.as_ref(), problems),
    });
    let mut record = Vec::new();
    for name in entry.run.iter().flat_map(|run| &run.record) {
        if signal(name, document, model, problems).is_some() {
            record.push(name.value.clone());
        }
    }
    let mut phase = Vec::new();
    for (key, node) in &entry.phase {
        let name = Spanned::new(key.text.clone(), key.span.clone());
        let names = model.states.iter().map(|state| state.name.as_str());
        if let Some(index) = find(&name, "states", names, problems) {
            let limits =
                values::limits(node, &model.states[index].unit, "a range of the phase plane", problems);
            phase.extend(limits.map(|(from, to)| (index, from, to)));
        }
    }
    let sweep = entry.sweep.as_ref().and_then(|sweep| {
        let (over, unit) = if sweep.input {
            let names = model.inputs.iter().map(|input| input.name.as_str());
            let input = find(&sweep.over, "inputs", names, problems)?;
            (Swept::Input(input), &model.inputs[input].unit)
        } else {
            let names = model.parameters.iter().map(|parameter| parameter.name.as_str());
            let parameter = find(&sweep.over, "parameters", names, problems)?;
            (Swept::Parameter(parameter), &model.parameters[parameter].unit)
        };
        let from = values::finite_in_unit(&sweep.from, unit, problems)?;
        let to = values::finite_in_unit(&sweep.to, unit, problems)?;
        let of = match &sweep.of {
            Some(name) => signal(name, document, model, problems)?,
            None => model.output?,
        };
        Some(Sweep { over, from, to, of })
    });
    let nodes = entry.run.as_ref().and_then(|run| nodes(&run.nodes, model, problems));
    Plots { run, record, nodes, phase, sweep }
}

/// `nodes:` of the run that is shown: names with a list, one value a node. A coupling rule says which `model` it couples and by which
/// `signal`; what that model calls its parameters is not known here, so its values are plain numbers.
fn nodes(entries: &Assignments, model: &Model, problems: &mut Problems) -> Option<Nodes> {
    let last = entries.last()?;
    let rule = model.kind == document::Kind::Coupling;
    let mut nodes = Nodes::default();
    let mut count = None;
    for (key, node) in entries {
        let name = Spanned::new(key.text.clone(), key.span.clone());
        if rule && matches!(key.text.as_str(), "model" | "signal") {
            let text = word(node, problems)?;
            *(if key.text == "model" { &mut nodes.model } else { &mut nodes.signal }) = text;
            continue;
        }
        let state = key.text.strip_prefix("init_");
        let unit = if rule {
            if !is_word(&key.text) {
                problems.push(Problem::new(&key.span, "expected a name"));
            }
            is_word(&key.text).then(NamedUnit::one)
        } else {
            let own = match state {
                Some(state) => model.states.iter().find(|own| own.name == state).map(|own| own.unit.clone()),
                None => model.parameters.iter().find(|own| own.name == key.text).map(|own| own.unit.clone()),
            };
            own.or_else(|| {
                find(&name, "parameters", model.parameters.iter().map(|own| own.name.as_str()), problems);
                None
            })
        };
        let Value::List(items) = &node.value else {
            problems.push(Problem::new(&node.span, "`nodes` take a list, one value a node"));
            continue;
        };
        let Some(unit) = unit else { continue };
        let values: Vec<f64> =
            items.iter().filter_map(|item| values::finite_in_unit(item, &unit, problems)).collect();
        if *count.get_or_insert(items.len()) != items.len() || items.len() < 2 {
            problems.push(Problem::new(&node.span, "lists of `nodes` have one length, at least two"));
        }
        match state {
            Some(state) => nodes.init.push((state.to_owned(), values)),
            None => nodes.parameters.push((key.text.clone(), values)),
        }
    }
    if count.is_none() || (rule && (nodes.model.is_empty() || nodes.signal.is_empty())) {
        let what = if rule { "`model`, `signal` and a list of values" } else { "a list of values" };
        problems.push(Problem::new(&last.0.span, format!("`nodes` need {what}")));
        return None;
    }
    Some(nodes)
}

/// A name, which examples may hold as it is.
fn word(node: &Node, problems: &mut Problems) -> Option<String> {
    match &node.value {
        Value::Scalar(scalar) if is_word(&scalar.text) => Some(scalar.text.clone()),
        _ => {
            problems.push(Problem::new(&node.span, "expected a name"));
            None
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
