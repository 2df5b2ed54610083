//! Coupling rules whose type is known only at run time.

use std::fmt;
use std::marker::PhantomData;

use super::rule::{Rule, Settings};
use crate::engine::{NodeBlock, block_starts};
use crate::info::ModelInfo;
use crate::kernel::{Array, CouplingKernel, Form};
use crate::real::{Lane, LaneJob, Simd};

/// The edges to one target, for which a rule computes the terms.
///
/// In a batch the runs stand side by side: node `n` of the run of batch index `m` is column `n*runs + m`, see
/// [`Columns`](crate::engine::Columns).
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// A row of columns for each parameter of the rule.
    pub parameters: &'a [f64],
    /// The number of columns.
    pub columns: usize,
    /// The first column of the target.
    pub receiver: usize,
    /// The target's own value, one for each run.
    pub receiving: &'a [f64],
    /// The value that each edge brings, one for each run.
    pub sending: &'a [f64],
}

/// A post-synaptic function of all targets whose vector-Jacobian product is taken.
#[derive(Debug)]
pub struct PostVjp<'a> {
    /// The weighted sums, one a target.
    pub sums: &'a [f64],
    /// The adjoints of the coupling inputs, one a target.
    pub adjoint: &'a [f64],
    /// The adjoints of the sums, which are written.
    pub sums_adjoint: &'a mut [f64],
    /// The adjoints of the parameters, a row of targets for each, which are added to.
    pub parameters_adjoint: &'a mut [f64],
}

/// The parameters of a rule, or of the rules of the runs of a batch side by side, as rows of columns.
pub fn parameter_rows(rules: &[&dyn AnyRule], targets: usize) -> Vec<f64> {
    let value = |parameter: usize, node: usize, rule: &dyn AnyRule| match rule.settings().values(parameter) {
        [value] => *value,
        values => values[node],
    };
    let of_node = |parameter, node| rules.iter().map(move |rule| value(parameter, node, *rule));
    let row = |parameter| (0..targets).flat_map(move |node| of_node(parameter, node));
    (0..rules[0].info().parameters.len()).flat_map(row).collect()
}

/// A coupling rule of any type, with its parameters.
pub trait AnyRule: Send + Sync {
    /// The catalogue entry of the rule.
    fn info(&self) -> &ModelInfo;
    /// The parameters.
    fn settings(&self) -> &Settings;
    /// The parameters, to be changed.
    fn settings_mut(&mut self) -> &mut Settings;
    /// The form of the term of an edge. A term of the source's value and of parameters that differ from target to target depends on both
    /// ends.
    fn form(&self) -> Form;
    /// Whether the weights are replaced by the graph Laplacian that they make.
    fn laplacian(&self) -> bool;
    /// Computes what takes the place of a weight in the sum, and its derivative by the weight.
    fn weight(&self, weight: f64) -> (f64, f64);
    /// Computes the terms of the edges to one target: the pre-synaptic function of each value sent, without the weights.
    fn pre(&self, simd: Simd, terms: Terms, out: &mut [f64]);
    /// Computes the coupling inputs of all targets: the post-synaptic function of the weighted sums. `parameters` has a row of columns for each
    /// parameter, see [`Terms`].
    fn post(&self, simd: Simd, parameters: &[f64], sums: &[f64], out: &mut [f64]);
    /// Vector-Jacobian product of the terms of some edges to node `target` of a run alone. Writes the adjoints of the values sent, adds to
    /// those of the parameters, and returns that of the target's own value.
    fn pre_vjp(
        &self,
        target: usize,
        receiving: f64,
        sending: &[f64],
        adjoint: &[f64],
        sending_adjoint: &mut [f64],
        parameters_adjoint: &mut [f64],
    ) -> f64;
    /// Vector-Jacobian product of the post-synaptic function for all targets of a run alone; `parameters` as in [`AnyRule::post`].
    fn post_vjp(&self, simd: Simd, parameters: &[f64], vjp: PostVjp);
    /// A copy behind a pointer of its own.
    fn boxed(&self) -> Box<dyn AnyRule>;
}

impl<T: Rule> AnyRule for T {
    fn info(&self) -> &ModelInfo {
        T::INFO
    }
    fn settings(&self) -> &Settings {
        Rule::settings(self)
    }
    fn settings_mut(&mut self) -> &mut Settings {
        Rule::settings_mut(self)
    }
    fn form(&self) -> Form {
        let settings = Rule::settings(self);
        let differs = |(index, in_pre): (usize, &bool)| *in_pre && settings.values(index).len() > 1;
        match T::FORM {
            Form::Source if T::PRE_PARAMETERS.iter().enumerate().any(differs) => Form::Pair,
            form => form,
        }
    }
    fn laplacian(&self) -> bool {
        T::LAPLACIAN
    }
    fn weight(&self, weight: f64) -> (f64, f64) {
        T::weight(weight)
    }
    fn pre(&self, simd: Simd, terms: Terms, out: &mut [f64]) {
        simd.run(Pre::<T> { terms, out, rule: PhantomData });
    }
    fn post(&self, simd: Simd, parameters: &[f64], sums: &[f64], out: &mut [f64]) {
        simd.run(Post::<T> { parameters, sums, out, rule: PhantomData });
    }
    fn pre_vjp(
        &self,
        target: usize,
        receiving: f64,
        sending: &[f64],
        adjoint: &[f64],
        sending_adjoint: &mut [f64],
        parameters_adjoint: &mut [f64],
    ) -> f64 {
        let parameters = parameters_of::<T>(Rule::settings(self), target);
        let receiving = coupled::<T>(receiving);
        let mut to_receiving = 0.0;
        for ((to_sending, value), adjoint) in sending_adjoint.iter_mut().zip(sending).zip(adjoint) {
            let (receiver, sender, rule) =
                <T as CouplingKernel>::pre_vjp(*adjoint, receiving, coupled::<T>(*value), parameters);
            to_receiving += receiver.as_ref()[0];
            *to_sending = sender.as_ref()[0];
            parameters_adjoint.iter_mut().zip(rule.as_ref()).for_each(|(sum, part)| *sum += part);
        }
        to_receiving
    }
    fn post_vjp(&self, simd: Simd, parameters: &[f64], vjp: PostVjp) {
        simd.run_compact(PostVjpOfAll::<T> { parameters, vjp, rule: PhantomData });
    }
    fn boxed(&self) -> Box<dyn AnyRule> {
        Box::new(self.clone())
    }
}

/// Computes the terms of the edges to one target.
struct Pre<'a, T> {
    terms: Terms<'a>,
    out: &'a mut [f64],
    rule: PhantomData<T>,
}

impl<T: CouplingKernel> LaneJob for Pre<'_, T> {
    type Output = ();

    /// Lanes are edges or, in a batch, the runs of one edge.
    #[inline(always)]
    fn run<R: Lane>(self) {
        let Terms { parameters, columns, receiver, receiving, sending } = self.terms;
        let mut values = T::RuleParameters::<R>::splat(R::splat(0.0));
        for (row, value) in values.as_mut().iter_mut().enumerate() {
            *value = splat_or_load(&parameters[row * columns + receiver..][..receiving.len()]);
        }
        let receiving = T::Coupled::<R>::splat(splat_or_load(receiving));
        for at in block_starts::<R>(sending.len()) {
            let sending = T::Coupled::<R>::splat(R::load_partial(&sending[at..]));
            T::pre(receiving, sending, values).store_partial(&mut self.out[at..]);
        }
    }
}

/// Computes the coupling inputs of all targets.
struct Post<'a, T> {
    parameters: &'a [f64],
    sums: &'a [f64],
    out: &'a mut [f64],
    rule: PhantomData<T>,
}

impl<T: CouplingKernel> LaneJob for Post<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let nodes = self.sums.len();
        for first in block_starts::<R>(nodes) {
            let parameters: T::RuleParameters<R> = NodeBlock { nodes, first }.load(self.parameters);
            let post = T::post(R::load_partial(&self.sums[first..]), R::splat(1.0), parameters);
            post.store_partial(&mut self.out[first..]);
        }
    }
}

/// Takes the vector-Jacobian product of the coupling inputs of all targets.
struct PostVjpOfAll<'a, T> {
    parameters: &'a [f64],
    vjp: PostVjp<'a>,
    rule: PhantomData<T>,
}

impl<T: CouplingKernel> LaneJob for PostVjpOfAll<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let PostVjp { sums, adjoint, sums_adjoint, parameters_adjoint } = self.vjp;
        let nodes = sums.len();
        // Not by `block_starts`, whose blocks overlap.
        for first in (0..nodes).step_by(R::WIDTH) {
            let block = NodeBlock { nodes, first };
            let parameters: T::RuleParameters<R> = block.load(self.parameters);
            let (sum, given) = (R::load_partial(&sums[first..]), R::load_partial(&adjoint[first..]));
            let (to_sum, to_parameters) = T::post_vjp(sum, R::splat(1.0), given, parameters);
            to_sum.store_partial(&mut sums_adjoint[first..]);
            block.accumulate(to_parameters, parameters_adjoint);
        }
    }
}

/// One value in all lanes, or one a lane.
#[inline(always)]
fn splat_or_load<R: Lane>(values: &[f64]) -> R {
    if let [value] = values { R::splat(*value) } else { R::load(values) }
}

/// A value as what the rule couples of a node.
fn coupled<T: CouplingKernel>(value: f64) -> T::Coupled<f64> {
    Array::from_fn(|_| value)
}

/// The parameters of one target.
fn parameters_of<T: CouplingKernel>(settings: &Settings, target: usize) -> T::RuleParameters<f64> {
    Array::from_fn(|i| match settings.values(i) {
        [value] => *value,
        values => values[target],
    })
}

impl<T: Rule> From<T> for Box<dyn AnyRule> {
    fn from(rule: T) -> Self {
        Box::new(rule)
    }
}

impl Clone for Box<dyn AnyRule> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}

impl fmt::Debug for dyn AnyRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings().fmt(f)
    }
}
