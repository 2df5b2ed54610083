//! Evaluations around the steps: coefficients before the first, observables after some, rates at the stages of a step.

use std::marker::PhantomData;

use super::block::{NodeBlock, block_starts, load_coefficients, load_packed, store_rows};
use super::{Reading, ReadingVjp};
use crate::kernel::{AdjointsOf, Array, Kernel};
use crate::real::{LANE_WIDTH, Lane, LaneJob};
use crate::scheme::Scheme;

/// Computes coefficients node block by node block and, behind those of a block, the factors of exponential Euler: `dt exprel(dt J)` for each
/// state whose J, the derivative of its rate by itself, depends on parameters alone; 0 for the others.
pub(super) struct Prepare<'a, K> {
    scheme: Scheme,
    dt: f64,
    nodes: usize,
    parameters: &'a [f64],
    kernel: PhantomData<K>,
}

impl<'a, K> Prepare<'a, K> {
    pub fn new(scheme: Scheme, dt: f64, nodes: usize, parameters: &'a [f64]) -> Self {
        Self { scheme, dt, nodes, parameters, kernel: PhantomData }
    }
}

impl<K: Kernel> LaneJob for Prepare<'_, K> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<R: Lane>(self) -> Vec<f64> {
        let needs_factors = self.scheme.needs_factors();
        let (count, states) = (<K::Coefficients<R> as Array<R>>::LEN, <K::States<R> as Array<R>>::LEN);
        let per_block = (count + states) * LANE_WIDTH;
        let nodes = self.nodes;
        let mut out = vec![0.0; nodes.div_ceil(LANE_WIDTH) * per_block];
        for (index, out) in out.chunks_exact_mut(per_block).enumerate() {
            let start = (index * LANE_WIDTH).min(nodes.saturating_sub(LANE_WIDTH));
            let (coefficients, factors) = out.split_at_mut(count * LANE_WIDTH);
            // Lanes without a node repeat the last one.
            for lane in (0..LANE_WIDTH).step_by(R::WIDTH) {
                let first = (start + lane).min(nodes - 1);
                let block = K::coefficients(NodeBlock { nodes, first }.load(self.parameters));
                store_rows(block, lane, coefficients);
                if needs_factors {
                    // The entries that are kept do not depend on states and inputs: any will do.
                    let (x, u) = (K::States::splat(R::splat(0.0)), K::Inputs::splat(R::splat(0.0)));
                    let (_, mut diagonal) = K::rhs_diagonal::<R>(x, block, u);
                    for (i, entry) in diagonal.as_mut().iter_mut().enumerate() {
                        *entry = if K::CONSTANT_DIAGONAL[i] {
                            R::splat(self.dt) * (R::splat(self.dt) * *entry).exprel(0)
                        } else {
                            R::splat(0.0)
                        };
                    }
                    store_rows(diagonal, lane, factors);
                }
            }
        }
        out
    }
}

/// Computes observables.
pub(super) struct Observe<'a, K> {
    reading: &'a Reading<'a>,
    out: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<'a, K> Observe<'a, K> {
    pub fn new(reading: &'a Reading<'a>, out: &'a mut [f64]) -> Self {
        Self { reading, out, kernel: PhantomData }
    }
}

impl<K: Kernel> LaneJob for Observe<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Reading { nodes, states, coefficients, inputs } = *self.reading;
        let count = <K::Coefficients<R> as Array<R>>::LEN;
        let per_block = (count + <K::States<R> as Array<R>>::LEN) * R::WIDTH;
        for first in block_starts::<R>(nodes) {
            let block = NodeBlock { nodes, first };
            let coefficients: K::Coefficients<R> = if R::WIDTH == LANE_WIDTH {
                load_packed(&coefficients[first.div_ceil(LANE_WIDTH) * per_block..])
            } else {
                load_coefficients::<K, R>(coefficients, nodes, first)
            };
            let observables: K::Observables<R> =
                K::observe(block.load(states), coefficients, block.load(inputs));
            block.store(observables, self.out);
        }
    }
}

/// Computes rates of change.
pub(super) struct Rates<'a, K> {
    reading: &'a Reading<'a>,
    out: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<'a, K> Rates<'a, K> {
    pub fn new(reading: &'a Reading<'a>, out: &'a mut [f64]) -> Self {
        Self { reading, out, kernel: PhantomData }
    }
}

impl<K: Kernel> LaneJob for Rates<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let Reading { nodes, states, coefficients, inputs } = *self.reading;
        for first in (0..nodes).step_by(R::WIDTH) {
            let block = NodeBlock { nodes, first };
            let coefficients = load_coefficients::<K, R>(coefficients, nodes, first);
            let rates: K::States<R> = K::rhs(block.load(states), coefficients, block.load(inputs));
            block.store(rates, self.out);
        }
    }
}

/// Takes the vector-Jacobian product of observables.
pub(super) struct ObserveVjp<'s, 'a, K> {
    job: &'s mut ReadingVjp<'a>,
    kernel: PhantomData<K>,
}

impl<'s, 'a, K> ObserveVjp<'s, 'a, K> {
    pub fn new(job: &'s mut ReadingVjp<'a>) -> Self {
        Self { job, kernel: PhantomData }
    }
}

impl<K: Kernel> LaneJob for ObserveVjp<'_, '_, K> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let job = self.job;
        let Reading { nodes, states, coefficients, inputs } = job.reading;
        for first in (0..nodes).step_by(R::WIDTH) {
            let block = NodeBlock { nodes, first };
            let given: AdjointsOf<K, R> = K::observe_vjp(
                block.load(states),
                load_coefficients::<K, R>(coefficients, nodes, first),
                block.load(inputs),
                block.load(job.adjoint),
            );
            accumulate::<K, R>(block, given, job);
        }
    }
}

/// Takes the vector-Jacobian product of rates of change.
pub(super) struct RatesVjp<'s, 'a, K> {
    job: &'s mut ReadingVjp<'a>,
    kernel: PhantomData<K>,
}

impl<'s, 'a, K> RatesVjp<'s, 'a, K> {
    pub fn new(job: &'s mut ReadingVjp<'a>) -> Self {
        Self { job, kernel: PhantomData }
    }
}

impl<K: Kernel> LaneJob for RatesVjp<'_, '_, K> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let job = self.job;
        let Reading { nodes, states, coefficients, inputs } = job.reading;
        for first in (0..nodes).step_by(R::WIDTH) {
            let block = NodeBlock { nodes, first };
            let given: AdjointsOf<K, R> = K::rhs_vjp(
                block.load(states),
                load_coefficients::<K, R>(coefficients, nodes, first),
                block.load(inputs),
                block.load(job.adjoint),
            );
            accumulate::<K, R>(block, given, job);
        }
    }
}

/// Adds the adjoints of a node block to those of all nodes.
#[inline(always)]
fn accumulate<K: Kernel, R: Lane>(block: NodeBlock, given: AdjointsOf<K, R>, job: &mut ReadingVjp) {
    block.accumulate(given.states, job.states_adjoint);
    block.accumulate(given.inputs, job.inputs_adjoint);
    block.accumulate(given.parameters, job.parameters_adjoint);
}
