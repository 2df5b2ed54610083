//! Models and interactions whose type is known only at run time.

use std::fmt;

use crate::engine::{Compiled, CompiledInteraction, Engine, Interaction};
use crate::kernel::{CouplingKernel, Kernel};
use crate::population::{Model, Population};

/// The nodes of any model, behind a pointer.
pub trait AnyModel: Send + Sync {
    /// The nodes: parameters, initial states, noise.
    fn population(&self) -> &Population;
    /// The nodes, to be changed.
    fn population_mut(&mut self) -> &mut Population;
    /// The equations of the model, and the schemes by which they are stepped.
    fn engine(&self) -> &'static dyn Engine;
    /// The interaction inside the model; `None` for a model whose nodes do not interact.
    fn interaction(&self) -> Option<&'static dyn Interaction>;
    /// A copy behind a pointer of its own.
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

/// The engine of a compiled kernel: one for the whole program.
pub fn engine_of<K: Kernel>() -> &'static dyn Engine {
    const { &Compiled::<K>::new() }
}

/// The interaction of a compiled model that couples its own nodes: one for the whole program.
pub fn interaction_of<K: Kernel + CouplingKernel>() -> Option<&'static dyn Interaction> {
    Some(const { &CompiledInteraction::<K>::new() })
}
