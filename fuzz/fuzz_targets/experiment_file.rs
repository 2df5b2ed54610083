//! Any text as an experiment file: it is refused with a report, or it runs a few steps, and ends. It never crashes, hangs, or takes more memory
//! than it was given.
#![no_main]

use brainmass::RunError;
use brainmass::experiment::{Limits, Reader};
use libfuzzer_sys::fuzz_target;

/// The largest number of steps times nodes that is run.
const MOST_WORK: usize = 200_000;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // A file may raise the limits, which is its right, and wait for a terabyte.
    if text.contains("memory") || text.contains("steps") {
        return;
    }
    let limits = Limits { memory: Some(64 << 20), steps: 20_000 };
    let experiment = match Reader::new().limits(limits).read("fuzzed.yaml", text) {
        Ok(experiment) => experiment,
        Err(report) => {
            assert!(!report.render(false).is_empty());
            return;
        }
    };
    let nodes: usize =
        experiment.network.named_groups().map(|(_, model)| model.population().nodes()).sum();
    let steps = experiment.timing.duration / experiment.timing.dt;
    if steps * nodes as f64 > MOST_WORK as f64 {
        return;
    }
    match experiment.run() {
        Ok(run) => assert!(run.ts.iter().all(|time| time.is_finite())),
        Err(RunError::Diverged { .. }) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
