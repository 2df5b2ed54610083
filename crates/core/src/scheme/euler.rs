//! Euler's scheme, `x + dt f`; with noise the scheme of Euler and Maruyama.

use super::description::{Family, NoiseRule, SchemeInfo};
use super::equations::Equations;
use super::step::{Method, MethodKind, StepAdjoints, TakenStep, before_projection, scaled};
use crate::real::Real;

pub(super) static SCHEME: SchemeInfo =
    SchemeInfo { names: &["euler"], order: 1, noise: NoiseRule::AfterStep, family: Family::Euler };

/// The step of Euler's scheme.
pub(crate) struct Euler;

impl Method for Euler {
    type Settings = ();
    const KIND: MethodKind = MethodKind::Euler;
    const SHORT: bool = true;

    #[inline(always)]
    fn advance<R: Real, E: Equations<R>>((): (), x: E::States, equations: &E) -> E::States {
        let rates = equations.rhs(&x);
        let mut next = E::copy(&x);
        for i in 0..x.as_ref().len() {
            next.as_mut()[i] = equations.dt().mul_add(rates.as_ref()[i], x.as_ref()[i]);
        }
        next
    }

    #[inline(always)]
    fn vjp<R: Real, E: Equations<R>>(
        (): (),
        step: &TakenStep<R, E>,
        adjoint: E::States,
    ) -> StepAdjoints<R, E> {
        let equations = step.equations;
        let mut increment = E::copy(&step.states);
        if equations.has_bounds() {
            let rates = equations.rhs(&step.states);
            increment = scaled::<R, E>(&rates, equations.dt());
        }
        let adjoint = before_projection(step, &increment, adjoint);
        let given = equations.rhs_vjp(&step.states, &scaled::<R, E>(&adjoint, equations.dt()));
        let mut adjoints = StepAdjoints::of_identity(adjoint, equations);
        adjoints.gather(&given);
        adjoints
    }
}
