//! Batches whose results go to a journal, so that a batch that was interrupted goes on.

use std::path::Path;
use std::sync::Mutex;

use thiserror::Error;

use super::batch::{Batch, BatchRunner, Sweep};
use super::journal::{ResultJournal, ResultJournalError};
use super::row::Row;
use crate::fingerprint::{Digest, Fingerprint};
use crate::run::Run;
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
        let duration = duration.into();
        let runs = self.sweep.points().len();
        let fingerprint = self.fingerprint(&duration, measured)?;
        let mut rows: Vec<Option<Row>> = vec![None; runs];
        let keep = |rows: &mut Vec<Option<Row>>, row: Row| {
            let at = usize::try_from(row.run).unwrap_or(usize::MAX);
            let fits = at < rows.len() && row.numbers.len() == measured.len();
            if fits {
                rows[at] = Some(row);
            }
            fits
        };
        let (opened, _) =
            ResultJournal::open(journal.as_ref(), &fingerprint, "1/1", |row| keep(&mut rows, row))?;
        let left: Vec<usize> = (0..runs).filter(|run| rows[*run].is_none()).collect();
        let resumed = runs - left.len();
        let points = left.iter().map(|run| self.sweep.points()[*run].clone());
        let rest = self.of(Sweep::of(points));
        let store = Mutex::new((opened, None));
        let made = rest.reduce(duration, |index, run| {
            // A run that was not begun because the batch was stopped is left for another time.
            if matches!(run, Err(RunError::NotBegun)) {
                return None;
            }
            let (numbers, reason) = match &run {
                Ok(run) => {
                    let mut numbers = measure(run);
                    numbers.resize(measured.len(), f64::NAN);
                    (numbers, None)
                }
                Err(error) => (vec![f64::NAN; measured.len()], Some(error.to_string())),
            };
            let row = Row { run: left[index] as u64, numbers, reason, records: Vec::new() };
            let Ok(mut store) = store.lock() else { return None };
            let (journal, error) = &mut *store;
            if error.is_none() {
                *error = journal.append(&row).err();
            }
            Some(row)
        })?;
        if let Ok((mut journal, error)) = store.into_inner() {
            error.map_or(Ok(()), Err)?;
            journal.sync()?;
        }
        made.into_iter().flatten().for_each(|row| {
            keep(&mut rows, row);
        });
        let failures = rows.iter().enumerate().filter_map(|(run, row)| {
            let reason = row.as_ref().map_or(Some("the run was not begun"), |row| row.reason.as_deref());
            Some((run, reason?.to_owned()))
        });
        let failures = failures.collect();
        let outcome =
            Batch::new(self.sweep.clone(), Vec::new(), (self.simulator.seed, self.simulator.fingerprint()));
        let numbers = |run: usize| rows[run].as_ref().map(|row| row.numbers.clone()).unwrap_or_default();
        Ok(MeasuredBatch { table: outcome.table_of(measured, numbers), failures, resumed })
    }

    /// Describes everything that the results depend on.
    fn fingerprint(&self, duration: &Time, measured: &[&str]) -> Result<Fingerprint, RunError> {
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
        all.add("measured", measured.join(", "));
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::Simulator;
    use brainmass_zoo::HopfStep;

    #[test]
    fn a_batch_that_was_stopped_goes_on_and_another_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.journal");
        let simulator =
            |noise: f64| Simulator::new(HopfStep::new(2).init_x(0.3).noise_x(noise)).record(["x"]);
        let last = |run: &Run| vec![run["x"][[run["x"].nrows() - 1, 1]]];
        let sweep = || Sweep::grid([("a", vec![-0.1, 0.2, 0.3])]).with_seeds(0..10);
        let one = simulator(0.1);
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
}
