//! Projections: all edges from a signal of one group to an input of another, with one coupling rule.

use std::fmt;

use ndarray::Array2;

use crate::described::Described;
use crate::network::history::History;
use crate::network::wiring::{SharedWiring, Wiring};
use brainmass_core::coupling::AnyRule;
use brainmass_core::quantity::{Quantity, Time, Values};
use brainmass_core::shared::Text;
use brainmass_data::connectome::LaplacianNormalization;
use brainmass_spec::problem::suggestion;

/// The storage of edges without delay. The outcome is the same to the last bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connectivity {
    /// Compressed rows where fewer than an eighth of the pairs of nodes are connected, and a matrix elsewhere.
    #[default]
    Auto,
    /// A matrix, which is best where most nodes are connected.
    Dense,
    /// Compressed rows, which are best where few nodes are connected.
    Sparse,
}

/// The edges within a group of nodes, or from one to another, with one coupling rule.
///
/// ```
/// use brainmass::network::Projection;
/// use brainmass::zoo::coupling::Additive;
/// use ndarray::array;
///
/// // Two thalamic nodes receive from three cortical ones, 8 ms later.
/// let corticothalamic = Projection::from("cortex", "rE")
///     .to("thalamus", "rE_inp")
///     .weights(array![[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]])
///     .delays(8.0)
///     .rule(Additive::new())
///     .k(0.2);
/// ```
#[derive(Debug, Clone)]
pub struct Projection {
    pub(crate) name: Option<String>,
    pub(crate) source: End,
    pub(crate) target: End,
    pub(crate) receiving: Option<String>,
    pub(crate) wiring: Option<SharedWiring>,
    pub(crate) rule: Option<Box<dyn AnyRule>>,
    /// The parameters that were given before the rule.
    pub(crate) parameters: Vec<(String, Values)>,
    /// The first parameter given that the rule does not have: its name, the rule, and the names that there are.
    pub(crate) unknown_parameter: Option<(String, Text, String)>,
    pub(crate) delays: Option<Described<Delays>>,
    pub(crate) speed: Option<Speed>,
    pub(crate) self_connections: bool,
    pub(crate) history: History,
    pub(crate) connectivity: Connectivity,
    pub(crate) normalize: Option<LaplacianNormalization>,
    pub(crate) epsilon: Option<f64>,
}

/// An end of a projection: a group, and a signal or port of it, which is the model's own choice where it is not given.
#[derive(Debug, Clone, Default)]
pub(crate) struct End {
    pub group: String,
    pub what: Option<String>,
}

/// Writes `cortex.x`, or what the model chooses.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point = if self.group.is_empty() { "" } else { "." };
        write!(f, "{}{point}{}", self.group, self.what.as_deref().unwrap_or("what the model chooses"))
    }
}

/// The delays of edges, given explicitly.
#[derive(Debug, Clone, PartialEq)]
pub enum Delays {
    /// One delay for all edges.
    Common(Time),
    /// The delay of each edge, ms, `[target][source]`.
    Each(Array2<f64>),
}

impl From<f64> for Delays {
    /// Creates one delay for all edges, ms.
    fn from(delay: f64) -> Self {
        Self::Common(delay.into())
    }
}

impl From<Quantity> for Delays {
    fn from(delay: Quantity) -> Self {
        Self::Common(delay.into())
    }
}

impl From<Array2<f64>> for Delays {
    /// Creates the delay of each edge, ms, `[target][source]`.
    fn from(delays: Array2<f64>) -> Self {
        Self::Each(delays)
    }
}

impl From<&Array2<f64>> for Delays {
    fn from(delays: &Array2<f64>) -> Self {
        Self::Each(delays.clone())
    }
}

/// A conduction speed in mm/ms, which is the same as m/s: plain numbers are mm/ms.
#[derive(Debug, Clone, PartialEq)]
pub struct Speed(pub(crate) Result<f64, Quantity>);

impl From<f64> for Speed {
    fn from(value: f64) -> Self {
        Self(Ok(value))
    }
}

impl From<Quantity> for Speed {
    fn from(value: Quantity) -> Self {
        Self(value.in_unit("mm/ms").ok_or(value))
    }
}

impl Projection {
    /// Creates a projection from a state or observable of a group.
    pub fn from(group: impl Into<String>, signal: impl Into<String>) -> Self {
        let source = End { group: group.into(), what: Some(signal.into()) };
        Self {
            name: None,
            source,
            target: End::default(),
            receiving: None,
            wiring: None,
            rule: None,
            parameters: Vec::new(),
            unknown_parameter: None,
            delays: None,
            speed: None,
            self_connections: false,
            history: History::Initial,
            connectivity: Connectivity::Auto,
            normalize: None,
            epsilon: None,
        }
    }

    /// Leads it to an input port of a group, which may be the same. The currents of several projections and the inputs of one port add up.
    pub fn to(mut self, group: impl Into<String>, port: impl Into<String>) -> Self {
        self.target = End { group: group.into(), what: Some(port.into()) };
        self
    }

    /// Sets the name under which its current can be recorded. Otherwise the first is called `coupling_input`, the second
    /// `coupling_input_2`, and so on.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the edges: a connectome, or weights `[target][source]`, with tract lengths (mm) or without.
    pub fn weights(mut self, wiring: impl Into<Wiring>) -> Self {
        self.wiring = Some(wiring.into().into());
        self
    }

    /// Sets the edges to those of another projection, without a copy of them.
    pub(crate) fn shared_weights(mut self, wiring: SharedWiring) -> Self {
        self.wiring = Some(wiring);
        self
    }

    /// The name of a projection that is the network's `index`-th.
    pub(crate) fn name_at(&self, index: usize) -> String {
        match (&self.name, index) {
            (Some(name), _) => name.clone(),
            (None, 0) => "coupling_input".to_owned(),
            (None, index) => format!("coupling_input_{}", index + 1),
        }
    }

    /// Sets the coupling rule.
    #[track_caller]
    pub fn rule(mut self, rule: impl Into<Box<dyn AnyRule>>) -> Self {
        self.rule = Some(rule.into());
        let given = std::mem::take(&mut self.parameters);
        given.into_iter().fold(self, |projection, (name, value)| projection.parameter(name, value))
    }

    /// Sets a parameter of the rule: one value, or one a target node.
    #[track_caller]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Values>) -> Self {
        let (name, value) = (name.into(), value.into());
        let Some(rule) = &mut self.rule else {
            self.parameters.push((name, value));
            return self;
        };
        match rule.info().parameter(&name) {
            Some(index) => rule.settings_mut().set(index, value),
            None => {
                let info = rule.info();
                let names = info.parameters.iter().map(|parameter| &parameter.name);
                let hint = suggestion(&name, "parameters", names);
                self.unknown_parameter.get_or_insert((name, info.name.clone(), hint));
            }
        }
        self
    }

    /// Sets the rule's coupling strength: one, or one a target node.
    #[track_caller]
    pub fn k(self, k: impl Into<Values>) -> Self {
        self.parameter("k", k)
    }

    /// Sets the conduction speed; delays are tract length / speed. A plain number is in mm/ms, the same as m/s.
    pub fn speed(mut self, speed: impl Into<Speed>) -> Self {
        self.speed = Some(speed.into());
        self
    }

    /// Sets the delays: one for all edges, or an array `[target][source]` in ms.
    pub fn delays(mut self, delays: impl Into<Delays>) -> Self {
        self.delays = Some(delays.into().into());
        self
    }

    /// Sets the signal of the receiving nodes that a rule like `x_j - x_i` takes for `x_i`, where it has another name than the source's.
    pub fn receiving(mut self, signal: impl Into<String>) -> Self {
        self.receiving = Some(signal.into());
        self
    }

    /// Chooses whether nodes send to themselves, where source and target are one group. They do not by default: the diagonal of the weights
    /// has no effect.
    pub fn self_connections(mut self, keep: bool) -> Self {
        self.self_connections = keep;
        self
    }

    /// Sets the source signal before t = 0; it is that at t = 0 if not given.
    pub fn history(mut self, history: impl Into<History>) -> Self {
        self.history = history.into();
        self
    }

    /// Sets the storage of edges without delay; it is chosen by their density if not given.
    pub fn connectivity(mut self, connectivity: Connectivity) -> Self {
        self.connectivity = connectivity;
        self
    }

    /// Sets the normalisation of the graph Laplacian, for rules that use it.
    pub fn normalize(mut self, normalization: LaplacianNormalization) -> Self {
        self.normalize = Some(normalization);
        self
    }

    /// Sets the smallest degree that a normalised Laplacian divides by; 1e-12 if not given.
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = Some(epsilon);
        self
    }
}
