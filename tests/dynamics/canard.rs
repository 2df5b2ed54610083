//! Cycles that follow a repelling slow curve, along which perturbations grow by many orders of magnitude.

use brainmass::continuation::{CycleKind, Diagram, Range, Setting};

use crate::model;

/// The equations of FitzHugh (1961), which `v -> -v`, `w -> 1.75 - w`, `I -> 1.75 - I` takes into themselves.
const FITZHUGH: &str = "states: {v: {init: -1.2}, w: {init: -0.6}}\n\
    parameters: {I: {default: 0.5, doc: current}}\n\
    derivatives: {v: v - v^3/3 - w + I, w: '0.08*(v + 0.7 - 0.8*w)'}\n";

#[test]
fn stability_changes_at_the_folds_and_nowhere_else() {
    let model = model(FITZHUGH);
    let diagram =
        Diagram::new(&model, &Setting::of(&model), "I", Range::new(0.0, 2.0)).expect("it is continued");
    let [branch] = &diagram.cycles.branches[..] else { panic!("{} branches", diagram.cycles.branches.len()) };
    let folds: Vec<usize> = branch
        .special
        .iter()
        .filter(|(_, special)| special.kind == CycleKind::Fold)
        .map(|(place, _)| *place)
        .collect();
    let [first, last] = folds[..] else { panic!("folds at {folds:?}") };
    for (place, cycle) in branch.cycles.iter().enumerate() {
        // At the folds themselves a multiplier is 1 to rounding.
        if !folds.contains(&place) {
            let is_between = place > first && place < last;
            assert_eq!(cycle.is_stable(), is_between, "cycle {place}, folds at {folds:?}");
        }
    }
    // What the symmetry takes into each other.
    let [left, right] = [first, last].map(|place| &branch.cycles[place]);
    assert!((left.value + right.value - 1.75).abs() < 1e-9, "{} {}", left.value, right.value);
    let heights = [left.max[0] + right.min[0], left.min[0] + right.max[0]];
    assert!(heights.iter().all(|sum| sum.abs() < 0.01), "{heights:?}");
}
