//! Batches: many parameter sets, seeds or initial states of one network.
//!
//! Runs whose networks have the same connections and delays stand side by side in vector lanes, eight at a time, and threads share such
//! blocks out. A run of a batch has the bits of the same run alone, whatever the number of threads and of lanes.

mod outcome;
mod sequences;
mod sweep;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::network::{Network, Setting};
use crate::run::Run;
use crate::runtime::{RunError, What};
use crate::simulator::{Simulator, pool};
use rayon::prelude::*;

pub use outcome::Batch;
pub use sweep::{Point, Sweep};

use brainmass_core::quantity::{Time, Values};
use brainmass_core::real::LANE_WIDTH;

/// Some of what a point sets.
type Settings<'a> = Vec<(&'a str, &'a Values)>;

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchProgress {
    /// Runs ended.
    pub done: usize,
    /// Runs in all.
    pub total: usize,
    /// Time since the start.
    pub elapsed: Duration,
    /// Time that the others will take at the same pace.
    pub left: Duration,
}

type Listener = Arc<dyn Fn(BatchProgress) -> bool + Send + Sync>;

/// A batch to be run: made by [`Simulator::batch`].
#[derive(Clone)]
pub struct BatchRunner<'a> {
    simulator: &'a Simulator,
    sweep: Sweep,
    side_by_side: bool,
    listener: Option<Listener>,
}

impl Simulator {
    /// Many runs of this simulation, with the simulator's threads.
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
        BatchRunner { simulator: self, sweep, side_by_side: true, listener: None }
    }

    /// Runs a batch, see [`Simulator::batch`].
    ///
    /// # Errors
    ///
    /// As [`BatchRunner::run`].
    pub fn sweep(&self, sweep: Sweep, duration: impl Into<Time>) -> Result<Batch, RunError> {
        self.batch(sweep).run(duration)
    }
}

impl BatchRunner<'_> {
    /// Whether runs stand side by side in vector lanes, as they do where they can if nothing is said. The outcome is the same.
    pub fn side_by_side(mut self, lanes: bool) -> Self {
        self.side_by_side = lanes;
        self
    }

    /// Tells the progress after each block of runs, with the time left. The batch stops when the listener answers `false`: runs that
    /// have not begun are [`RunError::NotBegun`] then.
    pub fn progress(mut self, listener: impl Fn(BatchProgress) -> bool + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Runs all, keeping everything that is recorded.
    ///
    /// # Errors
    ///
    /// A name that the network does not have, or threads that cannot be started. What goes wrong with a run stands in its place.
    pub fn run(&self, duration: impl Into<Time>) -> Result<Batch, RunError> {
        let runs = self.reduce(duration, |_, run| run)?;
        Ok(Batch::new(self.sweep.clone(), runs, self.simulator.seed))
    }

    /// Runs all, keeping what `reduce` makes of each run, in the order of the sweep: for batches whose records would not fit into memory.
    ///
    /// # Errors
    ///
    /// As [`BatchRunner::run`].
    pub fn reduce<T: Send>(
        &self,
        duration: impl Into<Time>,
        reduce: impl Fn(usize, Result<Run, RunError>) -> T + Sync,
    ) -> Result<Vec<T>, RunError> {
        for name in self.sweep.names() {
            self.simulator.network.setting(name)?;
        }
        let (duration, blocks) = (duration.into(), self.blocks());
        let (started, done, stopped) = (Instant::now(), AtomicUsize::new(0), AtomicBool::new(false));
        let total = self.sweep.points().len();
        let telling = Mutex::new(());
        let work = |block: &Vec<usize>| -> Vec<(usize, T)> {
            let runs = match stopped.load(Ordering::Relaxed) {
                true => block.iter().map(|_| Err(RunError::NotBegun)).collect(),
                false => self.block(block, &duration),
            };
            let reduced = block.iter().zip(runs).map(|(index, run)| (*index, reduce(*index, run))).collect();
            let done = done.fetch_add(block.len(), Ordering::Relaxed) + block.len();
            if let (Some(listener), Ok(_guard)) = (&self.listener, telling.lock()) {
                let elapsed = started.elapsed();
                let left = elapsed.mul_f64((total - done) as f64 / done as f64);
                if !listener(BatchProgress { done, total, elapsed, left }) {
                    stopped.store(true, Ordering::Relaxed);
                }
            }
            reduced
        };
        let mut all: Vec<(usize, T)> = if self.simulator.threads > 1 {
            pool(self.simulator.threads)?.install(|| blocks.par_iter().flat_map_iter(work).collect())
        } else {
            blocks.iter().flat_map(work).collect()
        };
        all.sort_by_key(|(index, _)| *index);
        Ok(all.into_iter().map(|(_, value)| value).collect())
    }

    /// The runs in blocks of those that can stand side by side: their networks differ in nothing but numbers of nodes.
    fn blocks(&self) -> Vec<Vec<usize>> {
        let each = |which: Vec<usize>| which.into_iter().map(|index| vec![index]).collect();
        let all: Vec<usize> = (0..self.sweep.points().len()).collect();
        // A closure sees the nodes of one run.
        let closures = self.simulator.records.iter().any(|(_, what)| matches!(what, What::Closure { .. }));
        if !self.side_by_side || closures {
            return each(all);
        }
        let mut alike: Vec<(Settings, Vec<usize>)> = Vec::new();
        for index in all {
            let key = self.connections(&self.sweep.points()[index]);
            match alike.iter_mut().find(|(other, _)| *other == key) {
                Some((_, members)) => members.push(index),
                None => alike.push((key, vec![index])),
            }
        }
        let blocks = alike.iter().flat_map(|(_, members)| members.chunks(LANE_WIDTH));
        blocks.map(<[usize]>::to_vec).collect()
    }

    /// What of a point is about connections or their delays, or makes the terms of a rule differ from node to node.
    fn connections<'a>(&self, point: &'a Point) -> Settings<'a> {
        let is_one = |name: &str, values: &Values| match self.simulator.network.setting(name) {
            Ok(Setting::Speed { .. } | Setting::Weights { .. }) => true,
            Ok(Setting::Rule { .. }) => !matches!(values, Values::Scalar(_)),
            _ => false,
        };
        let settings = point.settings.iter().filter(|(name, values)| is_one(name, values));
        settings.map(|(name, values)| (name.as_str(), values)).collect()
    }

    /// Runs a block.
    fn block(&self, block: &[usize], duration: &Time) -> Vec<Result<Run, RunError>> {
        let members: Vec<_> = block.iter().map(|index| self.member(&self.sweep.points()[*index])).collect();
        if members.len() > 1 && members.iter().all(Result::is_ok) {
            let alone: Vec<&Simulator> = members.iter().filter_map(|member| member.as_ref().ok()).collect();
            // If anything is wrong, each run says by itself what.
            if let Ok(runs) = together(&alone, duration) {
                let one_by_one = |(run, simulator): (Option<Run>, &Simulator)| match run {
                    Some(run) => Ok(run),
                    None => simulator.run(duration.clone()),
                };
                return runs.into_iter().zip(alone).map(one_by_one).collect();
            }
        }
        members.into_iter().map(|member| member?.run(duration.clone())).collect()
    }

    /// The simulation of a point.
    fn member(&self, point: &Point) -> Result<Simulator, RunError> {
        let mut simulator = Simulator { threads: 1, progress: None, ..self.simulator.clone() };
        for (name, values) in &point.settings {
            simulator.network.set(name, values.clone())?;
        }
        simulator.seed = point.seed.unwrap_or(simulator.seed);
        Ok(simulator)
    }
}

/// Runs up to eight simulations side by side; `None` for those that diverged.
fn together(members: &[&Simulator], duration: &Time) -> Result<Vec<Option<Run>>, RunError> {
    let mut side_by_side: Vec<(&Network, u64)> =
        members.iter().map(|member| (&member.network, member.seed)).collect();
    // Lanes that nobody wants repeat the last run.
    side_by_side.resize(LANE_WIDTH, side_by_side[members.len() - 1]);
    let mut session = members[0].start_members(&side_by_side)?;
    let run = members[0].finish(&mut session, duration.clone())?;
    Ok((0..members.len()).map(|member| session.of_member(&run, member)).collect())
}
