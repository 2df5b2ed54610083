//! Counts how often parameters are found again: drawn, simulated, forgotten, and fitted to summaries of the simulation.
//!
//! `cargo run --release -p brainmass-tests --example recover_parameters [seeds]`

use std::error::Error;
use std::time::Instant;

use brainmass_tests::recovery::{TOLERANCE, cases};

/// Points from which each fit begins.
const STARTS: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let seeds = std::env::args().nth(1).map_or(Ok(10), |seeds| seeds.parse())?;
    for case in &cases() {
        let began = Instant::now();
        let mut recovered = 0;
        for seed in 0..seeds {
            let (truth, fit, near) = case.recover(seed, STARTS)?;
            if !near {
                println!("  seed {seed}: {truth} was fitted as {} (loss {:.1e})", fit.best, fit.loss);
            }
            recovered += u64::from(near);
        }
        println!(
            "{}: {recovered} of {seeds} recovered to within {TOLERANCE} of the ranges, {:.1} s",
            case.name,
            began.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
