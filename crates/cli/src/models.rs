//! Models by their names and by their files.

use std::path::{Path, PathBuf};

use brainmass::any::AnyModel;
use brainmass::{Entry, Zoo};
use brainmass_spec::problem::suggestion;
use clap::Args;

use crate::failure::{Failure, warn_of_models};
use crate::flags::is_file_name;

/// The models that a command can name.
#[derive(Args, Default)]
pub struct Folders {
    /// Folders with model files, whose models can be named as well.
    #[arg(long, value_name = "FOLDER")]
    models: Vec<PathBuf>,
}

impl Folders {
    /// Returns the models of the library and of the folders. What is wrong in the folders is printed as warnings.
    pub fn zoo(&self) -> Result<Zoo, Failure> {
        let mut zoo = Zoo::default();
        for folder in &self.models {
            is_there(folder)?;
            if let Err(error) = zoo.add_folder(folder) {
                warn_of_models(&error);
            }
        }
        Ok(zoo)
    }
}

/// Finds a model by its name, or opens the file that holds it.
pub fn find(zoo: &Zoo, name: &str) -> Result<Entry, Failure> {
    if is_file_name(name) || (zoo.find(name).is_none() && Path::new(name).is_file()) {
        return Ok(Entry::from(&zoo.open(name)?));
    }
    zoo.find(name).cloned().ok_or_else(|| {
        let names = zoo.entries().map(Entry::name);
        let hint = suggestion(name, "models", names);
        let all = if hint.starts_with("did you mean") { "" } else { "; `brainmass list` shows all" };
        Failure::new(format!("there is no model `{name}`")).hint(format!("{hint}{all}"))
    })
}

/// Refuses what is no folder.
pub fn is_there(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    let failure = Failure::new(format!("there is no folder `{}`", folder.display()));
    Err(if folder.is_file() {
        failure.hint("this is a file; where a model is named, its file can be named as well")
    } else {
        failure
    })
}

/// Makes nodes of a model that has some.
pub fn nodes(entry: &Entry, count: usize) -> Result<Box<dyn AnyModel>, Failure> {
    let name = &entry.info.name;
    entry.nodes(count).ok_or_else(|| Failure::new(format!("`{name}` has no nodes of its own to be run")))
}

/// A number as one would write it.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) && value.is_finite() {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

/// A number with its unit; pure numbers have none.
pub fn quantity(value: f64, unit: &str) -> String {
    if unit == "1" { number(value) } else { format!("{} {unit}", number(value)) }
}

/// Limits of a value.
pub fn limits(range: Option<(f64, f64)>) -> String {
    match range {
        None => String::new(),
        Some((low, f64::INFINITY)) => format!("≥ {}", number(low)),
        Some((f64::NEG_INFINITY, high)) => format!("≤ {}", number(high)),
        Some((low, high)) => format!("{} … {}", number(low), number(high)),
    }
}
