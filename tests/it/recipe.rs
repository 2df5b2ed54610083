//! The recipe of the README: what it prints and draws.

use std::path::Path;
use std::process::Command;

#[test]
fn choose_a_model_prints_the_recipe_and_draws_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The example has been built with the tests of the workspace; cargo finds it there.
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "brainmass", "--example", "choose_a_model", "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .current_dir(folder.path())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
    let picture = std::fs::read(folder.path().join("choose_a_model.png")).expect("the picture");
    assert_eq!(&picture[1..4], b"PNG");
}
