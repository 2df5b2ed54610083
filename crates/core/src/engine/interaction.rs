//! Interactions inside a model: its nodes coupled by a term of its own.

use std::marker::PhantomData;

use ndarray::Array2;

use super::{Columns, Rows, blocks};
use crate::kernel::{Array, CouplingKernel};
use crate::real::{Lane, LaneJob, Simd};

/// The interaction inside a model: its weights and how they are used.
#[derive(Debug, Clone)]
pub struct InteractionSettings {
    /// `[target][source]`; all ones if not given.
    pub weights: Option<Array2<f64>>,
    /// Whether the sum is divided by the number of nodes.
    pub normalize: bool,
    /// Whether a node is left out of its own sum.
    pub exclude_self: bool,
}

impl Default for InteractionSettings {
    fn default() -> Self {
        Self { weights: None, normalize: true, exclude_self: true }
    }
}

/// What an interaction inside a model is given.
#[derive(Debug)]
pub struct Inside {
    columns: Columns,
    /// A row a parameter.
    parameters: Vec<f64>,
    /// A row a source, a column a target; all ones if not there.
    weights: Option<Vec<f64>>,
    exclude_self: bool,
    /// What the sum may be divided by.
    count: f64,
}

impl Inside {
    /// The interaction of a population with these settings, or of members that differ in nothing but their parameters, of which there is a
    /// row each.
    pub fn new(how: &InteractionSettings, columns: Columns, parameters: Vec<f64>) -> Self {
        let nodes = columns.nodes;
        let by_source =
            |weights: &Array2<f64>| (0..nodes * nodes).map(|at| weights[[at % nodes, at / nodes]]).collect();
        Self {
            columns,
            parameters,
            weights: how.weights.as_ref().map(by_source),
            exclude_self: how.exclude_self,
            count: if how.normalize { nodes as f64 } else { 1.0 },
        }
    }
}

/// A model's interaction inside, behind one call a step.
pub trait Interaction: Send + Sync {
    /// What feeds the model's coupling input at every node, from the states before the step. Each target adds up its sources in their
    /// order.
    fn sum(&self, simd: Simd, inside: &Inside, states: &[f64], out: &mut [f64]);

    /// What adjoints of it give to the states and parameters of a run alone: added, value `i` of node `n` at `i*nodes + n`.
    fn sum_back(&self, simd: Simd, inside: &Inside, back: &mut SumBack);
}

/// The sums of an interaction, to be taken back.
#[derive(Debug)]
pub struct SumBack<'a> {
    /// States before the step.
    pub states: &'a [f64],
    /// Of what was made of the sums.
    pub adjoint: &'a [f64],
    /// Of the states, added to.
    pub states_adjoint: &'a mut [f64],
    /// Of the parameters, added to.
    pub parameters_adjoint: &'a mut [f64],
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
    fn sum(&self, simd: Simd, inside: &Inside, states: &[f64], out: &mut [f64]) {
        simd.run(Sum::<K> { inside, states, out, kernel: PhantomData });
    }

    fn sum_back(&self, simd: Simd, inside: &Inside, back: &mut SumBack) {
        simd.run_compact(TakeBack::<K> { inside, back, kernel: PhantomData });
    }
}

struct Sum<'a, K> {
    inside: &'a Inside,
    states: &'a [f64],
    out: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<K: CouplingKernel> LaneJob for Sum<'_, K> {
    type Output = ();

    /// Lanes are targets, or the members of one.
    #[inline(always)]
    fn run<R: Lane>(self) {
        let Inside { columns: Columns { nodes, members }, ref weights, exclude_self, count, .. } =
            *self.inside;
        let columns = nodes * members;
        for at in blocks::<R>(columns) {
            let rows = Rows { nodes: columns, at };
            let parameters: K::RuleParameters<R> = rows.load(&self.inside.parameters);
            let receiving: K::Coupled<R> = rows.load(self.states);
            let mut sum = R::splat(0.0);
            for source in 0..nodes {
                let sending: K::Coupled<R> = if members == 1 {
                    node(self.states, nodes, source)
                } else {
                    Rows { nodes: columns, at: source * members }.load(self.states)
                };
                let weight = match weights {
                    None => R::splat(1.0),
                    Some(weights) if members == 1 => {
                        R::load_partial(&weights[source * nodes + at..(source + 1) * nodes])
                    }
                    Some(weights) => R::splat(weights[source * nodes + at / members]),
                };
                let weight = if exclude_self { without_self(weight, source, at, members) } else { weight };
                sum = sum + weight * K::pre(receiving, sending, parameters);
            }
            let post = K::post(sum, R::splat(count), parameters);
            post.store_partial(&mut self.out[at..columns]);
        }
    }
}

struct TakeBack<'s, 'a, K> {
    inside: &'s Inside,
    back: &'s mut SumBack<'a>,
    kernel: PhantomData<K>,
}

impl<K: CouplingKernel> LaneJob for TakeBack<'_, '_, K> {
    type Output = ();

    /// Lanes are targets.
    #[inline(always)]
    fn run<R: Lane>(self) {
        let Inside { columns: Columns { nodes, .. }, count, .. } = *self.inside;
        let SumBack { states, adjoint, states_adjoint, parameters_adjoint } = self.back;
        // Not by `blocks`, which overlap: a block that is not full has lanes with an adjoint of 0.
        for at in (0..nodes).step_by(R::WIDTH) {
            if adjoint[at..].iter().take(R::WIDTH).all(|adjoint| *adjoint == 0.0) {
                continue;
            }
            let rows = Rows { nodes, at };
            let parameters: K::RuleParameters<R> = rows.load(&self.inside.parameters);
            let receiving: K::Coupled<R> = rows.load(states);
            let mut sum = R::splat(0.0);
            for source in 0..nodes {
                let sending: K::Coupled<R> = node(states, nodes, source);
                sum = sum + weight_to::<R>(self.inside, source, at) * K::pre(receiving, sending, parameters);
            }
            let given = few::<R>(&adjoint[at..]);
            let (to_sum, mut to_parameters) = K::post_vjp(sum, R::splat(count), given, parameters);
            let mut to_receiving = K::Coupled::<R>::splat(R::splat(0.0));
            for source in 0..nodes {
                let sending: K::Coupled<R> = node(states, nodes, source);
                let given = to_sum * weight_to::<R>(self.inside, source, at);
                let (receiver, sender, rule) = K::pre_vjp(given, receiving, sending, parameters);
                add(&mut to_receiving, &receiver);
                add(&mut to_parameters, &rule);
                for (row, part) in sender.as_ref().iter().enumerate() {
                    states_adjoint[row * nodes + source] += total(*part);
                }
            }
            rows.add(to_receiving, states_adjoint);
            rows.add(to_parameters, parameters_adjoint);
        }
    }
}

/// The weights of a source to the targets from node `at` on.
#[inline(always)]
fn weight_to<R: Lane>(inside: &Inside, source: usize, at: usize) -> R {
    let nodes = inside.columns.nodes;
    let weight = match &inside.weights {
        None => R::splat(1.0),
        Some(weights) => R::load_partial(&weights[source * nodes + at..(source + 1) * nodes]),
    };
    if inside.exclude_self { without_self(weight, source, at, 1) } else { weight }
}

/// As many numbers as there are, and zeros in the other lanes.
#[inline(always)]
fn few<R: Lane>(values: &[f64]) -> R {
    if values.len() >= R::WIDTH {
        return R::load(values);
    }
    let mut lanes = [0.0; 8];
    lanes[..values.len()].copy_from_slice(values);
    R::load(&lanes)
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
    let mut lanes = [0.0; 8];
    value.store(&mut lanes);
    lanes[..R::WIDTH].iter().sum()
}

/// A node in all lanes.
#[inline(always)]
fn node<R: Lane, A: Array<R>>(states: &[f64], nodes: usize, node: usize) -> A {
    let mut values = A::splat(R::splat(0.0));
    for (row, value) in values.as_mut().iter_mut().enumerate() {
        *value = R::splat(states[row * nodes + node]);
    }
    values
}

/// Weights of a source to the targets from column `at` on, none to the source itself.
#[inline(always)]
fn without_self<R: Lane>(weight: R, source: usize, at: usize, members: usize) -> R {
    let own = source * members;
    if own + members <= at || at + R::WIDTH <= own {
        return weight;
    }
    if members > 1 {
        return R::splat(0.0);
    }
    let mut lanes = [0.0; 8];
    weight.store(&mut lanes);
    lanes[own - at] = 0.0;
    R::load(&lanes)
}
