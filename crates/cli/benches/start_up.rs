//! Time from the start of the process to the end of a run of 300 ms of 90 Hopf regions, with what it prints:
//! `cargo bench --bench start_up`. It has to stay below 20 ms for a model of the library, and below 25 ms for a model file, which is read, compiled to
//! a tape and interpreted.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

/// Runs 300 ms of 90 regions of a model, which is given by its name or by its file.
fn run(model: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_brainmass"))
        .arg("run")
        .arg(model)
        .args(["--nodes", "90", "--set", "a=0.25", "--duration", "300ms", "--record", "x"])
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "the run succeeds");
}

fn start_up(criterion: &mut Criterion) {
    criterion.bench_function("process start to finished 300 ms run of 90 Hopf regions", |bencher| {
        bencher.iter(|| run(Path::new("HopfStep")));
    });
    // With another text than that of the library it is interpreted.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("hopf.yaml");
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/hopf.yaml"));
    fs::write(&path, text.expect("a model file") + "\n# another text\n").expect("written");
    criterion.bench_function(
        "process start to finished 300 ms run of 90 regions of a model file",
        |bencher| {
            bencher.iter(|| run(&path));
        },
    );
}

criterion_group!(benches, start_up);
criterion_main!(benches);
