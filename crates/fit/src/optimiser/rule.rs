//! Update rules, and the optimiser that remembers what they need.

use super::setting::{InvalidSetting, need};

/// An update rule, by which a gradient becomes a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UpdateRule {
    /// Adam: Kingma & Ba 2015, algorithm 1; with `decay` above 0 AdamW, whose weight decay is decoupled from the gradient: Loshchilov &
    /// Hutter 2019, algorithm 2.
    Adam {
        /// Decay per step of the running mean of gradients, from 0 to below 1.
        beta1: f64,
        /// Decay per step of the running mean of squared gradients, from 0 to below 1.
        beta2: f64,
        /// Number added to the root of the mean square, so that the division is safe.
        epsilon: f64,
        /// Weight decay: each step takes `rate * decay` of every number away.
        decay: f64,
    },
    /// RMSprop: Tieleman & Hinton 2012, with momentum as in PyTorch.
    RmsProp {
        /// Decay per step of the running mean of squared gradients, from 0 to below 1.
        smoothing: f64,
        /// Number added to the root of the mean square, so that the division is safe.
        epsilon: f64,
        /// Share of the step before that is added to each step, from 0 to below 1.
        momentum: f64,
    },
    /// Steepest descent with momentum: Polyak 1964, or Nesterov 1983 in the form of Sutskever et al. 2013.
    Sgd {
        /// Share of the step before that is added to each step, from 0 to below 1.
        momentum: f64,
        /// Whether the momentum of the step that is about to be made counts already (Nesterov).
        nesterov: bool,
    },
}

impl UpdateRule {
    /// Adam with the constants of its paper.
    pub const ADAM: Self = Self::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.0 };
    /// RMSprop without momentum.
    pub const RMSPROP: Self = Self::RmsProp { smoothing: 0.99, epsilon: 1e-8, momentum: 0.0 };
    /// Steepest descent with a momentum of 0.9.
    pub const SGD: Self = Self::Sgd { momentum: 0.9, nesterov: false };

    /// Adam with decoupled weight decay.
    pub const fn adamw(decay: f64) -> Self {
        Self::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay }
    }

    /// The name by which files ask for the rule: `adam`, `adamw`, `rmsprop` or `sgd`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adam { decay, .. } if decay > 0.0 => "adamw",
            Self::Adam { .. } => "adam",
            Self::RmsProp { .. } => "rmsprop",
            Self::Sgd { .. } => "sgd",
        }
    }

    /// Checks that every constant is within its range.
    pub(crate) fn check(self) -> Result<(), InvalidSetting> {
        let share = |what, value: f64| {
            need((0.0..1.0).contains(&value), what, value, "a number from 0 to below 1 is needed")
        };
        let positive = |what, value: f64| {
            need(value > 0.0 && value.is_finite(), what, value, "a finite number above 0 is needed")
        };
        match self {
            Self::Adam { beta1, beta2, epsilon, decay } => {
                share("beta1", beta1)?;
                share("beta2", beta2)?;
                positive("epsilon", epsilon)?;
                let allowed = decay >= 0.0 && decay.is_finite();
                need(allowed, "the weight decay", decay, "it is finite and not negative")
            }
            Self::RmsProp { smoothing, epsilon, momentum } => {
                share("the smoothing", smoothing)?;
                positive("epsilon", epsilon)?;
                share("the momentum", momentum)
            }
            Self::Sgd { momentum, .. } => share("the momentum", momentum),
        }
    }
}

/// An update rule with what it remembers of former gradients.
///
/// ```
/// use brainmass::optimiser::{Optimiser, UpdateRule};
///
/// // Down the bowl x^2, whose derivative is 2 x.
/// let mut optimiser = Optimiser::new(UpdateRule::ADAM)?;
/// let mut x = 1.0;
/// for _ in 0..200 {
///     let slope = 2.0 * x;
///     optimiser.step([(&mut x, slope)], 0.1);
/// }
/// assert!(x.abs() < 1e-2);
/// # Ok::<(), brainmass::optimiser::InvalidSetting>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Optimiser {
    rule: UpdateRule,
    /// The running mean of the derivatives of each number (Adam), or its last step (others).
    first: Vec<f64>,
    /// The running mean of the squared derivatives of each number.
    second: Vec<f64>,
    /// Steps made so far.
    steps: i32,
}

impl Optimiser {
    /// Creates an optimiser that has seen no gradient yet.
    ///
    /// # Errors
    ///
    /// A constant of the rule is out of its range.
    pub fn new(rule: UpdateRule) -> Result<Self, InvalidSetting> {
        rule.check()?;
        Ok(Self::of_checked(rule))
    }

    /// Creates an optimiser with a rule that has been checked before.
    pub(crate) fn of_checked(rule: UpdateRule) -> Self {
        Self { rule, first: Vec::new(), second: Vec::new(), steps: 0 }
    }

    /// Moves numbers by one step against their derivatives, with a learning rate. Every step is given the same numbers in the same order.
    pub fn step<'n>(&mut self, numbers: impl IntoIterator<Item = (&'n mut f64, f64)>, rate: f64) {
        self.steps = self.steps.saturating_add(1);
        let corrections = match self.rule {
            // The running means start at 0, and are too small by these factors.
            UpdateRule::Adam { beta1, beta2, .. } => {
                (1.0 - beta1.powi(self.steps), 1.0 - beta2.powi(self.steps))
            }
            UpdateRule::RmsProp { .. } | UpdateRule::Sgd { .. } => (1.0, 1.0),
        };
        for (index, (number, slope)) in numbers.into_iter().enumerate() {
            if index == self.first.len() {
                self.first.push(0.0);
                self.second.push(0.0);
            }
            let (first, second) = (&mut self.first[index], &mut self.second[index]);
            match self.rule {
                UpdateRule::Adam { beta1, beta2, epsilon, decay } => {
                    *first = beta1 * *first + (1.0 - beta1) * slope;
                    *second = beta2 * *second + (1.0 - beta2) * slope * slope;
                    let (mean, square) = (*first / corrections.0, *second / corrections.1);
                    *number -= rate * decay * *number;
                    *number -= rate * mean / (square.sqrt() + epsilon);
                }
                UpdateRule::RmsProp { smoothing, epsilon, momentum } => {
                    *second = smoothing * *second + (1.0 - smoothing) * slope * slope;
                    *first = momentum * *first + slope / (second.sqrt() + epsilon);
                    *number -= rate * *first;
                }
                UpdateRule::Sgd { momentum, nesterov } => {
                    *first = momentum * *first + slope;
                    *number -= rate * if nesterov { slope + momentum * *first } else { *first };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes three steps from (1, -2) with the gradients (0.5, -1), (0.1, 2), (-0.3, 0) at a rate of 0.1.
    fn after_three_steps(rule: UpdateRule) -> [f64; 2] {
        let mut optimiser = Optimiser::new(rule).unwrap();
        let mut x = [1.0, -2.0];
        for gradient in [[0.5, -1.0], [0.1, 2.0], [-0.3, 0.0]] {
            optimiser.step(x.iter_mut().zip(gradient), 0.1);
        }
        x
    }

    #[track_caller]
    fn assert_near(found: [f64; 2], expected: [f64; 2]) {
        let far = found.iter().zip(expected).any(|(found, expected)| (found - expected).abs() > 1e-12);
        assert!(!far, "{found:?}, expected {expected:?}");
    }

    /// The expected numbers were computed by optax 0.2.8 in double precision.
    #[test]
    fn steps_are_those_of_a_reference_implementation() {
        assert_near(after_three_steps(UpdateRule::ADAM), [0.7986246117635081, -1.9649102620009304]);
        assert_near(after_three_steps(UpdateRule::adamw(0.01)), [0.7959078148551254, -1.9590795496464593]);
        assert_near(after_three_steps(UpdateRule::RMSPROP), [0.3137437404654279, -1.8953230219915218]);
        let with_momentum = UpdateRule::RmsProp { smoothing: 0.99, epsilon: 1e-8, momentum: 0.5 };
        assert_near(after_three_steps(with_momentum), [-0.5347890179335589, -1.5929845579872803]);
        assert_near(after_three_steps(UpdateRule::SGD), [0.8755, -2.109]);
        let nesterov = UpdateRule::Sgd { momentum: 0.9, nesterov: true };
        assert_near(after_three_steps(nesterov), [0.85795, -2.1981]);
    }

    #[test]
    fn constants_out_of_range_are_refused() {
        let message = |rule| Optimiser::new(rule).unwrap_err().to_string();
        assert_eq!(
            message(UpdateRule::Sgd { momentum: 1.0, nesterov: false }),
            "the momentum is 1; a number from 0 to below 1 is needed"
        );
        assert!(message(UpdateRule::adamw(-1.0)).starts_with("the weight decay is -1"));
        let flat = UpdateRule::RmsProp { smoothing: 0.9, epsilon: 0.0, momentum: 0.0 };
        assert!(message(flat).starts_with("epsilon is 0"));
    }
}
