//! The reference cases of `tests/golden`.

use std::path::Path;

use brainmass_tests::golden::{Outcome, run_folder};

#[test]
fn every_reference_case_agrees() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/golden"));
    let reports = run_folder(folder).expect("the folder is part of the repository");
    let mut failures = Vec::new();
    let (mut passed, mut skipped) = (0, 0);
    for report in &reports {
        let count = report.count();
        passed += count.passed;
        skipped += count.skipped;
        crate::tell(&format!(
            "{}: {} passed, {} failed, {} skipped, worst deviation {:.1e}",
            report.name,
            count.passed,
            count.failed,
            count.skipped,
            report.worst()
        ));
        for (id, outcome) in &report.outcomes {
            if let Outcome::Failed(why) = outcome {
                failures.push(format!("{id}: {why}"));
            }
        }
    }
    crate::tell(&format!("{passed} cases passed, {} failed, {skipped} skipped", failures.len()));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(passed >= 700, "only {passed} cases ran: a runner is missing");
}
