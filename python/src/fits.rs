//! Fits of parameters of a simulation.

use brainmass::Run;
use brainmass::fit::{
    Fit, FitError, Fitter, LossError, Method, Param, Params, Prior, SimulationLoss, Transform,
};
use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::errors;
use crate::gradients::{call, call_with_derivatives};
use crate::simulators::Simulator;
use crate::supervision::{Supervised, supervised};

/// A parameter as Python gives it: name, value, whether it is fitted, transform with its numbers, bounds, prior with its numbers, scale.
type GivenParam<'py> = (
    String,
    PyReadonlyArray1<'py, f64>,
    bool,
    Option<(String, Vec<f64>)>,
    Option<(f64, f64)>,
    Option<(String, Vec<f64>)>,
    Option<f64>,
);

fn param_of(given: &GivenParam) -> PyResult<Param> {
    let (name, value, fitted, transform, bounds, prior, scale) = given;
    let wrong = |what: &str| errors::value(format!("the {what} of `{name}` is not one of those there are"));
    let mut param = Param::new(value.as_array().to_vec()).fit(*fitted);
    if let Some((kind, numbers)) = transform {
        param = param.transform(match (kind.as_str(), &numbers[..]) {
            ("identity", []) => Transform::Identity,
            ("softplus", &[lower]) => Transform::Softplus { lower },
            ("exp", &[lower]) => Transform::Exp { lower },
            ("sigmoid", &[lower, upper]) => Transform::Sigmoid { lower, upper },
            ("clip", &[lower, upper]) => Transform::Clip { lower, upper },
            _ => return Err(wrong("transform")),
        });
    }
    if let Some((lower, upper)) = bounds {
        param = param.bounds(*lower, *upper);
    }
    if let Some((kind, numbers)) = prior {
        param = param.prior(match (kind.as_str(), &numbers[..]) {
            ("l1", &[weight]) => Prior::L1 { weight },
            ("l2", &[weight]) => Prior::L2 { weight },
            ("gaussian", &[mean, deviation]) => Prior::Gaussian { mean, deviation },
            _ => return Err(wrong("prior")),
        });
    }
    Ok(match scale {
        Some(scale) => param.scale(*scale),
        None => param,
    })
}

/// Calls a loss of Python that gives its value alone.
fn call_for_value(loss: &Py<PyAny>, run: &Run) -> Result<f64, LossError> {
    Python::attach(|py| call(py, loss, run)?.extract::<(f64, Py<PyAny>)>().map(|(value, _)| value))
        .map_err(Into::into)
}

/// Makes an exception of a fit that failed.
fn raised(error: FitError) -> PyErr {
    match error {
        FitError::Loss(error) => match error.downcast::<PyErr>() {
            Ok(error) => *error,
            Err(error) => errors::value(error),
        },
        FitError::Io(error) => errors::system(error),
        error => errors::value(error),
    }
}

/// A row of the history of a fit: start, iteration, its loss, the best one until then, evaluations.
type HistoryRow = (usize, usize, Option<f64>, Option<f64>, usize);

/// Gives the outcome of a fit to Python.
fn outcome_of<'py>(py: Python<'py>, fit: &Fit) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    let best = PyList::empty(py);
    for (name, values) in fit.best.iter() {
        best.append((name, values.to_vec().into_pyarray(py)))?;
    }
    told.set_item("best", best)?;
    told.set_item("loss", fit.loss)?;
    told.set_item("method", fit.method)?;
    let history: Vec<HistoryRow> = fit
        .history
        .iter()
        .map(|row| (row.start, row.iteration, row.loss, row.best, row.evaluations))
        .collect();
    told.set_item("history", history)?;
    told.set_item("warnings", fit.warnings.clone())?;
    told.set_item("evaluations", fit.evaluations())?;
    told.set_item("json", fit.to_json())?;
    Ok(told)
}

/// Fits parameters. `loss` is called with what was recorded (a list of name, unit, times, array) and returns its value and its derivatives by
/// what was recorded.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "it is called from one place, by keywords")]
pub fn fit<'py>(
    py: Python<'py>,
    simulator: &Simulator,
    params: Vec<GivenParam<'py>>,
    duration: f64,
    loss: Py<PyAny>,
    method: &str,
    settings: Vec<(String, f64)>,
    iterations: usize,
    starts: usize,
    seed: u64,
    target: Option<f64>,
    patience: Option<usize>,
    threads: usize,
    listener: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let mut search = Method::named(method)
        .ok_or_else(|| errors::value(format!("there is no search method `{method}`")))?;
    for (key, value) in &settings {
        search.set(key, *value).map_err(raised)?;
    }
    let mut all = Params::new();
    for param in &params {
        all = all.with(param.0.clone(), param_of(param)?);
    }
    let Supervised { outcome, interruption, .. } = supervised(py, listener.as_ref(), |control| {
        let stop = control.clone();
        // The progress of a fit is told by its iterations; its runs are only told to stop.
        let simulation = simulator.whole().progress(move |_, _| stop.goes_on());
        let loss = match search.needs_gradient() {
            true => SimulationLoss::differentiable(simulation, duration, move |run| {
                call_with_derivatives(&loss, run)
            }),
            false => SimulationLoss::new(simulation, duration, move |run| call_for_value(&loss, run)),
        };
        let told = control.clone();
        let mut fitter = Fitter::new(all, loss)
            .method(search)
            .iterations(iterations)
            .starts(starts)
            .seed(seed)
            .threads(threads)
            .callback(move |progress| {
                let done = progress.now.start * progress.iterations + progress.now.iteration;
                told.tell(done, progress.iterations * progress.starts)
            });
        if let Some(loss) = target {
            fitter = fitter.target(loss);
        }
        if let Some(iterations) = patience {
            fitter = fitter.patience(iterations, 0.0);
        }
        fitter.run()
    })?;
    if let Some(interruption) = interruption {
        return Err(interruption);
    }
    outcome_of(py, &outcome.map_err(raised)?)
}

/// Returns the search methods as JSON: name, documentation, what each needs, and its settings.
#[pyfunction]
pub fn search_methods() -> String {
    let methods = brainmass::fit::METHODS.iter().map(|entry| {
        let settings = entry.settings.iter().map(|setting| {
            serde_json::json!({"key": setting.key, "doc": setting.doc, "default": setting.default, "whole": setting.whole})
        });
        serde_json::json!({
            "name": entry.name,
            "doc": entry.doc,
            "needs_gradient": entry.needs_gradient,
            "needs_bounds": entry.needs_bounds,
            "settings": settings.collect::<Vec<_>>(),
        })
    });
    serde_json::json!(methods.collect::<Vec<_>>()).to_string()
}
