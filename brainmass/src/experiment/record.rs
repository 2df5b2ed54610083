//! The keys `record` and `average`, which say what is kept.

use brainmass_spec::fields::text;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::yaml::Value;

use super::description::Experiment;
use super::groups::Scope;
use super::keys::Keys;
use super::projections::Described;
use brainmass_core::info::Signal;
use brainmass_core::shared::Text;
use brainmass_data::io::Problem as Fault;
use brainmass_data::io::recording::check_record_name;

/// The signals that can be recorded: states, observables and inputs of the groups, and the currents of projections.
pub struct Signals<'a> {
    pub scope: Scope<'a>,
    pub projections: &'a [Described],
    /// Whether all projections could be read; else a name may be that of one which is missing.
    pub whole: bool,
}

impl Signals<'_> {
    /// Returns the number of nodes and the unit of a signal.
    fn find(&self, signal: &str) -> Option<(usize, &Text)> {
        let listed = self.scope.list(|info| {
            let inputs = info.inputs.iter().map(|input| &input.name);
            info.signal_names().chain(inputs).collect()
        });
        if let Some((_, group, place)) = listed.iter().find(|(name, ..)| name == signal) {
            let (info, nodes) = (self.scope.groups[*group].info(), self.scope.groups[*group].nodes());
            let name = info.signal_names().nth(*place);
            let unit = match name.and_then(|name| info.signal(name)) {
                Some(signal) => info.signal_unit(signal),
                None => &info.inputs[place - info.signal_names().count()].unit,
            };
            return Some((nodes, unit));
        }
        let of = self.projections.iter().find(|described| described.current == signal);
        of.map(|described| (described.shape.0, &described.unit))
    }

    /// Returns the number of nodes and the unit of a signal, or reports that there is no such signal.
    pub fn known(&self, signal: &Spanned<String>, problems: &mut Problems) -> Option<(usize, &Text)> {
        let found = self.find(&signal.value);
        if found.is_none() && self.whole {
            let listed = self.scope.list(|info| {
                let inputs = info.inputs.iter().map(|input| &input.name);
                info.signal_names().chain(inputs).collect()
            });
            let currents = self.projections.iter().map(|described| described.current.as_str());
            let all: Vec<&str> = listed.iter().map(|(name, ..)| name.as_str()).chain(currents).collect();
            let help = suggestion(&signal.value, "signals", all);
            let message = format!("{} has no signal `{}`", self.scope.label(), signal.value);
            problems.push(Problem::new(&signal.span, message).help(help));
        }
        found
    }

    /// Lists what an experiment records and what its instruments see: names, and numbers of rows and columns.
    pub fn recorded(&self, experiment: &Experiment) -> Vec<(String, (usize, usize))> {
        let timing = &experiment.timing;
        let rows = (timing.steps() - timing.transient_steps()) / timing.every;
        let nodes = |signal: &str| self.find(signal).map_or(0, |(nodes, _)| nodes);
        let mut all: Vec<(String, (usize, usize))> =
            experiment.records.iter().map(|(name, signal)| (name.clone(), (rows, nodes(signal)))).collect();
        if all.is_empty() && experiment.observed.is_empty() {
            let outputs =
                self.scope.list(|info| vec![info.signal_name(info.output.unwrap_or(Signal::State(0)))]);
            let outputs = outputs.into_iter();
            all.extend(outputs.map(|(name, ..)| {
                let nodes = nodes(&name);
                (name, (rows, nodes))
            }));
        }
        let observed = experiment.observed.iter();
        all.extend(observed.map(|seen| (seen.name.clone(), (seen.rows(timing), seen.channels))));
        all
    }

    /// Returns how many numbers a row of the records has; without records, a row of each model's output.
    pub fn width(&self, records: &[(String, String)]) -> u64 {
        let nodes = |signal: &str| self.find(signal).map_or(0, |(nodes, _)| nodes as u64);
        match records {
            [] => self.scope.groups.iter().map(|group| group.nodes() as u64).sum(),
            records => records.iter().map(|(_, signal)| nodes(signal)).sum(),
        }
    }
}

/// Reads the names of records and the signals that they hold.
pub fn read(keys: &mut Keys, signals: Option<&Signals>, problems: &mut Problems) -> Vec<(String, String)> {
    let Some(node) = keys.take("record", problems) else { return Vec::new() };
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
    let Some(signals) = signals else { return Vec::new() };
    let mut records: Vec<(String, String)> = Vec::new();
    for (name, signal) in asked {
        signals.known(&signal, problems);
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
    let Err(fault) = check_record_name(&name.value) else { return };
    let why = match fault {
        Fault::MemberName { why, .. } => why.to_owned(),
        other => other.to_string(),
    };
    let message = format!("`{}` cannot be the name of a record: {why}", name.value);
    let problem = Problem::new(&name.span, message);
    problems.push(problem.help("record it under another name, as in `record: {again: x}`"));
}

/// Reads whether a row is the mean over its stride.
pub fn average(keys: &mut Keys, problems: &mut Problems) -> bool {
    keys.truth("average", problems).unwrap_or(false)
}
