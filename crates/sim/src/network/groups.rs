//! Networks: groups of nodes, and the projections between them.

use brainmass_core::any::AnyModel;
use brainmass_core::coupling::AnyRule;
use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::Values;
use brainmass_data::connectome::LaplacianNormalization;
use ndarray::Array2;

use super::error::NetworkError;
use super::history::History;
use super::projection::{Connectivity, Delays, End, Projection, Speed};
use super::wiring::{SharedWiring, Wiring};

/// Groups of nodes, and the projections between them.
///
/// A network may be one group on a connectome, whose nodes are coupled by one rule, or by several in turn:
///
/// ```
/// use brainmass::connectome::Connectome;
/// use brainmass::prelude::*;
/// use brainmass::zoo::coupling::Diffusive;
/// use ndarray::array;
///
/// let connectome = Connectome::new(array![[0.0, 1.0], [0.5, 0.0]])?
///     .with_tract_lengths(array![[0.0, 20.0], [20.0, 0.0]])?; // mm
/// let hopf = HopfStep::new(2).init_x([0.1, 0.3]);
/// let network = Network::new(hopf, &connectome).coupling(Diffusive::new(), "x").k(0.5).speed(10.0);
/// let run = Simulator::new(network).record(["x", "coupling_input"]).run(10.0.ms())?;
/// assert_eq!(run["coupling_input"].dim(), (100, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It may have several groups, each with its own model; signals and inputs are called `group.name` then:
///
/// ```
/// use brainmass::network::Projection;
/// use brainmass::prelude::*;
/// use brainmass::zoo::coupling::Additive;
/// use ndarray::array;
///
/// let network = Network::groups()
///     .group("cortex", WilsonCowanStep::new(2).init_rE([0.2, 0.4]))
///     .group("thalamus", HopfStep::new(1))
///     .projection(
///         Projection::from("cortex", "rE").to("thalamus", "x_inp").weights(array![[0.5, 0.5]]).rule(Additive::new()).delays(8.0),
///     )
///     .projection(
///         Projection::from("thalamus", "x").to("cortex", "rE_inp").weights(array![[1.0], [0.0]]).rule(Additive::new()).k(0.3),
///     );
/// let run = Simulator::new(network).record(["cortex.rE", "thalamus.x"]).run(20.0.ms())?;
/// assert_eq!(run["thalamus.x"].dim(), (200, 1));
/// # Ok::<(), brainmass::RunError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Network {
    pub(crate) groups: Vec<Group>,
    pub(crate) projections: Vec<Projection>,
    /// The edges over which `coupling` couples the nodes of the only group.
    pub(crate) wiring: Option<SharedWiring>,
    /// The first mistake made in building it.
    pub(crate) error: Option<NetworkError>,
}

/// A group: nodes of one model under a name.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The name, which is empty where there is only one group and nobody named it.
    pub name: String,
    pub model: Box<dyn AnyModel>,
}

impl Group {
    /// The description of the model.
    pub fn info(&self) -> &ModelInfo {
        self.model.population().info()
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.model.population().nodes()
    }
}

impl Network {
    /// Creates a network of one group of nodes and the edges among them: a connectome, or weights `[target][source]`, with tract lengths (mm) or without.
    pub fn new(model: impl Into<Box<dyn AnyModel>>, wiring: impl Into<Wiring>) -> Self {
        let group = Group { name: String::new(), model: model.into() };
        Self { groups: vec![group], projections: Vec::new(), wiring: Some(wiring.into().into()), error: None }
    }

    /// Creates a network without groups: for networks of several models, or of several projections with weights of their own.
    pub fn groups() -> Self {
        Self { groups: Vec::new(), projections: Vec::new(), wiring: None, error: None }
    }

    /// Adds a group of nodes.
    pub fn group(mut self, name: impl Into<String>, model: impl Into<Box<dyn AnyModel>>) -> Self {
        let name = name.into();
        if name.is_empty() || name.contains('.') {
            self.fail(NetworkError::GroupName { name: name.clone() });
        } else if self.groups.iter().any(|group| group.name == name) {
            self.fail(NetworkError::GroupTwice { name: name.clone() });
        }
        self.groups.push(Group { name, model: model.into() });
        self
    }

    /// Adds a projection between groups.
    pub fn projection(mut self, projection: Projection) -> Self {
        self.projections.push(projection);
        self
    }

    /// Couples the nodes of a network of one group by a rule and a state or observable. The port that is fed is the one that the model says, unless
    /// [`Network::to`] says another. Called again, it adds a further coupling over the same edges; the methods below are about the last one.
    #[track_caller]
    pub fn coupling(mut self, rule: impl Into<Box<dyn AnyRule>>, signal: impl Into<String>) -> Self {
        let Some(wiring) = self.wiring.clone() else {
            self.fail(NetworkError::CouplingOfGroups);
            return self;
        };
        let mut projection = Projection::from("", signal).shared_weights(wiring).rule(rule);
        projection.target = End { group: String::new(), what: None };
        self.projections.push(projection);
        self
    }

    /// Sets the input port that the coupling feeds, see [`Projection::to`].
    pub fn to(self, port: impl Into<String>) -> Self {
        self.change_last("to", |mut projection| {
            projection.target.what = Some(port.into());
            projection
        })
    }

    /// Sets the coupling strength, see [`Projection::k`].
    #[track_caller]
    pub fn k(self, k: impl Into<Values>) -> Self {
        self.parameter("k", k)
    }

    /// Sets a parameter of the rule, see [`Projection::parameter`].
    #[track_caller]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Values>) -> Self {
        // This does not go through `change_last`, so that the place of the call is kept for messages.
        match self.projections.pop() {
            Some(projection) => self.projections.push(projection.parameter(name, value)),
            None => self.fail(NetworkError::BeforeCoupling { what: "parameter" }),
        }
        self
    }

    /// Sets the conduction speed, see [`Projection::speed`].
    pub fn speed(self, speed: impl Into<Speed>) -> Self {
        self.change_last("speed", |projection| projection.speed(speed))
    }

    /// Sets explicit delays, see [`Projection::delays`].
    pub fn delays(self, delays: impl Into<Delays>) -> Self {
        self.change_last("delays", |projection| projection.delays(delays))
    }

    /// Chooses whether nodes send to themselves, see [`Projection::self_connections`].
    pub fn self_connections(self, keep: bool) -> Self {
        self.change_last("self_connections", |projection| projection.self_connections(keep))
    }

    /// Sets the receiving nodes' own signal, see [`Projection::receiving`].
    pub fn receiving(self, signal: impl Into<String>) -> Self {
        self.change_last("receiving", |projection| projection.receiving(signal))
    }

    /// Sets the source signal before t = 0, see [`Projection::history`].
    pub fn history(self, history: impl Into<History>) -> Self {
        self.change_last("history", |projection| projection.history(history))
    }

    /// Sets the storage of edges without delay, see [`Projection::connectivity`].
    pub fn connectivity(self, connectivity: Connectivity) -> Self {
        self.change_last("connectivity", |projection| projection.connectivity(connectivity))
    }

    /// Sets the normalisation of the graph Laplacian, see [`Projection::normalize`].
    pub fn normalize(self, normalization: LaplacianNormalization) -> Self {
        self.change_last("normalize", |projection| projection.normalize(normalization))
    }

    /// Sets the smallest degree of a normalised Laplacian, see [`Projection::epsilon`].
    pub fn epsilon(self, epsilon: f64) -> Self {
        self.change_last("epsilon", |projection| projection.epsilon(epsilon))
    }

    /// Sets the name of the coupling's current, see [`Projection::name`].
    pub fn name(self, name: impl Into<String>) -> Self {
        self.change_last("name", |projection| projection.name(name))
    }

    /// The groups, each with its name, which is empty where there is only one without a name, and its nodes.
    pub fn named_groups(&self) -> impl Iterator<Item = (&str, &dyn AnyModel)> {
        self.groups.iter().map(|group| (group.name.as_str(), group.model.as_ref()))
    }

    /// Returns the weights `[target][source]` of the first projection of a group onto itself, the structural connectivity of its regions; `None` where
    /// there is no such projection. The name of the only group may be empty.
    pub fn weights_within(&self, group: &str) -> Option<Array2<f64>> {
        let within =
            |projection: &&Projection| projection.source.group == group && projection.target.group == group;
        let wiring = self.projections.iter().find(within)?.wiring.as_ref()?;
        let mut weights = Array2::zeros(wiring.shape);
        for edge in &wiring.edges {
            if let Some(weight) = weights.get_mut((edge.target, edge.source)) {
                *weight += edge.weight;
            }
        }
        Some(weights)
    }

    /// Changes the last coupling; `what` is the method that was called.
    fn change_last(mut self, what: &'static str, change: impl FnOnce(Projection) -> Projection) -> Self {
        match self.projections.pop() {
            Some(projection) => self.projections.push(change(projection)),
            None => self.fail(NetworkError::BeforeCoupling { what }),
        }
        self
    }

    /// Keeps the first mistake.
    fn fail(&mut self, error: NetworkError) {
        self.error.get_or_insert(error);
    }

    /// Removes the white noise from all states of all groups.
    pub(crate) fn remove_noise(&mut self) {
        self.groups.iter_mut().for_each(|group| group.model.population_mut().remove_noise());
    }

    /// Reports the first mistake made in building the network, without those that depend on the time step.
    pub(crate) fn check(&self) -> Result<(), NetworkError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        if self.groups.is_empty() {
            return Err(NetworkError::NoGroups);
        }
        if self.wiring.is_some() && self.projections.is_empty() {
            return Err(NetworkError::Uncoupled);
        }
        Ok(())
    }
}

/// A model alone is a network of one group without projections.
impl<M: Into<Box<dyn AnyModel>>> From<M> for Network {
    fn from(model: M) -> Self {
        let group = Group { name: String::new(), model: model.into() };
        Self { groups: vec![group], projections: Vec::new(), wiring: None, error: None }
    }
}
