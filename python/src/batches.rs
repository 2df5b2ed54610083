//! Batches: many runs of one simulation.

use std::path::PathBuf;

use brainmass::simulator::{Point, Sweep};
use brainmass::{Run, RunError};
use ndarray::{Array3, s};
use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{Vector, values};
use crate::errors;
use crate::simulators::Simulator;
use crate::supervision::{Supervised, supervised};
use crate::sweeps;

/// The settings of a run of a batch, and its seed.
type GivenPoint<'py> = (Vec<(String, Vector<'py>)>, Option<u64>);

/// Puts the arrays that all runs recorded under one name together, shape (run, time, node); what failed is NaN.
fn together(runs: &[Result<Run, RunError>], column: usize) -> Option<Array3<f64>> {
    let columns =
        |run: &Result<Run, RunError>| run.as_ref().ok().map(|run| run.columns()[column].values.dim());
    let (rows, nodes) = runs.iter().find_map(columns)?;
    let mut all = Array3::from_elem((runs.len(), rows, nodes), f64::NAN);
    for (index, run) in runs.iter().enumerate() {
        if let Ok(run) = run {
            let values = &run.columns()[column].values;
            let rows = rows.min(values.nrows());
            all.slice_mut(s![index, ..rows, ..]).assign(&values.slice(s![..rows, ..]));
        }
    }
    Some(all)
}

/// Runs once for each point: the numbers that are set before the run, and its seed. Returns a dict of `ts`, `records` (name, unit, times or
/// `None`, values of shape (run, time, node)) and `failures`, a list of index and message. Where a journal is given, what it has is not run again.
#[pyfunction]
pub fn run_batch<'py>(
    py: Python<'py>,
    simulator: &Simulator,
    points: Vec<GivenPoint<'py>>,
    duration: f64,
    listener: Option<Py<PyAny>>,
    journal: Option<PathBuf>,
) -> PyResult<Bound<'py, PyDict>> {
    let point = |(settings, seed): &GivenPoint| Point {
        settings: settings.iter().map(|(name, array)| (name.clone(), values(array))).collect(),
        seed: *seed,
    };
    let sweep = Sweep::of(points.iter().map(point).collect::<Vec<_>>());
    let Supervised { outcome, interruption, elapsed } = supervised(py, listener.as_ref(), |control| {
        let (stop, told) = (control.clone(), control.clone());
        let simulation = simulator.whole();
        let batch = simulation.batch(sweep).stop_when(move || !stop.goes_on());
        let batch = batch.progress(move |progress| told.tell(progress.done, progress.total));
        match journal {
            Some(path) => batch.run_to(path, duration),
            None => Ok(batch.run(duration)?),
        }
    })?;
    if let Some(interruption) = interruption {
        return Err(interruption);
    }
    let batch = outcome.map_err(|error| sweeps::measured(py, error))?;
    let told = PyDict::new(py);
    told.set_item("elapsed", elapsed.as_secs_f64())?;
    let first = batch.runs.iter().find_map(|run| run.as_ref().ok());
    let records = PyList::empty(py);
    if let Some(first) = first {
        for (index, column) in first.columns().iter().enumerate() {
            let times = (column.ts != first.ts).then(|| column.ts.clone().into_pyarray(py));
            let all = together(&batch.runs, index).map(|all| all.into_pyarray(py));
            records.append((column.name.clone(), column.unit.clone(), times, all))?;
        }
        told.set_item("ts", first.ts.clone().into_pyarray(py))?;
        told.set_item("provenance", serde_json::to_string(first.provenance()).map_err(errors::value)?)?;
    }
    told.set_item("records", records)?;
    let failed = batch.runs.iter().enumerate().filter_map(|(index, run)| Some((index, run.as_ref().err()?)));
    let failures: Vec<(usize, String)> =
        failed.map(|(index, error)| (index, errors::without_place(&error.to_string()))).collect();
    told.set_item("failures", failures)?;
    Ok(told)
}
