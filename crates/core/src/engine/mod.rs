//! Steps: generated kernels applied to the nodes of a population, by whatever scheme.
//!
//! Everything here is written once, generic over the kernel, and compiled for each model; [`Engine`] is the one virtual call between a
//! run and the nodes of a step.

mod columns;
mod forward;
mod interaction;
mod reading;
mod reverse;

use std::marker::PhantomData;

use crate::info::ModelInfo;
use crate::kernel::{Adjoints, AdjointsOf, Array, Kernel};
use crate::real::{Lane, Simd};
use crate::scheme::Scheme;

pub use columns::{Columns, MEMBERS};
pub use interaction::{Inside, Interacting, Interaction, InteractionSettings, SumBack};
pub use reverse::{ObserveBack, StepBack};

use reading::{Observe, Prepare};

/// The numbers of some steps. Arrays are structures of arrays: value `i` of node `n` is at `i*nodes + n`. Members of a batch count as
/// further nodes.
#[derive(Debug)]
pub struct Step<'a> {
    /// Time step, ms.
    pub dt: f64,
    /// The number of nodes.
    pub nodes: usize,
    /// How many steps are made, all with the same inputs. Noise is for one step.
    pub steps: usize,
    /// States before the first step.
    pub states: &'a [f64],
    /// States after these steps; behind them, if there is more room, those after as many steps again, and so on.
    pub next: &'a mut [f64],
    /// Of [`Engine::prepare`].
    pub coefficients: &'a [f64],
    /// Input ports, then delayed states.
    pub inputs: &'a [f64],
    /// What noise adds to each state in this step, if there is any.
    pub noise: Option<&'a [f64]>,
}

/// How the numbers of a run are computed. The outcome does not depend on the threads.
#[derive(Debug, Clone, Copy)]
pub struct Execution {
    /// The instruction set.
    pub simd: Simd,
    /// Whether the threads of the present pool share large networks out.
    pub parallel: bool,
}

/// The nodes that a reading is about, with what their observables depend on; layouts as in [`Step`].
#[derive(Debug)]
pub struct Reading<'a> {
    /// The number of nodes.
    pub nodes: usize,
    /// States.
    pub states: &'a [f64],
    /// Of [`Engine::prepare`].
    pub coefficients: &'a [f64],
    /// As in [`Step`].
    pub inputs: &'a [f64],
}

/// Of the nodes modulo 8, which have a state that is no finite number. In a batch of eight these are the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults(pub u8);

impl Faults {
    /// Whether there are none.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether those at a place modulo 8 have one.
    pub fn has(self, place: usize) -> bool {
        self.0 >> (place % 8) & 1 == 1
    }

    /// Whether all have one.
    pub fn is_everything(self) -> bool {
        self.0 == u8::MAX
    }

    /// Those and others.
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    #[inline(always)]
    fn of<R: Lane>(check: R) -> Self {
        let mut lanes = [0.0; 8];
        check.store(&mut lanes);
        let mut faults = 0;
        for (lane, value) in lanes.iter().enumerate() {
            faults |= u8::from(!value.is_finite()) << lane;
        }
        Self(faults)
    }
}

/// A model's equations and schemes, behind one call a step.
pub trait Engine: Send + Sync {
    /// The model.
    fn info(&self) -> &'static ModelInfo;

    /// What depends on parameters, scheme and time step alone, in the layout that [`Engine::advance`] reads. `parameters` has a row of
    /// nodes for each parameter.
    fn prepare(&self, simd: Simd, scheme: Scheme, dt: f64, nodes: usize, parameters: &[f64]) -> Vec<f64>;

    /// Advances all nodes and projects them into their bounds after each step.
    fn advance(&self, simd: Simd, scheme: Scheme, step: &mut Step) -> Faults;

    /// Observables of all nodes.
    fn observe(&self, simd: Simd, reading: &Reading, out: &mut [f64]);

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

/// Where a block of lanes starts; the last one overlaps the one before it, so that it is full. Nothing a lane computes depends on
/// where it stands.
#[inline(always)]
pub fn blocks<R: Lane>(nodes: usize) -> impl Iterator<Item = usize> {
    let last = nodes.saturating_sub(R::WIDTH);
    (0..nodes).step_by(R::WIDTH).map(move |at| at.min(last))
}

/// A block of lanes in rows of nodes.
#[derive(Clone, Copy)]
pub struct Rows {
    pub nodes: usize,
    pub at: usize,
}

impl Rows {
    #[inline(always)]
    pub fn load<R: Lane, A: Array<R>>(self, from: &[f64]) -> A {
        let mut values = A::splat(R::splat(0.0));
        for row in 0..A::LEN {
            values.as_mut()[row] = R::load_partial(&from[row * self.nodes + self.at..(row + 1) * self.nodes]);
        }
        values
    }

    #[inline(always)]
    pub fn store<R: Lane, A: Array<R>>(self, values: A, to: &mut [f64]) {
        for row in 0..A::LEN {
            let to = &mut to[row * self.nodes + self.at..(row + 1) * self.nodes];
            values.as_ref()[row].store_partial(to);
        }
    }

    /// Adds to what is there. Not for [`blocks`], which overlap.
    #[inline(always)]
    pub fn add<R: Lane, A: Array<R>>(self, values: A, to: &mut [f64]) {
        for row in 0..A::LEN {
            let to = &mut to[row * self.nodes + self.at..(row + 1) * self.nodes];
            (R::load_partial(to) + values.as_ref()[row]).store_partial(to);
        }
    }
}

/// A block of lanes from where its numbers stand together.
#[inline(always)]
fn load_block<R: Lane, A: Array<R>>(from: &[f64]) -> A {
    let from = &from[..A::LEN * R::WIDTH];
    let mut values = A::splat(R::splat(0.0));
    for i in 0..A::LEN {
        values.as_mut()[i] = R::load(&from[i * R::WIDTH..]);
    }
    values
}

/// Nodes whose coefficients stand together, see [`Engine::prepare`].
const BLOCK: usize = 8;

/// The coefficients of the nodes from `at` on, as many as there are lanes, but for those of another block. The last block begins where
/// [`blocks`] has it begin.
#[inline(always)]
fn load_coefficients<K: Kernel, R: Lane>(from: &[f64], nodes: usize, at: usize) -> K::Coefficients<R> {
    let (count, states) = (<K::Coefficients<R> as Array<R>>::LEN, <K::States<R> as Array<R>>::LEN);
    let (index, first) = (at / BLOCK, (at / BLOCK * BLOCK).min(nodes.saturating_sub(BLOCK)));
    let block = &from[index * BLOCK * (count + states)..][..count * BLOCK];
    let mut values = K::Coefficients::splat(R::splat(0.0));
    for i in 0..count {
        values.as_mut()[i] = R::load_partial(&block[i * BLOCK + at - first..(i + 1) * BLOCK]);
    }
    values
}

/// See [`load_block`].
#[inline(always)]
fn store_block<R: Lane, A: Array<R>>(values: A, to: &mut [f64]) {
    let to = &mut to[..A::LEN * R::WIDTH];
    for i in 0..A::LEN {
        values.as_ref()[i].store(&mut to[i * R::WIDTH..]);
    }
}

type States<K> = <K as Kernel>::States<f64>;

impl<K: Kernel> Engine for Compiled<K> {
    fn info(&self) -> &'static ModelInfo {
        K::INFO
    }

    fn prepare(&self, simd: Simd, scheme: Scheme, dt: f64, nodes: usize, parameters: &[f64]) -> Vec<f64> {
        simd.run(Prepare::<K>::new(scheme, dt, nodes, parameters))
    }

    fn advance(&self, simd: Simd, scheme: Scheme, step: &mut Step) -> Faults {
        forward::advance::<K>(simd, scheme, step)
    }

    fn observe(&self, simd: Simd, reading: &Reading, out: &mut [f64]) {
        simd.run(Observe::<K>::new(reading, out));
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
