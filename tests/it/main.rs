//! Integration tests of the workspace, in one binary.

mod catalogue;
mod conformance;
mod derivatives;
mod expansion;
mod hcp_signals;
mod interpreter;
mod javascript;
mod literature;
mod macro_use;
mod model_checks;
mod network;
mod recipe;
mod schemes;
mod sequence;
mod simulator;
mod steps_back;

/// Says something that is seen even when the test passes: the harness captures what `println!` writes, not this.
fn tell(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}
