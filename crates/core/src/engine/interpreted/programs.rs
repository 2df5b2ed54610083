//! The programs of a node model, each made when it is first needed.

use std::fmt;
use std::sync::OnceLock;

use brainmass_spec::model::Model;
use brainmass_spec::tape::NodeTapes;

use super::equations::RecordedEquations;
use super::lower::{Lowered, Plain, lower, operands};
use super::recorded::{Recorded, record};
use super::tiles::Tiles;
use crate::real::Real;
use crate::real::program::{Operand, Place};
use crate::scheme::Scheme;
use crate::scheme::step::{Method, MethodJob, TakenStep, next_states};

/// The line that holds the time step, in programs that read it.
pub(super) const TIME_STEP: Operand = Operand::FIRST_LINE;

/// The programs of a node model.
///
/// The registers of each begin with what it is given, in the order of its documentation; its results follow in the order named there.
pub(super) struct NodePrograms {
    pub tapes: NodeTapes,
    /// The registers and coefficients that the program of a typical step uses at a node.
    footprint: usize,
    /// Program from parameters to coefficients.
    pub coefficients: Lowered,
    factors: OnceLock<Lowered>,
    observe: OnceLock<Lowered>,
    observe_vjp: OnceLock<Lowered>,
    rates: OnceLock<Lowered>,
    rates_vjp: OnceLock<Lowered>,
    /// Programs of a step, by scheme: without and with noise.
    steps: Vec<[OnceLock<Lowered>; 2]>,
    steps_vjp: Vec<[OnceLock<Lowered>; 2]>,
    /// The programs that compute at a single point.
    pub at_point: PointPrograms,
}

/// The programs that compute what a model is at a single point, on plain numbers: one for each tape of [`NodeTapes`] that is asked for there.
#[derive(Debug, Default)]
pub(super) struct PointPrograms {
    pub durations: Plain,
    pub coefficients: Plain,
    pub rates: Plain,
    pub diagonal: Plain,
    pub jacobian: Plain,
    pub observe: Plain,
    pub rates_vjp: Plain,
    pub diagonal_vjp: Plain,
    pub observe_vjp: Plain,
}

impl fmt::Debug for NodePrograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodePrograms").field("tapes", &self.tapes).finish_non_exhaustive()
    }
}

impl NodePrograms {
    /// Creates the programs of a checked model.
    pub fn new(model: &Model) -> Self {
        let tapes = NodeTapes::new(model);
        let by_scheme = || Scheme::ALL.iter().map(|_| Default::default()).collect();
        let coefficients = lower(&tapes.coefficients, &operands(Place::Tile, 0..tapes.parameters), &[]);
        let mut programs = Self {
            tapes,
            footprint: 0,
            coefficients,
            factors: OnceLock::new(),
            observe: OnceLock::new(),
            observe_vjp: OnceLock::new(),
            rates: OnceLock::new(),
            rates_vjp: OnceLock::new(),
            steps: by_scheme(),
            steps_vjp: by_scheme(),
            at_point: PointPrograms::default(),
        };
        programs.footprint = programs.step(Scheme::ExpEuler, false).program.tiles() + programs.rows();
        programs
    }

    /// The rows of prepared coefficients: coefficients, then the factors of exponential Euler.
    pub fn rows(&self) -> usize {
        self.tapes.n_coefficients() + self.tapes.states
    }

    /// The tiles of so many nodes. They are the same for every program, since all read the same coefficients.
    pub fn tiles(&self, nodes: usize) -> Tiles {
        Tiles::new(nodes, self.footprint)
    }

    /// The program from parameters to coefficients and factors of exponential Euler. It reads the time step.
    pub fn factors(&self) -> &Lowered {
        self.factors.get_or_init(|| {
            let tapes = &self.tapes;
            let count = tapes.parameters;
            let tape = record(|| {
                let parameters: Vec<Recorded> = (0..count).map(Recorded::argument).collect();
                let dt = Recorded::argument(count);
                let mut results = Recorded::call(&tapes.coefficients, &parameters);
                // The entries that are kept do not depend on states and inputs: any will do.
                let zero = Recorded::splat(0.0);
                let node = [vec![zero; tapes.states], results.clone(), vec![zero; tapes.inputs]].concat();
                let diagonal = Recorded::call(&tapes.rhs_diagonal, &node).split_off(tapes.states);
                for (is_constant, entry) in tapes.constant_diagonal.iter().zip(diagonal) {
                    results.push(if *is_constant { dt * (dt * entry).exprel(0) } else { zero });
                }
                results
            });
            let arguments = [operands(Place::Tile, 0..count), vec![TIME_STEP]].concat();
            lower(&tape, &arguments, &[])
        })
    }

    /// The program from states and inputs to observables.
    pub fn observe(&self) -> &Lowered {
        self.observe.get_or_init(|| lower(&self.tapes.observe, &self.node(0), &[]))
    }

    /// The program from states, inputs and adjoints of the observables to adjoints of states, parameters and inputs.
    pub fn observe_vjp(&self) -> &Lowered {
        let arguments = || self.node(self.tapes.observables);
        self.observe_vjp.get_or_init(|| lower(&self.tapes.observe_vjp, &arguments(), &[]))
    }

    /// The program from states and inputs to rates of change.
    pub fn rates(&self) -> &Lowered {
        self.rates.get_or_init(|| lower(&self.tapes.rhs, &self.node(0), &[]))
    }

    /// The program from states, inputs and adjoints of the rates to adjoints of states, parameters and inputs.
    pub fn rates_vjp(&self) -> &Lowered {
        let arguments = || self.node(self.tapes.states);
        self.rates_vjp.get_or_init(|| lower(&self.tapes.rhs_vjp, &arguments(), &[]))
    }

    /// The places of the arguments of a node's tapes: states, coefficients, inputs, and so many adjoints behind the inputs.
    fn node(&self, adjoints: usize) -> Vec<Operand> {
        let (states, registers) = (self.tapes.states, self.tapes.states + self.tapes.inputs);
        [
            operands(Place::Tile, 0..states),
            operands(Place::Coefficient, 0..self.tapes.n_coefficients()),
            operands(Place::Tile, states..registers),
            operands(Place::Tile, registers..registers + adjoints),
        ]
        .concat()
    }

    /// The program of a step, from states, inputs and noise to the states after it, which take the place of those before. It reads the time step.
    pub fn step(&self, scheme: Scheme, noise: bool) -> &Lowered {
        let record = || scheme.with_method(RecordStep { programs: self, noise });
        self.steps[index(scheme)][usize::from(noise)].get_or_init(record)
    }

    /// The program of a step's vector-Jacobian product, from states, inputs, noise and adjoints of the states after the step to the adjoints of
    /// states, inputs, parameters and noise. It reads the time step.
    pub fn step_vjp(&self, scheme: Scheme, noise: bool) -> &Lowered {
        let record = || scheme.with_method(RecordVjp { programs: self, noise });
        self.steps_vjp[index(scheme)][usize::from(noise)].get_or_init(record)
    }

    /// The places of the arguments of a recorded step: states, inputs, noise, coefficients, factors, the time step.
    fn step_places(&self, noise: bool) -> Vec<Operand> {
        let tapes = &self.tapes;
        let registers = tapes.states + tapes.inputs + if noise { tapes.states } else { 0 };
        [operands(Place::Tile, 0..registers), operands(Place::Coefficient, 0..self.rows()), vec![TIME_STEP]]
            .concat()
    }

    /// The arguments of a recorded step: its states, and the equations with all else.
    fn step_arguments(&self, noise: bool) -> (Vec<Recorded>, RecordedEquations<'_>) {
        let tapes = &self.tapes;
        let mut next = 0;
        let mut take = |count: usize| -> Vec<Recorded> {
            next += count;
            (next - count..next).map(Recorded::argument).collect()
        };
        let (states, inputs) = (take(tapes.states), take(tapes.inputs));
        let noise = if noise { Some(take(tapes.states)) } else { None };
        let (coefficients, factors) = (take(tapes.n_coefficients()), take(tapes.states));
        let dt = take(1)[0];
        (states, RecordedEquations { tapes, dt, coefficients, factors, inputs, noise })
    }
}

/// The place of a scheme in lists of them.
fn index(scheme: Scheme) -> usize {
    Scheme::ALL.iter().position(|other| *other == scheme).unwrap_or_default()
}

/// Records a step.
struct RecordStep<'a> {
    programs: &'a NodePrograms,
    noise: bool,
}

impl MethodJob for RecordStep<'_> {
    type Output = Lowered;

    fn run<M: Method>(self, settings: M::Settings) -> Lowered {
        let Self { programs, noise } = self;
        let tape = record(|| {
            let (states, equations) = programs.step_arguments(noise);
            next_states::<_, _, M>(settings, states, &equations)
        });
        lower(&tape, &programs.step_places(noise), &operands(Place::Tile, 0..programs.tapes.states))
    }
}

/// Records the vector-Jacobian product of a step.
struct RecordVjp<'a> {
    programs: &'a NodePrograms,
    noise: bool,
}

impl MethodJob for RecordVjp<'_> {
    type Output = Lowered;

    fn run<M: Method>(self, settings: M::Settings) -> Lowered {
        let Self { programs, noise } = self;
        let (states, inputs) = (programs.tapes.states, programs.tapes.inputs);
        let mut places = programs.step_places(noise);
        let first = places.len();
        let registers = states + inputs + if noise { states } else { 0 };
        places.extend(operands(Place::Tile, registers..registers + states));
        let tape = record(|| {
            let (before, equations) = programs.step_arguments(noise);
            let adjoint: Vec<Recorded> = (first..first + states).map(Recorded::argument).collect();
            let step = TakenStep { states: before, equations: &equations };
            let adjoints = M::vjp(settings, &step, adjoint);
            [adjoints.states, adjoints.inputs, adjoints.parameters, adjoints.noise].concat()
        });
        lower(&tape, &places, &[])
    }
}
