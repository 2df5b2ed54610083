//! The variables that a gradient is by: names resolved, and the places where their adjoints are found.

use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::Values;
use brainmass_spec::problem::suggestion;

use crate::gradient::error::GradientError;
use crate::gradient::reverse::edges::EdgeAdjoints;
use crate::gradient::reverse::nodes::NodeAdjoints;
use crate::gradient::settings::refuse_delay;
use crate::network::{Input, Network, Setting, SettingError};
use crate::runtime::Nodes;
use crate::simulator::Simulator;

/// A variable that a gradient is by.
#[derive(Debug)]
pub(crate) enum Wanted {
    Setting(Setting),
    Input(InputAdjoints),
}

/// The adjoints of the values that drive a port, in the shape in which they were given.
#[derive(Debug)]
pub(crate) struct InputAdjoints {
    pub group: usize,
    pub port: usize,
    /// The number of steps that a row is held for; `None` where there is one row for all steps.
    hold: Option<usize>,
    /// The number of values of a row: one, or one a node.
    width: usize,
    /// Whether noise has been added to it.
    noisy: bool,
    values: Vec<f64>,
}

/// Resolves the names that a gradient of a run of so many steps is by.
///
/// # Errors
///
/// A name is given twice, is not there, or stands for a delay, or there are more inputs than the memory holds.
pub(crate) fn resolve<S: AsRef<str>>(
    simulator: &Simulator,
    names: &[S],
    steps: usize,
) -> Result<Vec<Wanted>, GradientError> {
    let mut wanted = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let name = name.as_ref();
        if names[..index].iter().any(|other| other.as_ref() == name) {
            return Err(GradientError::Twice { name: name.to_owned() });
        }
        wanted.push(resolve_name(simulator, name, steps)?);
    }
    Ok(wanted)
}

fn resolve_name(simulator: &Simulator, name: &str, steps: usize) -> Result<Wanted, GradientError> {
    let network = &simulator.network;
    match network.setting(name) {
        Ok(setting) => {
            refuse_delay(network, name, setting)?;
            Ok(Wanted::Setting(setting))
        }
        Err(SettingError::Unknown { given, .. }) => match simulator.names().find(name, ModelInfo::input) {
            Some((group, port)) => {
                Ok(Wanted::Input(InputAdjoints::new(simulator, name, (group, port), steps)?))
            }
            None => {
                let known = simulator.setting_names();
                let hint = suggestion(&given, "settings and inputs", known.iter().map(String::as_str));
                Err(GradientError::Setting(SettingError::Unknown { given, hint }))
            }
        },
        Err(other) => Err(other.into()),
    }
}

impl Wanted {
    /// The number of values of the variable.
    pub fn len(&self, network: &Network, name: &str) -> usize {
        match self {
            Self::Setting(_) => network.get(name).map_or(0, |values| values.len()),
            Self::Input(input) => input.values.len(),
        }
    }

    /// Takes the gradient by the variable out of the adjoints, when those of all steps are complete.
    pub fn gradient(
        self,
        network: &Network,
        name: &str,
        nodes: &[NodeAdjoints],
        edges: &EdgeAdjoints,
    ) -> Vec<f64> {
        let one_for_all = self.len(network, name) == 1;
        let values = match self {
            Self::Setting(Setting::Parameter { group, index }) => nodes[group].parameter(index).to_vec(),
            Self::Setting(Setting::Initial { group, index }) => nodes[group].state(index).to_vec(),
            Self::Setting(Setting::Noise { group, index }) => {
                nodes[group].intensity(index).unwrap_or_default().to_vec()
            }
            Self::Setting(Setting::Rule { projection, index }) => edges.rule(projection, index).to_vec(),
            Self::Setting(Setting::Weights { projection }) => return edges.weights(network, projection),
            Self::Setting(Setting::Speed { .. }) => Vec::new(),
            Self::Input(input) => return input.values,
        };
        if one_for_all { vec![values.iter().sum()] } else { values }
    }
}

impl InputAdjoints {
    fn new(
        simulator: &Simulator,
        name: &str,
        (group, port): (usize, usize),
        steps: usize,
    ) -> Result<Self, GradientError> {
        let nodes = simulator.network.groups[group].nodes();
        let given = simulator.inputs.iter().find(|(given, _)| given == name).map(|(_, input)| input);
        let (rows, width, hold) = match given {
            Some(Input::Constant(values)) => {
                let one = matches!(values, Values::Scalar(_) | Values::Quantity(_));
                (1, if one { 1 } else { nodes }, None)
            }
            Some(Input::Series { rows, hold }) => (rows.nrows(), rows.ncols(), Some(*hold)),
            // A computed or drawn input, or none: each step and node is a variable of its own.
            _ => (steps, nodes, Some(1)),
        };
        simulator.check_gradient_of_input(name, rows, width)?;
        let noisy = simulator.noises.iter().any(|(noisy, _)| noisy == name);
        Ok(Self { group, port, hold, width, noisy, values: vec![0.0; rows * width] })
    }

    /// Adds the adjoints of the port in a step.
    pub fn take(&mut self, step: usize, adjoints: &[f64]) {
        let row = self.hold.map_or(0, |hold| step / hold);
        let values = &mut self.values[row * self.width..(row + 1) * self.width];
        for (node, adjoint) in adjoints.iter().enumerate() {
            values[if self.width == 1 { 0 } else { node }] += adjoint;
        }
    }

    /// Whether the port has its value at t = 0 already.
    pub fn is_constant(&self) -> bool {
        self.hold.is_none() && !self.noisy
    }

    /// Whether the model's own interaction takes the place of the values that are given to the port.
    pub fn is_overwritten(&self, nodes: &Nodes) -> bool {
        nodes.inner_coupling().is_some_and(|coupled| coupled.port == self.port)
    }
}
