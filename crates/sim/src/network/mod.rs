//! Networks: groups of nodes, each of its own model, and the projections between them.
//!
//! Step n + 1, from `x_n` to `x_{n+1}`, reads of a source whose delay is `D = ceil(delay/dt)` steps the value `x_{n-D}`: that of time
//! `(n - D) dt`, the initial state included; before t = 0 it reads the [`History`]. Without delay it reads `x_n`. What is read is held
//! over the step. An observable that is read belongs to the state `x_n` and to the inputs of the step that led to it (at t = 0, to
//! constant inputs alone).
//!
//! A projection of weights `W` and rule (`pre`, `post`) gives node i `post(sum over j of W_ij pre(x_i, x_j))`. The order of the additions
//! is fixed by the connections and their delays, so that a run gives the same bits in one piece or in many, dense or sparse.
//!
//! The past of a source signal takes at most `8 (1.5 D + 72)` bytes a source node, D being the longest delay in steps, and a connection 12 bytes
//! (an instantaneous one 12, or 8 for every pair where they are stored as a matrix).

mod error;
mod history;
pub(crate) mod input;
pub(crate) mod projection;
mod settings;
mod wiring;

use brainmass_core::any::AnyModel;
use brainmass_core::coupling::AnyRule;
use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::Values;
use brainmass_data::connectome::LaplacianNormalization;
use projection::End;

pub use error::NetworkError;
pub use history::History;
pub use input::Input;
pub use projection::{Connectivity, Delays, Projection, Speed};
pub use settings::{Setting, SettingError};
pub use wiring::{Edge, Wiring};

/// Groups of nodes and the projections between them.
///
/// One group on a connectome, whose nodes are joined by one rule, or by several in turn:
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
/// Several groups, each with its own model; what is recorded or driven is called `group.name` then:
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
    /// The connections that `coupling` is about.
    pub(crate) wiring: Option<Wiring>,
    pub(crate) error: Option<NetworkError>,
}

/// Nodes of one model under a name.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Empty where there is only one and nobody named it.
    pub name: String,
    pub model: Box<dyn AnyModel>,
}

impl Group {
    pub fn info(&self) -> &'static ModelInfo {
        self.model.engine().info()
    }

    pub fn nodes(&self) -> usize {
        self.model.population().nodes()
    }
}

impl Network {
    /// One group of nodes and the connections among them: a connectome, or weights `[target][source]`, with tract lengths (mm) or without.
    pub fn new(model: impl Into<Box<dyn AnyModel>>, wiring: impl Into<Wiring>) -> Self {
        let group = Group { name: String::new(), model: model.into() };
        Self { groups: vec![group], projections: Vec::new(), wiring: Some(wiring.into()), error: None }
    }

    /// No groups yet: for networks of several models, or of several projections with weights of their own.
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

    /// Couples the nodes of a network of one group: by which rule, and by which state or observable. The port fed is the one that the
    /// model says, see [`Network::to`]. Called again, it adds a further coupling over the same connections; the methods below are about
    /// the last one.
    #[track_caller]
    pub fn coupling(mut self, rule: impl Into<Box<dyn AnyRule>>, signal: impl Into<String>) -> Self {
        let Some(wiring) = self.wiring.clone() else {
            self.fail(NetworkError::CouplingOfGroups);
            return self;
        };
        let mut projection = Projection::from("", signal).weights(wiring).rule(rule);
        projection.target = End { group: String::new(), what: None };
        self.projections.push(projection);
        self
    }

    /// The input port that the coupling feeds, see [`Projection::to`].
    pub fn to(self, port: impl Into<String>) -> Self {
        self.last("to", |mut projection| {
            projection.target.what = Some(port.into());
            projection
        })
    }

    /// The coupling strength, see [`Projection::k`].
    #[track_caller]
    pub fn k(self, k: impl Into<Values>) -> Self {
        self.parameter("k", k)
    }

    /// A parameter of the rule, see [`Projection::parameter`].
    #[track_caller]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Values>) -> Self {
        // Not by `last`: the place of the call is kept for messages.
        match self.projections.pop() {
            Some(projection) => self.projections.push(projection.parameter(name, value)),
            None => self.fail(NetworkError::BeforeCoupling { what: "parameter" }),
        }
        self
    }

    /// The conduction speed, see [`Projection::speed`].
    pub fn speed(self, speed: impl Into<Speed>) -> Self {
        self.last("speed", |projection| projection.speed(speed))
    }

    /// Explicit delays, see [`Projection::delays`].
    pub fn delays(self, delays: impl Into<Delays>) -> Self {
        self.last("delays", |projection| projection.delays(delays))
    }

    /// Whether nodes send to themselves, see [`Projection::self_connections`].
    pub fn self_connections(self, keep: bool) -> Self {
        self.last("self_connections", |projection| projection.self_connections(keep))
    }

    /// The receiving nodes' own signal, see [`Projection::receiving`].
    pub fn receiving(self, signal: impl Into<String>) -> Self {
        self.last("receiving", |projection| projection.receiving(signal))
    }

    /// The source signal before t = 0, see [`Projection::history`].
    pub fn history(self, history: impl Into<History>) -> Self {
        self.last("history", |projection| projection.history(history))
    }

    /// How connections are stored, see [`Projection::connectivity`].
    pub fn connectivity(self, connectivity: Connectivity) -> Self {
        self.last("connectivity", |projection| projection.connectivity(connectivity))
    }

    /// How the graph Laplacian is normalised, see [`Projection::normalize`].
    pub fn normalize(self, normalization: LaplacianNormalization) -> Self {
        self.last("normalize", |projection| projection.normalize(normalization))
    }

    /// The smallest degree of a normalised Laplacian, see [`Projection::epsilon`].
    pub fn epsilon(self, epsilon: f64) -> Self {
        self.last("epsilon", |projection| projection.epsilon(epsilon))
    }

    /// The name of the coupling's current, see [`Projection::name`].
    pub fn name(self, name: impl Into<String>) -> Self {
        self.last("name", |projection| projection.name(name))
    }

    /// The groups: their names, empty where there is only one without a name, and their nodes.
    pub fn members(&self) -> impl Iterator<Item = (&str, &dyn AnyModel)> {
        self.groups.iter().map(|group| (group.name.as_str(), group.model.as_ref()))
    }

    fn last(mut self, what: &'static str, change: impl FnOnce(Projection) -> Projection) -> Self {
        match self.projections.pop() {
            Some(projection) => self.projections.push(change(projection)),
            None => self.fail(NetworkError::BeforeCoupling { what }),
        }
        self
    }

    fn fail(&mut self, error: NetworkError) {
        self.error.get_or_insert(error);
    }

    /// # Errors
    ///
    /// The first mistake made in building it, but for those that depend on the time step.
    /// Removes the white noise from all states of all groups.
    pub(crate) fn remove_noise(&mut self) {
        self.groups.iter_mut().for_each(|group| group.model.population_mut().remove_noise());
    }

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

/// Nodes without projections.
impl<M: Into<Box<dyn AnyModel>>> From<M> for Network {
    fn from(model: M) -> Self {
        let group = Group { name: String::new(), model: model.into() };
        Self { groups: vec![group], projections: Vec::new(), wiring: None, error: None }
    }
}
