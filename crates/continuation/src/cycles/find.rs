//! Cycles of a branch at a value, and whether two cycles are one.

use super::branch::CycleBranch;
use super::collocation::{Condition, Cycle};
use super::point::{CyclePoint, correct, refined, sizes};
use crate::equations::Equations;

/// The largest distance to the value, as a share of that between neighbours, from which a cycle is solved for at the value itself.
const NEAR: f64 = 0.02;

/// Finds all cycles of a branch at a value, each solved for on a fine mesh.
pub(super) fn find(equations: &Equations, branch: &CycleBranch, value: f64, range: f64) -> Vec<CyclePoint> {
    let mut found: Vec<CyclePoint> = Vec::new();
    for pair in branch.cycles.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if (a.value - value) * (b.value - value) > 0.0 {
            continue;
        }
        let share = if a.value == b.value { 0.5 } else { (value - a.value) / (b.value - a.value) };
        let to = b.cycle();
        let from = a.cycle().moved_to(&to.profile.mesh);
        let mut guess = from.moved(&to.moved(&from, -1.0), share);
        guess.value = value;
        // Beside a fold Newton's method may come to the cycle on the other side of it.
        let slack = 0.05 * (a.period - b.period).abs() + 1e-6 * a.period;
        let (low, high) = (a.period.min(b.period) - slack, a.period.max(b.period) + slack);
        let is_between = |point: &CyclePoint| point.period > low && point.period < high;
        let point = refined(equations, &guess, range).filter(is_between).or_else(|| {
            let near = between(equations, &from, &to, value, range)?;
            refined(equations, &near, range)
        });
        let Some(point) = point else { continue };
        if !found.iter().any(|other| is_same(other, &point)) {
            found.push(point);
        }
    }
    found
}

/// Finds a cycle near a value between two neighbours, along the way from one to the other, by false position.
fn between(equations: &Equations, from: &Cycle, to: &Cycle, value: f64, range: f64) -> Option<Cycle> {
    let measure = sizes(from, range);
    let way = to.moved(from, -1.0);
    let across = way.times(1.0 / way.product(&way, &measure).sqrt());
    let at = |share: f64| {
        let guess = from.moved(&way, share);
        correct(equations, &guess, &Condition::Across(&across), &measure).map(|(cycle, ..)| cycle)
    };
    let (mut low, mut high) = (0.0, 1.0);
    let (mut at_low, mut at_high) = (from.value - value, to.value - value);
    for _ in 0..30 {
        let middle = (low * at_high - high * at_low) / (at_high - at_low);
        let mut cycle = at(middle)?;
        let distance = cycle.value - value;
        if distance.abs() < NEAR * (to.value - from.value).abs() {
            cycle.value = value;
            return Some(cycle);
        }
        if (distance > 0.0) == (at_high > 0.0) {
            (high, at_high, at_low) = (middle, distance, 0.5 * at_low);
        } else {
            (low, at_low, at_high) = (middle, distance, 0.5 * at_high);
        }
    }
    None
}

/// Whether two cycles are one, whatever their phases.
pub(super) fn is_same(a: &CyclePoint, b: &CyclePoint) -> bool {
    let widths = a.max.iter().zip(&a.min).map(|(max, min)| max - min);
    let mut ends = a.min.iter().zip(&b.min).chain(a.max.iter().zip(&b.max)).zip(widths.clone().chain(widths));
    (a.period - b.period).abs() < 1e-6 * a.period
        && ends.all(|((a, b), width)| (a - b).abs() < 1e-5 * width.max(1e-12))
}
