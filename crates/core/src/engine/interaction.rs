//! Interactions inside a model: nodes of one model that are coupled by a term of the model itself.

use std::marker::PhantomData;

use ndarray::Array2;

use super::reading::{Rates, RatesVjp};
use super::{Columns, NodeBlock, Reading, ReadingVjp, block_starts};
use crate::kernel::{Array, CouplingKernel, Kernel};
use crate::real::{LANE_WIDTH, Lane, LaneJob, Simd};

/// The weights of an interaction inside a model, and how its sums are made.
#[derive(Debug, Clone)]
pub struct InteractionSettings {
    /// The weights, `[target][source]`; all ones if not given.
    pub weights: Option<Array2<f64>>,
    /// Whether the sum is divided by the number of nodes, as it is by default.
    pub normalize: bool,
    /// Whether a node is left out of its own sum, as it is by default.
    pub exclude_self: bool,
}

impl Default for InteractionSettings {
    fn default() -> Self {
        Self { weights: None, normalize: true, exclude_self: true }
    }
}

/// The data that an interaction inside a model reads beside the states: weights and parameters in the layout of a run.
#[derive(Debug)]
pub struct InteractionData {
    columns: Columns,
    /// A row of columns for each parameter.
    parameters: Vec<f64>,
    /// A row for each source, a column for each target; all ones if not given.
    weights: Option<Vec<f64>>,
    exclude_self: bool,
    /// The number that the sum is divided by, if the model divides it.
    count: f64,
}

impl InteractionData {
    /// The data of a run, or of runs side by side that differ in nothing but their parameters, of which `parameters` has a row of columns each.
    pub fn new(settings: &InteractionSettings, columns: Columns, parameters: Vec<f64>) -> Self {
        let nodes = columns.nodes;
        let by_source =
            |weights: &Array2<f64>| (0..nodes * nodes).map(|at| weights[[at % nodes, at / nodes]]).collect();
        Self {
            columns,
            parameters,
            weights: settings.weights.as_ref().map(by_source),
            exclude_self: settings.exclude_self,
            count: if settings.normalize { nodes as f64 } else { 1.0 },
        }
    }

    /// The columns of the run.
    pub(crate) fn columns(&self) -> Columns {
        self.columns
    }

    /// The parameters, a row of columns for each.
    pub(crate) fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    /// The weights, a row for each source and a column for each target; all ones if `None`.
    pub(crate) fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// Whether a node is left out of its own sum.
    pub(crate) fn excludes_self(&self) -> bool {
        self.exclude_self
    }

    /// The number that the sum is divided by, if the model divides it.
    pub(crate) fn count(&self) -> f64 {
        self.count
    }
}

/// The interaction inside a model, and the rates that it enters: an interaction that is evaluated at every stage of a step needs both for all
/// nodes.
pub trait Interaction: Send + Sync {
    /// Computes the coupling input of every node from the states, one value a column. Each target adds up its sources in their order.
    fn coupling_inputs(&self, simd: Simd, data: &InteractionData, states: &[f64], out: &mut [f64]);

    /// Vector-Jacobian product of the coupling inputs of a run alone.
    fn coupling_inputs_vjp(&self, simd: Simd, data: &InteractionData, vjp: &mut InteractionVjp);

    /// Computes the rates of change of all nodes, per ms, one row a state, into `out`.
    fn rates(&self, simd: Simd, reading: &Reading, out: &mut [f64]);

    /// Vector-Jacobian product of the rates of all nodes.
    fn rates_vjp(&self, job: &mut ReadingVjp);
}

/// Coupling inputs whose vector-Jacobian product is taken: the states that they were computed from, and adjoints. Value `i` of node `n` is at
/// `i*nodes + n`.
#[derive(Debug)]
pub struct InteractionVjp<'a> {
    /// The states that the inputs were computed from.
    pub states: &'a [f64],
    /// Adjoints of the coupling inputs, one a node.
    pub adjoint: &'a [f64],
    /// Adjoints of the states, which are added to.
    pub states_adjoint: &'a mut [f64],
    /// Adjoints of the parameters, which are added to.
    pub parameters_adjoint: &'a mut [f64],
}

/// The interaction of a compiled kernel.
#[derive(Debug)]
pub(crate) struct CompiledInteraction<K>(PhantomData<K>);

impl<K> CompiledInteraction<K> {
    /// Creates the interaction. It has no state, so this is free.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K> Default for CompiledInteraction<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Kernel + CouplingKernel> Interaction for CompiledInteraction<K> {
    fn coupling_inputs(&self, simd: Simd, data: &InteractionData, states: &[f64], out: &mut [f64]) {
        simd.run(CouplingInputs::<K> { data, states, out, kernel: PhantomData });
    }

    fn coupling_inputs_vjp(&self, simd: Simd, data: &InteractionData, vjp: &mut InteractionVjp) {
        simd.run_compact(CouplingInputsVjp::<K> { data, vjp, kernel: PhantomData });
    }

    fn rates(&self, simd: Simd, reading: &Reading, out: &mut [f64]) {
        simd.run_compact(Rates::<K>::new(reading, out));
    }

    fn rates_vjp(&self, job: &mut ReadingVjp) {
        job.simd.run_compact(RatesVjp::<K>::new(job));
    }
}

/// Computes coupling inputs.
struct CouplingInputs<'a, K> {
    data: &'a InteractionData,
    states: &'a [f64],
    out: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<K: CouplingKernel> LaneJob for CouplingInputs<'_, K> {
    type Output = ();

    /// Lanes are targets or, in a batch, the runs of one target.
    #[inline(always)]
    fn run<R: Lane>(self) {
        let InteractionData { columns: Columns { nodes, runs }, ref weights, exclude_self, count, .. } =
            *self.data;
        let columns = nodes * runs;
        for first in block_starts::<R>(columns) {
            let block = NodeBlock { nodes: columns, first };
            let parameters: K::RuleParameters<R> = block.load(&self.data.parameters);
            let receiving: K::Coupled<R> = block.load(self.states);
            let mut sum = R::splat(0.0);
            for source in 0..nodes {
                let sending: K::Coupled<R> = if runs == 1 {
                    splat_node(self.states, nodes, source)
                } else {
                    NodeBlock { nodes: columns, first: source * runs }.load(self.states)
                };
                let weight = match weights {
                    None => R::splat(1.0),
                    Some(weights) if runs == 1 => {
                        R::load_partial(&weights[source * nodes + first..(source + 1) * nodes])
                    }
                    Some(weights) => R::splat(weights[source * nodes + first / runs]),
                };
                let weight = if exclude_self { without_self(weight, source, first, runs) } else { weight };
                sum = sum + weight * K::pre(receiving, sending, parameters);
            }
            let post = K::post(sum, R::splat(count), parameters);
            post.store_partial(&mut self.out[first..columns]);
        }
    }
}

/// Takes the vector-Jacobian product of coupling inputs.
struct CouplingInputsVjp<'s, 'a, K> {
    data: &'s InteractionData,
    vjp: &'s mut InteractionVjp<'a>,
    kernel: PhantomData<K>,
}

impl<K: CouplingKernel> LaneJob for CouplingInputsVjp<'_, '_, K> {
    type Output = ();

    /// Lanes are targets.
    #[inline(always)]
    fn run<R: Lane>(self) {
        let InteractionData { columns: Columns { nodes, .. }, count, .. } = *self.data;
        let InteractionVjp { states, adjoint, states_adjoint, parameters_adjoint } = self.vjp;
        // Not by `block_starts`, whose blocks overlap: the lanes of a block that is not full have an adjoint of 0.
        for first in (0..nodes).step_by(R::WIDTH) {
            if adjoint[first..].iter().take(R::WIDTH).all(|adjoint| *adjoint == 0.0) {
                continue;
            }
            let block = NodeBlock { nodes, first };
            let parameters: K::RuleParameters<R> = block.load(&self.data.parameters);
            let receiving: K::Coupled<R> = block.load(states);
            let mut sum = R::splat(0.0);
            for source in 0..nodes {
                let sending: K::Coupled<R> = splat_node(states, nodes, source);
                let weight = weights_of::<R>(self.data, source, first);
                sum = sum + weight * K::pre(receiving, sending, parameters);
            }
            let given = load_or_zero::<R>(&adjoint[first..]);
            let (to_sum, mut to_parameters) = K::post_vjp(sum, R::splat(count), given, parameters);
            let mut to_receiving = K::Coupled::<R>::splat(R::splat(0.0));
            for source in 0..nodes {
                let sending: K::Coupled<R> = splat_node(states, nodes, source);
                let given = to_sum * weights_of::<R>(self.data, source, first);
                let (receiver, sender, rule) = K::pre_vjp(given, receiving, sending, parameters);
                add(&mut to_receiving, &receiver);
                add(&mut to_parameters, &rule);
                for (row, part) in sender.as_ref().iter().enumerate() {
                    states_adjoint[row * nodes + source] += sum_of_lanes(*part);
                }
            }
            block.accumulate(to_receiving, states_adjoint);
            block.accumulate(to_parameters, parameters_adjoint);
        }
    }
}

/// The weights of a source to the targets from node `first` on.
#[inline(always)]
fn weights_of<R: Lane>(data: &InteractionData, source: usize, first: usize) -> R {
    let nodes = data.columns.nodes;
    let weight = match &data.weights {
        None => R::splat(1.0),
        Some(weights) => R::load_partial(&weights[source * nodes + first..(source + 1) * nodes]),
    };
    if data.exclude_self { without_self(weight, source, first, 1) } else { weight }
}

/// Loads as many numbers as there are, and zeros into the other lanes.
#[inline(always)]
fn load_or_zero<R: Lane>(values: &[f64]) -> R {
    if values.len() >= R::WIDTH {
        return R::load(values);
    }
    let mut lanes = [0.0; LANE_WIDTH];
    lanes[..values.len()].copy_from_slice(values);
    R::load(&lanes)
}

#[inline(always)]
fn add<R: Lane, A: Array<R>>(values: &mut A, terms: &A) {
    for i in 0..A::LEN {
        values.as_mut()[i] = values.as_ref()[i] + terms.as_ref()[i];
    }
}

#[inline(always)]
fn sum_of_lanes<R: Lane>(value: R) -> f64 {
    let mut lanes = [0.0; LANE_WIDTH];
    value.store(&mut lanes);
    lanes[..R::WIDTH].iter().sum()
}

/// The states of one node in all lanes.
#[inline(always)]
fn splat_node<R: Lane, A: Array<R>>(states: &[f64], nodes: usize, node: usize) -> A {
    let mut values = A::splat(R::splat(0.0));
    for (row, value) in values.as_mut().iter_mut().enumerate() {
        *value = R::splat(states[row * nodes + node]);
    }
    values
}

/// The weights of a source to the targets from column `first` on, with 0 for the source itself.
#[inline(always)]
fn without_self<R: Lane>(weight: R, source: usize, first: usize, runs: usize) -> R {
    let own = source * runs;
    if own + runs <= first || first + R::WIDTH <= own {
        return weight;
    }
    if runs > 1 {
        return R::splat(0.0);
    }
    let mut lanes = [0.0; LANE_WIDTH];
    weight.store(&mut lanes);
    lanes[own - first] = 0.0;
    R::load(&lanes)
}
