//! `cargo xtask golden-zoo`: numbers of other packages against the models of this library.

use std::collections::BTreeMap;
use std::path::Path;

use brainmass_tests::golden::{Count, Outcome};
use brainmass_tests::golden_zoo::run_folder;

/// Runs a folder and prints a line a file with the reasons of what is skipped, then the sum.
pub fn run(folder: &Path) -> Result<(), String> {
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
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for (id, outcome) in &report.outcomes {
            match outcome {
                Outcome::Failed(why) => println!("    FAILED  {id}: {why}"),
                Outcome::Skipped(why) => *reasons.entry(why).or_default() += 1,
                Outcome::Passed(_) => {}
            }
        }
        reasons.iter().for_each(|(why, cases)| println!("    skipped {cases}: {why}"));
    }
    println!("\n{} passed, {} failed, {} skipped", all.passed, all.failed, all.skipped);
    if all.failed > 0 { Err(format!("{} cases failed", all.failed)) } else { Ok(()) }
}
