//! Cycles whose periods grow without bounds end in a saddle or in a fold of equilibria; this tells in which.

use super::branch::{CycleBranch, CycleEnd};
use super::point::{CycleKind, SpecialCycle};
use crate::equilibria::{SpecialEquilibrium, SpecialKind};

/// Recognises the end of a branch whose period grows without bounds.
pub(super) fn recognise(
    branch: &CycleBranch,
    special: &[&SpecialEquilibrium],
    range: f64,
) -> Option<SpecialCycle> {
    if branch.end != CycleEnd::LongPeriod {
        return None;
    }
    let [.., before, last] = &branch.cycles[..] else { return None };
    // Near a saddle-node on a circle the period grows as the distance to the power of -1/2.
    let (a, b) = (before.period.powi(-2), last.period.powi(-2));
    let limit = last.value - b * (before.value - last.value) / (a - b);
    let passes = |fold: &SpecialEquilibrium| {
        let nearest = (0..last.profile.n_nodes()).map(|node| {
            let state = last.profile.node(node);
            (0..state.len())
                .map(|i| {
                    let width = (last.max[i] - last.min[i]).max(1e-12);
                    ((state[i] - fold.point.states[i]) / width).abs()
                })
                .fold(0.0, f64::max)
        });
        nearest.fold(f64::INFINITY, f64::min) < 0.1
    };
    let fold = special.iter().find(|point| {
        let distance = (point.point.value - limit).abs();
        point.kind == SpecialKind::Fold && distance < 2e-4 * range && passes(point)
    });
    let (kind, value) = match fold {
        Some(fold) => (CycleKind::SaddleNodeOnCircle, fold.point.value),
        None => (CycleKind::Homoclinic, last.value),
    };
    Some(SpecialCycle { kind, value, cycle: last.clone() })
}
