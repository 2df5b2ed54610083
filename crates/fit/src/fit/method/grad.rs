//! First-order descent.

use super::search::{Search, SearchStart, SearchStep, norm};
use crate::fit::evaluator::Evaluator;
use crate::optimiser::{Clipping, InvalidSetting, Optimiser, Schedule, UpdateRule, need};

/// Descent along the gradient by an [`UpdateRule`].
///
/// The learning rate is in the numbers that the transforms start from. Where a candidate's loss fails, the search returns to the point
/// before it, forgets what the rule remembers, and halves the rate from there on; ten failures in a row end it.
///
/// ```
/// use brainmass::fit::{Clipping, Grad, Schedule};
///
/// let adam = Grad::adam(0.05).schedule(Schedule::cosine(0.1).over(200)).clip(Clipping::Norm(1.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Grad {
    pub(super) rule: UpdateRule,
    pub(super) rate: f64,
    schedule: Schedule,
    clip: Option<Clipping>,
}

impl Grad {
    /// Descends by a rule with a learning rate, which stays as it is; gradients are not clipped.
    pub fn new(rule: UpdateRule, rate: f64) -> Self {
        Self { rule, rate, schedule: Schedule::constant(), clip: None }
    }

    /// Descends by Adam with the constants of its paper.
    pub fn adam(rate: f64) -> Self {
        Self::new(UpdateRule::ADAM, rate)
    }

    /// Descends by Adam with decoupled weight decay.
    pub fn adamw(rate: f64, decay: f64) -> Self {
        Self::new(UpdateRule::adamw(decay), rate)
    }

    /// Descends by RMSprop without momentum.
    pub fn rmsprop(rate: f64) -> Self {
        Self::new(UpdateRule::RMSPROP, rate)
    }

    /// Descends by steepest descent with a momentum of 0.9.
    pub fn sgd(rate: f64) -> Self {
        Self::new(UpdateRule::SGD, rate)
    }

    /// Sets the learning rate.
    pub fn rate(mut self, rate: f64) -> Self {
        self.rate = rate;
        self
    }

    /// Sets how the learning rate changes over the iterations.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Sets how long gradients are shortened.
    pub fn clip(mut self, clip: impl Into<Clipping>) -> Self {
        self.clip = Some(clip.into());
        self
    }

    pub(super) fn name(&self) -> &'static str {
        self.rule.name()
    }

    pub(super) fn resolved(self, iterations: usize) -> Self {
        Self { schedule: self.schedule.resolved(iterations), ..self }
    }

    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let allowed = self.rate > 0.0 && self.rate.is_finite();
        need(allowed, "the learning rate", self.rate, "a finite number above 0 is needed")?;
        self.schedule.check()?;
        self.clip.map_or(Ok(()), Clipping::check)?;
        self.rule.check()
    }

    pub(super) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        Box::new(GradSearch {
            optimiser: Optimiser::of_checked(self.rule),
            settings: self.clone(),
            x: start.from,
            before: None,
            damping: 1.0,
            failures: 0,
            iteration: 0,
            iterations: start.iterations,
        })
    }
}

struct GradSearch {
    settings: Grad,
    /// The next candidate.
    x: Vec<f64>,
    /// The last point that did not fail.
    before: Option<PointBefore>,
    optimiser: Optimiser,
    /// Factor on the rate, halved by every failure.
    damping: f64,
    /// Failures in a row.
    failures: usize,
    iteration: usize,
    iterations: usize,
}

#[derive(Clone)]
struct PointBefore {
    x: Vec<f64>,
    loss: f64,
    /// The gradient as it was followed, clipped.
    gradient: Vec<f64>,
}

/// Failures in a row that end the search.
const MOST_FAILURES: usize = 10;

impl Search for GradSearch {
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep {
        let factor = self.settings.schedule.factor(self.iteration, self.iterations);
        let rate = self.settings.rate * factor;
        self.iteration += 1;
        let Some((loss, mut gradient)) = evaluator.value_and_gradient(&self.x) else {
            return self.return_from_failure(evaluator, rate);
        };
        self.failures = 0;
        if let Some(clip) = self.settings.clip {
            clip.apply(norm(&gradient), &mut gradient);
        }
        self.before = Some(PointBefore { x: self.x.clone(), loss, gradient: gradient.clone() });
        if gradient.iter().all(|derivative| *derivative == 0.0) {
            return SearchStep::last(loss, "the gradient is 0");
        }
        self.descend(evaluator, &gradient, rate);
        SearchStep::at(loss)
    }
}

impl GradSearch {
    /// Goes back to the point before the one that failed, and makes a smaller step from there.
    fn return_from_failure(&mut self, evaluator: &Evaluator, rate: f64) -> SearchStep {
        self.failures += 1;
        self.damping *= 0.5;
        let Some(before) = self.before.clone() else {
            return SearchStep::last(f64::INFINITY, "the first candidate failed");
        };
        if self.failures == MOST_FAILURES {
            return SearchStep::last(before.loss, format!("{MOST_FAILURES} candidates in a row failed"));
        }
        // What the rule remembers led to where the loss fails.
        self.optimiser = Optimiser::of_checked(self.settings.rule);
        self.x = before.x;
        self.descend(evaluator, &before.gradient, rate);
        SearchStep::at(before.loss)
    }

    fn descend(&mut self, evaluator: &Evaluator, gradient: &[f64], rate: f64) {
        let numbers = self.x.iter_mut().zip(gradient.iter().copied());
        self.optimiser.step(numbers, rate * self.damping);
        evaluator.params().project(&mut self.x);
    }
}
