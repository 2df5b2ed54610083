//! Experiment files: a run written down, so that the command line, other programs and papers repeat it exactly.
//!
//! ```yaml
//! title: Ninety regions on a connectome
//! model: HopfStep
//! connectome: {name: synthetic_90, normalize: row_sum}
//! parameters: {a: 0.02 /ms, w: {uniform: [0.05 rad/ms, 0.075 rad/ms], seed: 1}}
//! coupling: {rule: Diffusive, from: x, k: 0.04, speed: 10 mm/ms}
//! noise: {x: 0.004, y: 0.004}
//! dt: 0.5 ms
//! duration: 3 s
//! transient: 1 s
//! record: x
//! output: run.npz
//! plot: run.png
//! ```
//!
//! `docs/experiment-files.md` defines the format, and `experiments/` has examples. Numbers may carry their unit, which is checked against
//! the declared one; plain numbers are in the declared unit, times in ms. Paths are relative to the file. All mistakes are reported at
//! once, with their places.
//!
//! Each section is read by one file of this module, which takes its keys out of the [`Fields`](brainmass_spec::fields::Fields). A key that
//! nothing takes is an error, so that no file can say what is not done.

mod array_file;
mod connectome;
#[cfg(feature = "fit")]
mod fit;
mod groups;
mod inputs;
mod interaction;
mod noise;
mod numbers;
mod observe;
mod output;
mod parameters;
mod projections;
mod read;
mod record;
mod timing;

use std::path::{Path, PathBuf};

use brainmass_spec::problem::{Problem, Problems, Report};
use brainmass_spec::source::{MAX_BYTES, Source};
use brainmass_spec::yaml::{self, Node};
use thiserror::Error;

#[cfg(feature = "fit")]
pub use fit::FitPlan;
pub use observe::Observed;

use brainmass_core::scheme::Scheme;
use brainmass_data::io::read_file;
use brainmass_sim::network::Network;
use brainmass_sim::simulator::{Input, Run, RunError, Simulator};

/// A run as a file describes it, checked and ready.
///
/// ```
/// use brainmass::Experiment;
///
/// let experiment = Experiment::read(
///     "hopf.yaml",
///     "{model: HopfStep, nodes: 2, initial: {x: [0.1, 0.2]}, duration: 30 ms, record: [x, radius]}",
/// )?;
/// assert_eq!(experiment.run().unwrap()["radius"].dim(), (300, 2));
///
/// let report = Experiment::read("bad.yaml", "{model: HopfStep, parameters: {b: 1}, duration: 30 mV}").unwrap_err();
/// assert_eq!(report.problems().len(), 2);
/// # Ok::<(), brainmass_spec::Report>(())
/// ```
#[derive(Debug, Clone)]
pub struct Experiment {
    /// What it is called.
    pub title: Option<String>,
    /// The nodes with their parameters, initial states and noise, and the projections between them.
    pub network: Network,
    /// The names of the regions, where there is a connectome.
    pub labels: Vec<String>,
    /// What drives which port.
    pub inputs: Vec<(String, Input)>,
    /// The scheme; the model's own if none is given.
    pub scheme: Option<Scheme>,
    /// When it starts to record, how long it runs, in which steps.
    pub timing: Timing,
    /// Names of records and the signals that they hold; the model's output if there are none.
    pub records: Vec<(String, String)>,
    /// Instruments that watch the run.
    pub observed: Vec<Observed>,
    /// Whether a row is the mean over its stride.
    pub average: bool,
    /// The seed of the noise.
    pub seed: u64,
    /// Files to write the run to.
    pub output: Vec<PathBuf>,
    /// The figure to draw.
    pub plot: Option<PathBuf>,
    /// What is fitted to what.
    #[cfg(feature = "fit")]
    pub fit: Option<FitPlan>,
}

/// The times of an experiment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Time step, ms.
    pub dt: f64,
    /// Time run, ms; the transient is a part of it.
    pub duration: f64,
    /// Time at the start that is not recorded, ms.
    pub transient: f64,
    /// Steps from one recorded row to the next.
    pub every: usize,
}

/// Why an experiment file cannot be used.
#[derive(Debug, Error)]
pub enum ExperimentError {
    /// The file cannot be read.
    #[error("`{path}` {source}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        source: Box<brainmass_data::io::Problem>,
    },
    /// It has mistakes.
    #[error(transparent)]
    Mistakes(#[from] Report),
}

impl Experiment {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has mistakes: all of them.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ExperimentError> {
        Ok(Self::of(&tree(path)?)?)
    }

    /// Reads the text of a file; `name` is what messages call it, and paths in the text are relative to its folder.
    ///
    /// # Errors
    ///
    /// All the mistakes in it.
    pub fn read(name: &str, text: &str) -> Result<Self, Report> {
        let root = yaml::parse(&Source::new(name, text)).map_err(Report::from)?;
        Self::of(&root)
    }

    /// Reads a tree, which may have been put together from several sources.
    ///
    /// # Errors
    ///
    /// All the mistakes in it.
    pub fn of(root: &Node) -> Result<Self, Report> {
        let mut problems = Problems::default();
        let experiment = read::experiment(root, &mut problems);
        let experiment = problems.finish(experiment)?;
        // What is missing has been reported, so that without a report there is an experiment.
        experiment.ok_or_else(|| Problem::new(&root.span, "this is not an experiment").into())
    }

    /// The simulation that it describes.
    pub fn simulator(&self) -> Simulator {
        let mut simulator = Simulator::new(self.network.clone())
            .dt(self.timing.dt)
            .transient(self.timing.transient)
            .every(self.timing.every)
            .seed(self.seed);
        if let Some(scheme) = self.scheme {
            simulator = simulator.scheme(scheme);
        }
        if self.average {
            simulator = simulator.average();
        }
        for (name, signal) in &self.records {
            simulator = simulator.record_as(name, signal);
        }
        for (port, input) in &self.inputs {
            simulator = simulator.input(port, input.clone());
        }
        self.observed.iter().fold(simulator, |simulator, observed| observed.attach(simulator))
    }

    /// Runs it.
    ///
    /// # Errors
    ///
    /// The run diverges; what can be wrong with its settings has been found when it was read.
    pub fn run(&self) -> Result<Run, RunError> {
        self.simulator().run(self.timing.duration)
    }
}

/// The tree of an experiment file, nothing in it checked yet.
///
/// # Errors
///
/// The file cannot be read or is not YAML.
pub fn tree(path: impl AsRef<Path>) -> Result<Node, ExperimentError> {
    let name = path.as_ref().display().to_string();
    let bytes = read_file(&path, MAX_BYTES as u64)
        .map_err(|error| ExperimentError::Io { path: name.clone(), source: Box::new(error.problem) })?;
    let root = yaml::decode(&name, &bytes).and_then(|source| yaml::parse(&source));
    Ok(root.map_err(Report::from)?)
}
