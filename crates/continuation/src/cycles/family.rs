//! All branches of cycles of a diagram.

use super::branch::{CycleBranch, CycleEnd, Limits, follow};
use super::collocation::Cycle;
use super::ends::recognise;
use super::find::{find, is_same};
use super::point::{CycleKind, CyclePoint, SpecialCycle, sizes};
use super::profile::Profile;
use super::start::{Start, from_hopf, from_period_doubling, from_run};
use crate::diagram::{Equilibria, Range};
use crate::equations::Equations;
use crate::equilibria::{SpecialEquilibrium, SpecialKind};

/// The number of branches after which no more are followed.
const MOST_BRANCHES: usize = 16;
/// The number of special cycles after which none is branched off any more: there is chaos with cycles without number.
const MOST_SPECIAL: usize = 30;
/// The distance beyond a special point from which runs begin, as a share of the range.
const BEYOND: f64 = 0.02;
/// The number of cycles after which a branch is given up in one direction: one that begins at a Hopf point, and one that begins at a period doubling.
const MOST_CYCLES: [usize; 2] = [400, 100];

/// The branches of limit cycles of a model over a value that varies.
#[derive(Debug, Clone)]
pub struct Cycles {
    /// The range.
    pub range: Range,
    /// The branches.
    pub branches: Vec<CycleBranch>,
}

impl Cycles {
    /// Follows the cycles that are born at the Hopf points of some branches of equilibria, those that branch off at period doublings, and those that
    /// runs find where neither is.
    pub fn of(equations: &Equations, equilibria: &Equilibria) -> Self {
        let mut cycles = Self { range: equilibria.range, branches: Vec::new() };
        let special = equilibria.special();
        for hopf in special.iter().filter(|point| point.kind == SpecialKind::Hopf) {
            if equations.watch().goes_on() && !cycles.reaches(hopf) {
                cycles.add_from_hopf(equations, hopf, &special);
            }
        }
        cycles.add_from_runs(equations, equilibria, &special);
        for (states, value) in cycles.beyond(equations, &special) {
            cycles.add_from_state(equations, &states, value, &special);
        }
        cycles
    }

    /// Follows the cycles that runs from given states, each at a value of what varies, settle on; those that are known already and those outside of the range
    /// are left out.
    pub fn add_from_states(
        &mut self,
        equations: &Equations,
        equilibria: &Equilibria,
        starts: &[(Vec<f64>, f64)],
    ) {
        let special = equilibria.special();
        for (states, value) in starts {
            self.add_from_state(equations, states, *value, &special);
        }
    }

    /// Follows the cycle that a run from a state settles on, if there is one that is not known.
    fn add_from_state(
        &mut self,
        equations: &Equations,
        states: &[f64],
        value: f64,
        special: &[&SpecialEquilibrium],
    ) {
        let limits = self.limits();
        if value < limits.from || value > limits.to || self.branches.len() >= MOST_BRANCHES {
            return;
        }
        let Some(cycle) = from_run(equations, states, value, limits.width()) else { return };
        if !self.branches.iter().any(|branch| contains(branch, &cycle)) {
            self.add_both(equations, &cycle, special);
        }
    }

    /// Lists states a little beyond folds and Hopf points, on the side where what was stable there is no more: runs from there lead to what else is stable.
    fn beyond(&self, equations: &Equations, special: &[&SpecialEquilibrium]) -> Vec<(Vec<f64>, f64)> {
        let n = equations.n_states();
        let step = BEYOND * self.limits().width();
        let mut starts = Vec::new();
        for point in special {
            // What was unstable before in other directions leads nowhere that is not found from elsewhere.
            let on_axis = point
                .point
                .eigenvalues
                .iter()
                .filter(|value| value.re.abs() < 1e-6 * value.norm().max(1e-12));
            let growing =
                point.point.eigenvalues.iter().filter(|value| value.re > 1e-6 * value.norm()).count();
            let all = on_axis.count();
            if growing > all {
                continue;
            }
            let mut value = point.point.value;
            match (point.fold, point.hopf) {
                (Some(fold), _) => value += if fold.opens_above { -step } else { step },
                (None, Some(_)) => {
                    let ahead = |by: f64| {
                        let at = [&point.point.states[..], &[point.point.value + by]].concat();
                        let jacobian = equations.jacobian(&at).first_columns(n);
                        jacobian.eigenvalues().first().map_or(0.0, |value| value.re)
                    };
                    value += if ahead(step) > ahead(-step) { step } else { -step };
                }
                (None, None) => continue,
            }
            let moved = point.point.states.iter().enumerate();
            let states = moved.map(|(i, x)| x + 1e-3 * x.abs().max(1e-3) * (1.0 + i as f64)).collect();
            starts.push((states, value));
        }
        starts
    }

    /// Returns all cycles of the branches at a value, each solved for, those of a shorter period first.
    pub fn at(&self, equations: &Equations, value: f64) -> Vec<CyclePoint> {
        let range = self.limits().width();
        let mut found: Vec<CyclePoint> = Vec::new();
        for point in self.branches.iter().flat_map(|branch| find(equations, branch, value, range)) {
            if !found.iter().any(|other| is_same(other, &point)) {
                found.push(point);
            }
        }
        found.sort_by(|a, b| a.period.total_cmp(&b.period));
        found
    }

    /// Returns the special cycles of all branches, each once, by rising value.
    pub fn special(&self) -> Vec<&SpecialCycle> {
        let width = self.limits().width();
        let mut found: Vec<&SpecialCycle> = Vec::new();
        for (_, special) in self.branches.iter().flat_map(|branch| &branch.special) {
            let is_known = |other: &&SpecialCycle| {
                other.kind == special.kind
                    && (other.value - special.value).abs() < 1e-6 * width
                    && (other.cycle.period - special.cycle.period).abs() < 1e-3 * special.cycle.period
            };
            if !found.iter().any(is_known) {
                found.push(special);
            }
        }
        found.sort_by(|a, b| a.value.total_cmp(&b.value));
        found
    }

    fn limits(&self) -> Limits {
        Limits { from: self.range.from, to: self.range.to }
    }

    /// Whether a branch begins or ends at a Hopf point.
    fn reaches(&self, hopf: &SpecialEquilibrium) -> bool {
        let Some(form) = hopf.hopf else { return true };
        self.branches.iter().filter(|branch| branch.end == CycleEnd::Hopf).any(|branch| {
            branch.cycles.last().is_some_and(|last| {
                let mut inside = (0..last.min.len()).map(|i| {
                    let largest =
                        branch.cycles.iter().map(|cycle| cycle.max[i] - cycle.min[i]).fold(0.0, f64::max);
                    let slack = last.max[i] - last.min[i] + 0.1 * largest;
                    hopf.point.states[i] > last.min[i] - slack && hopf.point.states[i] < last.max[i] + slack
                });
                (last.value - hopf.point.value).abs() < 0.03 * self.limits().width()
                    && (last.period - form.period()).abs() < 0.1 * form.period()
                    && inside.all(|is_inside| is_inside)
            })
        })
    }

    fn add_from_hopf(
        &mut self,
        equations: &Equations,
        hopf: &SpecialEquilibrium,
        special: &[&SpecialEquilibrium],
    ) {
        let Some(start) = from_hopf(equations, hopf, self.limits().width()) else { return };
        // A first cycle that a branch has already: this is its other end.
        if !self.branches.iter().any(|branch| contains(branch, &start.cycle)) {
            self.add(equations, start, special, 0);
        }
    }

    /// Follows a branch, and those that branch off it.
    fn add(&mut self, equations: &Equations, start: Start, special: &[&SpecialEquilibrium], depth: usize) {
        let mut branch = follow(equations, start, self.limits(), MOST_CYCLES[depth.min(1)]);
        if branch.cycles.len() < 2 || self.branches.len() >= MOST_BRANCHES {
            return;
        }
        if let Some(end) = recognise(&branch, special, self.limits().width()) {
            branch.special.push((branch.cycles.len() - 1, end));
        }
        // Next to homoclinic orbits there are doublings without number.
        let shortest = branch.cycles.iter().map(|cycle| cycle.period).fold(f64::INFINITY, f64::min);
        let doublings: Vec<SpecialCycle> = branch
            .special
            .iter()
            .filter(|(_, special)| special.kind == CycleKind::PeriodDoubling)
            .filter(|(_, special)| special.cycle.period < 4.0 * shortest)
            .map(|(_, special)| special.clone())
            .collect();
        self.branches.push(branch);
        // Cascades of doublings have no end: two generations show what happens.
        let known = self.branches.iter().map(|branch| branch.special.len()).sum::<usize>();
        if depth < 2 && known < MOST_SPECIAL {
            for doubling in doublings {
                let start = from_period_doubling(equations, &doubling, self.limits().width());
                if let Some(start) = start
                    && !self.branches.iter().any(|branch| contains(branch, &start.cycle))
                {
                    self.add(equations, start, special, depth + 1);
                }
            }
        }
    }

    /// Looks for stable cycles by runs from beside unstable equilibria, at values for which no cycle is known.
    fn add_from_runs(
        &mut self,
        equations: &Equations,
        equilibria: &Equilibria,
        special: &[&SpecialEquilibrium],
    ) {
        let limits = self.limits();
        for share in [0.5, 0.15, 0.85] {
            let value = limits.from + share * limits.width();
            let points = equilibria.at(equations, value);
            if !equations.watch().goes_on()
                || points.is_empty()
                || points.iter().any(|point| point.is_stable())
            {
                continue;
            }
            let is_known = |branch: &CycleBranch| {
                let mut pairs = branch.cycles.windows(2);
                pairs.any(|pair| (pair[0].value - value) * (pair[1].value - value) <= 0.0)
            };
            if self.branches.iter().any(is_known) {
                continue;
            }
            let beside: Vec<f64> = points[0]
                .states
                .iter()
                .enumerate()
                .map(|(i, x)| x + 0.01 * x.abs().max(0.1) * (1.0 + i as f64))
                .collect();
            let Some(cycle) = from_run(equations, &beside, value, limits.width()) else { continue };
            if self.branches.iter().any(|branch| contains(branch, &cycle)) {
                continue;
            }
            self.add_both(equations, &cycle, special);
        }
    }

    /// Follows a branch in both directions from a cycle within it.
    fn add_both(&mut self, equations: &Equations, cycle: &Cycle, special: &[&SpecialEquilibrium]) {
        let range = self.limits().width();
        let still = Profile { nodes: vec![0.0; cycle.profile.nodes.len()], ..cycle.profile.clone() };
        for sign in [1.0, -1.0] {
            let size = sizes(cycle, range).value;
            let direction = Cycle { profile: still.clone(), period: 0.0, value: sign * size };
            self.add(equations, Start { cycle: cycle.clone(), direction }, special, 0);
        }
    }
}

/// Whether a cycle lies on a branch, as far as its neighbours there tell.
fn contains(branch: &CycleBranch, cycle: &Cycle) -> bool {
    let (min, max) = cycle.profile.extremes();
    branch.cycles.windows(2).any(|pair| {
        let (a, b) = (&pair[0], &pair[1]);
        let between = |a: f64, b: f64, x: f64, slack: f64| x >= a.min(b) - slack && x <= a.max(b) + slack;
        let slack = |a: f64, b: f64| 0.05 * (a - b).abs();
        between(a.value, b.value, cycle.value, slack(a.value, b.value))
            && between(a.period, b.period, cycle.period, slack(a.period, b.period) + 1e-3 * cycle.period)
            && (0..min.len()).all(|i| {
                let width = 0.01 * (max[i] - min[i]);
                between(a.min[i], b.min[i], min[i], slack(a.min[i], b.min[i]) + width)
                    && between(a.max[i], b.max[i], max[i], slack(a.max[i], b.max[i]) + width)
            })
    })
}
