//! Numbers of a simulation by name.

use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::Values;
use brainmass_spec::problem::suggestion;

use super::builder::Simulator;
use crate::network::{Input, Setting, SettingError};

impl Simulator {
    /// Sets a number by its name: any [`Setting`](crate::network::Setting) of the network, or an input port that does not change over time.
    /// The simulation stays as it was if the value cannot be taken.
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// let mut simulator = Simulator::new(JansenRitStep::new(1));
    /// simulator.set("E_inp", 200.0.hz())?;
    /// simulator.set("Ae", 3.5.mv())?;
    /// # Ok::<(), brainmass::network::SettingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A name that there is not; a value that cannot be taken; an input that changes over time.
    #[track_caller]
    pub fn set(&mut self, name: &str, values: impl Into<Values>) -> Result<(), SettingError> {
        if self.network.setting(name).is_ok() {
            return self.network.set(name, values);
        }
        self.check_setting(name)?;
        self.inputs.retain(|(port, _)| port != name);
        self.inputs.push((name.to_owned(), Input::Constant(values.into())));
        Ok(())
    }

    /// Finds the number of the network that a name stands for; input ports are none of these.
    ///
    /// # Errors
    ///
    /// Nothing in the network has that name.
    pub fn setting(&self, name: &str) -> Result<Setting, SettingError> {
        self.network.setting(name)
    }

    /// Checks that there is a number of this name that [`Simulator::set`] can set.
    ///
    /// # Errors
    ///
    /// A name that there is not; an input that changes over time.
    pub fn check_setting(&self, name: &str) -> Result<(), SettingError> {
        match self.network.setting(name) {
            Ok(_) => return Ok(()),
            Err(SettingError::Unknown { given, .. }) => {
                if self.names().find(name, ModelInfo::input).is_none() {
                    let known = self.setting_names();
                    let hint = suggestion(&given, "settings and inputs", known.iter().map(String::as_str));
                    return Err(SettingError::Unknown { given, hint });
                }
            }
            Err(other) => return Err(other),
        }
        let varies = |(port, input): &(String, Input)| port == name && !matches!(input, Input::Constant(_));
        if self.inputs.iter().any(varies) {
            return Err(SettingError::Values {
                name: name.to_owned(),
                given: "a constant is".to_owned(),
                expected: "the input changes over time, and only a constant input can be set".to_owned(),
            });
        }
        Ok(())
    }

    /// Returns the names of all numbers that [`Simulator::set`] knows: those of the network, and its input ports.
    pub fn setting_names(&self) -> Vec<String> {
        let names = self.names();
        let groups = self.network.groups.iter().enumerate();
        let inputs = groups.flat_map(|(group, nodes)| {
            let full = |port: &str| names.full(group, port);
            nodes.info().inputs.iter().map(|input| full(&input.name)).collect::<Vec<_>>()
        });
        self.network.setting_names().into_iter().chain(inputs).collect()
    }
}
