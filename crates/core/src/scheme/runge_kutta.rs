//! Explicit Runge-Kutta schemes: the step that they share. Each scheme is a file with its tableau.

use super::description::NoiseRule;
use super::equations::Equations;
use super::step::{Method, MethodKind, StepAdjoints, TakenStep, add, before_projection, scaled};
use super::tableau::Tableau;
use crate::real::Real;

/// The stages of a scheme.
#[derive(Clone, Copy)]
pub(crate) struct Stages {
    /// The coefficients.
    pub tableau: &'static Tableau,
    /// The place at which noise enters.
    pub noise: NoiseRule,
}

impl Stages {
    /// Whether the states of the later stages include the noise of the step.
    #[inline(always)]
    pub fn see_noise(self) -> bool {
        matches!(self.noise, NoiseRule::EveryStage)
    }
}

/// The step of an explicit Runge-Kutta scheme.
pub(crate) struct RungeKutta;

impl Method for RungeKutta {
    type Settings = Stages;
    const KIND: MethodKind = MethodKind::RungeKutta;

    #[inline(always)]
    fn advance<R: Real, E: Equations<R>>(stages: Stages, x: E::States, equations: &E) -> E::States {
        let (tableau, see_noise) = (stages.tableau, stages.see_noise());
        let mut rates = equations.stages(&x);
        let mut at = E::copy(&x);
        for stage in 0..tableau.b.len() {
            rates.as_mut()[stage] = equations.rhs(&at);
            at = match tableau.a.get(stage) {
                Some(row) => combine(row, rates.as_ref(), &x, equations),
                None => combine(tableau.b, rates.as_ref(), &x, equations),
            };
            if let Some(noise) = equations.noise().filter(|_| see_noise && stage < tableau.a.len()) {
                add(at.as_mut(), noise.as_ref());
            }
        }
        at
    }

    /// The stages are computed again, and go back from the last to the first.
    #[inline(always)]
    fn vjp<R: Real, E: Equations<R>>(
        settings: Stages,
        step: &TakenStep<R, E>,
        adjoint: E::States,
    ) -> StepAdjoints<R, E> {
        let (equations, dt) = (step.equations, step.equations.dt());
        let (tableau, see_noise) = (settings.tableau, settings.see_noise());
        let stages = tableau.b.len();
        let mut at = equations.stages(&step.states);
        let mut rates = equations.stages(&step.states);
        for stage in 0..stages {
            if stage > 0 {
                let sum = weighted(tableau.a[stage - 1], rates.as_ref(), equations);
                let mut increment = scaled::<R, E>(&sum, dt);
                if let Some(noise) = equations.noise().filter(|_| see_noise) {
                    add(increment.as_mut(), noise.as_ref());
                }
                add(at.as_mut()[stage].as_mut(), increment.as_ref());
            }
            if stage + 1 < stages || equations.has_bounds() {
                rates.as_mut()[stage] = equations.rhs(&at.as_ref()[stage]);
            }
        }
        let increment = if equations.has_bounds() {
            scaled::<R, E>(&weighted(tableau.b, rates.as_ref(), equations), dt)
        } else {
            E::copy(&step.states)
        };
        let adjoint = before_projection(step, &increment, adjoint);
        let mut adjoints = StepAdjoints::of_identity(E::copy(&adjoint), equations);
        // The adjoints of the rates of each stage; those of the earlier stages grow on the way.
        let mut to_rates = rates;
        for (stage, weight) in tableau.b.iter().enumerate() {
            to_rates.as_mut()[stage] = scaled::<R, E>(&adjoint, dt * R::splat(*weight));
        }
        for stage in (0..stages).rev() {
            let given = equations.rhs_vjp(&at.as_ref()[stage], &to_rates.as_ref()[stage]);
            adjoints.gather(&given);
            if stage > 0 {
                if see_noise {
                    add(adjoints.noise.as_mut(), given.states.as_ref());
                }
                for (earlier, weight) in tableau.a[stage - 1].iter().enumerate() {
                    if *weight != 0.0 {
                        let part = scaled::<R, E>(&given.states, dt * R::splat(*weight));
                        add(to_rates.as_mut()[earlier].as_mut(), part.as_ref());
                    }
                }
            }
        }
        adjoints
    }
}

/// `x + dt * (sum of weights times rates)`.
#[inline(always)]
fn combine<R: Real, E: Equations<R>>(
    weights: &[f64],
    rates: &[E::States],
    x: &E::States,
    equations: &E,
) -> E::States {
    let mut sum = equations.no_states();
    for (stage, weight) in weights.iter().enumerate() {
        if *weight != 0.0 {
            let rates = &rates[stage];
            for i in 0..x.as_ref().len() {
                sum.as_mut()[i] = R::splat(*weight).mul_add(rates.as_ref()[i], sum.as_ref()[i]);
            }
        }
    }
    let mut out = E::copy(x);
    for i in 0..x.as_ref().len() {
        out.as_mut()[i] = equations.dt().mul_add(sum.as_ref()[i], x.as_ref()[i]);
    }
    out
}

/// The sum of weights times rates.
#[inline(always)]
fn weighted<R: Real, E: Equations<R>>(weights: &[f64], rates: &[E::States], equations: &E) -> E::States {
    let mut sum = equations.no_states();
    for (stage, weight) in weights.iter().enumerate() {
        if *weight != 0.0 {
            let part = scaled::<R, E>(&rates[stage], R::splat(*weight));
            add(sum.as_mut(), part.as_ref());
        }
    }
    sum
}
