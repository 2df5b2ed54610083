//! The command `brainmass` as its users meet it, run as a program of its own.

mod bifurcation;
mod command;
mod fit_files;
mod mistakes;
mod model_files;
mod program;
mod readme;
mod results;
mod sweep;
mod sweep_engines;
mod sweep_parquet;
mod trust;
mod watch;
