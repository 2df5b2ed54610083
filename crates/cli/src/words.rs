//! Words about runs that several commands print.

use std::path::PathBuf;
use std::time::Duration;

use brainmass::Experiment;

/// Returns what the experiment is called; the titles of its models if it has no title.
pub fn title(experiment: &Experiment) -> String {
    let titles = || experiment.network.named_groups().map(|(_, model)| model.population().info().title);
    experiment.title.clone().unwrap_or_else(|| titles().collect::<Vec<_>>().join(" and "))
}

/// Returns file names between commas.
pub fn names(files: &[PathBuf]) -> String {
    files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Returns a duration by the clock, in the unit that suits it.
pub fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    match seconds {
        s if s >= 100.0 => format!("{s:.0} s"),
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.0} µs", s * 1e6),
    }
}
