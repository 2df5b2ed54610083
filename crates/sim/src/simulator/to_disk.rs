//! Runs whose records go to disk while they are made, so that memory does not grow with their length.

use std::fs;
use std::path::Path;

use super::builder::Simulator;
use super::run::part_of;
use crate::run::{Run, SaveError};
use crate::runtime::{RunError, Session};
use brainmass_core::quantity::Time;
use brainmass_data::io::npy::Appender;
use brainmass_data::io::{FileError, IoError, write_file};

/// The largest number of rows that are kept in memory.
const ROWS_IN_MEMORY: usize = 1024;

impl Simulator {
    /// Runs as [`Simulator::run`] does, but records go to a folder while the run goes on: an npy file for each record, `ts.npy` with the
    /// times, `provenance.json`. Memory does not grow with the duration. Progress is told after each thousand rows. Returns the number of steps.
    ///
    /// ```
    /// use brainmass::prelude::*;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let simulator = Simulator::new(HopfStep::new(90).init_x(0.1)).record(["x"]);
    /// let steps = simulator.run_to(300.0.ms(), folder.path())?;
    /// let x = brainmass::io::npy::read(folder.path().join("x.npy"))?;
    /// assert_eq!((steps, x.shape()), (3000, &[3000, 90][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::run`], and where a file cannot be written. What was recorded before an error is in the files.
    pub fn run_to(&self, duration: impl Into<Time>, folder: impl AsRef<Path>) -> Result<usize, RunError> {
        let mut session = self.start()?;
        let steps = session.count_steps("duration", duration.into())?;
        let transient = self.transient_of(steps, session.dt)?;
        session.check_coverage(steps)?;
        session.note_setting("duration", format!("{} ms", steps as f64 * session.dt));
        let mut files = RecordFiles::create(folder.as_ref(), &session)?;
        let listener = session.progress.take();
        let told_from = |done| listener.as_ref().map(|listener| part_of(listener, done, steps));
        session.progress = told_from(0);
        session.advance(transient, false)?;
        let mut done = transient;
        while done < steps {
            session.progress = told_from(done);
            let piece = ROWS_IN_MEMORY.saturating_mul(session.stride).min(steps - done);
            let run = session.advance(piece, true);
            if let Err(RunError::Diverged { recorded, .. } | RunError::Stopped { recorded, .. }) = &run {
                files.append(recorded)?;
            }
            files.append(&run?)?;
            done += piece;
        }
        files.finish()?;
        Ok(steps)
    }
}

/// The files of a run.
struct RecordFiles<'a> {
    folder: &'a Path,
    times: Appender,
    records: Vec<Appender>,
}

impl<'a> RecordFiles<'a> {
    /// Creates the folder, the file of the times, and the provenance. The files of the records follow with their first rows.
    fn create(folder: &'a Path, session: &Session) -> Result<Self, RunError> {
        let write = |error| IoError::new(folder.display(), FileError::Write(error).into());
        fs::create_dir_all(folder).map_err(write).map_err(SaveError::from)?;
        let provenance = serde_json::json!(*session.provenance).to_string();
        write_file(folder.join("provenance.json"), provenance.as_bytes()).map_err(SaveError::from)?;
        let times = Appender::create(folder.join("ts.npy"), None).map_err(SaveError::from)?;
        Ok(Self { folder, times, records: Vec::new() })
    }

    fn append(&mut self, run: &Run) -> Result<(), RunError> {
        self.write(run).map_err(|error| SaveError::from(error).into())
    }

    /// Syncs all files to the disk.
    fn finish(self) -> Result<(), RunError> {
        let mut files = self.records.into_iter().chain([self.times]);
        files.try_for_each(Appender::finish).map_err(|error| SaveError::from(error).into())
    }

    fn write(&mut self, run: &Run) -> Result<(), IoError> {
        // The width of a record by a closure is known from its first row on.
        for column in &run.columns[self.records.len()..] {
            let path = self.folder.join(format!("{}.npy", column.name));
            self.records.push(Appender::create(path, Some(column.values.ncols()))?);
        }
        self.times.append(&run.ts)?;
        let pairs = self.records.iter_mut().zip(&run.columns);
        pairs.into_iter().try_for_each(|(file, column)| file.append(&column.values))
    }
}
