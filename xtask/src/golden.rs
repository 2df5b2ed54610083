//! `cargo xtask golden`: reference cases against this library.

use std::path::Path;

use brainmass::engine::EngineKind;
use brainmass_tests::golden::{Count, Outcome, models, run_folder};

/// Runs a folder and prints a line a file, then the sum.
pub fn run(folder: &Path, verbose: bool, engine: &str) -> Result<(), String> {
    let engines = [EngineKind::Compiled, EngineKind::Interpreted];
    let kind = engines.into_iter().find(|kind| kind.name() == engine);
    models::run_with(kind.ok_or("the engine is `compiled` or `interpreted`")?);
    let reports = run_folder(folder).map_err(|error| error.to_string())?;
    let width = reports.iter().map(|report| report.name.len()).max().unwrap_or(0);
    let mut all = Count::default();
    for report in &reports {
        let count = report.count();
        all.passed += count.passed;
        all.failed += count.failed;
        all.skipped += count.skipped;
        let worst = if count.passed > 0 {
            format!(", worst deviation {:.1e}", report.worst())
        } else {
            String::new()
        };
        println!(
            "{:<width$}  {:>3} passed, {:>3} failed, {:>3} skipped{worst}",
            report.name, count.passed, count.failed, count.skipped
        );
        for (id, outcome) in &report.outcomes {
            match outcome {
                Outcome::Failed(why) => println!("    FAILED  {id}: {why}"),
                Outcome::Skipped(why) if verbose => println!("    skipped {id}: {why}"),
                _ => {}
            }
        }
    }
    println!("\n{} passed, {} failed, {} skipped", all.passed, all.failed, all.skipped);
    if all.failed > 0 { Err(format!("{} cases failed", all.failed)) } else { Ok(()) }
}
