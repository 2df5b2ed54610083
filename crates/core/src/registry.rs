//! Lists of models, from which one is made by its name.

use crate::any::AnyModel;
use crate::coupling::AnyRule;
use crate::info::ModelInfo;

/// A model in a list: what is known of it, and how one is made.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What is known of it.
    pub info: &'static ModelInfo,
    /// How one is made.
    pub create: Create,
}

/// How a model is made when its name is known only at run time.
#[derive(Debug, Clone, Copy)]
pub enum Create {
    /// Makes the given number of nodes with default parameters.
    Node(fn(usize) -> Box<dyn AnyModel>),
    /// Makes a coupling rule with default parameters.
    Rule(fn() -> Box<dyn AnyRule>),
    /// Layers and stacks are made with weights, not with a number of nodes.
    Sequence,
}

/// A folder of models under its name.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    /// The name: `catalogue`, or that of the folder.
    pub name: &'static str,
    /// Its models, in the order of the catalogue.
    pub entries: &'static [Entry],
}
