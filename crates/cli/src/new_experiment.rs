//! The command `brainmass new-experiment`.

use std::path::{Path, PathBuf};

use brainmass::io::write_file;
use brainmass::loading;
use clap::Args;

use crate::failure::Failure;
use crate::flags::is_file_name;
use crate::models::{self, Folders};
use crate::terminal::Terminal;
use crate::text::quoted;

/// Write a commented experiment file to start from.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass new-experiment
  brainmass new-experiment JansenRitStep --out alpha.yaml
  brainmass new-experiment my_model.yaml

The file runs as it is, and has the first parameters, an initial state and the inputs of the model;
`brainmass show MODEL` lists all that can be set.")]
pub struct Arguments {
    /// A model by its name, or a model file.
    #[arg(value_name = "MODEL|FILE", default_value = "HopfStep")]
    model: String,
    /// The file [default: experiment.yaml in the present folder].
    #[arg(long, value_name = "FILE", default_value = "experiment.yaml", hide_default_value = true)]
    out: PathBuf,
    #[command(flatten)]
    folders: Folders,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let path = &arguments.out;
    if !path.extension().is_some_and(|ending| ["yaml", "yml"].iter().any(|known| ending == *known)) {
        let failure = Failure::new(format!("`{}` is no name of an experiment file", path.display()));
        return Err(failure.hint("its ending must be .yaml or .yml"));
    }
    if path.exists() {
        let failure = Failure::new(format!("`{}` is there already", path.display()));
        return Err(failure.hint("give the file another name with `--out`"));
    }
    let entry = models::find(&arguments.folders.zoo()?, &arguments.model)?;
    models::nodes(&entry, 1)?;
    let name = match is_file_name(&arguments.model) {
        true => relative(Path::new(&arguments.model), path)?,
        false => entry.info.name.to_string(),
    };
    let text = loading::new_experiment(&name, &entry.info);
    write_file(path, text.as_bytes()).map_err(Failure::new)?;
    terminal.line(format!("wrote {}", path.display()))?;
    let file = quoted(&path.display().to_string());
    terminal
        .line(format!("run it with `brainmass run {file}`, look for mistakes with `brainmass check {file}`"))
}

/// Returns the path of a model file as an experiment file names it, whose paths are relative to its folder.
fn relative(model: &Path, experiment: &Path) -> Result<String, Failure> {
    let folder = experiment.parent().filter(|folder| !folder.as_os_str().is_empty());
    let path = match folder {
        None => model.to_owned(),
        Some(folder) => match model.strip_prefix(folder) {
            Ok(rest) => rest.to_owned(),
            Err(_) => {
                model.canonicalize().map_err(|error| Failure::new(format!("{}: {error}", model.display())))?
            }
        },
    };
    // JSON writes text as YAML reads it.
    Ok(match path.to_string_lossy() {
        text if text.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c)) => text.into_owned(),
        text => serde_json::Value::from(text).to_string(),
    })
}
