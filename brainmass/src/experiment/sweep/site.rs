//! Addresses: the names of axes, resolved in an experiment.

use std::cell::RefCell;

use brainmass_spec::model::NamedUnit;
use brainmass_spec::problem::{Problem, Problems, suggestion};
use brainmass_spec::source::Span;
use brainmass_spec::yaml::Key;

use super::keys::OVER;
use crate::experiment::basics::{PerNode, named_unit};
use crate::experiment::context::Context;
use crate::experiment::description::Experiment;
use crate::experiment::keys::EXPERIMENT;
use crate::experiment::record::Signals;
use crate::experiment::settings::{address, wanted};
use brainmass_core::quantity::Values;
use brainmass_sim::network::Setting;
use brainmass_sim::simulator::Simulator;

/// The experiment that a sweep is of.
pub struct Site<'a> {
    pub experiment: &'a Experiment,
    pub signals: &'a Signals<'a>,
    pub context: &'a Context<'a>,
    /// The simulation of the experiment, in which values are tried.
    trial: RefCell<Simulator>,
}

/// Something that the name of an axis stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Address {
    /// The seed of the noise.
    Seed,
    /// A number that `Simulator::set` knows by this name.
    Setting(String),
    /// A key of the file, by the keys that lead to it.
    Key(Vec<String>),
}

/// Keys of an experiment file that make no sense as axes.
const NO_AXES: [&str; 10] =
    ["title", "output", "plot", "fit", "sweep", "continuation", "models", "limits", "record", "seed"];

/// Sections whose entries have addresses of their own: the beginning of the name in the file, and that of the address.
const SECTIONS: [(&str, &str); 4] =
    [("parameters.", ""), ("initial.", "init_"), ("noise.", "noise_"), ("inputs.", "")];

impl<'a> Site<'a> {
    pub fn new(experiment: &'a Experiment, signals: &'a Signals<'a>, context: &'a Context<'a>) -> Self {
        Self { experiment, signals, context, trial: RefCell::new(experiment.simulator()) }
    }

    /// Finds what a name stands for; that it stands for nothing is reported.
    pub fn resolve(&self, key: &Key, problems: &mut Problems) -> Option<Address> {
        let name = key.text.as_str();
        if name == "seeds" || name == "seed" {
            return Some(Address::Seed);
        }
        let trial = self.trial.borrow();
        let in_section = SECTIONS.iter().find_map(|(section, kind)| {
            let inner = name.strip_prefix(section)?;
            Some(address("", kind, inner))
        });
        let names = [name.to_owned()].into_iter().chain(in_section);
        let mut error = None;
        for name in names {
            match trial.check_setting(&name) {
                Ok(()) => return Some(Address::Setting(name)),
                Err(why) => error = error.or(Some(why)),
            }
        }
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let is_key = |name: &str| EXPERIMENT.iter().flat_map(|table| *table).any(|key| key.name == name);
        if is_key(&path[0])
            && !NO_AXES.contains(&path[0].as_str())
            && path.iter().all(|part| !part.is_empty())
        {
            return Some(Address::Key(path));
        }
        if is_key(&path[0]) {
            let message = format!("`{}` cannot be swept: it is the same for all runs", path[0]);
            problems.push(Problem::new(&key.span, message));
            return None;
        }
        if let Some(error) =
            error.filter(|error| !matches!(error, brainmass_sim::network::SettingError::Unknown { .. }))
        {
            problems.push(Problem::new(&key.span, error.to_string()));
            return None;
        }
        let known = trial.setting_names();
        let keys = OVER.iter().map(|key| key.name).chain(["dt", "duration", "scheme", "connectome"]);
        let help = suggestion(name, "names", known.iter().map(String::as_str).chain(keys));
        let message = format!("this axis names nothing: there is no `{name}` to be swept");
        let problem = Problem::new(&key.span, message).help(help);
        problems.push(problem.help(
            "an axis is a number of the network such as `k`, `init_x` or `noise_x`, an input, `seeds`, or a key of the file such as `dt` or `connectome.density`",
        ));
        None
    }

    /// Returns the name, the unit and the number of values of a number that `Simulator::set` knows.
    pub fn wanted(&self, name: &str) -> PerNode<'_> {
        if let Ok(setting) = self.experiment.network.setting(name) {
            return wanted(setting, self.signals.scope, self.signals.projections);
        }
        let scope = self.signals.scope;
        let ports = scope.list(|info| info.inputs.iter().map(|input| &input.name).collect());
        let port = ports.iter().find(|(known, ..)| known == name);
        match port {
            Some((_, group, port)) => {
                let input = &scope.groups[*group].info().inputs[*port];
                let unit = named_unit(&input.unit);
                PerNode { name: &input.name, unit, nodes: scope.groups[*group].nodes() }
            }
            None => PerNode { name: "", unit: NamedUnit::one(), nodes: 1 },
        }
    }

    /// Returns the present value of each node of a number that `Simulator::set` knows; 0 for an input that nothing drives.
    pub fn present(&self, name: &str, nodes: usize) -> Vec<f64> {
        let values = match self.experiment.network.get(name) {
            Ok(values) => values,
            Err(_) => {
                let input = self.experiment.inputs.iter().find(|(port, _)| port == name);
                match input {
                    Some((_, brainmass_sim::simulator::Input::Constant(Values::PerNode(values)))) => {
                        values.clone()
                    }
                    Some((_, brainmass_sim::simulator::Input::Constant(Values::Scalar(value)))) => {
                        vec![*value]
                    }
                    _ => vec![0.0],
                }
            }
        };
        match values[..] {
            [value] => vec![value; nodes],
            _ => values,
        }
    }

    /// Whether a number can have a value; if not, that is reported at `span`.
    pub fn takes(&self, name: &str, values: Values, span: &Span, problems: &mut Problems) -> bool {
        let is_noise = matches!(self.experiment.network.setting(name), Ok(Setting::Noise { .. }));
        let negative = |values: &Values| match values {
            Values::Scalar(value) => *value < 0.0,
            Values::PerNode(values) => values.iter().any(|value| *value < 0.0),
            Values::Quantity(_) | Values::Quantities(_) => false,
        };
        if is_noise && negative(&values) {
            let message = format!("`{name}` is below 0; an intensity of noise is not");
            problems.push(Problem::new(span, message));
            return false;
        }
        match self.trial.borrow_mut().set(name, values) {
            Ok(()) => true,
            Err(error) => {
                problems.push(Problem::new(span, error.to_string()));
                false
            }
        }
    }
}
