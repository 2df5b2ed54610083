//! A zoo of neural mass models for whole-brain modelling.
//!
//! Each model is written once, as equations in a YAML file. From that file the build generates a struct that holds a number of nodes
//! ([`zoo`]), a fast step with exact derivatives ([`kernel`]), and an entry of the [`catalogue`]. Everything else works on any model:
//!
//! | to | there is |
//! |---|---|
//! | choose a model | [`list_models`], [`find_model`], [`ModelInfo`] |
//! | run it | [`Simulator`], [`Run`], [`simulator::Sweep`] |
//! | couple nodes, with delays | [`Network`], [`connectome`], [`coupling`] |
//! | drive them | [`noise`], [`stimulus`], [`Input`] |
//! | see what instruments see | [`observation`]: BOLD, EEG, MEG |
//! | analyse, compare with data, draw | [`analysis`], [`objectives`], [`viz`] |
//! | differentiate and fit | [`gradient`], [`fit`] |
//! | train networks of oscillators | [`sequence`], [`training`] |
//! | look into the dynamics of a node | [`dynamics`] |
//! | write a run down | [`experiment`] |
//! | add models in a crate of one's own | [`include_models!`] |
//!
//! ```
//! use brainmass::datasets;
//! use brainmass::prelude::*;
//! use brainmass::zoo::coupling::Diffusive;
//!
//! // Ninety oscillators near their bifurcation, coupled along tracts that conduct at 10 mm/ms.
//! let hopf = HopfStep::new(90).a(-0.02).w(0.06).noise_x(0.02).noise_y(0.02);
//! let network = Network::new(hopf, datasets::synthetic_90()).coupling(Diffusive::new(), "x").k(0.02).speed(10.0);
//! let run = Simulator::new(network).dt(0.5.ms()).transient(100.0.ms()).record(["x"]).seed(1).run(600.0.ms())?;
//!
//! let fc = brainmass::analysis::functional_connectivity(run["x"].view())?;
//! assert_eq!((run["x"].dim(), fc.dim()), ((1000, 90), (90, 90)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Conventions
//!
//! - Time is in ms, frequencies are in Hz. A plain number is in the unit that the model declares; `3.25.mv()` carries its unit and is
//!   checked ([`quantity`]).
//! - Signals are arrays (time, region), weights `[target][source]`; row `m` of a recording is the state after step `m + 1`.
//! - Noise on a state is given as sigma in state units per sqrt(ms): each step adds `sigma*sqrt(dt)*xi`. It depends on seed, stream, node and
//!   step alone, so that runs in pieces, in batches and over threads have the same bits.
//!
//! # Features
//!
//! `viz` (figures), `fit` (searches without gradients, from `argmin`) and `cli` (the `brainmass` command) are on by default.

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
pub use population::{Model, Population, SequenceCell, SequenceStack};
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
    pub use crate::sequence::{SequenceLayer as _, SequenceNetwork as _};
    pub use crate::simulator::{Input, Run, RunError, Session, Simulator};
    pub use crate::zoo::*;
}

/// What generated code names. Not part of the interface.
#[doc(hidden)]
pub mod generated {
    pub use crate::any::{engine_of, interaction_of};
    pub use crate::catalogue::{Create, Entry};
    pub use crate::coupling::{Rule, Settings};
    pub use crate::engine::{Engine, Interaction};
    pub use crate::info::{self, Category, Described, ModelInfo};
    pub use crate::kernel::{Adjoints, CouplingKernel, Form, Kernel};
    pub use crate::population::{Model, Population, SequenceCell, SequenceStack};
    pub use crate::quantity::Values;
    pub use crate::real::Real;
    pub use crate::scheme::Scheme;
}

/// The code blocks of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
