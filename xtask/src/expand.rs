//! `cargo xtask expand`: the code generated for a model.

use brainmass_codegen::rust;

/// Prints the formatted code of a model.
pub fn run(name: &str) -> Result<(), String> {
    let entries = super::models::all()?;
    let entry = entries.iter().find(|entry| entry.model.name == name).ok_or_else(|| {
        let names = entries.iter().map(|entry| entry.model.name.as_str());
        format!("there is no model `{name}`: {}", brainmass_spec::problem::suggestion(name, "models", names))
    })?;
    print!("{}", rust::formatted(&entry.model));
    Ok(())
}
