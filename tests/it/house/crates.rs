//! The order of the crates: each knows only those below it.

use std::fs;
use std::path::Path;

use super::sources::ROOT;

/// Every crate of the workspace, and the crates of the workspace that it may depend on, from the ground up. A crate stands below those
/// that import it, so that no two can import each other.
const FLOORS: &[(&str, &[&str])] = &[
    ("crates/files", &[]),
    ("crates/spec", &[]),
    ("crates/viz", &["files"]),
    ("crates/codegen", &["spec"]),
    ("brainmass-derive", &["codegen", "spec"]),
    ("crates/core", &["spec"]),
    ("crates/data", &["files"]),
    ("crates/rules", &["core", "derive"]),
    ("crates/zoo-families", &["core", "derive"]),
    ("crates/zoo-phenomenological", &["core", "derive"]),
    ("crates/zoo-physiological", &["core", "derive"]),
    ("crates/zoo", &["core", "zoo-families", "zoo-phenomenological", "zoo-physiological"]),
    ("crates/sim", &["core", "data", "spec"]),
    ("crates/fit", &["core", "data", "rules", "sim", "spec"]),
    ("brainmass", &["core", "data", "derive", "fit", "rules", "sim", "spec", "viz", "zoo"]),
    ("crates/cli", &["brainmass", "spec"]),
];

/// The libraries that compile models or write code, none of which may be needed when a program runs.
const COMPILERS: &[&str] = &["syn", "quote", "proc-macro2", "prettyplease", "tera", "pulldown-latex"];

/// The crates named in a section of a manifest.
fn dependencies(folder: &str, section: &str) -> Vec<String> {
    let manifest = fs::read_to_string(Path::new(ROOT).join(folder).join("Cargo.toml")).unwrap();
    let lines = manifest.lines().skip_while(|line| *line != format!("[{section}]")).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn crates_depend_only_on_those_below_them() {
    let mut below: Vec<&str> = Vec::new();
    for (folder, allowed) in FLOORS {
        for name in dependencies(folder, "dependencies") {
            let Some(own) = name.strip_prefix("brainmass") else { continue };
            let own = own.strip_prefix('-').unwrap_or("brainmass");
            assert!(allowed.contains(&own), "{folder} depends on `{name}`, which its row of FLOORS does not allow");
            assert!(below.contains(&own), "{folder} depends on `{name}`, which does not stand below it");
        }
        let name = folder.rsplit('/').next().unwrap();
        below.push(name.strip_prefix("brainmass-").unwrap_or(name));
    }
    let mut folders: Vec<String> = fs::read_dir(Path::new(ROOT).join("crates"))
        .unwrap()
        .map(|entry| format!("crates/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    folders.sort();
    for folder in folders {
        assert!(FLOORS.iter().any(|(known, _)| *known == folder), "{folder} has no row in FLOORS");
    }
}

#[test]
fn nothing_that_runs_needs_a_code_generator() {
    for (folder, _) in FLOORS {
        if ["crates/codegen", "brainmass-derive"].contains(folder) {
            continue;
        }
        for name in dependencies(folder, "dependencies") {
            assert!(!COMPILERS.contains(&name.as_str()), "{folder} depends on `{name}`");
            assert_ne!(name, "brainmass-codegen", "{folder} depends on the code generators");
        }
    }
}
