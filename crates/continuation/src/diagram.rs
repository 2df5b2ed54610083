//! Bifurcation diagrams: all branches that are reached from some equilibria.

use crate::curve::{Scale, correct, moved, newton};
use crate::equations::Equations;
use crate::equilibria::{
    CurveOfEquilibria, EquilibriumBranch, EquilibriumPoint, Settings, SpecialEquilibrium, SpecialKind,
    continue_both, crossing_directions, find, is_on,
};
use crate::search::equilibria_at;

/// The number of branches after which no more are followed.
const MOST_BRANCHES: usize = 40;

/// The range of a diagram, and how finely it is followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lower end of the range of the parameter or input that varies, in its declared unit.
    pub from: f64,
    /// The upper end.
    pub to: f64,
    /// The longest step along a branch, as a share of the range.
    pub longest_step: f64,
}

impl Range {
    /// Creates a range that is followed in steps of 1/50 at most.
    pub fn new(from: f64, to: f64) -> Self {
        Self { from: from.min(to), to: from.max(to), longest_step: 0.02 }
    }
}

/// The branches of equilibria of a model over a value that varies.
#[derive(Debug, Clone)]
pub struct Equilibria {
    /// The range.
    pub range: Range,
    /// The branches.
    pub branches: Vec<EquilibriumBranch>,
}

impl Equilibria {
    /// Follows all branches that pass through given equilibria or branch off them. The equilibria are given as states at values of what varies, and
    /// need not be exact.
    pub fn from_starts(equations: &Equations, range: Range, starts: &[(Vec<f64>, f64)]) -> Self {
        let mut diagram = Self { range, branches: Vec::new() };
        diagram.add_starts(equations, starts);
        diagram
    }

    /// Follows all branches that can be found without help: equilibria are searched for at several values of the range.
    pub fn search(equations: &Equations, range: Range) -> Self {
        let mut diagram = Self { range, branches: Vec::new() };
        for share in [0.0, 1.0, 0.5, 0.25, 0.75] {
            // Rounding must not lead out of the range, where no branch goes.
            let value = (range.from + share * (range.to - range.from)).min(range.to);
            if !equations.watch().goes_on() {
                break;
            }
            for states in equilibria_at(equations, value) {
                diagram.add(equations, &[&states[..], &[value]].concat());
            }
        }
        diagram
    }

    /// Returns all equilibria of the branches at a value, each solved for, those of a lower first state first.
    pub fn at(&self, equations: &Equations, value: f64) -> Vec<EquilibriumPoint> {
        let mut found: Vec<EquilibriumPoint> = Vec::new();
        for point in self.branches.iter().flat_map(|branch| find(equations, branch, value)) {
            let close = |other: &EquilibriumPoint| {
                let mut pairs = other.states.iter().zip(&point.states);
                pairs.all(|(a, b)| (a - b).abs() <= 1e-9 + 1e-7 * a.abs().max(b.abs()))
            };
            if !found.iter().any(close) {
                found.push(point);
            }
        }
        found.sort_by(|a, b| a.states.partial_cmp(&b.states).unwrap_or(std::cmp::Ordering::Equal));
        found
    }

    /// Returns the special points of all branches, each once, by rising value.
    pub fn special(&self) -> Vec<&SpecialEquilibrium> {
        let width = self.range.to - self.range.from;
        let mut found: Vec<&SpecialEquilibrium> = Vec::new();
        for (_, point) in self.branches.iter().flat_map(|branch| &branch.special) {
            let is_same = |other: &&SpecialEquilibrium| {
                let mut pairs = other.point.states.iter().zip(&point.point.states);
                other.kind == point.kind
                    && (other.point.value - point.point.value).abs() < 1e-6 * width
                    && pairs.all(|(a, b)| (a - b).abs() < 1e-6 + 1e-4 * a.abs().max(b.abs()))
            };
            if !found.iter().any(is_same) {
                found.push(point);
            }
        }
        found.sort_by(|a, b| a.point.value.total_cmp(&b.point.value));
        found
    }

    /// Follows the branches through given states, each at a value of what varies, unless they are there. States need not be exact.
    pub fn add_starts(&mut self, equations: &Equations, starts: &[(Vec<f64>, f64)]) {
        for (states, value) in starts {
            if let Some(start) = solved_at(equations, &[&states[..], &[*value]].concat()) {
                self.add(equations, &start);
            }
        }
    }

    /// Follows the branch through an equilibrium, unless it is there, and all that branch off it.
    fn add(&mut self, equations: &Equations, start: &[f64]) {
        let mut waiting = vec![start.to_vec()];
        while let Some(start) = waiting.pop() {
            let is_known = self.branches.iter().any(|branch| is_on(equations, branch, &start));
            if is_known || self.branches.len() >= MOST_BRANCHES {
                continue;
            }
            let branch = continue_both(equations, &start, self.settings());
            if branch.points.len() < 2 {
                continue;
            }
            for (_, special) in &branch.special {
                if special.kind == SpecialKind::BranchPoint {
                    waiting.extend(self.beside(equations, &branch, special));
                }
            }
            self.branches.push(branch);
        }
    }

    fn settings(&self) -> Settings {
        let Range { from, to, longest_step } = self.range;
        Settings { from, to, longest: longest_step }
    }

    /// Finds points beside a branch point, on either side of it along either direction.
    fn beside(
        &self,
        equations: &Equations,
        branch: &EquilibriumBranch,
        special: &SpecialEquilibrium,
    ) -> Vec<Vec<f64>> {
        let n = equations.n_states();
        let at = special.point.variables();
        let mut scale = Scale(vec![1e-3; n + 1]);
        for point in &branch.points {
            scale.widen(&point.states);
        }
        scale.0[n] = self.range.to - self.range.from;
        let curve = CurveOfEquilibria(equations);
        let mut found = Vec::new();
        for direction in crossing_directions(equations, &at, &scale) {
            for side in [1.0, -1.0] {
                // Not too near, where both branches are one to rounding, and not too far.
                for length in [3e-3, 1e-2, 1e-3] {
                    let guess = moved(&at, &direction, side * length);
                    if let Some((point, _)) = correct(&curve, &guess, &direction, &scale)
                        && point[n] >= self.range.from
                        && point[n] <= self.range.to
                    {
                        found.push(point);
                        break;
                    }
                }
            }
        }
        found
    }
}

/// Solves for the equilibrium nearest to a guess, the value that varies held.
pub(crate) fn solved_at(equations: &Equations, guess: &[f64]) -> Option<Vec<f64>> {
    let n = equations.n_states();
    let value = guess[n];
    let scale: Vec<f64> =
        guess[..n].iter().zip(equations.start()).map(|(x, init)| x.abs().max(init.abs()).max(1e-3)).collect();
    let (mut found, _) = newton(&guess[..n], &scale, |states| {
        let (rates, linear) = equations.linearised(&[states, &[value]].concat());
        (rates, linear.first_columns(n))
    })?;
    found.push(value);
    Some(found)
}
