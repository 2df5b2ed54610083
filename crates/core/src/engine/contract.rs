//! The contract of engines: what a run asks of the equations of a model.

use super::FaultMask;
use crate::adjoints::Adjoints;
use crate::info::ModelInfo;
use crate::real::Simd;
use crate::scheme::Scheme;

/// The numbers of one step or of several.
#[derive(Debug)]
pub struct Step<'a> {
    /// Time step, ms.
    pub dt: f64,
    /// The number of nodes.
    pub nodes: usize,
    /// The number of steps that are made with the same inputs. With noise it is 1: noise is drawn for one step.
    pub steps: usize,
    /// States before the first step.
    pub states: &'a [f64],
    /// States after `steps` steps. If there is room for several arrays of states, each further one receives the states `steps` steps after
    /// those in the one before.
    pub next: &'a mut [f64],
    /// Coefficients as [`Engine::prepare`] returned them.
    pub coefficients: &'a [f64],
    /// Input ports, then delayed states.
    pub inputs: &'a [f64],
    /// The increment that noise adds to each state in the step; `None` without noise.
    pub noise: Option<&'a [f64]>,
}

/// The way in which the numbers of a run are computed. The threads change no bit; of the instruction sets see [`Simd`].
#[derive(Debug, Clone, Copy)]
pub struct Execution {
    /// The instruction set.
    pub simd: Simd,
    /// Whether the threads of the present pool share the work of large networks.
    pub parallel: bool,
}

/// Nodes at which observables or rates are evaluated.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The number of nodes.
    pub nodes: usize,
    /// States.
    pub states: &'a [f64],
    /// Coefficients as [`Engine::prepare`] returned them.
    pub coefficients: &'a [f64],
    /// Input ports, then delayed states.
    pub inputs: &'a [f64],
}

/// A step whose vector-Jacobian product is taken: what the step read, and adjoints.
#[derive(Debug)]
pub struct StepVjp<'a> {
    /// The instruction set to compute with.
    pub simd: Simd,
    /// Time step, ms.
    pub dt: f64,
    /// The number of nodes.
    pub nodes: usize,
    /// States before the step.
    pub states: &'a [f64],
    /// Coefficients that the step used, as [`Engine::prepare`] returned them.
    pub coefficients: &'a [f64],
    /// Input ports, then delayed states, that the step used.
    pub inputs: &'a [f64],
    /// The increment that noise added to each state; `None` without noise. It may be left out where [`Scheme::noise_rule`] says that the step does not see
    /// it and no state has bounds.
    pub noise: Option<&'a [f64]>,
    /// Adjoints of the states: those after the step on entry, those before it on return.
    pub adjoint: &'a mut [f64],
    /// Adjoints of the inputs, to which those of the step are added.
    pub inputs_adjoint: &'a mut [f64],
    /// Adjoints of the parameters, one row a parameter, to which those of the step are added.
    pub parameters_adjoint: &'a mut [f64],
    /// Adjoints of what noise added, to which those of the step are added; `None` where they are not wanted.
    pub noise_adjoint: Option<&'a mut [f64]>,
}

/// Observables or rates whose vector-Jacobian product is taken: where they were evaluated, and adjoints.
#[derive(Debug)]
pub struct ReadingVjp<'a> {
    /// The instruction set to compute with.
    pub simd: Simd,
    /// The nodes at which they were evaluated.
    pub reading: Reading<'a>,
    /// Adjoints of the observables or rates, one row each.
    pub adjoint: &'a [f64],
    /// Adjoints of the states, which are added to.
    pub states_adjoint: &'a mut [f64],
    /// Adjoints of the inputs, which are added to.
    pub inputs_adjoint: &'a mut [f64],
    /// Adjoints of the parameters, one row a parameter, which are added to.
    pub parameters_adjoint: &'a mut [f64],
}

/// The kinds of engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// Code that was generated from the model file and compiled.
    Compiled,
    /// An interpreter of the equations of the model file.
    Interpreted,
}

impl EngineKind {
    /// The name of the kind in small letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compiled => "compiled",
            Self::Interpreted => "interpreted",
        }
    }
}

/// The equations of a model and the schemes by which its nodes are stepped.
pub trait Engine: Send + Sync {
    /// The catalogue entry of the model.
    fn info(&self) -> &ModelInfo;

    /// The kind of engine. It changes no bit of a result.
    fn kind(&self) -> EngineKind;

    /// Computes the delays of a node in ms, one for each value that it reads with a delay, from one value a parameter.
    fn durations(&self, parameters: &[f64]) -> Vec<f64>;

    /// Computes what depends on parameters, scheme and time step alone, in the layout that the other functions read. `parameters` has a row of
    /// nodes for each parameter.
    fn prepare(&self, simd: Simd, scheme: Scheme, dt: f64, nodes: usize, parameters: &[f64]) -> Vec<f64>;

    /// Advances all nodes, projects them into their bounds after each step, and returns the fault mask of all states that it wrote.
    fn advance(&self, simd: Simd, scheme: Scheme, step: &mut Step) -> FaultMask;

    /// Computes the observables of all nodes, one row each, into `out`.
    fn observe(&self, simd: Simd, reading: &Reading, out: &mut [f64]);

    /// Vector-Jacobian product of a step of all nodes: from the adjoints of the states after it to those of all that it read. A state that was
    /// projected into its bounds depends on nothing.
    fn step_vjp(&self, scheme: Scheme, step: &mut StepVjp);

    /// Vector-Jacobian product of the observables of all nodes.
    fn observe_vjp(&self, job: &mut ReadingVjp);

    /// The rates of change at a point, per ms.
    fn rates_at(&self, point: &Point) -> Vec<f64>;

    /// The derivative of each rate at a point by its own state, per ms; values that the model holds over a step are constant in it.
    fn diagonal_at(&self, point: &Point) -> Vec<f64>;

    /// The derivatives of all rates by all states at a point, row by row: the entry of rate `i` and state `j` is at `i*states + j`.
    fn jacobian_at(&self, point: &Point) -> Vec<f64>;

    /// The observables at a point.
    fn observables_at(&self, point: &Point) -> Vec<f64>;

    /// Vector-Jacobian product at a point of the rates and, if its adjoint is given, of the diagonal.
    fn rates_vjp_at(&self, point: &Point, rates: &[f64], diagonal: Option<&[f64]>) -> PointAdjoints;

    /// Vector-Jacobian product of the observables at a point.
    fn observables_vjp_at(&self, point: &Point, observables: &[f64]) -> PointAdjoints;
}

/// One node: its states, parameters and inputs in the order of the catalogue entry, computed with in plain `f64`.
#[derive(Debug, Clone, Copy)]
pub struct Point<'a> {
    /// One value a state.
    pub states: &'a [f64],
    /// One value a parameter.
    pub parameters: &'a [f64],
    /// One value an input port, then one a delayed state.
    pub inputs: &'a [f64],
}

/// Adjoints of the states, parameters and inputs of a [`Point`].
pub type PointAdjoints = Adjoints<Vec<f64>, Vec<f64>, Vec<f64>>;
