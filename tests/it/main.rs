//! Integration tests of the workspace, in one binary.

mod catalogue;
mod conformance;
mod derivatives;
mod expansion;
mod hcp_signals;
mod macro_use;
mod model_checks;
mod schemes;
mod simulator;
