//! Sweeps of experiment files, journals, and tables of results in files.

use std::path::PathBuf;

use brainmass::io::npz::NpzWriter;
use brainmass::io::tidy::{Cells, TidyTable};
use brainmass::simulator::{MeasuredError, ResultJournalError};
use brainmass::sweep::{Results, SweepError, SweepOutcome, SweepRunner};
use ndarray::Array1;
use numpy::{IntoPyArray, PyReadonlyArray1, PyReadonlyArrayDyn};
use pyo3::exceptions::{PyMemoryError, PyRuntimeError};
use pyo3::prelude::*;

use crate::errors;
use crate::experiments::Experiment;
use crate::supervision::{Supervised, supervised};

/// Makes an exception of a batch with a journal that could not be made.
pub fn measured(py: Python<'_>, error: MeasuredError) -> PyErr {
    match error {
        MeasuredError::Run(error) => errors::run(py, error),
        MeasuredError::Journal(error) => journal(error),
        other => errors::value(other),
    }
}

/// Makes an exception of a journal: a `ValueError` of one that is another sweep's, an `OSError` of one that cannot be opened or written.
fn journal(error: ResultJournalError) -> PyErr {
    match error {
        ResultJournalError::Open { .. } | ResultJournalError::Append { .. } => errors::system(error),
        other => errors::value(other),
    }
}

/// Makes an exception of a sweep that could not be made.
fn raised(py: Python<'_>, error: SweepError) -> PyErr {
    match error {
        SweepError::Run(error) => errors::run(py, *error),
        SweepError::Journal(error) => journal(error),
        SweepError::Version(report) => {
            errors::mistakes(report.render(false), serde_json::to_string(&report.diagnostics()))
        }
        SweepError::Append { .. } | SweepError::Io(_) => errors::system(error),
        SweepError::Memory { .. } => PyMemoryError::new_err(error.to_string()),
        other => errors::value(other),
    }
}

/// The results of a sweep that an experiment file describes.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct SweepResults(Results);

#[pymethods]
impl SweepResults {
    /// Returns the columns: name, unit, and an array of doubles or of whole numbers without sign, or a list of words.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Vec<(String, String, Bound<'py, PyAny>)>> {
        let table = self.0.to_table().map_err(errors::system)?;
        let column = |(name, unit, cells): (&str, &str, &Cells)| {
            let cells = match cells {
                Cells::Numbers(values) => values.clone().into_pyarray(py).into_any(),
                Cells::Whole(values) => values.clone().into_pyarray(py).into_any(),
                Cells::Words(words) => words.into_pyobject(py)?.into_any(),
            };
            Ok((name.to_owned(), unit.to_owned(), cells))
        };
        table.columns().map(column).collect()
    }

    /// Returns the names of the whole records that were kept.
    fn records(&self) -> Vec<String> {
        self.0.records().map(str::to_owned).collect()
    }

    /// Returns the whole record of a run, shape (time, node); `None` where there is none.
    fn record<'py>(&self, py: Python<'py>, name: &str, run: u64) -> Option<Bound<'py, numpy::PyArray2<f64>>> {
        self.0.record(name, run).map(|record| record.clone().into_pyarray(py))
    }

    /// Returns the names of the axes of the grid and their numbers of levels; the last axis changes fastest.
    fn grid(&self) -> (Vec<String>, Vec<usize>) {
        let factors = self.0.design().factors.iter();
        factors.map(|factor| (factor.name(), factor.levels)).unzip()
    }

    /// Returns the runs that failed, each with its reason.
    fn failures(&self) -> Vec<(u64, String)> {
        self.0.reasons().map(|(run, reason)| (run, reason.to_owned())).collect()
    }

    /// Returns what made the results, as JSON.
    fn provenance(&self) -> String {
        self.0.provenance().to_string()
    }

    /// Writes the results to a file by its ending: `.csv`, `.npz` or `.parquet`.
    fn save(&self, path: PathBuf) -> PyResult<()> {
        self.0.save(&path).map_err(errors::system)
    }
}

/// Runs the section `sweep` of an experiment on so many threads, or all that there are, with a journal where one is given or the file names one.
/// Returns the results and the number of runs that the journal had.
#[pyfunction]
pub fn run_sweep(
    py: Python<'_>,
    experiment: &Experiment,
    journal: Option<PathBuf>,
    threads: Option<usize>,
    listener: Option<Py<PyAny>>,
) -> PyResult<(SweepResults, u64)> {
    let experiment = experiment.inner();
    let runner = SweepRunner::new(experiment).map_err(|error| raised(py, error))?;
    let runner = threads.into_iter().fold(runner, SweepRunner::threads);
    let journal = journal.or_else(|| experiment.sweep.as_ref()?.journal.clone());
    let Supervised { outcome, interruption, .. } = supervised(py, listener.as_ref(), |control| {
        let told = control.clone();
        runner
            .progress(move |progress| told.tell(progress.done as usize, progress.runs as usize))
            .run(journal.as_deref())
    })?;
    if let Some(interruption) = interruption {
        return Err(interruption);
    }
    let SweepOutcome { results, resumed, left, .. } = outcome.map_err(|error| raised(py, error))?;
    if left > 0 {
        let kept = match journal {
            Some(path) => format!("those that are done are in {}, and the same call goes on", path.display()),
            None => "with a journal, the same call would go on".to_owned(),
        };
        let message =
            format!("the sweep was stopped, and {left} of {} runs are left; {kept}", results.runs());
        return Err(PyRuntimeError::new_err(message));
    }
    Ok((SweepResults(results), resumed))
}

/// The cells of a column that Python gives.
#[derive(FromPyObject)]
pub enum GivenCells<'py> {
    /// Doubles.
    Numbers(PyReadonlyArray1<'py, f64>),
    /// Whole numbers without sign.
    Whole(PyReadonlyArray1<'py, u64>),
    /// Words.
    Words(Vec<String>),
}

/// Writes columns (name, unit, cells) to a `.csv` or `.parquet`, with what made them as JSON.
#[pyfunction]
pub fn save_table(
    path: PathBuf,
    columns: Vec<(String, String, GivenCells)>,
    provenance: &str,
) -> PyResult<()> {
    let mut table = TidyTable::new(serde_json::from_str(provenance).map_err(errors::value)?);
    for (name, unit, cells) in columns {
        let cells = match cells {
            GivenCells::Numbers(values) => Cells::Numbers(values.as_array().to_vec()),
            GivenCells::Whole(values) => Cells::Whole(values.as_array().to_vec()),
            GivenCells::Words(words) => Cells::Words(words),
        };
        table.add(&name, &unit, cells).map_err(errors::value)?;
    }
    table.save(path).map_err(errors::system)
}

/// Writes named arrays of doubles and lists of words to an `.npz`.
#[pyfunction]
pub fn save_arrays(
    path: PathBuf,
    arrays: Vec<(String, PyReadonlyArrayDyn<'_, f64>)>,
    words: Vec<(String, Vec<String>)>,
) -> PyResult<()> {
    let mut file = NpzWriter::new();
    for (name, array) in arrays {
        file.add(&name, &array.as_array()).map_err(errors::value)?;
    }
    for (name, words) in words {
        file.add(&name, &Array1::from(words)).map_err(errors::value)?;
    }
    file.save(path).map_err(errors::system)
}
