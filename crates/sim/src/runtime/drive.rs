//! Inputs under way: what fills a port in each step.

use ndarray::Array2;

use crate::network::Input;
use crate::network::input::Drive;
use crate::noise::{Path, Site};
use crate::runtime::error::RunError;
use crate::stimulus::Player;
use brainmass_core::engine::Columns;
use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::{Values, ValuesError};

/// The first random stream of the processes; white noise on states has those below.
const FIRST_STREAM: u32 = 1 << 31;

/// What drives a port, checked against a population and ready to fill it.
pub(crate) struct Source {
    port: usize,
    name: &'static str,
    terms: Vec<Term>,
    /// What a term gives to the nodes of a batch, before it is given to the members.
    given: Vec<f64>,
}

/// What is added up.
enum Term {
    /// One value a node.
    Constant(Vec<f64>),
    Series {
        rows: Array2<f64>,
        hold: usize,
    },
    Function(Drive),
    Stimulus(Player),
    /// One for all members where they have the same seed, else one each.
    Process(Vec<Box<dyn Path>>),
}

/// What the sources of a run have in common.
pub(crate) struct Draws<'a> {
    pub dt: f64,
    /// The seed of each member.
    pub seeds: &'a [u64],
    /// Processes so far: each has a stream of its own.
    pub processes: u32,
}

impl Source {
    /// A port without anything that drives it yet.
    pub fn new(info: &'static ModelInfo, port: usize) -> Self {
        Self { port, name: info.inputs[port].name, terms: Vec::new(), given: Vec::new() }
    }

    /// Adds what an input gives to `nodes` nodes; the port is in `unit`.
    pub fn add(
        &mut self,
        input: &Input,
        unit: &'static str,
        nodes: usize,
        draws: &mut Draws,
    ) -> Result<(), RunError> {
        let port = self.name;
        self.terms.push(match input {
            Input::Constant(values) => Term::Constant(constant(port, unit, nodes, values)?),
            Input::Series { rows, hold } => series(port, nodes, rows, *hold)?,
            Input::Function(function) => Term::Function(function.clone()),
            Input::Stimulus(stimulus) => {
                let player = Player::new(stimulus, unit, nodes, draws.dt);
                Term::Stimulus(player.map_err(|error| RunError::Stimulus { port, error: Box::new(error) })?)
            }
            Input::Process(process) => {
                let stream = FIRST_STREAM + draws.processes;
                draws.processes += 1;
                let start =
                    |seed: &u64| process.start(&Site { nodes, unit, dt: draws.dt, seed: *seed, stream });
                let paths = distinct(draws.seeds).iter().map(start).collect::<Result<_, _>>();
                Term::Process(paths.map_err(|error| RunError::Process { port, error: Box::new(error) })?)
            }
            Input::Sum(terms) => return terms.iter().try_for_each(|term| self.add(term, unit, nodes, draws)),
        });
        Ok(())
    }

    /// Reports a series that ends before the run does.
    pub fn covers(&self, steps: usize) -> Result<(), RunError> {
        for term in &self.terms {
            if let Term::Series { rows, hold } = term
                && rows.nrows().saturating_mul(*hold) < steps
            {
                return Err(RunError::InputShape {
                    port: self.name,
                    given: format!("{:?}", rows.dim()),
                    expected: format!("{} rows are needed for {steps} steps", steps.div_ceil(*hold)),
                });
            }
        }
        Ok(())
    }

    /// The port that it drives.
    pub fn port(&self) -> usize {
        self.port
    }

    /// Whether it is the same in every step, so that the port is filled once.
    pub fn is_constant(&self) -> bool {
        self.terms.iter().all(|term| matches!(term, Term::Constant(_)))
    }

    /// Fills the port of all nodes and members for the step after `step` steps, at `time`. Noise goes on from call to call.
    pub fn fill(
        &mut self,
        step: usize,
        time: f64,
        columns: Columns,
        port: &mut [f64],
    ) -> Result<(), RunError> {
        let Columns { nodes, runs: members } = columns;
        port.fill(0.0);
        for term in &mut self.terms {
            if members == 1 {
                term.add(self.name, step, time, 0, port)?;
                continue;
            }
            let of_each = term.of_each_member();
            for member in 0..if of_each { members } else { 1 } {
                self.given.clear();
                self.given.resize(nodes, 0.0);
                term.add(self.name, step, time, member, &mut self.given)?;
                for (port, given) in port.chunks_exact_mut(members).zip(&self.given) {
                    match of_each {
                        true => port[member] += given,
                        false => port.iter_mut().for_each(|port| *port += given),
                    }
                }
            }
        }
        Ok(())
    }

    /// Shows every number that changes from step to step.
    pub fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        for term in &mut self.terms {
            if let Term::Process(paths) = term {
                paths.iter_mut().for_each(|path| path.visit(with));
            }
        }
    }
}

impl Term {
    /// Whether the members of a batch are given different values.
    fn of_each_member(&self) -> bool {
        matches!(self, Self::Process(paths) if paths.len() > 1)
    }

    /// Adds what it gives to the nodes of a member.
    fn add(
        &mut self,
        name: &'static str,
        step: usize,
        time: f64,
        member: usize,
        to: &mut [f64],
    ) -> Result<(), RunError> {
        match self {
            Self::Constant(values) => to.iter_mut().zip(values).for_each(|(to, value)| *to += *value),
            Self::Series { rows, hold } => {
                let row = rows.row(step / *hold);
                for (node, to) in to.iter_mut().enumerate() {
                    *to += row[if row.len() == 1 { 0 } else { node }];
                }
            }
            Self::Function(function) => {
                for (node, to) in to.iter_mut().enumerate() {
                    let given = function(step, time, node);
                    if !given.is_finite() {
                        return Err(RunError::InputNotFinite { port: name, given, step, node });
                    }
                    *to += given;
                }
            }
            Self::Stimulus(player) => player.add(time, to),
            Self::Process(paths) => paths[member].add(step as u64, to),
        }
        Ok(())
    }
}

/// One seed where all are the same.
pub(crate) fn distinct(seeds: &[u64]) -> &[u64] {
    if seeds.iter().all(|seed| *seed == seeds[0]) { &seeds[..1] } else { seeds }
}

fn series(port: &'static str, nodes: usize, rows: &Array2<f64>, hold: usize) -> Result<Term, RunError> {
    let (n_rows, width) = rows.dim();
    if (width != 1 && width != nodes) || n_rows == 0 || hold == 0 {
        let given = format!("({n_rows}, {width}), each row held for {hold} steps");
        let expected = format!("rows of 1 or {nodes} values are needed, held for at least one step");
        return Err(RunError::InputShape { port, given, expected });
    }
    match rows.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, node), &given)) => Err(RunError::InputNotFinite { port, given, step: row * hold, node }),
        None => Ok(Term::Series { rows: rows.clone(), hold }),
    }
}

fn constant(
    port: &'static str,
    unit: &'static str,
    nodes: usize,
    values: &Values,
) -> Result<Vec<f64>, RunError> {
    values.per_node(unit, nodes).map_err(|error| match error {
        ValuesError::Unit { given, .. } => RunError::InputUnit { port, expected: unit, given },
        ValuesError::Length { given, .. } => {
            let expected = format!("one value or {nodes} are needed");
            RunError::InputShape { port, given: format!("({given})"), expected }
        }
        ValuesError::NotFinite { given, node } => RunError::InputNotFinite { port, given, step: 0, node },
    })
}
