//! Programs of the workspace, for tests that run them as users do.

use std::env::{consts::EXE_SUFFIX, current_exe};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The `brainmass` command.
///
/// # Panics
///
/// If it cannot be built.
pub fn command() -> PathBuf {
    built("bin", "brainmass", Path::new(""))
}

/// An example of the library.
///
/// # Panics
///
/// If it cannot be built.
pub fn example(name: &str) -> PathBuf {
    built("example", name, Path::new("examples"))
}

/// The target folder that cargo was given, in which the test itself stands.
///
/// # Panics
///
/// If the test does not know its place.
pub fn target_folder() -> PathBuf {
    let test = current_exe().expect("the test is a file");
    // target/debug/deps/it
    test.ancestors().nth(3).expect("a target folder").to_owned()
}

/// Asks cargo for a target with the features of the whole workspace: those with which `cargo test --workspace` has built it already.
fn built(kind: &str, name: &str, folder: &Path) -> PathBuf {
    let test = current_exe().expect("the test is a file");
    let profile = test.parent().and_then(Path::parent).expect("target/debug/deps/it");
    let mut cargo = Command::new(env!("CARGO"));
    // An example beside the command: examples have the features of development.
    cargo.args([
        "build",
        "--quiet",
        "--workspace",
        "--example",
        "choose_a_model",
        &format!("--{kind}"),
        name,
    ]);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).status();
    assert!(status.is_ok_and(|status| status.success()), "`{name}` is built");
    profile.join(folder).join(format!("{name}{EXE_SUFFIX}"))
}
