//! The models that the site is about: what the compiler knows of each, and how one is made.

use brainmass::any::AnyModel;
use brainmass::info::{ModelInfo, Setting};
use brainmass::registry::CreateNodes;
use brainmass::{Create, Entry, LoadedModel, find_model};
use brainmass_spec::model::Model;

/// A model.
pub struct Item {
    /// The module of the zoo that it lies in; empty for the catalogue.
    pub folder: String,
    /// The model as the compiler knows it.
    pub model: Model,
    /// The model as the library knows it.
    pub entry: Entry,
}

/// Every model of the workspace.
///
/// # Errors
///
/// A model file has a mistake, or the library was built without it.
pub fn all() -> Result<Vec<Item>, String> {
    let item = |spec: brainmass_spec::Entry| {
        find_model(&spec.model.name)?;
        Ok(Item::new(spec.folder, spec.model))
    };
    crate::models::all()?.into_iter().map(item).collect()
}

impl Item {
    /// Describes a model. Its runs are interpreted, which gives the bits of compiled code: this crate is built without optimisation, which
    /// makes compiled models slow, but not the interpreter, which is part of the core.
    pub fn new(folder: String, model: Model) -> Self {
        Self { folder, entry: Entry::from(&LoadedModel::interpreted(&model)), model }
    }

    /// Returns the catalogue entry of the model.
    pub fn info(&self) -> &ModelInfo {
        &self.entry.info
    }

    /// The run that the file describes.
    pub fn run(&self) -> Option<&Setting> {
        self.entry.info.plots.run.as_ref().filter(|_| self.create().is_some())
    }

    /// Nodes with the parameters and initial states of a setting; `None` for what has no nodes.
    pub fn nodes(&self, count: usize, setting: Option<&Setting>) -> Option<Box<dyn AnyModel>> {
        let mut model = self.create()?(count);
        let population = model.population_mut();
        if let Some(setting) = setting {
            setting
                .parameters
                .iter()
                .for_each(|&(index, value)| population.set_parameter(index, value.into()));
            setting.init.iter().for_each(|&(index, value)| population.set_initial(index, value.into()));
        }
        Some(model)
    }

    /// Whether the model is a planar system, which a phase plane shows in full.
    pub fn is_planar(&self) -> bool {
        self.info().states.len() == 2 && self.info().delays.is_empty() && self.create().is_some()
    }

    /// The category, or for what has none what it is.
    pub fn category(&self) -> &str {
        if !self.model.category.is_empty() && self.folder.is_empty() {
            return &self.model.category;
        }
        match self.info().kind {
            brainmass::info::Kind::Coupling => "coupling",
            brainmass::info::Kind::Observation => "observation",
            _ if self.folder.is_empty() => "other",
            _ => "variant",
        }
    }

    fn create(&self) -> Option<&CreateNodes> {
        match &self.entry.create {
            Create::Node(create) if !self.info().states.is_empty() => Some(&**create),
            _ => None,
        }
    }
}
