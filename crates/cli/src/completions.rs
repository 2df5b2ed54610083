//! The command `brainmass completions`.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Print a script that completes this command in a shell.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass completions bash > ~/.local/share/bash-completion/completions/brainmass
  brainmass completions zsh > ~/.zfunc/_brainmass
  brainmass completions fish > ~/.config/fish/completions/brainmass.fish")]
pub struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Prints the script that completes `command` in the shell asked for.
///
/// # Errors
/// Where it cannot be printed.
pub fn run(arguments: &Arguments, mut command: Command, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "brainmass", &mut script);
    terminal.line(String::from_utf8_lossy(&script).trim_end())
}
