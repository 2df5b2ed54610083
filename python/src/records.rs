//! The records of a run are given to Python.

use brainmass::Run;
use numpy::IntoPyArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// Gives the records of a run to Python, moving the arrays: a dict of `ts`, `records` (name, unit, times or `None` where they are `ts`, values),
/// `provenance` as JSON, `steps` and `elapsed` in seconds.
pub fn recorded(py: Python<'_>, run: Run) -> PyResult<Bound<'_, PyDict>> {
    let told = PyDict::new(py);
    let provenance = serde_json::to_string(run.provenance());
    told.set_item("provenance", provenance.map_err(|error| PyValueError::new_err(error.to_string()))?)?;
    told.set_item("steps", run.steps())?;
    told.set_item("elapsed", run.elapsed().as_secs_f64())?;
    told.set_item("step_error", run.step_error().map(|error| error.relative))?;
    let (ts, columns) = run.into_parts();
    let records = PyList::empty(py);
    for column in columns {
        let times = (column.ts != ts).then(|| column.ts.into_pyarray(py));
        records.append((column.name, column.unit, times, column.values.into_pyarray(py)))?;
    }
    told.set_item("records", records)?;
    told.set_item("ts", ts.into_pyarray(py))?;
    Ok(told)
}
