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
//! | analyse, compare with data | [`analysis`], [`objectives`] |
//! | differentiate | [`gradient`] |
#![cfg_attr(feature = "viz", doc = "| draw | [`viz`] |")]
#![cfg_attr(feature = "fit", doc = "| fit parameters | [`fit`] |")]
#![cfg_attr(
    feature = "fit",
    doc = "| train networks of oscillators | [`sequence`], [`training`], [`optimiser`] |"
)]
//! | look into the dynamics of a node | [`dynamics`] |
//! | write a run down | [`experiment`] |
//! | make any number of runs, surviving every kill | [`sweep`] |
//! | run a model file as it is | [`open_model`], [`Zoo::with_folder`] |
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
//! None is on by default. `compile-wilson-cowan`, `compile-bounded` and so on compile the models of a family (a folder of `models`), `compile-all` those of
//! all: they run as they do interpreted, to the last bit and somewhat faster, and have structs in [`zoo`]. `fit` brings searches for parameters and the training of layers and stacks, `viz` brings figures. With `mathml`, rustdoc
//! typesets the equations of models: `cargo doc --features brainmass/mathml` does so for models of your own. The command is a crate of its own,
//! `brainmass-cli`.

#[doc(hidden)]
pub mod bench;
pub mod catalogue;
pub mod experiment;
pub mod listing;
pub mod loading;
#[doc(hidden)]
pub mod missing;
pub mod sweep;
#[cfg(feature = "viz")]
pub mod viz;

/// The models as structs, generated from the equation files in `models`.
///
/// Those of the catalogue stand here, coupling rules and observation models in modules of their own. The other folders of `models` are families, which
/// are interpreted and made by name, see [`nodes_of`]; one that is compiled, as its feature says, has a module of its name.
pub mod zoo {
    pub use brainmass_zoo::*;

    /// The coupling rules.
    pub mod coupling {
        pub use brainmass_rules::*;
    }
}

/// The equations of a model as a run asks for them, and the kinds of engines that compute them.
pub mod engine {
    pub use brainmass_core::engine::{Engine, EngineKind, Point, PointAdjoints};
    #[doc(hidden)]
    pub use brainmass_core::engine::{Reading, ReadingVjp, Step, StepVjp};
}

/// The numbers that kernels compute with, and the instruction sets of the processor.
pub mod real {
    pub use brainmass_core::real::{LANE_WIDTH, Lane, LaneJob, Real, Simd, SimdError};
}

/// The state of a run, and what is told of it.
pub mod runtime {
    pub use brainmass_sim::runtime::{
        Bytes, Progress, ProjectionSummary, RunError, Session, View, available_memory,
    };
}

#[cfg(feature = "continuation")]
pub use brainmass_continuation as continuation;
pub use brainmass_core::{any, coupling, info, kernel, population, quantity, registry, scheme, shared};
pub use brainmass_data::{analysis, connectome, datasets, io, objectives, steps};
pub use brainmass_derive::include_models;
#[cfg(feature = "fit")]
pub use brainmass_fit::{fit, optimiser, sequence, training};
pub use brainmass_sim::{dynamics, gradient, network, noise, observation, run, simulator, stimulus};

pub use catalogue::{ModelRecord, Zoo, find_model, list_models, nodes_of, to_table};
pub use experiment::{Experiment, ExperimentError};
pub use gradient::{Gradient, GradientError, Loss};
pub use info::{Category, Described, ModelInfo};
pub use listing::{Listing, list_models_in};
pub use loading::{LoadError, LoadedModel, Nodes, open_model};
pub use network::{Network, Projection};
pub use population::{Model, Population};
pub use quantity::{Quantity, Units, Values};
pub use real::Real;
pub use registry::{Create, Entry};
pub use scheme::Scheme;
pub use simulator::{Input, Run, RunError, Session, Simulator};

/// The items that generated code names. This module is not part of the interface.
#[doc(hidden)]
pub use brainmass_core::generated;

/// The items that a program that simulates needs: models, rules, units, the simulator.
pub mod prelude {
    pub use crate::catalogue::{find_model, list_models, nodes_of, to_table};
    pub use crate::gradient::{Gradient, GradientError, Loss};
    pub use crate::info::Category;
    pub use crate::network::{Network, Projection};
    pub use crate::population::Model as _;
    pub use crate::quantity::{Quantity, Units as _};
    pub use crate::scheme::Scheme;
    #[cfg(feature = "fit")]
    pub use crate::sequence::{SequenceLayer as _, SequenceNetwork as _};
    pub use crate::simulator::{Input, Run, RunError, Session, Simulator};
    pub use crate::zoo::*;
}

/// The code blocks of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
