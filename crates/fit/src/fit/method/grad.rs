//! First-order descent.

use super::{Schedule, Search, Step, need, norm};
use crate::fit::error::FitError;
use crate::fit::evaluator::Evaluator;

/// Descent along the gradient, by one of four rules, with a learning rate in units of what the transforms start from.
///
/// A candidate whose loss fails is left for the point before it, and the rate is halved from there on; ten failures in a row end the search.
///
/// ```
/// use brainmass::fit::{Clipping, Grad, Schedule};
///
/// let adam = Grad::adam(0.05).schedule(Schedule::Cosine { end: 0.1, over: 200 }).clip(Clipping::Norm(1.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Grad {
    rule: Rule,
    rate: f64,
    schedule: Schedule,
    clip: Option<Clipping>,
}

/// How a gradient becomes a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// Kingma & Ba 2015, algorithm 1; with `decay` above 0 decoupled weight decay, Loshchilov & Hutter 2019, algorithm 2.
    Adam {
        /// Decay of the mean of gradients.
        beta1: f64,
        /// Decay of the mean of their squares.
        beta2: f64,
        /// Added to the root of the latter.
        epsilon: f64,
        /// The share that is taken from each number in an iteration, times the rate.
        decay: f64,
    },
    /// Tieleman & Hinton 2012, with momentum as in PyTorch.
    RmsProp {
        /// Decay of the mean of squared gradients.
        smoothing: f64,
        /// Added to its root.
        epsilon: f64,
        /// Share of the step before.
        momentum: f64,
    },
    /// Steepest descent with momentum: Polyak 1964, or Nesterov 1983 in the form of Sutskever et al. 2013.
    Sgd {
        /// Share of the step before.
        momentum: f64,
        /// Whether to look ahead.
        nesterov: bool,
    },
}

/// How long gradients are shortened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clipping {
    /// To this Euclidean length, keeping the direction (Pascanu et al. 2013).
    Norm(f64),
    /// Each derivative to this magnitude.
    Value(f64),
}

impl Grad {
    /// A rule and its learning rate.
    pub fn new(rule: Rule, rate: f64) -> Self {
        Self { rule, rate, schedule: Schedule::Constant, clip: None }
    }

    /// Adam with the constants of its paper.
    pub fn adam(rate: f64) -> Self {
        Self::new(Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.0 }, rate)
    }

    /// Adam with decoupled weight decay.
    pub fn adamw(rate: f64, decay: f64) -> Self {
        Self::new(Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay }, rate)
    }

    /// RMSprop without momentum.
    pub fn rmsprop(rate: f64) -> Self {
        Self::new(Rule::RmsProp { smoothing: 0.99, epsilon: 1e-8, momentum: 0.0 }, rate)
    }

    /// Steepest descent with a momentum of 0.9.
    pub fn sgd(rate: f64) -> Self {
        Self::new(Rule::Sgd { momentum: 0.9, nesterov: false }, rate)
    }

    /// The learning rate.
    pub fn rate(mut self, rate: f64) -> Self {
        self.rate = rate;
        self
    }

    /// How the learning rate changes.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// How long gradients are shortened.
    pub fn clip(mut self, clip: Clipping) -> Self {
        self.clip = Some(clip);
        self
    }

    pub(super) fn name(&self) -> &'static str {
        match self.rule {
            Rule::Adam { decay, .. } if decay > 0.0 => "adamw",
            Rule::Adam { .. } => "adam",
            Rule::RmsProp { .. } => "rmsprop",
            Rule::Sgd { .. } => "sgd",
        }
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        need(
            self.rate > 0.0 && self.rate.is_finite(),
            "the learning rate",
            self.rate,
            "a finite number above 0 is needed",
        )?;
        self.schedule.check()?;
        if let Some(Clipping::Norm(at) | Clipping::Value(at)) = self.clip {
            need(at > 0.0, "the length of clipped gradients", at, "a number above 0 is needed")?;
        }
        let share = |what, value: f64| {
            need((0.0..1.0).contains(&value), what, value, "a number from 0 to below 1 is needed")
        };
        match self.rule {
            Rule::Adam { beta1, beta2, decay, .. } => {
                share("beta1", beta1)?;
                share("beta2", beta2)?;
                need(
                    decay >= 0.0 && decay.is_finite(),
                    "the weight decay",
                    decay,
                    "it is finite and not negative",
                )
            }
            Rule::RmsProp { smoothing, momentum, .. } => {
                share("the smoothing", smoothing)?;
                share("the momentum", momentum)
            }
            Rule::Sgd { momentum, .. } => share("the momentum", momentum),
        }
    }

    pub(super) fn search(&self, from: Vec<f64>) -> Box<dyn Search> {
        let descent = Descent::new(self.rule, from.len());
        Box::new(Descending {
            settings: self.clone(),
            x: from,
            before: None,
            descent,
            damping: 1.0,
            failures: 0,
            iteration: 0,
        })
    }
}

impl Clipping {
    fn apply(self, gradient: &mut [f64]) {
        match self {
            Self::Norm(longest) => {
                let length = norm(gradient);
                if length > longest {
                    gradient.iter_mut().for_each(|derivative| *derivative *= longest / length);
                }
            }
            Self::Value(largest) => {
                gradient.iter_mut().for_each(|derivative| *derivative = derivative.clamp(-largest, largest));
            }
        }
    }
}

/// The memory of a rule.
#[derive(Debug, Clone)]
struct Descent {
    rule: Rule,
    first: Vec<f64>,
    second: Vec<f64>,
    iteration: i32,
}

impl Descent {
    fn new(rule: Rule, dimension: usize) -> Self {
        Self { rule, first: vec![0.0; dimension], second: vec![0.0; dimension], iteration: 0 }
    }

    /// Moves `x` by a step along a gradient.
    fn apply(&mut self, x: &mut [f64], gradient: &[f64], rate: f64) {
        self.iteration += 1;
        let memory = self.first.iter_mut().zip(&mut self.second);
        for ((x, &g), (first, second)) in x.iter_mut().zip(gradient).zip(memory) {
            match self.rule {
                Rule::Adam { beta1, beta2, epsilon, decay } => {
                    *first = beta1 * *first + (1.0 - beta1) * g;
                    *second = beta2 * *second + (1.0 - beta2) * g * g;
                    let mean = *first / (1.0 - beta1.powi(self.iteration));
                    let square = *second / (1.0 - beta2.powi(self.iteration));
                    *x -= rate * decay * *x;
                    *x -= rate * mean / (square.sqrt() + epsilon);
                }
                Rule::RmsProp { smoothing, epsilon, momentum } => {
                    *second = smoothing * *second + (1.0 - smoothing) * g * g;
                    *first = momentum * *first + g / (second.sqrt() + epsilon);
                    *x -= rate * *first;
                }
                Rule::Sgd { momentum, nesterov } => {
                    *first = momentum * *first + g;
                    *x -= rate * if nesterov { g + momentum * *first } else { *first };
                }
            }
        }
    }
}

struct Descending {
    settings: Grad,
    x: Vec<f64>,
    /// The last point that did not fail, with its gradient.
    before: Option<(Vec<f64>, f64, Vec<f64>)>,
    descent: Descent,
    damping: f64,
    failures: usize,
    iteration: usize,
}

const FAILURES: usize = 10;

impl Search for Descending {
    fn step(&mut self, evaluator: &mut Evaluator) -> Step {
        let rate = self.settings.rate * self.settings.schedule.factor(self.iteration);
        self.iteration += 1;
        let Some((loss, mut gradient)) = evaluator.value_and_gradient(&self.x) else {
            self.failures += 1;
            self.damping *= 0.5;
            let Some((x, loss, gradient)) = &self.before else {
                return Step::last(f64::INFINITY, "the first candidate failed");
            };
            if self.failures == FAILURES {
                return Step::last(*loss, format!("{FAILURES} candidates in a row failed"));
            }
            // What the rule remembers led to where the loss fails.
            self.descent = Descent::new(self.settings.rule, x.len());
            self.x.clone_from(x);
            let (loss, gradient) = (*loss, gradient.clone());
            self.descend(evaluator, &gradient, rate);
            return Step::at(loss);
        };
        self.failures = 0;
        if let Some(clip) = self.settings.clip {
            clip.apply(&mut gradient);
        }
        self.before = Some((self.x.clone(), loss, gradient.clone()));
        if gradient.iter().all(|derivative| *derivative == 0.0) {
            return Step::last(loss, "the gradient is 0");
        }
        self.descend(evaluator, &gradient, rate);
        Step::at(loss)
    }
}

impl Descending {
    fn descend(&mut self, evaluator: &Evaluator, gradient: &[f64], rate: f64) {
        self.descent.apply(&mut self.x, gradient, rate * self.damping);
        evaluator.params().project(&mut self.x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three steps from (1, -2) with the gradients (0.5, -1), (0.1, 2), (-0.3, 0) at a rate of 0.1.
    fn after_three_steps(rule: Rule) -> [f64; 2] {
        let mut descent = Descent::new(rule, 2);
        let mut x = [1.0, -2.0];
        for gradient in [[0.5, -1.0], [0.1, 2.0], [-0.3, 0.0]] {
            descent.apply(&mut x, &gradient, 0.1);
        }
        x
    }

    #[track_caller]
    fn assert_near(found: [f64; 2], expected: [f64; 2]) {
        let far = found.iter().zip(expected).any(|(found, expected)| (found - expected).abs() > 1e-12);
        assert!(!far, "{found:?}, expected {expected:?}");
    }

    /// Computed by optax 0.2.8 in double precision.
    #[test]
    fn steps_are_those_of_a_reference_implementation() {
        let rule = |grad: Grad| after_three_steps(grad.rule);
        assert_near(rule(Grad::adam(0.1)), [0.7986246117635081, -1.9649102620009304]);
        assert_near(rule(Grad::adamw(0.1, 0.01)), [0.7959078148551254, -1.9590795496464593]);
        assert_near(rule(Grad::rmsprop(0.1)), [0.3137437404654279, -1.8953230219915218]);
        let with_momentum = Rule::RmsProp { smoothing: 0.99, epsilon: 1e-8, momentum: 0.5 };
        assert_near(after_three_steps(with_momentum), [-0.5347890179335589, -1.5929845579872803]);
        assert_near(rule(Grad::sgd(0.1)), [0.8755, -2.109]);
        assert_near(after_three_steps(Rule::Sgd { momentum: 0.9, nesterov: true }), [0.85795, -2.1981]);
    }

    #[test]
    fn long_gradients_are_shortened() {
        let mut gradient = [3.0, -4.0];
        Clipping::Norm(10.0).apply(&mut gradient);
        assert_eq!(gradient, [3.0, -4.0]);
        Clipping::Norm(1.0).apply(&mut gradient);
        assert_near(gradient, [0.6, -0.8]);
        Clipping::Value(0.7).apply(&mut gradient);
        assert_near(gradient, [0.6, -0.7]);
    }
}
