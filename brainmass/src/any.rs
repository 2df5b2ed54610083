//! Models and rules whose type is known only at run time.

use std::fmt;

use crate::coupling::{Rule, Settings};
use crate::engine::{Compiled, Engine, Interacting, Interaction};
use crate::info::ModelInfo;
use crate::kernel::{CouplingKernel, Form};
use crate::population::{Model, Population};

/// A population of any model.
pub trait AnyModel: Send + Sync {
    /// Its nodes.
    fn population(&self) -> &Population;
    /// Its nodes, to be changed.
    fn population_mut(&mut self) -> &mut Population;
    /// Its equations and schemes.
    fn engine(&self) -> &'static dyn Engine;
    /// Its interaction inside, where it has one.
    fn interaction(&self) -> Option<&'static dyn Interaction>;
    /// A copy.
    fn boxed(&self) -> Box<dyn AnyModel>;
}

impl<M: Model> AnyModel for M {
    fn population(&self) -> &Population {
        Model::population(self)
    }
    fn population_mut(&mut self) -> &mut Population {
        Model::population_mut(self)
    }
    fn engine(&self) -> &'static dyn Engine {
        const { &Compiled::<M>::new() }
    }
    fn interaction(&self) -> Option<&'static dyn Interaction> {
        M::INTERACTION
    }
    fn boxed(&self) -> Box<dyn AnyModel> {
        Box::new(self.clone())
    }
}

impl<M: Model> From<M> for Box<dyn AnyModel> {
    fn from(model: M) -> Self {
        Box::new(model)
    }
}

impl Clone for Box<dyn AnyModel> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}

impl fmt::Debug for dyn AnyModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.population().fmt(f)
    }
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
    /// The terms of a run of connections to receiver `node`: `pre` of each source value, without the weights.
    fn pre(&self, node: usize, receiving: f64, sending: &[f64], out: &mut [f64]);
    /// What is made of the weighted sums of receivers 0, 1, ...
    fn post(&self, sums: &[f64], out: &mut [f64]);
    /// The derivatives of a term by the receiving value, the sending value and the parameters.
    fn pre_gradient(&self, node: usize, receiving: f64, sending: f64) -> (f64, f64, Vec<f64>);
    /// The derivatives of what is made of a sum, by the sum and the parameters.
    fn post_gradient(&self, node: usize, sum: f64) -> (f64, Vec<f64>);
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
    fn pre(&self, node: usize, receiving: f64, sending: &[f64], out: &mut [f64]) {
        let parameters = parameters_of::<T>(Rule::settings(self), node);
        let receiving = one::<T>(receiving);
        for (term, value) in out.iter_mut().zip(sending) {
            *term = T::pre(receiving, one::<T>(*value), parameters);
        }
    }
    fn post(&self, sums: &[f64], out: &mut [f64]) {
        for (node, (value, sum)) in out.iter_mut().zip(sums).enumerate() {
            *value = T::post(*sum, 1.0, parameters_of::<T>(Rule::settings(self), node));
        }
    }
    fn pre_gradient(&self, node: usize, receiving: f64, sending: f64) -> (f64, f64, Vec<f64>) {
        let parameters = parameters_of::<T>(Rule::settings(self), node);
        let (to_receiving, to_sending, to_parameters) =
            T::pre_vjp(1.0, one::<T>(receiving), one::<T>(sending), parameters);
        (to_receiving.as_ref()[0], to_sending.as_ref()[0], to_parameters.as_ref().to_vec())
    }
    fn post_gradient(&self, node: usize, sum: f64) -> (f64, Vec<f64>) {
        let parameters = parameters_of::<T>(Rule::settings(self), node);
        let (to_sum, to_parameters) = T::post_vjp(sum, 1.0, 1.0, parameters);
        (to_sum, to_parameters.as_ref().to_vec())
    }
    fn boxed(&self) -> Box<dyn AnyRule> {
        Box::new(self.clone())
    }
}

fn one<T: CouplingKernel>(value: f64) -> T::Coupled<f64> {
    crate::kernel::Array::from_fn(|_| value)
}

fn parameters_of<T: CouplingKernel>(settings: &Settings, node: usize) -> T::RuleParameters<f64> {
    crate::kernel::Array::from_fn(|i| match settings.values(i) {
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

/// The interaction of a model that couples its own nodes.
pub const fn interaction_of<K: CouplingKernel>() -> Option<&'static dyn Interaction> {
    Some(const { &Interacting::<K>::new() })
}
