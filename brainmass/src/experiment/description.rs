//! A run as a file describes it.

use std::path::PathBuf;

use brainmass_spec::problem::Problem;

use super::checkpointing::Checkpointing;
#[cfg(feature = "continuation")]
use super::continuation_plan::ContinuationPlan;
use super::limits::Limits;
use super::observed::Observed;
#[cfg(feature = "fit")]
use super::plan::FitPlan;
use super::sweep_plan::SweepPlan;
use super::times::Timing;
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_sim::network::{History, Network};
use brainmass_sim::run::Recipe;
use brainmass_sim::simulator::{Fingerprint, Input, ResumeError, Run, RunError, Session, Simulator};

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
    /// The pasts of signals that equations read with a delay, by their names.
    pub pasts: Vec<(String, History)>,
    /// The integration scheme; each model's own if none is given.
    pub scheme: Option<Scheme>,
    /// The times of the run: its steps, its length, the start of its records.
    pub timing: Timing,
    /// Names of records and the signals that they hold; the model's output if there are none.
    pub records: Vec<(String, String)>,
    /// Instruments that watch the run.
    pub observed: Vec<Observed>,
    /// Whether a row is the mean over its stride.
    pub average: bool,
    /// The seed of the noise.
    pub seed: u64,
    /// The limits of the run.
    pub limits: Limits,
    /// Files to write the run to.
    pub output: Vec<PathBuf>,
    /// The figure to draw.
    pub plot: Option<PathBuf>,
    /// The way in which the run is kept while it goes on, if it is.
    pub checkpoint: Option<Checkpointing>,
    /// The fit that the file describes, if it describes one.
    #[cfg(feature = "fit")]
    pub fit: Option<FitPlan>,
    /// The experiment as its results keep it.
    pub recipe: Recipe,
    /// The settings as they were read. Results of an experiment whose fields a program has changed since keep no recipe.
    pub as_read: Fingerprint,
    /// Settings by name that results keep beside those of the simulation, such as the digest of the connectome.
    pub noted: Vec<(String, String)>,
    /// The instruction set to run with; that of the environment if none is given. An experiment that repeats a result has that of the result.
    pub simd: Option<Simd>,
    /// The sweep that the file describes, if it describes one.
    pub sweep: Option<SweepPlan>,
    /// The bifurcation diagram that the file describes, if it describes one.
    #[cfg(feature = "continuation")]
    pub continuation: Option<ContinuationPlan>,
    /// Warnings about what is no mistake but may not be meant, such as a connectome that nothing uses.
    pub warnings: Vec<Problem>,
    /// The files that were read: that of the experiment, connectomes, arrays.
    pub files: Vec<PathBuf>,
}

impl Experiment {
    /// Returns the simulation that the experiment describes.
    pub fn simulator(&self) -> Simulator {
        let mut simulator = Simulator::new(self.network.clone())
            .dt(self.timing.dt)
            .transient(self.timing.transient)
            .every(self.timing.every)
            .most_steps(self.limits.steps)
            .seed(self.seed);
        if let Some(bytes) = self.limits.memory {
            simulator = simulator.memory(bytes);
        }
        if let Some(simd) = self.simd {
            simulator = simulator.simd(simd);
        }
        if let Some(scheme) = self.scheme {
            simulator = simulator.scheme(scheme);
        }
        if self.average {
            simulator = simulator.average();
        }
        for (name, signal) in &self.records {
            simulator = simulator.record_as(name, signal);
        }
        for (signal, history) in &self.pasts {
            simulator = simulator.past(signal.clone(), history.clone());
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
        self.finish(&mut self.start()?)
    }

    /// Runs the experiment with its checkpoints, from the last one if there are any already; `listener` is told the steps done and the steps in all, and
    /// the run stops when it answers `false`.
    ///
    /// # Errors
    ///
    /// The run diverges or is stopped, or the file of checkpoints cannot be used.
    pub fn resume(
        &self,
        checkpoint: &Checkpointing,
        listener: impl Fn(usize, usize) -> bool + Send + Sync + 'static,
    ) -> Result<Run, ResumeError> {
        let simulator = self.simulator().progress(listener);
        let mut session = simulator.start()?;
        session.made_from(self.unchanged_recipe(), self.labels.clone(), self.noted.clone());
        simulator.finish_resumable(&mut session, self.timing.duration, &checkpoint.file, checkpoint.every)
    }

    /// Returns the recipe of the experiment. There is none once a program has changed it: what was changed is not in the recipe, and a result must not say
    /// that it is.
    fn unchanged_recipe(&self) -> Option<Recipe> {
        (self.settings() == self.as_read).then(|| self.recipe.clone())
    }

    /// Starts the experiment, for [`Experiment::finish`]. The run estimates the error of its steps, see [`Run::step_error`].
    ///
    /// # Errors
    ///
    /// As [`Experiment::run`], but for what happens during the run.
    pub fn start(&self) -> Result<Session, RunError> {
        let mut session = self.simulator().estimate_error().start()?;
        session.made_from(self.unchanged_recipe(), self.labels.clone(), self.noted.clone());
        Ok(session)
    }

    /// Describes everything that determines the numbers of the run.
    pub(super) fn settings(&self) -> Fingerprint {
        let mut all = self.simulator().fingerprint();
        all.add("duration", format!("{} ms", self.timing.duration));
        all
    }

    /// Runs a session that [`Experiment::start`] or [`Reader::start`](super::Reader::start) made from its beginning to the end of the experiment.
    ///
    /// # Errors
    ///
    /// The run diverges, or is stopped by its listener.
    pub fn finish(&self, session: &mut Session) -> Result<Run, RunError> {
        self.simulator().finish(session, self.timing.duration)
    }
}
