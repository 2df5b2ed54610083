//! Steps back: what adjoints of the states after a step give to the states before it and to everything else that the step read.
//!
//! The adjoint of a number is the derivative of a loss by it. Each scheme is taken apart from its last operation to its first, with the
//! vector-Jacobian products of the kernel, on blocks of nodes in vector lanes.

use std::marker::PhantomData;

use super::{Rows, load_coefficients};
use crate::kernel::{AdjointsOf, Array, Kernel};
use crate::real::{Lane, LaneJob, Real, Simd};
use crate::scheme::{MAX_STAGES, Scheme, Tableau};

/// A step to be taken back. Arrays are structures of arrays: value `i` of node `n` is at `i*nodes + n`.
#[derive(Debug)]
pub struct StepBack<'a> {
    /// The instruction set to compute with.
    pub simd: Simd,
    /// Time step, ms.
    pub dt: f64,
    /// The number of nodes.
    pub nodes: usize,
    /// States before the step.
    pub states: &'a [f64],
    /// Of [`Engine::prepare`](super::Engine::prepare), as the step had it.
    pub coefficients: &'a [f64],
    /// Input ports, then delayed states, as the step had them.
    pub inputs: &'a [f64],
    /// What noise added to each state, if there was any.
    pub noise: Option<&'a [f64]>,
    /// Of the states: after the step on entry, before it on return.
    pub adjoint: &'a mut [f64],
    /// Of the inputs; the step's part is added.
    pub inputs_adjoint: &'a mut [f64],
    /// Of the parameters; the step's part is added.
    pub parameters_adjoint: &'a mut [f64],
    /// Of what noise added, if wanted; the step's part is added.
    pub noise_adjoint: Option<&'a mut [f64]>,
}

/// Observables to be taken back. Arrays as in [`StepBack`].
#[derive(Debug)]
pub struct ObserveBack<'a> {
    /// The instruction set to compute with.
    pub simd: Simd,
    /// The number of nodes.
    pub nodes: usize,
    /// The states observed.
    pub states: &'a [f64],
    /// Of [`Engine::prepare`](super::Engine::prepare).
    pub coefficients: &'a [f64],
    /// The inputs observed.
    pub inputs: &'a [f64],
    /// Of the observables.
    pub adjoint: &'a [f64],
    /// Of the states; the part of the observables is added.
    pub states_adjoint: &'a mut [f64],
    /// Of the inputs; the part of the observables is added.
    pub inputs_adjoint: &'a mut [f64],
    /// Of the parameters; the part of the observables is added.
    pub parameters_adjoint: &'a mut [f64],
}

/// Takes a step back.
pub(super) fn take_back<K: Kernel>(scheme: Scheme, step: &mut StepBack) {
    match scheme {
        Scheme::ExpEuler => by::<K, ExponentialEuler>(step, ()),
        Scheme::SymplecticEuler => by::<K, SymplecticEuler>(step, ()),
        Scheme::Euler => by::<K, Euler>(step, ()),
        scheme => {
            if let Some(tableau) = scheme.tableau() {
                by::<K, RungeKutta>(step, (tableau, scheme == Scheme::Heun));
            }
        }
    }
}

fn by<K: Kernel, M: Method>(step: &mut StepBack, settings: M::Settings) {
    step.simd.run_compact(TakeBack::<K, M> { step, settings, kernel: PhantomData });
}

/// Takes observables back.
pub(super) fn observe_back<K: Kernel>(job: &mut ObserveBack) {
    job.simd.run_compact(Unobserve::<K> { job, kernel: PhantomData });
}

/// What a scheme did with a block of nodes.
struct Done<K: Kernel, R: Real> {
    dt: R,
    states: K::States<R>,
    coefficients: K::Coefficients<R>,
    inputs: K::Inputs<R>,
    noise: Option<K::States<R>>,
}

/// Adjoints of what a step read.
struct Back<K: Kernel, R: Real> {
    states: K::States<R>,
    parameters: K::Parameters<R>,
    inputs: K::Inputs<R>,
    noise: K::States<R>,
}

impl<K: Kernel, R: Real> Back<K, R> {
    /// Nothing but what the states after the step are given, as if they were those before it and the noise.
    #[inline(always)]
    fn of(adjoint: K::States<R>) -> Self {
        Self { states: adjoint, parameters: zeros(), inputs: zeros(), noise: adjoint }
    }

    /// Adds the adjoints of parameters and inputs.
    #[inline(always)]
    fn gather(&mut self, given: &AdjointsOf<K, R>) {
        add(&mut self.parameters, &given.parameters);
        add(&mut self.inputs, &given.inputs);
    }
}

/// How adjoints of the states after a step become those of what it read.
trait Method {
    type Settings: Copy;
    fn back<K: Kernel, R: Real>(
        settings: Self::Settings,
        done: &Done<K, R>,
        adjoint: K::States<R>,
    ) -> Back<K, R>;
}

/// `x + dt exprel(dt J) f`: the adjoint of J goes through the derivative of `exprel`.
struct ExponentialEuler;

impl Method for ExponentialEuler {
    type Settings = ();

    #[inline(always)]
    fn back<K: Kernel, R: Real>((): (), done: &Done<K, R>, adjoint: K::States<R>) -> Back<K, R> {
        let dt = done.dt;
        let (rates, diagonal) = K::rhs_diagonal(done.states, done.coefficients, done.inputs);
        let mut increment = done.states;
        let mut factors = done.states;
        for i in 0..<K::States<R> as Array<R>>::LEN {
            factors.as_mut()[i] = dt * (dt * diagonal.as_ref()[i]).exprel(0);
            increment.as_mut()[i] = factors.as_ref()[i] * rates.as_ref()[i];
        }
        let adjoint = within_bounds(done, &increment, adjoint);
        let (mut to_rates, mut to_diagonal) = (adjoint, adjoint);
        for i in 0..<K::States<R> as Array<R>>::LEN {
            let (rate, z, given) = (rates.as_ref()[i], dt * diagonal.as_ref()[i], adjoint.as_ref()[i]);
            to_rates.as_mut()[i] = factors.as_ref()[i] * given;
            to_diagonal.as_mut()[i] = dt * dt * z.exprel(1) * rate * given;
        }
        let given = K::rhs_diagonal_vjp(done.states, done.coefficients, done.inputs, to_rates, to_diagonal);
        let mut back = Back::of(adjoint);
        add(&mut back.states, &given.states);
        back.gather(&given);
        back
    }
}

/// `x + dt f`.
struct Euler;

impl Method for Euler {
    type Settings = ();

    #[inline(always)]
    fn back<K: Kernel, R: Real>((): (), done: &Done<K, R>, adjoint: K::States<R>) -> Back<K, R> {
        let mut increment = done.states;
        if has_bounds::<K>() {
            let rates = K::rhs(done.states, done.coefficients, done.inputs);
            increment = scaled(&rates, done.dt);
        }
        let adjoint = within_bounds(done, &increment, adjoint);
        let given = K::rhs_vjp(done.states, done.coefficients, done.inputs, scaled(&adjoint, done.dt));
        let mut back = Back::of(adjoint);
        add(&mut back.states, &given.states);
        back.gather(&given);
        back
    }
}

/// One state after the other, each with those already advanced: taken back in the opposite order.
struct SymplecticEuler;

impl Method for SymplecticEuler {
    type Settings = ();

    #[inline(always)]
    fn back<K: Kernel, R: Real>((): (), done: &Done<K, R>, adjoint: K::States<R>) -> Back<K, R> {
        let count = <K::States<R> as Array<R>>::LEN;
        let mut x = done.states;
        for turn in 0..count {
            let i = K::SYMPLECTIC_ORDER.map_or(turn, |order| order[turn]);
            let rates = K::rhs(x, done.coefficients, done.inputs);
            let mut value = x.as_ref()[i] + done.dt * rates.as_ref()[i];
            if let Some(noise) = &done.noise {
                value = value + noise.as_ref()[i];
            }
            x.as_mut()[i] = value;
        }
        let mut back = Back::<K, R>::of(where_kept::<K, R>(&x, adjoint));
        for turn in (0..count).rev() {
            let i = K::SYMPLECTIC_ORDER.map_or(turn, |order| order[turn]);
            x.as_mut()[i] = done.states.as_ref()[i];
            let own = back.states.as_ref()[i];
            back.noise.as_mut()[i] = own;
            let mut to_rates: K::States<R> = zeros();
            to_rates.as_mut()[i] = done.dt * own;
            let given = K::rhs_vjp(x, done.coefficients, done.inputs, to_rates);
            add(&mut back.states, &given.states);
            back.gather(&given);
        }
        back
    }
}

/// Explicit Runge-Kutta schemes.
struct RungeKutta;

impl Method for RungeKutta {
    /// The tableau, and whether the later stages see the noise.
    type Settings = (&'static Tableau, bool);

    #[inline(always)]
    fn back<K: Kernel, R: Real>(
        (tableau, noisy_stages): (&'static Tableau, bool),
        done: &Done<K, R>,
        adjoint: K::States<R>,
    ) -> Back<K, R> {
        let stages = tableau.b.len();
        let mut at = [done.states; MAX_STAGES];
        let mut rates = [done.states; MAX_STAGES];
        for stage in 0..stages {
            if stage > 0 {
                let mut increment = scaled(&weighted::<K, R>(tableau.a[stage - 1], &rates), done.dt);
                if let Some(noise) = done.noise.as_ref().filter(|_| noisy_stages) {
                    add(&mut increment, noise);
                }
                add(&mut at[stage], &increment);
            }
            if stage + 1 < stages || has_bounds::<K>() {
                rates[stage] = K::rhs(at[stage], done.coefficients, done.inputs);
            }
        }
        let increment = if has_bounds::<K>() {
            scaled(&weighted::<K, R>(tableau.b, &rates), done.dt)
        } else {
            done.states
        };
        let adjoint = within_bounds(done, &increment, adjoint);
        let mut back = Back::of(adjoint);
        // What the rates of each stage are given, from the last to the first.
        let mut to_rates = rates;
        for (to, weight) in to_rates.iter_mut().zip(tableau.b) {
            *to = scaled(&adjoint, done.dt * R::splat(*weight));
        }
        for stage in (0..stages).rev() {
            let given = K::rhs_vjp(at[stage], done.coefficients, done.inputs, to_rates[stage]);
            add(&mut back.states, &given.states);
            back.gather(&given);
            if stage > 0 {
                if noisy_stages {
                    add(&mut back.noise, &given.states);
                }
                for (to, weight) in to_rates.iter_mut().zip(tableau.a[stage - 1]) {
                    if *weight != 0.0 {
                        add(to, &scaled(&given.states, done.dt * R::splat(*weight)));
                    }
                }
            }
        }
        back
    }
}

/// The sum of weights times rates.
#[inline(always)]
fn weighted<K: Kernel, R: Real>(weights: &[f64], rates: &[K::States<R>; MAX_STAGES]) -> K::States<R> {
    let mut sum = zeros();
    for (weight, rates) in weights.iter().zip(rates) {
        if *weight != 0.0 {
            add(&mut sum, &scaled(rates, R::splat(*weight)));
        }
    }
    sum
}

/// Whether a state of the model has bounds.
#[inline(always)]
fn has_bounds<K: Kernel>() -> bool {
    K::INFO.states.iter().any(|state| state.bounds.is_some())
}

/// The adjoint before the projection into the bounds, of states that a step added `increment` and noise to.
#[inline(always)]
fn within_bounds<K: Kernel, R: Real>(
    done: &Done<K, R>,
    increment: &K::States<R>,
    adjoint: K::States<R>,
) -> K::States<R> {
    if !has_bounds::<K>() {
        return adjoint;
    }
    let mut next = done.states;
    add(&mut next, increment);
    if let Some(noise) = &done.noise {
        add(&mut next, noise);
    }
    where_kept::<K, R>(&next, adjoint)
}

/// Zero where the projection into the bounds changed a state: there the state after the step does not depend on anything.
#[inline(always)]
fn where_kept<K: Kernel, R: Real>(next: &K::States<R>, mut adjoint: K::States<R>) -> K::States<R> {
    if has_bounds::<K>() {
        let projected = K::project(*next);
        for (i, given) in adjoint.as_mut().iter_mut().enumerate() {
            let kept = next.as_ref()[i].eq(projected.as_ref()[i]);
            *given = R::select(kept, *given, R::splat(0.0));
        }
    }
    adjoint
}

/// Takes all nodes back, block by block.
struct TakeBack<'s, 'a, K, M: Method> {
    step: &'s mut StepBack<'a>,
    settings: M::Settings,
    kernel: PhantomData<K>,
}

impl<K: Kernel, M: Method> LaneJob for TakeBack<'_, '_, K, M> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let step = self.step;
        let nodes = step.nodes;
        for at in (0..nodes).step_by(R::WIDTH) {
            let rows = Rows { nodes, at };
            let done = Done::<K, R> {
                dt: R::splat(step.dt),
                states: rows.load(step.states),
                coefficients: load_coefficients::<K, R>(step.coefficients, nodes, at),
                inputs: rows.load(step.inputs),
                noise: step.noise.map(|noise| rows.load(noise)),
            };
            let back = M::back::<K, R>(self.settings, &done, rows.load(step.adjoint));
            rows.store(back.states, step.adjoint);
            rows.add(back.inputs, step.inputs_adjoint);
            rows.add(back.parameters, step.parameters_adjoint);
            if let Some(noise_adjoint) = &mut step.noise_adjoint {
                rows.add(back.noise, noise_adjoint);
            }
        }
    }
}

struct Unobserve<'s, 'a, K> {
    job: &'s mut ObserveBack<'a>,
    kernel: PhantomData<K>,
}

impl<K: Kernel> LaneJob for Unobserve<'_, '_, K> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let job = self.job;
        let nodes = job.nodes;
        for at in (0..nodes).step_by(R::WIDTH) {
            let rows = Rows { nodes, at };
            let given: AdjointsOf<K, R> = K::observe_vjp(
                rows.load(job.states),
                load_coefficients::<K, R>(job.coefficients, nodes, at),
                rows.load(job.inputs),
                rows.load(job.adjoint),
            );
            rows.add(given.states, job.states_adjoint);
            rows.add(given.inputs, job.inputs_adjoint);
            rows.add(given.parameters, job.parameters_adjoint);
        }
    }
}

#[inline(always)]
fn zeros<R: Real, A: Array<R>>() -> A {
    A::splat(R::splat(0.0))
}

#[inline(always)]
fn add<R: Real, A: Array<R>>(values: &mut A, terms: &A) {
    for i in 0..A::LEN {
        values.as_mut()[i] = values.as_ref()[i] + terms.as_ref()[i];
    }
}

#[inline(always)]
fn scaled<R: Real, A: Array<R>>(values: &A, factor: R) -> A {
    let mut out = *values;
    for i in 0..A::LEN {
        out.as_mut()[i] = factor * values.as_ref()[i];
    }
    out
}
