//! The model files of the workspace, compiled.

use std::fs;
use std::path::Path;

use brainmass_spec::collection::{Entry, File, compile};

/// Every model of `models/`, in the order of the catalogue.
pub fn all() -> Result<Vec<Entry>, String> {
    let mut files = Vec::new();
    read(&super::root().join("models"), "", &mut files)?;
    let (entries, report) = compile(&files);
    match report {
        Some(report) => Err(report.to_string()),
        None => Ok(entries),
    }
}

fn read(folder: &Path, inside: &str, files: &mut Vec<File>) -> Result<(), String> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = if inside.is_empty() { file } else { format!("{inside}/{file}") };
        if path.is_dir() {
            read(&path, &name, files)?;
        } else if name.ends_with(".yaml") {
            let bytes =
                fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            files.push(File { name: format!("models/{name}"), folder: inside.to_owned(), bytes });
        }
    }
    Ok(())
}
