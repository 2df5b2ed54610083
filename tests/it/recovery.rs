//! Parameters are found again from summaries of their simulations. `cargo run --release -p brainmass-tests --example recover_parameters` tries
//! more of them, from more starting points, and says how often.

use brainmass_tests::recovery::{TOLERANCE, cases};

#[test]
fn drawn_parameters_are_recovered() {
    for case in &cases() {
        for seed in 0..3 {
            let (truth, fit, near) =
                case.recover(seed, 2).unwrap_or_else(|error| panic!("{}: {error}", case.name));
            let (name, found) = (case.name, &fit.best);
            assert!(near, "{name}, seed {seed}: {truth} fitted as {found}, beyond {TOLERANCE} of the ranges");
        }
    }
}
