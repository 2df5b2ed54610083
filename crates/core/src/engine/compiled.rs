//! The engine of a compiled kernel.

use std::marker::PhantomData;

use super::reading::{Observe, ObserveVjp, Prepare};
use super::{
    Engine, EngineKind, FaultMask, Point, PointAdjoints, Reading, ReadingVjp, Step, StepVjp, forward, reverse,
};
use crate::info::ModelInfo;
use crate::kernel::{Adjoints, AdjointsOf, Array, Kernel};
use crate::real::Simd;
use crate::scheme::Scheme;

/// The engine of a kernel that was generated and compiled.
#[derive(Debug)]
pub(crate) struct Compiled<K>(PhantomData<K>);

impl<K> Compiled<K> {
    /// Creates the engine. It has no state, so this is free.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K> Default for Compiled<K> {
    fn default() -> Self {
        Self::new()
    }
}

type States<K> = <K as Kernel>::States<f64>;

impl<K: Kernel> Engine for Compiled<K> {
    fn info(&self) -> &ModelInfo {
        K::INFO
    }

    fn kind(&self) -> EngineKind {
        EngineKind::Compiled
    }

    fn durations(&self, parameters: &[f64]) -> Vec<f64> {
        let parameters = <K::Parameters<f64> as Array<f64>>::from_fn(|i| parameters[i]);
        K::durations(parameters).as_ref()[K::INFO.inputs.len()..].to_vec()
    }

    fn prepare(&self, simd: Simd, scheme: Scheme, dt: f64, nodes: usize, parameters: &[f64]) -> Vec<f64> {
        simd.run_seldom(Prepare::<K>::new(scheme, dt, nodes, parameters))
    }

    fn advance(&self, simd: Simd, scheme: Scheme, step: &mut Step) -> FaultMask {
        forward::advance::<K>(simd, scheme, step)
    }

    fn observe(&self, simd: Simd, reading: &Reading, out: &mut [f64]) {
        simd.run_wide(Observe::<K>::new(reading, out));
    }

    fn step_vjp(&self, scheme: Scheme, step: &mut StepVjp) {
        reverse::step_vjp::<K>(scheme, step);
    }

    fn observe_vjp(&self, job: &mut ReadingVjp) {
        job.simd.run_compact_seldom(ObserveVjp::<K>::new(job));
    }

    fn rates_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = arguments::<K>(point);
        K::rhs(x, c, u).as_ref().to_vec()
    }

    fn diagonal_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = arguments::<K>(point);
        K::rhs_diagonal(x, c, u).1.as_ref().to_vec()
    }

    fn jacobian_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = arguments::<K>(point);
        K::jacobian(x, c, u).as_ref().iter().flat_map(|row| row.as_ref().to_vec()).collect()
    }

    fn observables_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = arguments::<K>(point);
        K::observe(x, c, u).as_ref().to_vec()
    }

    fn rates_vjp_at(&self, point: &Point, rates: &[f64], diagonal: Option<&[f64]>) -> PointAdjoints {
        let (x, c, u) = arguments::<K>(point);
        let rates = States::<K>::from_fn(|i| rates[i]);
        to_vectors::<K>(match diagonal {
            None => K::rhs_vjp(x, c, u, rates),
            Some(diagonal) => K::rhs_diagonal_vjp(x, c, u, rates, States::<K>::from_fn(|i| diagonal[i])),
        })
    }

    fn observables_vjp_at(&self, point: &Point, observables: &[f64]) -> PointAdjoints {
        let (x, c, u) = arguments::<K>(point);
        to_vectors::<K>(K::observe_vjp(x, c, u, K::Observables::<f64>::from_fn(|i| observables[i])))
    }
}

/// The arguments of a kernel's functions at a point.
fn arguments<K: Kernel>(point: &Point) -> (States<K>, K::Coefficients<f64>, K::Inputs<f64>) {
    let parameters = K::Parameters::<f64>::from_fn(|i| point.parameters[i]);
    (
        States::<K>::from_fn(|i| point.states[i]),
        K::coefficients(parameters),
        K::Inputs::<f64>::from_fn(|i| point.inputs[i]),
    )
}

/// The adjoints of a kernel as vectors.
fn to_vectors<K: Kernel>(adjoints: AdjointsOf<K, f64>) -> PointAdjoints {
    Adjoints {
        states: adjoints.states.as_ref().to_vec(),
        parameters: adjoints.parameters.as_ref().to_vec(),
        inputs: adjoints.inputs.as_ref().to_vec(),
    }
}
