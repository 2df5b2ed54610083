//! Coupling rules whose type is known only at run time.

use std::fmt;
use std::marker::PhantomData;

use super::rule::{Rule, Settings};
use crate::engine::{Rows, blocks};
use crate::info::ModelInfo;
use crate::kernel::{Array, CouplingKernel, Form};
use crate::real::{Lane, LaneJob, Simd};

/// The connections to a receiver. Members of a batch stand side by side: node `n` of member `m` is in column `n*members + m`.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// A row of columns for each parameter of the rule.
    pub parameters: &'a [f64],
    /// The number of columns.
    pub columns: usize,
    /// The first column of the receiver.
    pub receiver: usize,
    /// What the receiver holds: one value, or one for each of eight members.
    pub receiving: &'a [f64],
    /// What is sent: for each connection a value for each member.
    pub sending: &'a [f64],
}

/// What a rule made of the sums of all receivers, to be taken back.
#[derive(Debug)]
pub struct PostBack<'a> {
    /// The weighted sums.
    pub sums: &'a [f64],
    /// Of what was made of them.
    pub adjoint: &'a [f64],
    /// Of the sums.
    pub sums_adjoint: &'a mut [f64],
    /// Of the parameters, a row of receivers for each; added to.
    pub parameters_adjoint: &'a mut [f64],
}

/// The parameters of a rule, or those of the members of a batch side by side, as rows of columns.
pub fn rule_rows(rules: &[&dyn AnyRule], targets: usize) -> Vec<f64> {
    let value = |parameter: usize, node: usize, rule: &dyn AnyRule| match rule.settings().values(parameter) {
        [value] => *value,
        values => values[node],
    };
    let of_node = |parameter, node| rules.iter().map(move |rule| value(parameter, node, *rule));
    let row = |parameter| (0..targets).flat_map(move |node| of_node(parameter, node));
    (0..rules[0].info().parameters.len()).flat_map(row).collect()
}

/// A coupling rule of any type.
pub trait AnyRule: Send + Sync {
    /// The rule's catalogue entry.
    fn info(&self) -> &'static ModelInfo;
    /// Its parameters.
    fn settings(&self) -> &Settings;
    /// Its parameters, to be changed.
    fn settings_mut(&mut self) -> &mut Settings;
    /// What its term depends on. A term of the source's value and of parameters that differ from receiver to receiver is one of a pair.
    fn form(&self) -> Form;
    /// Whether the graph Laplacian takes the place of the weights.
    fn laplacian(&self) -> bool;
    /// The terms of connections to a receiver: `pre` of each source value, without the weights.
    fn pre(&self, simd: Simd, terms: Terms, out: &mut [f64]);
    /// What is made of the weighted sums of all receivers. `parameters` has a row of columns for each parameter, see [`Terms`].
    fn post(&self, simd: Simd, parameters: &[f64], sums: &[f64], out: &mut [f64]);
    /// What adjoints of the terms of a run of connections give: to each source value; to the parameters of receiver `node`, added; and
    /// to the receiving value, returned.
    fn pre_back(
        &self,
        node: usize,
        receiving: f64,
        sending: &[f64],
        adjoints: &[f64],
        to_sending: &mut [f64],
        to_parameters: &mut [f64],
    ) -> f64;
    /// What adjoints of what is made of the sums of all receivers of a run alone give to these sums, and to the parameters: added, in
    /// rows like `parameters`.
    fn post_back(&self, simd: Simd, parameters: &[f64], back: PostBack);
    /// A copy.
    fn boxed(&self) -> Box<dyn AnyRule>;
}

impl<T: Rule> AnyRule for T {
    fn info(&self) -> &'static ModelInfo {
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
    fn pre(&self, simd: Simd, terms: Terms, out: &mut [f64]) {
        simd.run(Pre::<T> { terms, out, rule: PhantomData });
    }
    fn post(&self, simd: Simd, parameters: &[f64], sums: &[f64], out: &mut [f64]) {
        simd.run(Post::<T> { parameters, sums, out, rule: PhantomData });
    }
    fn pre_back(
        &self,
        node: usize,
        receiving: f64,
        sending: &[f64],
        adjoints: &[f64],
        to_sending: &mut [f64],
        to_parameters: &mut [f64],
    ) -> f64 {
        let parameters = parameters_of::<T>(Rule::settings(self), node);
        let receiving = one::<T>(receiving);
        let mut to_receiving = 0.0;
        for ((to_sending, value), adjoint) in to_sending.iter_mut().zip(sending).zip(adjoints) {
            let (receiver, sender, rule) = T::pre_vjp(*adjoint, receiving, one::<T>(*value), parameters);
            to_receiving += receiver.as_ref()[0];
            *to_sending = sender.as_ref()[0];
            to_parameters.iter_mut().zip(rule.as_ref()).for_each(|(sum, part)| *sum += part);
        }
        to_receiving
    }
    fn post_back(&self, simd: Simd, parameters: &[f64], back: PostBack) {
        simd.run_compact(TakePostBack::<T> { parameters, back, rule: PhantomData });
    }
    fn boxed(&self) -> Box<dyn AnyRule> {
        Box::new(self.clone())
    }
}

struct Pre<'a, T> {
    terms: Terms<'a>,
    out: &'a mut [f64],
    rule: PhantomData<T>,
}

impl<T: CouplingKernel> LaneJob for Pre<'_, T> {
    type Output = ();

    /// Lanes are connections, or the members of one.
    #[inline(always)]
    fn run<R: Lane>(self) {
        let Terms { parameters, columns, receiver, receiving, sending } = self.terms;
        let mut values = T::RuleParameters::<R>::splat(R::splat(0.0));
        for (row, value) in values.as_mut().iter_mut().enumerate() {
            *value = spread(&parameters[row * columns + receiver..][..receiving.len()]);
        }
        let receiving = T::Coupled::<R>::splat(spread(receiving));
        for at in blocks::<R>(sending.len()) {
            let sending = T::Coupled::<R>::splat(R::load_partial(&sending[at..]));
            T::pre(receiving, sending, values).store_partial(&mut self.out[at..]);
        }
    }
}

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
        for at in blocks::<R>(nodes) {
            let parameters: T::RuleParameters<R> = Rows { nodes, at }.load(self.parameters);
            let post = T::post(R::load_partial(&self.sums[at..]), R::splat(1.0), parameters);
            post.store_partial(&mut self.out[at..]);
        }
    }
}

struct TakePostBack<'a, T> {
    parameters: &'a [f64],
    back: PostBack<'a>,
    rule: PhantomData<T>,
}

impl<T: CouplingKernel> LaneJob for TakePostBack<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<R: Lane>(self) {
        let PostBack { sums, adjoint, sums_adjoint, parameters_adjoint } = self.back;
        let nodes = sums.len();
        // Not by `blocks`, which overlap.
        for at in (0..nodes).step_by(R::WIDTH) {
            let rows = Rows { nodes, at };
            let parameters: T::RuleParameters<R> = rows.load(self.parameters);
            let (sum, given) = (R::load_partial(&sums[at..]), R::load_partial(&adjoint[at..]));
            let (to_sum, to_parameters) = T::post_vjp(sum, R::splat(1.0), given, parameters);
            to_sum.store_partial(&mut sums_adjoint[at..]);
            rows.add(to_parameters, parameters_adjoint);
        }
    }
}

/// One value in all lanes, or one a lane.
#[inline(always)]
fn spread<R: Lane>(values: &[f64]) -> R {
    if let [value] = values { R::splat(*value) } else { R::load(values) }
}

fn one<T: CouplingKernel>(value: f64) -> T::Coupled<f64> {
    Array::from_fn(|_| value)
}

fn parameters_of<T: CouplingKernel>(settings: &Settings, node: usize) -> T::RuleParameters<f64> {
    Array::from_fn(|i| match settings.values(i) {
        [value] => *value,
        values => values[node],
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
