//! Long runs that go on after their process has ended.

use std::path::Path;
use std::time::{Duration, Instant};

use ndarray::{Array1, Array2};
use thiserror::Error;

use super::builder::Simulator;
use super::journal::{ResultJournal, ResultJournalError};
use super::row::Row;
use super::run::part_of;
use crate::fingerprint::Fingerprint;
use crate::run::{Column, Run, extend};
use crate::runtime::{RunError, Session};
use brainmass_core::quantity::Time;
use brainmass_core::real::Simd;

/// The reason why a run with checkpoints did not come to its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The run itself failed, or was stopped. What was recorded is not in the error: it is in the file of checkpoints.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The file of checkpoints cannot be opened or appended to, is in use, or belongs to another run.
    #[error(transparent)]
    Journal(#[from] ResultJournalError),
    /// An instrument that is no part of this library cannot be copied.
    #[error("the run cannot have checkpoints: an instrument that observes it cannot be copied")]
    NoCopy,
}

/// The time by the clock that a piece of a run takes, between two looks at whether a checkpoint is due.
const PIECE: Duration = Duration::from_millis(250);

/// The strides of the first piece.
const FIRST_STRIDES: usize = 64;

impl Simulator {
    /// Runs as [`Simulator::run`] does, and appends a checkpoint to a file after each `every` by the clock: the state of the run, with delays and noise, and
    /// what was recorded since the one before. If the file has checkpoints of this run already, the run goes on from the last one, and ends with
    /// the bits of a run that was never interrupted. The file is left in its place.
    ///
    /// ```
    /// use std::time::Duration;
    /// use brainmass::prelude::*;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let file = folder.path().join("hopf.checkpoint");
    /// let simulator = Simulator::new(HopfStep::new(2).init_x(0.1).noise_x(0.1)).record(["x"]);
    /// let run = simulator.run_resumable(100.0.ms(), &file, Duration::from_secs(600))?;
    /// assert_eq!(run["x"], simulator.run(100.0.ms())?["x"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ResumeError`]: those of [`Simulator::run`], and where the file cannot be used.
    pub fn run_resumable(
        &self,
        duration: impl Into<Time>,
        file: impl AsRef<Path>,
        every: Duration,
    ) -> Result<Run, ResumeError> {
        self.finish_resumable(&mut self.start()?, duration, file, every)
    }

    /// Runs a session that [`Simulator::start`] has just made as [`Simulator::run_resumable`] runs one of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::run_resumable`].
    pub fn finish_resumable(
        &self,
        session: &mut Session,
        duration: impl Into<Time>,
        file: impl AsRef<Path>,
        every: Duration,
    ) -> Result<Run, ResumeError> {
        let started = Instant::now();
        let duration = duration.into();
        let fingerprint = self.fingerprint_of_run(&duration)?;
        let steps = session.count_steps("duration", duration)?;
        let transient = self.transient_of(steps, session.dt)?;
        session.check_coverage(steps)?;
        session.check_memory(steps - transient, 1)?;
        session.note_setting("duration", format!("{} ms", steps as f64 * session.dt));
        let mut rows: Vec<Row> = Vec::new();
        let (mut journal, _) = ResultJournal::open(file.as_ref(), &fingerprint, "a run", |row| {
            let is_next = row.run == rows.len() as u64;
            rows.push(row);
            is_next
        })?;
        let listener = session.progress.take();
        // The names and units of what is recorded, before any row.
        let mut run = session.advance(0, true)?;
        let mut checkpoints = 0;
        for row in rows {
            checkpoints += 1;
            let words: Vec<u64> = row.numbers.iter().map(|number| number.to_bits()).collect();
            let taken = session.take_words(&words).and_then(|()| add(&mut run, row.records));
            taken.ok_or_else(|| strange(file.as_ref()))?;
        }
        let mut saved = Instant::now();
        // What was recorded since the last checkpoint.
        let mut since = session.advance(0, true)?;
        let mut strides = FIRST_STRIDES;
        while session.step < steps {
            let done = session.step;
            let (end, record) = if done < transient { (transient, false) } else { (steps, true) };
            let piece = strides.saturating_mul(session.stride).min(end - done);
            session.progress = listener.as_ref().map(|listener| part_of(listener, done, steps));
            let began = Instant::now();
            let recorded = session.advance(piece, record)?;
            for (column, rest) in since.columns.iter_mut().zip(recorded.columns) {
                extend(column, rest);
            }
            // Pieces of about the same time, whatever a step takes.
            let took = began.elapsed().max(Duration::from_micros(1));
            let factor = (PIECE.as_secs_f64() / took.as_secs_f64()).clamp(0.25, 4.0);
            strides = ((strides as f64 * factor) as usize).max(1);
            if saved.elapsed() >= every && session.step < steps && session.in_stride == 0 {
                let words = session.to_words().ok_or(ResumeError::NoCopy)?;
                let numbers = words.into_iter().map(f64::from_bits).collect();
                let records = taken_out(&since);
                journal.append(&Row { run: checkpoints, numbers, reason: None, records })?;
                journal.sync()?;
                checkpoints += 1;
                let fresh = session.advance(0, true)?;
                add(&mut run, taken_out(&std::mem::replace(&mut since, fresh)));
                saved = Instant::now();
            }
        }
        add(&mut run, taken_out(&since));
        (run.steps, run.elapsed) = (steps, started.elapsed());
        if let Some(first) = run.columns.first().filter(|_| !session.records.is_empty()) {
            run.ts = first.ts.clone();
        }
        session.end(&mut run)?;
        Ok(run)
    }

    /// Describes everything that determines the bits of a run.
    fn fingerprint_of_run(&self, duration: &Time) -> Result<Fingerprint, RunError> {
        let mut all = self.fingerprint();
        all.add("duration", duration.ms().map_or_else(|given| given.to_string(), |ms| format!("{ms} ms")));
        all.add("version of brainmass", env!("CARGO_PKG_VERSION"));
        all.add("instruction set", self.simd.map_or_else(Simd::from_environment, Ok)?.name());
        Ok(all)
    }
}

/// The error about a file whose checkpoints do not fit the run.
fn strange(path: &Path) -> ResumeError {
    ResultJournalError::Strange { path: path.to_owned(), what: "a checkpoint does not fit the run" }.into()
}

/// Returns what was recorded as arrays: for each column its times, then its values.
pub(super) fn taken_out(run: &Run) -> Vec<Array2<f64>> {
    let arrays = run.columns.iter().flat_map(|column| {
        let ts = column.ts.clone().into_shape_with_order((column.ts.len(), 1));
        [ts.unwrap_or_default(), column.values.clone()]
    });
    arrays.collect()
}

/// Adds such arrays to the columns of a run; `None` where they are not those of as many columns.
pub(super) fn add(run: &mut Run, arrays: Vec<Array2<f64>>) -> Option<()> {
    if arrays.len() != 2 * run.columns.len() {
        return None;
    }
    let mut arrays = arrays.into_iter();
    for column in &mut run.columns {
        let (ts, values) = (arrays.next()?, arrays.next()?);
        if ts.len() != values.nrows() {
            return None;
        }
        let rest = Column {
            name: column.name.clone(),
            unit: column.unit.clone(),
            ts: Array1::from_iter(ts),
            values,
        };
        extend(column, rest);
    }
    Some(())
}
