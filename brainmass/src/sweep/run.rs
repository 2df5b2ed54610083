//! The runs of a sweep.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::blocks::Blocks;
use super::error::SweepError;
use super::head::fingerprint;
use super::results::Results;
use super::shard::Shard;
use super::versions::{Version, Versions};
use crate::experiment::{Experiment, SweepPlan};
use brainmass_sim::run::Run;
use brainmass_sim::simulator::{ResultJournal, ResultJournalError, Row, RunError, Sweep};

/// The progress of a sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SweepProgress {
    /// The runs that are done, those of the journal included.
    pub done: u64,
    /// The runs of the sweep, or of its shard.
    pub runs: u64,
    /// The runs that failed.
    pub failed: u64,
    /// The time that the other runs will take at the present pace.
    pub left: Duration,
}

/// A listener that is told the progress of a sweep. The sweep stops when it answers `false`.
type Listener = Arc<dyn Fn(SweepProgress) -> bool + Send + Sync>;

/// A sweep that an experiment describes, ready to be run.
pub struct SweepRunner<'a> {
    experiment: &'a Experiment,
    plan: &'a SweepPlan,
    shard: Shard,
    threads: usize,
    listener: Option<Listener>,
}

/// The outcome of a sweep.
#[derive(Debug)]
pub struct SweepOutcome {
    /// The results of all runs that were done.
    pub results: Results,
    /// The runs that the journal had before.
    pub resumed: u64,
    /// The bytes at the end of the journal that were no whole record, as a process that is killed may leave them.
    pub cut: u64,
    /// The runs of this sweep, or of its shard, that were not done because the listener stopped it.
    pub left: u64,
}

impl<'a> SweepRunner<'a> {
    /// Prepares the sweep of an experiment, with as many threads as the machine has.
    ///
    /// # Errors
    ///
    /// The experiment describes no sweep.
    pub fn new(experiment: &'a Experiment) -> Result<Self, SweepError> {
        let plan = experiment.sweep.as_ref().ok_or(SweepError::NoSweep)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { experiment, plan, shard: Shard::WHOLE, threads, listener: None })
    }

    /// Runs a part of the sweep alone.
    pub fn shard(mut self, shard: Shard) -> Self {
        self.shard = shard;
        self
    }

    /// Sets the number of threads that share the runs out. The results are the same to the last bit.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Tells a listener the progress after each block of runs. The sweep stops when the listener answers `false`; runs that are under way are done.
    pub fn progress(mut self, listener: impl Fn(SweepProgress) -> bool + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Runs what is not in the journal yet, and appends it. Without a journal, all is run and kept in memory alone.
    ///
    /// # Errors
    ///
    /// The results do not fit into the memory; the journal cannot be opened or appended to, is in use, or belongs to another sweep. A run that
    /// fails is a row of the results with its reason.
    pub fn run(&self, journal: Option<&Path>) -> Result<SweepOutcome, SweepError> {
        let runs = self.shard.runs_of(self.plan.design.runs());
        let fingerprint = fingerprint(self.experiment, self.plan)?;
        let mut results = Results::new(self.experiment, self.plan, &fingerprint)?;
        let (mut opened, mut cut) = (None, 0);
        if let Some(path) = journal {
            let part = self.shard.to_string();
            let (journal, torn) = ResultJournal::open(path, &fingerprint, &part, |row| results.insert(row))?;
            (opened, cut) = (Some(journal), torn);
        }
        let resumed = results.done();
        let left: Vec<u64> = runs.clone().filter(|run| !results.has(*run)).collect();
        let total = runs.end - runs.start;
        let store = Store { results, journal: opened, done: total - left.len() as u64, error: None };
        let store = self.run_all(left, total, store)?;
        let Store { results, journal, error, done, .. } = store;
        let append = |error| SweepError::Append { error, done, runs: total };
        error.map_or(Ok(()), |error| Err(append(error)))?;
        if let Some(mut journal) = journal {
            journal.sync().map_err(append)?;
        }
        Ok(SweepOutcome { results, resumed, cut, left: total - done })
    }

    /// Runs the runs that are left, over all threads.
    fn run_all(&self, left: Vec<u64>, total: u64, store: Store) -> Result<Store, SweepError> {
        let narrow = self.plan.narrowed(self.experiment);
        let versions = Versions::new(&narrow, self.plan);
        let work = Work {
            runner: self,
            versions,
            stopped: AtomicBool::new(false),
            started: Instant::now(),
            before: store.done,
            total,
            store: Mutex::new(store),
            telling: Mutex::new(()),
        };
        // More threads than blocks have nothing to do.
        let threads = self.threads.min(left.len()).max(1);
        let blocks = Mutex::new(Blocks::new(&narrow, self.plan, left.into_iter()));
        let next = || blocks.lock().ok()?.next();
        let each = || {
            while let Some(block) = next().filter(|_| !work.stopped.load(Ordering::Relaxed)) {
                work.block(&block);
            }
        };
        if threads == 1 {
            each();
        } else {
            std::thread::scope(|scope| -> Result<(), SweepError> {
                for _ in 1..threads {
                    let spawned =
                        std::thread::Builder::new().name("sweep".to_owned()).spawn_scoped(scope, each);
                    if let Err(error) = spawned {
                        work.stopped.store(true, Ordering::Relaxed);
                        return Err(RunError::Threads { threads, why: error.to_string() }.into());
                    }
                }
                each();
                Ok(())
            })?;
        }
        // A thread that panics takes the scope with it, so that nobody is left who could have spoilt the lock.
        Ok(work.store.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// The place that results go to.
struct Store {
    results: Results,
    journal: Option<ResultJournal>,
    done: u64,
    /// The reason why the journal could not be appended to, after which nothing is.
    error: Option<ResultJournalError>,
}

/// The work that threads share.
struct Work<'a> {
    runner: &'a SweepRunner<'a>,
    versions: Versions<'a>,
    stopped: AtomicBool,
    started: Instant,
    /// The runs that were done before this process began.
    before: u64,
    total: u64,
    store: Mutex<Store>,
    /// One thread at a time tells the listener.
    telling: Mutex<()>,
}

impl Work<'_> {
    /// Runs a block and keeps what came of it.
    fn block(&self, block: &[u64]) {
        let plan = self.runner.plan;
        let version = self.versions.get(&plan.design.variant(block[0]));
        match &*version {
            Ok((simulator, duration)) => {
                let points = block.iter().map(|run| plan.design.point(*run));
                let batch = simulator.batch(Sweep::of(points));
                let outcome = batch.reduce(*duration, |index, run| {
                    self.keep(row(plan, block[index], run.as_ref().map_err(ToString::to_string)));
                });
                if let Err(error) = outcome {
                    self.fail(block, &error.to_string());
                }
            }
            Version::Err(reason) => self.fail(block, reason),
        }
        self.tell();
    }

    /// Keeps that the runs of a block failed for one reason.
    fn fail(&self, block: &[u64], reason: &str) {
        for run in block {
            self.keep(row(self.runner.plan, *run, Err(reason.to_owned())));
        }
    }

    /// Appends a row to the journal, and adds it to the results.
    fn keep(&self, row: Row) {
        let Ok(mut store) = self.store.lock() else { return };
        let store = &mut *store;
        if store.error.is_some() {
            return;
        }
        if let Some(Err(error)) = store.journal.as_mut().map(|journal| journal.append(&row)) {
            store.error = Some(error);
            self.stopped.store(true, Ordering::Relaxed);
            return;
        }
        store.results.insert(row);
        store.done += 1;
    }

    fn tell(&self) {
        let Some(listener) = &self.runner.listener else { return };
        // Held while the listener is told, so that what it is told never goes back.
        let Ok(_turn) = self.telling.lock() else { return };
        let Ok(store) = self.store.lock() else { return };
        let (done, failed) = (store.done, store.results.failed());
        drop(store);
        let here = (done - self.before).max(1);
        let left = self.started.elapsed().mul_f64((self.total - done) as f64 / here as f64);
        if !listener(SweepProgress { done, runs: self.total, failed, left }) {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }
}

/// Measures a run.
fn row(plan: &SweepPlan, index: u64, run: Result<&Run, String>) -> Row {
    let mut reasons = Vec::new();
    let (mut numbers, mut records) = (Vec::new(), Vec::new());
    match run {
        Ok(run) => {
            for measure in &plan.measures {
                let mut fail = |reason: String| reasons.push(format!("`{}`: {reason}", measure.name));
                if measure.is_record() {
                    records.push(measure.kept(run).map(|kept| kept.into_owned()).unwrap_or_else(|reason| {
                        fail(reason);
                        ndarray::Array2::zeros((0, 0))
                    }));
                    continue;
                }
                match measure.numbers(run) {
                    Ok(found) => numbers.extend(found),
                    Err(reason) => {
                        fail(reason);
                        numbers.extend(measure.columns.iter().map(|_| f64::NAN));
                    }
                }
            }
        }
        Err(reason) => {
            reasons.push(reason);
            let columns: usize = plan.measures.iter().map(|measure| measure.columns.len()).sum();
            numbers.resize(columns, f64::NAN);
            let kept = plan.measures.iter().filter(|measure| measure.is_record());
            records.extend(kept.map(|_| ndarray::Array2::zeros((0, 0))));
        }
    }
    let reason = (!reasons.is_empty()).then(|| reasons.join("; "));
    Row { run: index, numbers, reason, records }
}
