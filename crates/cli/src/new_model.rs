//! The command `brainmass new-model`.

use std::path::PathBuf;

use brainmass::io::write_file;
use brainmass::loading;
use clap::Args;

use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::text::quoted;

/// Write a commented model file to start from.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass new-model WavesStep
  brainmass new-model WavesStep --out models/waves.yaml

The file runs as it is: `brainmass run waves.yaml --plot waves.png --watch` draws it anew whenever you save it.")]
pub struct Arguments {
    /// The model's name: a capital letter, then letters and digits.
    name: String,
    /// The file [default: after the name, in the present folder].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let new = loading::new_model(&arguments.name)?;
    let path = arguments.out.clone().unwrap_or_else(|| PathBuf::from(new.file));
    if path.exists() {
        let failure = Failure::new(format!("`{}` is there already", path.display()));
        return Err(failure.hint("give the file another name with `--out`"));
    }
    write_file(&path, new.text.as_bytes()).map_err(Failure::new)?;
    terminal.line(format!("wrote {}", path.display()))?;
    let file = quoted(&path.display().to_string());
    terminal
        .line(format!("run it with `brainmass run {file}`, look for mistakes with `brainmass check {file}`"))
}
