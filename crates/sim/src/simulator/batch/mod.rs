//! Batches: many parameter sets, seeds or initial states of one network.
//!
//! Runs whose networks have the same edges and delays stand side by side in the lanes of SIMD registers, a lane width at a time, and threads share
//! such blocks of runs out. A run of a batch has the bits of the same run alone, whatever the number of threads and of lanes.

mod outcome;
mod save;
mod sequences;
mod sweep;

use std::fmt;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::builder::Simulator;
use super::start::build_pool;
use crate::network::Setting;
use crate::run::Run;
use crate::runtime::{Progress, RecordSpec, RunError, Session};
use rayon::prelude::*;

pub use outcome::Batch;
pub use sweep::{Point, Sweep};

use brainmass_core::info::ModelInfo;
use brainmass_core::quantity::{Time, Values};
use brainmass_core::real::LANE_WIDTH;
use brainmass_core::shared::Text;

/// The settings of a point that are about edges, by their names. Runs stand side by side where these are equal.
type EdgeSettings<'a> = Vec<(&'a str, &'a Values)>;

/// The progress of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchProgress {
    /// The number of runs that have ended.
    pub done: usize,
    /// The number of runs in all.
    pub total: usize,
    /// The time since the start.
    pub elapsed: Duration,
    /// The time that the other runs will take at the same pace.
    pub left: Duration,
}

/// Writes `12 of 80 runs, 3.2 s, 18.1 s left`.
///
/// ```
/// use brainmass::prelude::*;
/// use brainmass::simulator::Sweep;
///
/// let simulator = Simulator::new(HopfStep::new(2));
/// let batch = simulator.batch(Sweep::seeds(0..4)).progress(|progress| {
///     eprintln!("{progress}");
///     true
/// });
/// assert_eq!(batch.run(5.0)?.runs.len(), 4);
/// # Ok::<(), brainmass::RunError>(())
/// ```
impl fmt::Display for BatchProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { done, total, elapsed, left } = self;
        write!(f, "{done} of {total} runs, {:.1} s, {:.1} s left", elapsed.as_secs_f64(), left.as_secs_f64())
    }
}

/// A listener that is told the progress of a batch. The batch stops when it answers `false`.
type BatchListener = Arc<dyn Fn(BatchProgress) -> bool + Send + Sync>;

/// A batch to be run: made by [`Simulator::batch`].
#[derive(Clone)]
pub struct BatchRunner<'a> {
    pub(super) simulator: &'a Simulator,
    pub(super) sweep: Sweep,
    side_by_side: bool,
    listener: Option<BatchListener>,
    /// Tells whether the batch is to stop in the midst of its runs.
    stop: Option<StopSignal>,
}

/// A function that tells whether a batch is to stop.
type StopSignal = Arc<dyn Fn() -> bool + Send + Sync>;

impl Simulator {
    /// Prepares many runs of this simulation, with the simulator's threads, or all of the machine where it was given none.
    ///
    /// ```
    /// use brainmass::prelude::*;
    /// use brainmass::simulator::Sweep;
    ///
    /// let hopf = HopfStep::new(2).init_x(0.5);
    /// let simulator = Simulator::new(hopf).record(["x"]).every(10).threads(2);
    /// let batch = simulator.batch(Sweep::grid([("a", vec![-0.1, 0.2]), ("w", vec![0.1, 0.2, 0.3])])).run(20.0.ms())?;
    /// assert_eq!(batch.array("x")?.dim(), (6, 20, 2)); // (run, time, node)
    /// let table = batch.table(&["amplitude"], |run| vec![run["x"].iter().fold(0.0, |max, x| f64::max(max, x.abs()))]);
    /// assert_eq!(table.columns.unwrap(), ["a", "w", "seed", "amplitude"]);
    /// # Ok::<(), brainmass::RunError>(())
    /// ```
    pub fn batch(&self, sweep: Sweep) -> BatchRunner<'_> {
        BatchRunner { simulator: self, sweep, side_by_side: true, listener: None, stop: None }
    }

    /// Runs a batch, see [`Simulator::batch`].
    ///
    /// # Errors
    ///
    /// Those of [`BatchRunner::run`].
    pub fn sweep(&self, sweep: Sweep, duration: impl Into<Time>) -> Result<Batch, RunError> {
        self.batch(sweep).run(duration)
    }

    /// Runs once for each of several initial states: names of states with one value, or one a node. States that are not named keep the model's initial
    /// value.
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::run`], for the first run that fails.
    pub fn run_batch(
        &self,
        duration: impl Into<Time>,
        initial: &[Vec<(&str, Values)>],
    ) -> Result<Vec<Run>, RunError> {
        let names = self.names();
        let setting = |(name, values): &(&str, Values)| match names.find(name, ModelInfo::state) {
            Some((group, index)) => {
                let state = &names.info(group).states[index].name;
                Ok((names.full(group, &format!("init_{state}")), values.clone()))
            }
            None => Err(names.unknown("state", name, "states", state_names, [])),
        };
        let point = |states: &Vec<(&str, Values)>| {
            Ok(Point { settings: states.iter().map(setting).collect::<Result<_, RunError>>()?, seed: None })
        };
        let points = initial.iter().map(point).collect::<Result<Vec<_>, RunError>>()?;
        self.sweep(Sweep::of(points), duration)?.runs.into_iter().collect()
    }
}

impl BatchRunner<'_> {
    /// Returns a batch of other points that is run in the same way.
    pub(super) fn of(&self, sweep: Sweep) -> Self {
        Self { sweep, ..self.clone() }
    }

    /// Chooses whether runs stand side by side in the lanes of registers where they can, as they do if nothing is said. The outcome is the same.
    pub fn side_by_side(mut self, lanes: bool) -> Self {
        self.side_by_side = lanes;
        self
    }

    /// Tells a listener the progress after each block of runs, with the time left. The batch stops when the listener answers `false`: runs that
    /// have not begun are [`RunError::NotBegun`] then.
    pub fn progress(mut self, listener: impl Fn(BatchProgress) -> bool + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Asks a function during the runs whether the batch is to stop. Runs that go on then end with [`RunError::Stopped`], and those that have not begun
    /// with [`RunError::NotBegun`].
    pub fn stop_when(mut self, stop: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.stop = Some(Arc::new(stop));
        self
    }

    /// Runs all points of the sweep, keeping everything that is recorded.
    ///
    /// # Errors
    ///
    /// A name that the network does not have, records of all runs that do not fit into the memory, or threads that cannot be started. The error of
    /// a run stands in its place.
    pub fn run(&self, duration: impl Into<Time>) -> Result<Batch, RunError> {
        let duration = duration.into();
        self.check_memory(&duration)?;
        let runs = self.reduce(duration, |_, run| run)?;
        Ok(Batch::new(self.sweep.clone(), runs, (self.simulator.seed, self.simulator.fingerprint())))
    }

    /// Runs all points of the sweep, keeping what `reduce` computes from each run, in the order of the sweep: for batches whose records would not fit
    /// into memory.
    ///
    /// # Errors
    ///
    /// A name that the network does not have, or threads that cannot be started. The error of a run is given to `reduce`.
    pub fn reduce<T: Send>(
        &self,
        duration: impl Into<Time>,
        reduce: impl Fn(usize, Result<Run, RunError>) -> T + Sync,
    ) -> Result<Vec<T>, RunError> {
        for name in self.sweep.names() {
            self.simulator.check_setting(name)?;
        }
        let (duration, blocks) = (duration.into(), self.blocks());
        let (started, done, stopped) = (Instant::now(), Mutex::new(0), AtomicBool::new(false));
        let total = self.sweep.points().len();
        let work = |block: &Vec<usize>| -> Vec<(usize, T)> {
            let is_stopped = stopped.load(Ordering::Relaxed) || self.stop.as_ref().is_some_and(|stop| stop());
            let mut reduced = Vec::with_capacity(block.len());
            let mut take = |index, run| reduced.push((index, reduce(index, run)));
            match is_stopped {
                true => block.iter().for_each(|index| take(*index, Err(RunError::NotBegun))),
                false => self.run_block(block, &duration, take),
            }
            // The lock is held while the listener is told, so that what it is told never goes back.
            if let (Some(listener), Ok(mut counted)) = (&self.listener, done.lock()) {
                *counted += block.len();
                let (done, elapsed) = (*counted, started.elapsed());
                let left = elapsed.mul_f64((total - done) as f64 / done as f64);
                if !listener(BatchProgress { done, total, elapsed, left }) {
                    stopped.store(true, Ordering::Relaxed);
                }
            }
            reduced
        };
        let available = || thread::available_parallelism().map_or(1, NonZero::get);
        let threads = self.simulator.threads.unwrap_or_else(|| available().min(blocks.len()));
        let mut all: Vec<(usize, T)> = if threads > 1 {
            build_pool(threads)?.install(|| blocks.par_iter().flat_map_iter(work).collect())
        } else {
            blocks.iter().flat_map(work).collect()
        };
        all.sort_by_key(|(index, _)| *index);
        Ok(all.into_iter().map(|(_, value)| value).collect())
    }

    /// Reports records of all runs together that do not fit into the memory. A run that cannot be started is left to be reported in its place.
    pub(super) fn check_memory(&self, duration: &Time) -> Result<(), RunError> {
        let points = self.sweep.points();
        let Some(Ok(simulator)) = points.first().map(|point| self.simulator_of(point)) else { return Ok(()) };
        let Ok(session) = simulator.start() else { return Ok(()) };
        let counted = session.count_steps("duration", duration.clone());
        let Ok(steps) = counted else { return Ok(()) };
        match simulator.transient_of(steps, session.dt) {
            Ok(transient) => session.check_memory(steps - transient, points.len()),
            Err(_) => Ok(()),
        }
    }

    /// Divides the runs into blocks of those that can stand side by side: their networks differ in nothing but numbers of nodes and rules.
    fn blocks(&self) -> Vec<Vec<usize>> {
        let one_by_one = |which: Vec<usize>| which.into_iter().map(|index| vec![index]).collect();
        let all: Vec<usize> = (0..self.sweep.points().len()).collect();
        // A closure sees the nodes of one run.
        let has_closure =
            self.simulator.records.iter().any(|(_, spec)| matches!(spec, RecordSpec::Closure { .. }));
        if !self.side_by_side || has_closure {
            return one_by_one(all);
        }
        let mut alike: Vec<(EdgeSettings, Vec<usize>)> = Vec::new();
        for index in all {
            let key = self.edge_settings(&self.sweep.points()[index]);
            match alike.iter_mut().find(|(other, _)| *other == key) {
                Some((_, indices)) => indices.push(index),
                None => alike.push((key, vec![index])),
            }
        }
        let blocks = alike.iter().flat_map(|(_, indices)| indices.chunks(LANE_WIDTH));
        blocks.map(<[usize]>::to_vec).collect()
    }

    /// The settings of a point that change edges or their delays, or make the terms of a rule differ from node to node.
    fn edge_settings<'a>(&self, point: &'a Point) -> EdgeSettings<'a> {
        let is_one = |name: &str, values: &Values| match self.simulator.network.setting(name) {
            Ok(Setting::Speed { .. } | Setting::Weights { .. }) => true,
            Ok(Setting::Rule { .. }) => !matches!(values, Values::Scalar(_)),
            _ => false,
        };
        let settings = point.settings.iter().filter(|(name, values)| is_one(name, values));
        settings.map(|(name, values)| (name.as_str(), values)).collect()
    }

    /// Runs a block, side by side where nothing prevents it, and hands each run to `take` with its index. A run is copied out of the block when its
    /// turn comes, so that what `take` does not keep is still in the cache when it is read, and its memory serves the next run.
    fn run_block(
        &self,
        block: &[usize],
        duration: &Time,
        mut take: impl FnMut(usize, Result<Run, RunError>),
    ) {
        let simulators: Vec<_> =
            block.iter().map(|index| self.simulator_of(&self.sweep.points()[*index])).collect();
        if simulators.len() > 1 && simulators.iter().all(Result::is_ok) {
            let all: Vec<&Simulator> =
                simulators.iter().filter_map(|simulator| simulator.as_ref().ok()).collect();
            // Where anything is wrong, each run reports by itself what it is.
            if let Ok((session, batch)) = run_side_by_side(&all, duration) {
                for (place, (index, simulator)) in block.iter().zip(all).enumerate() {
                    // A run that diverged says where when it is made alone.
                    let run = session.run_of(&batch, place, simulator.fingerprint());
                    take(*index, run.map_or_else(|| simulator.run(duration.clone()), Ok));
                }
                return;
            }
        }
        for (index, simulator) in block.iter().zip(simulators) {
            take(*index, simulator.and_then(|simulator| simulator.run(duration.clone())));
        }
    }

    /// Returns the listener of a run, which stops it when the batch is to stop.
    fn stop_listener(&self) -> Option<Progress> {
        let stop = self.stop.clone()?;
        Some(Arc::new(move |_, _| !stop()))
    }

    /// Creates the simulation of a point.
    pub(super) fn simulator_of(&self, point: &Point) -> Result<Simulator, RunError> {
        let mut simulator =
            Simulator { threads: Some(1), progress: self.stop_listener(), ..self.simulator.clone() };
        for (name, values) in &point.settings {
            simulator.set(name, values.clone())?;
        }
        simulator.seed = point.seed.unwrap_or(simulator.seed);
        Ok(simulator)
    }
}

/// Runs at most [`LANE_WIDTH`] simulations side by side. Returns the session and the records of all of them together, of which
/// [`Session::run_of`] takes out those of each.
fn run_side_by_side(simulators: &[&Simulator], duration: &Time) -> Result<(Session, Run), RunError> {
    let mut runs = simulators.to_vec();
    // Lanes that nobody wants repeat the last run.
    runs.resize(LANE_WIDTH, runs[simulators.len() - 1]);
    let (mut session, _) = simulators[0].start_runs(&runs)?;
    let batch = simulators[0].finish(&mut session, duration.clone())?;
    Ok((session, batch))
}

/// The names of the states of a model.
fn state_names(info: &ModelInfo) -> impl Iterator<Item = &Text> {
    info.states.iter().map(|state| &state.name)
}
