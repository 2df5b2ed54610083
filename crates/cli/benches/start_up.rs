//! Time from the start of the process to the end of a run of 300 ms of 90 Hopf regions, with what it prints:
//! `cargo bench --bench start_up`. It has to stay below 20 ms.

use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

fn start_up(criterion: &mut Criterion) {
    let run = || {
        let status = Command::new(env!("CARGO_BIN_EXE_brainmass"))
            .args([
                "run",
                "HopfStep",
                "--nodes",
                "90",
                "--set",
                "a=0.25",
                "--duration",
                "300ms",
                "--record",
                "x",
            ])
            .stdout(Stdio::null())
            .status();
        assert!(status.is_ok_and(|status| status.success()), "the run succeeds");
    };
    criterion.bench_function("process start to finished 300 ms run of 90 Hopf regions", |bencher| {
        bencher.iter(run);
    });
}

criterion_group!(benches, start_up);
criterion_main!(benches);
