//! The description of a scheme, which its file holds.

use super::tableau::Tableau;

/// The description of a scheme.
pub(super) struct SchemeInfo {
    /// The name by which it is chosen and shown, then the others by which it is known.
    pub names: &'static [&'static str],
    /// The order of convergence without noise.
    pub order: usize,
    /// The place at which the noise on states enters a step.
    pub noise: NoiseRule,
    /// The way in which it makes a step.
    pub family: Family,
}

/// The ways of making a step. Every match over them is complete, so that a new family cannot be forgotten anywhere.
#[derive(Clone, Copy)]
pub(super) enum Family {
    /// Exponential Euler.
    ExponentialEuler,
    /// Euler's scheme.
    Euler,
    /// Symplectic Euler.
    SymplecticEuler,
    /// Heun's scheme, which is an explicit Runge-Kutta scheme with these coefficients.
    Heun(&'static Tableau),
    /// An explicit Runge-Kutta scheme with these coefficients.
    RungeKutta(&'static Tableau),
}

/// The place at which the increment `sigma sqrt(dt) xi` of the white noise on a state enters a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoiseRule {
    /// The increment is added to the state that the step without noise leads to.
    AfterStep,
    /// Each state receives its increment when its turn comes, so that the states that advance after it see it.
    InTurn,
    /// The increment is added to the state of every stage but the first, and to the state after the step.
    EveryStage,
}

impl NoiseRule {
    /// Whether the step computes with states that the noise of the same step has changed.
    pub fn is_seen_within_step(self) -> bool {
        self != Self::AfterStep
    }
}

/// The description of a scheme by its names, order and tableau, whose noise is added after the step.
pub(super) const fn explicit(
    names: &'static [&'static str],
    order: usize,
    tableau: &'static Tableau,
) -> SchemeInfo {
    SchemeInfo { names, order, noise: NoiseRule::AfterStep, family: Family::RungeKutta(tableau) }
}
