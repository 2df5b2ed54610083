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
//!   by: linear_response          # `fc_corr` and `fc_rmse` of the linearised network, without a run
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

use brainmass_spec::fields::{number, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Span;
use brainmass_spec::yaml::{Node, Value};

use super::basics::{count, entry};
use super::context::Context;
use super::description::Experiment;
use super::fit_parameters;
use super::keys::{FIT, Keys};
use super::output::{self, FIT_RESULTS};
use super::plan::FitPlan;
use super::record::Signals;
use super::response;
use super::targets::{misfit, settings, target};
use brainmass_data::objectives::{OBJECTIVES, connectivity_objective};
use brainmass_fit::fit::{FitError, Fitter, LinearResponse, MAX_STARTS, METHODS, Method};

impl FitPlan {
    /// Makes the fit of an experiment.
    pub fn fitter(&self, experiment: &Experiment) -> Fitter<'static> {
        self.fitter_with(experiment.simulator(), experiment.timing.duration)
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
    let by = keys.choice("by", &[("simulation", false), ("linear_response", true)], problems);
    let by_span = entry(node, "by").map_or(&node.span, |by| &by.span);
    let target_node = keys.take("target", problems);
    let target = target(target_node, ("a fit", keys.span()), context, problems);
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
    let response = match (by, &signal, &objective, &settings) {
        (Some(true), Some(signal), Some(objective), Some(settings)) if problems.len() == before => {
            if connectivity_objective(objective, settings).is_none() {
                let message = format!(
                    "linear response gives functional connectivity, and `{objective}` compares something else"
                );
                let problem = Problem::new(by_span, message);
                problems.push(problem.help("compare it by `objective: fc_corr` or `fc_rmse`"));
                return None;
            }
            Some(response::read(signal, experiment, by_span, context, problems)?)
        }
        _ => None::<LinearResponse>,
    };
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
        response,
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
        let help = format!(
            "`{}` has {rows} rows of {columns}, the target {} of {}",
            plan.signal,
            plan.target.nrows(),
            plan.target.ncols()
        );
        problems.push(Problem::new(span, message).help(help));
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
    let help = suggestion(&name.value, "records", records.iter().map(String::as_str));
    problems.push(Problem::new(&name.span, format!("there is no record `{}`", name.value)).help(help));
    None
}

fn objective(keys: &mut Keys, problems: &mut Problems) -> Option<String> {
    let Some(name) = keys.text("objective", problems) else { return Some("timeseries_rmse".to_owned()) };
    if OBJECTIVES.iter().any(|entry| entry.name == name.value) {
        return Some(name.value);
    }
    let help = suggestion(&name.value, "objectives", OBJECTIVES.iter().map(|entry| entry.name));
    problems.push(Problem::new(&name.span, format!("there is no objective `{}`", name.value)).help(help));
    None
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
        let help = suggestion(&name.value, "methods", METHODS.iter().map(|method| method.name));
        problems.push(Problem::new(&name.span, format!("there is no method `{}`", name.value)).help(help));
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
