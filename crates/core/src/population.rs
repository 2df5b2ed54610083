//! A number of nodes of one model: parameters, initial states, noise. Every generated step struct holds one.

use std::panic::Location;

use brainmass_spec::problem::suggestion;
use ndarray::Array2;
use thiserror::Error;

use crate::engine::{Engine, Interaction, InteractionSettings};
use crate::info::{Described, ModelInfo};
use crate::kernel::Kernel;
use crate::quantity::{Quantity, Values};
use crate::real::Real;

/// A value that a population cannot take. Builders keep the first one and report it when the population is used, with the line of the
/// call that gave it.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{model}: {problem} (set at {place})")]
pub struct PopulationError {
    /// The model.
    pub model: &'static str,
    /// What is wrong.
    pub problem: Box<PopulationProblem>,
    /// The file and line of the call.
    pub place: String,
}

/// What may be wrong with a value.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PopulationProblem {
    /// The unit measures something else.
    #[error("{what} `{name}` is in {expected}, and {given} cannot be converted to that")]
    Unit {
        /// Parameter, initial state, noise.
        what: &'static str,
        /// Which.
        name: &'static str,
        /// The declared unit.
        expected: String,
        /// The value given.
        given: Quantity,
    },
    /// As many values as nodes, or one, are allowed.
    #[error("{what} `{name}` has {given} values for {nodes} nodes; give one, or one a node")]
    Length {
        /// Parameter, initial state, noise.
        what: &'static str,
        /// Which.
        name: &'static str,
        /// The number of values given.
        given: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// NaN or infinite.
    #[error("{what} `{name}` is {given}{}; a finite number is needed", node_text(*.node))]
    NotFinite {
        /// Parameter, initial state, noise.
        what: &'static str,
        /// Which.
        name: &'static str,
        /// The value given.
        given: f64,
        /// The node, where each has its own value.
        node: Option<usize>,
    },
    /// A name that the model does not have.
    #[error("there is no {what} `{given}`: {hint}")]
    Unknown {
        /// Parameter, state, preset.
        what: &'static str,
        /// The name given.
        given: String,
        /// What there is.
        hint: String,
    },
    /// Weights of another shape.
    #[error("the weights have shape {rows} x {columns}; {nodes} nodes need {nodes} x {nodes}")]
    Weights {
        /// Rows given.
        rows: usize,
        /// Columns given.
        columns: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// A noise intensity below zero.
    #[error("the noise on `{name}` is {given}; an intensity is not negative")]
    NegativeNoise {
        /// The state.
        name: &'static str,
        /// The value given.
        given: f64,
    },
    /// A population of nothing.
    #[error("a population needs at least one node")]
    NoNodes,
    /// The model has no interaction inside.
    #[error("the model has no interaction inside that weights could be for; couple its nodes with a Network")]
    NoInteraction,
}

fn node_text(node: Option<usize>) -> String {
    node.map(|node| format!(" at node {node}")).unwrap_or_default()
}

/// The nodes of a model.
#[derive(Debug, Clone)]
pub struct Population {
    info: &'static ModelInfo,
    nodes: usize,
    parameters: Vec<Vec<f64>>,
    initial: Vec<Vec<f64>>,
    noise: Vec<Option<Vec<f64>>>,
    interaction: InteractionSettings,
    error: Option<PopulationError>,
}

impl Population {
    /// `nodes` nodes with the default parameters and initial states, without noise.
    #[track_caller]
    pub fn new(info: &'static ModelInfo, nodes: usize) -> Self {
        let mut population = Self {
            info,
            nodes,
            parameters: info.parameters.iter().map(|parameter| vec![parameter.default]).collect(),
            initial: info.states.iter().map(|state| vec![state.init]).collect(),
            noise: vec![None; info.states.len()],
            interaction: InteractionSettings::default(),
            error: None,
        };
        if nodes == 0 {
            population.fail(PopulationProblem::NoNodes);
        }
        population
    }

    /// The model's catalogue entry.
    pub fn info(&self) -> &'static ModelInfo {
        self.info
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// # Errors
    ///
    /// The first value given that cannot be taken.
    pub fn check(&self) -> Result<(), PopulationError> {
        self.error.clone().map_or(Ok(()), Err)
    }

    /// The values of a parameter: one, or one a node.
    pub fn parameter(&self, index: usize) -> &[f64] {
        &self.parameters[index]
    }

    /// The value of a parameter at a node.
    pub fn parameter_at(&self, index: usize, node: usize) -> f64 {
        at(&self.parameters[index], node)
    }

    /// The initial values of a state: one, or one a node.
    pub fn initial(&self, index: usize) -> &[f64] {
        &self.initial[index]
    }

    /// The noise intensities on a state: one, or one a node; `None` without noise.
    pub fn noise(&self, index: usize) -> Option<&[f64]> {
        self.noise[index].as_deref()
    }

    /// The initial value of a state at a node.
    pub fn initial_at(&self, index: usize, node: usize) -> f64 {
        at(&self.initial[index], node)
    }

    /// The noise intensity on a state at a node; 0 without noise.
    pub fn noise_at(&self, index: usize, node: usize) -> f64 {
        self.noise[index].as_ref().map_or(0.0, |values| at(values, node))
    }

    /// Whether a state has noise.
    pub fn has_noise(&self, index: usize) -> bool {
        self.noise[index].is_some()
    }

    /// The interaction inside the model.
    pub fn interaction(&self) -> &InteractionSettings {
        &self.interaction
    }

    /// Sets a parameter.
    #[track_caller]
    pub fn set_parameter(&mut self, index: usize, values: Values) {
        let entry = &self.info.parameters[index];
        if let Some(values) = self.read("parameter", entry.name, entry.unit, values) {
            self.parameters[index] = values;
        }
    }

    /// Sets an initial state.
    #[track_caller]
    pub fn set_initial(&mut self, index: usize, values: Values) {
        let entry = &self.info.states[index];
        if let Some(values) = self.read("initial state", entry.name, entry.unit, values) {
            self.initial[index] = values;
        }
    }

    /// Sets the intensity of the white noise on a state, in state units per sqrt(ms).
    #[track_caller]
    pub fn set_noise(&mut self, index: usize, sigma: Values) {
        let entry = &self.info.states[index];
        let Some(values) = self.read("noise on", entry.name, entry.unit, sigma) else { return };
        match values.iter().find(|value| **value < 0.0) {
            Some(&given) => self.fail(PopulationProblem::NegativeNoise { name: entry.name, given }),
            None => self.noise[index] = Some(values),
        }
    }

    /// Removes the white noise from all states.
    pub fn remove_noise(&mut self) {
        self.noise.fill(None);
    }

    /// Sets the weights of the interaction inside the model, `[target][source]`.
    #[track_caller]
    pub fn set_weights(&mut self, weights: Array2<f64>) {
        let (rows, columns) = weights.dim();
        if self.info.internal_coupling.is_none() {
            self.fail(PopulationProblem::NoInteraction);
        } else if (rows, columns) != (self.nodes, self.nodes) {
            self.fail(PopulationProblem::Weights { rows, columns, nodes: self.nodes });
        } else if let Some(&given) = weights.iter().find(|weight| !weight.is_finite()) {
            self.fail(PopulationProblem::NotFinite {
                what: "weight of",
                name: self.info.name,
                given,
                node: None,
            });
        } else {
            self.interaction.weights = Some(weights);
        }
    }

    /// Says how the interaction inside the model sums.
    pub fn interaction_mut(&mut self) -> &mut InteractionSettings {
        &mut self.interaction
    }

    /// Notes a mistake, unless there is one already.
    #[track_caller]
    pub fn fail(&mut self, problem: PopulationProblem) {
        let place = Location::caller();
        let place = format!("{}:{}", place.file(), place.line());
        self.error.get_or_insert(PopulationError {
            model: self.info.name,
            problem: Box::new(problem),
            place,
        });
    }

    /// Values in the declared unit, one or one a node.
    #[track_caller]
    fn read(
        &mut self,
        what: &'static str,
        name: &'static str,
        unit: &str,
        values: Values,
    ) -> Option<Vec<f64>> {
        let converted = |given: &Quantity| {
            given.in_unit(unit).ok_or_else(|| PopulationProblem::Unit {
                what,
                name,
                expected: unit.to_owned(),
                given: given.clone(),
            })
        };
        let numbers = match &values {
            Values::Scalar(value) => Ok(vec![*value]),
            Values::PerNode(values) => Ok(values.clone()),
            Values::Quantity(quantity) => converted(quantity).map(|value| vec![value]),
            Values::Quantities(list) => list.iter().map(converted).collect(),
        };
        let checked = numbers.and_then(|numbers| {
            let per_node = !matches!(values, Values::Scalar(_) | Values::Quantity(_));
            if per_node && numbers.len() != self.nodes {
                return Err(PopulationProblem::Length {
                    what,
                    name,
                    given: numbers.len(),
                    nodes: self.nodes,
                });
            }
            match numbers.iter().position(|number| !number.is_finite()) {
                Some(node) => {
                    let given = numbers[node];
                    Err(PopulationProblem::NotFinite { what, name, given, node: per_node.then_some(node) })
                }
                None => Ok(numbers),
            }
        });
        // A closure would report its own place and not the caller's.
        match checked {
            Ok(numbers) => Some(numbers),
            Err(problem) => {
                self.fail(problem);
                None
            }
        }
    }
}

fn at(values: &[f64], node: usize) -> f64 {
    if values.len() == 1 { values[0] } else { values[node] }
}

/// The cells of a layer that reads sequences: what every generated struct of a `sequence_layer` is.
///
/// [`SequenceLayer`](crate::sequence::SequenceLayer) makes a layer of such cells.
pub trait SequenceCell: Model {
    /// Factor on the recurrent sum of a layer with `n` cells.
    fn gain<R: Real>(n: R) -> R;
}

/// A stack of layers that read sequences: what every generated struct of a `sequence_network` is.
///
/// [`SequenceNetwork`](crate::sequence::SequenceNetwork) makes the stack from its layers.
pub trait SequenceStack: Described {}

/// A population of a model that is known when the program is compiled: what every generated step struct is.
pub trait Model: Kernel + Clone {
    /// Its equations and schemes, compiled.
    fn engine() -> &'static dyn Engine;
    /// How its nodes interact inside the model, where they do.
    fn interaction() -> Option<&'static dyn Interaction>;

    /// Its nodes.
    fn population(&self) -> &Population;
    /// Its nodes, to be changed.
    fn population_mut(&mut self) -> &mut Population;

    /// The catalogue entry.
    fn info(&self) -> &'static ModelInfo {
        <Self as Described>::INFO
    }

    /// The number of nodes.
    fn nodes(&self) -> usize {
        self.population().nodes()
    }

    /// Sets a parameter by its name.
    #[track_caller]
    fn parameter(mut self, name: &str, value: impl Into<Values>) -> Self {
        let info = Self::INFO;
        match info.parameter(name) {
            Some(index) => self.population_mut().set_parameter(index, value.into()),
            None => {
                let hint =
                    suggestion(name, "parameters", info.parameters.iter().map(|parameter| parameter.name));
                let problem = PopulationProblem::Unknown { what: "parameter", given: name.to_owned(), hint };
                self.population_mut().fail(problem);
            }
        }
        self
    }

    /// Sets an initial state by its name.
    #[track_caller]
    fn initial(mut self, name: &str, value: impl Into<Values>) -> Self {
        match self.state_index(name) {
            Ok(index) => self.population_mut().set_initial(index, value.into()),
            Err(problem) => self.population_mut().fail(problem),
        }
        self
    }

    /// Sets the white noise on a state by its name: sigma in state units per sqrt(ms).
    #[track_caller]
    fn noise(mut self, name: &str, sigma: impl Into<Values>) -> Self {
        match self.state_index(name) {
            Ok(index) => self.population_mut().set_noise(index, sigma.into()),
            Err(problem) => self.population_mut().fail(problem),
        }
        self
    }

    /// The index of a state, or what is wrong with its name.
    #[doc(hidden)]
    fn state_index(&self, name: &str) -> Result<usize, PopulationProblem> {
        let states = Self::INFO.states.iter().map(|state| state.name);
        Self::INFO.state(name).ok_or_else(|| PopulationProblem::Unknown {
            what: "state",
            given: name.to_owned(),
            hint: suggestion(name, "states", states),
        })
    }

    /// Sets the parameters of a preset of the model file.
    #[track_caller]
    fn preset(mut self, name: &str) -> Self {
        let presets = Self::INFO.presets;
        match presets.iter().find(|preset| preset.name == name) {
            Some(preset) => {
                for &(index, value) in preset.values {
                    self.population_mut().set_parameter(index, value.into());
                }
            }
            None => {
                let hint = suggestion(name, "presets", presets.iter().map(|preset| preset.name));
                let problem = PopulationProblem::Unknown { what: "preset", given: name.to_owned(), hint };
                self.population_mut().fail(problem);
            }
        }
        self
    }

    /// Sets the weights of the interaction inside the model, `[target][source]`.
    #[track_caller]
    fn weights(mut self, weights: Array2<f64>) -> Self {
        self.population_mut().set_weights(weights);
        self
    }

    /// Whether the interaction inside the model is divided by the number of nodes (it is, by default).
    fn normalize_by_n(mut self, normalize: bool) -> Self {
        self.population_mut().interaction_mut().normalize = normalize;
        self
    }

    /// Whether a node is left out of its own sum (it is, by default).
    fn exclude_self(mut self, exclude: bool) -> Self {
        self.population_mut().interaction_mut().exclude_self = exclude;
        self
    }

    /// # Errors
    ///
    /// The first value given to the builder that cannot be taken.
    fn check(&self) -> Result<(), PopulationError> {
        self.population().check()
    }
}
