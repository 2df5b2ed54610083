//! Models, their nodes, and coupling rules.

use brainmass::any::AnyModel;
use brainmass::coupling::AnyRule;
use brainmass::engine::EngineKind;
use brainmass::registry::{Create, Entry};
use brainmass::{LoadedModel, ModelInfo, Zoo, open_model};
use ndarray::Array1;
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::arrays::{Matrix, Vector, matrix, values};
use crate::errors;

/// Adds the functions of this file to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(catalogue, module)?)
}

/// Describes a model by all that its file says, and its text.
fn describe(info: &ModelInfo) -> Value {
    let mut description = json!(info);
    description["yaml"] = json!(info.yaml.as_str());
    description["hash"] = json!(format!("{:016x}", info.hash));
    description["scheme"] = json!(info.scheme.name());
    description["output_name"] = json!(info.output.map(|signal| info.signal_name(signal).as_str()));
    description["couples_to"] = json!(info.couples_to());
    description["couples_from_name"] =
        json!(info.couples_from().map(|signal| info.signal_name(signal).as_str()));
    description
}

/// Returns the collections of the library as JSON: a list of their names, their compiled models, and the names of the models with nodes that are
/// kept as text, which would take long to read all.
#[pyfunction]
fn catalogue() -> String {
    let zoo = Zoo::default();
    let collection = |collection: &brainmass::registry::Collection| {
        let (texts, compiled): (Vec<&Entry>, Vec<&Entry>) =
            collection.entries.iter().partition(|entry| entry.is_kept_as_text());
        let models: Vec<Value> = compiled.into_iter().map(|entry| describe(&entry.info)).collect();
        let texts = texts.into_iter().filter(|entry| matches!(entry.create, Create::Node(_)));
        json!({"name": collection.name.as_str(), "models": models, "texts": texts.map(Entry::name).collect::<Vec<_>>()})
    };
    json!(zoo.collections().iter().map(collection).collect::<Vec<_>>()).to_string()
}

/// A model: of the library, of a file or of a text.
#[pyclass(frozen, module = "brainmass_rs._core")]
pub struct Model(LoadedModel);

impl Model {
    /// Returns all that the file says.
    pub fn info(&self) -> &ModelInfo {
        self.0.info()
    }
}

#[pymethods]
impl Model {
    /// Finds a model of the library.
    #[staticmethod]
    fn find(name: &str) -> PyResult<Self> {
        let zoo = Zoo::default();
        match zoo.find(name) {
            Some(entry) => Ok(Self(LoadedModel::from(entry))),
            None => Err(errors::key(format!("there is no model `{name}`"))),
        }
    }

    /// Reads a model file, with those that it builds on in its folder.
    #[staticmethod]
    fn open(path: &str) -> PyResult<Self> {
        open_model(path).map(Self).map_err(|error| errors::load(&error))
    }

    /// Reads a model from its text, which messages call `name`.
    #[staticmethod]
    fn read(name: &str, text: &str) -> PyResult<Self> {
        Zoo::default().read(name, text).map(Self).map_err(|error| errors::load(&error))
    }

    /// Returns all that the file says, as JSON.
    fn describe(&self) -> String {
        describe(self.0.info()).to_string()
    }

    /// Whether compiled code runs the model, and not the interpreter.
    fn is_compiled(&self) -> bool {
        self.0.engine().is_none_or(|engine| matches!(engine.kind(), EngineKind::Compiled))
    }

    /// Makes nodes with default parameters.
    fn nodes(&self, count: usize) -> PyResult<Nodes> {
        let nodes = self.0.nodes(count).ok_or_else(|| {
            errors::value(format!("{} has no nodes that can be simulated alone", self.0.info().name))
        })?;
        let nodes: Box<dyn AnyModel> = nodes.into();
        nodes.population().check().map_err(|error| errors::population(&error))?;
        Ok(Nodes(nodes))
    }

    /// Makes a coupling rule with default parameters.
    fn rule(&self) -> PyResult<Rule> {
        let rule = self.0.rule();
        rule.map(Rule).ok_or_else(|| errors::value(format!("{} is no coupling rule", self.0.info().name)))
    }
}

/// Nodes of a model with their parameters, initial states and noise.
#[pyclass(module = "brainmass_rs._core")]
pub struct Nodes(Box<dyn AnyModel>);

impl Nodes {
    /// Returns a copy of the nodes.
    pub fn copied(&self) -> Box<dyn AnyModel> {
        self.0.clone()
    }

    /// Changes the nodes, which stay as they were if the change cannot be made.
    fn change(&mut self, change: impl FnOnce(&mut dyn AnyModel)) -> PyResult<()> {
        let mut changed = self.0.clone();
        change(changed.as_mut());
        changed.population().check().map_err(|error| errors::population(&error))?;
        self.0 = changed;
        Ok(())
    }
}

#[pymethods]
impl Nodes {
    /// Sets a `parameter`, the `initial` value or the `noise` of a state, with one value or one a node.
    fn set(&mut self, what: &str, name: &str, array: Vector) -> PyResult<()> {
        let values = values(&array);
        self.change(|model| {
            let population = model.population_mut();
            match what {
                "parameter" => population.set_parameter_named(name, values),
                "initial" => population.set_initial_named(name, values),
                _ => population.set_noise_named(name, values),
            }
        })
    }

    /// Returns the values of a `parameter`, the `initial` value or the `noise` of a state: one, or one a node.
    fn get<'py>(&self, py: Python<'py>, what: &str, name: &str) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let population = self.0.population();
        let info = population.info();
        let index = if what == "parameter" { info.parameter(name) } else { info.state(name) };
        let index = index.ok_or_else(|| errors::key(format!("{} has no {what} `{name}`", info.name)))?;
        let found = match what {
            "parameter" => population.parameter(index),
            "initial" => population.initial(index),
            _ => population.noise(index).unwrap_or(&[0.0]),
        };
        Ok(Array1::from(found.to_vec()).into_pyarray(py))
    }

    /// Sets the parameters that a preset names.
    fn preset(&mut self, name: &str) -> PyResult<()> {
        self.change(|model| model.population_mut().set_preset(name))
    }

    /// Sets the weights of the interaction inside the model, `[target][source]`.
    fn weights(&mut self, weights: Matrix) -> PyResult<()> {
        let weights = matrix(&weights);
        self.change(|model| model.population_mut().set_weights(weights))
    }
}

/// A coupling rule with its parameters.
#[pyclass(module = "brainmass_rs._core")]
pub struct Rule(Box<dyn AnyRule>);

impl Rule {
    /// Returns a copy of the rule.
    pub fn copied(&self) -> Box<dyn AnyRule> {
        self.0.clone()
    }
}

#[pymethods]
impl Rule {
    /// Sets a parameter, with one value or one a target.
    fn set(&mut self, name: &str, array: Vector) -> PyResult<()> {
        let index = self.0.info().parameter(name);
        let index =
            index.ok_or_else(|| errors::key(format!("{} has no parameter `{name}`", self.0.info().name)))?;
        let mut changed = self.0.clone();
        changed.settings_mut().set(index, values(&array));
        changed.settings().check().map_err(|error| errors::value(error.problem))?;
        self.0 = changed;
        Ok(())
    }

    /// Computes the coupling inputs of all targets from `weights` and the values `sent`, both `[target][source]`, and the targets' own values.
    fn currents<'py>(
        &self,
        py: Python<'py>,
        weights: Matrix,
        sent: Matrix,
        own: Vector,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let computed = brainmass::coupling::currents(
            self.0.as_ref(),
            weights.as_array(),
            sent.as_array(),
            own.as_array(),
        );
        Ok(computed.map_err(errors::value)?.into_pyarray(py))
    }
}
