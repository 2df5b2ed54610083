//! The model files of the workspace, compiled.

use brainmass_codegen::files;
use brainmass_spec::collection::{Entry, compile};

/// Every model of `models/`, in the order of the catalogue.
///
/// # Errors
///
/// A file that cannot be read, or every mistake in every file.
pub fn all() -> Result<Vec<Entry>, String> {
    let found = files::read(&super::workspace::root().join("models"), "models")?;
    let (entries, report) = compile(&found.files);
    match report {
        Some(report) => Err(report.to_string()),
        None => Ok(entries),
    }
}
