//! The simulator of brainmass: networks of nodes, their inputs and instruments, and derivatives of whole runs.
//!
//! Programs use the crate `brainmass`, which gives all of this under the same names.

mod described;
pub mod dynamics;
mod fingerprint;
pub mod gradient;
pub mod network;
pub mod noise;
pub mod observation;
pub mod run;
#[doc(hidden)]
pub mod runtime;
pub mod simulator;
pub mod stimulus;
mod words;
