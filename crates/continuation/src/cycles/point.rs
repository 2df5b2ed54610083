//! Cycles: their numbers, and special ones among them.

use brainmass_sim::dynamics::Complex64;

use super::collocation::{Condition, Cycle, Sizes, Solved, solve};
use super::profile::Profile;
use crate::equations::Equations;

/// The number of steps of Newton's method after which a cycle is given up.
const ITERATIONS: usize = 10;
/// The change, in sizes, below which Newton's method has converged.
const CONVERGED: f64 = 3e-9;
/// The change below which the linearisation before it is as good as that of the cycle itself: multipliers of small cycles, which are near 1, change by a
/// hundred times as much.
const NEAR: f64 = 3e-8;

/// A limit cycle at a value of what varies.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclePoint {
    /// The value of the parameter or input that varies, in its declared unit.
    pub value: f64,
    /// The period in ms.
    pub period: f64,
    /// The smallest value of each state over the period.
    pub min: Vec<f64>,
    /// The largest value of each state over the period.
    pub max: Vec<f64>,
    /// The Floquet multipliers without the one that is always 1, by falling magnitude.
    pub multipliers: Vec<Complex64>,
    /// The course over one period.
    pub profile: Profile,
}

impl CyclePoint {
    /// Counts the multipliers outside of the unit circle: 0 for a stable cycle.
    pub fn unstable(&self) -> usize {
        self.multipliers.iter().filter(|multiplier| multiplier.norm() > 1.0).count()
    }

    /// Returns whether perturbations decay in all directions across the cycle.
    pub fn is_stable(&self) -> bool {
        self.unstable() == 0
    }

    pub(crate) fn of(cycle: &Cycle, multipliers: Vec<Complex64>) -> Self {
        let (min, max) = cycle.profile.extremes();
        let (value, period, profile) = (cycle.value, cycle.period, cycle.profile.clone());
        Self { value, period, min, max, multipliers, profile }
    }

    pub(crate) fn cycle(&self) -> Cycle {
        Cycle { profile: self.profile.clone(), period: self.period, value: self.value }
    }
}

/// The kinds of special points of limit cycles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CycleKind {
    /// A fold, at which two cycles meet and vanish.
    Fold,
    /// A period doubling: a multiplier passes through -1, and cycles of twice the period branch off.
    PeriodDoubling,
    /// A Neimark-Sacker point: a pair of complex multipliers leaves the unit circle, and a torus is born.
    Torus,
    /// A branch point: a multiplier passes through 1 and the branch goes on, as cycles of symmetric models do.
    BranchPoint,
    /// A homoclinic orbit: the period grows without bounds, and the cycle ends in a saddle.
    Homoclinic,
    /// A saddle-node on an invariant circle: the period grows without bounds, and the cycle ends in a fold of equilibria.
    SaddleNodeOnCircle,
}

impl CycleKind {
    /// Returns the letters by which the literature knows the kind.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Fold => "LPC",
            Self::PeriodDoubling => "PD",
            Self::Torus => "NS",
            Self::BranchPoint => "BPC",
            Self::Homoclinic => "HOM",
            Self::SaddleNodeOnCircle => "SNIC",
        }
    }

    /// Returns the name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fold => "fold of cycles",
            Self::PeriodDoubling => "period doubling",
            Self::Torus => "Neimark-Sacker",
            Self::BranchPoint => "branch point of cycles",
            Self::Homoclinic => "homoclinic orbit",
            Self::SaddleNodeOnCircle => "saddle-node on an invariant circle",
        }
    }
}

/// A special point of a branch of cycles.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecialCycle {
    /// The kind of the point.
    pub kind: CycleKind,
    /// The value at which it lies. For homoclinic orbits and saddle-nodes on a circle, to which cycles only tend, the limit.
    pub value: f64,
    /// The cycle; for homoclinic orbits and saddle-nodes on a circle, the last one that was followed.
    pub cycle: CyclePoint,
}

/// Finds the cycle near a guess by Newton's method. Returns the cycle, the number of steps, and the linearisation from which the last of them was made.
pub(crate) fn correct(
    equations: &Equations,
    guess: &Cycle,
    condition: &Condition,
    sizes: &Sizes,
) -> Option<(Cycle, usize, Solved)> {
    newton(equations, guess, condition, sizes, |size, _| size < CONVERGED)
}

/// Finds the cycle near a guess, as [`correct`] does, and leaves out the last step where the steps before tell that it would be rounding; it is counted all the
/// same.
pub(super) fn correct_ahead(
    equations: &Equations,
    guess: &Cycle,
    condition: &Condition,
    sizes: &Sizes,
) -> Option<(Cycle, usize, Solved)> {
    // The steps of Newton's method become smaller like their squares.
    let is_foreseen = |size: f64, last: f64| size < NEAR && size * (size / last).powi(2) < 0.01 * CONVERGED;
    let found =
        newton(equations, guess, condition, sizes, |size, last| size < CONVERGED || is_foreseen(size, last));
    found.map(|(cycle, steps, solved)| {
        let left_out = usize::from(solved.size >= CONVERGED);
        (cycle, steps + left_out, solved)
    })
}

fn newton(
    equations: &Equations,
    guess: &Cycle,
    condition: &Condition,
    sizes: &Sizes,
    is_last: impl Fn(f64, f64) -> bool,
) -> Option<(Cycle, usize, Solved)> {
    let mut at = guess.clone();
    let mut last = f64::INFINITY;
    for iteration in 1..=ITERATIONS {
        let solved = solve(equations, &at, &guess.profile, guess, condition, sizes)?;
        let size = solved.size;
        if size > 20.0 || (iteration > 3 && size > 2.0 * last) {
            return None;
        }
        at = at.moved(&solved.change, 1.0);
        if at.period.is_nan() || at.period <= 0.0 {
            return None;
        }
        if is_last(size, last) || (size < 1e-7 && size > 0.3 * last) {
            return Some((at, iteration, solved));
        }
        last = size;
    }
    None
}

/// Finds the direction of the branch at a cycle, of size 1 and on the side of `like`, and the multipliers of the cycle.
pub(crate) fn direction(
    equations: &Equations,
    at: &Cycle,
    like: &Cycle,
    sizes: &Sizes,
) -> Option<(Cycle, Vec<Complex64>, Solved)> {
    let solved = solve(equations, at, &at.profile, at, &Condition::Across(like), sizes)?;
    let (direction, multipliers, _) = direction_of(&solved, like, sizes);
    Some((direction, multipliers, solved))
}

/// Takes the direction of the branch, of size 1 and on the side of `like`, the multipliers and the one of them that should be 1 from the linearisation at a cycle that
/// was solved for in the plane across `like`.
pub(crate) fn direction_of(
    solved: &Solved,
    like: &Cycle,
    sizes: &Sizes,
) -> (Cycle, Vec<Complex64>, Complex64) {
    let along = solved.along(sizes);
    let size = along.product(&along, sizes).sqrt();
    let sign = if along.product(like, sizes) < 0.0 { -1.0 } else { 1.0 };
    let (multipliers, trivial) = all_multipliers(solved);
    (along.times(sign / size), multipliers, trivial)
}

/// Computes the multipliers but for the one that is 1 along the cycle, by falling magnitude.
pub(super) fn multipliers(solved: &Solved) -> Vec<Complex64> {
    all_multipliers(solved).0
}

/// The multipliers, and the one that is 1 along the cycle; infinite where there are none.
fn all_multipliers(solved: &Solved) -> (Vec<Complex64>, Complex64) {
    let mut all = solved.monodromy.eigenvalues();
    let distance = |value: &Complex64| (value - 1.0).norm();
    let trivial = (0..all.len()).min_by(|a, b| distance(&all[*a]).total_cmp(&distance(&all[*b])));
    let trivial = trivial.map_or(Complex64::new(f64::INFINITY, 0.0), |trivial| all.remove(trivial));
    if let [only] = &mut all[..] {
        // Two states have two multipliers, of which one is 1, so that the other is their product. The eigenvalues of the monodromy matrix are lost to rounding along a
        // canard, where perturbations grow by many orders of magnitude before they shrink again.
        *only = Complex64::new(solved.growth.exp(), 0.0);
    }
    all.sort_by(|a, b| b.norm().total_cmp(&a.norm()).then(b.im.total_cmp(&a.im)));
    (all, trivial)
}

/// Returns the sizes by which changes of a cycle are measured, in a range of so much width.
pub(crate) fn sizes(cycle: &Cycle, range: f64) -> Sizes {
    Sizes { states: cycle.profile.scale(), period: cycle.period, value: range }
}

/// Solves for a cycle at the value of a guess, on meshes that are refined until the period stays.
pub(super) fn refined(equations: &Equations, guess: &Cycle, range: f64) -> Option<CyclePoint> {
    let mut at = guess.clone();
    let mut best: Option<(Cycle, Vec<Complex64>)> = None;
    let mut intervals = (2 * guess.profile.intervals()).max(60);
    for _ in 0..4 {
        at = at.moved_to(&at.profile.adapted_mesh(intervals).0);
        let sizes = sizes(&at, range);
        let Some((found, _, solved)) = correct(equations, &at, &Condition::Value, &sizes) else { break };
        let multipliers = multipliers(&solved);
        let settled = best.as_ref().is_some_and(|(before, others)| {
            let multipliers = multipliers.iter().zip(others);
            (before.period - found.period).abs() < 1e-9 * found.period
                && multipliers.map(|(a, b)| (a - b).norm()).fold(0.0, f64::max) < 1e-8
        });
        at = found.clone();
        best = Some((found, multipliers));
        if settled {
            break;
        }
        intervals = intervals * 3 / 2;
    }
    best.map(|(cycle, multipliers)| CyclePoint::of(&cycle, multipliers))
}
