//! Experiment files.

use brainmass::experiment::{ExperimentError, Reader};
use brainmass::fit::ParamValues;
use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors;
use crate::simulators::finished;
use crate::supervision::{Supervised, supervised};

/// An experiment that a file or a text describes.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct Experiment(brainmass::Experiment);

impl Experiment {
    /// Returns the experiment of the library.
    pub fn inner(&self) -> &brainmass::Experiment {
        &self.0
    }
}

fn raised(error: ExperimentError) -> PyErr {
    match error {
        ExperimentError::Io(error) => errors::system(error),
        ExperimentError::Mistakes(report) => {
            errors::mistakes(report.render(false), serde_json::to_string(&report.diagnostics()))
        }
    }
}

#[pymethods]
impl Experiment {
    /// Reads a file; paths in it are relative to its folder.
    #[staticmethod]
    fn open(path: &str, with_fit: bool) -> PyResult<Self> {
        let reader = Reader::new();
        let reader = if with_fit { reader } else { reader.without_fit() };
        reader.open(path).map(Self).map_err(raised)
    }

    /// Reads a text, which messages call `name`; paths in it are relative to that name's folder.
    #[staticmethod]
    fn read(name: &str, text: &str, with_fit: bool) -> PyResult<Self> {
        let reader = Reader::new();
        let reader = if with_fit { reader } else { reader.without_fit() };
        reader.read(name, text).map(Self).map_err(|report| raised(report.into()))
    }

    /// Returns the title, the labels of the regions, the warnings and the duration in ms.
    fn describe(&self) -> (Option<String>, Vec<String>, Vec<String>, f64) {
        let warnings = self.0.warnings.iter().map(|warning| warning.render_warning(false)).collect();
        (self.0.title.clone(), self.0.labels.clone(), warnings, self.0.timing.duration)
    }

    /// Runs the experiment.
    fn run<'py>(&self, py: Python<'py>, listener: Option<Py<PyAny>>) -> PyResult<Bound<'py, PyDict>> {
        let supervised = supervised(py, listener.as_ref(), |control| {
            let told = control.clone();
            let simulator = self.0.simulator().progress(move |done, total| told.tell(done, total));
            simulator.run(self.0.timing.duration)
        })?;
        finished(py, supervised)
    }

    /// Fits what the section `fit` describes. Returns the best parameters (name and values), the loss and the whole outcome as JSON.
    fn fit<'py>(
        &self,
        py: Python<'py>,
        threads: usize,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let plan =
            self.0.fit.as_ref().ok_or_else(|| errors::value("this experiment has no section `fit`"))?;
        let Supervised { outcome, interruption, .. } = supervised(py, listener.as_ref(), |control| {
            let stop = control.clone();
            let simulator = self.0.simulator().progress(move |_, _| stop.goes_on());
            let told = control.clone();
            let fitter = plan.fitter_with(simulator, self.0.timing.duration).threads(threads).callback(
                move |progress| {
                    let done = progress.now.start * progress.iterations + progress.now.iteration;
                    told.tell(done, progress.iterations * progress.starts)
                },
            );
            fitter.run()
        })?;
        if let Some(interruption) = interruption {
            return Err(interruption);
        }
        let fit = outcome.map_err(errors::value)?;
        let told = PyDict::new(py);
        let best: &ParamValues = &fit.best;
        let values = best.iter().map(|(name, values)| (name.to_owned(), values.to_vec().into_pyarray(py)));
        told.set_item("best", values.collect::<Vec<_>>())?;
        told.set_item("loss", fit.loss)?;
        told.set_item("json", fit.to_json())?;
        Ok(told)
    }
}
