//! Branches of cycles.

use brainmass_sim::dynamics::Complex64;

use super::collocation::{Condition, Cycle, Sizes, Solved};
use super::point::{
    CycleKind, CyclePoint, SpecialCycle, correct, correct_ahead, direction, direction_of, sizes,
};
use super::profile::Profile;
use super::start::Start;
use crate::equations::Equations;

/// The longest step, in sizes.
const LONGEST: f64 = 0.5;
/// The largest change of the value that varies from cycle to cycle, as a share of the range.
const LARGEST_SHARE: f64 = 0.04;
/// The shortest step, in sizes.
const SHORTEST: f64 = 1e-5;
/// The cosine of the largest angle between the directions at neighbouring cycles.
const LEAST_COSINE: f64 = 0.93;
/// The error of the polynomials, as a share of the widths of the states, that the mesh is to keep.
const MESH_ERROR: f64 = 1e-6;
/// The numbers of intervals between which meshes are chosen.
const INTERVALS: (usize, usize) = (16, 150);
/// The growth of the period, beside the shortest one of the branch, at which it counts as growing without bounds.
const LONG: f64 = 30.0;
/// The largest change of a multiplier near the unit circle from cycle to cycle.
const LARGEST_CHANGE: f64 = 0.4;

/// So many special cycles within this share of the range are a crowd.
const CROWD: usize = 6;
const CROWDED_WITHIN: f64 = 1e-3;

/// A connected curve of limit cycles.
#[derive(Debug, Clone, Default)]
pub struct CycleBranch {
    /// The cycles in their order along the curve. Special ones stand among them.
    pub cycles: Vec<CyclePoint>,
    /// The special cycles, each with its place among the cycles.
    pub special: Vec<(usize, SpecialCycle)>,
    /// The way in which the branch ends.
    pub end: CycleEnd,
}

impl CycleBranch {
    /// Cuts the branch where stability changes: ranges of cycles that are joined, each with whether its cycles are stable.
    pub fn stretches(&self) -> Vec<(std::ops::RangeInclusive<usize>, bool)> {
        let is_special = |place: usize| self.special.iter().any(|(at, _)| *at == place);
        let mut found: Vec<(std::ops::RangeInclusive<usize>, bool)> = Vec::new();
        for place in 1..self.cycles.len() {
            // At a special cycle a multiplier is on the unit circle to rounding: its neighbours decide.
            let of = if is_special(place) && !is_special(place - 1) { place - 1 } else { place };
            let is_stable = self.cycles[of].is_stable();
            match found.last_mut() {
                Some((range, stable)) if *stable == is_stable => *range = *range.start()..=place,
                _ => found.push((place - 1..=place, is_stable)),
            }
        }
        found
    }
}

/// The ways in which a branch of cycles ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CycleEnd {
    /// The branch ends at the end of the range.
    Range,
    /// The branch ends at an equilibrium, a Hopf point.
    Hopf,
    /// The period grows without bounds.
    LongPeriod,
    /// The branch comes back to its first cycle, or to a cycle of the branch that it branches off.
    Closed,
    /// Special cycles crowd: within a tiny part of the range the branch turns over and over, as it does near some homoclinic orbits and where slow and fast states
    /// make canards. It was not followed through all of them.
    Crowded,
    /// The computation was ended by its watch.
    Stopped,
    /// No further cycle could be found.
    #[default]
    Lost,
}

/// A cycle on the way.
#[derive(Clone)]
struct Node {
    cycle: Cycle,
    direction: Cycle,
    multipliers: Vec<Complex64>,
    /// Whether the multipliers are more than rounding: the one along the cycle is 1.
    is_exact: bool,
}

/// The signs that change at special cycles.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Signs {
    rises: bool,
    /// Real multipliers below -1.
    below: usize,
    /// Real multipliers above 1.
    above: usize,
    /// Complex multipliers outside of the unit circle.
    outside: usize,
}

impl Node {
    fn signs(&self) -> Signs {
        let is_real = |value: &&Complex64| value.im.abs() <= 1e-9 * value.norm();
        let count =
            |is: &dyn Fn(&Complex64) -> bool| self.multipliers.iter().filter(|value| is(value)).count();
        Signs {
            rises: self.direction.value > 0.0,
            below: count(&|value| is_real(&value) && value.re < -1.0),
            above: count(&|value| is_real(&value) && value.re > 1.0),
            outside: count(&|value| !is_real(&value) && value.norm() > 1.0),
        }
    }
}

/// The range in which cycles are followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub from: f64,
    pub to: f64,
}

impl Limits {
    pub fn width(self) -> f64 {
        self.to - self.from
    }
}

/// Makes a point of the way from a cycle.
fn node(equations: &Equations, cycle: Cycle, like: &Cycle, measure: &Sizes) -> Option<Node> {
    let (_, _, solved) = direction(equations, &cycle, like, measure)?;
    Some(node_of(cycle, like, measure, &solved))
}

/// Makes a point of the way from a cycle that was solved for in the plane across `like`, with its linearisation.
fn node_of(cycle: Cycle, like: &Cycle, measure: &Sizes, solved: &Solved) -> Node {
    let (direction, multipliers, trivial) = direction_of(solved, like, measure);
    Node { cycle, direction, multipliers, is_exact: (trivial - 1.0).norm() < 1e-3 }
}

/// Follows a branch from its first cycle in one direction, over so many cycles at most.
pub(super) fn follow(equations: &Equations, start: Start, limits: Limits, most: usize) -> CycleBranch {
    let mut branch = CycleBranch::default();
    let mut measure = sizes(&start.cycle, limits.width());
    let Some(mut at) = node(equations, start.cycle, &start.direction, &measure) else { return branch };
    branch.cycles.push(CyclePoint::of(&at.cycle, at.multipliers.clone()));
    let beginning = at.clone();
    let begun = amplitude(&at.cycle, &measure.states);
    let (mut length, mut shortest_period, mut unchanged) = (0.1 * LONGEST, at.cycle.period, 0);
    while branch.cycles.len() < most {
        if !equations.watch().goes_on() {
            branch.end = CycleEnd::Stopped;
            return branch;
        }
        if length < SHORTEST {
            // The last steps tell whether the period was about to grow without bounds.
            let is_long = at.cycle.period > 0.25 * LONG * shortest_period;
            let is_small = amplitude(&at.cycle, &measure.states) < begun;
            branch.end = match (is_long, is_small) {
                (true, _) => CycleEnd::LongPeriod,
                (false, true) => CycleEnd::Hopf,
                (false, false) => CycleEnd::Lost,
            };
            return branch;
        }
        let share = (at.direction.value / limits.width()).abs();
        if share * length > LARGEST_SHARE {
            length = LARGEST_SHARE / share;
        }
        let guess = at.cycle.moved(&at.direction, length);
        let stepped = (guess.period > 0.0)
            .then(|| correct_ahead(equations, &guess, &Condition::Across(&at.direction), &measure))
            .flatten();
        let Some((mut next, iterations, solved)) = stepped else {
            length *= 0.5;
            continue;
        };
        let mut ends = None;
        if next.value < limits.from || next.value > limits.to {
            let bound = if next.value < limits.from { limits.from } else { limits.to };
            let share = (bound - at.cycle.value) / (next.value - at.cycle.value);
            let mut guess = at.cycle.moved(&next.moved(&at.cycle, -1.0), share);
            guess.value = bound;
            let Some((end, _, _)) = correct(equations, &guess, &Condition::Value, &measure) else {
                length *= 0.5;
                continue;
            };
            next = end;
            ends = Some(CycleEnd::Range);
        }
        // Beyond the Hopf point at its end the branch comes back, half a period later.
        if branch.cycles.len() > 2 && overlap(&at.cycle.profile, &next.profile, &measure) < 0.0 {
            branch.end = CycleEnd::Hopf;
            return branch;
        }
        let node = match ends {
            None => Some(node_of(next, &at.direction, &measure, &solved)),
            Some(_) => node(equations, next, &at.direction, &measure),
        };
        let Some(node) = node else {
            length *= 0.5;
            continue;
        };
        let cosine = node.direction.product(&at.direction, &measure);
        let jumps = at.is_exact && node.is_exact && has_jumped(&at.multipliers, &node.multipliers);
        if (cosine < LEAST_COSINE && length > 20.0 * SHORTEST) || (jumps && length > 0.1 * LONGEST) {
            length *= 0.5;
            continue;
        }
        // The first direction, from the Hopf point, is none of the branch itself.
        if branch.cycles.len() > 1 && record(equations, &mut branch, &at, &node, length, limits) {
            branch.end = CycleEnd::Hopf;
            return branch;
        }
        branch.cycles.push(CyclePoint::of(&node.cycle, node.multipliers.clone()));
        equations.watch().cycle();
        shortest_period = shortest_period.min(node.cycle.period);
        if node.cycle.period > LONG * shortest_period {
            ends = Some(CycleEnd::LongPeriod);
        }
        if branch.cycles.len() > 10 && has_returned(&node.cycle, &beginning.cycle, &measure, length) {
            ends = Some(CycleEnd::Closed);
        }
        if let Some(end) = ends {
            branch.end = end;
            return branch;
        }
        if is_crowded(&branch, shortest_period, limits) {
            branch.end = CycleEnd::Crowded;
            return branch;
        }
        at = node;
        (at, unchanged) = remeshed(at, unchanged);
        measure = sizes(&at.cycle, limits.width());
        let size = at.direction.product(&at.direction, &measure).sqrt();
        at.direction = at.direction.times(1.0 / size);
        length = match iterations {
            0..=4 if cosine > 0.98 => (2.0 * length).min(LONGEST),
            0..=5 => length,
            _ => 0.6 * length,
        };
    }
    branch
}

/// Whether the last special cycles of a branch, of long periods, lie within a tiny part of the range.
fn is_crowded(branch: &CycleBranch, shortest_period: f64, limits: Limits) -> bool {
    let Some(from) = branch.special.len().checked_sub(CROWD) else { return false };
    let last = &branch.special[from..];
    let values = last.iter().map(|(_, special)| special.value);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (f64::min(low, value), f64::max(high, value))
    });
    high - low < CROWDED_WITHIN * limits.width()
        && last.iter().all(|(_, special)| special.cycle.period > 1.5 * shortest_period)
}

/// Moves a cycle to a mesh that suits it, where the present one does not; counts the steps since the last move.
fn remeshed(at: Node, unchanged: usize) -> (Node, usize) {
    let (count, (least, most)) = (at.cycle.profile.intervals(), INTERVALS);
    let (mesh, error) = at.cycle.profile.adapted_mesh(count);
    let factor = (error / MESH_ERROR).powf(0.2);
    let wanted = ((count as f64 * factor).ceil() as usize).clamp(least, most);
    if wanted <= count && wanted * 3 > count * 2 && unchanged < 3 {
        return (at, unchanged + 1);
    }
    let mesh = if wanted == count { mesh } else { at.cycle.profile.adapted_mesh(wanted).0 };
    let node = Node {
        cycle: at.cycle.moved_to(&mesh),
        direction: at.direction.moved_to(&mesh),
        multipliers: at.multipliers,
        is_exact: at.is_exact,
    };
    (node, 0)
}

/// The largest width of a state beside its size at rest.
fn amplitude(cycle: &Cycle, states: &[f64]) -> f64 {
    let profile = &cycle.profile;
    (0..profile.n)
        .map(|state| {
            let all = (0..profile.n_nodes()).map(|node| profile.node(node)[state]);
            let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (f64::min(low, x), f64::max(high, x))
            });
            (high - low) / states[state]
        })
        .fold(0.0, f64::max)
}

/// The product of the courses of two cycles around their means: negative where one is half a period behind the other.
fn overlap(a: &Profile, b: &Profile, sizes: &Sizes) -> f64 {
    let count = a.n_nodes();
    (0..a.n)
        .map(|state| {
            let mean = |profile: &Profile| {
                (0..count).map(|node| profile.node(node)[state]).sum::<f64>() / count as f64
            };
            let (mean_a, mean_b) = (mean(a), mean(b));
            let products =
                (0..count).map(|node| (a.node(node)[state] - mean_a) * (b.node(node)[state] - mean_b));
            products.sum::<f64>() / (sizes.states[state] * sizes.states[state])
        })
        .sum()
}

/// Whether a multiplier near the unit circle has changed so much that it may have crossed the circle unseen.
fn has_jumped(a: &[Complex64], b: &[Complex64]) -> bool {
    let near = |value: &Complex64| (0.3..3.0).contains(&value.norm());
    let nearest = |value: &Complex64, others: &[Complex64]| {
        others.iter().map(|other| (value - other).norm()).fold(f64::INFINITY, f64::min)
    };
    let far = |from: &[Complex64], to: &[Complex64]| {
        from.iter().filter(|value| near(value)).any(|value| nearest(value, to) > LARGEST_CHANGE)
    };
    far(a, b) || far(b, a)
}

/// Whether a cycle is the first one again.
fn has_returned(cycle: &Cycle, first: &Cycle, sizes: &Sizes, length: f64) -> bool {
    let (value, period) =
        ((cycle.value - first.value) / sizes.value, (cycle.period - first.period) / sizes.period);
    let (low, high) = cycle.profile.extremes();
    let (first_low, first_high) = first.profile.extremes();
    let changes = (0..sizes.states.len())
        .map(|i| ((low[i] - first_low[i]).abs() + (high[i] - first_high[i]).abs()) / sizes.states[i]);
    value.abs() + period.abs() + changes.fold(0.0, f64::max) < 0.3 * length
}

/// Adds the special cycles between two neighbours to a branch. Returns whether the branch shrinks to an equilibrium between them.
fn record(
    equations: &Equations,
    branch: &mut CycleBranch,
    from: &Node,
    to: &Node,
    length: f64,
    limits: Limits,
) -> bool {
    let (a, b) = (from.signs(), to.signs());
    let mut kinds = Vec::new();
    if a.rises != b.rises {
        kinds.push(CycleKind::Fold);
    } else if a.above.abs_diff(b.above) == 1 && from.is_exact && to.is_exact {
        kinds.push(CycleKind::BranchPoint);
    }
    if !(from.is_exact && to.is_exact) {
        // Multipliers that are rounding tell nothing.
    } else if a.below.abs_diff(b.below) == 1 {
        kinds.push(CycleKind::PeriodDoubling);
    }
    // Two real multipliers that become a pair outside of the circle have not crossed it.
    if from.is_exact
        && to.is_exact
        && a.outside != b.outside
        && a.outside + a.above + a.below != b.outside + b.above + b.below
    {
        kinds.push(CycleKind::Torus);
    }
    // Beside a Hopf point a multiplier is 1 to rounding.
    let counts = |kind: CycleKind| {
        let sizes = [from, to].map(|node| test(kind, node).map_or(0.0, f64::abs));
        kind == CycleKind::Fold || sizes[0].max(sizes[1]) > 1e-6
    };
    let states = sizes(&from.cycle, limits.width()).states;
    for kind in kinds.into_iter().filter(|kind| counts(*kind)) {
        if let Some(special) = locate(equations, kind, from, to, length, limits) {
            // A fold lies between its neighbours; at an equilibrium the branch turns as well.
            let [least, a, b] =
                [&special.cycle.cycle(), &from.cycle, &to.cycle].map(|it| amplitude(it, &states));
            if kind == CycleKind::Fold && least < 0.5 * a.min(b) {
                return true;
            }
            branch.special.push((branch.cycles.len(), special.clone()));
            branch.cycles.push(special.cycle);
        }
    }
    false
}

/// A number that passes through zero where a multiplier passes through -1.
pub(crate) fn doubling_test(multipliers: &[Complex64]) -> f64 {
    product(multipliers, -1.0)
}

/// The product of the differences of all multipliers to a number, which goes on where two real ones become a pair.
fn product(multipliers: &[Complex64], to: f64) -> f64 {
    multipliers.iter().map(|value| (value - to) / (1.0 + value.norm())).product::<Complex64>().re
}

/// A number that passes through zero at a special cycle.
fn test(kind: CycleKind, node: &Node) -> Option<f64> {
    match kind {
        CycleKind::Fold => Some(node.direction.value),
        CycleKind::PeriodDoubling => Some(doubling_test(&node.multipliers)),
        CycleKind::BranchPoint => Some(product(&node.multipliers, 1.0)),
        CycleKind::Torus => {
            let pairs = node
                .multipliers
                .iter()
                .enumerate()
                .flat_map(|(i, a)| node.multipliers[..i].iter().map(move |b| (a * b).re - 1.0));
            let complex = node.multipliers.iter().filter(|value| value.im > 1e-9 * value.norm());
            let radii = complex.map(|value| value.norm_sqr() - 1.0);
            let nearest = |a: &f64, b: &f64| a.abs().total_cmp(&b.abs());
            radii.min_by(nearest).or_else(|| pairs.min_by(nearest))
        }
        CycleKind::Homoclinic | CycleKind::SaddleNodeOnCircle => None,
    }
}

/// Finds the special cycle between two neighbours on a fine mesh, by false position (Illinois).
fn locate(
    equations: &Equations,
    kind: CycleKind,
    from: &Node,
    to: &Node,
    length: f64,
    limits: Limits,
) -> Option<SpecialCycle> {
    let intervals = (2 * from.cycle.profile.intervals()).max(80);
    let mesh = from.cycle.profile.adapted_mesh(intervals).0;
    let (base, along) = (from.cycle.moved_to(&mesh), from.direction.moved_to(&mesh));
    let measure = sizes(&base, limits.width());
    let size = along.product(&along, &measure).sqrt();
    let node_at = |by: f64| -> Option<Node> {
        let guess = base.moved(&along, by);
        let (cycle, _, solved) = correct(equations, &guess, &Condition::Across(&along), &measure)?;
        Some(node_of(cycle, &along, &measure, &solved))
    };
    // The end of the step, measured along the direction.
    let end = along.product(&to.cycle.moved_to(&mesh).moved(&base, -1.0), &measure) / (size * size);
    let end = if end.is_finite() && end > 0.0 { end } else { length / size };
    let (mut low, mut high) = (0.0, end);
    let (mut at_low, mut at_high) = (test(kind, &node_at(low)?)?, test(kind, &node_at(high)?)?);
    let mut best: Option<(f64, Node)> = None;
    let mut side = 0;
    for _ in 0..40 {
        if at_low * at_high > 0.0 {
            break;
        }
        let mut middle = (low * at_high - high * at_low) / (at_high - at_low);
        if !(middle > low && middle < high) {
            middle = 0.5 * (low + high);
        }
        let node = node_at(middle)?;
        let value = test(kind, &node)?;
        if best.as_ref().is_none_or(|(before, _)| value.abs() < before.abs()) {
            best = Some((value, node));
        }
        if value.abs() < 1e-11 || high - low < 1e-12 * end {
            break;
        }
        if (value > 0.0) == (at_high > 0.0) {
            (high, at_high) = (middle, value);
            if side == 1 {
                at_low *= 0.5;
            }
            side = 1;
        } else {
            (low, at_low) = (middle, value);
            if side == -1 {
                at_high *= 0.5;
            }
            side = -1;
        }
    }
    let (value, node) = best?;
    if kind != CycleKind::Fold && value.abs() > 1e-5 {
        return None;
    }
    let cycle = CyclePoint::of(&node.cycle, node.multipliers);
    Some(SpecialCycle { kind, value: cycle.value, cycle })
}
