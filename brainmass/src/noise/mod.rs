//! Counter-based random numbers and the noise processes driven by them.
//!
//! A number is a function of (seed, stream, node, step) and of nothing else: not of the order in which numbers are drawn, of
//! threads, of slices, of the instruction set or of the machine. A run resumed at any step goes on with the same noise.

mod normal;
mod philox;
mod stream;
mod uniform;

#[cfg(test)]
mod statistics;

pub use normal::NormalStream;
pub use uniform::UniformStream;
