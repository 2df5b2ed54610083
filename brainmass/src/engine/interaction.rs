//! Interactions inside a model: its nodes coupled by a term of its own.

use std::marker::PhantomData;

use super::load;
use crate::kernel::{Array, CouplingKernel};
use crate::population::Population;
use crate::real::vector::MAX_WIDTH;
use crate::real::{Lane, LaneJob, Simd};

/// A model's interaction inside, behind one call a step.
pub trait Interaction: Send + Sync {
    /// What feeds the model's coupling input at every node, from the states before the step.
    fn sum(&self, population: &Population, states: &[f64], out: &mut [f64]);

    /// What adjoints of it give to the states and parameters: added, value `i` of node `n` at `i*nodes + n`.
    fn sum_back(
        &self,
        simd: Simd,
        population: &Population,
        states: &[f64],
        adjoint: &[f64],
        to_states: &mut [f64],
        to_parameters: &mut [f64],
    );
}

/// The interaction of a compiled kernel.
#[derive(Debug)]
pub struct Interacting<K>(PhantomData<K>);

impl<K> Interacting<K> {
    /// It holds nothing.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K> Default for Interacting<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: CouplingKernel> Interaction for Interacting<K> {
    fn sum(&self, population: &Population, states: &[f64], out: &mut [f64]) {
        let nodes = population.nodes();
        let how = population.interaction();
        let count = if how.normalize { nodes as f64 } else { 1.0 };
        for target in 0..nodes {
            let parameters = K::RuleParameters::<f64>::from_fn(|i| population.parameter_at(i, target));
            let receiving = load(states, nodes, target);
            let mut sum = 0.0;
            for source in (0..nodes).filter(|&source| !(how.exclude_self && source == target)) {
                let weight = how.weights.as_ref().map_or(1.0, |weights| weights[[target, source]]);
                sum += weight * K::pre(receiving, load(states, nodes, source), parameters);
            }
            out[target] = K::post(sum, count, parameters);
        }
    }

    fn sum_back(
        &self,
        simd: Simd,
        population: &Population,
        states: &[f64],
        adjoint: &[f64],
        to_states: &mut [f64],
        to_parameters: &mut [f64],
    ) {
        let kernel = PhantomData::<K>;
        simd.run(SumBack { population, states, adjoint, to_states, to_parameters, kernel });
    }
}

/// Receivers one after the other, their senders in vector lanes.
struct SumBack<'a, K> {
    population: &'a Population,
    states: &'a [f64],
    adjoint: &'a [f64],
    to_states: &'a mut [f64],
    to_parameters: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<K: CouplingKernel> LaneJob for SumBack<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let nodes = self.population.nodes();
        let how = self.population.interaction();
        let count = if how.normalize { nodes as f64 } else { 1.0 };
        let mut weights = vec![1.0; nodes];
        for target in 0..nodes {
            if let Some(given) = &how.weights {
                weights.iter_mut().zip(given.row(target)).for_each(|(weight, given)| *weight = *given);
            }
            let own = weights[target];
            if how.exclude_self {
                weights[target] = 0.0;
            }
            let parameters = K::RuleParameters::<f64>::from_fn(|i| self.population.parameter_at(i, target));
            let receiving: K::Coupled<f64> = load(self.states, nodes, target);
            let lane_parameters = K::RuleParameters::<R>::from_fn(|i| R::splat(parameters.as_ref()[i]));
            let lane_receiving = K::Coupled::<R>::from_fn(|i| R::splat(receiving.as_ref()[i]));
            let mut sum = R::splat(0.0);
            for at in (0..nodes).step_by(R::WIDTH) {
                let weight = few::<R>(&weights[at..]);
                let sending = senders::<R, K::Coupled<R>>(self.states, nodes, at);
                sum = sum + weight * K::pre(lane_receiving, sending, lane_parameters);
            }
            let (to_sum, to_post) = K::post_vjp(total(sum), count, self.adjoint[target], parameters);
            for (index, part) in to_post.as_ref().iter().enumerate() {
                self.to_parameters[index * nodes + target] += part;
            }
            let mut to_receiving = K::Coupled::<R>::from_fn(|_| R::splat(0.0));
            let mut to_pre = K::RuleParameters::<R>::from_fn(|_| R::splat(0.0));
            for at in (0..nodes).step_by(R::WIDTH) {
                let weight = few::<R>(&weights[at..]);
                let sending = senders::<R, K::Coupled<R>>(self.states, nodes, at);
                let given = K::pre_vjp(R::splat(to_sum) * weight, lane_receiving, sending, lane_parameters);
                add(&mut to_receiving, &given.0);
                add(&mut to_pre, &given.2);
                for (index, part) in given.1.as_ref().iter().enumerate() {
                    let to = &mut self.to_states[index * nodes + at..(index + 1) * nodes];
                    (R::load_partial(to) + *part).store_partial(to);
                }
            }
            for (index, part) in to_receiving.as_ref().iter().enumerate() {
                self.to_states[index * nodes + target] += total(*part);
            }
            for (index, part) in to_pre.as_ref().iter().enumerate() {
                self.to_parameters[index * nodes + target] += total(*part);
            }
            weights[target] = own;
        }
    }
}

/// The states of a block of senders.
#[inline(always)]
fn senders<R: Lane, A: Array<R>>(states: &[f64], nodes: usize, at: usize) -> A {
    let mut values = A::from_fn(|_| R::splat(0.0));
    for (index, value) in values.as_mut().iter_mut().enumerate() {
        *value = R::load_partial(&states[index * nodes + at..(index + 1) * nodes]);
    }
    values
}

/// As many numbers as there are, and zeros in the other lanes.
#[inline(always)]
fn few<R: Lane>(values: &[f64]) -> R {
    if values.len() >= R::WIDTH {
        return R::load(values);
    }
    let mut block = [0.0; MAX_WIDTH];
    block[..values.len()].copy_from_slice(values);
    R::load(&block)
}

#[inline(always)]
fn add<R: Lane, A: Array<R>>(values: &mut A, terms: &A) {
    for (value, term) in values.as_mut().iter_mut().zip(terms.as_ref()) {
        *value = *value + *term;
    }
}

/// The sum of all lanes.
#[inline(always)]
fn total<R: Lane>(value: R) -> f64 {
    let mut lanes = [0.0; MAX_WIDTH];
    value.store(&mut lanes);
    lanes[..R::WIDTH].iter().sum()
}
