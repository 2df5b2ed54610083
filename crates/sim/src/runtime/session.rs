//! A simulation under way: it holds the present state and goes on from it.

use std::sync::Arc;
use std::time::Instant;

use ndarray::{Array1, s};
use rayon::ThreadPool;

use crate::run::{Column, Provenance, Run, extend};
use crate::runtime::edges::{Edges, ProjectionSummary};
use crate::runtime::error::RunError;
use crate::runtime::names::Names;
use crate::runtime::nodes::Nodes;
use crate::runtime::record::{Record, Sample, View};
use crate::runtime::time::whole_steps;
use crate::runtime::watch::Watch;
use brainmass_core::engine::FaultMask;
use brainmass_core::info::{ModelInfo, Signal};
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;

/// Told the steps done and the steps in all; a run stops when it answers `false`.
pub type Progress = Arc<dyn Fn(usize, usize) -> bool + Send + Sync>;

/// How often a run tells its progress, in steps.
const PROGRESS_STEPS: usize = 256;

/// A started simulation. Runs of a session follow on one another: two runs of 50 ms give the same bits as one of 100 ms.
pub struct Session {
    pub(crate) names: Names,
    pub(crate) groups: Vec<Nodes>,
    pub(crate) couplings: Edges,
    pub(crate) records: Vec<Record>,
    pub(crate) watches: Vec<Watch>,
    pub(crate) simd: Simd,
    pub(crate) dt: f64,
    pub(crate) stride: usize,
    pub(crate) averaged: bool,
    pub(crate) progress: Option<Progress>,
    /// Steps made so far.
    pub(crate) step: usize,
    /// Samples taken into the present stride.
    pub(crate) in_stride: usize,
    pub(crate) times: Vec<f64>,
    /// The threads that share a large network out.
    pub(crate) pool: Option<ThreadPool>,
    /// The seed of each member of a batch; one for a run alone.
    pub(crate) seeds: Vec<u64>,
    /// The members that have diverged.
    pub(crate) diverged: FaultMask,
    pub(crate) provenance: Arc<Provenance>,
}

/// Steps that are made at once: as many for each of some samples.
#[derive(Clone, Copy)]
struct Burst {
    samples: usize,
    steps: usize,
}

impl Burst {
    const STEP: Self = Self { samples: 1, steps: 1 };
}

/// Where a session stood.
pub(crate) struct Checkpoint {
    step: usize,
    numbers: Vec<f64>,
}

impl Checkpoint {
    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.numbers[..])
    }
}

impl Session {
    /// Runs on for `duration`, recording.
    ///
    /// # Errors
    ///
    /// The duration is no multiple of dt, an input ends too early, or the run diverges.
    pub fn run(&mut self, duration: impl Into<Time>) -> Result<Run, RunError> {
        let steps = whole_steps("duration", duration.into(), self.dt)?;
        self.advance(steps, true)
    }

    /// Runs on for `duration` without recording.
    ///
    /// # Errors
    ///
    /// As [`Session::run`].
    pub fn skip(&mut self, duration: impl Into<Time>) -> Result<(), RunError> {
        let steps = whole_steps("transient", duration.into(), self.dt)?;
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

    /// A state of all nodes at the time reached; `None` for a name that the model does not have.
    pub fn state(&self, name: &str) -> Option<Array1<f64>> {
        let (group, index) = self.names.find(name, ModelInfo::state)?;
        Some(Array1::from(self.groups[group].signal(Signal::State(index)).to_vec()))
    }

    /// What the projections of the network are made of: connections, delays, memory.
    pub fn projections(&self) -> Vec<ProjectionSummary> {
        self.couplings.summaries()
    }

    /// Reports an input that ends before so many steps are made.
    pub(crate) fn covers(&self, steps: usize) -> Result<(), RunError> {
        self.groups.iter().try_for_each(|group| group.covers(steps))
    }

    pub(crate) fn advance(&mut self, steps: usize, record: bool) -> Result<Run, RunError> {
        match self.pool.take() {
            None => self.make(steps, record),
            Some(pool) => {
                let outcome = pool.install(|| self.make(steps, record));
                self.pool = Some(pool);
                outcome
            }
        }
    }

    fn make(&mut self, steps: usize, record: bool) -> Result<Run, RunError> {
        self.covers(self.step + steps)?;
        let started = Instant::now();
        if record {
            let rows = steps / self.stride + 1;
            self.times.reserve(rows);
            self.records.iter_mut().for_each(|entry| entry.reserve(rows));
        }
        let (mut done, mut due) = (0, 0);
        while done < steps && !(self.is_batch() && self.diverged.is_full()) {
            if done >= due {
                if !self.report(done, steps) {
                    return Err(RunError::Stopped {
                        time: self.time(),
                        recorded: Box::new(self.finish(started, done)),
                    });
                }
                due = done + PROGRESS_STEPS;
            }
            let made = self.make_steps(self.burst(record, steps - done))?;
            for sample in 0..made.samples {
                if sample > 0 {
                    self.groups.iter_mut().for_each(Nodes::next_sample);
                }
                done += made.steps;
                self.step += made.steps;
                if let Some(fault) = self.divergence() {
                    return Err(fault(Box::new(self.finish(started, done))));
                }
                if !self.watches.is_empty() {
                    self.watch(record)?;
                }
                if record && !self.records.is_empty() {
                    self.record(made.steps)?;
                }
            }
        }
        self.flush_watches(record)?;
        self.report(steps, steps);
        Ok(self.finish(started, steps))
    }

    /// Makes one step; `watch` sees the session after it, before anything is recorded.
    pub(crate) fn watched_step(&mut self, record: bool, watch: impl FnOnce(&Self)) -> Result<(), RunError> {
        let started = Instant::now();
        self.make_steps(Burst::STEP)?;
        self.step += 1;
        if let Some(fault) = self.divergence() {
            return Err(fault(Box::new(self.finish(started, self.step))));
        }
        watch(self);
        if record { self.record(1) } else { Ok(()) }
    }

    /// Everything that changes from step to step, but for what has been recorded.
    pub(crate) fn save(&mut self) -> Checkpoint {
        let mut numbers = Vec::new();
        self.visit(&mut |values| numbers.extend_from_slice(values));
        Checkpoint { step: self.step, numbers }
    }

    /// Goes back to where a checkpoint was made.
    pub(crate) fn restore(&mut self, checkpoint: &Checkpoint) {
        self.step = checkpoint.step;
        let mut rest = &checkpoint.numbers[..];
        self.visit(&mut |values| {
            let (own, others) = rest.split_at(values.len());
            values.copy_from_slice(own);
            rest = others;
        });
    }

    fn visit(&mut self, with: &mut dyn FnMut(&mut [f64])) {
        self.groups.iter_mut().for_each(|group| group.visit(with));
        self.couplings.visit(with);
    }

    fn is_batch(&self) -> bool {
        self.seeds.len() > 1
    }

    /// Which of the steps that are left can be made at once.
    fn burst(&self, record: bool, left: usize) -> Burst {
        let most = self.groups.iter().map(Nodes::burst).fold(left, usize::min);
        if !self.watches.is_empty() {
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
        let samples = self.groups.iter().map(Nodes::samples).fold(left / self.stride, usize::min);
        Burst { samples, steps: self.stride }
    }

    /// Makes these steps, or fewer if a state leaves the finite numbers before; says which.
    fn make_steps(&mut self, burst: Burst) -> Result<Burst, RunError> {
        let faults = self.step_groups(self.step, burst)?;
        if burst.samples * burst.steps > 1 && !self.is_batch() && !faults.is_empty() {
            // Once more, one by one: in which of them was it?
            self.groups.iter_mut().for_each(Nodes::rewind);
            for steps in 1..=burst.steps {
                self.diverged = self.step_groups(self.step + steps - 1, Burst::STEP)?;
                if !self.diverged.is_empty() {
                    return Ok(Burst { samples: 1, steps });
                }
            }
            return Ok(Burst { samples: 1, ..burst });
        }
        self.diverged = self.diverged.union(faults);
        Ok(burst)
    }

    fn step_groups(&mut self, step: usize, Burst { samples, steps }: Burst) -> Result<FaultMask, RunError> {
        self.couplings.read(&mut self.groups);
        for group in &mut self.groups {
            group.drive(step, self.dt)?;
        }
        self.couplings.deliver(&mut self.groups);
        let advance = |group: &mut Nodes| group.advance(step, samples, steps, self.dt);
        Ok(self.groups.iter_mut().map(advance).fold(FaultMask::default(), FaultMask::union))
    }

    /// The error of a state that left the finite numbers in the last step; it takes what was recorded until then. Members of a batch
    /// may diverge without ending the run.
    fn divergence(&self) -> Option<impl FnOnce(Box<Run>) -> RunError + use<>> {
        if self.diverged.is_empty() || self.is_batch() {
            return None;
        }
        let mut faults =
            self.groups.iter().enumerate().filter_map(|(index, group)| Some((index, group.divergence()?)));
        let (group, (node, state, value, before)) = faults.next()?;
        let (time, model) = (self.time(), self.names.of(group));
        let state = self.groups[group].info().states[state].name;
        Some(move |recorded| RunError::Diverged { time, model, node, state, value, before, recorded })
    }

    /// Tells the progress; `false` when the listener wants the run to stop.
    pub(crate) fn report(&self, done: usize, steps: usize) -> bool {
        self.progress.as_ref().is_none_or(|progress| progress(done, steps))
    }

    /// Records after so many steps, of which none but the last was due.
    fn record(&mut self, made: usize) -> Result<(), RunError> {
        self.in_stride += made;
        let ends = self.in_stride == self.stride;
        if ends || self.averaged {
            self.sample()?;
        }
        if ends {
            if self.averaged {
                self.records.iter_mut().for_each(|entry| entry.end_stride(self.in_stride));
            }
            self.times.push(self.time());
            self.in_stride = 0;
        }
        Ok(())
    }

    /// Lets the monitors see all steps that were made so far.
    pub(crate) fn flush_watches(&mut self, recording: bool) -> Result<(), RunError> {
        self.watches.iter_mut().try_for_each(|watch| watch.flush(recording))
    }

    /// Shows the monitors the step that was made.
    pub(crate) fn watch(&mut self, recording: bool) -> Result<(), RunError> {
        let records = self.watches.iter().map(|watch| &watch.record);
        observe(&mut self.groups, records);
        let view = View { names: &self.names, groups: &self.groups, time: self.step as f64 * self.dt };
        let sample = Sample { view, couplings: &self.couplings };
        self.watches.iter_mut().try_for_each(|watch| watch.take(&sample, recording))
    }

    /// Ends the run, of which this is the last piece, or all: adds the rows that monitors can give only now.
    ///
    /// # Errors
    ///
    /// A monitor that gave no row in the whole run.
    pub fn end(&mut self, run: &mut Run) -> Result<(), RunError> {
        let time = self.time();
        let first = run.columns.len() - self.watches.len();
        for (watch, column) in self.watches.iter_mut().zip(&mut run.columns[first..]) {
            watch.end(time)?;
            extend(column, watch.drain());
        }
        Ok(())
    }

    fn sample(&mut self) -> Result<(), RunError> {
        observe(&mut self.groups, self.records.iter());
        let view = View { names: &self.names, groups: &self.groups, time: self.step as f64 * self.dt };
        let sample = Sample { view, couplings: &self.couplings };
        let averaged = self.averaged;
        self.records.iter_mut().try_for_each(|entry| entry.take(&sample, averaged))
    }

    /// What has been recorded since the last run.
    pub(crate) fn finish(&mut self, started: Instant, steps: usize) -> Run {
        let ts = Array1::from(std::mem::take(&mut self.times));
        let recorded = self.records.iter_mut().map(|record| Column {
            name: record.name.clone(),
            unit: record.unit.clone(),
            ts: ts.clone(),
            values: record.drain(),
        });
        let columns = recorded.chain(self.watches.iter_mut().map(Watch::drain)).collect();
        Run { ts, columns, provenance: Arc::clone(&self.provenance), steps, elapsed: started.elapsed() }
    }

    /// What a run of several members says of one; `None` if that one diverged.
    pub(crate) fn of_member(&self, run: &Run, member: usize) -> Option<Run> {
        if self.diverged.has(member) {
            return None;
        }
        let members = self.seeds.len();
        let of_member = |column: &Column| Column {
            name: column.name.clone(),
            unit: column.unit.clone(),
            ts: column.ts.clone(),
            values: column.values.slice(s![.., member..; members]).to_owned(),
        };
        Some(Run {
            ts: run.ts.clone(),
            columns: run.columns.iter().map(of_member).collect(),
            provenance: Arc::new(Provenance {
                seed: self.seeds[member],
                ..Provenance::clone(&self.provenance)
            }),
            steps: run.steps,
            elapsed: run.elapsed,
        })
    }
}

/// Computes the observables that records are taken from.
fn observe<'a>(groups: &mut [Nodes], records: impl Iterator<Item = &'a Record>) {
    for (group, before) in records.filter_map(Record::observes) {
        if before {
            groups[group].observe_before();
        } else {
            groups[group].observe();
        }
    }
}
