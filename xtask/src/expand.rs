//! `cargo xtask expand`: the code generated for a model.

use std::fs;
use std::path::Path;

use brainmass_spec::collection::{Entry, File, compile};
use brainmass_spec::emit::rust;

/// Prints the formatted code of a model.
pub fn run(name: &str) -> Result<(), String> {
    let entries = models()?;
    let entry = entries.iter().find(|entry| entry.model.name == name).ok_or_else(|| {
        let names = entries.iter().map(|entry| entry.model.name.as_str());
        format!("there is no model `{name}`: {}", brainmass_spec::problem::suggestion(name, "models", names))
    })?;
    print!("{}", rust::formatted(&entry.model));
    Ok(())
}

/// Every model of the workspace, compiled.
fn models() -> Result<Vec<Entry>, String> {
    let root = super::root().join("models");
    let mut files = Vec::new();
    read(&root, "", &mut files)?;
    let (entries, report) = compile(&files);
    match report {
        Some(report) => Err(report.to_string()),
        None => Ok(entries),
    }
}

fn read(folder: &Path, inside: &str, files: &mut Vec<File>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            read(&path, &name, files)?;
        } else if name.ends_with(".yaml") {
            let bytes = fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            files.push(File { name, folder: inside.to_owned(), bytes });
        }
    }
    Ok(())
}
