//! A file of reference numbers, and our model of it.

use brainmass::any::AnyModel;
use brainmass::info::ModelInfo;
use brainmass::{LoadedModel, Nodes, Values};
use brainmass_spec::problem::suggestion;
use serde_json::Value;

use super::numbers::{Numbers, state_names};
use super::table::Row;
use super::zoo::ZOO;

/// A file with its row of the table.
pub struct File {
    /// The content of the file.
    pub head: Value,
    /// The row.
    pub row: Row,
    /// The names of their states, modes and all.
    pub theirs: Vec<String>,
    /// The place of each of our states among theirs.
    pub place: Vec<usize>,
    /// Our model.
    model: LoadedModel,
    /// The description of our model.
    pub info: brainmass::shared::Shared<ModelInfo>,
}

impl File {
    /// Matches a file with our model.
    ///
    /// # Errors
    ///
    /// There is no such model, or a state or parameter of either side has no counterpart.
    pub fn new(head: Value, row: Row) -> Result<Self, String> {
        // It is interpreted: the file runs as it is.
        let model = ZOO.interpreted(&row.model)?;
        let info = nodes_of(&model, 1)?.population().shared_info();
        let theirs = state_names(&head);
        for own in &theirs {
            let is_known = info.state(row.state(own)).is_some()
                || row.without.iter().any(|(name, _)| name == own)
                || row.processes.iter().any(|(name, _)| name == own);
            if !is_known {
                return Err(format!("the table does not say what the state `{own}` is in {}", row.model));
            }
        }
        let place = |ours: &str| theirs.iter().position(|own| row.state(own) == ours);
        let place = info.states.iter().map(|state| {
            place(&state.name).ok_or_else(|| format!("{} has a state `{}` more", row.model, state.name))
        });
        let place = place.collect::<Result<_, _>>()?;
        let file = Self { place, theirs, model, info, head, row };
        file.check_parameters()?;
        Ok(file)
    }

    /// Every parameter of theirs that has an effect is used, and every name of the row is one of ours.
    fn check_parameters(&self) -> Result<(), String> {
        let (row, info) = (&self.row, &self.info);
        let tables = [&row.parameters, &row.inputs, &row.processes, &row.scale];
        for parameter in self.head["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let first = format!("{name}_1");
            let is_used = info.parameter(name).is_some()
                || parameter["unused"] == true
                || row.memory.iter().any(|(_, own)| own == name)
                || row.ignores.iter().any(|(own, _)| own == name)
                || tables.iter().any(|table| table.iter().any(|(_, f)| f.has(name) || f.has(&first)));
            if !is_used {
                return Err(format!(
                    "the table does not say what the parameter `{name}` is in {}",
                    row.model
                ));
            }
        }
        for (name, _) in &row.parameters {
            let known = info.parameters.iter().map(|parameter| &parameter.name);
            info.parameter(name)
                .ok_or_else(|| format!("parameter `{name}`: {}", suggestion(name, "parameters", known)))?;
        }
        for (name, _) in &row.inputs {
            let known = info.inputs.iter().map(|input| &input.name);
            info.input(name)
                .ok_or_else(|| format!("input `{name}`: {}", suggestion(name, "inputs", known)))?;
        }
        Ok(())
    }

    /// The number of their coupling inputs.
    pub fn couplings(&self) -> usize {
        self.head["coupling_inputs"].as_array().map_or(0, Vec::len)
    }

    /// The factor that a state of theirs is multiplied by to give ours.
    pub fn scale(&self, ours: &str, numbers: &Numbers) -> Result<f64, String> {
        match self.row.scale.iter().find(|(name, _)| name == ours) {
            Some((_, formula)) => formula.value(&|name| numbers.get(name)),
            None => Ok(1.0),
        }
    }

    /// Our states from theirs.
    pub fn states(&self, theirs: &[f64], numbers: &Numbers) -> Result<Vec<f64>, String> {
        let states = self.info.states.iter().zip(&self.place);
        states.map(|(state, &place)| Ok(self.scale(&state.name, numbers)? * theirs[place])).collect()
    }

    /// Makes nodes of our model with the parameters of a case.
    pub fn nodes(&self, count: usize, numbers: &Numbers) -> Result<Nodes, String> {
        let mut nodes = nodes_of(&self.model, count)?;
        nodes.population_mut().remove_noise();
        for (index, parameter) in self.info.parameters.iter().enumerate() {
            let formula = self.row.parameters.iter().find(|(name, _)| *name == *parameter.name);
            let value = match formula {
                Some((_, formula)) => Some(formula.value(&|name| numbers.get(name))?),
                None => numbers.get(&parameter.name),
            };
            if let Some(value) = value {
                nodes.population_mut().set_parameter(index, Values::Scalar(value));
            }
        }
        Ok(nodes)
    }
}

fn nodes_of(model: &LoadedModel, count: usize) -> Result<Nodes, String> {
    model.nodes(count).ok_or_else(|| format!("{} is not a model of nodes", model.info().name))
}
