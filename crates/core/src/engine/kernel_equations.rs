//! A compiled kernel as the equations that schemes step.

use crate::kernel::{Array, Kernel};
use crate::real::Real;
use crate::scheme::equations::{AdjointsBy, Equations};
use crate::scheme::tableau::MAX_STAGES;

/// The equations of a compiled kernel for one node block.
pub(super) struct KernelEquations<K: Kernel, R: Real> {
    /// Time step, ms.
    pub dt: R,
    /// The coefficients, which depend on the parameters alone.
    pub coefficients: K::Coefficients<R>,
    /// The factors of exponential Euler, see [`Equations::factor`].
    pub factors: K::States<R>,
    /// Input ports, then delayed values.
    pub inputs: K::Inputs<R>,
    /// The increment that noise adds to each state.
    pub noise: Option<K::States<R>>,
}

impl<K: Kernel, R: Real> Equations<R> for KernelEquations<K, R> {
    type States = K::States<R>;
    type Parameters = K::Parameters<R>;
    type Inputs = K::Inputs<R>;
    type Stages = [K::States<R>; MAX_STAGES];

    #[inline(always)]
    fn dt(&self) -> R {
        self.dt
    }
    #[inline(always)]
    fn noise(&self) -> Option<&Self::States> {
        self.noise.as_ref()
    }
    #[inline(always)]
    fn factor(&self, state: usize) -> Option<R> {
        if K::CONSTANT_DIAGONAL[state] { Some(self.factors.as_ref()[state]) } else { None }
    }
    #[inline(always)]
    fn turn(&self, place: usize) -> usize {
        K::SYMPLECTIC_ORDER.map_or(place, |order| order[place])
    }
    #[inline(always)]
    fn has_bounds(&self) -> bool {
        K::INFO.states.iter().any(|state| state.bounds.is_some())
    }
    #[inline(always)]
    fn wraps(&self, state: usize) -> bool {
        K::INFO.states[state].wrap.is_some()
    }
    #[inline(always)]
    fn copy(states: &Self::States) -> Self::States {
        *states
    }
    #[inline(always)]
    fn stages(&self, states: &Self::States) -> Self::Stages {
        [*states; MAX_STAGES]
    }
    #[inline(always)]
    fn no_states(&self) -> Self::States {
        Array::splat(R::splat(0.0))
    }
    #[inline(always)]
    fn no_parameters(&self) -> Self::Parameters {
        Array::splat(R::splat(0.0))
    }
    #[inline(always)]
    fn no_inputs(&self) -> Self::Inputs {
        Array::splat(R::splat(0.0))
    }
    #[inline(always)]
    fn rhs(&self, states: &Self::States) -> Self::States {
        K::rhs(*states, self.coefficients, self.inputs)
    }
    #[inline(always)]
    fn rhs_diagonal(&self, states: &Self::States) -> (Self::States, Self::States) {
        K::rhs_diagonal(*states, self.coefficients, self.inputs)
    }
    #[inline(always)]
    fn rhs_vjp(&self, states: &Self::States, rates: &Self::States) -> AdjointsBy<Self, R> {
        K::rhs_vjp(*states, self.coefficients, self.inputs, *rates)
    }
    #[inline(always)]
    fn rhs_diagonal_vjp(
        &self,
        states: &Self::States,
        rates: &Self::States,
        diagonal: &Self::States,
    ) -> AdjointsBy<Self, R> {
        K::rhs_diagonal_vjp(*states, self.coefficients, self.inputs, *rates, *diagonal)
    }
    #[inline(always)]
    fn project(&self, states: Self::States) -> Self::States {
        K::project(states)
    }
}
