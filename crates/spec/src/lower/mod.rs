//! A document to a checked model.

mod calls;
mod circle;
mod couples;
mod couplings;
mod delays;
mod explain;
mod lookup;
mod names;
mod order;
mod scope;
mod settings;
mod tables;
mod typed;
pub mod values;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::document::{Document, Kind, Named, ValueEntry};
use crate::expr::Expression;
use crate::graph::{Graph, NodeId};
use crate::model::{
    Derivative, Function, Input, Integration, Model, NamedUnit, NamedValue, Parameter, Signal, State, Table,
};
use crate::problem::{Problem, Problems, nearest, suggestion};
use crate::scheme::Scheme;
use crate::source::{Span, Spanned};
use crate::unit::Unit;
use couplings::{internal_coupling, layer, layer_gain, rule, rule_names};
use lookup::find_signal;
use scope::node_names;
use typed::{Lowering, Typed};

/// The categories of the catalogue, in its order.
pub const CATEGORIES: [&str; 3] = ["phenomenological", "physiological", "network"];

/// Most operations times states of a model. The derivatives of the rates by every state grow with that product.
const MAX_WORK: usize = 2_000_000;

/// Checks a document and brings its equations into a graph. `hash` is stamped on the model.
pub fn lower(document: &Document, hash: u64, problems: &mut Problems) -> Option<Model> {
    let mut own = Problems::default();
    let model = checked(document, hash, &mut own);
    own.take_warnings().into_iter().for_each(|warning| problems.warn(warning));
    if let Err(report) = own.finish(()) {
        let found = report.problems().to_vec();
        let told = explain::explained(document, found, |changed, problems| {
            checked(changed, hash, problems);
        });
        // A mistake in an equation of vectors is one, though each component has it.
        let mut places = HashSet::new();
        let mut is_first =
            |problem: &Problem| !document.has_vectors || places.insert(problem.span.range.clone());
        told.into_iter().filter(&mut is_first).for_each(|problem| problems.push(problem));
    }
    model.filter(|_| problems.is_empty())
}

/// Checks a document, each mistake by itself.
fn checked(document: &Document, hash: u64, problems: &mut Problems) -> Option<Model> {
    if names::too_many(document, problems) {
        return None;
    }
    names::check(document, problems);
    // Names whose declaration is wrong: what follows from that is not told.
    let mut broken: HashSet<String> = document.unread.iter().cloned().collect();
    let states = declared(&document.states, state, &mut broken, problems);
    let parameters = declared(&document.parameters, parameter, &mut broken, problems);
    let inputs = declared(&document.inputs, input, &mut broken, problems);
    let no_unit = document.parameters.iter().filter(|p| p.value.default.is_none() && p.value.unit.is_none());
    broken.extend(no_unit.map(|parameter| parameter.name.value.clone()));
    let (tables, unread) = tables::tables(document, problems);
    broken.extend(unread);
    let tables: Arc<[Table]> = tables.into();
    let category = category(document, problems);
    let time = time_unit(document, problems);
    required(document, problems);

    let (sequence, cyclic) = order::order(document, problems);
    broken.extend(cyclic);
    let mut l = Lowering::new(&document.functions, problems);
    l.broken = broken;
    tables.iter().for_each(|table| {
        l.graph.add_table(Arc::clone(&table.values));
    });
    l.tables = Arc::clone(&tables);
    l.incomplete = document.incomplete;
    l.ports = inputs.len();
    l.unit_names = unit_names(&states, &parameters, &inputs);
    l.words = words(document);
    l.delayable = delays::delayables(document);
    l.observables = document.observables.len();
    if document.kind == Kind::Coupling {
        rule_names(&mut l, &parameters);
    } else {
        node_names(&mut l, &states, &parameters, &inputs);
    }
    let mut lets: Vec<Option<NamedValue>> = vec![None; document.lets.len()];
    for index in sequence {
        let entry = &document.lets[index];
        match named_value(&mut l, entry) {
            Some(value) => {
                let node = if entry.value.held { l.graph.held(value.node) } else { value.node };
                l.names.insert(value.name.clone(), Typed::number(node, value.unit.unit));
                lets[index] = Some(NamedValue { node, ..value });
            }
            None => {
                l.broken.insert(entry.name.value.clone());
            }
        }
    }
    let derivatives = derivatives(&mut l, document, &states, time);
    let mut observables: Vec<NamedValue> =
        document.observables.iter().filter_map(|entry| named_value(&mut l, entry)).collect();
    delays::observed(&mut l, document, &lets, &mut observables);
    let coupling = match document.kind {
        Kind::Coupling => rule(&mut l, document),
        _ => document.coupling.as_ref().and_then(|entry| {
            let names =
                |entries: &[State]| entries.iter().map(|s| (s.name.clone(), s.unit.unit)).collect::<Vec<_>>();
            internal_coupling(&mut l, entry, &names(&states), &parameters, &inputs)
        }),
    };
    let gain = document.recurrent.as_ref().and_then(|recurrent| recurrent.gain.as_ref());
    let gain = gain.and_then(|gain| layer_gain(&mut l, gain));
    let (mut graph, delays) = (std::mem::take(&mut l.graph), std::mem::take(&mut l.delays));
    bounded(&graph, &derivatives, states.len(), document, problems);
    let lets: Vec<NamedValue> = lets.into_iter().flatten().collect();
    for value in lets.iter().chain(&observables) {
        graph.name(value.node, &value.name);
    }

    let signal = |name: &Spanned<String>, problems: &mut Problems| {
        find_signal(&name.value, &name.span, &states, &document.observables, problems)
    };
    let output = document.output.as_ref().and_then(|name| signal(name, problems));
    let output = output.or_else(|| (!states.is_empty()).then_some(Signal::State(0)));
    let couples = couples::couples(document, &states, &inputs, output, problems);
    let layer = layer(document, gain, &states, &inputs, problems);
    let integration = integration(document, problems);
    let functions = document
        .functions
        .iter()
        .map(|entry| Function {
            name: entry.name.value.clone(),
            arguments: entry.value.arguments.clone(),
            is: entry.value.is.clone(),
            doc: entry.value.doc.clone().unwrap_or_default(),
        })
        .collect();
    let text =
        |field: &Option<Spanned<String>>| field.as_ref().map(|text| text.value.clone()).unwrap_or_default();
    let mut model = Model {
        source: document.source.clone(),
        name: document.name.value.clone(),
        name_span: document.name.span.clone(),
        kind: document.kind,
        title: text(&document.title),
        category,
        order: document.order,
        use_case: text(&document.use_case),
        description: text(&document.description),
        references: document.references.clone(),
        version: document
            .version
            .as_ref()
            .map_or_else(|| "0.0.0".to_owned(), |version| version.value.clone()),
        changes: document.changes.clone(),
        differences: document.differences.clone(),
        hash,
        extends: document.extends.as_ref().map(|base| base.value.clone()),
        states,
        parameters,
        inputs,
        delays,
        functions,
        tables: tables.to_vec(),
        lets,
        derivatives,
        observables,
        output,
        couples,
        integration,
        coupling,
        layer,
        presets: Vec::new(),
        checks: Vec::new(),
        plots: Default::default(),
        graph,
    };
    settings::lower(document, &mut model, problems);
    problems.is_empty().then_some(model)
}

/// Lowers the entries of a section; those in which something is wrong are noted.
fn declared<E, T>(
    entries: &[Named<E>],
    lower: impl Fn(&Named<E>, &mut Problems) -> T,
    broken: &mut HashSet<String>,
    problems: &mut Problems,
) -> Vec<T> {
    let mut lowered = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let before = problems.len();
        lowered.push(lower(entry, problems));
        let name = &entry.name.value;
        if problems.len() > before || entries[..index].iter().any(|other| other.name.value == *name) {
            broken.insert(name.clone());
        }
    }
    lowered
}

/// Reports a model whose derivatives would be too large: each of them is taken by each state.
fn bounded(
    graph: &Graph,
    derivatives: &[Derivative],
    states: usize,
    document: &Document,
    problems: &mut Problems,
) {
    let roots: Vec<NodeId> = derivatives.iter().map(|derivative| derivative.node).collect();
    let operations = graph.reachable(&roots).into_iter().filter(|needed| *needed).count();
    if operations * (states + 1) > MAX_WORK {
        let message = format!(
            "the equations are too large: {operations} operations in derivatives of {states} states, whose product may be at most {MAX_WORK}"
        );
        problems.push(
            Problem::new(&document.name.span, message).help("couple nodes of a smaller model with a Network"),
        );
    }
}

fn doc(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

fn state(entry: &Named<crate::document::StateEntry>, problems: &mut Problems) -> State {
    let value = &entry.value;
    let (init, unit) = values::declared(value.init.as_ref(), value.unit.as_ref(), problems);
    let unit = unit.unwrap_or_else(NamedUnit::one);
    let span = value.init.as_ref().map_or(&entry.name.span, |node| &node.span);
    let init = init.unwrap_or(0.0);
    let bounds = value.bounds.as_ref().and_then(|node| values::limits(node, &unit, "`bounds`", problems));
    let wrap = value.wrap.as_ref().and_then(|node| circle::circle(node, &unit, problems));
    let noise = value.noise.as_ref().and_then(|node| values::intensity(node, &unit.per_root_ms(), problems));
    finite(init, "an initial state", span, problems);
    inside(init, bounds, "the initial state", "bounds", span, problems);
    inside(init, wrap, "the initial state", "circle", span, problems);
    State {
        name: entry.name.value.clone(),
        unit,
        init,
        noise,
        bounds,
        wrap,
        symbol: value.symbol.clone(),
        doc: doc(&value.doc),
    }
}

fn parameter(entry: &Named<crate::document::ParameterEntry>, problems: &mut Problems) -> Parameter {
    let value = &entry.value;
    let (default, unit) = values::declared(value.default.as_ref(), value.unit.as_ref(), problems);
    let unit = unit.unwrap_or_else(NamedUnit::one);
    let span = value.default.as_ref().map_or(&entry.name.span, |node| &node.span);
    let range = value.range.as_ref().and_then(|node| values::limits(node, &unit, "`range`", problems));
    if let Some(default) = default {
        finite(default, "a default", span, problems);
        inside(default, range, "the default", "range", span, problems);
    }
    Parameter {
        name: entry.name.value.clone(),
        unit,
        default: default.unwrap_or(0.0),
        range,
        symbol: value.symbol.clone(),
        doc: doc(&value.doc),
    }
}

fn input(entry: &Named<crate::document::InputEntry>, problems: &mut Problems) -> Input {
    let value = &entry.value;
    let unit =
        value.unit.as_ref().and_then(|text| values::unit(text, problems)).unwrap_or_else(NamedUnit::one);
    let noise =
        value.noise.as_ref().and_then(|node| values::intensity(node, &unit.times_root_ms(), problems));
    Input { name: entry.name.value.clone(), unit, noise, symbol: value.symbol.clone(), doc: doc(&value.doc) }
}

fn finite(value: f64, what: &str, span: &Span, problems: &mut Problems) {
    if !value.is_finite() {
        problems.push(Problem::new(span, format!("{what} must be a finite number, this is {value}")));
    }
}

fn inside(
    value: f64,
    limits: Option<(f64, f64)>,
    what: &str,
    of: &str,
    span: &Span,
    problems: &mut Problems,
) {
    if let Some((low, high)) = limits.filter(|(low, high)| !(*low..=*high).contains(&value)) {
        problems.push(Problem::new(span, format!("{what} {value} lies outside its {of} [{low}, {high}]")));
    }
}

fn category(document: &Document, problems: &mut Problems) -> String {
    let Some(category) = &document.category else { return String::new() };
    if !CATEGORIES.contains(&category.value.as_str()) {
        let help = suggestion(&category.value, "categories", CATEGORIES);
        problems
            .push(Problem::new(&category.span, format!("unknown category `{}`", category.value)).help(help));
    }
    category.value.clone()
}

/// Reads the time that one unit of a dimensionless time lasts.
fn time_unit(document: &Document, problems: &mut Problems) -> Option<Unit> {
    let text = document.time_unit.as_ref()?;
    let quantity = crate::unit::Quantity::parse(&text.value).ok().filter(|quantity| quantity.value == 1.0);
    let unit = quantity.and_then(|quantity| Unit::parse(&quantity.unit).ok());
    match unit {
        Some(unit) if unit.dimension == Unit::MS.dimension => Some(unit),
        _ => {
            let message = format!("expected `1 ms` or `1 s`, found `{}`", text.value);
            problems.push(Problem::new(&text.span, message));
            None
        }
    }
}

fn required(document: &Document, problems: &mut Problems) {
    if document.incomplete || !document.unread.is_empty() {
        return;
    }
    let start = &document.name.span;
    let mut need = |missing: bool, what: &str| {
        if missing {
            problems.push(Problem::new(
                start,
                format!("a model of kind `{}` needs {what}", document.kind.name()),
            ));
        }
    };
    match document.kind {
        Kind::Node | Kind::Observation => {
            need(document.states.is_empty(), "`states` and their `derivatives`");
        }
        Kind::Coupling => need(document.pre.is_none() || document.post.is_none(), "`pre` and `post`"),
        Kind::SequenceLayer => {
            need(
                document.cell.is_none() || document.input.is_none() || document.recurrent.is_none(),
                "`cell`, `input` and `recurrent`",
            );
        }
        Kind::SequenceNetwork => {
            need(document.layer.is_none() || document.readout.is_none(), "`layer` and `readout`");
        }
    }
    if document.kind == Kind::Node {
        need(document.category.is_none(), "a `category`: phenomenological, physiological or network");
    }
    if document.kind == Kind::Coupling && !document.states.is_empty() {
        need(true, "no `states`: a rule sees `x_i` and `x_j`");
    }
}

/// Returns what each name of a file stands for, in words for messages.
fn words(document: &Document) -> HashMap<String, &'static str> {
    let of = |names: Vec<&Spanned<String>>, word: &'static str| {
        names.into_iter().map(|name| (name.value.clone(), word)).collect::<Vec<_>>()
    };
    let lets = of(document.lets.iter().map(|entry| &entry.name).collect(), "a value under `let`");
    let inputs = of(document.inputs.iter().map(|entry| &entry.name).collect(), "an input");
    let states = of(document.states.iter().map(|entry| &entry.name).collect(), "a state");
    let parameters = of(document.parameters.iter().map(|entry| &entry.name).collect(), "a parameter");
    let tables = of(document.tables.iter().map(|entry| &entry.name).collect(), "a table");
    [tables, lets, inputs, states, parameters].concat().into_iter().collect()
}

/// The units that the file names, so that messages can call them as the author does.
fn unit_names(states: &[State], parameters: &[Parameter], inputs: &[Input]) -> Vec<(Unit, String)> {
    let of_states = states.iter().map(|state| &state.unit);
    let of_parameters = parameters.iter().map(|parameter| &parameter.unit);
    let all = of_states.chain(of_parameters).chain(inputs.iter().map(|input| &input.unit));
    all.filter(|unit| unit.text != "1").map(|unit| (unit.unit, unit.text.clone())).collect()
}

fn named_value(l: &mut Lowering, entry: &Named<ValueEntry>) -> Option<NamedValue> {
    let value = &entry.value;
    let declared = match &value.unit {
        Some(text) => Some(values::unit(text, l.problems)?),
        None => None,
    };
    let (node, unit) = match declared {
        Some(unit) => {
            let what = format!("`{}`", entry.name.value);
            l.unit_names.push((unit.unit, unit.text.clone()));
            (l.lower_to(&value.is, unit.unit, &what)?, unit)
        }
        None => {
            let (node, unit) = l.lower_number(&value.is)?;
            let text = if unit == Unit::ONE { "1".to_owned() } else { l.unit_name(unit) };
            (node, NamedUnit { unit, text })
        }
    };
    Some(NamedValue {
        name: entry.name.value.clone(),
        unit,
        is: value.is.clone(),
        node,
        symbol: value.symbol.clone(),
        doc: doc(&value.doc),
        at_start: value.held || value.at_start,
    })
}

fn derivatives(
    l: &mut Lowering,
    document: &Document,
    states: &[State],
    time: Option<Unit>,
) -> Vec<Derivative> {
    let mut derivatives: Vec<Derivative> = Vec::new();
    // States whose derivatives stand under another name: that they have none needs no second word.
    let mut misnamed: Vec<String> = Vec::new();
    for Named { name, value } in &document.derivatives {
        let Some(index) = states.iter().position(|state| state.name == name.value) else {
            if document.incomplete || document.unread.contains(&name.value) {
                continue;
            }
            let names = || states.iter().map(|state| state.name.as_str());
            let has_none =
                |state: &&str| !document.derivatives.iter().any(|entry| entry.name.value == **state);
            let problem = Problem::new(&name.span, format!("`{}` is not a state", name.value));
            l.problems.push(match meant(&name.value, names().filter(has_none)) {
                Some(state) => {
                    misnamed.push(state.to_owned());
                    problem.help(format!(
                        "did you mean `{state}`? the section holds derivatives, by their states"
                    ))
                }
                None => problem.help(suggestion(&name.value, "states", names())),
            });
            continue;
        };
        if let Some(node) = rate(l, value, &states[index], time) {
            derivatives.push(Derivative { state: index, is: value.clone(), node });
        }
    }
    for (entry, state) in document.states.iter().zip(states) {
        let given = document.derivatives.iter().any(|derivative| derivative.name.value == state.name);
        if !given
            && !misnamed.contains(&state.name)
            && !document.incomplete
            && !document.unread.contains(&state.name)
        {
            let message = format!("the state `{}` has no derivative", state.name);
            let help = format!("add `{}:` under `derivatives`", state.name);
            l.problems.push(Problem::new(&entry.name.span, message).help(help));
        }
    }
    derivatives
}

/// Returns the state whose derivative an entry most likely is: `dV/dt`, `V'` and `V_dot` are that of `V`.
fn meant<'s>(name: &str, without: impl Iterator<Item = &'s str> + Clone) -> Option<&'s str> {
    let plain = name.strip_suffix("/dt").or(name.strip_suffix("_dt")).or(name.strip_suffix("dt"));
    let plain = plain.and_then(|rest| rest.strip_prefix("d_").or(rest.strip_prefix('d')));
    let plain = plain.or(name.strip_suffix('\'')).or(name.strip_suffix("_dot")).unwrap_or(name);
    without.clone().find(|state| *state == plain).or_else(|| nearest(name, without))
}

/// A rate of change, in the state's unit per ms.
fn rate(l: &mut Lowering, expression: &Expression, state: &State, time: Option<Unit>) -> Option<NodeId> {
    let per_ms = state.unit.unit.per(Unit::MS);
    let (unit, what) = match time {
        Some(_) => (state.unit.unit, format!("the derivative of `{}` (time is dimensionless)", state.name)),
        None => (per_ms, format!("the derivative of `{}`", state.name)),
    };
    let known = l.unit_names.iter().any(|(known, _)| *known == per_ms);
    if !known {
        let name = if state.unit.text == "1" { "1/ms".to_owned() } else { format!("{}/ms", state.unit.text) };
        l.unit_names.push((per_ms, name));
    }
    if l.broken.contains(&state.name) {
        // Its unit is not known; what can be said of the names is said.
        l.lower(expression);
        return None;
    }
    let node = l.lower_to(expression, unit, &what)?;
    // One unit of dimensionless time lasts `time`.
    let factor = time.and_then(|time| Unit::MS.factor_to(time)).unwrap_or(1.0);
    let factor = l.graph.constant(factor);
    Some(l.graph.multiply(factor, node))
}

/// Scheme and step of the file, and the defaults for what it does not say.
fn integration(document: &Document, problems: &mut Problems) -> Integration {
    let mut integration = Integration::default();
    if let Some(given) = &document.scheme {
        match Scheme::named(&given.value) {
            Some(scheme) => {
                integration.scheme = scheme;
                scheme
                    .fixed_step_warning(&given.value, &given.span)
                    .into_iter()
                    .for_each(|it| problems.warn(it));
            }
            None => {
                let message = format!("unknown scheme `{}`", given.value);
                problems.push(Problem::new(&given.span, message).help(Scheme::hint(&given.value)));
            }
        }
    }
    if let Some(node) = &document.dt
        && let Some(dt) = values::time(node, problems)
    {
        if dt > 0.0 {
            integration.dt = dt;
        } else {
            problems
                .push(Problem::new(&node.span, format!("the time step must be positive, this is {dt} ms")));
        }
    }
    integration
}
