//! Integration tests of the workspace, in one binary.

mod catalogue;
mod conformance;
mod derivatives;
mod hcp_signals;
