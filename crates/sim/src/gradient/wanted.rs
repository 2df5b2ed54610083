//! What a gradient is by: names resolved, and where their adjoints are found.

use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::Values;
use brainmass_spec::problem::suggestion;

use crate::gradient::error::GradientError;
use crate::gradient::reverse::edges::EdgesBack;
use crate::gradient::reverse::nodes::NodesBack;
use crate::network::{Input, Network, Setting, SettingError};
use crate::runtime::Nodes;
use crate::simulator::Simulator;

/// Something that a gradient is by.
#[derive(Debug)]
pub(crate) enum Wanted {
    Setting(Setting),
    Input(InputBack),
}

/// Adjoints of what drives a port, in the shape in which it was given.
#[derive(Debug)]
pub(crate) struct InputBack {
    pub group: usize,
    pub port: usize,
    /// Steps that a row is held for; `None` where there is one row for all steps.
    hold: Option<usize>,
    /// Values of a row: one, or one a node.
    width: usize,
    /// Whether noise has been added to it.
    noisy: bool,
    values: Vec<f64>,
}

/// Resolves names.
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
        wanted.push(one(simulator, name, steps)?);
    }
    Ok(wanted)
}

fn one(simulator: &Simulator, name: &str, steps: usize) -> Result<Wanted, GradientError> {
    let network = &simulator.network;
    match network.setting(name) {
        Ok(setting) => {
            refuse_delay(network, name, setting)?;
            Ok(Wanted::Setting(setting))
        }
        Err(SettingError::Unknown { given, .. }) => match simulator.names().find(name, ModelInfo::input) {
            Some((group, port)) => Ok(Wanted::Input(InputBack::new(simulator, name, group, port, steps))),
            None => {
                let known = simulator.setting_names();
                let hint = suggestion(&given, "settings and inputs", known.iter().map(String::as_str));
                Err(GradientError::Setting(SettingError::Unknown { given, hint }))
            }
        },
        Err(other) => Err(other.into()),
    }
}

/// Reports a setting that is a delay, or makes delays.
pub(crate) fn refuse_delay(network: &Network, name: &str, setting: Setting) -> Result<(), GradientError> {
    let is_delay = match setting {
        Setting::Speed { .. } => true,
        Setting::Parameter { group, index } => {
            network.groups[group].info().delays.iter().any(|delayed| delayed.duration == index)
        }
        _ => false,
    };
    if is_delay { Err(GradientError::Delay { name: name.to_owned() }) } else { Ok(()) }
}

impl Wanted {
    /// The number of values.
    pub fn len(&self, network: &Network, name: &str) -> usize {
        match self {
            Self::Setting(_) => network.get(name).map_or(0, |values| values.len()),
            Self::Input(input) => input.values.len(),
        }
    }

    /// The gradient, when all steps have been taken back.
    pub fn gradient(
        self,
        network: &Network,
        name: &str,
        groups: &[NodesBack],
        couplings: &EdgesBack,
    ) -> Vec<f64> {
        let one_for_all = self.len(network, name) == 1;
        let values = match self {
            Self::Setting(Setting::Parameter { group, index }) => groups[group].parameter(index).to_vec(),
            Self::Setting(Setting::Initial { group, index }) => groups[group].state(index).to_vec(),
            Self::Setting(Setting::Noise { group, index }) => {
                groups[group].intensity(index).unwrap_or_default().to_vec()
            }
            Self::Setting(Setting::Rule { projection, index }) => couplings.rule(projection, index).to_vec(),
            Self::Setting(Setting::Weights { projection }) => {
                return couplings.weights(network, projection);
            }
            Self::Setting(Setting::Speed { .. }) => Vec::new(),
            Self::Input(input) => return input.values,
        };
        if one_for_all { vec![values.iter().sum()] } else { values }
    }
}

impl InputBack {
    fn new(simulator: &Simulator, name: &str, group: usize, port: usize, steps: usize) -> Self {
        let nodes = simulator.network.groups[group].nodes();
        let given = simulator.inputs.iter().find(|(given, _)| given == name).map(|(_, input)| input);
        let (rows, width, hold) = match given {
            Some(Input::Constant(values)) => {
                let one = matches!(values, Values::Scalar(_) | Values::Quantity(_));
                (1, if one { 1 } else { nodes }, None)
            }
            Some(Input::Series { rows, hold }) => (rows.nrows(), rows.ncols(), Some(*hold)),
            // Computed, drawn, or nothing: each step and node by itself.
            _ => (steps, nodes, Some(1)),
        };
        let noisy = simulator.noises.iter().any(|(noisy, _)| noisy == name);
        Self { group, port, hold, width, noisy, values: vec![0.0; rows * width] }
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

    /// Whether the model's own interaction takes the place of what is given to the port.
    pub fn is_overwritten(&self, group: &Nodes) -> bool {
        group.coupled().is_some_and(|coupled| coupled.port == self.port)
    }
}
