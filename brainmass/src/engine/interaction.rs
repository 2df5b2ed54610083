//! Interactions inside a model: its nodes coupled by a term of its own.

use std::marker::PhantomData;

use super::load;
use crate::kernel::{Array, CouplingKernel};
use crate::population::Population;

/// A model's interaction inside, behind one call a step.
pub trait Interaction: Send + Sync {
    /// What feeds the model's coupling input at every node, from the states before the step.
    fn sum(&self, population: &Population, states: &[f64], out: &mut [f64]);
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
}
