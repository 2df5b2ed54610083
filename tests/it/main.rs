//! Integration tests of the workspace, in one binary.

mod catalogue;
mod conformance;
mod derivatives;
mod expansion;
mod hcp_signals;
mod interpreter;
mod literature;
mod macro_use;
mod model_checks;
mod recipe;
mod schemes;
mod simulator;
