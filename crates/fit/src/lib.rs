//! Fits of simulations to data, and the training of networks of oscillators on sequences.
//!
//! Programs use the crate `brainmass` with its feature `fit`, which gives all of this under the same names.

pub mod fit;
pub mod sequence;
pub mod training;
