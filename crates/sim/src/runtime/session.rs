//! Simulations under way, which hold the present state and go on from it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ndarray::{Array1, s};
use rayon::ThreadPool;

use crate::fingerprint::Fingerprint;
use crate::run::{Column, Provenance, Run, StepError, extend};
use crate::runtime::bytes::Bytes;
use crate::runtime::edges::{Edges, EdgesCheckpoint, ProjectionSummary};
use crate::runtime::error::RunError;
use crate::runtime::instrument::Instrument;
use crate::runtime::memory::{MemoryBudget, bytes};
use crate::runtime::names::Names;
use crate::runtime::nodes::{Nodes, NodesCheckpoint};
use crate::runtime::record::{Record, Sample, View};
use crate::runtime::step_error::ErrorWatch;
use crate::runtime::time::whole_steps;
use crate::words::Words;
use brainmass_core::engine::FaultMask;
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;

/// A listener that is told the steps done and the steps in all. A run stops when it answers `false`.
pub type Progress = Arc<dyn Fn(usize, usize) -> bool + Send + Sync>;

/// The largest number of steps between two reports of progress.
const PROGRESS_STEPS: usize = 256;

/// The longest time that should pass between two reports of progress, so that a run of a large network stops soon when it is told to.
const PROGRESS_TIME: Duration = Duration::from_millis(20);

/// The advice where records do not fit into the memory.
const RECORD_ADVICE: &str = "record fewer signals, or less often (`every`, `sample_every`), let an instrument observe (`observe`), \
                             or write to disk during the run (`run_to`)";

/// A started simulation. Runs of a session follow on one another: two runs of 50 ms give the same bits as one of 100 ms.
pub struct Session {
    pub(crate) names: Names,
    /// The nodes of each group.
    pub(crate) nodes: Vec<Nodes>,
    pub(crate) edges: Edges,
    pub(crate) records: Vec<Record>,
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) simd: Simd,
    pub(crate) dt: f64,
    /// The number of steps from row to row of the records.
    pub(crate) stride: usize,
    /// Whether a row is the mean over its stride instead of the last sample.
    pub(crate) averaged: bool,
    pub(crate) progress: Option<Progress>,
    /// The number of steps made so far.
    pub(crate) step: usize,
    /// The number of samples taken into the present stride.
    pub(crate) in_stride: usize,
    /// The times of the rows recorded since the last run, ms.
    pub(crate) times: Vec<f64>,
    /// The threads among which a large network is divided.
    pub(crate) pool: Option<ThreadPool>,
    /// The seed of each run of a batch, or of the run alone.
    pub(crate) seeds: Vec<u64>,
    /// The runs of a batch that have diverged, by their batch index.
    pub(crate) diverged: FaultMask,
    pub(crate) provenance: Arc<Provenance>,
    /// The memory that nodes and edges take, and its limit.
    pub(crate) memory: MemoryBudget,
    /// The largest number of steps of a run.
    pub(crate) most_steps: u64,
    /// The estimate of the error of a step, where one was asked for.
    pub(crate) error_watch: Option<ErrorWatch>,
}

/// Steps that are made by one call of the engines: `steps` before each of `samples` samples.
#[derive(Clone, Copy)]
struct Burst {
    samples: usize,
    steps: usize,
}

impl Burst {
    /// A single step.
    const STEP: Self = Self { samples: 1, steps: 1 };
}

/// The state of a run from which it goes on with the same bits: a copy of everything that changes from step to step, without what has been
/// recorded.
pub(crate) struct Checkpoint {
    step: usize,
    /// The nodes of each group.
    nodes: Vec<NodesCheckpoint>,
    edges: EdgesCheckpoint,
}

impl Checkpoint {
    /// The memory that it takes, bytes.
    pub fn bytes(&self) -> usize {
        self.nodes.iter().map(NodesCheckpoint::bytes).sum::<usize>() + self.edges.bytes()
    }
}

impl Session {
    /// Runs on for `duration`, recording.
    ///
    /// # Errors
    ///
    /// The duration is no multiple of dt or has too many steps, the records do not fit into the memory, an input ends too early, or the run
    /// diverges.
    pub fn run(&mut self, duration: impl Into<Time>) -> Result<Run, RunError> {
        let steps = self.count_steps("duration", duration.into())?;
        self.advance(steps, true)
    }

    /// Runs on for `duration` without recording.
    ///
    /// # Errors
    ///
    /// The same as those of [`Session::run`].
    pub fn skip(&mut self, duration: impl Into<Time>) -> Result<(), RunError> {
        let steps = self.count_steps("transient", duration.into())?;
        self.advance(steps, false).map(|_| ())
    }

    /// Tells a listener the progress of the runs that follow, as `Simulator::progress` does.
    pub fn listen(&mut self, listener: impl Fn(usize, usize) -> bool + Send + Sync + 'static) {
        self.progress = Some(Arc::new(listener));
    }

    /// The time reached, ms.
    pub fn time(&self) -> f64 {
        self.step as f64 * self.dt
    }

    /// The time step, ms.
    pub fn time_step(&self) -> f64 {
        self.dt
    }

    /// Returns a state of all nodes at the time reached; `None` for a name that the model does not have.
    pub fn state(&self, name: &str) -> Option<Array1<f64>> {
        let (group, index) = self.names.find(name, ModelInfo::state)?;
        Some(Array1::from(self.nodes[group].signal(Signal::State(index)).to_vec()))
    }

    /// Summarises the projections of the network: edges, delays, memory.
    pub fn projections(&self) -> Vec<ProjectionSummary> {
        self.edges.summaries()
    }

    /// Returns a time as a number of steps that one run may have.
    ///
    /// # Errors
    ///
    /// The time is no whole number of steps, or there are more steps than the limit.
    pub(crate) fn count_steps(&self, what: &'static str, time: Time) -> Result<usize, RunError> {
        let steps = whole_steps(what, time, self.dt)?;
        if steps as u64 > self.most_steps {
            return Err(RunError::Steps { what, steps, dt: self.dt, limit: self.most_steps });
        }
        Ok(steps)
    }

    /// Reports an input that ends before so many steps are made.
    pub(crate) fn check_coverage(&self, steps: usize) -> Result<(), RunError> {
        self.nodes.iter().try_for_each(|nodes| nodes.check_coverage(steps))
    }

    /// The memory that the records of a run of so many steps take, bytes.
    pub(crate) fn record_bytes(&self, steps: usize) -> u64 {
        let values: usize = self.records.iter().map(Record::width).sum();
        // Every record has a column of times, and so has the run.
        let times = self.records.len() + 1;
        let records = bytes(&[steps / self.stride, values.saturating_add(times)]);
        let observed =
            self.instruments.iter().map(|instrument| instrument.expected_numbers(steps as f64 * self.dt));
        observed.fold(records, |sum, numbers| sum.saturating_add(bytes(&[numbers])))
    }

    /// Reports records that do not fit into the memory.
    ///
    /// # Errors
    ///
    /// The records of `runs` runs of so many steps take, with what nodes and edges take, more memory than the limit.
    pub(crate) fn check_memory(&self, steps: usize, runs: usize) -> Result<(), RunError> {
        let needed = self.record_bytes(steps).saturating_mul(runs as u64);
        let what = || match runs {
            1 => format!("a run whose records have {} rows", steps / self.stride),
            _ => format!("a batch of {runs} runs whose records have {} rows each", steps / self.stride),
        };
        self.memory.check(what, RECORD_ADVICE, needed).map(|_| ())
    }

    /// Makes `steps` further steps, on the session's own threads where it has some.
    pub(crate) fn advance(&mut self, steps: usize, record: bool) -> Result<Run, RunError> {
        match self.pool.take() {
            None => self.advance_here(steps, record),
            Some(pool) => {
                let outcome = pool.install(|| self.advance_here(steps, record));
                self.pool = Some(pool);
                outcome
            }
        }
    }

    /// Makes `steps` further steps on the present thread.
    fn advance_here(&mut self, steps: usize, record: bool) -> Result<Run, RunError> {
        self.check_coverage(self.step.saturating_add(steps))?;
        let started = Instant::now();
        if record {
            self.reserve(steps)?;
        }
        let (mut done, mut due, mut estimated) = (0, 0, ErrorWatch::interval(steps));
        // The first reports follow soon on one another, because nobody knows yet how long a step takes.
        let (mut pace, mut reported) = (1, started);
        while done < steps && !(self.is_batch() && self.diverged.is_full()) {
            if done >= due {
                if !self.report(done, steps) {
                    return Err(RunError::Stopped {
                        time: self.time(),
                        recorded: Box::new(self.cut_short(record, started, done)),
                    });
                }
                let now = Instant::now();
                pace = if now - reported > PROGRESS_TIME {
                    (pace / 2).max(1)
                } else {
                    (2 * pace).min(PROGRESS_STEPS)
                };
                (due, reported) = (done + pace, now);
            }
            if let Some(watch) = self.error_watch.as_mut().filter(|_| done >= estimated) {
                watch.look(&self.nodes);
                estimated += ErrorWatch::interval(steps);
            }
            let made = self.advance_burst(self.next_burst(record, steps - done))?;
            for sample in 0..made.samples {
                if sample > 0 {
                    self.nodes.iter_mut().for_each(Nodes::next_sample);
                }
                done += made.steps;
                self.step += made.steps;
                if let Some(fault) = self.divergence_error() {
                    return Err(fault(Box::new(self.cut_short(record, started, done))));
                }
                if !self.instruments.is_empty() {
                    self.observe(record)?;
                }
                if record && !self.records.is_empty() {
                    self.record(made.steps)?;
                }
            }
        }
        self.flush_instruments(record)?;
        self.report(steps, steps);
        Ok(self.finish(started, steps))
    }

    /// Takes out what has been recorded of a run that ends before its time, and stamps it with the time reached.
    fn cut_short(&mut self, record: bool, started: Instant, steps: usize) -> Run {
        // What waits for the instruments is shown to them; they may not take the state of a run that diverged.
        let _ = self.flush_instruments(record);
        let mut run = self.finish(started, steps);
        let ended_at = Some(self.time());
        run.provenance = Arc::new(Provenance { ended_at, ..Provenance::clone(&run.provenance) });
        run
    }

    /// Makes room for the records of so many steps, so that a run does not fail for want of memory after hours.
    fn reserve(&mut self, steps: usize) -> Result<(), RunError> {
        self.check_memory(steps, 1)?;
        let rows = steps / self.stride + 1;
        let fits = self.times.try_reserve(rows).is_ok()
            && self.records.iter_mut().all(|record| record.try_reserve(rows));
        if fits {
            return Ok(());
        }
        let needed = Bytes(self.record_bytes(steps));
        Err(RunError::OutOfMemory {
            what: "the records of the run".to_owned(),
            needed,
            advice: RECORD_ADVICE,
        })
    }

    /// Makes one step; `see` is shown the session after it, before anything is recorded.
    pub(crate) fn advance_step(&mut self, record: bool, see: impl FnOnce(&Self)) -> Result<(), RunError> {
        let started = Instant::now();
        self.advance_burst(Burst::STEP)?;
        self.step += 1;
        if let Some(fault) = self.divergence_error() {
            return Err(fault(Box::new(self.finish(started, self.step))));
        }
        see(self);
        if record { self.record(1) } else { Ok(()) }
    }

    /// Copies everything that changes from step to step, without what has been recorded.
    pub(crate) fn save(&self) -> Checkpoint {
        let nodes = self.nodes.iter().map(Nodes::save).collect();
        Checkpoint { step: self.step, nodes, edges: self.edges.save() }
    }

    /// Goes back to where a checkpoint was made.
    pub(crate) fn restore(&mut self, checkpoint: &Checkpoint) {
        self.step = checkpoint.step;
        for (nodes, saved) in self.nodes.iter_mut().zip(&checkpoint.nodes) {
            nodes.restore(saved);
        }
        self.edges.restore(&checkpoint.edges);
    }

    /// Copies everything that changes from step to step, instruments included, as words of 64 bits; `None` where an instrument cannot be copied. It is
    /// called between strides, and what has been recorded is not in it.
    pub(crate) fn to_words(&self) -> Option<Vec<u64>> {
        let Checkpoint { step, nodes, edges } = self.save();
        let mut words = vec![step as u64, self.in_stride as u64];
        nodes.iter().for_each(|nodes| nodes.write(&mut words));
        edges.write(&mut words);
        self.instruments.iter().try_for_each(|instrument| instrument.write(&mut words))?;
        Some(words)
    }

    /// Goes back to what [`Session::to_words`] copied of a session of the same simulation; `None` where that is not what the words are.
    pub(crate) fn take_words(&mut self, words: &[u64]) -> Option<()> {
        let mut words = Words(words);
        let own = self.save();
        let (step, in_stride) = (words.whole()?, words.whole()?);
        let nodes = own.nodes.iter().map(|nodes| nodes.read(&mut words)).collect::<Option<_>>()?;
        let edges = own.edges.read(&mut words)?;
        self.restore(&Checkpoint { step, nodes, edges });
        self.in_stride = in_stride;
        self.instruments.iter_mut().try_for_each(|instrument| instrument.read(&mut words))?;
        words.0.is_empty().then_some(())
    }

    fn is_batch(&self) -> bool {
        self.seeds.len() > 1
    }

    /// Chooses how many of the steps that are left are made by the next call of the engines.
    fn next_burst(&self, record: bool, left: usize) -> Burst {
        let most = self.nodes.iter().map(Nodes::burst_steps).fold(left, usize::min);
        if !self.instruments.is_empty() {
            return Burst::STEP;
        }
        if most == 1 || !record {
            return Burst { samples: 1, steps: most };
        }
        if self.averaged || self.records.iter().any(Record::needs_every_step) {
            return Burst::STEP;
        }
        let until_sample = self.stride - self.in_stride;
        if until_sample < self.stride || until_sample > most {
            return Burst { samples: 1, steps: most.min(until_sample) };
        }
        let samples = self.nodes.iter().map(Nodes::burst_samples).fold(left / self.stride, usize::min);
        Burst { samples, steps: self.stride }
    }

    /// Makes the steps of a burst, or fewer where a state leaves the finite numbers before its end. Returns those that were made.
    fn advance_burst(&mut self, burst: Burst) -> Result<Burst, RunError> {
        let faults = self.advance_nodes(self.step, burst)?;
        if burst.samples * burst.steps > 1 && !self.is_batch() && !faults.is_empty() {
            // The mask does not say in which of the steps it was, so they are made again one by one.
            self.nodes.iter_mut().for_each(Nodes::rewind);
            for steps in 1..=burst.steps {
                self.diverged = self.advance_nodes(self.step + steps - 1, Burst::STEP)?;
                if !self.diverged.is_empty() {
                    return Ok(Burst { samples: 1, steps });
                }
            }
            return Ok(Burst { samples: 1, ..burst });
        }
        self.diverged = self.diverged.union(faults);
        Ok(burst)
    }

    /// Advances the nodes of every group by a burst: computes their inputs, then makes their steps. Returns the union of their fault masks.
    fn advance_nodes(&mut self, step: usize, Burst { samples, steps }: Burst) -> Result<FaultMask, RunError> {
        self.edges.compute_currents(&mut self.nodes);
        for nodes in &mut self.nodes {
            nodes.set_inputs(step, self.dt)?;
        }
        self.edges.deliver(&mut self.nodes);
        let advance = |nodes: &mut Nodes| nodes.advance(step, samples, steps, self.dt);
        Ok(self.nodes.iter_mut().map(advance).fold(FaultMask::default(), FaultMask::union))
    }

    /// Returns the error of a state that left the finite numbers in the last step, which takes what was recorded until then. Runs of a batch
    /// may diverge without ending the batch.
    fn divergence_error(&self) -> Option<impl FnOnce(Box<Run>) -> RunError + use<>> {
        if self.diverged.is_empty() || self.is_batch() {
            return None;
        }
        let mut faults = self
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(group, nodes)| Some((group, nodes.find_divergence()?)));
        let (group, found) = faults.next()?;
        let (time, model) = (self.time(), self.names.words(group));
        let state = self.nodes[group].info().states[found.state].name.clone();
        let (node, value, before) = (found.node, found.value, found.before);
        Some(move |recorded| RunError::Diverged { time, model, node, state, value, before, recorded })
    }

    /// Tells the progress; returns `false` where the listener wants the run to stop.
    pub(crate) fn report(&self, done: usize, steps: usize) -> bool {
        self.progress.as_ref().is_none_or(|progress| progress(done, steps))
    }

    /// Records after so many steps, of which none but the last was due.
    fn record(&mut self, made: usize) -> Result<(), RunError> {
        self.in_stride += made;
        let ends = self.in_stride == self.stride;
        if ends || self.averaged {
            self.take_sample()?;
        }
        if ends {
            if self.averaged {
                self.records.iter_mut().for_each(|record| record.end_stride(self.in_stride));
            }
            self.times.push(self.time());
            self.in_stride = 0;
        }
        Ok(())
    }

    /// Shows the monitors all steps that were made so far.
    pub(crate) fn flush_instruments(&mut self, recording: bool) -> Result<(), RunError> {
        self.instruments.iter_mut().try_for_each(|instrument| instrument.flush(recording))
    }

    /// Shows the instruments the step that was made.
    pub(crate) fn observe(&mut self, recording: bool) -> Result<(), RunError> {
        let records = self.instruments.iter().map(|instrument| &instrument.record);
        compute_observables(&mut self.nodes, records);
        let view = View { names: &self.names, nodes: &self.nodes, time: self.step as f64 * self.dt };
        let sample = Sample { view, edges: &self.edges };
        self.instruments.iter_mut().try_for_each(|instrument| instrument.take(&sample, recording))
    }

    /// Ends the run, of which this is the last piece, or all: adds the rows that monitors can give only now.
    ///
    /// # Errors
    ///
    /// A monitor gave no row in the whole run.
    pub fn end(&mut self, run: &mut Run) -> Result<(), RunError> {
        let time = self.time();
        let first = run.columns.len() - self.instruments.len();
        for (instrument, column) in self.instruments.iter_mut().zip(&mut run.columns[first..]) {
            instrument.end(time)?;
            extend(column, instrument.drain());
        }
        Ok(())
    }

    /// Takes a sample of every record.
    fn take_sample(&mut self) -> Result<(), RunError> {
        compute_observables(&mut self.nodes, self.records.iter());
        let view = View { names: &self.names, nodes: &self.nodes, time: self.step as f64 * self.dt };
        let sample = Sample { view, edges: &self.edges };
        let averaged = self.averaged;
        self.records.iter_mut().try_for_each(|record| record.take(&sample, averaged))
    }

    /// Takes out what has been recorded since the last run.
    pub(crate) fn finish(&mut self, started: Instant, steps: usize) -> Run {
        let ts = Array1::from(std::mem::take(&mut self.times));
        let recorded = self.records.iter_mut().map(|record| Column {
            name: record.name.clone(),
            unit: record.unit.clone(),
            ts: ts.clone(),
            values: record.drain(),
        });
        let columns = recorded.chain(self.instruments.iter_mut().map(Instrument::drain)).collect();
        Run {
            ts,
            columns,
            provenance: Arc::clone(&self.provenance),
            steps,
            elapsed: started.elapsed(),
            step_error: self.step_error(),
        }
    }

    /// Returns the largest error of a step that has been estimated so far; `None` where no estimate was asked for or nothing moves.
    pub(crate) fn step_error(&self) -> Option<StepError> {
        let name =
            |group: usize, state: usize| self.names.full(group, &self.nodes[group].info().states[state].name);
        self.error_watch.as_ref()?.estimate(name)
    }

    /// Returns the run of one batch index, which has these settings, from the records of a batch; `None` where that run diverged.
    pub(crate) fn run_of(&self, batch: &Run, index: usize, mut settings: Fingerprint) -> Option<Run> {
        if self.diverged.has(index) {
            return None;
        }
        settings.add("duration", format!("{} ms", batch.steps as f64 * self.dt));
        let runs = self.seeds.len();
        let column_of_run = |column: &Column| Column {
            name: column.name.clone(),
            unit: column.unit.clone(),
            ts: column.ts.clone(),
            values: column.values.slice(s![.., index..; runs]).to_owned(),
        };
        Some(Run {
            ts: batch.ts.clone(),
            columns: batch.columns.iter().map(column_of_run).collect(),
            provenance: Arc::new(Provenance {
                seed: self.seeds[index],
                settings,
                ..Provenance::clone(&self.provenance)
            }),
            steps: batch.steps,
            elapsed: batch.elapsed,
            step_error: None,
        })
    }
}

/// Computes the observables that records are taken from.
fn compute_observables<'a>(nodes: &mut [Nodes], records: impl Iterator<Item = &'a Record>) {
    for (group, before) in records.filter_map(Record::observed_group) {
        if before {
            nodes[group].observe_before();
        } else {
            nodes[group].observe();
        }
    }
}
