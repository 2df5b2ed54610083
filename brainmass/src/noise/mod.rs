//! Counter-based random numbers and the noise processes driven by them.
//!
//! A number is a function of (seed, stream, node, step) and of nothing else: not of the order in which numbers are drawn, of
//! threads, of slices, of the instruction set or of the machine. A run resumed at any step goes on with the same noise.
//!
//! Noise enters a run in two ways. White noise on a *state* is a matter of the integration scheme: `model.noise_x(sigma)`, see
//! [`Scheme`](crate::Scheme). A [`Process`] on an *input port*, such as [`OuProcess`], is a signal like any other input: drawn once a step,
//! held over it, and seen by all stages of a scheme.

mod normal;
mod philox;
mod process;
mod stream;
mod uniform;

#[cfg(test)]
mod statistics;

pub use normal::NormalStream;
pub use process::{BrownianNoise, ColoredNoise, GaussianNoise, OuProcess, Process, ProcessError, WhiteNoise};
pub use uniform::UniformStream;

pub(crate) use process::{Path, Site};
