//! The numbers of networks that a linear theory is for: nodes of one model, coupled by one rule, with inputs that do not change.

use thiserror::Error;

use super::builder::Simulator;
use crate::network::{Input, NetworkError};
use crate::runtime::RunError;
use crate::runtime::edges::plan::plan_projections;
use crate::runtime::time::positive;
use brainmass_core::coupling::AnyRule;
use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::ValuesError;
use brainmass_core::shared::Shared;

/// The numbers of a network of nodes of one model, coupled by one rule, whose inputs do not change: a list for each node, in declared units.
#[derive(Debug, Clone)]
pub struct UniformNetwork {
    /// The description of the model.
    pub model: Shared<ModelInfo>,
    /// The rule.
    pub rule: Box<dyn AnyRule>,
    /// The names of the signal that is sent, of the one that the rule sees of the receiver, and of the port that is fed.
    pub ends: [String; 3],
    /// The parameters of each node, in the order of the model.
    pub parameters: Vec<Vec<f64>>,
    /// The constants that drive the ports of each node, in the order of the model.
    pub inputs: Vec<Vec<f64>>,
    /// The intensity of the white noise on each state of each node, in its unit per sqrt(ms).
    pub sigma: Vec<Vec<f64>>,
    /// The initial states of each node.
    pub initial: Vec<Vec<f64>>,
    /// The parameters of the rule for each receiving node, in the order of the rule.
    pub of_rule: Vec<Vec<f64>>,
    /// The connections, each with its target, its source, its weight and its delay in ms: that of a run, in whole steps.
    pub edges: Vec<(usize, usize, f64, f64)>,
}

/// Why a simulation is not one of a network of one model with constant inputs.
#[derive(Debug, Error)]
pub enum NotUniform {
    /// Several groups of nodes.
    #[error("the network has {count} groups of nodes; one is needed")]
    Groups {
        /// The number of groups.
        count: usize,
    },
    /// No projection, or several.
    #[error("the network has {count} projections; one is needed")]
    Projections {
        /// The number of projections.
        count: usize,
    },
    /// Nodes that interact inside the model.
    #[error(
        "the nodes of `{model}` interact inside the model; only networks whose nodes are coupled by a rule are known here"
    )]
    Interaction {
        /// The model.
        model: String,
    },
    /// An input that changes over time.
    #[error(
        "the input `{port}` changes over time or is noise; constants are needed, and white noise on states in place of noise on ports"
    )]
    Input {
        /// The port.
        port: String,
    },
    /// A constant that cannot be taken.
    #[error("the input `{port}` {error}")]
    Constant {
        /// The port.
        port: String,
        /// The reason why it cannot be taken.
        error: ValuesError,
    },
    /// A mistake in the network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A mistake in the time step.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Simulator {
    /// Returns the numbers of the network, if it is of nodes of one model that are coupled by one rule and whose inputs do not change.
    ///
    /// # Errors
    ///
    /// The network is another one, or has a mistake.
    pub fn uniform(&self) -> Result<UniformNetwork, NotUniform> {
        let dt = positive("dt", self.time_step()?)?;
        let mut plans = plan_projections(&self.network, dt)?;
        let [group] = &self.network.groups[..] else {
            return Err(NotUniform::Groups { count: self.network.groups.len() });
        };
        let count = plans.len();
        let plan = match plans.pop() {
            Some(plan) if count == 1 => plan,
            _ => return Err(NotUniform::Projections { count }),
        };
        let population = group.model.population();
        population.check().map_err(RunError::from)?;
        let (info, nodes) = (population.info(), population.nodes());
        if group.model.interaction().is_some() {
            return Err(NotUniform::Interaction { model: info.name.to_string() });
        }
        let each = |count: usize, value: &dyn Fn(usize, usize) -> f64| -> Vec<Vec<f64>> {
            (0..nodes).map(|node| (0..count).map(|index| value(index, node)).collect()).collect()
        };
        let states = info.states.len();
        let of_rule = |index: usize, node: usize| {
            let values = plan.rule.settings().values(index);
            values.get(node).or(values.first()).copied().unwrap_or_default()
        };
        let signal = info.signal_name(plan.signal).to_string();
        let received = plan.receiving.map_or_else(|| signal.clone(), |own| info.signal_name(own).to_string());
        Ok(UniformNetwork {
            model: population.shared_info(),
            ends: [signal, received, info.inputs[plan.port].name.to_string()],
            parameters: each(info.parameters.len(), &|index, node| population.parameter_at(index, node)),
            inputs: self.constants(info, nodes)?,
            sigma: each(states, &|index, node| {
                if population.has_noise(index) { population.noise_at(index, node) } else { 0.0 }
            }),
            initial: each(states, &|index, node| population.initial_at(index, node)),
            of_rule: each(plan.rule.info().parameters.len(), &of_rule),
            edges: plan
                .edges
                .iter()
                .map(|edge| (edge.target, edge.source, edge.weight, edge.steps as f64 * dt))
                .collect(),
            rule: plan.rule,
        })
    }

    /// The constants that drive the ports of each node of the only group.
    fn constants(&self, info: &ModelInfo, nodes: usize) -> Result<Vec<Vec<f64>>, NotUniform> {
        let mut all = vec![vec![0.0; info.inputs.len()]; nodes];
        let names = self.names();
        for (port, input) in info.inputs.iter().enumerate() {
            let is_it =
                |name: &str| names.find(name, ModelInfo::input).is_some_and(|(_, found)| found == port);
            let given = self.inputs.iter().find(|(name, _)| is_it(name)).map(|(_, input)| input);
            let changes = || NotUniform::Input { port: input.name.to_string() };
            if self.noises.iter().any(|(name, _)| is_it(name)) {
                return Err(changes());
            }
            match given {
                None if self.network.groups[0].model.population().input_noise(port).is_some() => {
                    return Err(changes());
                }
                None => {}
                Some(Input::Constant(values)) => {
                    let values = values
                        .per_node(&input.unit, nodes)
                        .map_err(|error| NotUniform::Constant { port: input.name.to_string(), error })?;
                    all.iter_mut().zip(values).for_each(|(inputs, value)| inputs[port] = value);
                }
                Some(_) => return Err(changes()),
            }
        }
        Ok(all)
    }
}
