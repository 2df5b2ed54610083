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
//! Each section is read by one file of this module, which takes its keys out of [`Keys`](keys::Keys). A key that nothing takes is an error,
//! so that no file can say what is not done. The keys and the names of stimuli, noise processes, instruments and so on stand in tables, from
//! which the reference of the format ([`tables`]) and the flags of the command come.

mod array_file;
mod connectome;
mod context;
#[cfg(feature = "fit")]
mod fit;
#[cfg(feature = "fit")]
mod fit_parameters;
mod groups;
mod inputs;
mod instruments;
mod interaction;
pub mod keys;
mod limits;
mod numbers;
mod observe;
mod output;
mod processes;
mod projections;
mod random;
mod read;
mod reader;
mod record;
mod settings;
mod stimuli;
mod tables;
mod timing;
mod wiring;

use std::path::{Path, PathBuf};

use brainmass_spec::problem::{Problem, Report};
use brainmass_spec::yaml::Node;
use thiserror::Error;

#[cfg(feature = "fit")]
pub use fit::{FitPlan, MOST_STARTS};
pub use limits::Limits;
pub use observe::Observed;
pub use read::is_model;
pub use reader::{Reader, tree};
pub use tables::{Table, tables};

use brainmass_core::scheme::Scheme;
use brainmass_data::io::IoError;
use brainmass_sim::network::Network;
use brainmass_sim::simulator::{Input, Run, RunError, Session, Simulator};

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
    /// The title, if one is given.
    pub title: Option<String>,
    /// The nodes with their parameters, initial states and noise, and the projections between them.
    pub network: Network,
    /// The names of the regions: those of the connectome, or of the first file that names as many regions as there are nodes. Empty where
    /// there are none.
    pub labels: Vec<String>,
    /// The names of input ports and what drives them.
    pub inputs: Vec<(String, Input)>,
    /// The integration scheme; each model's own if none is given.
    pub scheme: Option<Scheme>,
    /// When the run starts to record, how long it is, in which steps.
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
    /// What is no mistake but may not be what the author means, such as a connectome that nothing uses.
    pub warnings: Vec<Problem>,
    /// The files that were read: that of the experiment, connectomes, arrays.
    pub files: Vec<PathBuf>,
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

impl Timing {
    /// Returns the number of steps of the run, the transient included.
    pub fn steps(&self) -> usize {
        (self.duration / self.dt).round() as usize
    }

    /// Returns the number of steps that are not recorded.
    pub fn transient_steps(&self) -> usize {
        (self.transient / self.dt).round() as usize
    }
}

/// Returns a number from 0 on as a whole one; what is too large becomes the largest.
fn whole(number: f64) -> u64 {
    // Conversions from floats saturate, and NaN becomes 0.
    number as u64
}

/// Why an experiment file cannot be used.
#[derive(Debug, Error)]
pub enum ExperimentError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] IoError),
    /// The file has mistakes.
    #[error(transparent)]
    Mistakes(#[from] Report),
}

impl Experiment {
    /// Reads a file, with the models of the library and the usual limits; [`Reader`] takes others.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has mistakes; the error holds all of them.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ExperimentError> {
        Reader::new().open(path)
    }

    /// Reads the text of a file; `name` is what messages call it, and paths in the text are relative to its folder.
    ///
    /// # Errors
    ///
    /// The text has mistakes; the report holds all of them.
    pub fn read(name: &str, text: &str) -> Result<Self, Report> {
        Reader::new().read(name, text)
    }

    /// Reads a tree, which may have been put together from several sources.
    ///
    /// # Errors
    ///
    /// The tree has mistakes; the report holds all of them.
    pub fn of(root: &Node) -> Result<Self, Report> {
        Reader::new().of(root)
    }

    /// Returns the simulation that the experiment describes.
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

    /// Runs the experiment.
    ///
    /// # Errors
    ///
    /// The run diverges; what can be wrong with its settings has been found when it was read.
    pub fn run(&self) -> Result<Run, RunError> {
        self.simulator().run(self.timing.duration)
    }

    /// Starts the experiment, for [`Experiment::finish`].
    ///
    /// # Errors
    ///
    /// As [`Experiment::run`], but for what happens during the run.
    pub fn start(&self) -> Result<Session, RunError> {
        self.simulator().start()
    }

    /// Runs a session that [`Experiment::start`] or [`Reader::start`] made from its beginning to the end of the experiment.
    ///
    /// # Errors
    ///
    /// The run diverges, or is stopped by its listener.
    pub fn finish(&self, session: &mut Session) -> Result<Run, RunError> {
        self.simulator().finish(session, self.timing.duration)
    }
}
