//! A zoo of neural mass models for whole-brain modelling.

pub mod analysis;
pub mod connectome;
pub mod datasets;
pub mod io;
pub mod noise;
pub mod objectives;
pub mod observation;
pub mod real;
#[cfg(feature = "viz")]
pub mod viz;
