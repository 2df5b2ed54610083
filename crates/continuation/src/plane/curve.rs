//! A curve of folds or of Hopf points while two values vary.

use brainmass_sim::dynamics::Complex64;

use super::special::{FoldTests, HopfTests, PlaneKind, SpecialPlane};
use crate::curve::{Defining, Scale, correct, correct_at, moved, tangent};
use crate::diagram::Range;
use crate::equations::Equations;
use crate::equilibria::{FoldEquations, HopfEquations, SpecialKind};

/// The number of points after which a curve is given up in one direction.
const MOST_POINTS: usize = 2000;
/// The longest and the shortest step, in sizes.
const STEPS: (f64, f64) = (0.02, 1e-8);
/// The largest angle between the directions at neighbouring points, in radians.
const LARGEST_ANGLE: f64 = 0.2;

/// A fold or a Hopf point at two values.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanePoint {
    /// The values of the two that vary, each in its declared unit.
    pub values: [f64; 2],
    /// The states.
    pub states: Vec<f64>,
    /// The frequency of a Hopf point in rad/ms; 0 for a fold.
    pub frequency: f64,
    /// The first Lyapunov coefficient of a Hopf point, divided by its frequency; 0 for a fold.
    pub first_lyapunov: f64,
}

/// A connected curve of folds or of Hopf points.
#[derive(Debug, Clone)]
pub struct SpecialCurve {
    /// The kind of its points: folds or Hopf points.
    pub kind: SpecialKind,
    /// The points in their order along the curve. Special points stand among them.
    pub points: Vec<PlanePoint>,
    /// The special points, each with its place among the points.
    pub special: Vec<(usize, SpecialPlane)>,
}

/// A point on the way: the unknowns, and what decides about special points.
struct Node {
    unknowns: Vec<f64>,
    direction: Vec<f64>,
    tests: Tests,
}

enum Tests {
    Fold(FoldTests),
    Hopf(HopfTests),
}

/// The equations of a curve near a point of it.
enum System<'a> {
    Fold(FoldEquations<'a>),
    Hopf(HopfEquations<'a>),
}

impl Defining for System<'_> {
    fn evaluate(&self, unknowns: &[f64]) -> (Vec<f64>, crate::linear::Matrix<f64>) {
        match self {
            Self::Fold(system) => system.evaluate(unknowns),
            Self::Hopf(system) => system.evaluate(unknowns),
        }
    }
}

/// A curve that is followed.
pub(super) struct Walk<'a> {
    equations: &'a Equations,
    kind: SpecialKind,
    ranges: [Range; 2],
    sizes: Vec<f64>,
}

impl<'a> Walk<'a> {
    /// Prepares to follow curves of a kind of equations in which two values vary.
    pub fn new(equations: &'a Equations, kind: SpecialKind, ranges: [Range; 2], sizes: Vec<f64>) -> Self {
        Self { equations, kind, ranges, sizes }
    }

    fn scale(&self, frequency: f64) -> Scale {
        let n = self.equations.n_states();
        let mut all = self.sizes.clone();
        all.extend(self.ranges.map(|range| range.to - range.from));
        match self.kind {
            SpecialKind::Hopf => {
                all.extend(vec![1.0; 2 * n]);
                all.push(frequency.abs().max(1e-3 * self.fastest()));
            }
            _ => all.extend(vec![1.0; n]),
        }
        Scale(all)
    }

    fn fastest(&self) -> f64 {
        let middle = self.ranges.map(|range| 0.5 * (range.from + range.to));
        let at = [self.equations.start(), &middle].concat();
        let jacobian = self.equations.jacobian(&at);
        let rows = (0..jacobian.rows()).map(|row| jacobian.row(row).iter().map(|x| x.abs()).sum::<f64>());
        rows.filter(|sum| sum.is_finite()).fold(1e-6, f64::max)
    }

    /// Solves for the unknowns at a point that is given by states and values, the second value held.
    pub fn solved(&self, states: &[f64], values: [f64; 2], frequency: f64) -> Option<Vec<f64>> {
        let n = self.equations.n_states();
        let point = [states, &values].concat();
        let (system, start) = self.system(&point, frequency);
        let scale = self.scale(frequency);
        correct_at(&system, &start, n + 1, values[1], &scale)
    }

    /// The equations near a point, and the unknowns there.
    fn system(&self, point: &[f64], frequency: f64) -> (System<'a>, Vec<f64>) {
        match self.kind {
            SpecialKind::Hopf => {
                let turn = Complex64::new(0.0, frequency);
                let system = HopfEquations::near(self.equations, point, turn, &self.sizes);
                let start = [point, &system.reference.0, &system.reference.1, &[frequency]].concat();
                (System::Hopf(system), start)
            }
            _ => {
                let system = FoldEquations::near(self.equations, point, &self.sizes);
                let start = [point, &system.reference[..]].concat();
                (System::Fold(system), start)
            }
        }
    }

    /// The equations whose reference is the vector of some unknowns.
    fn around(&self, unknowns: &[f64]) -> System<'a> {
        let (n, all) = (self.equations.n_states(), self.equations.n_variables());
        let squares: f64 = unknowns[all..all + self.vectors() * n].iter().map(|x| x * x).sum();
        let part = |from: usize| unknowns[from..from + n].iter().map(|x| x / squares).collect::<Vec<_>>();
        let sizes = self.sizes.clone();
        match self.kind {
            SpecialKind::Hopf => System::Hopf(HopfEquations {
                equations: self.equations,
                sizes,
                reference: (part(all), part(all + n)),
            }),
            _ => System::Fold(FoldEquations { equations: self.equations, sizes, reference: part(all) }),
        }
    }

    fn vectors(&self) -> usize {
        if self.kind == SpecialKind::Hopf { 2 } else { 1 }
    }

    fn tests(&self, unknowns: &[f64], before: Option<&Node>) -> Tests {
        let (n, all) = (self.equations.n_states(), self.equations.n_variables());
        let point = &unknowns[..all];
        if self.kind == SpecialKind::Hopf {
            return Tests::Hopf(HopfTests::at(self.equations, point, unknowns[all + 2 * n]));
        }
        let vector: Vec<f64> = unknowns[all..].iter().zip(&self.sizes).map(|(x, size)| x * size).collect();
        let like = before.and_then(|node| match &node.tests {
            Tests::Fold(tests) => Some(&tests.left[..]),
            Tests::Hopf(_) => None,
        });
        Tests::Fold(FoldTests::at(self.equations, point, &vector, like))
    }

    /// Follows the curve through some unknowns in both directions.
    pub fn both(&self, start: &[f64]) -> SpecialCurve {
        let forward = self.follow(start, 1.0);
        let backward = self.follow(start, -1.0);
        let offset = backward.points.len().saturating_sub(1);
        let mut curve = SpecialCurve { kind: self.kind, points: Vec::new(), special: Vec::new() };
        curve.points.extend(backward.points.into_iter().skip(1).rev());
        curve.special.extend(backward.special.into_iter().map(|(at, special)| (offset - at, special)));
        curve.points.extend(forward.points);
        curve.special.extend(forward.special.into_iter().map(|(at, special)| (at + offset, special)));
        curve
    }

    fn follow(&self, start: &[f64], sign: f64) -> SpecialCurve {
        let (n, all) = (self.equations.n_states(), self.equations.n_variables());
        let mut curve = SpecialCurve { kind: self.kind, points: Vec::new(), special: Vec::new() };
        let mut scale = self.scale(self.frequency(start));
        let mut up = vec![0.0; start.len()];
        up[n + 1] = sign * scale.0[n + 1];
        let first = tangent(&self.around(start).evaluate(start).1, &up, &scale).0;
        if first.iter().any(|x| !x.is_finite()) {
            return curve;
        }
        let mut at = Node { unknowns: start.to_vec(), direction: first, tests: self.tests(start, None) };
        curve.points.push(self.point(&at));
        let (mut length, beginning) = (0.2 * STEPS.0, start.to_vec());
        while curve.points.len() < MOST_POINTS && length > STEPS.1 && self.equations.watch().point() {
            let system = self.around(&at.unknowns);
            let guess = moved(&at.unknowns, &at.direction, length);
            let Some((mut next, iterations)) = correct(&system, &guess, &at.direction, &scale) else {
                length *= 0.5;
                continue;
            };
            let mut is_last = false;
            for (index, range) in self.ranges.iter().enumerate() {
                let value = next[n + index];
                if value >= range.from && value <= range.to {
                    continue;
                }
                let bound = if value < range.from { range.from } else { range.to };
                let share = (bound - at.unknowns[n + index]) / (value - at.unknowns[n + index]);
                let guess = between(&at.unknowns, &next, share);
                if let Some(end) = correct_at(&system, &guess, n + index, bound, &scale) {
                    next = end;
                }
                is_last = true;
            }
            let (direction, _) = tangent(&system.evaluate(&next).1, &at.direction, &scale);
            let angle = scale.product(&direction, &at.direction).clamp(-1.0, 1.0).acos();
            if direction.iter().any(|x| !x.is_finite()) || (angle > LARGEST_ANGLE && length > 1e-6) {
                length *= 0.5;
                continue;
            }
            let tests = self.tests(&next, Some(&at));
            let node = Node { unknowns: next, direction, tests };
            let ends = self.record(&mut curve, &at, &node, &scale);
            if ends {
                return curve;
            }
            curve.points.push(self.point(&node));
            let offset: Vec<f64> = node.unknowns[..all].iter().zip(&beginning).map(|(a, b)| a - b).collect();
            let returned =
                curve.points.len() > 12 && Scale(scale.0[..all].to_vec()).size(&offset) < 0.5 * length;
            if is_last || returned {
                return curve;
            }
            at = node;
            scale = self.scale(self.frequency(&at.unknowns));
            let size = scale.size(&at.direction);
            at.direction.iter_mut().for_each(|x| *x /= size);
            length = match iterations {
                0..=4 if angle < 0.5 * LARGEST_ANGLE => (1.5 * length).min(STEPS.0),
                0..=6 => length,
                _ => 0.7 * length,
            };
        }
        curve
    }

    fn frequency(&self, unknowns: &[f64]) -> f64 {
        if self.kind == SpecialKind::Hopf { unknowns[unknowns.len() - 1] } else { 0.0 }
    }

    fn point(&self, node: &Node) -> PlanePoint {
        let n = self.equations.n_states();
        let first_lyapunov = match &node.tests {
            Tests::Hopf(tests) => tests.first_lyapunov,
            Tests::Fold(_) => 0.0,
        };
        PlanePoint {
            values: [node.unknowns[n], node.unknowns[n + 1]],
            states: node.unknowns[..n].to_vec(),
            frequency: self.frequency(&node.unknowns).abs(),
            first_lyapunov,
        }
    }

    /// Adds the special points between two neighbours. Returns whether the curve ends there: beyond a Bogdanov-Takens point, Hopf points are no more.
    fn record(&self, curve: &mut SpecialCurve, from: &Node, to: &Node, scale: &Scale) -> bool {
        let changes = |a: f64, b: f64| a * b < 0.0;
        let mut kinds = Vec::new();
        match (&from.tests, &to.tests) {
            (Tests::Fold(a), Tests::Fold(b)) => {
                if changes(a.cusp, b.cusp) {
                    kinds.push(PlaneKind::Cusp);
                }
                if changes(a.bogdanov_takens, b.bogdanov_takens) {
                    kinds.push(PlaneKind::BogdanovTakens);
                }
                if let (Some(a), Some(b)) = (a.pair, b.pair)
                    && changes(a, b)
                {
                    kinds.push(PlaneKind::ZeroHopf);
                }
            }
            (Tests::Hopf(a), Tests::Hopf(b)) => {
                if changes(self.frequency(&from.unknowns), self.frequency(&to.unknowns)) {
                    kinds.push(PlaneKind::BogdanovTakens);
                } else if changes(a.product, b.product) {
                    // The first Lyapunov coefficient changes its sign there as well, through infinity.
                    kinds.push(PlaneKind::ZeroHopf);
                } else if changes(a.first_lyapunov, b.first_lyapunov) {
                    kinds.push(PlaneKind::GeneralisedHopf);
                }
                if let (Some(a), Some(b)) = (a.pair, b.pair)
                    && changes(a, b)
                {
                    kinds.push(PlaneKind::DoubleHopf);
                }
            }
            _ => {}
        }
        let mut ends = false;
        for kind in kinds {
            ends |= self.kind == SpecialKind::Hopf && kind == PlaneKind::BogdanovTakens;
            if let Some(node) = self.locate(kind, from, to, scale) {
                let all = self.equations.n_variables();
                let eigenvalues = self.equations.jacobian(&node.unknowns[..all]).eigenvalues();
                let point = self.point(&node);
                let special =
                    SpecialPlane { kind, values: point.values, states: point.states.clone(), eigenvalues };
                curve.special.push((curve.points.len(), special));
                curve.points.push(point);
            }
        }
        ends
    }

    /// Finds a special point between two neighbours by false position (Illinois) along the line between them.
    fn locate(&self, kind: PlaneKind, from: &Node, to: &Node, scale: &Scale) -> Option<Node> {
        let test = |node: &Node| -> Option<f64> {
            match (&node.tests, kind) {
                (Tests::Fold(tests), PlaneKind::Cusp) => Some(tests.cusp),
                (Tests::Fold(tests), PlaneKind::BogdanovTakens) => Some(tests.bogdanov_takens),
                (Tests::Fold(tests), PlaneKind::ZeroHopf) => tests.pair,
                (Tests::Hopf(_), PlaneKind::BogdanovTakens) => Some(self.frequency(&node.unknowns)),
                (Tests::Hopf(tests), PlaneKind::ZeroHopf) => Some(tests.product),
                (Tests::Hopf(tests), PlaneKind::GeneralisedHopf) => Some(tests.first_lyapunov),
                (Tests::Hopf(tests), PlaneKind::DoubleHopf) => tests.pair,
                _ => None,
            }
        };
        let system = self.around(&from.unknowns);
        let chord: Vec<f64> = to.unknowns.iter().zip(&from.unknowns).map(|(b, a)| b - a).collect();
        let size = scale.size(&chord);
        let chord: Vec<f64> = chord.iter().map(|x| x / size).collect();
        let node_at = |share: f64| -> Option<Node> {
            let guess = between(&from.unknowns, &to.unknowns, share);
            let (unknowns, _) = correct(&system, &guess, &chord, scale)?;
            let tests = self.tests(&unknowns, Some(from));
            Some(Node { unknowns, direction: chord.clone(), tests })
        };
        let (mut low, mut high) = (0.0, 1.0);
        let (mut at_low, mut at_high) = (test(from)?, test(&node_at(1.0)?)?);
        let (mut best, mut side) = (None, 0);
        for _ in 0..60 {
            if at_low * at_high > 0.0 {
                break;
            }
            let middle = (low * at_high - high * at_low) / (at_high - at_low);
            let middle = if middle > low && middle < high { middle } else { 0.5 * (low + high) };
            let node = node_at(middle)?;
            let value = test(&node)?;
            best = Some(node);
            if value == 0.0 || high - low < 1e-13 {
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
        best
    }

    /// Finds the points of a curve at a second value, each solved for.
    pub fn at_second(&self, curve: &SpecialCurve, value: f64) -> Vec<PlanePoint> {
        let mut found: Vec<PlanePoint> = Vec::new();
        for pair in curve.points.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            if (a.values[1] - value) * (b.values[1] - value) > 0.0 {
                continue;
            }
            let width = b.values[1] - a.values[1];
            let share = if width == 0.0 { 0.5 } else { (value - a.values[1]) / width };
            let states = between(&a.states, &b.states, share);
            let first = a.values[0] + share * (b.values[0] - a.values[0]);
            let frequency = a.frequency + share * (b.frequency - a.frequency);
            let Some(unknowns) = self.solved(&states, [first, value], frequency) else { continue };
            let tests = self.tests(&unknowns, None);
            let point = self.point(&Node { direction: Vec::new(), unknowns, tests });
            let range = self.ranges[0].to - self.ranges[0].from;
            let is_same = |other: &PlanePoint| {
                let mut pairs = other.states.iter().zip(&point.states).zip(&self.sizes);
                (other.values[0] - point.values[0]).abs() < 1e-7 * range
                    && pairs.all(|((a, b), size)| (a - b).abs() < 1e-5 * size)
            };
            if !found.iter().any(is_same) {
                found.push(point);
            }
        }
        found
    }
}

/// The point at a share of the way between two others.
fn between(a: &[f64], b: &[f64], share: f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + share * (b - a)).collect()
}
