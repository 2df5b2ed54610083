//! The common parts of the steps of all schemes: the trait that a scheme implements, and the noise and the bounds around it.

use super::equations::{AdjointsBy, Equations};
use crate::real::Real;

/// The step of a scheme, and the vector-Jacobian product of that step: the two belong together, operation by operation.
pub(crate) trait Method {
    /// The numbers in which the schemes of a family differ.
    type Settings: Copy;

    /// The kind of the method.
    const KIND: MethodKind;

    /// Whether [`Method::advance`] adds the noise itself; if not, it is added to what it returns.
    const ADDS_NOISE: bool = false;

    /// Whether a step is so short that it pays to keep the states of a small model in registers from one step to the next.
    const SHORT: bool = false;

    /// Returns the states after a step from `x`, before they are projected into their bounds.
    fn advance<R: Real, E: Equations<R>>(settings: Self::Settings, x: E::States, equations: &E) -> E::States;

    /// Vector-Jacobian product of a step, projection included: from the adjoint of the states after it to those of all that it read.
    fn vjp<R: Real, E: Equations<R>>(
        settings: Self::Settings,
        step: &TakenStep<R, E>,
        adjoint: E::States,
    ) -> StepAdjoints<R, E>;
}

/// The kinds of methods, which decide for which instruction sets the steps of a model are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodKind {
    ExponentialEuler,
    Euler,
    SymplecticEuler,
    Heun,
    RungeKutta,
}

impl MethodKind {
    /// Whether two kinds are the same, to be asked in constants.
    pub const fn is(self, other: Self) -> bool {
        self as u8 == other as u8
    }
}

/// Work that is written once for the methods of all families.
pub(crate) trait MethodJob {
    /// The type that the work returns.
    type Output;
    /// Does the work by a method.
    fn run<M: Method>(self, settings: M::Settings) -> Self::Output;
}

/// A step that has been made, for its vector-Jacobian product.
pub(crate) struct TakenStep<'e, R: Real, E: Equations<R>> {
    /// States before the step.
    pub states: E::States,
    /// The equations with what the step gave them.
    pub equations: &'e E,
}

/// Adjoints of what a step has read.
pub(crate) struct StepAdjoints<R: Real, E: Equations<R>> {
    /// Adjoints of the states before the step.
    pub states: E::States,
    /// Adjoints of the parameters.
    pub parameters: E::Parameters,
    /// Adjoints of the inputs.
    pub inputs: E::Inputs,
    /// Adjoints of what noise added.
    pub noise: E::States,
}

impl<R: Real, E: Equations<R>> StepAdjoints<R, E> {
    /// The adjoints of a step that adds nothing but noise: those of the states after it, for the states before it and for the noise alike.
    #[inline(always)]
    pub fn of_identity(adjoint: E::States, equations: &E) -> Self {
        let noise = E::copy(&adjoint);
        let (parameters, inputs) = (equations.no_parameters(), equations.no_inputs());
        Self { states: adjoint, parameters, inputs, noise }
    }

    /// Adds the adjoints of states, parameters and inputs that an evaluation of the rates has.
    #[inline(always)]
    pub fn gather(&mut self, given: &AdjointsBy<E, R>) {
        add(self.states.as_mut(), given.states.as_ref());
        add(self.parameters.as_mut(), given.parameters.as_ref());
        add(self.inputs.as_mut(), given.inputs.as_ref());
    }
}

/// Returns the states after a step by a method, with the noise that the method has not added itself, within their bounds.
#[inline(always)]
pub(crate) fn next_states<R: Real, E: Equations<R>, M: Method>(
    settings: M::Settings,
    x: E::States,
    equations: &E,
) -> E::States {
    let mut next = M::advance(settings, x, equations);
    if let Some(noise) = equations.noise().filter(|_| !M::ADDS_NOISE) {
        add(next.as_mut(), noise.as_ref());
    }
    equations.project(next)
}

/// The adjoint before the projection into the bounds, for a step that added `increment` and noise to the states.
#[inline(always)]
pub(super) fn before_projection<R: Real, E: Equations<R>>(
    step: &TakenStep<R, E>,
    increment: &E::States,
    adjoint: E::States,
) -> E::States {
    if !step.equations.has_bounds() {
        return adjoint;
    }
    let mut next = E::copy(&step.states);
    add(next.as_mut(), increment.as_ref());
    if let Some(noise) = step.equations.noise() {
        add(next.as_mut(), noise.as_ref());
    }
    where_kept(&next, adjoint, step.equations)
}

/// The adjoint of states `next` before they were projected: zero where bounds changed a state, since the state after the step does not depend
/// on anything there. A circle moves a state and keeps its adjoint.
#[inline(always)]
pub(super) fn where_kept<R: Real, E: Equations<R>>(
    next: &E::States,
    mut adjoint: E::States,
    equations: &E,
) -> E::States {
    if equations.has_bounds() {
        let projected = equations.project(E::copy(next));
        for (i, given) in adjoint.as_mut().iter_mut().enumerate() {
            if !equations.wraps(i) {
                let kept = next.as_ref()[i].eq(projected.as_ref()[i]);
                *given = R::select(kept, *given, R::splat(0.0));
            }
        }
    }
    adjoint
}

/// Adds `terms` to `values`, entry by entry.
#[inline(always)]
pub(super) fn add<R: Real>(values: &mut [R], terms: &[R]) {
    for i in 0..values.len() {
        values[i] = values[i] + terms[i];
    }
}

/// `factor` times states, entry by entry.
#[inline(always)]
pub(super) fn scaled<R: Real, E: Equations<R>>(values: &E::States, factor: R) -> E::States {
    let mut out = E::copy(values);
    for i in 0..values.as_ref().len() {
        out.as_mut()[i] = factor * values.as_ref()[i];
    }
    out
}
