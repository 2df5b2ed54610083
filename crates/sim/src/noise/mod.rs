//! Counter-based random numbers and the noise processes driven by them.
//!
//! A number is a function of (seed, stream, node, step) and of nothing else: not of the order in which numbers are drawn, of
//! threads, of slices, of the instruction set or of the machine. A run resumed at any step goes on with the same noise.
//!
//! Noise enters a run in two ways. White noise on a *state* is a matter of the integration scheme: `model.noise_x(sigma)`, see
//! [`Scheme`](brainmass_core::scheme::Scheme). A [`Process`] on an *input port*, such as [`OuProcess`], is a signal like any other input: drawn once a step,
//! held over it, and seen by all stages of a scheme.
//!
//! # Processes
//!
//! | process | value in step n | sigma, for a port in U |
//! | --- | --- | --- |
//! | [`OuProcess`] | Ornstein-Uhlenbeck, correlated over `tau` | standard deviation, U |
//! | [`ColoredNoise`] | spectrum `1/f^beta`: pink, blue, violet, ... | standard deviation, U |
//! | [`BrownianNoise`] | a Wiener path | growth, U/sqrt(ms) |
//! | [`WhiteNoise`] | white noise, the mean over the step | intensity, U sqrt(ms) |
//! | [`GaussianNoise`] | independent deviates, as the Python package has them | standard deviation, U |
//!
//! Colour is in time, not across nodes, which are independent unless a covariance says otherwise. Step n (from 0) holds the value of time
//! `n dt`. The random numbers behind it depend on the seed of the run, the stream of the process, the node and the step alone. Streams are
//! counted through the processes of a simulation, those of `input` before those of `noise`, in the order in which they are given, so
//! that each process has numbers of its own; white noise on states has others.

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

pub(crate) use normal::NormalStreams;
pub(crate) use process::{NoisePath, ProcessSite};
