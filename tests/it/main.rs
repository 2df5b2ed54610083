//! Integration tests of the workspace.

mod golden_signals;
mod hcp_signals;
