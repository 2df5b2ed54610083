//! `cargo xtask new-model`: a model file to start from, in the folder of the zoo.

use std::fs;

use brainmass::loading;

/// Writes `models/NAME.yaml`, which builds as it is.
pub fn run(name: &str) -> Result<(), String> {
    let new = loading::new_model(name).map_err(|report| report.to_string())?;
    let file = format!("models/{}", new.file);
    let path = super::workspace::root().join(&file);
    if path.exists() {
        return Err(format!("{file} is there already"));
    }
    fs::write(&path, new.text).map_err(|error| format!("cannot write {file}: {error}"))?;
    println!("wrote {file}: edit it, then `cargo test`; models/README.md explains the language");
    Ok(())
}
