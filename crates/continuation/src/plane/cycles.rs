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
/// The distances over which the test is differentiated.
const DIFFERENCE: f64 = 1e-3;
/// The number of steps of the secant method back to the curve, and the distance from it at which it has converged.
const SECANTS: usize = 8;
const CONVERGED: f64 = 1e-9;
/// The cosine of the largest angle between neighbouring steps.
const LEAST_COSINE: f64 = 0.9;
/// A curve ends where its cycles have shrunk to this share of the first one, as at a generalised Hopf point.
const SMALLEST: f64 = 0.02;
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

/// The direction of a curve and that across it, in distances along the branch of cycles and shares of the range of the second value.
struct Slopes {
    tangent: (f64, f64),
    normal: (f64, f64),
    /// The change of the cycle with the second value, over its range.
    change: Cycle,
}

/// A curve that is followed, in equations in which the second value is held.
pub(super) struct CycleWalk<'a> {
    pub equations: &'a mut Equations,
    pub kind: CycleKind,
    pub ranges: [Range; 2],
}

impl CycleWalk<'_> {
    /// Follows the curve through a special cycle, found at a second value, in both directions.
    pub fn both(&mut self, special: &SpecialCycle, second: f64) -> Option<CycleCurve> {
        let start = self.first(special, second)?;
        let (mut points, lost_back) = self.follow(&start, -1.0);
        points.reverse();
        points.push(self.point(&start));
        let (forward, lost_ahead) = self.follow(&start, 1.0);
        points.extend(forward);
        let ends = [(lost_back, points.first()), (lost_ahead, points.last())];
        let lost = ends.into_iter().filter(|(is_lost, _)| *is_lost).filter_map(|(_, end)| end);
        let lost = lost.map(|point| point.values).collect();
        (points.len() > 2).then_some(CycleCurve { kind: self.kind, points, lost })
    }

    fn width(&self, index: usize) -> f64 {
        self.ranges[index].to - self.ranges[index].from
    }

    fn point(&self, place: &Place) -> CycleCurvePoint {
        CycleCurvePoint { values: [place.cycle.value, place.second], cycle: place.point.clone() }
    }

    fn sizes(&self, cycle: &Cycle) -> Sizes {
        sizes(cycle, self.width(0))
    }

    /// The special cycle on a mesh that suits it.
    fn first(&mut self, special: &SpecialCycle, second: f64) -> Option<Place> {
        let cycle = special.cycle.cycle();
        let intervals = cycle.profile.intervals().clamp(INTERVALS.0, INTERVALS.1);
        let cycle = cycle.moved_to(&cycle.profile.adapted_mesh(intervals).0);
        // A fold is vertical in the first value, so that the way across it is not along that value: the course itself tells another one.
        let mut like = cycle.clone();
        let sizes = self.sizes(&cycle);
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
        self.equations.hold(&[second]);
        let (cycle, _, solved) = correct(self.equations, &cycle, &Condition::Across(&like), &sizes)?;
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
            _ => direction.value / measure.value,
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
        self.equations.hold(&[second]);
        let (cycle, _, solved) =
            correct(self.equations, &guess, &Condition::Across(&base.direction), &measure)?;
        self.place(cycle, &base.direction, second, (&solved, &measure))
    }

    /// Finds the zero of the test on a line of the surface through a point, by the secant method.
    fn on_curve(&mut self, base: &Place, along: f64, second: f64, (a, b): (f64, f64)) -> Option<Place> {
        let width = self.width(1);
        let mut before = self.at(base, along, second, None)?;
        let mut from = 0.0;
        let mut by = DIFFERENCE;
        for _ in 0..SECANTS {
            let now = self.at(base, along + by * a, second + by * b * width, Some(&before.cycle))?;
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

    /// Follows the curve from a point in one direction; the point itself is left out. Says whether the curve was lost.
    fn follow(&mut self, start: &Place, sign: f64) -> (Vec<CycleCurvePoint>, bool) {
        let mut points = Vec::new();
        let (mut at, mut length) = (start.clone(), STEPS.0);
        let mut before: Option<(Cycle, f64)> = None;
        let first_width = extent(&start.cycle);
        while points.len() < MOST_POINTS && self.equations.watch().point() {
            let Some(Slopes { tangent, normal, change }) = self.slopes(&at) else { return (points, true) };
            let width = self.width(1);
            let measure = self.sizes(&at.cycle);
            // The direction of the curve among cycles and second values, on the side away from the last point.
            let ahead = at.direction.times(tangent.0).moved(&change, tangent.1);
            let side = match &before {
                Some((cycle, second)) => {
                    let last = at.cycle.moved(&cycle.moved_to(&at.cycle.profile.mesh), -1.0);
                    ahead.product(&last, &measure) + tangent.1 * (at.second - second) / width
                }
                None => sign * if tangent.1 == 0.0 { 1.0 } else { tangent.1 },
            };
            let tangent = if side < 0.0 { (-tangent.0, -tangent.1) } else { tangent };
            let (mut next, mut is_at_edge) = (None, false);
            while length >= STEPS.2 {
                let (along, second) = (length * tangent.0, at.second + length * tangent.1 * width);
                let found = self.on_curve(&at, along, second, normal);
                // A step that ends far from where it should has found another curve.
                let found = found.filter(|found| {
                    let moved = found.cycle.moved(&at.cycle, -1.0).product(&at.direction, &measure);
                    let by = (moved, (found.second - at.second) / width);
                    let size = f64::hypot(by.0, by.1);
                    size < 2.0 * length && (by.0 * tangent.0 + by.1 * tangent.1) / size > LEAST_COSINE
                });
                if let Some(found) = found {
                    let is_inside = |index: usize, value: f64| {
                        value >= self.ranges[index].from && value <= self.ranges[index].to
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
            let Some(mut found) = next else { return (points, !is_at_edge) };
            points.push(self.point(&found));
            let is_small = extent(&found.cycle) < SMALLEST * first_width;
            if is_small
                || found.cycle.period > LONGEST * start.cycle.period
                || self.has_returned(&found, start, &points)
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
        (points, false)
    }

    /// Differentiates the test at a point of the curve.
    fn slopes(&mut self, at: &Place) -> Option<Slopes> {
        let width = self.width(1);
        let here = self.at(at, 0.0, at.second, None)?;
        let along = self.at(at, DIFFERENCE, at.second, None)?;
        let aside = self.at(at, 0.0, at.second + DIFFERENCE * width, None)?;
        let by = ((along.test - here.test) / DIFFERENCE, (aside.test - here.test) / DIFFERENCE);
        let size = f64::hypot(by.0, by.1);
        if !size.is_finite() || size == 0.0 {
            return None;
        }
        let change = aside.cycle.moved(&here.cycle, -1.0).times(1.0 / DIFFERENCE);
        Some(Slopes { tangent: (-by.1 / size, by.0 / size), normal: (by.0 / size, by.1 / size), change })
    }

    fn has_returned(&self, found: &Place, start: &Place, points: &[CycleCurvePoint]) -> bool {
        let values = [found.cycle.value - start.cycle.value, found.second - start.second];
        points.len() > 12
            && (0..2).all(|index| values[index].abs() < 0.3 * STEPS.1 * self.width(index))
            && (found.cycle.period - start.cycle.period).abs() < 0.02 * start.cycle.period
    }
}

/// The largest width of a state of a cycle.
fn extent(cycle: &Cycle) -> f64 {
    let (low, high) = cycle.profile.extremes();
    low.iter().zip(&high).map(|(low, high)| high - low).fold(0.0, f64::max)
}
