//! Steps: generated kernels applied to the nodes of a population, by whatever scheme.
//!
//! Everything here is written once, generic over the kernel, and compiled for each model; [`Engine`] is the one virtual call between a
//! run and the nodes of a step.

mod forward;
mod interaction;
mod reverse;

use std::marker::PhantomData;

use crate::info::ModelInfo;
use crate::kernel::{Adjoints, AdjointsOf, Array, Kernel};
use crate::population::Population;
use crate::scheme::Scheme;

pub use interaction::{Interacting, Interaction};
pub use reverse::{ObserveBack, StepBack};

/// The numbers of a step. Arrays are structures of arrays: value `i` of node `n` is at `i*nodes + n`.
#[derive(Debug)]
pub struct Step<'a> {
    /// Time step, ms.
    pub dt: f64,
    /// The number of nodes.
    pub nodes: usize,
    /// States, advanced in place.
    pub states: &'a mut [f64],
    /// What depends on parameters alone, see [`Engine::prepare`].
    pub coefficients: &'a [f64],
    /// Input ports, then delayed states.
    pub inputs: &'a [f64],
    /// What noise adds to each state in this step, if there is any.
    pub noise: Option<&'a [f64]>,
}

/// A model's equations and schemes, behind one call a step.
pub trait Engine: Send + Sync {
    /// The model.
    fn info(&self) -> &'static ModelInfo;

    /// The number of coefficients of a node.
    fn n_coefficients(&self) -> usize;

    /// Coefficients of all nodes, from their parameters.
    fn prepare(&self, population: &Population) -> Vec<f64>;

    /// Advances all nodes by one step, and projects them into their bounds.
    fn advance(&self, scheme: Scheme, step: &mut Step);

    /// Observables of all nodes.
    fn observe(&self, nodes: usize, states: &[f64], coefficients: &[f64], inputs: &[f64], out: &mut [f64]);

    /// Takes a step of all nodes back: from adjoints of the states after it to those of all that it read. A state that was projected into
    /// its bounds depends on nothing.
    fn take_back(&self, scheme: Scheme, step: &mut StepBack);

    /// From adjoints of the observables of all nodes to those of what they were computed from.
    fn observe_back(&self, job: &mut ObserveBack);

    /// Rates of change at a point, per ms.
    fn rates_at(&self, point: &Point) -> Vec<f64>;

    /// Of each rate at a point, the derivative by its own state; values that the model holds over a step are constant in it.
    fn diagonal_at(&self, point: &Point) -> Vec<f64>;

    /// Derivatives of all rates by all states at a point, row by row.
    fn jacobian_at(&self, point: &Point) -> Vec<f64>;

    /// Observables at a point.
    fn observables_at(&self, point: &Point) -> Vec<f64>;

    /// What adjoints of the rates, and of the diagonal if given, give to states, parameters and inputs of a point.
    fn rates_vjp_at(&self, point: &Point, rates: &[f64], diagonal: Option<&[f64]>) -> PointAdjoints;

    /// What adjoints of the observables give to states, parameters and inputs of a point.
    fn observables_vjp_at(&self, point: &Point, observables: &[f64]) -> PointAdjoints;
}

/// One node: its states, parameters and inputs (delayed states behind the ports), in the order of the catalogue entry.
#[derive(Debug, Clone, Copy)]
pub struct Point<'a> {
    /// One value a state.
    pub states: &'a [f64],
    /// One value a parameter.
    pub parameters: &'a [f64],
    /// One value an input port, then one a delayed state.
    pub inputs: &'a [f64],
}

/// Adjoints of a point.
pub type PointAdjoints = Adjoints<Vec<f64>, Vec<f64>, Vec<f64>>;

/// The engine of a compiled kernel.
#[derive(Debug)]
pub struct Compiled<K>(PhantomData<K>);

impl<K> Compiled<K> {
    /// It holds nothing.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K> Default for Compiled<K> {
    fn default() -> Self {
        Self::new()
    }
}

#[inline(always)]
fn load<A: Array<f64>>(from: &[f64], nodes: usize, node: usize) -> A {
    A::from_fn(|i| from[i * nodes + node])
}

#[inline(always)]
fn store<A: Array<f64>>(values: A, to: &mut [f64], nodes: usize, node: usize) {
    for (i, value) in values.as_ref().iter().enumerate() {
        to[i * nodes + node] = *value;
    }
}

type States<K> = <K as Kernel>::States<f64>;

impl<K: Kernel> Engine for Compiled<K> {
    fn info(&self) -> &'static ModelInfo {
        K::INFO
    }

    fn n_coefficients(&self) -> usize {
        <K::Coefficients<f64> as Array<f64>>::LEN
    }

    fn prepare(&self, population: &Population) -> Vec<f64> {
        let nodes = population.nodes();
        let mut out = vec![0.0; nodes * self.n_coefficients()];
        for node in 0..nodes {
            let parameters = K::Parameters::<f64>::from_fn(|i| population.parameter_at(i, node));
            store(K::coefficients(parameters), &mut out, nodes, node);
        }
        out
    }

    fn advance(&self, scheme: Scheme, step: &mut Step) {
        forward::advance::<K>(scheme, step);
    }

    fn observe(&self, nodes: usize, states: &[f64], coefficients: &[f64], inputs: &[f64], out: &mut [f64]) {
        forward::observe::<K>(nodes, states, coefficients, inputs, out);
    }

    fn take_back(&self, scheme: Scheme, step: &mut StepBack) {
        reverse::take_back::<K>(scheme, step);
    }

    fn observe_back(&self, job: &mut ObserveBack) {
        reverse::observe_back::<K>(job);
    }

    fn rates_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = take::<K>(point);
        K::rhs(x, c, u).as_ref().to_vec()
    }

    fn diagonal_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = take::<K>(point);
        K::rhs_diagonal(x, c, u).1.as_ref().to_vec()
    }

    fn jacobian_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = take::<K>(point);
        K::jacobian(x, c, u).as_ref().iter().flat_map(|row| row.as_ref().to_vec()).collect()
    }

    fn observables_at(&self, point: &Point) -> Vec<f64> {
        let (x, c, u) = take::<K>(point);
        K::observe(x, c, u).as_ref().to_vec()
    }

    fn rates_vjp_at(&self, point: &Point, rates: &[f64], diagonal: Option<&[f64]>) -> PointAdjoints {
        let (x, c, u) = take::<K>(point);
        let rates = States::<K>::from_fn(|i| rates[i]);
        give::<K>(match diagonal {
            None => K::rhs_vjp(x, c, u, rates),
            Some(diagonal) => K::rhs_diagonal_vjp(x, c, u, rates, States::<K>::from_fn(|i| diagonal[i])),
        })
    }

    fn observables_vjp_at(&self, point: &Point, observables: &[f64]) -> PointAdjoints {
        let (x, c, u) = take::<K>(point);
        give::<K>(K::observe_vjp(x, c, u, K::Observables::<f64>::from_fn(|i| observables[i])))
    }
}

fn take<K: Kernel>(point: &Point) -> (States<K>, K::Coefficients<f64>, K::Inputs<f64>) {
    let parameters = K::Parameters::<f64>::from_fn(|i| point.parameters[i]);
    (
        States::<K>::from_fn(|i| point.states[i]),
        K::coefficients(parameters),
        K::Inputs::<f64>::from_fn(|i| point.inputs[i]),
    )
}

fn give<K: Kernel>(adjoints: AdjointsOf<K, f64>) -> PointAdjoints {
    Adjoints {
        states: adjoints.states.as_ref().to_vec(),
        parameters: adjoints.parameters.as_ref().to_vec(),
        inputs: adjoints.inputs.as_ref().to_vec(),
    }
}
