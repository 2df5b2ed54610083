//! The section `fit`, which names parameters, what they are fitted to, and how.
//!
//! ```yaml
//! fit:
//!   parameters:
//!     a: {start: 0.1, above: 0}
//!     k: {start: [0.2, 0.3], between: [0, 2], prior: {mean: 1, deviation: 0.5}}
//!     beta:                      # from its present value, within the range of the model file
//!     weights: {start: 0.1, above: 0, prior: {l1: 0.01}}
//!   bounds: {w: [0, 0.5]}        # in place of `between`, also of what has no entry above
//!   signal: x                    # the record, or what an instrument sees, that is compared; may be left out where there is one
//!   objective: fc_corr
//!   target: {file: data.npz, array: fc}
//!   target_is: connectivity      # of objectives of functional connectivity; `signal` if not given
//!   windows: [30, 5]             # of objectives of its dynamics: size and step, in rows
//!   method: lbfgs
//!   rate: 0.05                   # of first-order methods
//!   iterations: 100
//!   patience: 20                 # iterations without improvement that end a start
//!   enough: 0.01                 # the loss that ends the fit
//!   starts: 4
//!   seed: 1
//!   output: [fit.json, fit.csv]
//!   plot: fit.png
//! ```
//!
//! Parameters are called as [`Network::set`](crate::Network::set) calls them, or as an input port; numbers are plain, in declared units.

use brainmass_spec::fields::{list, number, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::{Span, Spanned};
use brainmass_spec::yaml::{Node, Value};
use ndarray::Array2;

use super::array_file;
use super::basics::{count, entry, whole};
use super::context::Context;
use super::description::Experiment;
use super::fit_parameters::{self, numbers, pair};
use super::keys::{FIT, Keys, MATRIX};
use super::output::{self, FIT_RESULTS};
use super::plan::FitPlan;
use super::record::Signals;
use brainmass_data::analysis::Windows;
use brainmass_data::io::table::Format;
use brainmass_data::objectives::{FcTarget, OBJECTIVES, Objective, ObjectiveError, Settings};
use brainmass_fit::fit::{FitError, Fitter, MAX_STARTS, METHODS, Method, SimulationLoss};
use brainmass_sim::noise::UniformStream;

/// The kinds of target of objectives of functional connectivity, by name.
const TARGETS: [(&str, FcTarget); 2] =
    [("signal", FcTarget::Signal), ("connectivity", FcTarget::Connectivity)];

impl FitPlan {
    /// Makes the loss of an experiment: a score counts as one less the score.
    pub fn loss(&self, experiment: &Experiment) -> SimulationLoss {
        self.loss_of(experiment.simulator(), experiment.timing.duration)
    }

    /// Makes the fit of an experiment.
    pub fn fitter(&self, experiment: &Experiment) -> Fitter<'static> {
        self.fitter_of(self.loss(experiment))
    }
}

/// Reads the section of an experiment that is read otherwise.
pub fn read(
    node: &Node,
    experiment: &Experiment,
    signals: &Signals,
    context: &Context,
    problems: &mut Problems,
) -> Option<FitPlan> {
    let before = problems.len();
    let recorded = signals.recorded(experiment);
    let records: Vec<String> = recorded.iter().map(|(name, _)| name.clone()).collect();
    let mut keys = Keys::open(node, "the fit", &[&FIT], problems);
    let read = match (keys.take("parameters", problems), keys.take("bounds", problems)) {
        (None, None) => {
            let problem = Problem::new(keys.span(), "a fit needs `parameters`");
            problems.push(problem.help("write for example `parameters: {a: {start: 0.1, between: [0, 2]}}`"));
            None
        }
        (parameters, bounds) => Some(fit_parameters::read(parameters, bounds, experiment, problems)),
    };
    let signal = signal(&mut keys, &records, problems);
    let objective = objective(&mut keys, problems);
    let settings = settings(&mut keys, problems);
    let target_node = keys.take("target", problems);
    let target = target(target_node, keys.span(), context, problems);
    let method = method(&mut keys, problems);
    let mut bounded = |key, most: u64| match keys.take(key, problems) {
        Some(node) => count(node, key, 1..=most, problems).map(|number| Some(number as usize)),
        None => Some(None),
    };
    let (iterations, patience) =
        (bounded("iterations", u32::MAX.into()), bounded("patience", u32::MAX.into()));
    let starts = bounded("starts", MAX_STARTS as u64);
    let enough = keys.take("enough", problems).map(|node| number(node, problems));
    let seed = match keys.take("seed", problems) {
        Some(node) => count(node, "the seed", 0..=u64::MAX, problems),
        None => Some(0),
    };
    let output = output::paths(&mut keys, "output", "the result of a fit", &FIT_RESULTS, context, problems);
    let plot = output::figure(&mut keys, context, problems);
    keys.finish(problems);
    let (params, spans) = read?;
    let enough = match enough {
        Some(loss) => Some(loss?.value),
        None => None,
    };
    let plan = FitPlan {
        params,
        signal: signal?,
        objective: objective?,
        settings: settings?,
        target: target?,
        method: method?,
        iterations: iterations?.unwrap_or(200),
        patience: patience?,
        enough,
        starts: starts?.unwrap_or(1),
        seed: seed?,
        output,
        plot,
    };
    if problems.len() == before {
        let shape = recorded.iter().find(|(name, _)| *name == plan.signal).map(|(_, shape)| *shape);
        check(&plan, experiment, &spans, (node, target_node), shape, problems);
    }
    Some(plan)
}

/// Reports what the fit would refuse before its first iteration.
fn check(
    plan: &FitPlan,
    experiment: &Experiment,
    spans: &[(String, Span)],
    (node, target): (&Node, Option<&Node>),
    shape: Option<(usize, usize)>,
    problems: &mut Problems,
) {
    if let Err(error) = plan.fitter(experiment).validate() {
        let at = |name: &str| spans.iter().find(|(known, _)| known == name).map(|(_, span)| span);
        let problem = match &error {
            FitError::NoBounds { name, needed_by, has } => {
                let message = format!("{needed_by} needs limits of every parameter, and `{name}` has {has}");
                let problem = Problem::new(at(name).unwrap_or(&node.span), message);
                problem.help("give it two, as in `between: [0, 2]`")
            }
            FitError::Value { name, .. }
            | FitError::OutsideTransform { name, .. }
            | FitError::OutsideBounds { name, .. } => {
                Problem::new(at(name).unwrap_or(&node.span), error.to_string())
            }
            error => Problem::new(&node.span, error.to_string()),
        };
        problems.push(problem);
    }
    let Some((rows, columns)) = shape else { return };
    let entry = OBJECTIVES.iter().find(|entry| entry.name == plan.objective);
    let Some(objective) = entry.map(|entry| entry.build(&plan.settings)) else { return };
    if let Some(message) = misfit(objective.as_ref(), (rows, columns), &plan.target) {
        let span = &target.unwrap_or(node).span;
        let label = format!(
            "`{}` has {rows} rows of {columns}, the target {} of {}",
            plan.signal,
            plan.target.nrows(),
            plan.target.ncols()
        );
        problems.push(Problem::new(span, message).label(label));
    }
}

/// The most numbers of a signal that is made up to try an objective.
const MOST_TRIED: u64 = 200_000;

/// Says what an objective objects to in the shapes of a signal and a target, if anything. The values of the signal play no role.
fn misfit(
    objective: &dyn Objective,
    (rows, columns): (usize, usize),
    target: &Array2<f64>,
) -> Option<String> {
    if (rows as u64).saturating_mul(columns as u64) > MOST_TRIED {
        return None;
    }
    let mut any = Array2::zeros((rows, columns));
    if let Some(numbers) = any.as_slice_mut() {
        UniformStream::new(1, 0).fill(0, 0, numbers);
    }
    match objective.value(any.view(), target.view()) {
        Ok(_) => None,
        // That random numbers are no density says nothing.
        Err(ObjectiveError::NotADensity { what, .. }) if what.contains("prediction") => None,
        Err(error) => Some(error.to_string()),
    }
}

fn signal(keys: &mut Keys, records: &[String], problems: &mut Problems) -> Option<String> {
    let Some(name) = keys.text("signal", problems) else {
        if let [only] = records {
            return Some(only.clone());
        }
        let message = format!("say which record is compared: `signal` is one of {}", records.join(", "));
        problems.push(Problem::new(keys.span(), message));
        return None;
    };
    if records.contains(&name.value) {
        return Some(name.value);
    }
    let label = suggestion(&name.value, "records", records.iter().map(String::as_str));
    problems.push(Problem::new(&name.span, format!("there is no record `{}`", name.value)).label(label));
    None
}

fn objective(keys: &mut Keys, problems: &mut Problems) -> Option<String> {
    let Some(name) = keys.text("objective", problems) else { return Some("timeseries_rmse".to_owned()) };
    if OBJECTIVES.iter().any(|entry| entry.name == name.value) {
        return Some(name.value);
    }
    let label = suggestion(&name.value, "objectives", OBJECTIVES.iter().map(|entry| entry.name));
    problems.push(Problem::new(&name.span, format!("there is no objective `{}`", name.value)).label(label));
    None
}

fn settings(keys: &mut Keys, problems: &mut Problems) -> Option<Settings> {
    let windows = keys.take("windows", problems);
    let target_is = keys.choice("target_is", &TARGETS, problems);
    let mut settings = match Settings::of_windows(30, 5) {
        Ok(settings) => settings,
        Err(error) => {
            problems.push(Problem::new(keys.span(), error.to_string()));
            return None;
        }
    };
    if let Some(node) = windows {
        let (size, step) = pair(node, "whole numbers", problems)?;
        if [size, step].iter().any(|number| number.fract() != 0.0 || *number < 1.0) {
            let message =
                format!("windows have a size and a step in rows, whole numbers; found [{size}, {step}]");
            problems.push(Problem::new(&node.span, message));
            return None;
        }
        match Windows::new(whole(size) as usize, whole(step) as usize) {
            Ok(windows) => settings.windows = windows,
            Err(error) => {
                problems.push(Problem::new(&node.span, error.to_string()));
                return None;
            }
        }
    }
    settings.fc_target = target_is.unwrap_or(settings.fc_target);
    Some(settings)
}

/// Reads `{file: data.npz, array: fc}`, or a list of rows.
fn target(
    node: Option<&Node>,
    fit: &Span,
    context: &Context,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let Some(node) = node else {
        let problem = Problem::new(fit, "a fit needs a `target` to compare with");
        problems.push(problem.help("write for example `target: {file: data.npz, array: fc}`"));
        return None;
    };
    if let Value::Map(_) = node.value {
        let mut keys = Keys::open(node, "the target", &[&MATRIX], problems);
        let (file, array) = (keys.take("file", problems), keys.text("array", problems));
        let format = array_file::layout(&mut keys, problems);
        keys.finish(problems);
        let Some(file) = file else {
            problems.push(Problem::new(&node.span, "expected a `file` with the target"));
            return None;
        };
        return of_file(file, array.as_ref(), &format, context, problems);
    }
    let items = list(node, problems);
    let rows: Vec<Vec<f64>> = items.iter().filter_map(|row| numbers(row, problems)).collect();
    if rows.len() < items.len() {
        return None;
    }
    let Some(width) = rows.first().map(Vec::len) else {
        problems.push(Problem::new(&node.span, "the target has no rows"));
        return None;
    };
    if rows.iter().any(|row| row.len() != width) {
        problems.push(Problem::new(&node.span, "the rows of the target have different lengths"));
        return None;
    }
    Array2::from_shape_vec((rows.len(), width), rows.concat()).ok()
}

/// Reads a target from a file, its regions in the order of the network.
fn of_file(
    file: &Node,
    array: Option<&Spanned<String>>,
    format: &Format,
    context: &Context,
    problems: &mut Problems,
) -> Option<Array2<f64>> {
    let found = array_file::read(file, array, format, context, problems)?;
    let Some(regions) = context.region_names().map(|names| names.len()) else { return Some(found.values) };
    let mut values = found.values;
    for (axis, names) in [(0, found.rows), (1, found.columns)] {
        let axis = ndarray::Axis(axis);
        let names = names.or_else(|| found.names.clone()).filter(|names| names.len() == values.len_of(axis));
        if let Some(names) = names
            && let Some(order) = context.order(&names, "the target", regions, &file.span, problems)?
        {
            values = values.select(axis, &order);
        }
    }
    Some(values)
}

/// Reads `cma_es`, or `{name: cma_es, candidates: 20}` with settings of the method.
fn method(keys: &mut Keys, problems: &mut Problems) -> Option<Method> {
    let rate = keys.take("rate", problems);
    let node = keys.take("method", problems);
    let settings = match node.map(|node| &node.value) {
        Some(Value::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    let name = match node {
        Some(Node { value: Value::Map(_), span }) => {
            let Some(name) = node.and_then(|node| entry(node, "name")) else {
                let problem = Problem::new(span, "there is no `name` in the method");
                problems.push(problem.help("write for example `method: {name: cma_es, candidates: 20}`"));
                return None;
            };
            Some(text(name, problems)?)
        }
        Some(node) => Some(text(node, problems)?),
        None => None,
    };
    let method = match &name {
        None => Method::named("adam"),
        Some(name) => Method::named(&name.value),
    };
    let Some(mut method) = method else {
        let name = name?;
        let label = suggestion(&name.value, "methods", METHODS.iter().map(|method| method.name));
        problems.push(Problem::new(&name.span, format!("there is no method `{}`", name.value)).label(label));
        return None;
    };
    let settings =
        settings.iter().map(|(key, node)| (key.text.as_str(), node)).filter(|(key, _)| *key != "name");
    for (key, node) in rate.map(|node| ("rate", node)).into_iter().chain(settings) {
        let value = number(node, problems)?.value;
        if let Err(error) = method.set(key, value) {
            problems.push(Problem::new(&node.span, error.to_string()));
            return None;
        }
    }
    Some(method)
}
