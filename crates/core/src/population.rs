//! The nodes of one model: their parameters, initial states and noise. Every generated step struct holds them.

use std::panic::Location;

use brainmass_spec::problem::suggestion;
use ndarray::Array2;
use thiserror::Error;

use crate::engine::{Engine, Interaction, InteractionSettings};
use crate::info::{Described, ModelInfo};
use crate::kernel::Kernel;
use crate::quantity::{Quantity, Values};
use crate::real::Real;
use crate::shared::{Shared, Text};

/// The error of a value that the nodes of a model cannot take. Builders keep the first one and report it when the nodes are used, with the line
/// of the call that gave it.
#[derive(Clone, PartialEq, Error)]
#[error("{model}: {problem} (set at {place})")]
pub struct PopulationError {
    /// The name of the model.
    pub model: Text,
    /// The fault of the value.
    pub problem: Box<PopulationProblem>,
    /// The file and line of the call that gave it.
    pub place: String,
}

/// The faults that a value given for the nodes of a model may have.
#[derive(Clone, PartialEq, Error)]
pub enum PopulationProblem {
    /// A quantity whose unit measures something else than the declared one.
    #[error("{what} `{name}` is in {expected}, and {given} cannot be converted to that{}", given.advice(expected))]
    Unit {
        /// The purpose of the value: a parameter, an initial state, noise.
        what: &'static str,
        /// The name of the parameter or state.
        name: Text,
        /// The declared unit.
        expected: String,
        /// The value given.
        given: Box<Quantity>,
    },
    /// A number of values that is neither one nor the number of nodes.
    #[error("{what} `{name}` has {given} values for {nodes} nodes; give one, or one a node")]
    Length {
        /// The purpose of the value: a parameter, an initial state, noise.
        what: &'static str,
        /// The name of the parameter or state.
        name: Text,
        /// The number of values given.
        given: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// A value that is NaN or infinite.
    #[error("{what} `{name}` is {given}{}; a finite number is needed", node_text(*.node))]
    NotFinite {
        /// The purpose of the value: a parameter, an initial state, noise.
        what: &'static str,
        /// The name of the parameter or state.
        name: Text,
        /// The value given.
        given: f64,
        /// The node, where each has its own value.
        node: Option<usize>,
    },
    /// A name that the model does not have.
    #[error("there is no {what} `{given}`: {hint}")]
    Unknown {
        /// The kind of thing that was looked for: a parameter, a state, a preset.
        what: &'static str,
        /// The name given.
        given: String,
        /// The names that the model has, or the one that may have been meant.
        hint: String,
    },
    /// Weights of an interaction inside the model that have another shape than `(node, node)`.
    #[error("the weights have shape {rows} x {columns}; {nodes} nodes need {nodes} x {nodes}")]
    Weights {
        /// The number of rows given.
        rows: usize,
        /// The number of columns given.
        columns: usize,
        /// The number of nodes.
        nodes: usize,
    },
    /// A noise intensity below zero.
    #[error("the noise on `{name}` is {given}; an intensity is not negative")]
    NegativeNoise {
        /// The state.
        name: Text,
        /// The value given.
        given: f64,
    },
    /// A number of nodes that is 0.
    #[error("a population needs at least one node")]
    NoNodes,
    /// Weights for a model that has no interaction inside.
    #[error("the model has no interaction inside that weights could be for; couple its nodes with a Network")]
    NoInteraction,
}

fn node_text(node: Option<usize>) -> String {
    node.map(|node| format!(" at node {node}")).unwrap_or_default()
}

/// The nodes of a model, which differ in their parameters, initial states and noise.
#[derive(Debug, Clone)]
pub struct Population {
    info: Shared<ModelInfo>,
    nodes: usize,
    parameters: Vec<Vec<f64>>,
    initial: Vec<Vec<f64>>,
    noise: Vec<Option<Vec<f64>>>,
    /// The white noise that drives each input port to which a run gives no input.
    input_noise: Vec<Option<f64>>,
    interaction: InteractionSettings,
    error: Option<PopulationError>,
}

impl Population {
    /// Makes `nodes` nodes with the default parameters and initial states, and with the noise that the model's file gives: in most files, none.
    #[track_caller]
    pub fn new(info: impl Into<Shared<ModelInfo>>, nodes: usize) -> Self {
        let info = info.into();
        let mut population = Self {
            nodes,
            parameters: info.parameters.iter().map(|parameter| vec![parameter.default]).collect(),
            initial: info.states.iter().map(|state| vec![state.init]).collect(),
            noise: info.states.iter().map(|state| state.noise.map(|sigma| vec![sigma])).collect(),
            input_noise: info.inputs.iter().map(|input| input.noise).collect(),
            interaction: InteractionSettings::default(),
            error: None,
            info,
        };
        if nodes == 0 {
            population.fail(PopulationProblem::NoNodes);
        }
        population
    }

    /// The catalogue entry of the model.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The catalogue entry of the model, to be kept.
    pub fn shared_info(&self) -> Shared<ModelInfo> {
        self.info.clone()
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Reports the first value given that cannot be taken.
    ///
    /// # Errors
    ///
    /// There is such a value.
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

    /// The intensities of the white noise on a state, in its unit per sqrt(ms): one, or one a node; `None` without noise.
    pub fn noise(&self, index: usize) -> Option<&[f64]> {
        self.noise[index].as_deref()
    }

    /// The initial value of a state at a node.
    pub fn initial_at(&self, index: usize, node: usize) -> f64 {
        at(&self.initial[index], node)
    }

    /// The intensity of the white noise on a state at a node, in the state's unit per sqrt(ms); 0 without noise.
    pub fn noise_at(&self, index: usize, node: usize) -> f64 {
        self.noise[index].as_ref().map_or(0.0, |values| at(values, node))
    }

    /// Whether a state has white noise.
    pub fn has_noise(&self, index: usize) -> bool {
        self.noise[index].is_some()
    }

    /// The settings of the interaction inside the model.
    pub fn interaction(&self) -> &InteractionSettings {
        &self.interaction
    }

    /// Sets a parameter, with one value or with one a node.
    #[track_caller]
    pub fn set_parameter(&mut self, index: usize, values: Values) {
        let info = self.info.clone();
        let entry = &info.parameters[index];
        if let Some(values) = self.read("parameter", &entry.name, &entry.unit, values) {
            self.parameters[index] = values;
        }
    }

    /// Sets the initial value of a state, with one value or with one a node.
    #[track_caller]
    pub fn set_initial(&mut self, index: usize, values: Values) {
        let info = self.info.clone();
        let entry = &info.states[index];
        if let Some(values) = self.read("initial state", &entry.name, &entry.unit, values) {
            self.initial[index] = values;
        }
    }

    /// Sets the intensity of the white noise on a state, in state units per sqrt(ms).
    #[track_caller]
    pub fn set_noise(&mut self, index: usize, sigma: Values) {
        let info = self.info.clone();
        let entry = &info.states[index];
        let unit = format!("{}/sqrt(ms)", entry.unit);
        let Some(values) = self.read("noise on", &entry.name, &unit, sigma) else { return };
        match values.iter().find(|value| **value < 0.0) {
            Some(&given) => self.fail(PopulationProblem::NegativeNoise { name: entry.name.clone(), given }),
            None => self.noise[index] = Some(values),
        }
    }

    /// Returns the intensity of the white noise that drives an input port to which a run gives no input, in the port's unit times sqrt(ms); `None`
    /// without noise.
    pub fn input_noise(&self, index: usize) -> Option<f64> {
        self.input_noise[index]
    }

    /// Removes the white noise from all states and input ports.
    pub fn remove_noise(&mut self) {
        self.noise.fill(None);
        self.input_noise.fill(None);
    }

    /// Sets a parameter by its name, with one value or with one a node.
    #[track_caller]
    pub fn set_parameter_named(&mut self, name: &str, values: Values) {
        match self.info.parameter(name) {
            Some(index) => self.set_parameter(index, values),
            None => {
                let names = self.info.parameters.iter().map(|parameter| &parameter.name);
                let hint = suggestion(name, "parameters", names);
                self.fail(PopulationProblem::Unknown { what: "parameter", given: name.to_owned(), hint });
            }
        }
    }

    /// Sets the initial value of a state by the name of the state, with one value or with one a node.
    #[track_caller]
    pub fn set_initial_named(&mut self, name: &str, values: Values) {
        match self.state_index(name) {
            Ok(index) => self.set_initial(index, values),
            Err(problem) => self.fail(problem),
        }
    }

    /// Sets the intensity of the white noise on a state by the name of the state: sigma in the state's unit per sqrt(ms), one value or one a node.
    #[track_caller]
    pub fn set_noise_named(&mut self, name: &str, sigma: Values) {
        match self.state_index(name) {
            Ok(index) => self.set_noise(index, sigma),
            Err(problem) => self.fail(problem),
        }
    }

    /// The index of a state, or what is wrong with its name.
    fn state_index(&self, name: &str) -> Result<usize, PopulationProblem> {
        self.info.state(name).ok_or_else(|| PopulationProblem::Unknown {
            what: "state",
            given: name.to_owned(),
            hint: suggestion(name, "states", self.info.states.iter().map(|state| &state.name)),
        })
    }

    /// Sets the parameters that a preset of the model file names.
    #[track_caller]
    pub fn set_preset(&mut self, name: &str) {
        let info = self.info.clone();
        match info.presets.iter().find(|preset| preset.name == name) {
            Some(preset) => {
                for &(index, value) in &preset.values {
                    self.set_parameter(index, value.into());
                }
            }
            None => {
                let hint = suggestion(name, "presets", info.presets.iter().map(|preset| &preset.name));
                self.fail(PopulationProblem::Unknown { what: "preset", given: name.to_owned(), hint });
            }
        }
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
                name: self.info.name.clone(),
                given,
                node: None,
            });
        } else {
            self.interaction.weights = Some(weights);
        }
    }

    /// The settings of the interaction inside the model, to be changed.
    pub fn interaction_mut(&mut self) -> &mut InteractionSettings {
        &mut self.interaction
    }

    /// Keeps a mistake with the line of the caller, unless one is kept already.
    #[track_caller]
    pub fn fail(&mut self, problem: PopulationProblem) {
        let place = Location::caller();
        let place = format!("{}:{}", place.file(), place.line());
        self.error.get_or_insert(PopulationError {
            model: self.info.name.clone(),
            problem: Box::new(problem),
            place,
        });
    }

    /// Converts values to the declared unit and checks them; a mistake is kept.
    #[track_caller]
    fn read(&mut self, what: &'static str, name: &Text, unit: &str, values: Values) -> Option<Vec<f64>> {
        let converted = |given: &Quantity| {
            given.in_unit(unit).ok_or_else(|| PopulationProblem::Unit {
                what,
                name: name.clone(),
                expected: unit.to_owned(),
                given: Box::new(given.clone()),
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
                    name: name.clone(),
                    given: numbers.len(),
                    nodes: self.nodes,
                });
            }
            match numbers.iter().position(|number| !number.is_finite()) {
                Some(node) => {
                    let given = numbers[node];
                    let node = per_node.then_some(node);
                    Err(PopulationProblem::NotFinite { what, name: name.clone(), given, node })
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

/// The cells of a layer that reads sequences: every generated struct of a `sequence_layer` implements this.
///
/// `brainmass::sequence::SequenceLayer` makes a layer of such cells.
pub trait SequenceCell: Model {
    /// The factor on the recurrent sum of a layer with `n` cells.
    fn gain<R: Real>(n: R) -> R;
}

/// A stack of layers that read sequences: every generated struct of a `sequence_network` implements this.
///
/// `brainmass::sequence::SequenceNetwork` makes the stack from its layers.
pub trait SequenceStack: Described {}

/// The nodes of a model that is known when the program is compiled: every generated step struct implements this.
pub trait Model: Kernel + Clone {
    /// The equations of the model and the schemes by which they are stepped, compiled.
    fn engine() -> &'static dyn Engine;
    /// The interaction inside the model; `None` for a model whose nodes do not interact.
    fn interaction() -> Option<&'static dyn Interaction>;

    /// The nodes: parameters, initial states, noise.
    fn population(&self) -> &Population;
    /// The nodes, to be changed.
    fn population_mut(&mut self) -> &mut Population;

    /// The catalogue entry of the model.
    fn info(&self) -> &'static ModelInfo {
        <Self as Described>::INFO
    }

    /// The number of nodes.
    fn nodes(&self) -> usize {
        self.population().nodes()
    }

    /// Sets a parameter by its name, with one value or with one a node.
    #[track_caller]
    fn parameter(mut self, name: &str, value: impl Into<Values>) -> Self {
        self.population_mut().set_parameter_named(name, value.into());
        self
    }

    /// Sets the initial value of a state by the name of the state, with one value or with one a node.
    #[track_caller]
    fn initial(mut self, name: &str, value: impl Into<Values>) -> Self {
        self.population_mut().set_initial_named(name, value.into());
        self
    }

    /// Sets the intensity of the white noise on a state by the name of the state: sigma in the state's unit per sqrt(ms), one value or one a node.
    #[track_caller]
    fn noise(mut self, name: &str, sigma: impl Into<Values>) -> Self {
        self.population_mut().set_noise_named(name, sigma.into());
        self
    }

    /// Sets the parameters that a preset of the model file names.
    #[track_caller]
    fn preset(mut self, name: &str) -> Self {
        self.population_mut().set_preset(name);
        self
    }

    /// Sets the weights of the interaction inside the model, `[target][source]`.
    #[track_caller]
    fn weights(mut self, weights: Array2<f64>) -> Self {
        self.population_mut().set_weights(weights);
        self
    }

    /// Says whether the sum of the interaction inside the model is divided by the number of nodes, as it is by default.
    fn normalize_by_n(mut self, normalize: bool) -> Self {
        self.population_mut().interaction_mut().normalize = normalize;
        self
    }

    /// Says whether a node is left out of its own sum in the interaction inside the model, as it is by default.
    fn exclude_self(mut self, exclude: bool) -> Self {
        self.population_mut().interaction_mut().exclude_self = exclude;
        self
    }

    /// Reports the first value given to the builder that cannot be taken.
    ///
    /// # Errors
    ///
    /// There is such a value.
    fn check(&self) -> Result<(), PopulationError> {
        self.population().check()
    }
}

brainmass_spec::debug_as_text!(PopulationError, PopulationProblem);
