//! Fits of simulations to data, and the training of networks of oscillators on sequences.
//!
//! | module | holds |
//! |---|---|
//! | [`optimiser`] | update rules, schedules and clipping, which fits and trainings share |
//! | [`fit`] | parameters, losses, search methods, checkpoints, identifiability |
//! | [`sequence`] | layers and stacks of cells that read sequences, and their gradients |
//! | [`training`] | examples, losses and the loop that trains stacks |
//!
//! Programs use the crate `brainmass` with its feature `fit`, which gives all of this under the same names.

pub mod fit;
pub mod optimiser;
pub mod sequence;
pub mod training;
