//! Tapes: a function as a list of instructions, which an interpreter runs without any code being compiled.
//!
//! A tape holds what the results need and nothing else, each value computed once. Its instructions compute what the generated Rust computes, with
//! the operands in the same order and sums joined with products at the same places, so that the results have the same bits.

mod coupling;
mod instruction;
mod node;
mod recorder;

pub use coupling::CouplingTapes;
pub use instruction::{Instruction, Value};
pub use node::NodeTapes;
pub use recorder::{Recorder, Tape};
