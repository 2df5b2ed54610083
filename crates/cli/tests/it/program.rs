//! The program, run in a folder.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// The checkout, whose files some tests read.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Prepares the program with these arguments, in a folder, for a terminal of 100 columns without colours.
pub fn brainmass(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brainmass"));
    command.args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE").env("COLUMNS", "100");
    command
}

/// Runs the program to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    brainmass(folder, arguments).output().expect("the command runs")
}

/// Returns what the program prints and what it says on standard error; it must succeed.
#[track_caller]
pub fn said(folder: &Path, arguments: &[&str]) -> (String, String) {
    let Output { status, stdout, stderr } = run(folder, arguments);
    assert!(status.success(), "{arguments:?}: {}", text(&stderr));
    (text(&stdout), text(&stderr))
}

/// Returns what the program prints; it must succeed and say nothing on standard error.
#[track_caller]
pub fn printed(folder: &Path, arguments: &[&str]) -> String {
    let (printed, errors) = said(folder, arguments);
    assert!(errors.is_empty(), "{arguments:?}: {errors}");
    printed
}

/// Returns what the program says on standard error; it must fail as a program does that was used wrongly.
#[track_caller]
pub fn refused(folder: &Path, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = run(folder, arguments);
    let errors = text(&stderr);
    assert!(matches!(status.code(), Some(1 | 2)), "{arguments:?}: {}{errors}", text(&stdout));
    assert!(errors.contains("error:") && !errors.contains("panicked"), "{arguments:?}: {errors}");
    errors
}

/// Makes a folder with these files, by name and text.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

/// Reads bytes that ought to be text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
