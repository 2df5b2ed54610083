//! Networks, put together by calls.

use brainmass::connectome::LaplacianNormalization;
use brainmass::network::{History, Wiring};
use brainmass::{Network as Coupled, Projection};
use ndarray::Array1;
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{Matrix, Vector, matrix, optional, values};
use crate::errors;
use crate::models::{Nodes, Rule};

/// Groups of nodes, and the projections between them.
#[pyclass(module = "brainmass_rs._core")]
pub struct Network(Coupled);

impl Network {
    /// Returns a copy of the network.
    pub fn copied(&self) -> Coupled {
        self.0.clone()
    }

    fn change(&mut self, change: impl FnOnce(Coupled) -> Coupled) {
        self.0 = change(std::mem::replace(&mut self.0, Coupled::groups()));
    }
}

/// The options of a projection beside its ends, its weights and its rule.
struct Options<'a, 'py>(&'a Bound<'py, PyDict>);

impl<'py> Options<'_, 'py> {
    fn get<T: for<'a> FromPyObject<'a, 'py>>(&self, name: &str) -> PyResult<Option<T>> {
        let Some(value) = self.0.get_item(name)?.filter(|value| !value.is_none()) else { return Ok(None) };
        value.extract().map(Some).map_err(Into::into)
    }

    /// Gives the options to a projection.
    fn give(&self, mut projection: Projection) -> PyResult<Projection> {
        if let Some(name) = self.get::<String>("name")? {
            projection = projection.name(name);
        }
        if let Some(signal) = self.get::<String>("receiving")? {
            projection = projection.receiving(signal);
        }
        if let Some(keep) = self.get::<bool>("self_connections")? {
            projection = projection.self_connections(keep);
        }
        if let Some(speed) = self.get::<f64>("speed")? {
            projection = projection.speed(speed);
        }
        if let Some(delays) = self.get::<Matrix>("delays")? {
            projection = projection.delays(matrix(&delays));
        }
        if let Some(delay) = self.get::<f64>("delay")? {
            projection = projection.delays(delay);
        }
        if let Some(rows) = self.get::<Matrix>("history")? {
            projection = projection.history(matrix(&rows));
        } else if let Some(constant) = self.get::<Vector>("history_constant")? {
            projection = projection.history(History::Constant(values(&constant)));
        }
        if let Some(name) = self.get::<String>("normalize")? {
            projection = projection.normalize(match name.as_str() {
                "rw" => LaplacianNormalization::RandomWalk,
                "sym" => LaplacianNormalization::Symmetric,
                _ => LaplacianNormalization::None,
            });
        }
        if let Some(epsilon) = self.get::<f64>("epsilon")? {
            projection = projection.epsilon(epsilon);
        }
        Ok(projection)
    }
}

#[pymethods]
impl Network {
    /// Creates a network without groups.
    #[new]
    fn new() -> Self {
        Self(Coupled::groups())
    }

    /// Creates a network of nodes that are not coupled.
    #[staticmethod]
    fn alone(nodes: &Nodes) -> Self {
        Self(Coupled::from(nodes.copied()))
    }

    /// Adds a group of nodes under a name, which may be empty where it is the only one.
    fn group(&mut self, name: &str, nodes: &Nodes) {
        let nodes = nodes.copied();
        match name {
            "" => self.0 = Coupled::from(nodes),
            name => self.change(|network| network.group(name, nodes)),
        }
    }

    /// Adds a projection from a signal of a group to an input port of a group.
    #[expect(clippy::too_many_arguments, reason = "it is called from one place, by keywords")]
    fn projection(
        &mut self,
        source: &str,
        signal: &str,
        target: &str,
        port: &str,
        rule: &Rule,
        weights: Matrix,
        lengths: Option<Matrix>,
        options: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        let weights = matrix(&weights);
        let wiring = match optional(lengths.as_ref()) {
            Some(lengths) => Wiring::new(weights.view(), lengths.view()),
            None => Wiring::from(weights),
        };
        let projection =
            Projection::from(source, signal).to(target, port).weights(wiring).rule(rule.copied());
        let projection = Options(options).give(projection)?;
        self.change(|network| network.projection(projection));
        Ok(())
    }

    /// Returns the names of all numbers that can be set.
    fn setting_names(&self) -> Vec<String> {
        self.0.setting_names()
    }

    /// Returns a number by its name: one value, or one a node.
    fn get<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let values = self.0.get(name).map_err(errors::value)?;
        Ok(Array1::from(values).into_pyarray(py))
    }

    /// Returns the range that the model file gives for a number, if it gives one.
    fn range(&self, name: &str) -> Option<(f64, f64)> {
        self.0.range(name)
    }
}
