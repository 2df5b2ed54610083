//! What is computed around the steps: coefficients before the first, observables after some.

use std::marker::PhantomData;

use super::{Reading, Rows, blocks, load_block, store_block};
use crate::kernel::{Array, Kernel};
use crate::real::{Lane, LaneJob};
use crate::scheme::Scheme;

/// Computes coefficients block by block, and behind those of a block the factors of exponential Euler: `dt exprel(dt J)` of each state whose J, the derivative of
/// its rate by itself, depends on parameters alone; 0 for the others.
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
        let (count, states) = (<K::Coefficients<R> as Array<R>>::LEN, <K::States<R> as Array<R>>::LEN);
        let per_block = (count + states) * R::WIDTH;
        let mut out = vec![0.0; self.nodes.div_ceil(R::WIDTH) * per_block];
        for (at, out) in blocks::<R>(self.nodes).zip(out.chunks_exact_mut(per_block)) {
            let (coefficients, factors) = out.split_at_mut(count * R::WIDTH);
            let block = K::coefficients(Rows { nodes: self.nodes, at }.load(self.parameters));
            store_block(block, coefficients);
            if self.scheme == Scheme::ExpEuler {
                // Whatever the states are: these entries do not depend on them.
                let (x, u) = (K::States::splat(R::splat(0.0)), K::Inputs::splat(R::splat(0.0)));
                let (_, mut diagonal) = K::rhs_diagonal::<R>(x, block, u);
                for (i, entry) in diagonal.as_mut().iter_mut().enumerate() {
                    *entry = if K::CONSTANT_DIAGONAL[i] {
                        R::splat(self.dt) * (R::splat(self.dt) * *entry).exprel(0)
                    } else {
                        R::splat(0.0)
                    };
                }
                store_block(diagonal, factors);
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
        for (at, coefficients) in blocks::<R>(nodes).zip(coefficients.chunks_exact(per_block)) {
            let rows = Rows { nodes, at };
            let observables: K::Observables<R> =
                K::observe(rows.load(states), load_block(coefficients), rows.load(inputs));
            rows.store(observables, self.out);
        }
    }
}
