//! Plans of projections: their names and arrays resolved to edges between nodes, with delays in steps.

use brainmass_spec::problem::suggestion;

use crate::network::projection::End;
use crate::network::{Delays, Edge, Group, Network, NetworkError, Projection};
use crate::runtime::edges::laplacian::laplacian_edges;
use crate::runtime::edges::planned_edge::{PlannedEdge, longest_delay};
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
    /// The edges in the order of their targets, and of sources within a target.
    pub edges: Vec<PlannedEdge>,
}

impl ProjectionPlan {
    /// The longest delay, in steps.
    pub fn longest(&self) -> usize {
        longest_delay(&self.edges)
    }
}

/// Plans all projections of a network, for a time step in ms.
///
/// # Errors
///
/// The first mistake in the network or one of its projections.
pub(crate) fn plan_projections(network: &Network, dt: f64) -> Result<Vec<ProjectionPlan>, NetworkError> {
    network.check()?;
    let mut plans: Vec<ProjectionPlan> = Vec::new();
    for (index, projection) in network.projections.iter().enumerate() {
        let plan = Planner { network, projection, label: label(network, projection) }.plan(index, dt)?;
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

/// A function that gives the delay of an edge, ms.
type DelayOf<'a> = Box<dyn Fn(&Edge) -> f64 + 'a>;

/// A projection while its plan is made.
struct Planner<'a> {
    network: &'a Network,
    projection: &'a Projection,
    label: String,
}

impl Planner<'_> {
    /// Makes the plan of the network's `index`-th projection.
    fn plan(self, index: usize, dt: f64) -> Result<ProjectionPlan, NetworkError> {
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
        let edges =
            self.edges(rule.as_ref(), source_group == target_group, source.nodes(), target.nodes(), dt)?;
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
    /// and target are one group.
    fn edges(
        &self,
        rule: &dyn AnyRule,
        within: bool,
        sources: usize,
        targets: usize,
        dt: f64,
    ) -> Result<Vec<PlannedEdge>, NetworkError> {
        let Some(wiring) = &self.projection.wiring else {
            return self.missing("it has no weights; give them with `weights(..)`");
        };
        self.check_shape("weights", wiring.shape, (targets, sources))?;
        let delays = self.delays((targets, sources))?;
        let keep_own = self.projection.self_connections || !within;
        let is_kept = |edge: &Edge| keep_own || edge.target != edge.source;
        let planned = |edge: &Edge, delay: f64| {
            let (target, source) = (edge.target, edge.source);
            match steps::count(delay, dt) {
                Some(steps) => {
                    Ok(PlannedEdge { target, source, weight: edge.weight, steps: steps.covering() })
                }
                None => self.number(
                    "delay",
                    target,
                    source,
                    delay,
                    "fewer than 2^48 steps are needed: use a larger dt or a shorter delay",
                ),
            }
        };
        let mut planned_edges = Vec::with_capacity(wiring.edges.len());
        if rule.laplacian() {
            if !within {
                return Err(NetworkError::LaplacianBetween { projection: self.label.clone() });
            }
            let epsilon = self.projection.epsilon.unwrap_or(DEFAULT_EPS);
            if epsilon.is_nan() || epsilon <= 0.0 {
                return self.scalar("epsilon", epsilon.to_string(), "a number above 0 is needed");
            }
            let form = self.projection.normalize.unwrap_or_default();
            wiring.edges.iter().try_for_each(|edge| self.check_edge(edge, (targets, sources)))?;
            let edges: Vec<Edge> = wiring.edges.iter().filter(|edge| is_kept(edge)).copied().collect();
            // The diagonal is what flows off the node itself: it does not travel.
            for edge in &laplacian_edges(&edges, targets, form, epsilon) {
                let delay = if edge.target == edge.source { 0.0 } else { delays(edge) };
                planned_edges.push(planned(edge, delay)?);
            }
        } else if self.projection.normalize.is_some() {
            let rule = rule.info().name.clone();
            return Err(NetworkError::NotLaplacian { projection: self.label.clone(), rule });
        } else {
            for edge in &wiring.edges {
                self.check_edge(edge, (targets, sources))?;
                if !is_kept(edge) {
                    continue;
                }
                let weight = rule.weight(edge.weight).0;
                if !weight.is_finite() {
                    return self.number(
                        "weight, as the rule takes it,",
                        edge.target,
                        edge.source,
                        weight,
                        "a finite number is needed",
                    );
                }
                planned_edges.push(planned(&Edge { weight, ..*edge }, delays(edge))?);
            }
        }
        Ok(planned_edges)
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

    /// Reports an edge of a node that is not there, or with a number that cannot be one.
    fn check_edge(&self, edge: &Edge, (targets, sources): (usize, usize)) -> Result<(), NetworkError> {
        if edge.target >= targets || edge.source >= sources {
            let (target, source_node) = (edge.target, edge.source);
            return Err(NetworkError::Node {
                projection: self.label.clone(),
                target,
                source_node,
                targets,
                sources,
            });
        }
        if !edge.weight.is_finite() {
            return self.number("weight", edge.target, edge.source, edge.weight, "a finite number is needed");
        }
        if !edge.length.is_finite() || edge.length < 0.0 {
            return self.number("tract length", edge.target, edge.source, edge.length, NOT_NEGATIVE);
        }
        Ok(())
    }

    /// Chooses how the delay of an edge is found: explicit delays, tract length over speed, or none.
    fn delays(&self, shape: (usize, usize)) -> Result<DelayOf<'_>, NetworkError> {
        let lengths = self.projection.wiring.as_ref().and_then(|wiring| wiring.lengths);
        if let Some(lengths) = lengths {
            self.check_shape("tract lengths", lengths, shape)?;
        }
        let speed = match (&self.projection.delays, &self.projection.speed) {
            (Some(_), Some(_)) => {
                return Err(NetworkError::DelaysAndSpeed { projection: self.label.clone() });
            }
            (None, None) => return Ok(Box::new(|_| 0.0)),
            (Some(Delays::Common(delay)), None) => {
                return match delay.ms() {
                    Ok(ms) if ms >= 0.0 && ms.is_finite() => Ok(Box::new(move |_| ms)),
                    Ok(ms) => self.scalar("delay", format!("{ms} ms"), NOT_NEGATIVE),
                    Err(quantity) => self.scalar("delay", quantity.to_string(), "a time is needed"),
                };
            }
            (Some(Delays::Each(delays)), None) => {
                self.check_shape("delays", delays.dim(), shape)?;
                let wrong = |delay: &f64| !delay.is_finite() || *delay < 0.0;
                return match delays.indexed_iter().find(|(_, delay)| wrong(delay)) {
                    Some(((target, source), &given)) => {
                        self.number("delay", target, source, given, NOT_NEGATIVE)
                    }
                    None => Ok(Box::new(|edge| delays[[edge.target, edge.source]])),
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
            Ok(speed) if *speed > 0.0 && speed.is_finite() => Ok(Box::new(move |edge| edge.length / speed)),
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
    fn number<T>(
        &self,
        what: &'static str,
        target: usize,
        source_node: usize,
        given: f64,
        expected: &'static str,
    ) -> Result<T, NetworkError> {
        Err(NetworkError::Number {
            projection: self.label.clone(),
            what,
            target,
            source_node,
            given,
            expected,
        })
    }
}

/// The words for numbers such as delays and lengths.
const NOT_NEGATIVE: &str = "a finite number, not below 0, is needed";
