//! Numbers of a network by name, for what is known only when a program runs: experiment files, sweeps, fits, gradients.

use brainmass_spec::problem::suggestion;
use thiserror::Error;

use super::groups::Network;
use super::projection::Speed;
use super::wiring::{Edge, Wiring};
use brainmass_core::any::AnyModel;
use brainmass_core::coupling::RuleError;
use brainmass_core::population::PopulationError;
use brainmass_core::quantity::Values;

/// A number of a network that can be set by its name: one for all, or one a node or edge.
///
/// | name | what it is | values |
/// |---|---|---|
/// | `a` | a parameter of the model | one, or one a node |
/// | `init_x` | the initial value of state `x` | one, or one a node |
/// | `noise_x` | the intensity of the white noise on state `x`, in its unit per sqrt(ms) | one, or one a node |
/// | `coupling_input.k` | a parameter of the rule of a projection | one, or one a target node |
/// | `coupling_input.speed` | its conduction speed, mm/ms | one |
/// | `coupling_input.weights` | the weights of its edges, in the order of targets, and of sources within a target | one, or one an edge |
///
/// In a network of several groups, what belongs to a group is called `cortex.a`. Where there is only one projection, its name may be left
/// out: `k`, unless the model has a parameter `k` itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A parameter of a group's model.
    Parameter {
        /// The index of the group.
        group: usize,
        /// The index of the parameter.
        index: usize,
    },
    /// The initial value of a state.
    Initial {
        /// The index of the group.
        group: usize,
        /// The index of the state.
        index: usize,
    },
    /// The intensity of the white noise on a state.
    Noise {
        /// The index of the group.
        group: usize,
        /// The index of the state.
        index: usize,
    },
    /// A parameter of the rule of a projection.
    Rule {
        /// The index of the projection.
        projection: usize,
        /// The index of the parameter.
        index: usize,
    },
    /// The conduction speed of a projection.
    Speed {
        /// The index of the projection.
        projection: usize,
    },
    /// The weights of a projection's edges.
    Weights {
        /// The index of the projection.
        projection: usize,
    },
}

/// The reason why a number cannot be set or told.
#[derive(Clone, PartialEq, Error)]
pub enum SettingError {
    /// A name that the network does not have.
    #[error("there is nothing called `{given}` to be set: {hint}")]
    Unknown {
        /// The name given.
        given: String,
        /// The names that there are, or the nearest of them.
        hint: String,
    },
    /// A value that a model cannot take.
    #[error(transparent)]
    Population(#[from] PopulationError),
    /// A value that a rule cannot take.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Values of another number or kind than the name needs.
    #[error("`{name}`: {given} given; {expected}")]
    Values {
        /// The name.
        name: String,
        /// The values given, in words.
        given: String,
        /// The values that are allowed.
        expected: String,
    },
}

impl Network {
    /// Returns the names of all numbers that can be set, see [`Setting`].
    pub fn setting_names(&self) -> Vec<String> {
        self.settings().into_iter().map(|(name, _)| name).collect()
    }

    /// Finds the number that a name stands for.
    ///
    /// # Errors
    ///
    /// Nothing has that name.
    pub fn setting(&self, name: &str) -> Result<Setting, SettingError> {
        let all = self.settings();
        let found = all.iter().find(|(known, _)| known == name);
        found.map(|(_, setting)| *setting).ok_or_else(|| SettingError::Unknown {
            given: name.to_owned(),
            hint: suggestion(name, "settings", all.iter().map(|(known, _)| known.as_str())),
        })
    }

    /// Sets a number by its name. The network stays as it was if the value cannot be taken.
    ///
    /// ```
    /// use brainmass::datasets;
    /// use brainmass::prelude::*;
    /// use brainmass::zoo::coupling::Diffusive;
    ///
    /// let hopf = HopfStep::new(8);
    /// let mut network = Network::new(hopf, &datasets::synthetic_8()).coupling(Diffusive::new(), "x").speed(4.0);
    /// network.set("a", 0.1)?;
    /// network.set("k", 0.5)?;
    /// network.set("speed", 10.0.mm_per_ms())?;
    /// assert_eq!(network.get("k")?, [0.5]);
    /// # Ok::<(), brainmass::network::SettingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A name that there is not, or a value that cannot be taken.
    #[track_caller]
    pub fn set(&mut self, name: &str, values: impl Into<Values>) -> Result<(), SettingError> {
        let values = values.into();
        match self.setting(name)? {
            Setting::Parameter { group, index } => {
                let mut model = self.groups[group].model.clone();
                model.population_mut().set_parameter(index, values);
                self.replace(group, model)?;
            }
            Setting::Initial { group, index } => {
                let mut model = self.groups[group].model.clone();
                model.population_mut().set_initial(index, values);
                self.replace(group, model)?;
            }
            Setting::Noise { group, index } => {
                let mut model = self.groups[group].model.clone();
                model.population_mut().set_noise(index, values);
                self.replace(group, model)?;
            }
            Setting::Rule { projection, index } => {
                if let Some(rule) = &mut self.projections[projection].rule {
                    let mut changed = rule.clone();
                    changed.settings_mut().set(index, values);
                    changed.settings().check()?;
                    *rule = changed;
                }
            }
            Setting::Speed { projection } => {
                let speed = match values {
                    Values::Scalar(value) => Speed::from(value),
                    Values::Quantity(quantity) => Speed::from(quantity),
                    Values::PerNode(_) | Values::Quantities(_) => {
                        return Err(wrong(name, "several values are", "one speed is needed"));
                    }
                };
                self.projections[projection].speed = Some(speed);
            }
            Setting::Weights { projection } => self.set_weights(name, projection, &values)?,
        }
        Ok(())
    }

    /// Returns a number by its name: one value, or one a node or edge. The intensity of absent noise is 0, and a speed that was not given is infinite.
    ///
    /// # Errors
    ///
    /// Nothing has that name.
    pub fn get(&self, name: &str) -> Result<Vec<f64>, SettingError> {
        let population = |group: usize| self.groups[group].model.population();
        Ok(match self.setting(name)? {
            Setting::Parameter { group, index } => population(group).parameter(index).to_vec(),
            Setting::Initial { group, index } => population(group).initial(index).to_vec(),
            Setting::Noise { group, index } => {
                population(group).noise(index).map_or_else(|| vec![0.0], <[f64]>::to_vec)
            }
            Setting::Rule { projection, index } => {
                let rule = self.projections[projection].rule.as_ref();
                rule.map_or_else(Vec::new, |rule| rule.settings().values(index).to_vec())
            }
            Setting::Speed { projection } => {
                let speed = self.projections[projection].speed.as_ref();
                vec![speed.and_then(|speed| speed.0.as_ref().ok().copied()).unwrap_or(f64::INFINITY)]
            }
            Setting::Weights { projection } => {
                let wiring = self.projections[projection].wiring.as_ref();
                wiring.map_or_else(Vec::new, |wiring| wiring.edges.iter().map(|edge| edge.weight).collect())
            }
        })
    }

    /// Returns the range in which a number makes sense: that which the model file gives a parameter, the bounds of a state for its initial value, from 0
    /// for an intensity of noise. `None` where nothing is said.
    pub fn range(&self, name: &str) -> Option<(f64, f64)> {
        match self.setting(name).ok()? {
            Setting::Parameter { group, index } => self.groups[group].info().parameters[index].range,
            Setting::Initial { group, index } => self.groups[group].info().states[index].bounds,
            Setting::Noise { .. } => Some((0.0, f64::INFINITY)),
            Setting::Rule { projection, index } => {
                self.projections[projection].rule.as_ref()?.info().parameters[index].range
            }
            Setting::Speed { .. } | Setting::Weights { .. } => None,
        }
    }

    /// Lists every name with the number that it stands for. The first of two equal names counts.
    fn settings(&self) -> Vec<(String, Setting)> {
        let mut all = Vec::new();
        for (group, nodes) in self.groups.iter().enumerate() {
            let prefix = if self.groups.len() == 1 { String::new() } else { format!("{}.", nodes.name) };
            let info = nodes.info();
            let parameters = info.parameters.iter().enumerate();
            all.extend(parameters.map(|(index, parameter)| {
                (format!("{prefix}{}", parameter.name), Setting::Parameter { group, index })
            }));
            for (index, state) in info.states.iter().enumerate() {
                all.push((format!("{prefix}init_{}", state.name), Setting::Initial { group, index }));
                all.push((format!("{prefix}noise_{}", state.name), Setting::Noise { group, index }));
            }
        }
        for (projection, details) in self.projections.iter().enumerate() {
            let rule = details.rule.as_ref().map_or(&[][..], |rule| &rule.info().parameters);
            let parameters = rule.iter().enumerate();
            let own: Vec<(&str, Setting)> = parameters
                .map(|(index, parameter)| (parameter.name.as_str(), Setting::Rule { projection, index }))
                .chain([
                    ("speed", Setting::Speed { projection }),
                    ("weights", Setting::Weights { projection }),
                ])
                .collect();
            let full = details.name_at(projection);
            all.extend(own.iter().map(|(name, setting)| (format!("{full}.{name}"), *setting)));
            if self.projections.len() == 1 {
                all.extend(own.iter().map(|(name, setting)| ((*name).to_owned(), *setting)));
            }
        }
        all
    }

    /// Puts a changed model in the place of a group's, if it can be run.
    fn replace(&mut self, group: usize, model: Box<dyn AnyModel>) -> Result<(), SettingError> {
        model.population().check()?;
        self.groups[group].model = model;
        Ok(())
    }

    /// Sets the weights of the edges of a projection.
    fn set_weights(&mut self, name: &str, projection: usize, values: &Values) -> Result<(), SettingError> {
        let Some(wiring) = &self.projections[projection].wiring else {
            return Err(wrong(name, "weights", "the projection has no edges yet"));
        };
        let edges = wiring.edges.len();
        let weights = match values {
            Values::Scalar(weight) => vec![*weight; edges],
            Values::PerNode(weights) if weights.len() == edges => weights.clone(),
            Values::PerNode(weights) => {
                let expected = format!("one, or one for each of {edges} edges is needed");
                return Err(wrong(name, &format!("{} values are", weights.len()), &expected));
            }
            Values::Quantity(_) | Values::Quantities(_) => {
                return Err(wrong(name, "a quantity is", "weights are plain numbers"));
            }
        };
        if let Some(weight) = weights.iter().find(|weight| !weight.is_finite()) {
            return Err(wrong(name, &format!("{weight} is"), "finite numbers are needed"));
        }
        let edges = wiring.edges.iter().zip(weights).map(|(edge, weight)| Edge { weight, ..*edge });
        let wiring = Wiring { edges: edges.collect(), ..**wiring };
        self.projections[projection].wiring = Some(wiring.into());
        Ok(())
    }
}

/// Returns the error of values that do not fit.
fn wrong(name: &str, given: &str, expected: &str) -> SettingError {
    SettingError::Values { name: name.to_owned(), given: given.to_owned(), expected: expected.to_owned() }
}

brainmass_spec::debug_as_text!(SettingError);

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    use crate::network::Projection;
    use crate::simulator::Simulator;
    use brainmass_rules::{Additive, Diffusive};
    use brainmass_zoo::{HopfStep, JansenRitStep};

    fn one_group() -> Network {
        let weights = array![[0.0, 2.0], [-1.0, 0.0]];
        Network::new(HopfStep::new(2).noise_y([0.1, 0.2]), weights).coupling(Diffusive::new(), "x").k(0.5)
    }

    fn two_groups() -> Network {
        let across = |from: &str, to: &str| {
            Projection::from(from, "x").to(to, "x_inp").weights(array![[1.0]]).rule(Additive::new())
        };
        Network::groups()
            .group("one", HopfStep::new(1))
            .group("two", HopfStep::new(1))
            .projection(across("one", "two").k(0.1))
            .projection(across("two", "one").name("back").k(0.2))
    }

    #[test]
    fn every_name_can_be_read_and_written_back() {
        for mut network in [one_group(), two_groups()] {
            for name in network.setting_names() {
                let values = network.get(&name).unwrap();
                assert!(!values.is_empty(), "{name}");
                network.set(&name, values[0]).unwrap();
                assert!(network.get(&name).unwrap().iter().all(|value| *value == values[0]), "{name}");
            }
        }
    }

    #[test]
    fn weights_of_a_copy_are_its_own() {
        let original = one_group();
        let described = |network: &Network| Simulator::new(network.clone()).fingerprint();
        let before = described(&original);
        let mut copy = original.clone();
        copy.set("weights", 3.0).unwrap();
        assert_eq!(original.get("weights").unwrap(), [2.0, -1.0]);
        assert_eq!(copy.get("weights").unwrap(), [3.0, 3.0]);
        assert_eq!(described(&original), before);
        assert_eq!(described(&copy).differences(&before), ["`weights of coupling_input` differs"]);
    }

    #[test]
    fn a_name_changes_what_it_names_and_nothing_else() {
        let mut network = two_groups();
        network.set("two.a", 0.7).unwrap();
        network.set("back.k", 0.9).unwrap();
        let values = |name: &str| network.get(name).unwrap();
        assert_eq!((values("two.a"), values("one.a")), (vec![0.7], vec![0.25]));
        assert_eq!((values("back.k"), values("coupling_input.k")), (vec![0.9], vec![0.1]));
        assert!(network.get("k").is_err(), "two projections have a k");
    }

    #[test]
    fn ranges_are_those_of_the_model_files() {
        let network = one_group();
        assert_eq!(network.range("beta"), Some((0.0, f64::INFINITY)));
        assert_eq!(network.range("noise_x"), Some((0.0, f64::INFINITY)));
        assert_eq!(network.range("a"), None);
        assert_eq!(Network::from(JansenRitStep::new(1)).range("Ae"), Some((2.6, 9.75)));
    }

    #[test]
    fn what_is_set_is_what_runs() {
        let run = |network: &Network| {
            Simulator::new(network.clone()).record(["coupling_input"]).run(0.1).unwrap()["coupling_input"]
                .clone()
        };
        let mut network = one_group();
        network.set("init_x", vec![1.0, 3.0]).unwrap();
        network.set("weights", vec![5.0, 7.0]).unwrap();
        assert_eq!(run(&network), array![[0.5 * 5.0 * 2.0, 0.5 * 7.0 * -2.0]]);
        network.set("k", 1.0).unwrap();
        assert_eq!(run(&network), array![[10.0, -14.0]]);
    }

    #[test]
    fn a_value_that_cannot_be_taken_leaves_the_network_as_it_was() {
        let mut network = one_group();
        for (name, values) in [
            ("a", Values::from(f64::NAN)),
            ("noise_x", Values::from(-1.0)),
            ("init_x", Values::from(vec![1.0; 3])),
            ("weights", Values::from(vec![1.0; 3])),
            ("speed", Values::from(vec![1.0; 2])),
        ] {
            let before = network.get(name).unwrap();
            assert!(network.set(name, values).is_err(), "{name}");
            assert_eq!(network.get(name).unwrap(), before);
        }
        let error = network.set("omga", 1.0).unwrap_err().to_string();
        assert!(error.contains("there is nothing called `omga`"), "{error}");
        assert!(Simulator::new(network).run(1.0).is_ok());
    }
}
