//! Branches of equilibria.

use super::locate::{CurveOfEquilibria, branch_point, fold, hopf, point_at};
use super::point::{EquilibriumPoint, SpecialEquilibrium, SpecialKind};
use crate::curve::{Scale, correct, correct_at, moved, tangent};
use crate::equations::Equations;

/// The number of points after which a branch is given up in one direction.
const MOST_POINTS: usize = 4000;
/// The shortest step, as a share of the range.
const SHORTEST: f64 = 1e-9;
/// The largest angle between the directions at neighbouring points, in radians.
const LARGEST_ANGLE: f64 = 0.25;
/// The number of times that a step is halved before a special point within it is solved for.
const HALVINGS: usize = 4;
/// The number of times that a step is halved at most.
const MOST_HALVINGS: usize = 30;

/// The range of a continuation and its longest step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settings {
    /// The lower end of the range of what varies.
    pub from: f64,
    /// The upper end.
    pub to: f64,
    /// The longest step, as a share of the range.
    pub longest: f64,
}

/// A connected curve of equilibria.
#[derive(Debug, Clone, Default)]
pub struct EquilibriumBranch {
    /// The points in their order along the curve. Special points stand among them.
    pub points: Vec<EquilibriumPoint>,
    /// The special points, each with its place among the points.
    pub special: Vec<(usize, SpecialEquilibrium)>,
    /// The places of the points behind which another piece of a piecewise model begins: its derivatives jump there.
    pub switches: Vec<usize>,
    /// Whether the curve returns to its first point.
    pub is_closed: bool,
}

impl EquilibriumBranch {
    /// Cuts the branch where stability changes: ranges of points that are joined, each with the number of unstable directions of its points.
    pub fn stretches(&self) -> Vec<(std::ops::RangeInclusive<usize>, usize)> {
        let is_special = |place: usize| self.special.iter().any(|(at, _)| *at == place);
        let mut found: Vec<(std::ops::RangeInclusive<usize>, usize)> = Vec::new();
        for place in 1..self.points.len() {
            // At a special point the count is that of rounding: its neighbours decide.
            let of = if is_special(place) && !is_special(place - 1) { place - 1 } else { place };
            let unstable = self.points[of].unstable();
            match found.last_mut() {
                Some((range, count)) if *count == unstable => *range = *range.start()..=place,
                _ => found.push((place - 1..=place, unstable)),
            }
        }
        found
    }
}

/// A point on the way, with what decides about special points.
#[derive(Debug, Clone)]
struct Node {
    variables: Vec<f64>,
    direction: Vec<f64>,
    sign: f64,
    unstable: usize,
    point: EquilibriumPoint,
    pieces: Vec<bool>,
}

/// A curve on the way.
struct Walk<'a> {
    equations: &'a Equations,
    settings: Settings,
    scale: Scale,
}

/// Follows the curve through an equilibrium, which must solve the equations, in both directions.
pub(crate) fn continue_both(equations: &Equations, start: &[f64], settings: Settings) -> EquilibriumBranch {
    let (mut forward, is_closed) = continue_from(equations, start, None, settings);
    if is_closed {
        return forward;
    }
    let n = equations.n_states();
    let mut back = vec![0.0; n + 1];
    back[n] = -1.0;
    let (backward, _) = continue_from(equations, start, Some(&back), settings);
    let offset = backward.points.len().saturating_sub(1);
    let mut branch = EquilibriumBranch::default();
    branch.points.extend(backward.points.into_iter().skip(1).rev());
    branch.special.extend(backward.special.into_iter().map(|(at, point)| (offset - at, point)).rev());
    branch.switches.extend(backward.switches.into_iter().rev().map(|at| offset - at - 1));
    branch.points.append(&mut forward.points);
    branch.special.extend(forward.special.into_iter().map(|(at, point)| (at + offset, point)));
    branch.switches.extend(forward.switches.into_iter().map(|at| at + offset));
    branch
}

/// Follows the curve from an equilibrium in the direction nearest to the one given, which is that of a rising value where none is given. Says whether
/// the curve returned to its start.
pub(crate) fn continue_from(
    equations: &Equations,
    start: &[f64],
    direction: Option<&[f64]>,
    settings: Settings,
) -> (EquilibriumBranch, bool) {
    let n = equations.n_states();
    let mut walk = Walk::new(equations, start, settings);
    let mut up = vec![0.0; n + 1];
    up[n] = 1.0;
    let Some(first) = walk.node(start, direction.unwrap_or(&up)) else {
        return (EquilibriumBranch::default(), false);
    };
    walk.follow(first)
}

impl<'a> Walk<'a> {
    fn new(equations: &'a Equations, start: &[f64], settings: Settings) -> Self {
        let n = equations.n_states();
        let mut scale = scale_of(equations, settings);
        scale.widen(&start[..n]);
        Self { equations, settings, scale }
    }

    fn node(&self, variables: &[f64], like: &[f64]) -> Option<Node> {
        let linear = self.equations.linearised(variables).1;
        let (direction, sign) = tangent(&linear, like, &self.scale);
        if direction.iter().any(|x| !x.is_finite()) {
            return None;
        }
        let point = point_at(self.equations, variables);
        let pieces = self.equations.switches(variables).iter().map(|x| *x > 0.0).collect();
        let unstable = point.unstable();
        Some(Node { variables: variables.to_vec(), direction, sign, unstable, point, pieces })
    }

    fn follow(&mut self, first: Node) -> (EquilibriumBranch, bool) {
        let n = self.equations.n_states();
        let Settings { from, to, longest } = self.settings;
        let mut branch = EquilibriumBranch { points: vec![first.point.clone()], ..Default::default() };
        let (mut at, mut length) = (first.clone(), 0.25 * longest);
        // A start on the edge of the range leads nowhere on one side.
        let leaves = |node: &Node| {
            (node.variables[n] <= from && node.direction[n] < 0.0)
                || (node.variables[n] >= to && node.direction[n] > 0.0)
        };
        if leaves(&at) {
            return (branch, false);
        }
        while branch.points.len() < MOST_POINTS && length > SHORTEST && self.equations.watch().goes_on() {
            let curve = CurveOfEquilibria(self.equations);
            let guess = moved(&at.variables, &at.direction, length);
            let Some((mut next, iterations)) = correct(&curve, &guess, &at.direction, &self.scale) else {
                length *= 0.5;
                continue;
            };
            let mut is_last = false;
            if next[n] < from || next[n] > to {
                let bound = if next[n] < from { from } else { to };
                let share = (bound - at.variables[n]) / (next[n] - at.variables[n]);
                let guess: Vec<f64> =
                    at.variables.iter().zip(&next).map(|(a, b)| a + share * (b - a)).collect();
                match correct_at(&curve, &guess, n, bound, &self.scale) {
                    Some(end) if self.distance(&end, &guess) < 0.5 * length + 1e-9 => next = end,
                    _ => {
                        length *= 0.5;
                        continue;
                    }
                }
                is_last = true;
            }
            let Some(node) = self.node(&next, &at.direction) else {
                length *= 0.5;
                continue;
            };
            let cosine = self.scale.product(&node.direction, &at.direction).clamp(-1.0, 1.0);
            if cosine.acos() > LARGEST_ANGLE && length > 1e-6 {
                length *= 0.5;
                continue;
            }
            self.record(&mut branch, &at, &node);
            branch.points.push(node.point.clone());
            self.equations.watch().point();
            let returned = branch.points.len() > 12
                && self.distance(&node.variables, &first.variables) < 0.6 * length
                && self.scale.product(&node.direction, &first.direction) > 0.9;
            if returned {
                branch.points.push(first.point.clone());
                branch.is_closed = true;
                return (branch, true);
            }
            self.scale.widen(&node.variables[..n]);
            at = node;
            at.direction = {
                let size = self.scale.size(&at.direction);
                at.direction.iter().map(|x| x / size).collect()
            };
            if is_last {
                break;
            }
            length = match iterations {
                0..=4 if cosine.acos() < 0.5 * LARGEST_ANGLE => (1.5 * length).min(longest),
                0..=6 => length,
                _ => 0.7 * length,
            };
        }
        (branch, false)
    }

    fn distance(&self, a: &[f64], b: &[f64]) -> f64 {
        self.scale.size(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>())
    }

    /// Adds the special points between two points to a branch, and where pieces of the model change.
    fn record(&self, branch: &mut EquilibriumBranch, from: &Node, to: &Node) {
        if from.pieces != to.pieces {
            branch.switches.push(branch.points.len() - 1);
        }
        let mut found = Vec::new();
        self.search(from, to, 0, &mut found);
        // A branch that turns at a branch point seems to have a fold there.
        let crossings: Vec<Vec<f64>> = found
            .iter()
            .chain(branch.special.iter().map(|(_, special)| special))
            .filter(|special| special.kind == SpecialKind::BranchPoint)
            .map(|special| special.point.variables())
            .collect();
        found.retain(|special| {
            special.kind != SpecialKind::Fold
                || crossings.iter().all(|at| self.distance(at, &special.point.variables()) > 1e-4)
        });
        for special in found {
            // A point may be found from both sides of it.
            let is_known = branch.special.last().is_some_and(|(_, last)| {
                last.kind == special.kind
                    && self.distance(&last.point.variables(), &special.point.variables()) < 1e-7
            });
            if !is_known {
                branch.special.push((branch.points.len(), special.clone()));
                branch.points.push(special.point);
            }
        }
    }

    /// Finds the special points between two points by halving, until each part has one at most.
    fn search(&self, from: &Node, to: &Node, depth: usize, found: &mut Vec<SpecialEquilibrium>) {
        let n = self.equations.n_states();
        let folds = from.direction[n] * to.direction[n] < 0.0;
        let crosses = from.sign != to.sign;
        let change = from.unstable.abs_diff(to.unstable);
        let turns = if folds || crosses { change > 1 } else { change >= 2 };
        let events = usize::from(folds) + usize::from(crosses) + usize::from(turns);
        if events == 0 {
            return;
        }
        let middle: Vec<f64> = from.variables.iter().zip(&to.variables).map(|(a, b)| 0.5 * (a + b)).collect();
        let width = self.distance(&from.variables, &to.variables);
        let is_near = |special: &SpecialEquilibrium| {
            self.distance(&special.point.variables(), &middle) < 1.5 * width + 1e-9
        };
        let last = depth >= MOST_HALVINGS;
        if depth >= HALVINGS && (events == 1 && change <= 2 || last) {
            let mut candidates = Vec::new();
            // On a branch that turns at a branch point, both signs change there.
            if crosses {
                candidates.extend(branch_point(self.equations, &middle, &self.scale));
            } else if folds {
                candidates.extend(fold(self.equations, &middle, &self.scale));
            }
            if turns {
                candidates.extend(self.hopf_between(from, to));
            }
            candidates.retain(is_near);
            if !candidates.is_empty() || last {
                found.append(&mut candidates);
                return;
            }
        }
        if last {
            return;
        }
        let chord: Vec<f64> =
            to.variables.iter().zip(&from.variables).map(|(b, a)| (b - a) / width).collect();
        let curve = CurveOfEquilibria(self.equations);
        let Some((between, _)) = correct(&curve, &middle, &chord, &self.scale) else { return };
        let Some(between) = self.node(&between, &chord) else { return };
        self.search(from, &between, depth + 1, found);
        self.search(&between, to, depth + 1, found);
    }

    /// Solves for the Hopf points between two points, from the complex eigenvalues that are nearest to the imaginary axis.
    fn hopf_between(&self, from: &Node, to: &Node) -> Vec<SpecialEquilibrium> {
        let mut found: Vec<SpecialEquilibrium> = Vec::new();
        for node in [from, to] {
            let mut values = node.point.eigenvalues.clone();
            values.retain(|value| value.im > 1e-7 * value.norm());
            values.sort_by(|a, b| a.re.abs().total_cmp(&b.re.abs()));
            for value in values.iter().take(1) {
                if let Some(point) = hopf(self.equations, &node.variables, *value, &self.scale)
                    && point.hopf.is_some_and(|hopf| hopf.frequency > 1e-9 * value.norm())
                    && found.is_empty()
                {
                    found.push(point);
                }
            }
        }
        found.retain(|point| point.kind == SpecialKind::Hopf);
        found
    }
}

/// The sizes by which changes of states and of the value that varies are measured at the start.
pub(crate) fn scale_of(equations: &Equations, settings: Settings) -> Scale {
    let states = equations.start().iter().map(|x| x.abs().max(1e-3));
    Scale(states.chain([settings.to - settings.from]).collect())
}

/// Finds all equilibria of a branch at a value, each solved for.
pub(crate) fn find(equations: &Equations, branch: &EquilibriumBranch, value: f64) -> Vec<EquilibriumPoint> {
    let n = equations.n_states();
    let mut found: Vec<EquilibriumPoint> = Vec::new();
    let mut scale = Scale(vec![1e-3; n + 1]);
    branch.points.iter().for_each(|point| scale.widen(&point.states));
    scale.0[n] = branch.points.iter().map(|point| point.value.abs()).fold(1e-3, f64::max);
    for pair in branch.points.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if (a.value - value) * (b.value - value) > 0.0 {
            continue;
        }
        let share = if a.value == b.value { 0.5 } else { (value - a.value) / (b.value - a.value) };
        let mut guess: Vec<f64> = a.states.iter().zip(&b.states).map(|(a, b)| a + share * (b - a)).collect();
        guess.push(value);
        let Some(solved) = correct_at(&CurveOfEquilibria(equations), &guess, n, value, &scale) else {
            continue;
        };
        let point = point_at(equations, &solved);
        let is_same = |other: &EquilibriumPoint| {
            let mut pairs = other.states.iter().zip(&point.states).zip(&scale.0);
            pairs.all(|((a, b), scale)| (a - b).abs() < 1e-7 * scale)
        };
        if !found.iter().any(is_same) {
            found.push(point);
        }
    }
    found
}

/// Returns whether a point lies on a branch.
pub(crate) fn is_on(equations: &Equations, branch: &EquilibriumBranch, point: &[f64]) -> bool {
    let n = equations.n_states();
    let mut scale = Scale(vec![1e-3; n + 1]);
    branch.points.iter().for_each(|point| scale.widen(&point.states));
    let close = |other: &EquilibriumPoint| {
        let mut pairs = other.states.iter().zip(point).zip(&scale.0);
        pairs.all(|((a, b), scale)| (a - b).abs() < 1e-5 * scale)
    };
    find(equations, branch, point[n]).iter().any(close)
        || branch.points.iter().any(|other| other.value == point[n] && close(other))
}
