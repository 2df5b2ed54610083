//! `fit`: parameters, what they are fitted to, and how.
//!
//! ```yaml
//! fit:
//!   parameters:
//!     a: {start: 0.1, above: 0}
//!     k: {start: [0.2, 0.3], between: [0, 2], prior: {mean: 1, deviation: 0.5}}
//!     beta:                      # from its present value, within the range of the model file
//!     weights: {start: 0.1, above: 0, prior: {l1: 0.01}}
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

use std::path::PathBuf;

use brainmass_spec::fields::{Fields, entries, list, number, text};
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::yaml::{Node, Value};
use ndarray::Array2;

use super::numbers::count;
use super::output::{self, FIGURES};
use super::{Experiment, array_file};
use brainmass_data::analysis::Windows;
use brainmass_data::objectives::{Better, FcTarget, OBJECTIVES, Objective as _, Settings};
use brainmass_fit::fit::{Fitter, METHODS, Method, Param, Params, Prior, SimulationLoss, Transform};
use brainmass_sim::network::Network;

/// A fit that an experiment file describes.
#[derive(Debug, Clone)]
pub struct FitPlan {
    /// What is fitted.
    pub params: Params,
    /// The record, or what an instrument sees, that is compared.
    pub signal: String,
    /// The name of the objective; see [`OBJECTIVES`].
    pub objective: String,
    /// What the objective is made with.
    pub settings: Settings,
    /// What is compared with.
    pub target: Array2<f64>,
    /// How it is searched.
    pub method: Method,
    /// Iterations of each start.
    pub iterations: usize,
    /// Iterations without improvement that end a start, if that is to end it.
    pub patience: Option<usize>,
    /// The loss that ends the fit, if one is enough.
    pub enough: Option<f64>,
    /// Points to start from.
    pub starts: usize,
    /// Of candidates and starts.
    pub seed: u64,
    /// Files for the result (`.json`) and the history (`.csv`).
    pub output: Vec<PathBuf>,
    /// The figure of the history.
    pub plot: Option<PathBuf>,
}

impl FitPlan {
    /// The loss of an experiment: a score counts as one less the score.
    pub fn loss(&self, experiment: &Experiment) -> SimulationLoss {
        let entry = OBJECTIVES.iter().find(|entry| entry.name == self.objective);
        let (simulator, duration) = (experiment.simulator(), experiment.timing.duration);
        let (signal, target) = (self.signal.clone(), self.target.clone());
        match entry.map(|entry| (entry.build(&self.settings), entry.better)) {
            Some((objective, Better::Higher)) => {
                SimulationLoss::comparing(simulator, duration, signal, objective.as_loss(), target)
            }
            Some((objective, Better::Lower)) => {
                SimulationLoss::comparing(simulator, duration, signal, objective, target)
            }
            None => {
                let name = self.objective.clone();
                SimulationLoss::new(simulator, duration, move |_| {
                    Err(format!("there is no objective `{name}`").into())
                })
            }
        }
    }

    /// The fit of an experiment.
    pub fn fitter(&self, experiment: &Experiment) -> Fitter<'static> {
        let fitter = Fitter::new(self.params.clone(), self.loss(experiment))
            .method(self.method.clone())
            .iterations(self.iterations)
            .starts(self.starts)
            .seed(self.seed);
        let fitter = match self.patience {
            Some(iterations) => fitter.patience(iterations, 0.0),
            None => fitter,
        };
        match self.enough {
            Some(loss) => fitter.target(loss),
            None => fitter,
        }
    }
}

/// Endings of the results of fits.
const RESULTS: [&str; 2] = ["json", "csv"];

/// Reads the section; `records` are the names that are recorded, none for the output of the model.
pub fn read(node: &Node, network: &Network, records: &[String], problems: &mut Problems) -> Option<FitPlan> {
    let mut fields = Fields::new(node, "the fit", problems);
    let params = match fields.take("parameters") {
        Some(node) => Some(params(node, network, problems)),
        None => {
            let problem = Problem::new(fields.span(), "a fit needs `parameters`");
            problems.push(problem.help("write for example `parameters: {a: {start: 0.1, between: [0, 2]}}`"));
            None
        }
    };
    let signal = signal(&mut fields, records, problems);
    let objective = objective(&mut fields, problems);
    let settings = settings(&mut fields, problems);
    let target = target(&mut fields, problems);
    let method = method(&mut fields, problems);
    let mut whole = |key| match fields.take(key) {
        Some(node) => count(node, key, 1..=u64::from(u32::MAX), problems).map(|number| Some(number as usize)),
        None => Some(None),
    };
    let (iterations, patience, starts) = (whole("iterations"), whole("patience"), whole("starts"));
    let enough = match fields.take("enough") {
        Some(node) => number(node, problems).map(|number| Some(number.value)),
        None => Some(None),
    };
    let seed = match fields.take("seed") {
        Some(node) => count(node, "the seed", 0..=u64::MAX, problems),
        None => Some(0),
    };
    let output = output::paths(&mut fields, "output", "the result of a fit", &RESULTS, problems);
    let plot = output::paths(&mut fields, "plot", "a figure", &FIGURES, problems).into_iter().next();
    fields.finish(problems);
    Some(FitPlan {
        params: params?,
        signal: signal?,
        objective: objective?,
        settings: settings?,
        target: target?,
        method: method?,
        iterations: iterations?.unwrap_or(200),
        patience: patience?,
        enough: enough?,
        starts: starts?.unwrap_or(1),
        seed: seed?,
        output,
        plot,
    })
}

fn params(node: &Node, network: &Network, problems: &mut Problems) -> Params {
    let mut params = Params::new();
    for (key, value) in entries(node, "a mapping with an entry for each parameter", problems) {
        let Some(param) = param(&key.text, value, network, problems) else { continue };
        match param {
            Ok(param) => params = params.with(&key.text, param),
            Err(message) => problems.push(Problem::new(&key.span, message)),
        }
    }
    params
}

/// One parameter; `None` where a problem was pushed, an error where its name or value is wrong as a whole.
fn param(
    name: &str,
    node: &Node,
    network: &Network,
    problems: &mut Problems,
) -> Option<Result<Param, String>> {
    let known = Param::of(network, name);
    let mut param = match &node.value {
        Value::Null => return Some(known.map_err(|error| error.to_string())),
        Value::Map(_) => {
            let mut fields = Fields::new(node, "the parameter", problems);
            let start = fields.take("start").map(|node| numbers(node, problems));
            let between = fields.take("between").map(|node| pair(node, "limits", problems));
            let above = fields.take("above").and_then(|node| number(node, problems));
            let transform = fields.text("transform", problems);
            let prior = fields.take("prior").map(|node| prior(node, problems));
            fields.finish(problems);
            let mut param = match (start, known) {
                (Some(values), known) => started(values?, known.ok()),
                (None, Ok(param)) => param,
                (None, Err(error)) => return Some(Err(error.to_string())),
            };
            let transform = transform.as_ref().map(|text| (text.value.as_str(), &text.span));
            match (between, above, transform) {
                (Some(limits), None, None | Some(("sigmoid", _))) => {
                    let (lower, upper) = limits?;
                    param = param.sigmoid(lower, upper);
                }
                (Some(limits), None, Some(("clip", _))) => {
                    let (lower, upper) = limits?;
                    param = param.clip(lower, upper);
                }
                (None, Some(lower), None | Some(("softplus", _))) => param = param.softplus(lower.value),
                (None, Some(lower), Some(("exp", _))) => param = param.exp(lower.value),
                (None, None, None) => {}
                (None, None, Some(("identity", _))) => param = param.transform(Transform::Identity),
                (_, _, Some((given, span))) => {
                    let expected = "sigmoid or clip go with `between`, softplus or exp with `above`, identity with neither";
                    problems.push(
                        Problem::new(span, format!("the transform `{given}` does not fit here"))
                            .label(expected),
                    );
                    return None;
                }
                (Some(_), Some(lower), None) => {
                    problems
                        .push(Problem::new(&lower.span, "`between` and `above` are given; one is enough"));
                    return None;
                }
            }
            match prior {
                Some(prior) => param.prior(prior?),
                None => param,
            }
        }
        _ => started(numbers(node, problems)?, known.ok()),
    };
    param = param.fit(true);
    Some(Ok(param))
}

/// A parameter that starts elsewhere; searched as its model file says, where it says something that the start fits into.
fn started(values: Vec<f64>, known: Option<Param>) -> Param {
    let search = known
        .map(|param| param.search())
        .filter(|search| values.iter().all(|value| search.inverse(*value).is_some()));
    let param = match values[..] {
        [value] => Param::new(value),
        _ => Param::new(values),
    };
    param.transform(search.unwrap_or_default())
}

/// One number or several.
fn numbers(node: &Node, problems: &mut Problems) -> Option<Vec<f64>> {
    if let Value::Scalar(_) = node.value {
        return number(node, problems).map(|number| vec![number.value]);
    }
    let items = list(node, problems);
    let numbers: Vec<f64> =
        items.iter().filter_map(|item| number(item, problems)).map(|number| number.value).collect();
    (numbers.len() == items.len() && !numbers.is_empty()).then_some(numbers)
}

fn pair(node: &Node, what: &str, problems: &mut Problems) -> Option<(f64, f64)> {
    match numbers(node, problems)?[..] {
        [first, second] => Some((first, second)),
        _ => {
            problems.push(Problem::new(&node.span, format!("expected two {what}, as in [0, 1]")));
            None
        }
    }
}

/// `{mean: 1, deviation: 0.5}`, `{l1: 0.1}` or `{l2: 0.1}`
fn prior(node: &Node, problems: &mut Problems) -> Option<Prior> {
    let mut fields = Fields::new(node, "the prior", problems);
    let mut value = |key: &'static str| {
        let given = fields.take(key)?;
        Some(number(given, problems).map(|number| number.value))
    };
    let given = (value("l1"), value("l2"), value("mean"), value("deviation"));
    fields.finish(problems);
    Some(match given {
        (Some(weight), None, None, None) => Prior::L1 { weight: weight? },
        (None, Some(weight), None, None) => Prior::L2 { weight: weight? },
        (None, None, Some(mean), Some(deviation)) => Prior::Gaussian { mean: mean?, deviation: deviation? },
        _ => {
            let message = "a prior has a `mean` and a `deviation`, or a weight `l1` or `l2`";
            problems.push(Problem::new(&node.span, message));
            return None;
        }
    })
}

fn signal(fields: &mut Fields, records: &[String], problems: &mut Problems) -> Option<String> {
    let Some(name) = fields.text("signal", problems) else {
        if let [only] = records {
            return Some(only.clone());
        }
        let message = format!("say which record is compared: `signal` is one of {}", records.join(", "));
        problems.push(Problem::new(fields.span(), message));
        return None;
    };
    if records.contains(&name.value) {
        return Some(name.value);
    }
    let label = suggestion(&name.value, "records", records.iter().map(String::as_str));
    problems.push(Problem::new(&name.span, format!("there is no record `{}`", name.value)).label(label));
    None
}

fn objective(fields: &mut Fields, problems: &mut Problems) -> Option<String> {
    let Some(name) = fields.text("objective", problems) else { return Some("timeseries_rmse".to_owned()) };
    if OBJECTIVES.iter().any(|entry| entry.name == name.value) {
        return Some(name.value);
    }
    let label = suggestion(&name.value, "objectives", OBJECTIVES.iter().map(|entry| entry.name));
    problems.push(Problem::new(&name.span, format!("there is no objective `{}`", name.value)).label(label));
    None
}

fn settings(fields: &mut Fields, problems: &mut Problems) -> Option<Settings> {
    let mut settings = match Settings::of_windows(30, 5) {
        Ok(settings) => settings,
        Err(error) => {
            problems.push(Problem::new(fields.span(), error.to_string()));
            return None;
        }
    };
    if let Some(node) = fields.take("windows") {
        let (size, step) = pair(node, "whole numbers", problems)?;
        match Windows::new(size as usize, step as usize) {
            Ok(windows) => settings.windows = windows,
            Err(error) => {
                problems.push(Problem::new(&node.span, error.to_string()));
                return None;
            }
        }
    }
    if let Some(name) = fields.text("target_is", problems) {
        settings.fc_target = match name.value.as_str() {
            "signal" => FcTarget::Signal,
            "connectivity" => FcTarget::Connectivity,
            other => {
                let message = format!("a target is a signal or a connectivity; found `{other}`");
                problems.push(Problem::new(&name.span, message));
                return None;
            }
        };
    }
    Some(settings)
}

/// `{file: data.npz, array: fc}`, or a list of rows.
fn target(fields: &mut Fields, problems: &mut Problems) -> Option<Array2<f64>> {
    let Some(node) = fields.take("target") else {
        let problem = Problem::new(fields.span(), "a fit needs a `target` to compare with");
        problems.push(problem.help("write for example `target: {file: data.npz, array: fc}`"));
        return None;
    };
    if let Value::Map(_) = node.value {
        let mut fields = Fields::new(node, "the target", problems);
        let (file, array) = (fields.take("file"), fields.text("array", problems));
        fields.finish(problems);
        let Some(file) = file else {
            problems.push(Problem::new(&node.span, "expected a `file` with the target"));
            return None;
        };
        return array_file::read(file, array.as_ref(), problems);
    }
    let rows: Vec<Vec<f64>> = list(node, problems).iter().filter_map(|row| numbers(row, problems)).collect();
    let width = rows.first()?.len();
    if rows.iter().any(|row| row.len() != width) {
        problems.push(Problem::new(&node.span, "the rows of the target have different lengths"));
        return None;
    }
    Array2::from_shape_vec((rows.len(), width), rows.concat()).ok()
}

fn method(fields: &mut Fields, problems: &mut Problems) -> Option<Method> {
    let rate = fields.take("rate");
    let name = fields.take("method").and_then(|node| text(node, problems));
    let method = match &name {
        None => Method::named("adam"),
        Some(name) => Method::named(&name.value),
    };
    let Some(method) = method else {
        let name = name?;
        let label = suggestion(&name.value, "methods", METHODS.iter().map(|method| method.name));
        problems.push(Problem::new(&name.span, format!("there is no method `{}`", name.value)).label(label));
        return None;
    };
    match (rate, method) {
        (Some(node), Method::Grad(grad)) => Some(grad.rate(number(node, problems)?.value).into()),
        (Some(node), method) => {
            let message = format!("`{method}` has no learning rate; adam, adamw, rmsprop and sgd have");
            problems.push(Problem::new(&node.span, message));
            None
        }
        (None, method) => Some(method),
    }
}
