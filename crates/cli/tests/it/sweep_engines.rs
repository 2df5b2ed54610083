//! Engines that run the parts of a sweep: a stand-in for Slurm, and a real HyperQueue where there is one.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::program::{brainmass, folder};

const EXPERIMENT: &str = "
model: HopfStep
connectome: {name: synthetic_8, normalize: max}
coupling: {rule: Diffusive, from: x, k: 0.05}
noise: {x: 0.05, y: 0.02}
duration: 40 ms
sweep:
  over: {k: {from: 0, to: 1, points: 20}, seeds: 0..10}
  measure: {mean: {signal: x, summary: mean, each: true}}
  output: s.csv
";

/// Runs the command with a folder of programs in front of all others.
fn brainmass_with(programs: &Path, folder: &Path, arguments: &[&str]) -> Output {
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    brainmass(folder, arguments).env("PATH", path).output().expect("the command runs")
}

/// Returns the results of the sweep, run here and at once.
fn expected() -> String {
    let folder = folder(&[]);
    fs::write(folder.path().join("s.yaml"), EXPERIMENT).expect("written");
    let output = brainmass_with(Path::new("/nonexistent"), folder.path(), &["sweep", "s.yaml", "-q"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(folder.path().join("s.csv")).expect("results")
}

/// A stand-in for `sbatch`: it takes what the real one takes, refuses what that would refuse, and runs the tasks one after the other.
const SBATCH: &str = r##"#!/bin/bash
set -euo pipefail
[ "$1" = --parsable ] || { echo "sbatch: not parsable" >&2; exit 1; }
shift
case "${1:-}" in --dependency=afterok:4711) second=yes; shift;; --*) echo "sbatch: unknown $1" >&2; exit 1;; *) second=;; esac
script=$1
[ "$(head -c 3 "$script")" = '#!/' ] || { echo "sbatch: no interpreter" >&2; exit 1; }
bash -n "$script"
# Directives end with the first command, as for Slurm.
directives=$(sed -n '2,${/^#SBATCH /!q;s/^#SBATCH //p}' "$script")
for directive in $directives; do
  case "$directive" in
    --job-name=*|--output=*|--requeue|--cpus-per-task=[0-9]*|--time=[0-9]*:*) ;;
    --chdir=*) folder=${directive#--chdir=};;
    --array=1-*) last=${directive#--array=1-};;
    *) echo "sbatch: unrecognized option '$directive'" >&2; exit 1;;
  esac
done
cd "$folder"
if [ -n "$second" ]; then bash "$script" >&2; echo 4712; exit; fi
for task in $(seq 1 "$last"); do SLURM_ARRAY_TASK_ID=$task bash "$script" >&2; done
echo "4711;cluster"
"##;

#[test]
fn slurm_gets_a_job_array_and_a_job_that_joins_it() {
    let (programs, folder) = (folder(&[]), folder(&[]));
    let (programs, folder) = (programs.path(), folder.path());
    let sbatch = programs.join("sbatch");
    fs::write(&sbatch, SBATCH).expect("written");
    fs::set_permissions(&sbatch, fs::Permissions::from_mode(0o755)).expect("a program");
    fs::write(folder.join("s.yaml"), EXPERIMENT).expect("written");
    let flags = [
        "sweep",
        "s.yaml",
        "--engine",
        "slurm",
        "--tasks",
        "5",
        "--engine-option=--time=1:00:00",
        "--out",
        "t.csv",
    ];
    let output = brainmass_with(programs, folder, &flags);
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    assert!(said.contains("submitted job 4711 of 5 tasks (t.tasks.sh), and job 4712"), "{said}");
    assert!(folder.join("t.5-of-5.journal").exists());
    assert_eq!(fs::read_to_string(folder.join("t.csv")).expect("results"), expected());

    // What it would not take is told as it tells it.
    let output = brainmass_with(programs, folder, &[&flags[..6], &["--engine-option=--bogus"]].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.contains("unrecognized option '--bogus'"), "{errors}");
}

#[test]
fn an_engine_that_is_not_there_is_told() {
    let folder = folder(&[]);
    fs::write(folder.path().join("s.yaml"), EXPERIMENT).expect("written");
    for (engine, program) in [("slurm", "sbatch"), ("hyperqueue", "hq")] {
        let output = brainmass(folder.path(), &["sweep", "s.yaml", "--engine", engine])
            .env("PATH", "/nonexistent")
            .output()
            .expect("the command runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(&format!("cannot run `{program}`")), "{errors}");
    }
}

/// A process of HyperQueue, which ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Finds `hq`: where `BRAINMASS_HQ` says, or on the path.
fn hq() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("BRAINMASS_HQ") {
        return Some(PathBuf::from(path));
    }
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join("hq"))
        .find(|path| path.is_file())
}

#[test]
fn hyperqueue_ends_with_the_same_results_though_a_worker_is_killed() {
    let Some(hq) = hq() else {
        println!("skipped: there is no `hq` on this machine; say where it is with BRAINMASS_HQ");
        return;
    };
    let programs = hq.parent().expect("a folder").to_owned();
    let (server, folder) = (folder(&[]), folder(&[]));
    let (server, folder) = (server.path(), folder.path());
    fs::write(folder.join("s.yaml"), EXPERIMENT).expect("written");
    let start = |arguments: &[&str]| {
        let child = Command::new(&hq)
            .args(arguments)
            .arg("--server-dir")
            .arg(server)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("HyperQueue starts");
        Process(child)
    };
    let _server = start(&["server", "start"]);
    let began = Instant::now();
    let is_up = || {
        let asked = Command::new(&hq).args(["server", "info", "--server-dir"]).arg(server).output();
        asked.is_ok_and(|output| output.status.success())
    };
    while !is_up() {
        assert!(began.elapsed() < Duration::from_secs(60), "the server does not start");
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut first = start(&["worker", "start", "--cpus", "1"]);
    let _second = start(&["worker", "start", "--cpus", "1"]);
    let sweep = brainmass(folder, &["sweep", "s.yaml", "--engine", "hyperqueue", "--tasks", "20"])
        .env("HQ_SERVER_DIR", server)
        .env("PATH", format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    // In the middle: when some shards have their journals and others have not.
    let journals = || {
        let entries = fs::read_dir(folder).expect("the folder").flatten();
        entries.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "journal")).count()
    };
    let began = Instant::now();
    while journals() < 5 {
        assert!(began.elapsed() < Duration::from_secs(120), "no task starts");
        std::thread::sleep(Duration::from_millis(20));
    }
    let seen = journals();
    first.0.kill().expect("a worker that may be killed");
    assert!(seen < 20, "all tasks had begun already");
    let output = sweep.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(journals(), 20);
    assert_eq!(fs::read_to_string(folder.join("s.csv")).expect("results"), expected());
}
