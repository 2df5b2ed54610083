//! Steps along gradients.

use super::TrainingError;
use super::error::need;
use crate::sequence::Weights;

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
        /// The share that is taken from each weight in a step, times the rate.
        decay: f64,
    },
    /// Steepest descent with momentum (Polyak 1964).
    Sgd {
        /// Share of the step before.
        momentum: f64,
    },
}

impl Rule {
    /// Adam with the constants of its paper.
    pub const ADAM: Self = Self::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.0 };
}

/// What the learning rate is multiplied by over a training.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Schedule {
    /// 1.
    #[default]
    Constant,
    /// From 1 to `end` along half a period of a cosine (Loshchilov & Hutter 2017, without restarts).
    Cosine {
        /// The last factor.
        end: f64,
    },
    /// From 1 to `end` along a straight line.
    Linear {
        /// The last factor.
        end: f64,
    },
    /// `factor` more after each of `times` equal parts of the training.
    Steps {
        /// The factor.
        factor: f64,
        /// The number of parts.
        times: usize,
    },
}

impl Schedule {
    /// The factor after a share of the training, from 0 to 1.
    pub fn factor(self, share: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Cosine { end } => end + (1.0 - end) * 0.5 * (1.0 + (std::f64::consts::PI * share).cos()),
            Self::Linear { end } => 1.0 + (end - 1.0) * share,
            Self::Steps { factor, times } => factor.powi((share * times as f64) as i32),
        }
    }
}

/// Descent: a rule with its memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Descent {
    rule: Rule,
    /// Means of gradients, or the last step.
    first: Weights,
    /// Means of their squares.
    second: Weights,
    steps: i32,
}

impl Descent {
    /// A rule that has seen nothing yet.
    ///
    /// # Errors
    ///
    /// A constant of the rule out of its range.
    pub fn new(rule: Rule) -> Result<Self, TrainingError> {
        let share = |what, value: f64| {
            need((0.0..1.0).contains(&value), what, value, "a number from 0 to below 1 is needed")
        };
        match rule {
            Rule::Adam { beta1, beta2, epsilon, decay } => {
                share("beta1", beta1)?;
                share("beta2", beta2)?;
                need(epsilon > 0.0, "epsilon", epsilon, "a number above 0 is needed")?;
                need(decay >= 0.0 && decay.is_finite(), "the decay", decay, "it is finite and not negative")?;
            }
            Rule::Sgd { momentum } => share("the momentum", momentum)?,
        }
        Ok(Self { rule, first: Weights::new(), second: Weights::new(), steps: 0 })
    }

    /// Moves weights by a step along their gradient, which may hold more than they do.
    pub fn step(&mut self, weights: &mut Weights, gradient: &Weights, rate: f64) {
        self.steps += 1;
        for (name, values) in weights.iter_mut() {
            let Some(slope) = gradient.get(name) else { continue };
            for memory in [&mut self.first, &mut self.second] {
                if memory.get(name).is_none() {
                    memory.insert(name, ndarray::ArrayD::zeros(values.raw_dim()));
                }
            }
            let (Some(first), Some(second)) = (self.first.get_mut(name), self.second.get_mut(name)) else {
                continue;
            };
            let memory = first.iter_mut().zip(second);
            for ((value, slope), (first, second)) in values.iter_mut().zip(slope).zip(memory) {
                match self.rule {
                    Rule::Adam { beta1, beta2, epsilon, decay } => {
                        *first = beta1 * *first + (1.0 - beta1) * slope;
                        *second = beta2 * *second + (1.0 - beta2) * slope * slope;
                        let mean = *first / (1.0 - beta1.powi(self.steps));
                        let square = *second / (1.0 - beta2.powi(self.steps));
                        *value -= rate * decay * *value;
                        *value -= rate * mean / (square.sqrt() + epsilon);
                    }
                    Rule::Sgd { momentum } => {
                        *first = momentum * *first + slope;
                        *value -= rate * *first;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// Three steps from (1, -2) with the gradients (0.5, -1), (0.1, 2), (-0.3, 0) at a rate of 0.1.
    fn after_three_steps(rule: Rule) -> [f64; 2] {
        let mut descent = Descent::new(rule).unwrap();
        let weights =
            |a: f64, b: f64| -> Weights { [("w".to_owned(), array![a, b].into_dyn())].into_iter().collect() };
        let mut x = weights(1.0, -2.0);
        for [a, b] in [[0.5, -1.0], [0.1, 2.0], [-0.3, 0.0]] {
            descent.step(&mut x, &weights(a, b), 0.1);
        }
        [x["w"][0], x["w"][1]]
    }

    #[track_caller]
    fn assert_near(found: [f64; 2], expected: [f64; 2]) {
        let far = found.iter().zip(expected).any(|(found, expected)| (found - expected).abs() > 1e-12);
        assert!(!far, "{found:?}, expected {expected:?}");
    }

    #[test]
    fn steps_are_those_of_the_papers() {
        // Worked out from the algorithms with plain numbers in Python.
        assert_near(after_three_steps(Rule::ADAM), [0.7986246117635079, -1.9649102620009304]);
        let decaying = Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01 };
        assert_near(after_three_steps(decaying), [0.7959078148551252, -1.9590795496464593]);
        assert_near(after_three_steps(Rule::Sgd { momentum: 0.9 }), [0.8755, -2.109]);
    }

    #[test]
    fn schedules_pass_their_marks() {
        let marks = |schedule: Schedule| [0.0, 0.5, 1.0].map(|share| schedule.factor(share));
        assert_near_three(marks(Schedule::Cosine { end: 0.2 }), [1.0, 0.6, 0.2]);
        assert_near_three(marks(Schedule::Linear { end: 0.0 }), [1.0, 0.5, 0.0]);
        assert_near_three(marks(Schedule::Steps { factor: 0.1, times: 2 }), [1.0, 0.1, 0.01]);
    }

    fn assert_near_three(found: [f64; 3], expected: [f64; 3]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");
    }

    #[test]
    fn constants_out_of_range_are_refused() {
        let error = Descent::new(Rule::Sgd { momentum: 1.0 }).unwrap_err().to_string();
        assert_eq!(error, "the momentum is 1; a number from 0 to below 1 is needed");
    }
}
