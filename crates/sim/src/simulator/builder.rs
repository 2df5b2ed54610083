//! The settings of a simulation.

use std::sync::Arc;

use brainmass_core::any::AnyModel;
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;

use crate::network::{History, Input, Network, NetworkError};
use crate::noise::Process;
use crate::observation::Monitor;
use crate::runtime::instrument::InstrumentSpec;
use crate::runtime::{Progress, RecordSpec, View};

/// The memory that a gradient may use unless another is given, bytes.
pub const DEFAULT_GRADIENT_MEMORY: usize = 1 << 30;

/// The largest number of steps of a run unless another is given: eleven days of simulated time at 0.1 ms.
pub const DEFAULT_MOST_STEPS: u64 = 10_000_000_000;

/// A simulation to be run: a model or a network, a time step, what drives it, and what is kept of it.
///
/// ```
/// use brainmass::prelude::*;
///
/// let hopf = HopfStep::new(90).w(0.1).a(0.25).init_x(0.1);
/// let run = Simulator::new(hopf).dt(0.1.ms()).transient(50.0.ms()).record(["x"]).run(300.0.ms())?;
/// assert_eq!(run["x"].dim(), (2500, 90)); // (time, node)
/// # Ok::<(), brainmass::RunError>(())
/// ```
#[derive(Clone)]
pub struct Simulator {
    pub(crate) network: Network,
    /// The time step; `None` for the shortest of those of the models.
    pub(crate) dt: Option<Time>,
    /// The part of the run at its start that is not recorded.
    pub(crate) transient: Span,
    /// The scheme; `None` for that of each model.
    pub(crate) scheme: Option<Scheme>,
    /// The records, each with its name.
    pub(crate) records: Vec<(String, RecordSpec)>,
    /// The inputs, each with the name of its port.
    pub(crate) inputs: Vec<(String, Input)>,
    /// The pasts of signals that equations read with a delay, each with the name of its signal.
    pub(crate) pasts: Vec<(String, History)>,
    /// The noise processes that are added to ports, each with the name of its port.
    pub(crate) noises: Vec<(String, Process)>,
    pub(crate) instruments: Vec<InstrumentSpec>,
    /// The interval from row to row of the records.
    pub(crate) stride: Span,
    /// Whether a row is the mean over its stride instead of the last state.
    pub(crate) averaged: bool,
    pub(crate) seed: u64,
    pub(crate) progress: Option<Progress>,
    /// The memory that a gradient may use to store the run, bytes.
    pub(crate) gradient_memory: usize,
    /// The memory that a run may take, bytes; `None` for what the process can have.
    pub(crate) memory: Option<u64>,
    pub(crate) most_steps: u64,
    /// The instruction set; `None` for the one that the environment says.
    pub(crate) simd: Option<Simd>,
    /// The number of threads; `None` for one of a run and all of a batch.
    pub(crate) threads: Option<usize>,
    /// Whether runs estimate the error of their steps.
    pub(crate) estimates_error: bool,
}

/// A time, or a number of steps.
#[derive(Clone)]
pub(crate) enum Span {
    Steps(usize),
    Time(Time),
}

impl Simulator {
    /// Creates a simulation of a model or a network. It takes each model's own scheme and own time step, of several models the shortest one, and
    /// records the output in every step.
    pub fn new(network: impl Into<Network>) -> Self {
        Self {
            network: network.into(),
            dt: None,
            transient: Span::Steps(0),
            scheme: None,
            records: Vec::new(),
            inputs: Vec::new(),
            pasts: Vec::new(),
            noises: Vec::new(),
            instruments: Vec::new(),
            stride: Span::Steps(1),
            averaged: false,
            seed: 0,
            progress: None,
            gradient_memory: DEFAULT_GRADIENT_MEMORY,
            memory: None,
            most_steps: DEFAULT_MOST_STEPS,
            simd: None,
            threads: None,
            estimates_error: false,
        }
    }

    /// Sets the time step; a plain number is in ms. If not given, it is the model's own
    /// ([`ModelInfo::dt`](brainmass_core::info::ModelInfo::dt)), of several models the shortest one.
    pub fn dt(mut self, dt: impl Into<Time>) -> Self {
        self.dt = Some(dt.into());
        self
    }

    /// Returns the time step: the one given, or the shortest of those of the models.
    pub(crate) fn time_step(&self) -> Result<Time, NetworkError> {
        let own = self.network.groups.iter().map(|group| group.info().dt).reduce(f64::min);
        self.dt.clone().or_else(|| own.map(Time::from)).ok_or(NetworkError::NoGroups)
    }

    /// Sets the integration scheme; the model's own if not given. Its documentation says what is held over a step.
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = Some(scheme);
        self
    }

    /// Sets the time at the start of the run that is not recorded; it is a part of the run's duration. A plain number is in ms.
    pub fn transient(mut self, transient: impl Into<Time>) -> Self {
        self.transient = Span::Time(transient.into());
        self
    }

    /// Sets the time at the start of the run that is not recorded, in time steps, see [`Simulator::transient`].
    pub fn transient_steps(mut self, steps: usize) -> Self {
        self.transient = Span::Steps(steps);
        self
    }

    /// Records states, observables, inputs, or the currents of a network's projections, under their own names. In a network of several
    /// groups, what belongs to a group is called `group.name`.
    pub fn record<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.records.extend(
            names.into_iter().map(Into::into).map(|name: String| (name.clone(), RecordSpec::Name(name))),
        );
        self
    }

    /// Records a state, observable, input or current under another name than its own.
    pub fn record_as(mut self, name: impl Into<String>, signal: impl Into<String>) -> Self {
        self.records.push((name.into(), RecordSpec::Name(signal.into())));
        self
    }

    /// Records the values that a closure computes from the nodes after each recorded step: any number, the same in every step.
    pub fn record_with(
        mut self,
        name: impl Into<String>,
        unit: impl Into<String>,
        compute: impl Fn(View) -> Vec<f64> + Send + Sync + 'static,
    ) -> Self {
        self.records
            .push((name.into(), RecordSpec::Closure { unit: unit.into(), compute: Arc::new(compute) }));
        self
    }

    /// Records every `steps` steps: row m is the state after step (m + 1) * steps.
    pub fn every(mut self, steps: usize) -> Self {
        self.stride = Span::Steps(steps);
        self
    }

    /// Records at intervals of a time that is a multiple of dt; a plain number is in ms.
    pub fn sample_every(mut self, interval: impl Into<Time>) -> Self {
        self.stride = Span::Time(interval.into());
        self
    }

    /// Records the mean over each stride in place of its last state.
    pub fn average(mut self) -> Self {
        self.averaged = true;
        self
    }

    /// Drives an input port: a constant, an array (time, or time x node), a closure of the steps done and the time in ms, a stimulus, noise,
    /// or a sum of them. What projections send to the port is added.
    pub fn input(mut self, port: impl Into<String>, input: impl Into<Input>) -> Self {
        self.inputs.push((port.into(), input.into()));
        self
    }

    /// Sets what a state or observable that equations read with a delay was before t = 0: a constant, one a node, or rows of nodes. If not given, it was what
    /// it is at t = 0. The last row is one step before t = 0, or for an observable that belongs to the state before a step (`at: start`) at t = 0.
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// let nodes = || brainmass::nodes_of("WilsonCowanDelayedStep", 1).expect("the library has it");
    /// let run = Simulator::new(nodes()).past("rE", 0.8).run(20.0.ms())?;
    /// assert_ne!(run["rE"], Simulator::new(nodes()).run(20.0.ms())?["rE"]);
    /// # Ok::<(), brainmass::RunError>(())
    /// ```
    pub fn past(mut self, signal: impl Into<String>, history: impl Into<History>) -> Self {
        self.pasts.push((signal.into(), history.into()));
        self
    }

    /// Adds noise to an input port, besides what else drives it. Each process has random numbers of its own.
    ///
    /// ```
    /// use brainmass::noise::{ColoredNoise, OuProcess};
    /// use brainmass::prelude::*;
    ///
    /// let run = Simulator::new(WilsonCowanStep::new(4))
    ///     .input("rE_inp", 1.2)
    ///     .noise("rE_inp", OuProcess::new(0.2, 10.0.ms()))
    ///     .noise("rI_inp", ColoredNoise::pink(0.1))
    ///     .seed(7)
    ///     .run(100.0.ms())?;
    /// assert_eq!(run["rE"].dim(), (1000, 4));
    /// # Ok::<(), brainmass::RunError>(())
    /// ```
    pub fn noise(mut self, port: impl Into<String>, process: impl Into<Process>) -> Self {
        self.noises.push((port.into(), process.into()));
        self
    }

    /// Lets an instrument observe a state, observable, input or current in each step, and keeps its rows under a name, at times of its own
    /// ([`Run::times`](crate::run::Run::times)). Memory does not grow with the steps of the run.
    ///
    /// The instrument observes from t = 0 on, so that haemodynamics settle during the transient; rows that end in the transient are left out. It
    /// computes with the instruction set of the simulation. With instruments and without [`Simulator::record`], nothing else is kept.
    ///
    /// ```
    /// use brainmass::observation::{BoldSignal, Monitor, TemporalAverage};
    /// use brainmass::prelude::*;
    /// use brainmass::zoo::observation::BalloonWindkessel;
    ///
    /// let vessels = BoldSignal::new(BalloonWindkessel::new(4), 720.0, 4.0)?;
    /// let run = Simulator::new(WongWangExcInhStep::new(4).noise_S_e(0.002))
    ///     .dt(0.5.ms())
    ///     .observe("bold", "S_e", TemporalAverage::new(4.0, 0.5)?.then(vessels)?)
    ///     .transient(1000.0.ms())
    ///     .run(3000.0.ms())?;
    /// assert_eq!((run["bold"].dim(), run.unit("bold")), ((3, 4), Some("1")));
    /// assert_eq!(run.times("bold").unwrap().to_vec(), [1440.0, 2160.0, 2880.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn observe(
        mut self,
        name: impl Into<String>,
        signal: impl Into<String>,
        monitor: impl Monitor + Clone + Sync + 'static,
    ) -> Self {
        self.instruments.push(InstrumentSpec::new(name.into(), signal.into(), monitor));
        self
    }

    /// Sets the seed of the noise; 0 if not given.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Tells a listener the progress of a run: steps done, steps in all. The run stops when the listener answers `false`.
    pub fn progress(mut self, listener: impl Fn(usize, usize) -> bool + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(listener));
        self
    }

    /// Sets the instruction set; by default it is the fastest one, or that which the environment variable `BRAINMASS_SIMD` names. With
    /// [`Simd::portable`], a run has the same bits on every machine, instruments included.
    pub fn simd(mut self, simd: Simd) -> Self {
        self.simd = Some(simd);
        self
    }

    /// Lets runs estimate how large the error of their steps is, at eight moments, see [`Run::step_error`]. It costs some hundred steps.
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// let hopf = Simulator::new(HopfStep::new(1).a(0.2).w(0.3).init_x(0.1)).scheme(Scheme::Euler).estimate_error();
    /// let relative = |dt: f64| hopf.clone().dt(dt).run(100.0).map(|run| run.step_error().unwrap().relative);
    /// let (coarse, fine) = (relative(1.0)?, relative(0.1)?);
    /// assert!(coarse > 0.1 && fine < 0.02);
    /// # Ok::<(), brainmass::RunError>(())
    /// ```
    ///
    /// [`Run::step_error`]: crate::run::Run::step_error
    pub fn estimate_error(mut self) -> Self {
        self.estimates_error = true;
        self
    }

    /// Sets the number of threads that share a large network out, or the runs of a batch. If not given, a run has one, and a batch all that the
    /// machine has. The outcome is the same to the last bit.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Sets the memory that the simulation may take, bytes, computed before any of it is taken; by default it is that which the process can have: the
    /// least of the machine's memory and the limits of its control group and address space. Nothing changes but that a run is refused.
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// let simulator = Simulator::new(HopfStep::new(90)).memory(100_000_000);
    /// let error = simulator.run(1000.0.s()).unwrap_err().to_string();
    /// assert!(error.contains("would need 7.4 GB of memory, and 100 MB may be taken"), "{error}");
    /// ```
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// Sets the largest number of steps of a run, so that a mistake in a duration or a step is an error and not a run without end;
    /// [`DEFAULT_MOST_STEPS`] if not given.
    pub fn most_steps(mut self, steps: u64) -> Self {
        self.most_steps = steps;
        self
    }

    /// Returns the model, or that of the first group; `None` for a network without groups.
    pub fn model(&self) -> Option<&dyn AnyModel> {
        self.network.groups.first().map(|group| group.model.as_ref())
    }
}
