//! Curves of folds of cycles and of period doublings while two values vary.
//!
//! The cycles near a point of such a curve form a surface. On it a cycle is known by two numbers: how far it lies along the branch of cycles at a fixed second
//! value, and that second value. The curve is where a test passes through zero, and is followed in these two numbers.

use crate::cycles::{
    Condition, Cycle, CycleKind, CyclePoint, Sizes, Solved, SpecialCycle, correct, direction_of,
    doubling_test, sizes,
};
use crate::diagram::Range;
use crate::equations::Equations;

/// The number of points after which a curve is given up in one direction.
const MOST_POINTS: usize = 250;
/// The first, the longest and the shortest step: 1 is the size of the cycle, or the range of the second value.
const STEPS: (f64, f64, f64) = (0.01, 0.05, 1e-5);
/// The longest step and the distances over which the test is differentiated, as shares of the width of the cycle: small cycles ask for small ones.
const LONGEST_SHARE: f64 = 0.3;
const DIFFERENCE: f64 = 1e-3;
/// The number of steps of the secant method back to the curve, and the distance from it at which it has converged.
const SECANTS: usize = 8;
const CONVERGED: f64 = 1e-9;
/// The cosine of the largest angle between neighbouring steps.
const LEAST_COSINE: f64 = 0.9;
/// A curve ends where its cycles have shrunk to this share of the first one, as at a generalised Hopf point.
const SMALLEST: f64 = 0.02;
/// The most times that the two values change their parts along a curve.
const MOST_TURNS: usize = 8;
/// A curve ends where the period has grown to so many times that of the first cycle.
const LONGEST: f64 = 8.0;
/// The intervals of the meshes.
const INTERVALS: (usize, usize) = (40, 120);

/// A fold of cycles or a period doubling at two values.
#[derive(Debug, Clone, PartialEq)]
pub struct CycleCurvePoint {
    /// The values of the two that vary, each in its declared unit.
    pub values: [f64; 2],
    /// The cycle; at a period doubling the one that loses its stability, not the doubled one.
    pub cycle: CyclePoint,
}

/// A connected curve of folds of cycles or of period doublings.
#[derive(Debug, Clone)]
pub struct CycleCurve {
    /// The kind of its points: folds of cycles or period doublings.
    pub kind: CycleKind,
    /// The points in their order along the curve.
    pub points: Vec<CycleCurvePoint>,
    /// The values at which the curve could not be followed any farther, within the ranges.
    pub lost: Vec<[f64; 2]>,
}

/// A cycle of the surface with the direction of its branch and what decides whether it is on the curve.
#[derive(Clone)]
struct Place {
    cycle: Cycle,
    direction: Cycle,
    second: f64,
    test: f64,
    point: CyclePoint,
}

/// The direction of a curve and that across it, in distances along the branch of cycles and in units of the second value.
struct Slopes {
    tangent: (f64, f64),
    normal: (f64, f64),
    /// The change of the cycle with the second value, over a unit of that.
    change: Cycle,
    /// The unit of the second value: its range, or the part of it over which the cycle changes by its own size.
    unit: f64,
}

/// A curve that is followed, in equations in which the first value varies and the second is held, or the other way round.
///
/// Where branches of cycles at fixed second values meet and part in another way, the cycles near are no function of the place along a branch and of the second value. There the
/// values change their parts: cycles of fixed first value are no less cycles of the surface, and its folds are the same.
pub(super) struct CycleWalk<'a> {
    /// The equations in which the first value varies, and those in which the second does.
    pub equations: [&'a mut Equations; 2],
    pub kind: CycleKind,
    pub ranges: [Range; 2],
    /// The place of the value that varies along branches of cycles.
    pub varies: usize,
}

/// The end of a walk in one direction.
struct WalkEnd {
    /// The last place, and the one before it with its value that is held.
    at: Place,
    before: Option<(Cycle, f64)>,
    is_lost: bool,
}

impl CycleWalk<'_> {
    /// Follows the curve through a special cycle, found at a second value, in both directions.
    pub fn both(&mut self, special: &SpecialCycle, second: f64) -> Option<CycleCurve> {
        let start = self.first(special, second)?;
        let (mut points, lost_back) = self.all_the_way(&start, -1.0);
        points.reverse();
        points.push(self.point(&start));
        let (forward, lost_ahead) = self.all_the_way(&start, 1.0);
        points.extend(forward);
        let ends = [(lost_back, points.first()), (lost_ahead, points.last())];
        let lost = ends.into_iter().filter(|(is_lost, _)| *is_lost).filter_map(|(_, end)| end);
        let lost = lost.map(|point| point.values).collect();
        (points.len() > 2).then_some(CycleCurve { kind: self.kind, points, lost })
    }

    /// Follows the curve in one direction, with the values in either part by turns, until it ends or neither leads on.
    fn all_the_way(&mut self, start: &Place, sign: f64) -> (Vec<CycleCurvePoint>, bool) {
        let (mut points, mut end) = self.follow(start, sign, None, start);
        for _ in 0..MOST_TURNS {
            let Some((at, before)) =
                end.before.filter(|_| end.is_lost).and_then(|before| self.turned(&end.at, &before))
            else {
                break;
            };
            let (more, next) = self.follow(&at, 1.0, Some(before), start);
            end = next;
            if more.is_empty() {
                break;
            }
            points.extend(more);
        }
        self.varies = 0;
        (points, end.is_lost)
    }

    /// Lets the values change their parts: a place of the curve, and the cycle before it.
    fn turned(&mut self, at: &Place, before: &(Cycle, f64)) -> Option<(Place, (Cycle, f64))> {
        let turned = |cycle: &Cycle, held: f64| (Cycle { value: held, ..cycle.clone() }, cycle.value);
        let (cycle, held) = turned(&at.cycle, at.second);
        self.varies = 1 - self.varies;
        let place = self.near(&cycle, held)?;
        Some((place, turned(&before.0, before.1)))
    }

    fn equations(&mut self) -> &mut Equations {
        self.equations[self.varies]
    }

    /// The width of the range of the value that varies along branches (0), and of the one that is held (1).
    fn width(&self, part: usize) -> f64 {
        let range = self.range(part);
        range.to - range.from
    }

    fn range(&self, part: usize) -> Range {
        self.ranges[part ^ self.varies]
    }

    fn point(&self, place: &Place) -> CycleCurvePoint {
        let (mut values, mut cycle) = ([place.cycle.value, place.second], place.point.clone());
        if self.varies == 1 {
            values.reverse();
        }
        cycle.value = values[0];
        CycleCurvePoint { values, cycle }
    }

    fn sizes(&self, cycle: &Cycle) -> Sizes {
        sizes(cycle, self.width(0))
    }

    /// The special cycle on a mesh that suits it.
    fn first(&mut self, special: &SpecialCycle, second: f64) -> Option<Place> {
        let cycle = special.cycle.cycle();
        let intervals = cycle.profile.intervals().clamp(INTERVALS.0, INTERVALS.1);
        self.near(&cycle.moved_to(&cycle.profile.adapted_mesh(intervals).0), second)
    }

    /// The place of the curve near a cycle.
    fn near(&mut self, cycle: &Cycle, second: f64) -> Option<Place> {
        // A fold is vertical in the first value, so that the way across it is not along that value: the course itself tells another one.
        let mut like = cycle.clone();
        let sizes = self.sizes(cycle);
        let mean: Vec<f64> = (0..cycle.profile.n)
            .map(|state| {
                let count = cycle.profile.n_nodes();
                (0..count).map(|node| cycle.profile.node(node)[state]).sum::<f64>() / count as f64
            })
            .collect();
        for node in like.profile.nodes.chunks_mut(mean.len()) {
            node.iter_mut().zip(&mean).for_each(|(x, mean)| *x -= mean);
        }
        (like.period, like.value) = (0.0, if self.kind == CycleKind::Fold { 0.0 } else { sizes.value });
        let size = like.product(&like, &sizes).sqrt();
        let like = like.times(1.0 / size);
        self.equations().hold(&[second]);
        let (cycle, _, solved) = correct(self.equations(), cycle, &Condition::Across(&like), &sizes)?;
        let rough = self.place(cycle, &like, second, (&solved, &sizes))?;
        // On the curve, along the branch.
        self.on_curve(&rough, 0.0, second, (1.0, 0.0))
    }

    /// Gathers what is known of a cycle that was solved for in the plane across `like`, with its linearisation and the sizes of that.
    fn place(
        &self,
        cycle: Cycle,
        like: &Cycle,
        second: f64,
        (solved, sizes): (&Solved, &Sizes),
    ) -> Option<Place> {
        let measure = self.sizes(&cycle);
        let (direction, multipliers, trivial) = direction_of(solved, like, sizes);
        // Of size 1 by the sizes of the cycle itself.
        let direction = direction.times(1.0 / direction.product(&direction, &measure).sqrt());
        let test = match self.kind {
            CycleKind::PeriodDoubling => doubling_test(&multipliers),
            // The values of small cycles differ by the squares of their widths: beside the width, the test passes through zero alike for all.
            _ => direction.value / measure.value / width_in_sizes(&cycle, &measure),
        };
        let point = CyclePoint::of(&cycle, multipliers);
        // Multipliers that are rounding tell nothing.
        ((trivial - 1.0).norm() < 1e-3 && test.is_finite()).then_some(Place {
            cycle,
            direction,
            second,
            test,
            point,
        })
    }

    /// Solves for the cycle at some distance along the branch of another one, at a second value.
    fn at(&mut self, base: &Place, along: f64, second: f64, near: Option<&Cycle>) -> Option<Place> {
        let measure = self.sizes(&base.cycle);
        let target = base.cycle.moved(&base.direction, along);
        // From a cycle nearby, moved so that it is as far along the branch.
        let guess = match near {
            Some(near) => {
                let offset = target.moved(near, -1.0).product(&base.direction, &measure);
                near.moved(&base.direction, offset)
            }
            None => target,
        };
        self.equations().hold(&[second]);
        let (cycle, _, solved) =
            correct(self.equations(), &guess, &Condition::Across(&base.direction), &measure)?;
        self.place(cycle, &base.direction, second, (&solved, &measure))
    }

    /// Finds the zero of the test on a line of the surface through a point, by the secant method; the direction of the line is a distance along the branch and a change of
    /// the second value.
    fn on_curve(&mut self, base: &Place, along: f64, second: f64, (a, b): (f64, f64)) -> Option<Place> {
        let mut before = self.at(base, along, second, None)?;
        let mut from = 0.0;
        let mut by = self.difference(base);
        for _ in 0..SECANTS {
            let now = self.at(base, along + by * a, second + by * b, Some(&before.cycle))?;
            let change = (now.test - before.test) / (by - from);
            let next = by - now.test / change;
            (from, before) = (by, now);
            if !next.is_finite() || next.abs() > 0.5 {
                return None;
            }
            by = next;
            if (by - from).abs() < CONVERGED {
                return Some(before);
            }
        }
        None
    }

    /// Follows the curve from a point in one direction, which the point before tells if there is one; the point itself is left out. The whole curve begins at `first`.
    fn follow(
        &mut self,
        start: &Place,
        sign: f64,
        mut before: Option<(Cycle, f64)>,
        first: &Place,
    ) -> (Vec<CycleCurvePoint>, WalkEnd) {
        let mut points = Vec::new();
        let (mut at, mut length, mut is_lost) = (start.clone(), STEPS.0, false);
        let first_width = extent(&first.cycle);
        let mut last_unit = self.width(1);
        while points.len() < MOST_POINTS && self.equations().watch().point() {
            let Some(Slopes { tangent, normal, change, unit }) = self.slopes(&at, last_unit) else {
                is_lost = true;
                break;
            };
            last_unit = unit;
            let measure = self.sizes(&at.cycle);
            // The direction of the curve among cycles and second values, on the side away from the last point.
            let ahead = at.direction.times(tangent.0).moved(&change, tangent.1);
            let side = match &before {
                Some((cycle, second)) => {
                    let last = at.cycle.moved(&cycle.moved_to(&at.cycle.profile.mesh), -1.0);
                    ahead.product(&last, &measure) + tangent.1 * (at.second - second) / unit
                }
                None => sign * if tangent.1 == 0.0 { 1.0 } else { tangent.1 },
            };
            let tangent = if side < 0.0 { (-tangent.0, -tangent.1) } else { tangent };
            let (mut next, mut is_at_edge) = (None, false);
            length = length.min(LONGEST_SHARE * width_in_sizes(&at.cycle, &measure));
            while length >= STEPS.2 {
                let (along, second) = (length * tangent.0, at.second + length * tangent.1 * unit);
                let found = self.on_curve(&at, along, second, (normal.0, normal.1 * unit));
                // A step that ends far from where it should has found another curve.
                let found = found.filter(|found| {
                    let moved = found.cycle.moved(&at.cycle, -1.0).product(&at.direction, &measure);
                    let by = (moved, (found.second - at.second) / unit);
                    let size = f64::hypot(by.0, by.1);
                    size < 2.0 * length && (by.0 * tangent.0 + by.1 * tangent.1) / size > LEAST_COSINE
                });
                if let Some(found) = found {
                    let is_inside = |part: usize, value: f64| {
                        let range = self.range(part);
                        value >= range.from && value <= range.to
                    };
                    if is_inside(0, found.cycle.value) && is_inside(1, found.second) {
                        next = Some(found);
                        break;
                    }
                    // Up to the edge of the ranges, but not beyond it.
                    if length < 0.05 * STEPS.0 {
                        is_at_edge = true;
                        break;
                    }
                }
                length *= 0.5;
            }
            let Some(mut found) = next else {
                is_lost = !is_at_edge;
                break;
            };
            points.push(self.point(&found));
            let is_small = extent(&found.cycle) < SMALLEST * first_width;
            if is_small
                || found.cycle.period > LONGEST * first.cycle.period
                || self.has_returned(&found, first, &points)
            {
                break;
            }
            before = Some((at.cycle, at.second));
            let intervals = found.cycle.profile.intervals();
            let mesh = found.cycle.profile.adapted_mesh(intervals).0;
            found.cycle = found.cycle.moved_to(&mesh);
            found.direction = found.direction.moved_to(&mesh);
            let measure = self.sizes(&found.cycle);
            let size = found.direction.product(&found.direction, &measure).sqrt();
            found.direction = found.direction.times(1.0 / size);
            at = found;
            length = (1.6 * length).min(STEPS.1);
        }
        (points, WalkEnd { at, before, is_lost })
    }

    /// Differentiates the test at a point of the curve. `unit` is that of the second value at the point before.
    fn slopes(&mut self, at: &Place, mut unit: f64) -> Option<Slopes> {
        let (difference, measure) = (self.difference(at), self.sizes(&at.cycle));
        let here = self.at(at, 0.0, at.second, None)?;
        let along = self.at(at, difference, at.second, None)?;
        let mut attempts = 0;
        let (aside, change) = loop {
            let aside = self.at(at, 0.0, at.second + difference * unit, None)?;
            let change = aside.cycle.moved(&here.cycle, -1.0).times(1.0 / difference);
            let better = (unit / change.product(&change, &measure).sqrt()).min(self.width(1));
            attempts += 1;
            // A unit that is somewhat too long or too short serves as well.
            if (better > 0.3 * unit && better < 3.0 * unit) || better.is_nan() || attempts == 4 {
                break (aside, change);
            }
            unit = better;
        };
        let by = ((along.test - here.test) / difference, (aside.test - here.test) / difference);
        let length = f64::hypot(by.0, by.1);
        if !length.is_finite() || length == 0.0 {
            return None;
        }
        let tangent = (-by.1 / length, by.0 / length);
        Some(Slopes { tangent, normal: (by.0 / length, by.1 / length), change, unit })
    }

    /// The distance over which the test is differentiated at a point.
    fn difference(&self, at: &Place) -> f64 {
        DIFFERENCE * width_in_sizes(&at.cycle, &self.sizes(&at.cycle))
    }

    fn has_returned(&self, found: &Place, first: &Place, points: &[CycleCurvePoint]) -> bool {
        // The curve begins with the values in their first parts.
        let (values, firsts) = (self.point(found).values, [first.cycle.value, first.second]);
        let is_near = |index: usize| {
            let width = self.ranges[index].to - self.ranges[index].from;
            (values[index] - firsts[index]).abs() < 0.3 * STEPS.1 * width
        };
        points.len() > 12
            && (0..2).all(is_near)
            && (found.cycle.period - first.cycle.period).abs() < 0.02 * first.cycle.period
    }
}

/// The largest width of a state of a cycle, beside the size of that state: 1, or less where the cycle is small.
fn width_in_sizes(cycle: &Cycle, sizes: &Sizes) -> f64 {
    let profile = &cycle.profile;
    let width = |state: usize| {
        let values = (0..profile.n_nodes()).map(|node| profile.node(node)[state]);
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        (high - low) / sizes.states[state]
    };
    (0..profile.n).map(width).fold(0.0, f64::max)
}

/// The largest width of a state of a cycle.
fn extent(cycle: &Cycle) -> f64 {
    let (low, high) = cycle.profile.extremes();
    low.iter().zip(&high).map(|(low, high)| high - low).fold(0.0, f64::max)
}
