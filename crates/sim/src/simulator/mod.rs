//! Runs: a model, a time step, what drives it, what to keep.

mod accuracy;
mod batch;
mod fingerprint;
mod set;
mod to_disk;

use std::sync::Arc;

use brainmass_core::any::AnyModel;
use brainmass_core::engine::{Execution, FaultMask};
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::quantity::{Time, Values};
use brainmass_core::real::Simd;
use brainmass_core::scheme::Scheme;
use brainmass_data::io::recording::check_record_name;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::network::Network;
use crate::noise::Process;
use crate::observation::Monitor;
use crate::runtime::drive::{Draws, Source};
use crate::runtime::edges::Edges;
use crate::runtime::nodes::Setting;
use crate::runtime::time::{positive, whole_steps};
use crate::runtime::{Names, Nodes, Observation, Record, What};

pub use accuracy::{Accuracy, AccuracyRow, Deviations, REFERENCE_STEPS};
pub use batch::{Batch, BatchProgress, BatchRunner, Point, Sweep};
// What a simulation is given and what it gives back, so that programs find it in one place.
pub use crate::fingerprint::{Digest, Fingerprint};
pub use crate::network::Input;
pub use crate::run::{Column, Provenance, Run, SaveError, TIMES_OF};
pub use crate::runtime::{Progress, RunError, Session, View};

/// Memory that a gradient may use unless another is given, bytes.
pub const DEFAULT_GRADIENT_MEMORY: usize = 1 << 30;

/// Default time step, ms.
pub const DEFAULT_DT: f64 = 0.1;

/// A simulation to be run.
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
    dt: Time,
    transient: Span,
    scheme: Option<Scheme>,
    records: Vec<(String, What)>,
    pub(crate) inputs: Vec<(String, Input)>,
    pub(crate) noises: Vec<(String, Process)>,
    pub(crate) observations: Vec<Observation>,
    stride: Span,
    averaged: bool,
    seed: u64,
    progress: Option<Progress>,
    pub(crate) gradient_memory: usize,
    simd: Option<Simd>,
    threads: usize,
}

/// A time, or a number of steps.
#[derive(Clone)]
enum Span {
    Steps(usize),
    Time(Time),
}

impl Simulator {
    /// A simulation of a model or a network: time step 0.1 ms, each model's own scheme, recording its output in every step.
    pub fn new(network: impl Into<Network>) -> Self {
        Self {
            network: network.into(),
            dt: DEFAULT_DT.into(),
            transient: Span::Steps(0),
            scheme: None,
            records: Vec::new(),
            inputs: Vec::new(),
            noises: Vec::new(),
            observations: Vec::new(),
            stride: Span::Steps(1),
            averaged: false,
            seed: 0,
            progress: None,
            gradient_memory: DEFAULT_GRADIENT_MEMORY,
            simd: None,
            threads: 1,
        }
    }

    /// Time step; a plain number is in ms.
    pub fn dt(mut self, dt: impl Into<Time>) -> Self {
        self.dt = dt.into();
        self
    }

    /// Integration scheme; the model's own if not given.
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = Some(scheme);
        self
    }

    /// Time at the start of the run that is not recorded; a part of the run's duration. A plain number is in ms.
    pub fn transient(mut self, transient: impl Into<Time>) -> Self {
        self.transient = Span::Time(transient.into());
        self
    }

    /// The same as [`Simulator::transient`], in time steps.
    pub fn transient_steps(mut self, steps: usize) -> Self {
        self.transient = Span::Steps(steps);
        self
    }

    /// Records states, observables, inputs, or the currents of a network's projections, under their own names. In a network of several
    /// groups, what belongs to a group is called `group.name`.
    pub fn record<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.records
            .extend(names.into_iter().map(Into::into).map(|name: String| (name.clone(), What::Name(name))));
        self
    }

    /// Records something under another name.
    pub fn record_as(mut self, name: impl Into<String>, signal: impl Into<String>) -> Self {
        self.records.push((name.into(), What::Name(signal.into())));
        self
    }

    /// Records what a closure makes of the nodes after each recorded step: any number of values, the same in every step.
    pub fn record_with(
        mut self,
        name: impl Into<String>,
        unit: impl Into<String>,
        compute: impl Fn(View) -> Vec<f64> + Send + Sync + 'static,
    ) -> Self {
        self.records.push((name.into(), What::Closure { unit: unit.into(), compute: Arc::new(compute) }));
        self
    }

    /// Records every so many steps: row m is the state after step (m + 1) * steps.
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

    /// Lets an instrument watch a state, observable, input or current in each step, and keeps what it sees under a name, at times of its
    /// own ([`Run::times`]). Memory does not grow with the steps of the run.
    ///
    /// The instrument watches from t = 0 on, so that haemodynamics settle during the transient; rows that end in the transient are left out.
    /// With instruments and without [`Simulator::record`], nothing else is kept.
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
        self.observations.push(Observation::new(name.into(), signal.into(), monitor));
        self
    }

    /// The seed of the noise; 0 if not given.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Tells the progress of a run: steps done, steps in all. The run stops when the listener answers `false`.
    pub fn progress(mut self, listener: impl Fn(usize, usize) -> bool + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(listener));
        self
    }

    /// The instruction set; by default the fastest one, or that which the environment variable `BRAINMASS_SIMD` names. With
    /// [`Simd::portable`], a run has the same bits on every machine.
    pub fn simd(mut self, simd: Simd) -> Self {
        self.simd = Some(simd);
        self
    }

    /// Threads that share a large network out, or the members of a batch; 1 if not given. The outcome is the same to the last bit.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// The model, or that of the first group; `None` for a network without groups.
    pub fn model(&self) -> Option<&dyn AnyModel> {
        self.network.groups.first().map(|group| group.model.as_ref())
    }

    /// Runs from the initial state for `duration`, the transient included.
    ///
    /// # Errors
    ///
    /// [`RunError`]: a value that cannot be taken, a name that does not exist, a time that does not fit, or divergence; the latter
    /// holds what was recorded until then.
    pub fn run(&self, duration: impl Into<Time>) -> Result<Run, RunError> {
        self.finish(&mut self.start()?, duration)
    }

    /// Runs a session that [`Simulator::start`] has just made as [`Simulator::run`] runs one of its own: for `duration`, the transient included.
    ///
    /// # Errors
    ///
    /// As [`Simulator::run`].
    pub fn finish(&self, session: &mut Session, duration: impl Into<Time>) -> Result<Run, RunError> {
        let duration = duration.into();
        let steps = whole_steps("duration", duration, session.dt)?;
        let transient = self.transient_of(steps, session.dt)?;
        session.covers(steps)?;
        let listener = session.progress.take();
        session.progress = listener.as_ref().map(|listener| part_of(listener, 0, steps));
        session.advance(transient, false)?;
        session.progress = listener.as_ref().map(|listener| part_of(listener, transient, steps));
        let mut run = session.advance(steps - transient, true)?;
        run.steps = steps;
        session.end(&mut run)?;
        Ok(run)
    }

    /// The steps of the transient in a run of so many.
    pub(crate) fn transient_of(&self, steps: usize, dt: f64) -> Result<usize, RunError> {
        let transient = match &self.transient {
            Span::Steps(steps) => *steps,
            Span::Time(time) => whole_steps("transient", time.clone(), dt)?,
        };
        if transient >= steps {
            let ms = |steps: usize| steps as f64 * dt;
            return Err(RunError::NothingLeft { transient: ms(transient), duration: ms(steps) });
        }
        Ok(transient)
    }

    /// Runs once for each of several initial states: names of states with one value, or one a node. What is not named keeps the
    /// model's initial value.
    ///
    /// # Errors
    ///
    /// As [`Simulator::run`], for the first that fails.
    pub fn run_batch(
        &self,
        duration: impl Into<Time>,
        initial: &[Vec<(&str, Values)>],
    ) -> Result<Vec<Run>, RunError> {
        let names = self.names();
        let setting = |(name, values): &(&str, Values)| {
            let known = |info: &'static ModelInfo| info.states.iter().map(|state| state.name);
            match names.find(name, ModelInfo::state) {
                Some((group, index)) => {
                    let state = names.info(group).states[index].name;
                    Ok((names.full(group, &format!("init_{state}")), values.clone()))
                }
                None => Err(names.unknown("state", name, "states", known, [])),
            }
        };
        let point = |states: &Vec<(&str, Values)>| {
            Ok(Point { settings: states.iter().map(setting).collect::<Result<_, RunError>>()?, seed: None })
        };
        let points = initial.iter().map(point).collect::<Result<Vec<_>, RunError>>()?;
        self.sweep(Sweep::of(points), duration)?.runs.into_iter().collect()
    }

    /// Starts a session, which can be run piece by piece. The transient is left to the caller, see [`Session::skip`].
    ///
    /// # Errors
    ///
    /// As [`Simulator::run`], but for the duration.
    pub fn start(&self) -> Result<Session, RunError> {
        self.start_members(&[(&self.network, self.seed)])
    }

    /// Starts a network, or those of a batch side by side, each with its seed. They differ in nothing but numbers.
    fn start_members(&self, members: &[(&Network, u64)]) -> Result<Session, RunError> {
        let dt = positive("dt", self.dt.clone())?;
        let stride = match &self.stride {
            Span::Steps(0) => {
                return Err(RunError::Time {
                    what: "stride",
                    given: "0 steps".into(),
                    expected: "at least 1 is needed",
                });
            }
            Span::Steps(steps) => *steps,
            Span::Time(time) => {
                positive("sampling interval", time.clone())?;
                whole_steps("sampling interval", time.clone(), dt)?
            }
        };
        let names = self.names();
        let execution = Execution {
            simd: self.simd.map_or_else(Simd::from_environment, Ok)?,
            parallel: self.threads > 1 && members.len() == 1,
        };
        let seeds: Vec<u64> = members.iter().map(|(_, seed)| *seed).collect();
        let setting = Setting { dt, simd: execution.simd, seeds: &seeds };
        let mut groups = Vec::new();
        let mut streams = 0;
        for (index, sources) in self.sources(&names, dt, &seeds)?.into_iter().enumerate() {
            let models: Vec<&dyn AnyModel> =
                members.iter().map(|(network, _)| network.groups[index].model.as_ref()).collect();
            let group = Nodes::new(&models, sources, self.scheme, setting, streams)?;
            streams += group.info().states.len();
            groups.push(group);
        }
        let networks: Vec<&Network> = members.iter().map(|(network, _)| *network).collect();
        let couplings = Edges::new(&networks, &mut groups, dt, execution)?;
        let records = self.records(&names, &groups, &couplings)?;
        let watches = self.observations.iter();
        let watches = watches
            .map(|observation| observation.start(dt, members.len(), &names, &groups, &couplings))
            .collect::<Result<_, _>>()?;
        let schemes: Vec<Scheme> = groups.iter().map(Nodes::scheme).collect();
        Ok(Session {
            provenance: Arc::new(self.provenance(&names, &schemes, dt, seeds[0])),
            names,
            groups,
            couplings,
            records,
            watches,
            simd: execution.simd,
            dt,
            stride,
            averaged: self.averaged,
            progress: self.progress.clone(),
            step: 0,
            in_stride: 0,
            times: Vec::new(),
            pool: if execution.parallel { Some(pool(self.threads)?) } else { None },
            seeds,
            diverged: FaultMask::default(),
        })
    }

    pub(crate) fn names(&self) -> Names {
        Names::new(self.network.groups.iter().map(|group| (group.name.clone(), group.info())))
    }

    /// What made the run; entries of several groups are separated by commas.
    fn provenance(&self, names: &Names, schemes: &[Scheme], dt: f64, seed: u64) -> Provenance {
        let each = |text: &dyn Fn(usize, &'static ModelInfo) -> String| {
            let groups = self.network.groups.iter().enumerate();
            groups.map(|(index, group)| text(index, group.info())).collect::<Vec<_>>().join(", ")
        };
        Provenance {
            model: each(&|index, _| names.of(index)),
            version: each(&|_, info| info.version.to_owned()),
            hash: each(&|_, info| format!("{:016x}", info.hash)),
            brainmass: env!("CARGO_PKG_VERSION").to_owned(),
            scheme: each(&|index, _| schemes[index].name().to_owned()),
            dt,
            seed,
        }
    }

    /// What drives the inputs of each group.
    fn sources(&self, names: &Names, dt: f64, seeds: &[u64]) -> Result<Vec<Vec<Source>>, RunError> {
        let mut sources: Vec<Vec<Source>> = self.network.groups.iter().map(|_| Vec::new()).collect();
        let mut draws = Draws { dt, seeds, processes: 0 };
        let known = |info: &'static ModelInfo| info.inputs.iter().map(|input| input.name);
        let inputs = self.inputs.iter().map(|(name, input)| (name, input.clone(), false));
        let noises = self.noises.iter().map(|(name, process)| (name, Input::from(process.clone()), true));
        for (name, input, joins) in inputs.chain(noises) {
            let (group, port) = names
                .find(name, ModelInfo::input)
                .ok_or_else(|| names.unknown("input", name, "inputs", known, []))?;
            let (member, driven) = (&self.network.groups[group], &mut sources[group]);
            let at = match driven.iter().position(|source| source.port() == port) {
                Some(_) if !joins => return Err(RunError::InputTwice { port: name.clone() }),
                Some(at) => at,
                None => {
                    driven.push(Source::new(member.info(), port));
                    driven.len() - 1
                }
            };
            driven[at].add(&input, member.info().inputs[port].unit, member.nodes(), &mut draws)?;
        }
        Ok(sources)
    }

    /// What is to be recorded; the output of each model if nothing was said.
    fn records(&self, names: &Names, groups: &[Nodes], couplings: &Edges) -> Result<Vec<Record>, RunError> {
        let outputs: Vec<(String, What)>;
        let asked = if self.records.is_empty() && self.observations.is_empty() {
            let output = |(index, group): (usize, &Nodes)| {
                let info = group.info();
                let name = names.full(index, info.signal_name(info.output.unwrap_or(Signal::State(0))));
                (name.clone(), What::Name(name))
            };
            outputs = groups.iter().enumerate().map(output).collect();
            &outputs
        } else {
            &self.records
        };
        let observed = self.observations.iter().map(|observation| &observation.name);
        let all: Vec<&String> = asked.iter().map(|(name, _)| name).chain(observed).collect();
        for (index, name) in all.iter().enumerate() {
            if all[..index].contains(name) {
                return Err(RunError::Twice { name: (*name).clone() });
            }
            check_record_name(name).map_err(RunError::RecordName)?;
        }
        asked.iter().map(|(name, what)| Record::new(name, what, names, groups, couplings)).collect()
    }
}

/// Tells the progress of a part of a run, which begins after so many steps, as that of the whole.
fn part_of(listener: &Progress, before: usize, all: usize) -> Progress {
    let listener = listener.clone();
    Arc::new(move |done, _| listener(before + done, all))
}

/// Threads of a run's own.
fn pool(threads: usize) -> Result<ThreadPool, RunError> {
    let built = ThreadPoolBuilder::new().num_threads(threads).build();
    built.map_err(|error| RunError::Threads { threads, why: error.to_string() })
}
