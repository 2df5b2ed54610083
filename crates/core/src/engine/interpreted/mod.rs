//! The interpreted engine: a model's equations run as they are, without any code being compiled for them.
//!
//! The step of a scheme is recorded on a tape by the code that also computes the steps of compiled kernels (module `recorded`), and the tape
//! becomes a program (`lower`, `programs`) that goes through the nodes tile by tile, an operation at a time (`tiles`, `call`). So both engines
//! give the same bits.

mod call;
mod equations;
mod forward;
mod interaction;
mod lower;
mod node;
mod programs;
mod reading;
mod recorded;
mod reverse;
mod tiles;

pub use interaction::InterpretedInteraction;
pub use node::Interpreted;

pub(crate) use lower::{Lowered, Plain, lower, operands};
pub(crate) use tiles::{Tiles, with_scratch};
