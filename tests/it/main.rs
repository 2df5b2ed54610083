//! Integration tests of the workspace, in one binary.

mod accuracy;
mod batch;
mod catalogue;
mod conformance;
mod default_noise;
mod derivatives;
mod expansion;
mod experiments;
mod gradients;
mod hcp_signals;
mod house;
mod interaction;
mod interpreter;
mod javascript;
mod limits;
mod literature;
mod macro_use;
mod model_checks;
mod network;
mod npy_files;
mod observe;
mod other_packages;
mod processes;
mod recipe;
mod recovery;
mod reserved_names;
mod schemes;
mod sequence;
mod sequence_gradients;
mod simulator;
mod steps_back;
mod stochastic;
mod training;
mod units;
mod whole_brain;

/// Says something that is seen even when the test passes: the harness captures what `println!` writes, not this.
fn tell(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}
