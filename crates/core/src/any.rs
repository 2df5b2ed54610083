//! Models whose type is known only at run time.

use std::fmt;

use crate::engine::{Compiled, Engine, Interacting, Interaction};
use crate::kernel::{CouplingKernel, Kernel};
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
        M::engine()
    }
    fn interaction(&self) -> Option<&'static dyn Interaction> {
        M::interaction()
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

/// The engine of a model.
pub fn engine_of<K: Kernel>() -> &'static dyn Engine {
    const { &Compiled::<K>::new() }
}

/// The interaction of a model that couples its own nodes.
pub fn interaction_of<K: CouplingKernel>() -> Option<&'static dyn Interaction> {
    Some(const { &Interacting::<K>::new() })
}
