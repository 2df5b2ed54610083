//! The sections `coupling` and `projections`, which say who sends what to whom, by which rule, how late.

use brainmass_spec::fields::{list, number, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::values::finite_in_unit;
use brainmass_spec::yaml::{Key, Node, Scalar, Value};
use ndarray::Array2;

use super::basics::{PerNode, has_key, named_unit};
use super::context::Context;
use super::groups::{Group, Scope};
use super::keys::{Keys, PROJECTION};
use super::limits::Needed;
use super::named::{self, Wanted};
use super::numbers::{matrix, per_node, series};
use super::wiring::{Wired, wiring};
use brainmass_core::coupling::AnyRule;
use brainmass_core::info::{Couple, ModelInfo};
use brainmass_core::quantity::Values;
use brainmass_core::shared::{Shared, Text};
use brainmass_data::connectome::{Connectome, LaplacianNormalization};
use brainmass_sim::network::{Connectivity, History, Projection};

const NORMALIZATIONS: [(&str, LaplacianNormalization); 3] = [
    ("none", LaplacianNormalization::None),
    ("random_walk", LaplacianNormalization::RandomWalk),
    ("symmetric", LaplacianNormalization::Symmetric),
];

const STORAGES: [(&str, Connectivity); 3] =
    [("auto", Connectivity::Auto), ("dense", Connectivity::Dense), ("sparse", Connectivity::Sparse)];

/// A projection, where it is described, and what is known of it.
pub struct Described {
    pub projection: Projection,
    pub node: Node,
    /// The name of its current.
    pub current: String,
    /// The catalogue entry of its rule.
    pub rule: Shared<ModelInfo>,
    /// Nodes of the targets and of the sources.
    pub shape: (usize, usize),
    /// Weights that are not 0, those of nodes to themselves included.
    pub edges: usize,
    /// The unit of its current.
    pub unit: Text,
    /// The longest delay, in ms.
    pub longest_delay: f64,
    /// Names of numbers that the projection gives a value itself.
    pub said: Vec<Text>,
    /// The end of the history, where it is a series.
    pub past: Option<Past>,
}

/// The end of the history of a projection.
pub struct Past {
    /// The address of the initial state that the source sends at t = 0.
    pub state: String,
    /// The last row of the series: one number, or one a source node.
    pub last: Vec<f64>,
    /// The place of the history in the file.
    pub span: Span,
}

/// Reads all projections. `connectome` is that of the whole experiment, which holds for those that have no connections of their own.
pub fn read(
    keys: &mut Keys,
    scope: Option<Scope>,
    connectome: Option<&Connectome>,
    context: &Context,
    problems: &mut Problems,
) -> Vec<Described> {
    let nodes: Vec<Node> = listed(keys, problems);
    let Some(scope) = scope else { return Vec::new() };
    let nodes: Vec<Node> = nodes.into_iter().flat_map(|node| each_coupling(node, scope)).collect();
    let mut found: Vec<Described> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let Some((name, mut described)) = one(node, scope, connectome, context, problems) else { continue };
        described.current = match (name, index) {
            (Some(name), _) => name.value,
            (None, 0) => "coupling_input".to_owned(),
            (None, index) => format!("coupling_input_{}", index + 1),
        };
        found.push(described);
    }
    found
}

/// Takes the projections of both keys, in their order. A word in place of a projection is its rule.
fn listed(keys: &mut Keys, problems: &mut Problems) -> Vec<Node> {
    let (coupling, projections) = (keys.take("coupling", problems), keys.take("projections", problems));
    let mut nodes: Vec<Node> = Vec::new();
    for node in coupling.into_iter().chain(projections) {
        match &node.value {
            Value::List(items) => nodes.extend(items.iter().cloned()),
            Value::Map(_) => nodes.push(node.clone()),
            Value::Scalar(_) => {
                let key = Key { text: "rule".to_owned(), span: node.span.clone() };
                nodes.push(Node { value: Value::Map(vec![(key, node.clone())]), span: node.span.clone() });
            }
            Value::Null => nodes.extend(list(node, problems).iter().cloned()),
        }
    }
    nodes
}

/// Writes a projection that names neither end once for each coupling of the model's file, with the rule that the file names where the
/// projection has none. In an experiment with several groups every projection names its ends.
fn each_coupling(node: Node, scope: Scope) -> Vec<Node> {
    let Value::Map(entries) = &node.value else { return vec![node] };
    let has = |name: &str| entries.iter().any(|(key, node)| key.text == name && node.value != Value::Null);
    let couples = &scope.groups[0].info().couples;
    let told = couples.len() > 1 || couples.iter().any(|couple| couple.rule.is_some());
    if scope.prefixed || has("from") || has("to") || has("name") || !told {
        return vec![node];
    }
    let info = scope.groups[0].info();
    let with = |couple: &Couple| {
        let mut entries = entries.clone();
        let mut add = |name: &str, text: &str| {
            let scalar = Scalar { text: text.to_owned(), start: None };
            let key = Key { text: name.to_owned(), span: node.span.clone() };
            entries.push((key, Node { span: node.span.clone(), value: Value::Scalar(scalar) }));
        };
        add("from", info.signal_name(couple.from));
        add("to", &info.inputs[couple.to].name);
        if let Some(rule) = couple.rule.as_ref().filter(|_| !has("rule")) {
            add("rule", rule);
        }
        Node { span: node.span.clone(), value: Value::Map(entries) }
    };
    couples.iter().map(with).collect()
}

/// An end of a projection: a group, and a signal or a port of it.
struct End<'a> {
    group: &'a Group,
    what: &'a Text,
    unit: &'a Text,
}

fn one(
    node: &Node,
    scope: Scope,
    connectome: Option<&Connectome>,
    context: &Context,
    problems: &mut Problems,
) -> Option<(Option<Spanned<String>>, Described)> {
    let mut keys = Keys::open(node, "the projection", &[&PROJECTION], problems);
    let name = keys.text("name", problems);
    let source = source(&mut keys, scope, problems);
    let target = target(&mut keys, scope, problems);
    let rule = rule(&mut keys, context, problems);
    let receiving = keys.text("receiving", problems);
    let shape = source
        .as_ref()
        .zip(target.as_ref())
        .map(|(source, target)| (target.group.nodes(), source.group.nodes()));
    let within = source
        .as_ref()
        .zip(target.as_ref())
        .is_some_and(|(source, target)| std::ptr::eq(source.group, target.group));
    let self_connections = keys.truth("self_connections", problems);
    let wired = wiring(&mut keys, (shape, within), self_connections, connectome, context, problems);
    let speed = speed(&mut keys, problems);
    let (delay, history) = (keys.take("delay", problems), keys.take("history", problems));
    let storage = keys.choice("connectivity", &STORAGES, problems);
    let normalize = keys.choice("normalize", &NORMALIZATIONS, problems);
    let epsilon = keys.take("epsilon", problems).and_then(|node| number(node, problems));

    // The parameters of the rule stand beside the rest; without the rule nobody can tell which keys are wrong.
    let mut parameters: Vec<(Text, Values)> = Vec::new();
    let mut said = Vec::new();
    if let (Some(rule), Some(target)) = (&rule, &target) {
        for parameter in &rule.info().parameters {
            if let Some(node) = keys.extra(&parameter.name) {
                let wanted = PerNode {
                    name: &parameter.name,
                    unit: named_unit(&parameter.unit),
                    nodes: target.group.nodes(),
                };
                said.push(parameter.name.clone());
                let values = per_node(node, &wanted, context, problems);
                parameters.extend(values.map(|values| (parameter.name.clone(), values)));
            }
        }
    }
    if speed.is_some() {
        said.push("speed".into());
    }
    let span = keys.span().clone();
    if rule.is_some() && target.is_some() {
        keys.finish(problems);
    }
    let (source, target, rule) = (source?, target?, rule?);
    if let Some(signal) = &receiving {
        let info = target.group.info();
        if info.signal(&signal.value).is_none() {
            let help = suggestion(&signal.value, "signals", info.signal_names());
            let message = format!("{} has no signal `{}`", info.name, signal.value);
            problems.push(Problem::new(&signal.span, message).help(help));
        }
    }
    let Wired { wiring, edges, acting, longest, self_connections } = wired?;
    let rule_info = rule.settings().shared_info();
    let mut projection = Projection::from(source.group.name.clone(), source.what)
        .to(target.group.name.clone(), target.what)
        .weights(wiring)
        .rule(rule)
        .self_connections(self_connections)
        .connectivity(storage.unwrap_or_default());
    for (parameter, values) in parameters {
        projection = projection.parameter(parameter, values);
    }
    if let Some(name) = &name {
        projection = projection.name(&name.value);
    }
    if let Some(signal) = receiving {
        projection = projection.receiving(signal.value);
    }
    let mut longest_delay = 0.0;
    if let Some(speed) = speed {
        longest_delay = longest / speed;
        projection = projection.speed(speed);
    }
    if let Some(node) = delay {
        projection = match &node.value {
            Value::Scalar(_) => {
                longest_delay = finite_in_unit(node, &named_unit("ms"), problems)?;
                projection.delays(longest_delay)
            }
            _ => {
                let delays = matrix(node, ("delays (ms)", "ms"), shape?, context, problems)?;
                longest_delay = delays.iter().copied().fold(0.0, f64::max);
                projection.delays(delays)
            }
        };
    }
    let mut past = None;
    if let Some(node) = history {
        let wanted =
            PerNode { name: source.what, unit: named_unit(source.unit), nodes: source.group.nodes() };
        let history = read_history(node, &wanted, context, problems)?;
        past = end_of(&history, &source, scope.prefixed, &node.span);
        if speed.is_none() && delay.is_none() {
            let message = "this `history` has no effect: the projection has neither `delay` nor `speed`";
            problems.warn(Problem::new(&node.span, message));
        }
        projection = projection.history(history);
    }
    if let Some(normalize) = normalize {
        projection = projection.normalize(normalize);
    }
    if let Some(epsilon) = epsilon {
        projection = projection.epsilon(epsilon.value);
    }
    if acting == 0 {
        problems.warn(Problem::new(&span, "this projection has no connections: all its weights are 0"));
    }
    let described = Described {
        projection,
        node: node.clone(),
        current: String::new(),
        rule: rule_info,
        shape: shape?,
        edges,
        unit: target.unit.clone(),
        longest_delay,
        said,
        past,
    };
    Some((name, described))
}

/// Reads the signal before t = 0.
pub fn read_history(
    node: &Node,
    wanted: &PerNode,
    context: &Context,
    problems: &mut Problems,
) -> Option<History> {
    if !has_key(node, &["series", "file"]) {
        return per_node(node, wanted, context, problems).map(History::from);
    }
    let (rows, hold) = series(node, wanted, context, problems)?;
    let steps = rows.nrows().saturating_mul(hold);
    let mut needed = Needed::default();
    needed.add_records(steps as u64, rows.ncols() as u64);
    if let Some((message, _)) = needed.exceeds(context.limits.get()) {
        problems.push(Problem::new(&node.span, format!("in the history {message}")));
        return None;
    }
    let held = Array2::from_shape_fn((steps, rows.ncols()), |(row, column)| rows[[row / hold, column]]);
    Some(History::from(held))
}

/// Returns the end of a history that changes over time, of a source that sends a state.
fn end_of(history: &History, source: &End, prefixed: bool, span: &Span) -> Option<Past> {
    let History::Rows { rows, .. } = history else { return None };
    let is_state = source.group.info().states.iter().any(|state| state.name == *source.what);
    let last = rows.rows().into_iter().next_back()?.to_vec();
    let changes = rows.rows().into_iter().any(|row| row.to_vec() != last);
    let group = if prefixed { format!("{}.", source.group.name) } else { String::new() };
    let state = format!("{group}init_{}", source.what);
    (is_state && changes).then(|| Past { state, last, span: span.clone() })
}

/// Reads `from: cortex.rE`; in an experiment with one model `from: rE`, or nothing for what the model couples by.
fn source<'a>(keys: &mut Keys, scope: Scope<'a>, problems: &mut Problems) -> Option<End<'a>> {
    let (group, what) = end(keys, "from", scope, problems)?;
    let info = group.info();
    let signal = match &what {
        Some(name) => info.signal(&name.value),
        None => info.couples_from(),
    };
    let Some(signal) = signal else {
        problems.push(unknown(what.as_ref(), keys, "from", "signal", &info.name, info.signal_names()));
        return None;
    };
    Some(End { group, what: info.signal_name(signal), unit: info.signal_unit(signal) })
}

/// Reads `to: thalamus.rE_inp`, as [`source`].
fn target<'a>(keys: &mut Keys, scope: Scope<'a>, problems: &mut Problems) -> Option<End<'a>> {
    let (group, what) = end(keys, "to", scope, problems)?;
    let info = group.info();
    let port = match &what {
        Some(name) => info.input(&name.value),
        None => info.couples_to(),
    };
    let Some(port) = port else {
        let ports = info.inputs.iter().map(|input| &input.name);
        problems.push(unknown(what.as_ref(), keys, "to", "input", &info.name, ports));
        return None;
    };
    Some(End { group, what: &info.inputs[port].name, unit: &info.inputs[port].unit })
}

/// Reads the speed at which tracts conduct, mm/ms.
fn speed(keys: &mut Keys, problems: &mut Problems) -> Option<f64> {
    let node = keys.take("speed", problems)?;
    let speed = finite_in_unit(node, &named_unit("mm/ms"), problems)?;
    if speed <= 0.0 {
        let problem =
            Problem::new(&node.span, format!("the speed is {speed} mm/ms; nothing arrives at that"));
        problems.push(problem.help("give one above 0, or leave `speed` out: without it there are no delays"));
        return None;
    }
    Some(speed)
}

fn unknown<'k>(
    what: Option<&Spanned<String>>,
    keys: &Keys,
    key: &str,
    kind: &str,
    model: &str,
    known: impl Iterator<Item = &'k Text>,
) -> Problem {
    match what {
        Some(name) => Problem::new(&name.span, format!("{model} has no {kind} `{}`", name.value))
            .help(suggestion(&name.value, &format!("{kind}s"), known)),
        None => Problem::new(keys.span(), format!("say with `{key}` which {kind} of {model} is meant"))
            .help(suggestion("", &format!("{kind}s"), known)),
    }
}

/// Finds the group that a key names, and what of it, where that is said.
fn end<'a>(
    keys: &mut Keys,
    key: &'static str,
    scope: Scope<'a>,
    problems: &mut Problems,
) -> Option<(&'a Group, Option<Spanned<String>>)> {
    let name = keys.text(key, problems);
    if !scope.prefixed {
        return Some((&scope.groups[0], name));
    }
    let Some(name) = name else {
        let problem = Problem::new(keys.span(), format!("there is no `{key}` in the projection"));
        problems.push(problem.help(format!("name a group and what of it, as in `{key}: cortex.rE`")));
        return None;
    };
    let (group, rest) = match name.value.split_once('.') {
        Some((group, rest)) => (group, Some(rest)),
        None => (name.value.as_str(), None),
    };
    let Some(found) = scope.groups.iter().find(|known| known.name == group) else {
        let help = suggestion(group, "groups", scope.groups.iter().map(|group| group.name.as_str()));
        problems.push(Problem::new(&name.span, format!("there is no group `{group}`")).help(help));
        return None;
    };
    Some((found, rest.map(|rest| Spanned::new(rest.to_owned(), name.span.clone()))))
}

fn rule(keys: &mut Keys, context: &Context, problems: &mut Problems) -> Option<Box<dyn AnyRule>> {
    let Some(node) = keys.take("rule", problems) else {
        let problem = Problem::new(keys.span(), "there is no `rule` in the projection");
        problems.push(problem.help(Wanted::Rule.suggestion("", context)));
        return None;
    };
    let name = text(node, problems)?;
    named::find(&name, Wanted::Rule, context, problems)?.rule()
}
