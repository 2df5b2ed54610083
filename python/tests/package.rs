//! The tests of the Python package, which are in Python: they run where there is one.

use std::path::PathBuf;
use std::process::Command;
use std::{env, io};

/// The status with which `run_tests.py` says that what it needs is not to be had.
const NOT_TO_BE_HAD: i32 = 77;

/// Returns the compiled part, which cargo puts beside the test.
fn library() -> PathBuf {
    let name = match env::consts::OS {
        "windows" => "_core.dll",
        "macos" => "lib_core.dylib",
        _ => "lib_core.so",
    };
    let test = env::current_exe().expect("the test has a path");
    test.parent().expect("it lies in a folder").join(name)
}

#[test]
fn the_package_passes_its_own_tests() {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/run_tests.py");
    let outcome = Command::new(&python).arg(script).arg("--library").arg(library()).output();
    let must_run = env::var_os("BRAINMASS_PYTHON_TESTS").is_some();
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_run => {
            eprintln!("there is no `{python}`, so that the Python package is not tested");
        }
        Err(error) => panic!("`{python}` cannot be run: {error}"),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            println!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
            let is_skipped = output.status.code() == Some(NOT_TO_BE_HAD) && !must_run;
            assert!(output.status.success() || is_skipped, "the tests of the Python package fail");
        }
    }
}
