//! The inputs of nodes that do not come from projections: what fills a port in each step.

use ndarray::Array2;

use crate::network::Input;
use crate::network::input::Drive;
use crate::noise::{NoisePath, ProcessSite};
use crate::runtime::error::RunError;
use crate::runtime::time::steps_in_words;
use crate::stimulus::Player;
use crate::words::{Words, put};
use brainmass_core::engine::Columns;
use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::{Values, ValuesError};
use brainmass_core::shared::Text;

/// The first random stream of noise processes. White noise on states has the streams below.
const FIRST_STREAM: u32 = 1 << 31;

/// The sum of everything that drives a port, checked against the nodes and ready to fill it.
pub(crate) struct PortDrive {
    /// The index of the port.
    port: usize,
    name: Text,
    terms: Vec<DriveTerm>,
    /// The values that a term gives to the nodes of one run of a batch, before they are added to the columns of the runs.
    node_values: Vec<f64>,
}

/// A term of the sum.
enum DriveTerm {
    /// A constant of each node, the same in all runs of a batch; otherwise one list of constants for each run.
    Constant(Vec<Vec<f64>>),
    /// Rows of one value or of one a node, each held for `hold` steps.
    Series {
        rows: Array2<f64>,
        hold: usize,
    },
    Function(Drive),
    Stimulus(Player),
    /// One path of a noise process for all runs of a batch where these have the same seed; otherwise one for each run.
    Process(Vec<Box<dyn NoisePath>>),
}

/// A copy of the values that the noise processes of a drive carry from step to step.
pub(crate) struct DriveCheckpoint {
    /// The values of each path, in the order of terms and runs.
    paths: Vec<Vec<f64>>,
}

impl DriveCheckpoint {
    /// Adds the values to words.
    pub fn write(&self, words: &mut Vec<u64>) {
        self.paths.iter().for_each(|path| put(words, path));
    }

    /// Reads values that were added to words, as many as these are; `None` where that is not what they are.
    pub fn read(&self, words: &mut Words) -> Option<Self> {
        let path = |path: &Vec<f64>| words.numbers().filter(|numbers| numbers.len() == path.len());
        Some(Self { paths: self.paths.iter().map(path).collect::<Option<_>>()? })
    }

    /// The memory that it takes, bytes.
    pub fn bytes(&self) -> usize {
        self.paths.iter().map(|values| size_of_val(&values[..])).sum()
    }
}

/// The settings that the drives of a run share, and a count of its noise processes.
pub(crate) struct DriveContext<'a> {
    /// The time step, ms.
    pub dt: f64,
    /// The seed of each run of a batch, or of the run alone.
    pub seeds: &'a [u64],
    /// The number of noise processes so far. Each has a random stream of its own.
    pub processes: u32,
}

impl PortDrive {
    /// Creates a drive of a port without any terms.
    pub fn new(info: &ModelInfo, port: usize) -> Self {
        Self { port, name: info.inputs[port].name.clone(), terms: Vec::new(), node_values: Vec::new() }
    }

    /// Adds an input as a further term. The port is in `unit` and belongs to `nodes` nodes.
    ///
    /// # Errors
    ///
    /// The input has another shape or unit, is not finite, or has a number that its process or stimulus cannot take.
    pub fn add_input(
        &mut self,
        input: &Input,
        unit: &Text,
        nodes: usize,
        context: &mut DriveContext,
    ) -> Result<(), RunError> {
        let port = &self.name;
        self.terms.push(match input {
            Input::Constant(values) => DriveTerm::Constant(vec![constant(port, unit, nodes, values)?]),
            Input::Series { rows, hold } => series(port, nodes, rows, *hold)?,
            Input::Function(function) => DriveTerm::Function(function.clone()),
            Input::Stimulus(stimulus) => {
                let player = Player::new(stimulus, unit, nodes, context.dt);
                DriveTerm::Stimulus(
                    player
                        .map_err(|error| RunError::Stimulus { port: port.clone(), error: Box::new(error) })?,
                )
            }
            Input::Process(process) => {
                let (dt, stream) = (context.dt, FIRST_STREAM + context.processes);
                context.processes += 1;
                let start = |seed: &u64| process.start(&ProcessSite { nodes, unit, dt, seed: *seed, stream });
                let paths = distinct(context.seeds).iter().map(start).collect::<Result<_, _>>();
                DriveTerm::Process(
                    paths
                        .map_err(|error| RunError::Process { port: port.clone(), error: Box::new(error) })?,
                )
            }
            Input::Sum(inputs) => {
                return inputs.iter().try_for_each(|input| self.add_input(input, unit, nodes, context));
            }
        });
        Ok(())
    }

    /// Adds an input as a further term, with the constant that each run of a batch has in its place: where these differ, each run gets its own.
    ///
    /// # Errors
    ///
    /// As [`PortDrive::add_input`], for the input of any run.
    pub fn add_inputs(
        &mut self,
        inputs: &[&Input],
        unit: &Text,
        nodes: usize,
        context: &mut DriveContext,
    ) -> Result<(), RunError> {
        let constants = inputs.iter().map(|input| match input {
            Input::Constant(values) => Some(constant(&self.name, unit, nodes, values)),
            _ => None,
        });
        let constants: Option<Vec<Result<Vec<f64>, RunError>>> = constants.collect();
        match (constants, inputs) {
            (Some(constants), _) if constants.len() > 1 => {
                let mut constants = constants.into_iter().collect::<Result<Vec<_>, _>>()?;
                if constants.iter().all(|values| *values == constants[0]) {
                    constants.truncate(1);
                }
                self.terms.push(DriveTerm::Constant(constants));
                Ok(())
            }
            // Whatever is no constant is the same input in all runs.
            (_, [first, ..]) => self.add_input(first, unit, nodes, context),
            (_, []) => Ok(()),
        }
    }

    /// Reports a series that ends before so many steps are made.
    pub fn check_coverage(&self, steps: usize) -> Result<(), RunError> {
        for term in &self.terms {
            if let DriveTerm::Series { rows, hold } = term
                && rows.nrows().saturating_mul(*hold) < steps
            {
                return Err(RunError::InputShape {
                    port: self.name.clone(),
                    given: format!("{:?}", rows.dim()),
                    expected: format!("{} rows are needed for {steps} steps", steps.div_ceil(*hold)),
                });
            }
        }
        Ok(())
    }

    /// The index of the port.
    pub fn port(&self) -> usize {
        self.port
    }

    /// Whether it is the same in every step, so that the port is filled once.
    pub fn is_constant(&self) -> bool {
        self.terms.iter().all(|term| matches!(term, DriveTerm::Constant(_)))
    }

    /// Fills the port of all columns for the step after `step` steps, which begins at `time` ms. Noise goes on from call to call.
    ///
    /// # Errors
    ///
    /// A function gives a value that is not finite.
    pub fn fill(
        &mut self,
        step: usize,
        time: f64,
        columns: Columns,
        port: &mut [f64],
    ) -> Result<(), RunError> {
        let Columns { nodes, runs } = columns;
        port.fill(0.0);
        for term in &mut self.terms {
            if runs == 1 {
                term.add(&self.name, step, time, 0, port)?;
                continue;
            }
            let differs = term.differs_between_runs();
            for run in 0..if differs { runs } else { 1 } {
                self.node_values.clear();
                self.node_values.resize(nodes, 0.0);
                term.add(&self.name, step, time, run, &mut self.node_values)?;
                for (port, value) in port.chunks_exact_mut(runs).zip(&self.node_values) {
                    match differs {
                        true => port[run] += value,
                        false => port.iter_mut().for_each(|port| *port += value),
                    }
                }
            }
        }
        Ok(())
    }

    /// Copies the values that noise processes carry from step to step.
    pub fn save(&self) -> DriveCheckpoint {
        let paths = self.terms.iter().flat_map(DriveTerm::paths);
        DriveCheckpoint { paths: paths.map(|path| path.save()).collect() }
    }

    /// Goes back to where a checkpoint was made.
    pub fn restore(&mut self, checkpoint: &DriveCheckpoint) {
        let paths = self.terms.iter_mut().flat_map(|term| match term {
            DriveTerm::Process(paths) => &mut paths[..],
            _ => &mut [],
        });
        paths.zip(&checkpoint.paths).for_each(|(path, values)| path.restore(values));
    }
}

impl DriveTerm {
    /// Whether the runs of a batch get different values.
    fn differs_between_runs(&self) -> bool {
        match self {
            Self::Constant(values) => values.len() > 1,
            _ => self.paths().len() > 1,
        }
    }

    /// The paths of a noise process; none for another term.
    fn paths(&self) -> &[Box<dyn NoisePath>] {
        match self {
            Self::Process(paths) => paths,
            _ => &[],
        }
    }

    /// Adds the values of the step to those of the nodes of a run, given by its batch index.
    fn add(
        &mut self,
        name: &Text,
        step: usize,
        time: f64,
        run: usize,
        to: &mut [f64],
    ) -> Result<(), RunError> {
        match self {
            Self::Constant(values) => to.iter_mut().zip(&values[run]).for_each(|(to, value)| *to += *value),
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
                        return Err(RunError::InputNotFinite { port: name.clone(), given, step, node });
                    }
                    *to += given;
                }
            }
            Self::Stimulus(player) => player.add_to(step, to),
            Self::Process(paths) => paths[run].add_to(step as u64, to),
        }
        Ok(())
    }
}

/// The seeds of runs, or only the first of them where all are the same.
pub(crate) fn distinct(seeds: &[u64]) -> &[u64] {
    if seeds.iter().all(|seed| *seed == seeds[0]) { &seeds[..1] } else { seeds }
}

/// Checks a series against the nodes.
fn series(port: &Text, nodes: usize, rows: &Array2<f64>, hold: usize) -> Result<DriveTerm, RunError> {
    let (n_rows, width) = rows.dim();
    if (width != 1 && width != nodes) || n_rows == 0 || hold == 0 {
        let given = format!("({n_rows}, {width}), each row held for {}", steps_in_words(hold));
        let expected = format!("rows of 1 or {nodes} values are needed, held for at least one step");
        return Err(RunError::InputShape { port: port.clone(), given, expected });
    }
    match rows.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, node), &given)) => {
            Err(RunError::InputNotFinite { port: port.clone(), given, step: row * hold, node })
        }
        None => Ok(DriveTerm::Series { rows: rows.clone(), hold }),
    }
}

/// Converts a constant input to a value of each node in the unit of the port.
fn constant(port: &Text, unit: &Text, nodes: usize, values: &Values) -> Result<Vec<f64>, RunError> {
    values.per_node(unit, nodes).map_err(|error| match error {
        ValuesError::Unit { given, .. } => {
            RunError::InputUnit { port: port.clone(), expected: unit.clone(), given }
        }
        ValuesError::Length { given, .. } => {
            let expected = format!("one value or {nodes} are needed");
            RunError::InputShape { port: port.clone(), given: format!("({given})"), expected }
        }
        ValuesError::NotFinite { given, node } => {
            RunError::InputNotFinite { port: port.clone(), given, step: 0, node }
        }
    })
}
