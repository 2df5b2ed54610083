//! A simulation under way: it holds the present state and goes on from it.

use std::sync::Arc;
use std::time::Instant;

use ndarray::Array1;

use super::group::Group;
use super::names::Names;
use super::record::{Record, Sample, View};
use super::run::{Column, Run};
use super::{Progress, RunError, whole_steps};
use crate::info::{ModelInfo, Signal};
use crate::network::{Couplings, ProjectionSummary};
use crate::quantity::Time;
use crate::scheme::Scheme;

/// How often a run tells its progress, in steps.
const PROGRESS_STEPS: usize = 256;

/// A started simulation. Runs of a session follow on one another: two runs of 50 ms give the same bits as one of 100 ms.
pub struct Session {
    pub(super) names: Names,
    pub(super) groups: Vec<Group>,
    /// The scheme of each group.
    pub(super) schemes: Vec<Scheme>,
    pub(super) couplings: Couplings,
    pub(super) records: Vec<Record>,
    pub(super) dt: f64,
    pub(super) stride: usize,
    pub(super) averaged: bool,
    pub(super) progress: Option<Progress>,
    /// Steps made so far.
    pub(super) step: usize,
    /// Samples taken into the present stride.
    pub(super) in_stride: usize,
    pub(super) times: Vec<f64>,
    pub(super) provenance: Arc<super::run::Provenance>,
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

    /// The time reached, ms.
    pub fn time(&self) -> f64 {
        self.step as f64 * self.dt
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
    pub(super) fn covers(&self, steps: usize) -> Result<(), RunError> {
        self.groups.iter().try_for_each(|group| group.covers(steps))
    }

    pub(super) fn advance(&mut self, steps: usize, record: bool) -> Result<Run, RunError> {
        self.covers(self.step + steps)?;
        let started = Instant::now();
        if record {
            let rows = steps / self.stride + 1;
            self.times.reserve(rows);
            self.records.iter_mut().for_each(|entry| entry.reserve(rows));
        }
        for done in 0..steps {
            if done % PROGRESS_STEPS == 0 && !self.report(done, steps) {
                return Err(RunError::Stopped {
                    time: self.time(),
                    recorded: Box::new(self.finish(started, done)),
                });
            }
            self.make_step()?;
            self.step += 1;
            if let Some(fault) = self.divergence() {
                return Err(fault(Box::new(self.finish(started, done + 1))));
            }
            if record {
                self.record()?;
            }
        }
        self.report(steps, steps);
        Ok(self.finish(started, steps))
    }

    fn make_step(&mut self) -> Result<(), RunError> {
        self.couplings.read(&mut self.groups);
        for group in &mut self.groups {
            group.drive(self.step, self.dt)?;
        }
        self.couplings.deliver(&mut self.groups);
        for (group, scheme) in self.groups.iter_mut().zip(&self.schemes) {
            group.advance(*scheme, self.step, self.dt);
        }
        Ok(())
    }

    /// The error of a state that left the finite numbers in the last step; it takes what was recorded until then.
    fn divergence(&self) -> Option<impl FnOnce(Box<Run>) -> RunError + use<>> {
        let mut faults =
            self.groups.iter().enumerate().filter_map(|(index, group)| Some((index, group.divergence()?)));
        let (group, (node, state, value, before)) = faults.next()?;
        let (time, model) = (self.time(), self.names.of(group));
        let state = self.groups[group].info().states[state].name;
        Some(move |recorded| RunError::Diverged { time, model, node, state, value, before, recorded })
    }

    /// Tells the progress; `false` when the listener wants the run to stop.
    fn report(&self, done: usize, steps: usize) -> bool {
        self.progress.as_ref().is_none_or(|progress| progress(done, steps))
    }

    fn record(&mut self) -> Result<(), RunError> {
        self.in_stride += 1;
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

    fn sample(&mut self) -> Result<(), RunError> {
        for (group, before) in self.records.iter().filter_map(Record::observes) {
            if before {
                self.groups[group].observe_before();
            } else {
                self.groups[group].observe();
            }
        }
        let view = View { names: &self.names, groups: &self.groups, time: self.step as f64 * self.dt };
        let sample = Sample { view, couplings: &self.couplings };
        let averaged = self.averaged;
        self.records.iter_mut().try_for_each(|entry| entry.take(&sample, averaged))
    }

    /// What has been recorded since the last run.
    fn finish(&mut self, started: Instant, steps: usize) -> Run {
        let columns = self
            .records
            .iter_mut()
            .map(|record| Column {
                name: record.name.clone(),
                unit: record.unit.clone(),
                values: record.drain(),
            })
            .collect();
        Run {
            ts: Array1::from(std::mem::take(&mut self.times)),
            columns,
            provenance: Arc::clone(&self.provenance),
            steps,
            elapsed: started.elapsed(),
        }
    }
}
