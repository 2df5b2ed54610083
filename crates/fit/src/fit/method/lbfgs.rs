//! The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno.

use std::collections::VecDeque;

use super::{Search, Step, dot, need, norm};
use crate::fit::error::FitError;
use crate::fit::evaluator::Evaluator;

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

/// Share of the slope by which the loss must fall.
const SUFFICIENT: f64 = 1e-4;
/// Share of the slope that may be left.
const CURVATURE: f64 = 0.9;

impl Lbfgs {
    /// How many steps are remembered; 10 if not given.
    pub fn memory(mut self, memory: usize) -> Self {
        self.memory = memory;
        self
    }

    /// The search is over when no derivative is larger; 1e-8 if not given.
    pub fn gradient_tolerance(mut self, tolerance: f64) -> Self {
        self.gradient_tolerance = tolerance;
        self
    }

    /// How many candidates a line search may try; 30 if not given.
    pub fn line_search(mut self, candidates: usize) -> Self {
        self.line_search = candidates;
        self
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        need(self.memory > 0, "the memory of lbfgs", self.memory, "at least 1 step is needed")?;
        need(
            self.line_search > 0,
            "the length of a line search",
            self.line_search,
            "at least 1 candidate is needed",
        )?;
        let tolerance = self.gradient_tolerance;
        need(tolerance >= 0.0, "the tolerance of the gradient", tolerance, "a number not below 0 is needed")
    }

    pub(super) fn search(&self, from: Vec<f64>) -> Box<dyn Search> {
        Box::new(Descending { settings: self.clone(), from, at: None, steps: VecDeque::new() })
    }
}

/// A point with its loss and gradient.
#[derive(Clone)]
struct Point {
    x: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
}

struct Descending {
    settings: Lbfgs,
    from: Vec<f64>,
    at: Option<Point>,
    /// Steps, the changes of the gradient over them, and the reciprocals of their products.
    steps: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

impl Search for Descending {
    fn step(&mut self, evaluator: &mut Evaluator) -> Step {
        let Some(at) = self.at.take() else {
            let Some((loss, gradient)) = evaluator.value_and_gradient(&self.from) else {
                return Step::last(f64::INFINITY, "the first candidate failed");
            };
            self.at = Some(Point { x: self.from.clone(), loss, gradient });
            return Step::at(loss);
        };
        if at.gradient.iter().all(|derivative| derivative.abs() <= self.settings.gradient_tolerance) {
            return Step::last(at.loss, "the gradient is near 0");
        }
        let mut direction = self.direction(&at.gradient);
        if dot(&direction, &at.gradient) >= 0.0 {
            self.steps.clear();
            direction = at.gradient.iter().map(|derivative| -derivative).collect();
        }
        // Nothing is known of the curvature yet: begin with a step of length 1 at most.
        let first = if self.steps.is_empty() { (1.0 / norm(&direction)).min(1.0) } else { 1.0 };
        let mut line = Line { evaluator, from: &at, direction: &direction, left: self.settings.line_search };
        match line.search(first) {
            Some(next) => {
                self.remember(&at, &next);
                let loss = next.loss;
                self.at = Some(next);
                Step::at(loss)
            }
            None if self.steps.is_empty() => {
                Step::last(at.loss, "no step along the gradient makes the loss smaller")
            }
            None => {
                // What is remembered may not fit here; try the gradient itself.
                self.steps.clear();
                let loss = at.loss;
                self.at = Some(at);
                Step::at(loss)
            }
        }
    }
}

impl Descending {
    /// The two loops of algorithm 7.4.
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

    fn remember(&mut self, at: &Point, next: &Point) {
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

/// A line through a point.
struct Line<'l, 'e> {
    evaluator: &'l mut Evaluator<'e>,
    from: &'l Point,
    direction: &'l [f64],
    left: usize,
}

/// A place on a line: how far, the point there, the slope along the line.
#[derive(Clone)]
struct Place {
    along: f64,
    point: Point,
    slope: f64,
}

impl Line<'_, '_> {
    /// Algorithm 3.5; a point where the loss is smaller, if there is one.
    fn search(&mut self, first: f64) -> Option<Point> {
        let slope = dot(&self.from.gradient, self.direction);
        let start = Place { along: 0.0, point: self.from.clone(), slope };
        let mut before = start.clone();
        let mut along = first;
        while self.left > 0 {
            let Some(here) = self.place(along) else { return self.zoom(&start, before, along) };
            if !self.falls_enough(&start, &here)
                || (before.along > 0.0 && here.point.loss >= before.point.loss)
            {
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

    /// Algorithm 3.6, between `low`, the best place that falls enough, and `high`. Halving, which needs nothing of the loss at `high`,
    /// bears places where it fails.
    fn zoom(&mut self, start: &Place, mut low: Place, mut high: f64) -> Option<Point> {
        while self.left > 0 {
            let along = 0.5 * (low.along + high);
            let Some(here) = self.place(along) else {
                high = along;
                continue;
            };
            if !self.falls_enough(start, &here) || here.point.loss >= low.point.loss {
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

    fn falls_enough(&self, start: &Place, here: &Place) -> bool {
        here.point.loss <= start.point.loss + SUFFICIENT * here.along * start.slope
    }

    fn place(&mut self, along: f64) -> Option<Place> {
        self.left -= 1;
        let x: Vec<f64> = self.from.x.iter().zip(self.direction).map(|(x, d)| x + along * d).collect();
        let (loss, gradient) = self.evaluator.value_and_gradient(&x)?;
        let slope = dot(&gradient, self.direction);
        Some(Place { along, point: Point { x, loss, gradient }, slope })
    }
}
