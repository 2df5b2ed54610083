//! The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno.

use std::collections::VecDeque;

use super::search::{Search, SearchStart, SearchStep, dot, norm};
use super::setting::{MethodSetting, setting};
use crate::fit::evaluator::Evaluator;
use crate::optimiser::{InvalidSetting, need};

/// Quasi-Newton descent: Nocedal & Wright, "Numerical Optimization" (2006), algorithm 7.5, with a line search for the strong Wolfe
/// conditions (algorithms 3.5 and 3.6).
///
/// A candidate whose loss fails counts as infinitely bad, so that the line search turns back before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lbfgs {
    memory: usize,
    gradient_tolerance: f64,
    line_search: usize,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self { memory: 10, gradient_tolerance: 1e-8, line_search: 30 }
    }
}

/// The loss must fall by this share of what the slope at the start of the line promises (the first Wolfe condition).
const SUFFICIENT_DECREASE: f64 = 1e-4;
/// The slope must fall to this share of what it is at the start of the line (the second Wolfe condition).
const CURVATURE: f64 = 0.9;

impl Lbfgs {
    pub(super) const SETTINGS: &'static [MethodSetting] = &[
        setting!(
            Lbfgs,
            "memory",
            "10",
            whole,
            "steps from which the curvature is estimated",
            |lbfgs, value| { lbfgs.memory = value as usize }
        ),
        setting!(
            Lbfgs,
            "tolerance",
            "1e-8",
            real,
            "the search ends when no derivative is larger",
            |lbfgs, value| { lbfgs.gradient_tolerance = value }
        ),
        setting!(
            Lbfgs,
            "line_search",
            "30",
            whole,
            "candidates that a line search may try",
            |lbfgs, value| { lbfgs.line_search = value as usize }
        ),
    ];

    /// Sets how many steps are remembered, from which the curvature is estimated; 10 if not given.
    pub fn memory(mut self, memory: usize) -> Self {
        self.memory = memory;
        self
    }

    /// Ends the search when no derivative is larger than this; 1e-8 if not given.
    pub fn gradient_tolerance(mut self, tolerance: f64) -> Self {
        self.gradient_tolerance = tolerance;
        self
    }

    /// Sets how many candidates a line search may try; 30 if not given.
    pub fn line_search(mut self, candidates: usize) -> Self {
        self.line_search = candidates;
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        need(self.memory > 0, "the memory of lbfgs", self.memory, "at least 1 step is needed")?;
        let length = self.line_search;
        need(length > 0, "the length of a line search", length, "at least 1 candidate is needed")?;
        let tolerance = self.gradient_tolerance;
        need(tolerance >= 0.0, "the tolerance of the gradient", tolerance, "a number not below 0 is needed")
    }

    pub(super) fn memory_of(&self, n: f64) -> f64 {
        (2.0 * self.memory as f64 + 10.0) * n
    }

    pub(super) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        Box::new(LbfgsSearch { settings: self.clone(), from: start.from, at: None, steps: VecDeque::new() })
    }
}

/// A point with its loss and gradient.
#[derive(Clone)]
struct EvaluatedPoint {
    x: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
}

struct LbfgsSearch {
    settings: Lbfgs,
    from: Vec<f64>,
    /// The point reached; `None` before the first iteration.
    at: Option<EvaluatedPoint>,
    /// The remembered steps, the oldest first: for each the step `s`, the change `y` of the gradient over it, and `rho = 1/(s y)`.
    steps: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

impl Search for LbfgsSearch {
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep {
        let Some(at) = self.at.take() else {
            let Some((loss, gradient)) = evaluator.value_and_gradient(&self.from) else {
                return SearchStep::last(f64::INFINITY, "the first candidate failed");
            };
            self.at = Some(EvaluatedPoint { x: self.from.clone(), loss, gradient });
            return SearchStep::at(loss);
        };
        if at.gradient.iter().all(|derivative| derivative.abs() <= self.settings.gradient_tolerance) {
            return SearchStep::last(at.loss, "the gradient is near 0");
        }
        let mut direction = self.direction(&at.gradient);
        if dot(&direction, &at.gradient) >= 0.0 {
            self.steps.clear();
            direction = at.gradient.iter().map(|derivative| -derivative).collect();
        }
        // Nothing is known of the curvature yet: begin with a step of length 1 at most.
        let first = if self.steps.is_empty() { (1.0 / norm(&direction)).min(1.0) } else { 1.0 };
        let mut line =
            LineSearch { evaluator, from: &at, direction: &direction, left: self.settings.line_search };
        match line.search(first) {
            Some(next) => {
                self.remember(&at, &next);
                let loss = next.loss;
                self.at = Some(next);
                SearchStep::at(loss)
            }
            None if self.steps.is_empty() => {
                SearchStep::last(at.loss, "no step along the gradient makes the loss smaller")
            }
            None => {
                // What is remembered may not fit here; try the gradient itself.
                self.steps.clear();
                let loss = at.loss;
                self.at = Some(at);
                SearchStep::at(loss)
            }
        }
    }
}

impl LbfgsSearch {
    /// Returns the quasi-Newton direction, by the two loops of algorithm 7.4.
    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q = gradient.to_vec();
        let mut alphas = Vec::with_capacity(self.steps.len());
        for (s, y, rho) in self.steps.iter().rev() {
            let alpha = rho * dot(s, &q);
            q.iter_mut().zip(y).for_each(|(q, y)| *q -= alpha * y);
            alphas.push(alpha);
        }
        if let Some((_, y, rho)) = self.steps.back() {
            let gamma = 1.0 / (rho * dot(y, y));
            q.iter_mut().for_each(|q| *q *= gamma);
        }
        for ((s, y, rho), alpha) in self.steps.iter().zip(alphas.iter().rev()) {
            let beta = rho * dot(y, &q);
            q.iter_mut().zip(s).for_each(|(q, s)| *q += (alpha - beta) * s);
        }
        q.iter().map(|q| -q).collect()
    }

    /// Remembers a step, and forgets the oldest where there are too many.
    fn remember(&mut self, at: &EvaluatedPoint, next: &EvaluatedPoint) {
        let difference = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a - b).collect() };
        let s = difference(&next.x, &at.x);
        let y = difference(&next.gradient, &at.gradient);
        let product = dot(&s, &y);
        // Only steps over positive curvature keep the approximated Hessian positive definite.
        if product > f64::EPSILON * norm(&s) * norm(&y) {
            if self.steps.len() == self.settings.memory {
                self.steps.pop_front();
            }
            self.steps.push_back((s, y, 1.0 / product));
        }
    }
}

/// A search along a line through a point.
struct LineSearch<'l, 'e> {
    evaluator: &'l mut Evaluator<'e>,
    from: &'l EvaluatedPoint,
    direction: &'l [f64],
    /// Candidates that may still be tried.
    left: usize,
}

/// A place on the line.
#[derive(Clone)]
struct LinePoint {
    /// Distance from the start of the line, in lengths of the direction.
    along: f64,
    point: EvaluatedPoint,
    /// Derivative of the loss along the line.
    slope: f64,
}

impl LineSearch<'_, '_> {
    /// Finds a point with a smaller loss that meets the Wolfe conditions, or the best that was seen; `None` where there is none. This is
    /// algorithm 3.5.
    fn search(&mut self, first: f64) -> Option<EvaluatedPoint> {
        let slope = dot(&self.from.gradient, self.direction);
        let start = LinePoint { along: 0.0, point: self.from.clone(), slope };
        let mut before = start.clone();
        let mut along = first;
        while self.left > 0 {
            let Some(here) = self.evaluate(along) else { return self.zoom(&start, before, along) };
            if !falls_enough(&start, &here) || (before.along > 0.0 && here.point.loss >= before.point.loss) {
                return self.zoom(&start, before, along);
            }
            if here.slope.abs() <= -CURVATURE * start.slope {
                return Some(here.point);
            }
            if here.slope >= 0.0 {
                let to = before.along;
                return self.zoom(&start, here, to);
            }
            before = here;
            along *= 2.0;
        }
        (before.along > 0.0).then_some(before.point)
    }

    /// Narrows the interval between `low`, the best place that falls enough, and `high` (algorithm 3.6). It halves the interval and does not
    /// interpolate, since halving needs nothing of the loss at `high` and so bears places where it fails.
    fn zoom(&mut self, start: &LinePoint, mut low: LinePoint, mut high: f64) -> Option<EvaluatedPoint> {
        while self.left > 0 {
            let along = 0.5 * (low.along + high);
            let Some(here) = self.evaluate(along) else {
                high = along;
                continue;
            };
            if !falls_enough(start, &here) || here.point.loss >= low.point.loss {
                high = along;
                continue;
            }
            if here.slope.abs() <= -CURVATURE * start.slope {
                return Some(here.point);
            }
            if here.slope * (high - low.along) >= 0.0 {
                high = low.along;
            }
            low = here;
        }
        (low.along > 0.0).then_some(low.point)
    }

    /// Computes the loss and its slope at a place on the line; `None` where the loss fails.
    fn evaluate(&mut self, along: f64) -> Option<LinePoint> {
        self.left -= 1;
        let x: Vec<f64> = self.from.x.iter().zip(self.direction).map(|(x, d)| x + along * d).collect();
        let (loss, gradient) = self.evaluator.value_and_gradient(&x)?;
        let slope = dot(&gradient, self.direction);
        Some(LinePoint { along, point: EvaluatedPoint { x, loss, gradient }, slope })
    }
}

/// The first Wolfe condition.
fn falls_enough(start: &LinePoint, here: &LinePoint) -> bool {
    here.point.loss <= start.point.loss + SUFFICIENT_DECREASE * here.along * start.slope
}
