//! `cargo xtask new-model`: a model file to start from.

use std::fs;

/// Writes `models/NAME.yaml`, which builds as it is.
pub fn run(name: &str) -> Result<(), String> {
    let text = include_str!("new_model.yaml").replace("MyModelStep", name);
    brainmass_spec::compile_one("the new file", &text).map_err(|report| report.to_string())?;
    let file = format!("models/{}.yaml", file_name(name));
    let path = super::workspace::root().join(&file);
    if path.exists() {
        return Err(format!("{file} is there already"));
    }
    fs::write(&path, text).map_err(|error| format!("cannot write {file}: {error}"))?;
    println!("wrote {file}: edit it, then `cargo test`; models/README.md explains the language");
    Ok(())
}

/// `HopfStep` as `hopf`.
fn file_name(name: &str) -> String {
    let stem = name.strip_suffix("Step").unwrap_or(name);
    let mut out = String::new();
    for (index, c) in stem.chars().enumerate() {
        if c.is_ascii_uppercase() && index > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_builds_under_any_name() {
        for name in ["MyModelStep", "Wave2dStep", "X"] {
            let text = include_str!("new_model.yaml").replace("MyModelStep", name);
            assert_eq!(
                brainmass_spec::compile_one("t.yaml", &text).map(|model| model.name),
                Ok(name.to_owned())
            );
        }
        assert_eq!(file_name("MyModelStep"), "my_model");
    }
}
