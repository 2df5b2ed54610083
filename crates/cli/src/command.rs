//! The `brainmass` command.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(brainmass_cli::run_command(env::args_os()))
}
