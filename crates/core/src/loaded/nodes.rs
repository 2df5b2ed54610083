//! The nodes of a model that is known only at run time.

use std::fmt;

use ndarray::Array2;

use crate::any::AnyModel;
use crate::engine::{Engine, Interaction};
use crate::info::ModelInfo;
use crate::population::{Population, PopulationError};
use crate::quantity::Values;
use crate::shared::Shared;

/// Nodes of a model whose names are known only at run time. Methods keep the first mistake, with the line of the call, and it is reported when the
/// nodes are used.
#[derive(Clone)]
pub struct Nodes {
    population: Population,
    engine: Shared<dyn Engine>,
    interaction: Option<Shared<dyn Interaction>>,
}

impl Nodes {
    #[track_caller]
    pub(super) fn new(
        info: Shared<ModelInfo>,
        engine: Shared<dyn Engine>,
        interaction: Option<Shared<dyn Interaction>>,
        count: usize,
    ) -> Self {
        Self { population: Population::new(info, count), engine, interaction }
    }

    /// Sets a parameter by its name, with one value or with one a node.
    #[track_caller]
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<Values>) -> Self {
        self.population.set_parameter_named(name, value.into());
        self
    }

    /// Sets the initial value of a state by the name of the state, with one value or with one a node.
    #[track_caller]
    #[must_use]
    pub fn init(mut self, name: &str, value: impl Into<Values>) -> Self {
        self.population.set_initial_named(name, value.into());
        self
    }

    /// Sets the intensity of the white noise on a state by the name of the state: sigma in the state's unit per sqrt(ms), one value or one a node.
    #[track_caller]
    #[must_use]
    pub fn noise(mut self, name: &str, sigma: impl Into<Values>) -> Self {
        self.population.set_noise_named(name, sigma.into());
        self
    }

    /// Sets the parameters that a preset of the model file names.
    #[track_caller]
    #[must_use]
    pub fn preset(mut self, name: &str) -> Self {
        self.population.set_preset(name);
        self
    }

    /// Sets the weights of the interaction inside the model, `[target][source]`.
    #[track_caller]
    #[must_use]
    pub fn weights(mut self, weights: Array2<f64>) -> Self {
        self.population.set_weights(weights);
        self
    }

    /// The catalogue entry of the model.
    pub fn info(&self) -> &ModelInfo {
        self.population.info()
    }

    /// Reports the first value given that cannot be taken.
    ///
    /// # Errors
    ///
    /// There is such a value.
    pub fn check(&self) -> Result<(), PopulationError> {
        self.population.check()
    }
}

impl AnyModel for Nodes {
    fn population(&self) -> &Population {
        &self.population
    }
    fn population_mut(&mut self) -> &mut Population {
        &mut self.population
    }
    fn engine(&self) -> &dyn Engine {
        &*self.engine
    }
    fn shared_engine(&self) -> Shared<dyn Engine> {
        self.engine.clone()
    }
    fn interaction(&self) -> Option<&dyn Interaction> {
        self.interaction.as_deref()
    }
    fn shared_interaction(&self) -> Option<Shared<dyn Interaction>> {
        self.interaction.clone()
    }
    fn boxed(&self) -> Box<dyn AnyModel> {
        Box::new(self.clone())
    }
}

impl From<Nodes> for Box<dyn AnyModel> {
    fn from(nodes: Nodes) -> Self {
        Box::new(nodes)
    }
}

impl fmt::Debug for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.population.fmt(f)
    }
}
