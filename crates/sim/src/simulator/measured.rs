//! Batches whose results go to a journal, so that a batch that was interrupted goes on.

use std::path::Path;
use std::sync::{Arc, Mutex};

use ndarray::{Array1, Array2};
use thiserror::Error;

use super::batch::{Batch, BatchRunner, Sweep};
use super::builder::Simulator;
use super::journal::{ResultJournal, ResultJournalError};
use super::resume::{add, taken_out};
use super::row::Row;
use crate::fingerprint::{Digest, Fingerprint};
use crate::run::{Provenance, Run};
use crate::runtime::RunError;
use brainmass_core::quantity::{Time, Values};
use brainmass_core::real::Simd;
use brainmass_data::io::table::Table;

/// The outcome of a batch whose results go to a journal.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredBatch {
    /// A row for each run: its settings, its seed, what was measured of it; NaN for runs that failed. See [`Batch::table`].
    pub table: Table,
    /// The reasons why runs failed, by the number of the run.
    pub failures: Vec<(usize, String)>,
    /// The number of runs that were in the journal already.
    pub resumed: usize,
}

/// The reason why a batch with a journal could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MeasuredError {
    /// A name that the network does not have, or threads that cannot be started.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The journal cannot be opened or appended to, is in use, or belongs to another batch.
    #[error(transparent)]
    Journal(#[from] ResultJournalError),
}

impl BatchRunner<'_> {
    /// Runs those points of the sweep that are not in a journal yet, and keeps the numbers that `measure` computes from each run, as many as there are
    /// names in `measured`. Each result is appended to the journal as soon as its run has ended, so that it survives whatever ends the process;
    /// the same call goes on from there, and the outcome is the same to the last bit.
    ///
    /// The journal knows everything that a run depends on, but of `measure` only its names: give other names to what is measured otherwise.
    ///
    /// ```
    /// use brainmass::prelude::*;
    /// use brainmass::simulator::Sweep;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let journal = folder.path().join("hopf.journal");
    /// let simulator = Simulator::new(HopfStep::new(1).init_x(0.5)).record(["x"]);
    /// let sweep = || Sweep::grid([("a", vec![-0.1, 0.2])]).with_seeds(0..3);
    /// let top = |run: &Run| vec![run["x"].iter().fold(f64::MIN, |top, x| top.max(*x))];
    /// let first = simulator.batch(sweep()).measure_to(&journal, 20.0.ms(), &["top"], top)?;
    /// let again = simulator.batch(sweep()).measure_to(&journal, 20.0.ms(), &["top"], top)?;
    /// assert_eq!((first.resumed, again.resumed, first.table), (0, 6, again.table));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`BatchRunner::reduce`], and [`MeasuredError::Journal`]. A run that fails is among [`MeasuredBatch::failures`].
    pub fn measure_to(
        &self,
        journal: impl AsRef<Path>,
        duration: impl Into<Time>,
        measured: &[&str],
        measure: impl Fn(&Run) -> Vec<f64> + Sync,
    ) -> Result<MeasuredBatch, MeasuredError> {
        let width = measured.len();
        let none = || vec![f64::NAN; width];
        let make = |run: Result<Run, RunError>| {
            let (numbers, reason) = match &run {
                Ok(run) => {
                    let mut numbers = measure(run);
                    numbers.resize(width, f64::NAN);
                    (numbers, None)
                }
                Err(error) => (none(), Some(error.to_string())),
            };
            (
                Row { run: 0, numbers: numbers.clone(), reason: reason.clone(), records: Vec::new() },
                (numbers, reason),
            )
        };
        let fits = |row: &Row| row.numbers.len() == width && row.records.is_empty();
        let Resumed { rows, made } =
            self.go_on(journal.as_ref(), &duration.into(), &measured.join(", "), fits, make)?;
        let resumed = rows.len();
        let mut all = vec![(Vec::new(), None); self.sweep.points().len()];
        rows.into_iter().for_each(|row| all[row.run as usize] = (row.numbers, row.reason));
        made.into_iter().for_each(|(run, made)| all[run] = made);
        let failed = all.iter().enumerate().filter_map(|(run, (_, reason))| Some((run, reason.clone()?)));
        let failures = failed.collect();
        let outcome =
            Batch::new(self.sweep.clone(), Vec::new(), (self.simulator.seed, self.simulator.fingerprint()));
        let table = outcome.table_of(measured, |run| std::mem::take(&mut all[run].0));
        Ok(MeasuredBatch { table, failures, resumed })
    }

    /// Runs those points of the sweep that are not in a journal yet, and keeps everything that is recorded, as [`BatchRunner::run`] does. What a run
    /// recorded is appended to the journal as soon as the run has ended, so that it survives whatever ends the process; the same call goes on from
    /// there, and the outcome is the same to the last bit. The journal is about as large as the records of all runs together.
    ///
    /// ```
    /// use brainmass::prelude::*;
    /// use brainmass::simulator::Sweep;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let journal = folder.path().join("hopf.journal");
    /// let simulator = Simulator::new(HopfStep::new(2).init_x(0.5)).record(["x"]).every(10);
    /// let sweep = || Sweep::grid([("a", vec![-0.1, 0.2])]);
    /// let first = simulator.batch(sweep()).run_to(&journal, 20.0.ms())?;
    /// let again = simulator.batch(sweep()).run_to(&journal, 20.0.ms())?;
    /// assert_eq!(first.array("x")?, again.array("x")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors are those of [`BatchRunner::run`], and [`MeasuredError::Journal`]. A run that fails does not end the batch: its error stands in its place, and is
    /// [`RunError::Former`] where the journal has it already.
    pub fn run_to(
        &self,
        journal: impl AsRef<Path>,
        duration: impl Into<Time>,
    ) -> Result<Batch, MeasuredError> {
        let (journal, duration) = (journal.as_ref(), duration.into());
        self.check_memory(&duration)?;
        let make = |run: Result<Run, RunError>| {
            let reason = run.as_ref().err().map(ToString::to_string);
            let records = run.as_ref().map(recorded).unwrap_or_default();
            (Row { run: 0, numbers: Vec::new(), reason, records }, run)
        };
        // A run has the array of its times at least.
        let fits = |row: &Row| row.numbers.is_empty() && row.reason.is_some() == row.records.is_empty();
        let Resumed { rows, made } = self.go_on(journal, &duration, "all that is recorded", fits, make)?;
        let mut runs: Vec<Option<Result<Run, RunError>>> = Vec::new();
        runs.resize_with(self.sweep.points().len(), || None);
        let mut empty = None;
        for row in rows {
            let run = row.run as usize;
            runs[run] = Some(match row.reason {
                Some(why) => Err(RunError::Former { why }),
                None => {
                    let simulator = self.simulator_of(&self.sweep.points()[run])?;
                    let empty = match &mut empty {
                        Some(empty) => empty,
                        None => empty.insert(without_rows(&simulator, &duration)?),
                    };
                    let restored = restored(empty, &simulator, row.records);
                    let what = "a record is not that of its run";
                    Ok(restored
                        .ok_or_else(|| ResultJournalError::Strange { path: journal.to_owned(), what })?)
                }
            });
        }
        made.into_iter().for_each(|(run, made)| runs[run] = Some(made));
        let runs = runs.into_iter().map(|run| run.unwrap_or(Err(RunError::NotBegun))).collect();
        Ok(Batch::new(self.sweep.clone(), runs, (self.simulator.seed, self.simulator.fingerprint())))
    }

    /// Runs what a journal does not have, and appends a row for each run that came to its end. `kept` says what is kept of a run, `fits` whether a row
    /// of the journal is one of this batch, and `make` makes the row of a run, whose number is filled in, with what the caller wants of it.
    fn go_on<T: Send>(
        &self,
        path: &Path,
        duration: &Time,
        kept: &str,
        fits: impl Fn(&Row) -> bool,
        make: impl Fn(Result<Run, RunError>) -> (Row, T) + Sync,
    ) -> Result<Resumed<T>, MeasuredError> {
        let runs = self.sweep.points().len();
        let fingerprint = self.fingerprint(duration, kept)?;
        let mut rows: Vec<Option<Row>> = vec![None; runs];
        let keep = |row: Row| {
            let at = usize::try_from(row.run).unwrap_or(usize::MAX);
            let fits = at < runs && fits(&row);
            if fits {
                rows[at] = Some(row);
            }
            fits
        };
        let (opened, _) = ResultJournal::open(path, &fingerprint, "1/1", keep)?;
        let left: Vec<usize> = (0..runs).filter(|run| rows[*run].is_none()).collect();
        let points = left.iter().map(|run| self.sweep.points()[*run].clone());
        let store = Mutex::new((opened, None));
        let made = self.of(Sweep::of(points)).reduce(duration.clone(), |index, run| {
            // A run that did not come to its end because the batch was stopped is left for another time.
            let is_left = matches!(run, Err(RunError::NotBegun | RunError::Stopped { .. }));
            let (mut row, made) = make(run);
            row.run = left[index] as u64;
            if let Some(mut store) = store.lock().ok().filter(|_| !is_left) {
                let (journal, error) = &mut *store;
                if error.is_none() {
                    *error = journal.append(&row).err();
                }
            }
            (left[index], made)
        })?;
        if let Ok((mut journal, error)) = store.into_inner() {
            error.map_or(Ok(()), Err)?;
            journal.sync()?;
        }
        Ok(Resumed { rows: rows.into_iter().flatten().collect(), made })
    }

    /// Describes everything that the results depend on.
    fn fingerprint(&self, duration: &Time, kept: &str) -> Result<Fingerprint, RunError> {
        let mut all = self.simulator.fingerprint();
        all.add("duration", duration.ms().map_or_else(|given| given.to_string(), |ms| format!("{ms} ms")));
        all.add("version of brainmass", env!("CARGO_PKG_VERSION"));
        let simd = self.simulator.simd.map_or_else(Simd::from_environment, Ok)?;
        all.add("instruction set", simd.name());
        let mut digest = Digest::default();
        for point in self.sweep.points() {
            for (name, values) in &point.settings {
                digest.bytes(name.as_bytes());
                match values {
                    Values::Scalar(value) => digest.number(*value),
                    Values::PerNode(values) => values.iter().for_each(|value| digest.number(*value)),
                    quantities => digest.bytes(format!("{quantities:?}").as_bytes()),
                }
            }
            digest.bytes(format!("{:?};", point.seed).as_bytes());
        }
        all.add("points", format!("{} runs, digest {digest}", self.sweep.points().len()));
        all.add("measured", kept);
        Ok(all)
    }
}

/// A batch that went on.
struct Resumed<T> {
    /// The rows of the journal, in the order of their runs.
    rows: Vec<Row>,
    /// The outcomes of the other runs, each with the number of its run.
    made: Vec<(usize, T)>,
}

/// Returns what a run recorded as arrays: the times of its rows, and for each column its times and its values.
fn recorded(run: &Run) -> Vec<Array2<f64>> {
    let ts = run.ts.clone().into_shape_with_order((run.ts.len(), 1)).unwrap_or_default();
    [ts].into_iter().chain(taken_out(run)).collect()
}

/// Returns what a run of a simulation would be that recorded nothing: names, units, and the number of its steps.
fn without_rows(simulator: &Simulator, duration: &Time) -> Result<Run, RunError> {
    let mut session = simulator.start()?;
    let steps = session.count_steps("duration", duration.clone())?;
    session.note_setting("duration", format!("{} ms", steps as f64 * session.dt));
    let mut run = session.advance(0, true)?;
    run.steps = steps;
    Ok(run)
}

/// Makes a run of what it recorded; `None` where that does not fit. `empty` is a run of the same batch without rows.
fn restored(empty: &Run, simulator: &Simulator, records: Vec<Array2<f64>>) -> Option<Run> {
    let mut records = records.into_iter();
    let ts = Array1::from_iter(records.next()?);
    let former = empty.provenance();
    let mut settings = simulator.fingerprint();
    settings.add("duration", former.settings.part("duration")?);
    let provenance = Provenance { seed: simulator.seed, settings, ..former.clone() };
    let mut run = Run { ts, provenance: Arc::new(provenance), ..empty.clone() };
    add(&mut run, records.collect())?;
    Some(run)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::observation::TemporalAverage;
    use brainmass_zoo::HopfStep;

    #[test]
    fn a_batch_that_was_stopped_goes_on_and_another_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.journal");
        let simulator =
            |noise: f64| Simulator::new(HopfStep::new(2).init_x(0.3).noise_x(noise)).record(["x"]);
        let last = |run: &Run| vec![run["x"][[run["x"].nrows() - 1, 1]]];
        let sweep = || Sweep::grid([("a", vec![-0.1, 0.2, 0.3])]).with_seeds(0..10);
        // On one thread, so that a batch of four blocks is stopped before its end.
        let one = simulator(0.1).threads(1);
        let whole =
            one.batch(sweep()).measure_to(folder.path().join("b.journal"), 5.0, &["last"], last).unwrap();
        let stopped = one.batch(sweep()).progress(|progress| progress.done < 9);
        let part = stopped.measure_to(&path, 5.0, &["last"], last).unwrap();
        // Whole blocks were made, and not all of them.
        let left = part.failures.len();
        assert!((1..30).contains(&left) && part.resumed == 0, "{left} are left");
        let rest = one.batch(sweep()).measure_to(&path, 5.0, &["last"], last).unwrap();
        assert_eq!((rest.resumed, &rest.table, rest.failures.len()), (30 - left, &whole.table, 0));
        let error = simulator(0.2).batch(sweep()).measure_to(&path, 5.0, &["last"], last).unwrap_err();
        assert!(error.to_string().contains("belongs to another sweep: `noise_x` "), "{error}");
    }

    #[test]
    fn whole_runs_come_back_from_a_journal_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.journal");
        // The second one diverges.
        let simulator = Simulator::new(HopfStep::new(2).init_x(0.3).noise_x(0.1))
            .record(["x", "y"])
            .observe("slow", "x", TemporalAverage::new(2.0, 0.1).unwrap())
            .transient(1.0)
            .every(4);
        let sweep =
            || Sweep::grid([("beta", vec![1.0, -400.0]), ("init_x", vec![0.1, 3.0])]).with_seeds(0..5);
        let whole = simulator.batch(sweep()).run(9.0).unwrap();
        // Stopped in the midst of a run: the runs under way are left for another time.
        let asked = AtomicUsize::new(0);
        let stop = move || asked.fetch_add(1, Ordering::Relaxed) > 12;
        let part = simulator.batch(sweep()).stop_when(stop).run_to(&path, 9.0).unwrap();
        let is_left =
            |run: &Result<Run, RunError>| matches!(run, Err(RunError::NotBegun | RunError::Stopped { .. }));
        let left = part.runs.iter().filter(|run| is_left(run)).count();
        assert!((1..=20).contains(&left), "{left} are left");
        let mut records = 0;
        let fingerprint = simulator.batch(sweep()).fingerprint(&9.0.into(), "all that is recorded").unwrap();
        let count = |_| {
            records += 1;
            true
        };
        ResultJournal::read(&path, &fingerprint, count).unwrap();
        assert_eq!(records, 20 - left);

        let text = |run: &Result<Run, RunError>| match run {
            Ok(run) => Ok((run.to_json(), run.steps())),
            Err(error) => Err(error.to_string()),
        };
        let expected: Vec<_> = whole.runs.iter().map(text).collect();
        assert!(expected.iter().any(Result::is_err) && expected.iter().any(Result::is_ok));
        for attempt in 0..2 {
            let all = simulator.batch(sweep()).run_to(&path, 9.0).unwrap();
            assert_eq!(all.runs.iter().map(text).collect::<Vec<_>>(), expected, "attempt {attempt}");
        }
        let error = simulator.batch(sweep()).measure_to(&path, 9.0, &["x"], |_| vec![0.0]).unwrap_err();
        assert!(error.to_string().contains("`measured` is x and was all that is recorded"), "{error}");
        let error = simulator.clone().record(["x"]).batch(sweep()).run_to(&path, 9.0).unwrap_err();
        assert!(error.to_string().contains("`records` "), "{error}");
    }
}
