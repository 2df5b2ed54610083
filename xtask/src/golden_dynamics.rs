//! `cargo xtask golden-dynamics`: diagrams and spectra that others computed, against this library.

use std::path::Path;

use brainmass::Zoo;
use brainmass_tests::dynamics::run_folder;

/// Runs a folder and prints a line a file, those of what deviates, and the sum.
pub fn run(folder: &Path, only: &str) -> Result<(), String> {
    let zoo = Zoo::default();
    let reports = run_folder(folder, only, &|name| zoo.checked(name).map_err(|error| error.to_string()))?;
    let width = reports.iter().map(|report| report.name.len()).max().unwrap_or(0);
    let (mut compared, mut failed) = (0, 0);
    for report in &reports {
        let failures = report.failures();
        println!(
            "{:<width$}  {:>3} comparisons, {} failed",
            report.name,
            report.comparisons.len(),
            failures.len()
        );
        for failure in &failures {
            println!("    FAILED  {failure}");
        }
        compared += report.comparisons.len();
        failed += failures.len();
    }
    println!("\n{compared} comparisons, {failed} failed");
    if failed > 0 { Err(format!("{failed} comparisons failed")) } else { Ok(()) }
}
