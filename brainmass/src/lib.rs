//! A zoo of neural mass models for whole-brain modelling.

// Generated code names this crate by its absolute path, here as in any other crate.
extern crate self as brainmass;

pub mod analysis;
pub mod any;
pub mod bench;
pub mod catalogue;
pub mod connectome;
pub mod coupling;
pub mod datasets;
pub mod dynamics;
pub mod engine;
pub mod experiment;
#[cfg(feature = "fit")]
pub mod fit;
pub mod gradient;
pub mod info;
pub mod io;
pub mod kernel;
pub mod network;
pub mod noise;
pub mod objectives;
pub mod observation;
pub mod population;
pub mod quantity;
pub mod real;
pub mod scheme;
pub mod sequence;
pub mod simulator;
pub mod stimulus;
pub mod training;
#[cfg(feature = "viz")]
pub mod viz;
pub mod zoo;

pub use brainmass_derive::include_models;
pub use catalogue::{Create, Entry, ModelRecord, find_model, list_models, to_table};
pub use experiment::{Experiment, ExperimentError};
pub use gradient::{Gradient, GradientError, Loss};
pub use info::{Category, Described, ModelInfo};
pub use network::{Network, Projection};
pub use population::{Model, Population};
pub use quantity::{Quantity, Units, Values};
pub use real::Real;
pub use scheme::Scheme;
pub use simulator::{Input, Run, RunError, Session, Simulator};

/// What a program that simulates needs: models, rules, units, the simulator.
pub mod prelude {
    pub use crate::catalogue::{find_model, list_models, to_table};
    pub use crate::gradient::{Gradient, GradientError, Loss};
    pub use crate::info::Category;
    pub use crate::network::{Network, Projection};
    pub use crate::population::Model as _;
    pub use crate::quantity::{Quantity, Units as _};
    pub use crate::scheme::Scheme;
    pub use crate::sequence::SequenceLayer as _;
    pub use crate::simulator::{Input, Run, RunError, Session, Simulator};
    pub use crate::zoo::*;
}

/// What generated code names. Not part of the interface.
#[doc(hidden)]
pub mod generated {
    pub use crate::any::{engine_of, interaction_of};
    pub use crate::coupling::{Rule, Settings};
    pub use crate::engine::{Engine, Interaction};
    pub use crate::info::{self, Category, Described, ModelInfo};
    pub use crate::kernel::{Adjoints, CouplingKernel, Form, Kernel};
    pub use crate::population::{Model, Population};
    pub use crate::quantity::Values;
    pub use crate::real::Real;
    pub use crate::scheme::Scheme;
    pub use crate::sequence::{Layer, SequenceLayer, Stack};
}

/// The code blocks of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
