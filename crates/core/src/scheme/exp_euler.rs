//! Exponential Euler on the diagonal of the Jacobian: `x + dt exprel(dt J) f` with `exprel(z) = (e^z - 1)/z` and J the derivative of the rate
//! f of a state by the state itself.
//!
//! Of a linear decay, whose rate is `J x` plus what is held over the step, it is the exact solution as long as there is no noise. Values that
//! a model holds over a step (`held`) are constant in J.

use super::description::{Family, NoiseRule, SchemeInfo};
use super::equations::Equations;
use super::step::{Method, MethodKind, StepAdjoints, TakenStep, before_projection};
use crate::real::Real;

pub(super) static SCHEME: SchemeInfo = SchemeInfo {
    names: &["exp_euler"],
    order: 1,
    noise: NoiseRule::AfterStep,
    family: Family::ExponentialEuler,
};

/// The step of exponential Euler.
pub(crate) struct ExponentialEuler;

impl Method for ExponentialEuler {
    type Settings = ();
    const KIND: MethodKind = MethodKind::ExponentialEuler;

    #[inline(always)]
    fn advance<R: Real, E: Equations<R>>((): (), x: E::States, equations: &E) -> E::States {
        let (rates, diagonal) = equations.rhs_diagonal(&x);
        let mut next = E::copy(&x);
        for i in 0..x.as_ref().len() {
            let factor = match equations.factor(i) {
                Some(factor) => factor,
                None => equations.dt() * (equations.dt() * diagonal.as_ref()[i]).exprel(0),
            };
            next.as_mut()[i] = factor.mul_add(rates.as_ref()[i], x.as_ref()[i]);
        }
        next
    }

    /// The adjoint of J goes through the derivative of `exprel`.
    #[inline(always)]
    fn vjp<R: Real, E: Equations<R>>(
        (): (),
        step: &TakenStep<R, E>,
        adjoint: E::States,
    ) -> StepAdjoints<R, E> {
        let (equations, dt) = (step.equations, step.equations.dt());
        let count = adjoint.as_ref().len();
        let (rates, diagonal) = equations.rhs_diagonal(&step.states);
        let mut increment = E::copy(&step.states);
        let mut factors = E::copy(&step.states);
        for i in 0..count {
            factors.as_mut()[i] = dt * (dt * diagonal.as_ref()[i]).exprel(0);
            increment.as_mut()[i] = factors.as_ref()[i] * rates.as_ref()[i];
        }
        let adjoint = before_projection(step, &increment, adjoint);
        let (mut to_rates, mut to_diagonal) = (E::copy(&adjoint), E::copy(&adjoint));
        for i in 0..count {
            let (rate, z, given) = (rates.as_ref()[i], dt * diagonal.as_ref()[i], adjoint.as_ref()[i]);
            to_rates.as_mut()[i] = factors.as_ref()[i] * given;
            to_diagonal.as_mut()[i] = dt * dt * z.exprel(1) * rate * given;
        }
        let given = equations.rhs_diagonal_vjp(&step.states, &to_rates, &to_diagonal);
        let mut adjoints = StepAdjoints::of_identity(adjoint, equations);
        adjoints.gather(&given);
        adjoints
    }
}
