//! Lists of models: what is known of each, and how one is made when its name is known only at run time.

use std::fmt;

pub use brainmass_spec::collection::Known;
use brainmass_spec::collection::tables_with_files;

use crate::any::AnyModel;
use crate::coupling::AnyRule;
use crate::info::{Kind, ModelInfo};
use crate::shared::{List, Shared, Text};

/// A model in a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The catalogue entry of the model. That of a model which the library keeps as its text is made of the text when it is first read.
    pub info: Shared<ModelInfo>,
    /// The function that makes one.
    pub create: Create,
    text: Option<&'static ModelText>,
}

impl Entry {
    /// Creates the entry of a model whose catalogue entry is known.
    pub const fn new(info: Shared<ModelInfo>, create: Create) -> Self {
        Self { info, create, text: None }
    }

    /// Creates the entry of a model that is kept as its text.
    pub(crate) fn of_text(text: &'static ModelText, info: Shared<ModelInfo>, create: Create) -> Self {
        Self { info, create, text: Some(text) }
    }

    /// Returns the name of the model, for which its text need not be read.
    pub fn name(&self) -> &str {
        self.text.map_or_else(|| self.info.name.as_str(), |text| text.name)
    }

    /// Returns the text of the model file, without reading what it says.
    pub fn yaml(&self) -> &str {
        self.text.map_or_else(|| self.info.yaml.as_str(), |text| text.yaml)
    }

    /// Returns the model as one that others may build on, without reading what its text says.
    pub fn known(&self) -> Known<'_> {
        let data = match self.text {
            Some(text) => text.data.to_vec(),
            None if self.info.tables.is_empty() => Vec::new(),
            None => {
                // An inherited table belongs to the text of the base, whose file may have the name of one of the model's own.
                let own = tables_with_files(self.yaml());
                let own = self.info.tables.iter().filter(|table| own.iter().any(|own| *own == *table.name));
                own.map(|table| (table.file.as_str(), &*table.bytes)).collect()
            }
        };
        Known { name: self.name(), yaml: self.yaml(), data }
    }

    /// Whether the library keeps the model as its text, which is read when more than its name is asked for.
    pub fn is_kept_as_text(&self) -> bool {
        self.text.is_some()
    }

    /// Makes nodes with default parameters; `None` for a model that has no nodes.
    pub fn nodes(&self, count: usize) -> Option<Box<dyn AnyModel>> {
        match &self.create {
            Create::Node(create) => Some(create(count)),
            Create::Rule(_) | Create::Sequence => None,
        }
    }

    /// Makes a coupling rule with default parameters; `None` for a model that is no rule.
    pub fn rule(&self) -> Option<Box<dyn AnyRule>> {
        match &self.create {
            Create::Rule(create) => Some(create()),
            Create::Node(_) | Create::Sequence => None,
        }
    }
}

/// A model of the library that is kept as the text of its file, to be read and interpreted when it is first asked for.
#[derive(Debug)]
pub struct ModelText {
    /// The folder of the file.
    pub folder: &'static str,
    /// The name of the file, as messages show it.
    pub file: &'static str,
    /// The name of the model.
    pub name: &'static str,
    /// The kind of the model.
    pub kind: Kind,
    /// The text of the file.
    pub yaml: &'static str,
    /// The files of tables that the text names, by their names there, with their bytes.
    pub data: &'static [(&'static str, &'static [u8])],
}

/// A function that makes the given number of nodes with default parameters.
pub type CreateNodes = dyn Fn(usize) -> Box<dyn AnyModel> + Send + Sync;

/// A function that makes a coupling rule with default parameters.
pub type CreateRule = dyn Fn() -> Box<dyn AnyRule> + Send + Sync;

/// The function that makes a model of a list.
#[derive(Clone)]
pub enum Create {
    /// A function that makes nodes.
    Node(Shared<CreateNodes>),
    /// A function that makes a coupling rule.
    Rule(Shared<CreateRule>),
    /// A layer or a stack, which is made with weights in place of a number of nodes.
    Sequence,
}

impl fmt::Debug for Create {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Node(_) => "Node",
            Self::Rule(_) => "Rule",
            Self::Sequence => "Sequence",
        })
    }
}

/// The models of a folder.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The name of the folder; `catalogue` for the models that stand in none.
    pub name: Text,
    /// The models in the order in which they are listed.
    pub entries: List<Entry>,
}
