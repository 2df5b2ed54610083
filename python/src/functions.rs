//! Functions of arrays: units, objectives, analysis, connectomes; and the command.

use std::ffi::OsString;

use brainmass::analysis::{self, Bandwidth, FcdDistribution, Welch, Windows};
use brainmass::connectome::{Connectome, ConnectomeError, LaplacianNormalization, Orientation, laplacian};
use brainmass::io::recording::{Column, Records};
use brainmass::io::{IoError, Problem};
use brainmass::objectives::{Better, OBJECTIVES, Objective as _, Settings, objective};
use brainmass::{Quantity, datasets};
use numpy::{IntoPyArray, PyArray1, PyArray2, ToPyArray};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{Matrix, Vector, matrix};
use crate::errors;
use crate::{batches, diagrams, fits, gradients, instruments, sweeps};

/// An array with one axis that is given to Python.
type Numbers<'py> = Bound<'py, PyArray1<f64>>;

/// Adds the functions of this file and its neighbours to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(unit_factor, module)?)?;
    module.add_function(wrap_pyfunction!(objectives, module)?)?;
    module.add_function(wrap_pyfunction!(evaluate_objective, module)?)?;
    module.add_function(wrap_pyfunction!(functional_connectivity, module)?)?;
    module.add_function(wrap_pyfunction!(fcd, module)?)?;
    module.add_function(wrap_pyfunction!(fcd_density, module)?)?;
    module.add_function(wrap_pyfunction!(power_spectrum, module)?)?;
    module.add_function(wrap_pyfunction!(band_pass, module)?)?;
    module.add_function(wrap_pyfunction!(phases, module)?)?;
    module.add_function(wrap_pyfunction!(kuramoto_order, module)?)?;
    module.add_function(wrap_pyfunction!(laplacian_of, module)?)?;
    module.add_function(wrap_pyfunction!(dataset, module)?)?;
    module.add_function(wrap_pyfunction!(load_connectome, module)?)?;
    module.add_function(wrap_pyfunction!(save_run, module)?)?;
    module.add_function(wrap_pyfunction!(run_command, module)?)?;
    module.add_function(wrap_pyfunction!(batches::run_batch, module)?)?;
    module.add_function(wrap_pyfunction!(diagrams::bifurcation, module)?)?;
    module.add_function(wrap_pyfunction!(diagrams::bifurcation_chart, module)?)?;
    module.add_function(wrap_pyfunction!(diagrams::experiment_bifurcation, module)?)?;
    module.add_function(wrap_pyfunction!(sweeps::run_sweep, module)?)?;
    module.add_function(wrap_pyfunction!(sweeps::save_table, module)?)?;
    module.add_function(wrap_pyfunction!(sweeps::save_arrays, module)?)?;
    module.add_function(wrap_pyfunction!(gradients::gradient, module)?)?;
    module.add_function(wrap_pyfunction!(fits::fit, module)?)?;
    module.add_function(wrap_pyfunction!(fits::search_methods, module)?)?;
    module.add_function(wrap_pyfunction!(instruments::hrf_response, module)?)
}

/// Returns the number of `to` that one `from` is. Units that measure different things are a `ValueError` that names both.
#[pyfunction]
fn unit_factor(from: &str, to: &str) -> PyResult<f64> {
    let one =
        Quantity::new(1.0, from).map_err(|error| errors::value(format!("`{from}` is no unit: {error}")))?;
    Quantity::new(1.0, to).map_err(|error| errors::value(format!("`{to}` is no unit: {error}")))?;
    one.in_unit(to)
        .ok_or_else(|| errors::value(format!("{from} cannot be converted to {to}{}", one.advice(to))))
}

/// Returns the objectives as JSON: name, documentation, and whether a higher value is better.
#[pyfunction]
fn objectives() -> String {
    let row = |entry: &brainmass::objectives::Entry| serde_json::json!({"name": entry.name, "doc": entry.doc, "higher": entry.better == Better::Higher});
    serde_json::json!(OBJECTIVES.iter().map(row).collect::<Vec<_>>()).to_string()
}

fn distribution(
    points: Option<&Vector>,
    bandwidth: Option<f64>,
    silverman: bool,
    diagonal: usize,
    normalised: bool,
) -> PyResult<FcdDistribution> {
    let mut all = FcdDistribution::default().diagonal(diagonal).normalised(normalised);
    if let Some(points) = points {
        all = all.points(points.as_array().to_owned()).map_err(errors::value)?;
    }
    match bandwidth {
        Some(factor) => all.bandwidth(Bandwidth::Factor(factor)).map_err(errors::value),
        None if silverman => all.bandwidth(Bandwidth::Silverman).map_err(errors::value),
        None => Ok(all),
    }
}

/// Evaluates an objective by its name on a prediction and a target, shape (time, region). Returns its value and, where wanted, its gradient by the
/// prediction.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "it is called from one place, by keywords")]
fn evaluate_objective<'py>(
    py: Python<'py>,
    name: &str,
    prediction: Matrix,
    target: Matrix,
    wants_gradient: bool,
    window: usize,
    step: usize,
    epsilon: f64,
    points: Option<Vector>,
    bandwidth: Option<f64>,
    silverman: bool,
    diagonal: usize,
) -> PyResult<(f64, Option<Bound<'py, PyArray2<f64>>>)> {
    let mut settings = Settings::of_windows(window, step).map_err(errors::value)?;
    settings.epsilon = epsilon;
    settings.distribution = distribution(points.as_ref(), bandwidth, silverman, diagonal, true)?;
    let objective = objective(name, &settings).map_err(errors::value)?;
    let (prediction, target) = (prediction.as_array(), target.as_array());
    if !wants_gradient {
        let value = py.detach(|| objective.value(prediction, target));
        return Ok((value.map_err(errors::value)?, None));
    }
    let (value, gradient) =
        py.detach(|| objective.value_and_gradient(prediction, target)).map_err(errors::value)?;
    Ok((value, Some(gradient.into_pyarray(py))))
}

/// Computes the correlation matrix of a signal, shape (time, region).
#[pyfunction]
fn functional_connectivity<'py>(py: Python<'py>, signal: Matrix) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let signal = signal.as_array();
    let matrix = py.detach(|| analysis::functional_connectivity(signal));
    Ok(matrix.map_err(errors::value)?.into_pyarray(py))
}

/// Computes the functional connectivity dynamics of a signal in windows of `window` samples every `step` samples.
#[pyfunction]
fn fcd<'py>(
    py: Python<'py>,
    signal: Matrix,
    window: usize,
    step: usize,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let windows = Windows::new(window, step).map_err(errors::value)?;
    let signal = signal.as_array();
    let matrix = py.detach(|| analysis::fcd(signal, windows));
    Ok(matrix.map_err(errors::value)?.into_pyarray(py))
}

/// Estimates the density of the entries of an FCD matrix. Returns the points and the density at them.
#[pyfunction]
fn fcd_density<'py>(
    py: Python<'py>,
    matrix: Matrix,
    points: Option<Vector>,
    bandwidth: Option<f64>,
    silverman: bool,
    diagonal: usize,
    normalised: bool,
) -> PyResult<(Numbers<'py>, Numbers<'py>)> {
    let all = distribution(points.as_ref(), bandwidth, silverman, diagonal, normalised)?;
    let density = all.density(matrix.as_array()).map_err(errors::value)?;
    let values = density.values().to_pyarray(py);
    Ok((all.at().to_pyarray(py), values))
}

/// Estimates power spectra by Welch's method from samples `dt` ms apart. Returns frequencies in Hz and power, shape (frequency, region).
#[pyfunction]
fn power_spectrum<'py>(
    py: Python<'py>,
    signal: Matrix,
    dt: f64,
    segment: usize,
) -> PyResult<(Numbers<'py>, Bound<'py, PyArray2<f64>>)> {
    let spectrum = Welch::new(segment).estimate(signal.as_array(), dt).map_err(errors::value)?;
    Ok((spectrum.frequency.into_pyarray(py), spectrum.power.into_pyarray(py)))
}

/// Filters a signal forth and back with a Butterworth filter between two frequencies in Hz.
#[pyfunction]
fn band_pass<'py>(
    py: Python<'py>,
    signal: Matrix,
    dt: f64,
    low: f64,
    high: f64,
    order: usize,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let filtered = analysis::band_pass(signal.as_array(), low, high, order, dt);
    Ok(filtered.map_err(errors::value)?.into_pyarray(py))
}

/// Computes the phases of a signal by the Hilbert transform, shape (time, region), in radians.
#[pyfunction]
fn phases<'py>(py: Python<'py>, signal: Matrix) -> PyResult<Bound<'py, PyArray2<f64>>> {
    Ok(analysis::analytic_signal(signal.as_array()).map_err(errors::value)?.phase().into_pyarray(py))
}

/// Computes the order parameter of phases, shape (time, region), at each time.
#[pyfunction]
fn kuramoto_order<'py>(py: Python<'py>, phases: Matrix) -> PyResult<Bound<'py, PyArray1<f64>>> {
    Ok(analysis::kuramoto_order(phases.as_array()).map_err(errors::value)?.into_pyarray(py))
}

/// Computes the graph Laplacian of weights.
#[pyfunction]
fn laplacian_of<'py>(
    py: Python<'py>,
    weights: Matrix,
    normalize: Option<&str>,
    epsilon: f64,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let normalization = match normalize {
        None => LaplacianNormalization::None,
        Some("rw") => LaplacianNormalization::RandomWalk,
        Some("sym") => LaplacianNormalization::Symmetric,
        Some(other) => {
            return Err(errors::value(format!("`normalize` is {other}; it must be None, 'rw' or 'sym'")));
        }
    };
    let (targets, sources) = weights.as_array().dim();
    if targets != sources {
        return Err(errors::value(format!(
            "the weights are {targets} x {sources}; a graph Laplacian needs as many rows as columns"
        )));
    }
    Ok(laplacian(weights.as_array(), normalization, epsilon).into_pyarray(py))
}

/// Gives a connectome to Python: weights `[target][source]`, tract lengths in mm, labels, centres in mm.
fn connectome<'py>(py: Python<'py>, connectome: &Connectome) -> PyResult<Bound<'py, PyDict>> {
    let told = PyDict::new(py);
    told.set_item("weights", connectome.weights().to_pyarray(py))?;
    told.set_item("tract_lengths", connectome.tract_lengths().map(|lengths| lengths.to_pyarray(py)))?;
    told.set_item("labels", connectome.labels().to_vec())?;
    told.set_item("centres", connectome.centres().map(|centres| centres.to_pyarray(py)))?;
    Ok(told)
}

/// Returns a connectome of the library by its name.
#[pyfunction]
fn dataset<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyDict>> {
    match name {
        "synthetic_8" => connectome(py, &datasets::synthetic_8()),
        "synthetic_90" => connectome(py, &datasets::synthetic_90()),
        _ => Err(errors::key(format!("there is no dataset `{name}`"))),
    }
}

/// Reads a connectome from a file; `rows_are_sources` says which axis the sources are, where the file does not.
#[pyfunction]
fn load_connectome<'py>(
    py: Python<'py>,
    path: &str,
    rows_are_sources: Option<bool>,
) -> PyResult<Bound<'py, PyDict>> {
    let orientation = rows_are_sources.map(|sources| match sources {
        true => Orientation::SourceTarget,
        false => Orientation::TargetSource,
    });
    connectome(
        py,
        &Connectome::load(path, orientation).map_err(|error| match error {
            ConnectomeError::Io(IoError { problem: Problem::File(_), .. }) => errors::system(error),
            error => errors::value(error),
        })?,
    )
}

/// Writes records to a file whose ending says how. A record is name, unit, times in ms, and values of shape (time, node).
#[pyfunction]
fn save_run(
    path: &str,
    ts: Vector,
    records: Vec<(String, String, Vector, Matrix)>,
    provenance: &str,
) -> PyResult<()> {
    let columns: Vec<Column> = records
        .iter()
        .map(|(name, unit, ts, values)| Column {
            name: name.clone(),
            unit: unit.clone(),
            ts: ts.as_array().to_owned(),
            values: matrix(values),
        })
        .collect();
    let provenance = serde_json::from_str(provenance).map_err(errors::value)?;
    let (ts, columns) = (&ts.as_array().to_owned(), &columns[..]);
    Records { ts, columns, provenance: &provenance }.save(path).map_err(errors::system)
}

/// Runs the command `brainmass` with its arguments, of which the first is its name, and returns the status that it ends with.
#[pyfunction]
fn run_command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| brainmass_cli::run_command(arguments))
}
