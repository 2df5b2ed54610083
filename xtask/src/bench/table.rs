//! The table of what was measured, and its place in the documentation.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use super::gradient::{Cost, TARGET, WHAT};
use super::measured::Measured;

const BEGIN: &str = "<!-- begin: cargo xtask bench --write -->";
const END: &str = "<!-- end: cargo xtask bench --write -->";

/// A row for the terminal.
pub fn line(row: &Measured) -> String {
    format!(
        "{:<22} {:>8.2} ns (must reach {}), plain kernel {:.2} ns, {:.1} times faster, {:.0} MiB",
        row.name,
        row.ns(),
        row.target,
        row.plain_ns(),
        row.plain_ns() / row.ns(),
        mebibytes(row),
    )
}

/// The cost of a gradient for the terminal.
pub fn gradient(cost: Cost) -> String {
    let ((loss, both), ratio) = (cost.ns(), cost.ratio());
    format!(
        "W7 gradient            {both:>8.2} ns, {ratio:.1} times the {loss:.2} ns of the run (at most {TARGET})"
    )
}

/// Puts the table between its marks in `docs/performance.md`.
pub fn write(
    rows: &[Measured],
    gradient: Option<Cost>,
    cold: Option<(&str, Duration, f64)>,
) -> Result<(), String> {
    let path = crate::workspace::root().join("docs/performance.md");
    let page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let marks = page.find(BEGIN).zip(page.find(END)).filter(|(begin, end)| begin < end);
    let (begin, end) = marks.ok_or_else(|| format!("{} has lost its marks", path.display()))?;
    let page = format!("{}{BEGIN}\n{}{}", &page[..begin], markdown(rows, gradient, cold)?, &page[end..]);
    fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))
}

fn markdown(
    rows: &[Measured],
    gradient: Option<Cost>,
    cold: Option<(&str, Duration, f64)>,
) -> Result<String, String> {
    let mut text = format!("\nMeasured on {} on {}.\n\n", date()?, processor());
    text += "| | what | ns per node-step | must reach | plain kernel, ns | ratio | million node-steps/s | peak memory, MiB |\n";
    text += "|---|---|---:|---:|---:|---:|---:|---:|\n";
    for row in rows {
        let (ns, plain) = (row.ns(), row.plain_ns());
        let Measured { name, what, target, .. } = row;
        let rate = 1e3 / ns;
        let memory = mebibytes(row);
        let _ = writeln!(
            text,
            "| {name} | {what} | {ns:.2} | {target} | {plain:.2} | {:.1} | {rate:.0} | {memory:.0} |",
            plain / ns
        );
    }
    if let Some(cost) = gradient {
        let ((loss, both), ratio) = (cost.ns(), cost.ratio());
        let _ = writeln!(
            text,
            "| W7 gradient | {WHAT}: the run takes {loss:.2} ns, the gradient {ratio:.1} times that | {both:.2} | {TARGET} times the run | | | {:.0} | |",
            1e3 / both
        );
    }
    if let Some((what, time, target)) = cold {
        let _ = writeln!(text, "| W9 | {what} | {:.1} ms | {target} ms | | | | |", time.as_secs_f64() * 1e3);
    }
    text.push('\n');
    Ok(text)
}

fn mebibytes(row: &Measured) -> f64 {
    row.memory as f64 / f64::from(1 << 20)
}

/// Today, as the system says it.
pub fn date() -> Result<String, String> {
    let output = std::process::Command::new("date").arg("+%F").output().map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The processor's name, the number of processors in use, and the instruction set.
pub fn processor() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("an unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let set = brainmass::real::Simd::from_environment().map_or("unknown", |simd| simd.name());
    format!("{} with {cores} cores, instruction set `{set}`", name.trim_start_matches([' ', '\t', ':']))
}
