//! Experiment files: a run written down, so that the command line, other programs and papers repeat it exactly.
//!
//! ```yaml
//! title: Ninety regions on a connectome
//! model: HopfStep
//! connectome: {name: synthetic_90, normalize: row_sum}
//! parameters: {a: 0.02 /ms, w: {uniform: [0.05 rad/ms, 0.075 rad/ms], seed: 1}}
//! coupling: {rule: Diffusive, from: x, k: 0.04, speed: 10 mm/ms}
//! noise: {x: 0.004, y: 0.004}
//! dt: 0.5 ms
//! duration: 3 s
//! transient: 1 s
//! record: x
//! output: run.npz
//! plot: run.png
//! ```
//!
//! `docs/experiment-files.md` defines the format, and `experiments/` has examples. Numbers may carry their unit, which is checked against
//! the declared one; plain numbers are in the declared unit, times in ms. Paths are relative to the file. All mistakes are reported at
//! once, with their places.
//!
//! Each section is read by one file of this module, which takes its keys out of `Keys`. A key that nothing takes is an error,
//! so that no file can say what is not done. The keys and the names of stimuli, noise processes, instruments and so on stand in tables, from
//! which the reference of the format (`docs/experiment-files.md`) and the flags of the command come.

mod array_file;
mod base64;
mod basics;
#[cfg(any(feature = "continuation", feature = "fit"))]
mod checked;
mod checkpoint;
mod checkpointing;
mod connectome;
mod context;
mod continuation;
#[cfg(feature = "continuation")]
mod continuation_plan;
mod description;
mod design;
#[cfg(feature = "fit")]
mod fit;
#[cfg(feature = "fit")]
mod fit_parameters;
mod groups;
mod inputs;
mod instruments;
mod interaction;
mod keep;
#[doc(hidden)]
pub mod keys;
mod limits;
mod lists;
mod measure;
mod models;
mod named;
mod numbers;
mod observe;
mod observed;
mod output;
#[cfg(feature = "fit")]
mod plan;
mod processes;
mod projections;
mod random;
mod read;
mod reader;
mod record;
mod repeat;
#[cfg(feature = "fit")]
mod response;
mod settings;
mod sizes;
mod stimuli;
mod sweep;
mod sweep_plan;
mod tables;
mod targets;
mod times;
mod timing;
mod variants;
mod wiring;
mod written;

pub use checkpointing::Checkpointing;
#[doc(hidden)]
pub use continuation::CONTINUATION;
#[cfg(feature = "continuation")]
pub use continuation_plan::ContinuationPlan;
pub use description::Experiment;
pub use design::{Cell, Design, Dimension, Factor, Levels, Target};
#[doc(hidden)]
pub use keep::{LARGEST_KEPT, MOST_KEPT};
pub use limits::Limits;
pub use measure::{Measure, MeasuredColumn};
pub use observed::Observed;
#[doc(hidden)]
pub use output::{SWEEP_RESULTS, ending_help};
#[cfg(feature = "fit")]
pub use plan::FitPlan;
#[doc(hidden)]
pub use reader::tree;
pub use reader::{ExperimentError, Reader};
pub use repeat::{Repeat, RepeatError, read_provenance};
pub use sweep_plan::{Origin, SweepPlan};
#[doc(hidden)]
pub use tables::{Table, tables};
pub use times::Timing;
