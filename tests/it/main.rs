//! Integration tests of the workspace.
fn main() {}
