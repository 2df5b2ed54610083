//! `record`, `average`: what is kept.

use brainmass_spec::fields::{Fields, text, truth};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::yaml::Value;

use super::groups::Scope;

/// Names that the files of a run use for something else.
const TAKEN: [&str; 3] = ["ts", "units", "provenance"];

/// Names of records and the signals that they hold; `currents` are the names of projections.
pub fn read(
    fields: &mut Fields,
    scope: Option<&Scope>,
    currents: &[String],
    problems: &mut Problems,
) -> Vec<(String, String)> {
    let Some(node) = fields.take("record") else { return Vec::new() };
    let asked: Vec<(Spanned<String>, Spanned<String>)> = match &node.value {
        Value::Map(entries) => entries
            .iter()
            .filter_map(|(key, node)| {
                Some((Spanned::new(key.text.clone(), key.span.clone()), text(node, problems)?))
            })
            .collect(),
        Value::List(items) => {
            items.iter().filter_map(|item| text(item, problems)).map(|name| (name.clone(), name)).collect()
        }
        _ => text(node, problems).map(|name| (name.clone(), name)).into_iter().collect(),
    };
    let Some(scope) = scope else { return Vec::new() };
    let mut records: Vec<(String, String)> = Vec::new();
    for (name, signal) in asked {
        known(&signal, scope, currents, problems);
        if records.iter().any(|(other, _)| *other == name.value) {
            let problem = Problem::new(&name.span, format!("`{}` is recorded twice", name.value));
            problems.push(problem.help("record it under another name, as in `record: {again: x}`"));
        }
        self::name(&name, problems);
        records.push((name.value, signal.value));
    }
    records
}

/// Reports a name that cannot be that of a record.
pub fn name(name: &Spanned<String>, problems: &mut Problems) {
    if TAKEN.contains(&name.value.as_str()) {
        let message = format!("`{}` is a name that files of runs use themselves", name.value);
        let problem = Problem::new(&name.span, message);
        problems.push(problem.help("record it under another name, as in `record: {again: x}`"));
    }
}

/// Reports a signal that there is not; `currents` are the names of projections.
pub fn known(signal: &Spanned<String>, scope: &Scope, currents: &[String], problems: &mut Problems) {
    let listed = scope.list(|info| {
        let inputs = info.inputs.iter().map(|input| input.name);
        info.signal_names().chain(inputs).collect()
    });
    let all: Vec<&str> =
        listed.iter().map(|(name, ..)| name.as_str()).chain(currents.iter().map(String::as_str)).collect();
    if !all.contains(&signal.value.as_str()) {
        let label = suggestion(&signal.value, "signals", all);
        let message = format!("{} has no signal `{}`", scope.label(), signal.value);
        problems.push(Problem::new(&signal.span, message).label(label));
    }
}

pub fn average(fields: &mut Fields, problems: &mut Problems) -> bool {
    fields.take("average").and_then(|node| truth(node, problems)).unwrap_or(false)
}
