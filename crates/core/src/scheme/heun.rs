//! The explicit trapezoid rule, Heun's scheme of second order. With noise it is the stochastic Heun scheme: the predictor sees the increment of
//! the step too.
//!
//! Most models are integrated by it, so its step is written out here, operation by operation what the general Runge-Kutta step does with this
//! tableau: known coefficients let the compiler keep both stages in registers.

use super::description::{Family, NoiseRule, SchemeInfo};
use super::equations::Equations;
use super::runge_kutta::{RungeKutta, Stages};
use super::step::{Method, MethodKind, StepAdjoints, TakenStep, add};
use super::tableau::Tableau;
use crate::real::Real;

pub(super) static SCHEME: SchemeInfo = SchemeInfo {
    names: &["heun", "rk2"],
    order: 2,
    noise: NoiseRule::EveryStage,
    family: Family::Heun(&TABLEAU),
};

static TABLEAU: Tableau = Tableau { a: &[&[1.0]], b: &[0.5, 0.5] };

/// The step of Heun's scheme.
pub(crate) struct Heun;

impl Method for Heun {
    type Settings = Stages;
    const KIND: MethodKind = MethodKind::Heun;
    const SHORT: bool = true;

    #[inline(always)]
    fn advance<R: Real, E: Equations<R>>(_: Stages, x: E::States, equations: &E) -> E::States {
        let (dt, half) = (equations.dt(), R::splat(0.5));
        let first = equations.rhs(&x);
        let mut predicted = E::copy(&x);
        for i in 0..x.as_ref().len() {
            predicted.as_mut()[i] = dt.mul_add(first.as_ref()[i], x.as_ref()[i]);
        }
        if let Some(noise) = equations.noise() {
            add(predicted.as_mut(), noise.as_ref());
        }
        let second = equations.rhs(&predicted);
        let mut next = E::copy(&x);
        for i in 0..x.as_ref().len() {
            let mean = half.mul_add(second.as_ref()[i], half * first.as_ref()[i]);
            next.as_mut()[i] = dt.mul_add(mean, x.as_ref()[i]);
        }
        next
    }

    #[inline(always)]
    fn vjp<R: Real, E: Equations<R>>(
        stages: Stages,
        step: &TakenStep<R, E>,
        adjoint: E::States,
    ) -> StepAdjoints<R, E> {
        RungeKutta::vjp(stages, step, adjoint)
    }
}
