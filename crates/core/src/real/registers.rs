//! Single registers and the functions on them, from which `brainmass-sim` makes random numbers. They are not part of the interface.

pub use super::dispatch::VectorJob;
pub use super::functions::{polynomial, split_normal};
pub use super::vector::{Register, Vector};
