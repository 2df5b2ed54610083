//! The models that the site is about: what the compiler knows of each, and how one is made.

use std::path::PathBuf;

use brainmass::any::AnyModel;
use brainmass::info::{ModelInfo, Setting};
use brainmass::registry::CreateNodes;
use brainmass::{Create, Entry, LoadedModel, Zoo, find_model};
use brainmass_codegen::example;
use brainmass_spec::model::Model;

/// A model.
pub struct Item {
    /// The module of the zoo that it lies in; empty for the catalogue.
    pub folder: String,
    /// Whether the model is no part of the library, but was read from a file.
    pub is_loaded: bool,
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

/// The models of folders outside of the workspace. What is wrong in them is printed, and the rest is taken.
///
/// # Errors
///
/// A folder holds no model that is right.
pub fn of_folders(folders: &[PathBuf]) -> Result<Vec<Item>, String> {
    let mut zoo = Zoo::default();
    let mut items = Vec::new();
    for folder in folders {
        let (models, outcome) = zoo.folder_models(folder);
        if let Err(error) = outcome {
            eprintln!("{error}");
        }
        if models.is_empty() {
            return Err(format!("there are no models to be shown in {}", folder.display()));
        }
        // Models of the next folder may build on these, and may not have their names.
        let entries: Vec<Entry> = models.iter().map(|found| found.entry.clone()).collect();
        zoo = zoo.with(folder.display().to_string(), entries)?;
        items.extend(models.into_iter().map(|found| Item {
            folder: String::new(),
            is_loaded: true,
            model: found.model,
            entry: found.entry,
        }));
    }
    Ok(items)
}

impl Item {
    /// Describes a model. Its runs are interpreted, which gives the bits of compiled code: this crate is built without optimisation, which
    /// makes compiled models slow, but not the interpreter, which is part of the core.
    pub fn new(folder: String, model: Model) -> Self {
        Self { folder, is_loaded: false, entry: Entry::from(&LoadedModel::interpreted(&model)), model }
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

    /// The command that runs a loaded model from its file; `None` for a model of the library, and for what has no nodes.
    pub fn command(&self) -> Option<String> {
        let runs = self.is_loaded && self.create().is_some();
        runs.then(|| format!("brainmass run {}", self.model.source.name))
    }

    /// The experiment that shows the model, which a loaded one has under the name of its file.
    pub fn experiment(&self) -> Option<String> {
        let text = example::experiment(&self.model)?;
        if !self.is_loaded {
            return Some(text);
        }
        let (name, file) = (&self.model.name, &self.model.source.name);
        let key = if self.create().is_some() { "model" } else { "rule" };
        Some(text.replacen(&format!("{key}: {name}"), &format!("{key}: {file}"), 1))
    }

    /// The category, or for what has none what it is.
    pub fn category(&self) -> &str {
        let is_variant = !self.folder.is_empty() && self.info().extends.is_some();
        if !self.model.category.is_empty() && !is_variant {
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
