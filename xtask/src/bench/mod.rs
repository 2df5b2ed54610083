//! `cargo xtask bench`: how fast the library is, beside plain kernels.

mod connections;
pub mod engines;
mod gradient;
mod horn;
mod measured;
pub mod models;
mod outcome;
mod reference;
mod scaling;
mod table;
mod workloads;

use std::process::Command;
use std::time::{Duration, Instant};

pub use scaling::run as scaling;

use measured::Measured;
use workloads::{ALL, Workload};

/// The least number of runs of each workload; the fastest counts.
const REPEATS: usize = 3;

/// Short ones are run more often: as long as this.
const ENOUGH: Duration = Duration::from_secs(4);

/// W9 in words, and what must be reached, ms.
const COLD: (&str, f64) = ("a cold process to the result of 300 ms of 90 Hopf nodes", 20.0);

/// Measures the workloads whose names start with `only`, prints the table, and writes it into the documentation if asked to.
pub fn run(only: &str, write: bool) -> Result<(), String> {
    let mut rows = Vec::new();
    for workload in ALL.iter().filter(|workload| workload.name.starts_with(only)) {
        let row = measure(workload)?;
        println!("{}", table::line(&row));
        rows.push(row);
    }
    let cold = if "W9".starts_with(only) || only.starts_with("W9") { Some(cold()?) } else { None };
    if let Some(cold) = cold {
        println!("W9: {}: {:.1} ms, must reach {} ms", COLD.0, cold.as_secs_f64() * 1e3, COLD.1);
    }
    let gradient = if "W7".starts_with(only) || only.starts_with("W7") {
        Some(gradient::measure(5 * REPEATS)?)
    } else {
        None
    };
    if let Some(cost) = gradient {
        println!("{}", table::gradient(cost));
    }
    if write {
        table::write(&rows, gradient, cold.map(|cold| (COLD.0, cold, COLD.1)))?;
    }
    let mut slow: Vec<&str> = rows.iter().filter(|row| row.ns() > row.target).map(|row| row.name).collect();
    if gradient.is_some_and(|cost| cost.ratio() > gradient::TARGET) {
        slow.push("W7 gradient");
    }
    if slow.is_empty() { Ok(()) } else { Err(format!("slower than the target: {}", slow.join(", "))) }
}

/// The same in an optimised build, which alone says anything.
pub fn optimised(arguments: &[String]) -> Result<(), String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--"]).args(arguments);
    let status = command.status().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err("the optimised build failed".to_owned()) }
}

/// Runs a workload once with the library, in a process of its own, and prints the peak of its memory in bytes, or the cold run.
pub fn child(name: &str) -> Result<(), String> {
    if name == "cold" {
        let values = workloads::cold().numbers();
        return if values.iter().all(|value| value.is_finite()) { Ok(()) } else { Err("not finite".into()) };
    }
    let workload = ALL.iter().find(|workload| workload.name == name).ok_or("no such workload")?;
    (workload.library)();
    println!("{}", peak_memory()?);
    Ok(())
}

fn measure(workload: &Workload) -> Result<Measured, String> {
    let (library, ours) = fastest(workload.library);
    let (plain, theirs) = fastest(workload.plain);
    compare(workload, &ours.numbers(), &theirs)?;
    let output = this(&["bench", "--child", workload.name])?;
    let memory = output.trim().parse().map_err(|_| format!("no number of bytes: {output}"))?;
    let Workload { name, what, node_steps, target, .. } = *workload;
    Ok(Measured { name, what, node_steps, target, library, plain, memory })
}

/// The shortest of several runs, and what the last one computed.
fn fastest<T>(run: impl Fn() -> T) -> (Duration, T) {
    let (mut best, mut spent) = (Duration::MAX, Duration::ZERO);
    let mut runs = 0;
    loop {
        let started = Instant::now();
        let outcome = run();
        let elapsed = started.elapsed();
        (runs, spent, best) = (runs + 1, spent + elapsed, best.min(elapsed));
        if runs >= REPEATS && spent >= ENOUGH {
            return (best, outcome);
        }
    }
}

/// The same work has the same outcome.
fn compare(workload: &Workload, ours: &[f64], theirs: &[f64]) -> Result<(), String> {
    if ours.len() != theirs.len() {
        return Err(format!("{}: {} numbers and {}", workload.name, ours.len(), theirs.len()));
    }
    let Some(tolerance) = workload.tolerance else { return Ok(()) };
    let largest = theirs.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let apart = ours.iter().zip(theirs).fold(0.0_f64, |apart, (a, b)| apart.max((a - b).abs()));
    if apart <= tolerance * largest {
        return Ok(());
    }
    Err(format!("{}: the plain kernel gives something else, by {apart:e} of {largest:e}", workload.name))
}

/// The shortest time that a fresh process takes from its start to its end.
fn cold() -> Result<Duration, String> {
    let one = |_| {
        let started = Instant::now();
        this(&["bench", "--child", "cold"]).map(|_| started.elapsed())
    };
    (0..10).map(one).try_fold(Duration::MAX, |best, time| Ok(best.min(time?)))
}

/// Runs this program and gives what it prints.
fn this(arguments: &[&str]) -> Result<String, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Linux counts it; elsewhere it is not known.
fn peak_memory() -> Result<u64, String> {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return Ok(0) };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes = line.trim().trim_end_matches("kB").trim();
    kilobytes.parse::<u64>().map(|kilobytes| kilobytes * 1024).map_err(|error| error.to_string())
}
