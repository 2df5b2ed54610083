//! Lists of models: what is known of each, and how one is made when its name is known only at run time.

use crate::any::AnyModel;
use crate::coupling::AnyRule;
use crate::info::ModelInfo;

/// A model in a list.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The catalogue entry of the model.
    pub info: &'static ModelInfo,
    /// The function that makes one.
    pub create: Create,
}

/// The function that makes a model of a list.
#[derive(Debug, Clone, Copy)]
pub enum Create {
    /// A function that makes the given number of nodes with default parameters.
    Node(fn(usize) -> Box<dyn AnyModel>),
    /// A function that makes a coupling rule with default parameters.
    Rule(fn() -> Box<dyn AnyRule>),
    /// A layer or a stack, which is made with weights in place of a number of nodes.
    Sequence,
}

/// The models of a folder.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    /// The name of the folder; `catalogue` for the models that stand in none.
    pub name: &'static str,
    /// The models in the order in which they are listed.
    pub entries: &'static [Entry],
}
