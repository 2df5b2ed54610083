//! The sections `parameters`, `initial`, `noise`, `past` and `inputs`: numbers by name, what was before, and what drives the ports.
//!
//! Every number has one address, that by which [`Network::set`] and fits know it: `a`, `init_x`, `noise_x`, `k`, `speed`, `cortex.a`, and
//! input ports. `initial: {x: 1}` is short for the address `init_x`, `noise: {x: 1}` for `noise_x`.

use std::collections::HashMap;

use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Span;
use brainmass_spec::yaml::{Key, Node, Value};

use super::basics::{PerNode, named_unit};
use super::context::Context;
use super::groups::{Scope, Settings};
use super::inputs;
use super::numbers::per_node;
use super::projections::{Described, read_history};
use super::times::Timing;
use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::Values;
use brainmass_core::shared::Text;
use brainmass_sim::network::{History, Network, Setting};
use brainmass_sim::simulator::Input;

/// The groups and projections that the names of settings are resolved in.
pub struct Site<'a> {
    pub scope: Scope<'a>,
    pub projections: &'a [Described],
    /// Whether all projections could be read; else a name may be that of a number of one which is missing.
    pub whole: bool,
    pub timing: Option<&'a Timing>,
    pub context: &'a Context<'a>,
}

/// A section of named numbers.
#[derive(Clone, Copy)]
struct Section {
    /// The word for an entry in messages.
    what: &'static str,
    /// The beginning of the addresses of the section, after the group.
    address: &'static str,
    known: fn(&ModelInfo) -> Vec<&Text>,
}

const PARAMETERS: Section = Section { what: "parameter", address: "", known: parameters };
const INITIAL: Section = Section { what: "state", address: "init_", known: states };
const NOISE: Section = Section { what: "state", address: "noise_", known: states };

fn parameters(info: &ModelInfo) -> Vec<&Text> {
    info.parameters.iter().map(|parameter| &parameter.name).collect()
}

fn states(info: &ModelInfo) -> Vec<&Text> {
    info.states.iter().map(|state| &state.name).collect()
}

/// The settings that are no numbers of the network, by the names of ports and of signals.
#[derive(Default)]
pub struct Said {
    /// The inputs that drive ports.
    pub inputs: Vec<(String, Input)>,
    /// The pasts of signals that are read with a delay.
    pub pasts: Vec<(String, History)>,
}

/// Reads all settings: numbers go into the network, all else is returned.
pub fn read(all: &[Settings], network: &mut Network, site: &Site, problems: &mut Problems) -> Said {
    let mut reader = Reader { network, site, said: HashMap::new(), read: Said::default() };
    for settings in all {
        for (node, section) in
            [(settings.parameters, PARAMETERS), (settings.initial, INITIAL), (settings.noise, NOISE)]
        {
            let Some(node) = node else { continue };
            if !matches!(node.value, Value::Map(_)) {
                problems.push(no_mapping(node, section.what, (section.known)(site.scope.groups[0].info())));
            }
            for (key, value) in mapping(node) {
                reader.number(&settings.prefix, section, key, value, problems);
            }
        }
        if let Some(node) = settings.past {
            if !matches!(node.value, Value::Map(_)) {
                let info = site.scope.groups[0].info();
                problems.push(no_mapping(node, "signal", delayed(info)));
            }
            for (key, value) in mapping(node) {
                reader.past(&settings.prefix, key, value, problems);
            }
        }
        let Some(node) = settings.inputs else { continue };
        if !matches!(node.value, Value::Map(_)) {
            let inputs = &site.scope.groups[0].info().inputs;
            problems.push(no_mapping(node, "input", inputs.iter().map(|input| &input.name).collect()));
        }
        for (key, value) in mapping(node) {
            reader.input(&settings.prefix, key, value, problems);
        }
    }
    reader.read
}

/// The names of what a model reads with a delay, each once.
fn delayed(info: &ModelInfo) -> Vec<&Text> {
    let mut names: Vec<&Text> = Vec::new();
    for name in info.delays.iter().map(|delay| info.signal_name(delay.signal)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns the entries of a mapping; none of anything else.
fn mapping(node: &Node) -> &[(Key, Node)] {
    match &node.value {
        Value::Map(entries) => entries,
        Value::Null | Value::Scalar(_) | Value::List(_) => &[],
    }
}

/// Reports what stands where values by name are wanted, and shows how these are written.
fn no_mapping(node: &Node, what: &str, known: Vec<&Text>) -> Problem {
    let message = format!("expected a mapping with a value for each {what}, found {}", node.describe());
    let value = match &node.value {
        Value::Scalar(scalar) if scalar.text.trim().len() <= 24 => scalar.text.trim(),
        _ => "0.1",
    };
    let example = known.first().map_or("x", |name| name.as_str());
    Problem::new(&node.span, message)
        .help(format!("name what each value is for, as in `{{{example}: {value}}}`"))
}

struct Reader<'r, 's> {
    network: &'r mut Network,
    site: &'r Site<'s>,
    /// The place at which each number and input has been given a value.
    said: HashMap<String, Span>,
    read: Said,
}

impl Reader<'_, '_> {
    fn number(&mut self, prefix: &str, section: Section, key: &Key, value: &Node, problems: &mut Problems) {
        let address = address(prefix, section.address, &key.text);
        let Ok(setting) = self.network.setting(&address) else {
            if section.address.is_empty() && self.port(&address).is_some() {
                return self.input(prefix, key, value, problems);
            }
            if self.site.whole || !section.address.is_empty() {
                problems.push(self.unknown(section, key));
            }
            return;
        };
        // Two names may stand for one number, such as `k` and `coupling_input.k`.
        if !self.is_first(&format!("{setting:?}"), key, problems)
            || !self.is_said_here(setting, key, problems)
        {
            return;
        }
        let wanted = wanted(setting, self.site.scope, self.site.projections);
        let Some(values) = per_node(value, &wanted, self.site.context, problems) else { return };
        let values = match values {
            Values::PerNode(numbers) if wanted.nodes == 1 => Values::Scalar(numbers[0]),
            values => values,
        };
        if matches!(setting, Setting::Noise { .. }) && any(&values, |sigma| sigma < 0.0) {
            let message = format!("the noise on `{}` is below 0; an intensity is not", key.text);
            problems.push(Problem::new(&value.span, message));
        } else if let Err(error) = self.network.set(&address, values) {
            problems.push(Problem::new(&value.span, error.to_string()));
        } else if matches!(setting, Setting::Parameter { .. } | Setting::Rule { .. }) {
            self.warn_of_range(&address, value, problems);
        }
    }

    /// Warns of a parameter that leaves the range in which it makes sense as its model file says.
    fn warn_of_range(&self, address: &str, node: &Node, problems: &mut Problems) {
        let (Some((low, high)), Ok(values)) = (self.network.range(address), self.network.get(address)) else {
            return;
        };
        let mut outside = values.iter().filter(|value| **value < low || **value > high).copied();
        let Some(first) = outside.next() else { return };
        let more = match (values.len(), outside.count()) {
            (1, _) => String::new(),
            (all, more) => format!(" in {} of {all} nodes", more + 1),
        };
        let limits = match (low, high) {
            (low, f64::INFINITY) => format!("below {low}"),
            (f64::NEG_INFINITY, high) => format!("above {high}"),
            (low, high) => format!("outside {low} … {high}"),
        };
        let message = format!("`{address}` is {first}{more}, {limits}: out of the range that its file gives");
        problems.warn(Problem::new(&node.span, message));
    }

    fn input(&mut self, prefix: &str, key: &Key, value: &Node, problems: &mut Problems) {
        let address = address(prefix, "", &key.text);
        let Some((group, port)) = self.port(&address) else {
            let ports = self.site.scope.list(|info| info.inputs.iter().map(|input| &input.name).collect());
            let help = suggestion(&key.text, "inputs", ports.iter().map(|(name, ..)| name.as_str()));
            let message = format!("{} has no input `{}`", self.site.scope.label(), key.text);
            problems.push(Problem::new(&key.span, message).help(help));
            return;
        };
        if !self.is_first(&format!("input {address}"), key, problems) {
            return;
        }
        let group = &self.site.scope.groups[group];
        if let Some(input) = inputs::read(value, (group, port), self.site.timing, self.site.context, problems)
        {
            self.read.inputs.retain(|(other, _)| *other != address);
            self.read.inputs.push((address, input));
        }
    }

    fn past(&mut self, prefix: &str, key: &Key, value: &Node, problems: &mut Problems) {
        let address = address(prefix, "", &key.text);
        let signals = self.site.scope.list(delayed);
        let Some((_, group, index)) = signals.iter().find(|(name, ..)| *name == address) else {
            let message = format!("{} reads no `{}` with a delay", self.site.scope.label(), key.text);
            let names = signals.iter().map(|(name, ..)| name.as_str());
            let help = suggestion(&key.text, "signals with a past", names);
            problems.push(Problem::new(&key.span, message).help(help));
            return;
        };
        if !self.is_first(&format!("past {address}"), key, problems) {
            return;
        }
        let group = &self.site.scope.groups[*group];
        let name = delayed(group.info())[*index];
        let unit = group.info().signal(name).map(|signal| group.info().signal_unit(signal));
        let Some(unit) = unit else { return };
        let wanted = PerNode { name, unit: named_unit(unit), nodes: group.nodes() };
        if let Some(history) = read_history(value, &wanted, self.site.context, problems) {
            self.read.pasts.retain(|(other, _)| *other != address);
            self.read.pasts.push((address, history));
        }
    }

    /// Finds the group and the port that an address names.
    fn port(&self, address: &str) -> Option<(usize, usize)> {
        let ports = self.site.scope.list(|info| info.inputs.iter().map(|input| &input.name).collect());
        ports.into_iter().find(|(name, ..)| name == address).map(|(_, group, port)| (group, port))
    }

    /// Notes that something has a value. Two values of one file are a mistake; a flag of the command replaces what a file says.
    fn is_first(&mut self, what: &str, key: &Key, problems: &mut Problems) -> bool {
        match self.said.get(what) {
            Some(before) if before.source == key.span.source => {
                let (line, _) = before.source.line_column(before.range.start);
                let message = format!("`{}` has a value already, in line {line}", key.text);
                problems.push(Problem::new(&key.span, message).help("give one of the two"));
                false
            }
            _ => {
                self.said.insert(what.to_owned(), key.span.clone());
                true
            }
        }
    }

    /// Whether a number of a projection is not said in the projection already.
    fn is_said_here(&self, setting: Setting, key: &Key, problems: &mut Problems) -> bool {
        let (projection, name) = match setting {
            Setting::Rule { projection, index } => {
                (projection, self.site.projections[projection].rule.parameters[index].name.clone())
            }
            Setting::Speed { projection } => (projection, Text::new("speed")),
            _ => return true,
        };
        let described = &self.site.projections[projection];
        let said = described.node.span.source == key.span.source && described.said.contains(&name);
        if said {
            let message = format!("`{}` has a value already, in the projection", key.text);
            problems.push(Problem::new(&key.span, message).help("give one of the two"));
        }
        !said
    }

    fn unknown(&self, section: Section, key: &Key) -> Problem {
        let mut known: Vec<String> =
            self.site.scope.list(section.known).into_iter().map(|(name, ..)| name).collect();
        if section.address.is_empty() {
            let further = self.network.setting_names().into_iter();
            let of_projections: Vec<(String, Setting)> = further
                .filter_map(|name| match self.network.setting(&name) {
                    Ok(setting @ (Setting::Rule { .. } | Setting::Speed { .. })) => Some((name, setting)),
                    _ => None,
                })
                .collect();
            // A number that has two names, such as `k` and `coupling_input.k`, is listed by the one that the author may have meant.
            let is_short = !key.text.contains('.');
            let has_shorter = |name: &str, setting: &Setting| {
                of_projections.iter().any(|(other, same)| same == setting && other.len() < name.len())
            };
            let listed = of_projections.iter().filter(|(name, of)| !(is_short && has_shorter(name, of)));
            known.extend(listed.map(|(name, _)| name.clone()));
        }
        let help = suggestion(&key.text, &format!("{}s", section.what), known.iter().map(String::as_str));
        let message = format!("{} has no {} `{}`", self.site.scope.label(), section.what, key.text);
        Problem::new(&key.span, message).help(help)
    }
}

/// Returns what the values of a setting are, which the description of the network does not tell: its name within its group, its unit, and how
/// many values it may have.
pub fn wanted<'a>(setting: Setting, scope: Scope<'a>, projections: &'a [Described]) -> PerNode<'a> {
    let group = |group: usize| &scope.groups[group];
    match setting {
        Setting::Parameter { group: index, index: parameter } => {
            let parameter = &group(index).info().parameters[parameter];
            let unit = named_unit(&parameter.unit);
            PerNode { name: &parameter.name, unit, nodes: group(index).nodes() }
        }
        Setting::Initial { group: index, index: state } => {
            let state = &group(index).info().states[state];
            PerNode { name: &state.name, unit: named_unit(&state.unit), nodes: group(index).nodes() }
        }
        Setting::Noise { group: index, index: state } => {
            let state = &group(index).info().states[state];
            let unit = named_unit(&state.unit).per_root_ms();
            PerNode { name: &state.name, unit, nodes: group(index).nodes() }
        }
        Setting::Rule { projection, index } => {
            let projection = &projections[projection];
            let parameter = &projection.rule.parameters[index];
            let unit = named_unit(&parameter.unit);
            PerNode { name: &parameter.name, unit, nodes: projection.shape.0 }
        }
        Setting::Speed { .. } => PerNode { name: "speed", unit: named_unit("mm/ms"), nodes: 1 },
        Setting::Weights { projection } => {
            PerNode { name: "weights", unit: NamedUnit::one(), nodes: projections[projection].edges }
        }
    }
}

/// Returns the address of a name: `x` of the initial states of the group `cortex` is `cortex.init_x`.
pub fn address(prefix: &str, kind: &str, name: &str) -> String {
    match name.split_once('.') {
        Some((group, name)) if prefix.is_empty() => format!("{group}.{kind}{name}"),
        _ => format!("{prefix}{kind}{name}"),
    }
}

fn any(values: &Values, is: impl Fn(f64) -> bool) -> bool {
    match values {
        Values::Scalar(value) => is(*value),
        Values::PerNode(values) => values.iter().any(|value| is(*value)),
        Values::Quantity(_) | Values::Quantities(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_group_before_the_kind() {
        assert_eq!(address("", "init_", "x"), "init_x");
        assert_eq!(address("", "noise_", "cortex.x"), "cortex.noise_x");
        assert_eq!(address("cortex.", "init_", "x"), "cortex.init_x");
        assert_eq!(address("", "", "back.k"), "back.k");
    }
}
