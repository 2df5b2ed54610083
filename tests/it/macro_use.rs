//! `include_models!` in a crate that is not in this workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A copy of `tests/downstream`, built in a target folder of its own that later runs of the test find warm.
struct Downstream {
    folder: tempfile::TempDir,
}

impl Downstream {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(&root.join("downstream"), folder.path());
        let manifest = folder.path().join("Cargo.toml");
        let text = fs::read_to_string(&manifest).expect("the manifest was copied");
        let library = root.join("../brainmass").canonicalize().expect("the library is there");
        fs::write(&manifest, text.replace("../../brainmass", &library.display().to_string()))
            .expect("a file");
        let lock = root.join("../Cargo.lock");
        fs::copy(lock, folder.path().join("Cargo.lock")).expect("the versions of the workspace");
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn cargo(&self, command: &str) -> Output {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/downstream");
        Command::new(env!("CARGO"))
            .args([command, "--quiet", "--offline"])
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TERM_COLOR", "never")
            .output()
            .expect("cargo runs")
    }

    #[track_caller]
    fn run(&self) -> String {
        let output = self.cargo("run");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

#[test]
fn a_crate_outside_the_workspace_has_its_own_models() {
    let crate_ = Downstream::new();
    insta::assert_snapshot!(crate_.run(), @r"
    DecayStep: 1 states, A decay with names that Rust has taken
    GrowthStep: 1 states, A variant in a folder of its own
    x = 0.367879 after one time constant
    half = 0.367879
    error: DecayStep: parameter `type` is in ms, and 3.25 mV cannot be converted to that (set at src/main.rs:19)
    ");

    // An edited file is seen,
    let model = crate_.file("models/decay.yaml");
    let text = fs::read_to_string(&model).expect("the file was copied");
    fs::write(&model, text.replace("half: x/2", "half: x/4")).expect("a file");
    assert!(crate_.run().contains("half = 0.183940"), "the edit reaches the program");

    // and so is a new one.
    let another = text.replace("DecayStep", "AnotherStep");
    fs::write(crate_.file("models/another.yaml"), another).expect("a file");
    assert!(crate_.run().contains("AnotherStep: 1 states"), "the new file is in the list");

    // Mistakes are compile errors that show the text; models that are right are still there.
    fs::write(&model, text.replace("x: (-fn*x", "x: (-fm*x")).expect("a file");
    let output = crate_.cargo("build");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "a mistake stops the build");
    for part in ["error: unknown name `fm`", "models/decay.yaml:21:8", "-fm*x", "^^ did you mean `fn`?"] {
        assert!(message.contains(part), "`{part}` is missing from\n{message}");
    }
}
