//! Lists of models: what is known of each, and how one is made when its name is known only at run time.

use std::fmt;

use crate::any::AnyModel;
use crate::coupling::AnyRule;
use crate::info::ModelInfo;
use crate::shared::{List, Shared, Text};

/// A model in a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The catalogue entry of the model.
    pub info: Shared<ModelInfo>,
    /// The function that makes one.
    pub create: Create,
}

impl Entry {
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
