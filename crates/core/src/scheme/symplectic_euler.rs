//! Symplectic Euler: states advance one after the other by Euler's scheme, each with those already advanced.
//!
//! The order is that of the derivatives in the model file. The scheme keeps the energy of an oscillator whose states are a position and its
//! velocity.

use super::description::{Family, NoiseRule, SchemeInfo};
use super::equations::Equations;
use super::step::{Method, MethodKind, StepAdjoints, TakenStep, where_kept};
use crate::real::Real;

pub(super) static SCHEME: SchemeInfo = SchemeInfo {
    names: &["symplectic_euler"],
    order: 1,
    noise: NoiseRule::InTurn,
    family: Family::SymplecticEuler,
};

/// The step of symplectic Euler.
pub(crate) struct SymplecticEuler;

impl Method for SymplecticEuler {
    type Settings = ();
    const KIND: MethodKind = MethodKind::SymplecticEuler;
    const ADDS_NOISE: bool = true;

    #[inline(always)]
    fn advance<R: Real, E: Equations<R>>((): (), mut x: E::States, equations: &E) -> E::States {
        for turn in 0..x.as_ref().len() {
            let i = equations.turn(turn);
            let rates = equations.rhs(&x);
            let mut value = equations.dt().mul_add(rates.as_ref()[i], x.as_ref()[i]);
            if let Some(noise) = equations.noise() {
                value = value + noise.as_ref()[i];
            }
            x.as_mut()[i] = value;
        }
        x
    }

    /// The states go back in the opposite order.
    #[inline(always)]
    fn vjp<R: Real, E: Equations<R>>(
        (): (),
        step: &TakenStep<R, E>,
        adjoint: E::States,
    ) -> StepAdjoints<R, E> {
        let equations = step.equations;
        let count = adjoint.as_ref().len();
        let mut x = E::copy(&step.states);
        for turn in 0..count {
            let i = equations.turn(turn);
            let rates = equations.rhs(&x);
            let mut value = x.as_ref()[i] + equations.dt() * rates.as_ref()[i];
            if let Some(noise) = equations.noise() {
                value = value + noise.as_ref()[i];
            }
            x.as_mut()[i] = value;
        }
        let mut adjoints = StepAdjoints::of_identity(where_kept(&x, adjoint, equations), equations);
        for turn in (0..count).rev() {
            let i = equations.turn(turn);
            x.as_mut()[i] = step.states.as_ref()[i];
            let own = adjoints.states.as_ref()[i];
            adjoints.noise.as_mut()[i] = own;
            let mut to_rates = equations.no_states();
            to_rates.as_mut()[i] = equations.dt() * own;
            let given = equations.rhs_vjp(&x, &to_rates);
            adjoints.gather(&given);
        }
        adjoints
    }
}
