//! The equations that a step computes with: those of a model, with all that a step gives them.

use crate::adjoints::Adjoints;
use crate::real::Real;

/// The equations of one node, or of a node block in vector lanes, with everything but the states given: time step, parameters, inputs, noise.
///
/// Steps are written over this trait, so that the compiled engine computes their numbers and an interpreted one can record their operations:
/// both do the same.
pub(crate) trait Equations<R: Real> {
    /// An array of one number a state.
    type States: AsRef<[R]> + AsMut<[R]>;
    /// An array of one number a parameter.
    type Parameters: Clone + AsRef<[R]> + AsMut<[R]>;
    /// An array of one number an input port, then one a delayed state.
    type Inputs: Clone + AsRef<[R]> + AsMut<[R]>;
    /// States, or their rates, at each stage of a scheme.
    type Stages: AsRef<[Self::States]> + AsMut<[Self::States]>;

    /// The time step, ms.
    fn dt(&self) -> R;
    /// The increment that noise adds to each state in the step; `None` without noise.
    fn noise(&self) -> Option<&Self::States>;
    /// `dt exprel(dt J)` of a state whose J, the derivative of its rate by itself, depends on parameters alone; `None` for other states.
    fn factor(&self, state: usize) -> Option<R>;
    /// The state that symplectic Euler advances at a place of its order.
    fn turn(&self, place: usize) -> usize;
    /// Whether a state has bounds.
    fn has_bounds(&self) -> bool;
    /// Whether a state goes round a circle.
    fn wraps(&self, state: usize) -> bool;

    /// A copy of states. In place of `Clone`, whose copy of an array of registers is a function of its own that is not always inlined, so that
    /// the registers go through memory.
    fn copy(states: &Self::States) -> Self::States;
    /// The same states at every stage.
    fn stages(&self, states: &Self::States) -> Self::Stages;
    /// A zero for each state.
    fn no_states(&self) -> Self::States;
    /// A zero for each parameter.
    fn no_parameters(&self) -> Self::Parameters;
    /// A zero for each input.
    fn no_inputs(&self) -> Self::Inputs;

    /// Computes the rates of change, see [`Kernel::rhs`](crate::kernel::Kernel::rhs).
    fn rhs(&self, states: &Self::States) -> Self::States;
    /// Computes the rates of change and the diagonal of their Jacobian, see [`Kernel::rhs_diagonal`](crate::kernel::Kernel::rhs_diagonal).
    fn rhs_diagonal(&self, states: &Self::States) -> (Self::States, Self::States);
    /// Vector-Jacobian product of the rates, see [`Kernel::rhs_vjp`](crate::kernel::Kernel::rhs_vjp).
    fn rhs_vjp(&self, states: &Self::States, rates: &Self::States) -> AdjointsBy<Self, R>;
    /// Vector-Jacobian product of the rates and the diagonal, see [`Kernel::rhs_diagonal_vjp`](crate::kernel::Kernel::rhs_diagonal_vjp).
    fn rhs_diagonal_vjp(
        &self,
        states: &Self::States,
        rates: &Self::States,
        diagonal: &Self::States,
    ) -> AdjointsBy<Self, R>;
    /// Moves states into their bounds, and onto their circles.
    fn project(&self, states: Self::States) -> Self::States;
}

/// The adjoints of what equations depend on.
pub(crate) type AdjointsBy<E, R> =
    Adjoints<<E as Equations<R>>::States, <E as Equations<R>>::Parameters, <E as Equations<R>>::Inputs>;
