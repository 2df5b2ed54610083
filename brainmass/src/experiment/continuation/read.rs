//! The section `continuation` as a whole.

use brainmass_continuation::{Equations, EquationsError, Parts, Quantity, Range, Setting, Signal};
use brainmass_core::quantity::Values;
use brainmass_sim::simulator::Input;
use brainmass_spec::fields::{entries, text};
use brainmass_spec::model::Model;
use brainmass_spec::problem::{Problem, Problems};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::values::finite_in_unit;
use brainmass_spec::yaml::{Key, Node, Scalar, Value};

use super::keys::CONTINUATION;
use crate::experiment::basics::named_unit;
use crate::experiment::checked::checked;
use crate::experiment::context::Context;
use crate::experiment::continuation_plan::ContinuationPlan;
use crate::experiment::description::Experiment;
use crate::experiment::keys::Keys;
use crate::experiment::output;
use crate::experiment::record::Signals;

/// Endings of files that hold the branches of a diagram.
const BRANCHES: [&str; 1] = ["csv"];
/// The largest step along a branch, as a share of the range.
const LARGEST_STEP: f64 = 0.2;

/// Reads the section of an experiment that is read otherwise.
pub fn read(
    node: &Node,
    experiment: &Experiment,
    signals: &Signals,
    context: &Context,
    problems: &mut Problems,
) -> Option<ContinuationPlan> {
    let before = problems.len();
    let mut keys = Keys::open(node, "the continuation", &[&CONTINUATION], problems);
    let over = keys.take("over", problems);
    if over.is_none() && !keys.had("over") && matches!(node.value, Value::Map(_)) {
        let problem = Problem::new(keys.span(), "a bifurcation diagram needs `over`, what varies in it");
        problems.push(problem.help("write for example `over: {E_inp: 0..400 Hz}`"));
    }
    let and = keys.take("and", problems);
    let of = keys.text("of", problems);
    let equilibria = keys.truth("equilibria", problems).unwrap_or(false);
    let phase_response = keys.take("phase_response", problems);
    let step = keys.take("step", problems);
    let output =
        output::paths(&mut keys, "output", "the branches of a diagram", &BRANCHES, context, problems);
    let plot = output::figure(&mut keys, context, problems);
    let longest = step.and_then(|node| longest_step(node, problems));
    keys.finish(problems);
    let model = model(node, signals, context, problems)?;
    let with_step = |(name, range): (String, Range)| match longest {
        Some(longest_step) => (name, Range { longest_step, ..range }),
        None => (name, range),
    };
    let first = over.and_then(|node| named_range(node, &model, problems)).map(with_step);
    let second = and.map(|node| (node, named_range(node, &model, problems)));
    let of_second = second.iter().filter_map(|(_, second)| second.as_ref());
    let varying: Vec<&str> = first.iter().chain(of_second).map(|(name, _)| name.as_str()).collect();
    let setting = setting(&model, &varying, node, experiment, signals, problems);
    if let (Some((name, _)), Some((node, Some((other, _))))) = (&first, &second)
        && name == other
    {
        problems.push(Problem::new(&node.span, format!("`{name}` varies already, as `over` says")));
    }
    if let Some((node, _)) = second.as_ref().filter(|_| !model.delays.is_empty()) {
        let message = format!(
            "`{}` reads its own states with delays, and curves over two values are of models without",
            model.name
        );
        problems.push(Problem::new(&node.span, message));
    }
    if let Some((name, _)) = &first
        && let Ok(quantity) = Quantity::find(&model, name)
    {
        if let Err(error) = Equations::new(&model, &setting, &[quantity]) {
            problems.push(Problem::new(&node.span, error.to_string()));
        }
        if let Some(of) = &of
            && let Err(error) = Signal::find(&model, &setting, &[quantity], Some(&of.value))
        {
            problems.push(told(error, &of.span));
        }
    }
    let phase_response = phase_response.zip(first.as_ref()).and_then(|(node, (name, range))| {
        let value = finite_in_unit(node, &named_unit(unit_of(&model, name)?), problems)?;
        if value < range.from || value > range.to {
            let message =
                format!("{value} is outside of the range of `{name}`, from {} to {}", range.from, range.to);
            problems.push(Problem::new(&node.span, message));
        }
        if equilibria || second.is_some() || !model.delays.is_empty() {
            let message = "a phase response is of a cycle over one value, of a model without delays";
            problems.push(Problem::new(&node.span, message).help("leave out `equilibria` and `and`"));
        }
        Some(value)
    });
    if problems.len() > before {
        return None;
    }
    Some(ContinuationPlan {
        model,
        setting,
        over: first?,
        and: match second {
            Some((_, second)) => Some(with_step(second?)),
            None => None,
        },
        of: of.map(|name| name.value),
        phase_response,
        parts: if equilibria { Parts::Equilibria } else { Parts::All },
        output,
        plot,
    })
}

/// Reads the longest step.
fn longest_step(node: &Node, problems: &mut Problems) -> Option<f64> {
    let step = finite_in_unit(node, &named_unit("1"), problems)?;
    let is_share = step > 0.0 && step <= LARGEST_STEP;
    if !is_share {
        let message =
            format!("`step` is {step}; a share of the range is needed, above 0 and at most {LARGEST_STEP}");
        problems.push(Problem::new(&node.span, message));
    }
    is_share.then_some(step)
}

/// Finds the one model of the experiment, as the compiler has it.
fn model(node: &Node, signals: &Signals, context: &Context, problems: &mut Problems) -> Option<Model> {
    let [group] = signals.scope.groups else {
        let problem = Problem::new(&node.span, "this network has several groups of nodes");
        problems.push(
            problem.help("a bifurcation diagram is of one model; write it into an experiment of its own"),
        );
        return None;
    };
    checked(group.info(), &node.span, context, problems)
}

/// Takes the parameters and the constant inputs of the experiment over, but for those that vary along the branches.
fn setting(
    model: &Model,
    varying: &[&str],
    node: &Node,
    experiment: &Experiment,
    signals: &Signals,
    problems: &mut Problems,
) -> Setting {
    let mut setting = Setting::of(model);
    let population = signals.scope.groups[0].model.population();
    let mut differs = |name: &str| {
        let message = format!("`{name}` differs from node to node, and a bifurcation diagram is of one node");
        problems.push(Problem::new(&node.span, message).help("give it one value for all nodes"));
    };
    // The network has what `parameters` says, the group what its model is made with.
    let is_held = |name: &str| !varying.contains(&name);
    for (index, parameter) in model.parameters.iter().enumerate().filter(|(_, own)| is_held(&own.name)) {
        let own =
            population.info().parameter(&parameter.name).map(|index| population.parameter(index).to_vec());
        let values = experiment.network.get(&parameter.name).ok().or(own).unwrap_or_default();
        let Some(first) = values.first() else { continue };
        if values.iter().any(|value| value != first) {
            differs(&parameter.name);
        }
        setting.parameters[index] = *first;
    }
    let mut courses = Vec::new();
    for (index, port) in model.inputs.iter().enumerate().filter(|(_, port)| is_held(&port.name)) {
        let Some((_, input)) = experiment.inputs.iter().find(|(name, _)| *name == port.name) else {
            continue;
        };
        match input {
            Input::Constant(Values::Scalar(value)) => setting.inputs[index] = *value,
            Input::Constant(Values::PerNode(values)) if !values.is_empty() => {
                if values.iter().any(|value| *value != values[0]) {
                    differs(&port.name);
                }
                setting.inputs[index] = values[0];
            }
            _ => courses.push(&port.name),
        }
    }
    for name in courses {
        let message = format!("`{name}` changes in time, and equilibria are of constant inputs");
        problems.push(
            Problem::new(&node.span, message)
                .help(format!("give `{name}` a constant, or let it vary in `over`")),
        );
    }
    if let Some(projection) = signals.projections.first() {
        let message = "the diagram is of one node by itself: it leaves this coupling out";
        problems.warn(Problem::new(&projection.node.span, message));
    }
    setting
}

/// Reads `{name: from..to}`.
fn named_range(node: &Node, model: &Model, problems: &mut Problems) -> Option<(String, Range)> {
    let listed = entries(node, "a name with its range, as in `{E_inp: 0..400 Hz}`", problems);
    let [(key, value)] = listed else {
        if matches!(node.value, Value::Map(_)) {
            let message = format!("expected one name with its range, found {}", listed.len());
            problems.push(Problem::new(&node.span, message).help("a second one stands under `and`"));
        }
        return None;
    };
    let range = range(key, value, model, problems)?;
    Some((key.text.clone(), range))
}

/// Reads a range, `0..400 Hz` or `[0 Hz, 400 Hz]`. A unit behind the end holds for a plain start as well.
fn range(key: &Key, node: &Node, model: &Model, problems: &mut Problems) -> Option<Range> {
    if let Err(error) = Quantity::find(model, &key.text) {
        problems.push(told(error, &key.span));
    }
    let unit = unit_of(model, &key.text)?;
    let ends = match &node.value {
        Value::List(items) => items.clone(),
        _ => dots(&text(node, problems)?),
    };
    let [from, to] = &ends[..] else {
        let problem = Problem::new(&node.span, format!("this is no range of `{}`", key.text));
        problems.push(problem.help("write for example `0..400 Hz` or `[0 Hz, 400 Hz]`"));
        return None;
    };
    let from = with_unit(from, to);
    let [from, to] = [&from, to].map(|end| finite_in_unit(end, &named_unit(unit), problems));
    let (from, to) = (from?, to?);
    if from < to {
        return Some(Range::new(from, to));
    }
    let message = format!("the range of `{}` is from {from} to {to}; one that rises is needed", key.text);
    problems.push(Problem::new(&node.span, message));
    None
}

/// The declared unit of a parameter or an input.
fn unit_of<'a>(model: &'a Model, name: &str) -> Option<&'a str> {
    match Quantity::find(model, name).ok()? {
        Quantity::Parameter(index) => Some(&model.parameters[index].unit.text),
        Quantity::Input(index) => Some(&model.inputs[index].unit.text),
    }
}

/// Splits `0..400 Hz` into its two ends.
fn dots(text: &Spanned<String>) -> Vec<Node> {
    let Some((from, to)) = text.value.split_once("..") else { return Vec::new() };
    let end = |text_of: &str| Node {
        value: Value::Scalar(Scalar { text: text_of.trim().to_owned(), start: None }),
        span: text.span.clone(),
    };
    vec![end(from), end(to)]
}

/// Gives a plain start of a range the unit of its end.
fn with_unit(from: &Node, to: &Node) -> Node {
    let (Value::Scalar(start), Value::Scalar(end)) = (&from.value, &to.value) else { return from.clone() };
    let unit = end.text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    // The exponent of a number is no unit.
    let unit = match unit.strip_prefix(['e', 'E']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c)) => {
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || "+-".contains(c))
        }
        _ => unit,
    };
    if unit.trim().is_empty() || start.text.trim().parse::<f64>().is_err() {
        return from.clone();
    }
    let text = format!("{} {}", start.text.trim(), unit.trim());
    Node { value: Value::Scalar(Scalar { text, start: None }), span: from.span.clone() }
}

/// Reports a name that is not in the model.
fn told(error: EquationsError, span: &Span) -> Problem {
    match error {
        EquationsError::Name { given, hint } => {
            Problem::new(span, format!("there is no parameter or input `{given}`")).help(hint)
        }
        EquationsError::Signal { given, hint } => {
            Problem::new(span, format!("there is no state or observable `{given}`")).help(hint)
        }
        error @ (EquationsError::NoEquations { .. }
        | EquationsError::DelayedObservable { .. }
        | EquationsError::Circle { .. }) => Problem::new(span, error.to_string()),
    }
}
