//! Plans of projections: their names and arrays resolved to edges between nodes, with delays in steps.

use std::sync::Arc;

use brainmass_spec::problem::suggestion;
use ndarray::Array2;

use crate::network::projection::End;
use crate::network::{Delays, Edge, Group, Network, NetworkError, Projection};
use crate::runtime::edges::laplacian::laplacian_edges;
use crate::runtime::edges::planned_edge::{PlannedEdge, PlannedEdges};
use brainmass_core::coupling::AnyRule;
use brainmass_core::info::Signal;
use brainmass_core::kernel::Form;
use brainmass_core::shared::Text;
use brainmass_data::connectome::DEFAULT_EPS;
use brainmass_data::steps;

/// A projection with its names resolved and its delays in steps.
#[derive(Debug)]
pub(crate) struct ProjectionPlan {
    pub name: String,
    /// The words by which messages call it.
    pub label: String,
    pub source_group: usize,
    /// The signal of the source group that is sent.
    pub signal: Signal,
    pub target_group: usize,
    /// The port of the target group that is fed.
    pub port: usize,
    /// The signal of the receiving nodes that the rule sees; `None` where it sees nothing of them.
    pub receiving: Option<Signal>,
    pub rule: Box<dyn AnyRule>,
    /// The edges, which runs of a batch share.
    pub edges: Arc<PlannedEdges>,
}

impl ProjectionPlan {
    /// The longest delay, in steps.
    pub fn longest(&self) -> usize {
        self.edges.longest()
    }
}

/// Plans all projections of a network, for a time step in ms.
///
/// # Errors
///
/// The first mistake in the network or one of its projections.
pub(crate) fn plan_projections(network: &Network, dt: f64) -> Result<Vec<ProjectionPlan>, NetworkError> {
    plan_with_edges(network, dt, None)
}

/// Plans the projections of the networks of runs side by side, which have the same edges and delays: they are planned once.
///
/// # Errors
///
/// The first mistake in one of the networks.
pub(crate) fn plan_side_by_side<'a>(
    networks: impl IntoIterator<Item = &'a Network>,
    dt: f64,
) -> Result<Vec<Vec<ProjectionPlan>>, NetworkError> {
    let mut plans: Vec<Vec<ProjectionPlan>> = Vec::new();
    for network in networks {
        plans.push(plan_with_edges(network, dt, plans.first().map(Vec::as_slice))?);
    }
    Ok(plans)
}

/// Plans all projections of a network, with the edges of the plans `alike` where there are some.
fn plan_with_edges(
    network: &Network,
    dt: f64,
    alike: Option<&[ProjectionPlan]>,
) -> Result<Vec<ProjectionPlan>, NetworkError> {
    network.check()?;
    let mut plans: Vec<ProjectionPlan> = Vec::new();
    for (index, projection) in network.projections.iter().enumerate() {
        let edges = alike.map(|plans| Arc::clone(&plans[index].edges));
        let planner = Planner { network, projection, label: label(network, projection) };
        let plan = planner.plan(index, dt, edges)?;
        if plans.iter().any(|other| other.name == plan.name) {
            return Err(NetworkError::NameTwice { name: plan.name });
        }
        plans.push(plan);
    }
    Ok(plans)
}

/// The words for a projection: `cortex.E -> thalamus.E_inp`. A question mark stands for an end that was not given and that the model does not
/// choose itself.
fn label(network: &Network, projection: &Projection) -> String {
    let end = |end: &End, default: &dyn Fn(&Group) -> Option<Text>| {
        let group = network.groups.iter().find(|group| group.name == end.group);
        let what = end.what.clone().or_else(|| group.and_then(default).map(String::from));
        let what = what.unwrap_or_else(|| "?".to_owned());
        if end.group.is_empty() { what } else { format!("{}.{what}", end.group) }
    };
    let output =
        |group: &Group| group.info().couples_from().map(|signal| group.info().signal_name(signal).clone());
    let input = |group: &Group| group.info().couples_to().map(|port| group.info().inputs[port].name.clone());
    format!("{} -> {}", end(&projection.source, &output), end(&projection.target, &input))
}

/// The source of the delays of edges.
enum EdgeDelays<'a> {
    /// One delay for all edges, ms.
    Common(f64),
    /// The delay of each edge, ms, `[target][source]`.
    Each(&'a Array2<f64>),
    /// The tract length of each edge over a speed, mm/ms.
    AtSpeed(f64),
}

impl EdgeDelays<'_> {
    /// Returns the delay of an edge, ms.
    fn of(&self, edge: &Edge) -> f64 {
        match self {
            Self::Common(delay) => *delay,
            Self::Each(delays) => delays[[edge.target, edge.source]],
            Self::AtSpeed(speed) => edge.length / speed,
        }
    }
}

/// A projection while its plan is made.
struct Planner<'a> {
    network: &'a Network,
    projection: &'a Projection,
    label: String,
}

impl Planner<'_> {
    /// Makes the plan of the network's `index`-th projection, with the `edges` of a projection like it where they are given.
    fn plan(
        self,
        index: usize,
        dt: f64,
        edges: Option<Arc<PlannedEdges>>,
    ) -> Result<ProjectionPlan, NetworkError> {
        let (source_group, target_group) =
            (self.group(&self.projection.source.group)?, self.group(&self.projection.target.group)?);
        let (source, target) = (&self.network.groups[source_group], &self.network.groups[target_group]);
        let rule = self.rule(target.nodes())?;
        let signal = match &self.projection.source.what {
            Some(name) => self.signal(source, name)?,
            None => self.missing("say which signal it reads: `from(group, signal)`")?,
        };
        let receiving = match rule.form() {
            Form::Linear | Form::Source => None,
            Form::Difference | Form::Pair => {
                let name = self.projection.receiving.as_deref().unwrap_or(source.info().signal_name(signal));
                Some(self.signal(target, name)?)
            }
        };
        let edges = match edges {
            Some(edges) => edges,
            None => {
                let (within, shape) = (source_group == target_group, (target.nodes(), source.nodes()));
                Arc::new(self.edges(rule.as_ref(), within, shape, dt)?)
            }
        };
        let name = self.projection.name_at(index);
        let port = self.port(target)?;
        let label = self.label;
        Ok(ProjectionPlan { name, source_group, signal, target_group, port, receiving, rule, edges, label })
    }

    /// Returns the error of something that was not given.
    fn missing<T>(&self, missing: &'static str) -> Result<T, NetworkError> {
        Err(NetworkError::Missing { projection: self.label.clone(), missing })
    }

    /// Returns the error of a name that is not there.
    fn unknown(&self, what: &'static str, given: &str, of: String, hint: String) -> NetworkError {
        NetworkError::Unknown { projection: self.label.clone(), what, given: given.to_owned(), of, hint }
    }

    /// Finds a group by its name.
    fn group(&self, name: &str) -> Result<usize, NetworkError> {
        let groups = &self.network.groups;
        if name.is_empty() && groups.iter().all(|group| !group.name.is_empty()) {
            return self.missing("say where it goes: `to(group, port)`");
        }
        groups.iter().position(|group| group.name == name).ok_or_else(|| {
            let known = groups.iter().map(|group| group.name.as_str());
            self.unknown("group", name, "the network".to_owned(), suggestion(name, "groups", known))
        })
    }

    /// Finds a state or observable of a group by its name.
    fn signal(&self, group: &Group, name: &str) -> Result<Signal, NetworkError> {
        let info = group.info();
        info.signal(name).ok_or_else(|| {
            let hint = suggestion(name, "states and observables", info.signal_names());
            self.unknown("state or observable", name, info.name.to_string(), hint)
        })
    }

    /// Finds the port that is fed: the one given, or the model's own choice.
    fn port(&self, group: &Group) -> Result<usize, NetworkError> {
        let info = group.info();
        let Some(name) = &self.projection.target.what else {
            return match info.couples_to() {
                Some(port) => Ok(port),
                None => self.missing("the model has no input that could be fed"),
            };
        };
        info.input(name).ok_or_else(|| {
            let hint = suggestion(name, "inputs", info.inputs.iter().map(|input| &input.name));
            self.unknown("input", name, info.name.to_string(), hint)
        })
    }

    /// Checks the rule and its parameters against the number of targets.
    fn rule(&self, targets: usize) -> Result<Box<dyn AnyRule>, NetworkError> {
        let projection = || self.label.clone();
        if let Some((name, rule, hint)) = &self.projection.unknown_parameter {
            return Err(self.unknown("parameter", name, rule.to_string(), hint.clone()));
        }
        let Some(rule) = self.projection.rule.clone() else {
            return self.missing("say by which rule the nodes are coupled: `rule(..)`");
        };
        rule.settings().check().map_err(|error| NetworkError::Rule { projection: projection(), error })?;
        for (index, parameter) in rule.info().parameters.iter().enumerate() {
            let given = rule.settings().values(index).len();
            if given != 1 && given != targets {
                return Err(NetworkError::RuleLength {
                    projection: projection(),
                    parameter: parameter.name.clone(),
                    given,
                    targets,
                });
            }
        }
        Ok(rule)
    }

    /// Makes the edges between nodes: those of the wiring, or those of its graph Laplacian where the rule is one of it. `within` says that source
    /// and target are one group, and `shape` are the numbers of targets and sources.
    fn edges(
        &self,
        rule: &dyn AnyRule,
        within: bool,
        shape: (usize, usize),
        dt: f64,
    ) -> Result<PlannedEdges, NetworkError> {
        let Some(wiring) = &self.projection.wiring else {
            return self.missing("it has no weights; give them with `weights(..)`");
        };
        self.check_shape("weights", wiring.shape, shape)?;
        let delays = self.delays(shape)?;
        let keep_own = self.projection.self_connections || !within;
        let is_kept = |edge: &Edge| keep_own || edge.target != edge.source;
        let mut planned = PlannedEdges::with_capacity(wiring.edges.len());
        if rule.laplacian() {
            if !within {
                return Err(NetworkError::LaplacianBetween { projection: self.label.clone() });
            }
            let epsilon = self.projection.epsilon.unwrap_or(DEFAULT_EPS);
            if epsilon.is_nan() || epsilon <= 0.0 {
                return self.scalar("epsilon", epsilon.to_string(), "a number above 0 is needed");
            }
            let form = self.projection.normalize.unwrap_or_default();
            if let Some(edge) = wiring.edges.iter().find(|edge| !is_valid(edge, shape)) {
                return self.wrong_edge(edge, shape);
            }
            let edges: Vec<Edge> = wiring.edges.iter().filter(|edge| is_kept(edge)).copied().collect();
            // The diagonal is what flows off the node itself: it does not travel.
            for edge in &laplacian_edges(&edges, shape.0, form, epsilon) {
                let delay = if edge.target == edge.source { 0.0 } else { delays.of(edge) };
                planned.push(self.planned(edge, edge.weight, delay, dt)?);
            }
        } else if self.projection.normalize.is_some() {
            let rule = rule.info().name.clone();
            return Err(NetworkError::NotLaplacian { projection: self.label.clone(), rule });
        } else {
            for edge in &wiring.edges {
                if !is_valid(edge, shape) {
                    return self.wrong_edge(edge, shape);
                }
                if !is_kept(edge) {
                    continue;
                }
                let weight = rule.weight(edge.weight).0;
                if !weight.is_finite() {
                    let what = "weight, as the rule takes it,";
                    return self.number(what, edge, weight, "a finite number is needed");
                }
                planned.push(self.planned(edge, weight, delays.of(edge), dt)?);
            }
        }
        Ok(planned)
    }

    /// Counts the delay of an edge, ms, in steps.
    #[inline]
    fn planned(&self, edge: &Edge, weight: f64, delay: f64, dt: f64) -> Result<PlannedEdge, NetworkError> {
        let Some(steps) = steps::count(delay, dt) else {
            let limit = "fewer than 2^48 steps are needed: use a larger dt or a shorter delay";
            return self.number("delay", edge, delay, limit);
        };
        Ok(PlannedEdge { target: edge.target, source: edge.source, weight, steps: steps.covering() })
    }

    /// Reports an array of another shape than `(targets, sources)`.
    fn check_shape(
        &self,
        what: &'static str,
        given: (usize, usize),
        needed: (usize, usize),
    ) -> Result<(), NetworkError> {
        if given == needed {
            return Ok(());
        }
        let ((rows, columns), (targets, sources)) = (given, needed);
        Err(NetworkError::Shape { projection: self.label.clone(), what, rows, columns, targets, sources })
    }

    /// Returns the error of an edge that is not valid.
    #[cold]
    fn wrong_edge<T>(&self, edge: &Edge, (targets, sources): (usize, usize)) -> Result<T, NetworkError> {
        if edge.target >= targets || edge.source >= sources {
            let (target, source_node) = (edge.target, edge.source);
            let projection = self.label.clone();
            return Err(NetworkError::Node { projection, target, source_node, targets, sources });
        }
        if !edge.weight.is_finite() {
            return self.number("weight", edge, edge.weight, "a finite number is needed");
        }
        self.number("tract length", edge, edge.length, NOT_NEGATIVE)
    }

    /// Chooses how the delay of an edge is found: explicit delays, tract length over speed, or none.
    fn delays(&self, shape: (usize, usize)) -> Result<EdgeDelays<'_>, NetworkError> {
        let lengths = self.projection.wiring.as_ref().and_then(|wiring| wiring.lengths);
        if let Some(lengths) = lengths {
            self.check_shape("tract lengths", lengths, shape)?;
        }
        let speed = match (self.projection.delays.as_deref(), &self.projection.speed) {
            (Some(_), Some(_)) => {
                return Err(NetworkError::DelaysAndSpeed { projection: self.label.clone() });
            }
            (None, None) => return Ok(EdgeDelays::Common(0.0)),
            (Some(Delays::Common(delay)), None) => {
                return match delay.ms() {
                    Ok(ms) if ms >= 0.0 && ms.is_finite() => Ok(EdgeDelays::Common(ms)),
                    Ok(ms) => self.scalar("delay", format!("{ms} ms"), NOT_NEGATIVE),
                    Err(quantity) => self.scalar("delay", quantity.to_string(), "a time is needed"),
                };
            }
            (Some(Delays::Each(delays)), None) => {
                self.check_shape("delays", delays.dim(), shape)?;
                let wrong = |delay: &f64| !delay.is_finite() || *delay < 0.0;
                return match delays.indexed_iter().find(|(_, delay)| wrong(delay)) {
                    Some(((target, source), &given)) => {
                        let edge = Edge { target, source, weight: 0.0, length: 0.0 };
                        self.number("delay", &edge, given, NOT_NEGATIVE)
                    }
                    None => Ok(EdgeDelays::Each(delays)),
                };
            }
            (None, Some(speed)) => speed,
        };
        if lengths.is_none() {
            return self.missing(
                "it has a speed, but no tract lengths; give weights and lengths together, or explicit delays",
            );
        }
        match &speed.0 {
            Ok(speed) if *speed > 0.0 && speed.is_finite() => Ok(EdgeDelays::AtSpeed(*speed)),
            Ok(speed) => self.scalar("speed", format!("{speed} mm/ms"), "a finite number above 0 is needed"),
            Err(quantity) => {
                self.scalar("speed", quantity.to_string(), "a speed is needed, as in mm/ms or m/s")
            }
        }
    }

    /// Returns the error of a number of the projection that cannot be one.
    fn scalar<T>(
        &self,
        what: &'static str,
        given: String,
        expected: &'static str,
    ) -> Result<T, NetworkError> {
        Err(NetworkError::Scalar { projection: self.label.clone(), what, given, expected })
    }

    /// Returns the error of a number of an edge that cannot be one.
    #[cold]
    fn number<T>(
        &self,
        what: &'static str,
        edge: &Edge,
        given: f64,
        expected: &'static str,
    ) -> Result<T, NetworkError> {
        let Edge { target, source: source_node, .. } = *edge;
        let projection = self.label.clone();
        Err(NetworkError::Number { projection, what, target, source_node, given, expected })
    }
}

/// Whether an edge is between nodes that are there, `shape` being the numbers of targets and sources, and has numbers that can be its own.
fn is_valid(edge: &Edge, (targets, sources): (usize, usize)) -> bool {
    edge.target < targets
        && edge.source < sources
        && edge.weight.is_finite()
        && edge.length.is_finite()
        && edge.length >= 0.0
}

/// The words for numbers such as delays and lengths.
const NOT_NEGATIVE: &str = "a finite number, not below 0, is needed";

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use brainmass_rules::Diffusive;
    use brainmass_zoo::HopfStep;

    fn network(k: f64) -> Network {
        let network = Network::new(HopfStep::new(2), array![[0.0, 2.0], [-1.0, 0.0]]);
        network.coupling(Diffusive::new(), "x").k(k).delays(0.25)
    }

    #[test]
    fn runs_side_by_side_share_their_edges_and_keep_their_rules() {
        let networks = [network(0.5), network(0.7)];
        let plans = plan_side_by_side(&networks, 0.1).unwrap();
        let [one, other] = [&plans[0][0], &plans[1][0]];
        assert!(Arc::ptr_eq(&one.edges, &other.edges));
        assert_eq!((one.edges.len(), one.edges.longest(), one.edges.instant()), (2, 3, 0));
        assert_eq!([one.rule.settings().values(0), other.rule.settings().values(0)], [[0.5], [0.7]]);
    }

    #[test]
    fn a_mistake_in_the_rule_of_any_run_is_found() {
        let networks = [network(0.5), network(f64::NAN)];
        assert!(plan_side_by_side(&networks, 0.1).is_err());
    }
}
