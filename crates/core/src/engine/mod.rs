//! Engines: the equations of a model applied to many nodes, by whatever scheme.
//!
//! [`Engine`] is the one virtual call between a run and the nodes of a step. The compiled engine implements it for the kernels that are generated from
//! model files: everything in it is written once, generic over the kernel, and compiled for each model and instruction set.
//!
//! Arrays are structures of arrays: value `i` of node `n` is at `i*nodes + n`. The runs of a batch count as further nodes, see [`Columns`].

mod block;
mod columns;
mod compiled;
mod contract;
mod fault_mask;
mod forward;
mod interaction;
pub mod interpreted;
mod kernel_equations;
mod reading;
mod reverse;
mod stage_wise;
mod usual;

pub use columns::Columns;
pub use contract::{Engine, EngineKind, Execution, Point, PointAdjoints, Reading, ReadingVjp, Step, StepVjp};
pub use fault_mask::FaultMask;
pub use interaction::{Interaction, InteractionData, InteractionSettings, InteractionVjp};
pub use stage_wise::{Coupled, StageWise, StepJvp};

pub(crate) use block::{NodeBlock, block_starts};
pub(crate) use compiled::Compiled;
pub(crate) use interaction::CompiledInteraction;
