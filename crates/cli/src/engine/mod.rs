//! Engines: what runs the shards of a sweep on other machines.

pub mod hyperqueue;
pub mod slurm;
pub mod submission;
