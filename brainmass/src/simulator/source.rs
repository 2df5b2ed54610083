//! Inputs under way: what fills a port in each step.

use ndarray::Array2;

use super::RunError;
use super::input::{Drive, Input};
use crate::info::ModelInfo;
use crate::noise::{Path, Site};
use crate::quantity::{Values, ValuesError};
use crate::stimulus::Player;

/// The first random stream of the processes; white noise on states has those below.
const FIRST_STREAM: u32 = 1 << 31;

/// What drives a port, checked against a population and ready to fill it.
pub(crate) struct Source {
    port: usize,
    name: &'static str,
    terms: Vec<Term>,
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
    Process(Box<dyn Path>),
}

/// What the sources of a run have in common.
pub(super) struct Draws {
    pub dt: f64,
    pub seed: u64,
    /// Processes so far: each has a stream of its own.
    pub processes: u32,
}

impl Source {
    /// A port without anything that drives it yet.
    pub fn new(info: &'static ModelInfo, port: usize) -> Self {
        Self { port, name: info.inputs[port].name, terms: Vec::new() }
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
                Term::Stimulus(player.map_err(|error| RunError::Stimulus { port, error })?)
            }
            Input::Process(process) => {
                let stream = FIRST_STREAM + draws.processes;
                draws.processes += 1;
                let site = Site { nodes, unit, dt: draws.dt, seed: draws.seed, stream };
                Term::Process(process.start(&site).map_err(|error| RunError::Process { port, error })?)
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

    /// Fills the port of all nodes for the step after `step` steps, at `time`. Noise goes on from call to call.
    pub fn fill(&mut self, step: usize, time: f64, port: &mut [f64]) -> Result<(), RunError> {
        port.fill(0.0);
        for term in &mut self.terms {
            match term {
                Term::Constant(values) => {
                    port.iter_mut().zip(values).for_each(|(port, value)| *port += *value)
                }
                Term::Series { rows, hold } => {
                    let row = rows.row(step / *hold);
                    for (node, port) in port.iter_mut().enumerate() {
                        *port += row[if row.len() == 1 { 0 } else { node }];
                    }
                }
                Term::Function(function) => {
                    for (node, port) in port.iter_mut().enumerate() {
                        let given = function(step, time, node);
                        if !given.is_finite() {
                            return Err(RunError::InputNotFinite { port: self.name, given, step, node });
                        }
                        *port += given;
                    }
                }
                Term::Stimulus(player) => player.add(time, port),
                Term::Process(path) => path.add(step as u64, port),
            }
        }
        Ok(())
    }
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
        ValuesError::Unit { given, .. } => {
            RunError::InputUnit { port, expected: unit, given: given.to_string() }
        }
        ValuesError::Length { given, .. } => {
            let expected = format!("one value or {nodes} are needed");
            RunError::InputShape { port, given: format!("({given})"), expected }
        }
        ValuesError::NotFinite { given, node } => RunError::InputNotFinite { port, given, step: 0, node },
    })
}
