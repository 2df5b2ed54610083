//! The numerical core of brainmass: what a generated model is made of, and how it is stepped.
//!
//! | module | holds |
//! |---|---|
//! | [`real`] | the numbers that kernels compute with, one by one or in vector lanes |
//! | [`info`] | what the catalogue knows of a model |
//! | [`scheme`] | the integration schemes |
//! | [`kernel`] | the contract between generated code and everything that runs it |
//! | [`engine`] | the equations of a model applied to many nodes, forward and in reverse mode |
//! | [`quantity`] | numbers with units |
//! | [`population`] | the nodes of a model with their parameters, initial states and noise |
//! | [`coupling`] | coupling rules with their parameters |
//! | [`any`] | models whose type is known only at run time |
//! | [`registry`] | lists of models, from which one is made by its name |
//! | [`loaded`] | models that are read at run time |
//! | [`shared`] | data that is part of the program, or shared by those who refer to it |
//!
//! Programs use the crate `brainmass`, which gives all of this under the same names.

mod adjoints;
pub mod any;
pub mod coupling;
pub mod engine;
pub mod info;
pub mod kernel;
pub mod loaded;
pub mod population;
pub mod quantity;
#[allow(
    unsafe_code,
    reason = "instructions of the processor, and programs whose registers have been checked"
)]
pub mod real;
pub mod registry;
pub mod scheme;
pub mod shared;

/// The names that generated code uses. They are not part of the interface.
#[doc(hidden)]
pub mod generated {
    pub use crate::any::{engine_of, interaction_of};
    pub use crate::coupling::{Rule, Settings};
    pub use crate::engine::{Engine, Interaction};
    pub use crate::info::{self, Category, Described, ModelInfo};
    pub use crate::kernel::{Adjoints, CouplingKernel, Form, Kernel};
    pub use crate::population::{Model, Population, SequenceCell, SequenceStack};
    pub use crate::quantity::Values;
    pub use crate::real::{Real, Table};
    pub use crate::registry::{Create, Entry, ModelText};
    pub use crate::scheme::Scheme;
    pub use crate::shared::{List, Shared, Text};
    pub use brainmass_spec::table::Axis;
}
