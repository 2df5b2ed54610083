//! `coupling`, `projections`: who sends what to whom, by which rule, how late.

use brainmass_spec::fields::{Fields, list, number, text, truth};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Spanned;
use brainmass_spec::values::finite_in_unit;
use brainmass_spec::yaml::{Node, Value};
use ndarray::Array2;

use super::connectome::{self, choice};
use super::groups::{Member, Scope, catalogue, describe};
use super::numbers::{PerNode, has_key, matrix, named_unit, per_node, rows};
use brainmass_core::registry::Create;
use brainmass_data::connectome::{Connectome, LaplacianNormalization};
use brainmass_sim::network::{Connectivity, History, Projection, Wiring};

const NORMALIZATIONS: [(&str, LaplacianNormalization); 3] = [
    ("none", LaplacianNormalization::None),
    ("random_walk", LaplacianNormalization::RandomWalk),
    ("symmetric", LaplacianNormalization::Symmetric),
];

const STORAGES: [(&str, Connectivity); 3] =
    [("auto", Connectivity::Auto), ("dense", Connectivity::Dense), ("sparse", Connectivity::Sparse)];

/// A projection, where it is described, and the name of its current.
pub struct Described {
    pub projection: Projection,
    pub node: Node,
    pub current: String,
}

/// All projections. `connectome` is that of the whole experiment, which holds for those that have no connections of their own.
pub fn read(
    fields: &mut Fields,
    scope: Option<&Scope>,
    connectome: Option<&Connectome>,
    problems: &mut Problems,
) -> Vec<Described> {
    let (coupling, projections) = (fields.take("coupling"), fields.take("projections"));
    let Some(scope) = scope else { return Vec::new() };
    let mut nodes: Vec<&Node> = Vec::new();
    for node in coupling.into_iter().chain(projections) {
        match &node.value {
            Value::List(items) => nodes.extend(items),
            Value::Map(_) => nodes.push(node),
            _ => nodes.extend(list(node, problems)),
        }
    }
    let mut found: Vec<Described> = Vec::new();
    for (index, node) in nodes.into_iter().enumerate() {
        let Some((name, projection)) = one(node, scope, connectome, problems) else { continue };
        let current = match (name, index) {
            (Some(name), _) => name.value,
            (None, 0) => "coupling_input".to_owned(),
            (None, index) => format!("coupling_input_{}", index + 1),
        };
        found.push(Described { projection, node: node.clone(), current });
    }
    found
}

/// An end of a projection: a group, and a signal or a port of it.
struct End<'a> {
    member: &'a Member,
    what: &'static str,
    unit: &'static str,
}

fn one(
    node: &Node,
    scope: &Scope,
    connectome: Option<&Connectome>,
    problems: &mut Problems,
) -> Option<(Option<Spanned<String>>, Projection)> {
    let mut fields = Fields::new(node, "the projection", problems);
    let name = fields.text("name", problems);
    let source = source(&mut fields, scope, problems);
    let target = target(&mut fields, scope, problems);
    let rule = rule(&mut fields, problems);
    let receiving = fields.text("receiving", problems);
    let shape = source
        .as_ref()
        .zip(target.as_ref())
        .map(|(source, target)| (target.member.nodes(), source.member.nodes()));
    let wiring = wiring(&mut fields, shape, connectome, problems);
    let speed = fields.take("speed").and_then(|node| finite_in_unit(node, &named_unit("mm/ms"), problems));
    let delay = fields.take("delay");
    let history = fields.take("history");
    let own = fields.take("self_connections").and_then(|node| truth(node, problems));
    let storage = choice(&mut fields, "connectivity", &STORAGES, problems);
    let normalize = choice(&mut fields, "normalize", &NORMALIZATIONS, problems);
    let epsilon = fields.take("epsilon").and_then(|node| number(node, problems));

    // The parameters of the rule stand beside the rest; without the rule nobody can tell which keys are wrong.
    let mut parameters = Vec::new();
    if let (Some(create), Some(target)) = (&rule, &target) {
        for parameter in create().info().parameters {
            if let Some(node) = fields.take(parameter.name) {
                let wanted =
                    PerNode { name: parameter.name, unit: parameter.unit, nodes: target.member.nodes() };
                parameters.extend(per_node(node, &wanted, problems).map(|values| (parameter.name, values)));
            }
        }
        fields.finish(problems);
    }
    let (source, target, create) = (source?, target?, rule?);
    if let Some(signal) = &receiving {
        let info = target.member.info();
        if info.signal(&signal.value).is_none() {
            let label = suggestion(&signal.value, "signals", info.signal_names());
            let message = format!("{} has no signal `{}`", info.name, signal.value);
            problems.push(Problem::new(&signal.span, message).label(label));
        }
    }
    let mut projection = Projection::from(source.member.name.clone(), source.what)
        .to(target.member.name.clone(), target.what)
        .weights(wiring?)
        .rule(create())
        .self_connections(own.unwrap_or(false))
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
    if let Some(speed) = speed {
        projection = projection.speed(speed);
    }
    if let Some(node) = delay {
        projection = match &node.value {
            Value::Scalar(_) => projection.delays(finite_in_unit(node, &named_unit("ms"), problems)?),
            _ => projection.delays(matrix(node, "delays (ms)", shape?, problems)?),
        };
    }
    if let Some(node) = history {
        let wanted = PerNode { name: source.what, unit: source.unit, nodes: source.member.nodes() };
        let history = if has_key(node, &["series", "file"]) {
            History::from(rows(Fields::new(node, "the history", problems), "series", &wanted, problems)?)
        } else {
            History::from(per_node(node, &wanted, problems)?)
        };
        projection = projection.history(history);
    }
    if let Some(normalize) = normalize {
        projection = projection.normalize(normalize);
    }
    if let Some(epsilon) = epsilon {
        projection = projection.epsilon(epsilon.value);
    }
    Some((name, projection))
}

/// `from: cortex.rE`; in an experiment with one model `from: rE`, or nothing for what the model couples by.
fn source<'a>(fields: &mut Fields, scope: &'a Scope, problems: &mut Problems) -> Option<End<'a>> {
    let (member, what) = end(fields, "from", scope, problems)?;
    let info = member.info();
    let signal = match &what {
        Some(name) => info.signal(&name.value),
        None => info.couples_from,
    };
    let Some(signal) = signal else {
        problems.push(unknown(what.as_ref(), fields, "from", "signal", info.name, info.signal_names()));
        return None;
    };
    Some(End { member, what: info.signal_name(signal), unit: info.signal_unit(signal) })
}

/// `to: thalamus.rE_inp`, as [`source`].
fn target<'a>(fields: &mut Fields, scope: &'a Scope, problems: &mut Problems) -> Option<End<'a>> {
    let (member, what) = end(fields, "to", scope, problems)?;
    let info = member.info();
    let port = match &what {
        Some(name) => info.input(&name.value),
        None => info.couples_to,
    };
    let Some(port) = port else {
        let ports = info.inputs.iter().map(|input| input.name);
        problems.push(unknown(what.as_ref(), fields, "to", "input", info.name, ports));
        return None;
    };
    Some(End { member, what: info.inputs[port].name, unit: info.inputs[port].unit })
}

fn unknown(
    what: Option<&Spanned<String>>,
    fields: &Fields,
    key: &str,
    kind: &str,
    model: &str,
    known: impl Iterator<Item = &'static str>,
) -> Problem {
    match what {
        Some(name) => Problem::new(&name.span, format!("{model} has no {kind} `{}`", name.value))
            .label(suggestion(&name.value, &format!("{kind}s"), known)),
        None => Problem::new(fields.span(), format!("say with `{key}` which {kind} of {model} is meant"))
            .label(suggestion("", &format!("{kind}s"), known)),
    }
}

/// The group that a key names, and what of it, where that is said.
fn end<'a>(
    fields: &mut Fields,
    key: &'static str,
    scope: &'a Scope,
    problems: &mut Problems,
) -> Option<(&'a Member, Option<Spanned<String>>)> {
    let name = fields.text(key, problems);
    if !scope.prefixed {
        return Some((&scope.members[0], name));
    }
    let groups = || scope.members.iter().map(|member| member.name.as_str());
    let Some(name) = name else {
        let problem = Problem::new(fields.span(), format!("there is no `{key}` in the projection"));
        problems.push(problem.help(format!("name a group and what of it, as in `{key}: cortex.rE`")));
        return None;
    };
    let (group, rest) = match name.value.split_once('.') {
        Some((group, rest)) => (group, Some(rest)),
        None => (name.value.as_str(), None),
    };
    let Some(member) = scope.members.iter().find(|member| member.name == group) else {
        let label = suggestion(group, "groups", groups());
        problems.push(Problem::new(&name.span, format!("there is no group `{group}`")).label(label));
        return None;
    };
    Some((member, rest.map(|rest| Spanned::new(rest.to_owned(), name.span.clone()))))
}

fn rule(
    fields: &mut Fields,
    problems: &mut Problems,
) -> Option<fn() -> Box<dyn brainmass_core::coupling::AnyRule>> {
    let node = fields.take("rule");
    let rules =
        || catalogue().filter(|entry| matches!(entry.create, Create::Rule(_))).map(|entry| entry.info.name);
    let Some(node) = node else {
        let problem = Problem::new(fields.span(), "there is no `rule` in the projection");
        problems.push(problem.label(suggestion("", "rules", rules())));
        return None;
    };
    let name = text(node, problems)?;
    match catalogue().find(|entry| entry.info.name == name.value).map(|entry| (entry.create, entry.info.kind))
    {
        Some((Create::Rule(create), _)) => Some(create),
        Some((_, kind)) => {
            let message = format!("`{}` is {}", name.value, describe(kind));
            problems.push(Problem::new(&name.span, message).label(suggestion(&name.value, "rules", rules())));
            None
        }
        None => {
            let message = format!("there is no rule `{}`", name.value);
            problems.push(Problem::new(&name.span, message).label(suggestion(&name.value, "rules", rules())));
            None
        }
    }
}

/// `weights` (with `lengths`), `connectome`, or the connectome of the whole experiment.
fn wiring(
    fields: &mut Fields,
    shape: Option<(usize, usize)>,
    common: Option<&Connectome>,
    problems: &mut Problems,
) -> Option<Wiring> {
    let weights = fields.take("weights");
    let lengths = fields.take("lengths");
    let own = fields.take("connectome");
    if let (Some(_), Some(node)) = (weights, own) {
        problems.push(Problem::new(&node.span, "`weights` and `connectome` are given; one is enough"));
        return None;
    }
    let shape = shape?;
    if let Some(node) = weights {
        let weights = pairs(node, shape, problems)?;
        return Some(match lengths {
            None => weights.into(),
            Some(node) => (weights, matrix(node, "tract lengths (mm)", shape, problems)?).into(),
        });
    }
    if let Some(node) = lengths {
        problems.push(Problem::new(&node.span, "`lengths` go with `weights`, and there are none"));
    }
    let read;
    let (connectome, span) = match (own, common) {
        (Some(node), _) => {
            read = connectome::read(node, problems)?;
            (&read, &node.span)
        }
        (None, Some(connectome)) => (connectome, fields.span()),
        (None, None) => {
            let problem = Problem::new(fields.span(), "the projection has no connections");
            problems.push(
                problem.help("give it `weights` or a `connectome`, or the whole experiment a `connectome`"),
            );
            return None;
        }
    };
    let regions = connectome.len();
    if (regions, regions) != shape {
        let (targets, sources) = shape;
        let message = format!(
            "the connectome has {regions} regions; {targets} targets and {sources} sources need {targets} x {sources} weights"
        );
        problems.push(Problem::new(span, message));
        return None;
    }
    Some(connectome.into())
}

/// Weights `[target][source]`: a matrix, one number for all pairs, or `one_to_one`.
fn pairs(node: &Node, shape: (usize, usize), problems: &mut Problems) -> Option<Array2<f64>> {
    let Value::Scalar(scalar) = &node.value else { return matrix(node, "weights", shape, problems) };
    if scalar.text.trim() != "one_to_one" {
        return number(node, problems).map(|weight| Array2::from_elem(shape, weight.value));
    }
    let (targets, sources) = shape;
    if targets != sources {
        let message =
            format!("`one_to_one` needs as many sources as targets; there are {sources} and {targets}");
        problems.push(Problem::new(&node.span, message));
        return None;
    }
    Some(Array2::eye(targets))
}
