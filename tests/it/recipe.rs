//! The recipe of the README: what it prints and draws.

use std::process::Command;

use brainmass_tests::built::example;

#[test]
fn choose_a_model_prints_the_recipe_and_draws_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output =
        Command::new(example("choose_a_model")).current_dir(folder.path()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
    let picture = std::fs::read(folder.path().join("choose_a_model.png")).expect("the picture");
    assert_eq!(&picture[1..4], b"PNG");
}
