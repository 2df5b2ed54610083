//! Single runs of a simulation.

use std::sync::Arc;

use brainmass_core::quantity::Time;

use super::builder::{Simulator, Span};
use crate::run::Run;
use crate::runtime::time::whole_steps;
use crate::runtime::{Progress, RunError, Session};

impl Simulator {
    /// Runs from the initial state for `duration`, the transient included.
    ///
    /// # Errors
    ///
    /// [`RunError`]: a value that cannot be taken, a name that does not exist, a time that does not fit, records that do not fit into the memory, or
    /// divergence; the latter holds what was recorded until then.
    pub fn run(&self, duration: impl Into<Time>) -> Result<Run, RunError> {
        self.finish(&mut self.start()?, duration)
    }

    /// Runs a session that [`Simulator::start`] has just made as [`Simulator::run`] runs one of its own: for `duration`, the transient included.
    ///
    /// # Errors
    ///
    /// Those of [`Simulator::run`].
    pub fn finish(&self, session: &mut Session, duration: impl Into<Time>) -> Result<Run, RunError> {
        let steps = session.count_steps("duration", duration.into())?;
        let transient = self.transient_of(steps, session.dt)?;
        session.check_coverage(steps)?;
        session.check_memory(steps - transient, 1)?;
        session.note_setting("duration", format!("{} ms", steps as f64 * session.dt));
        let listener = session.progress.take();
        session.progress = listener.as_ref().map(|listener| part_of(listener, 0, steps));
        session.advance(transient, false)?;
        session.progress = listener.as_ref().map(|listener| part_of(listener, transient, steps));
        let mut run = session.advance(steps - transient, true)?;
        run.steps = steps;
        session.end(&mut run)?;
        Ok(run)
    }

    /// Returns the number of steps of the transient in a run of so many steps.
    ///
    /// # Errors
    ///
    /// The transient is no whole number of steps, or leaves nothing to be recorded.
    pub(crate) fn transient_of(&self, steps: usize, dt: f64) -> Result<usize, RunError> {
        let transient = match &self.transient {
            Span::Steps(steps) => *steps,
            Span::Time(time) => whole_steps("transient", time.clone(), dt)?,
        };
        if transient >= steps {
            let ms = |steps: usize| steps as f64 * dt;
            return Err(RunError::NothingLeft { transient: ms(transient), duration: ms(steps) });
        }
        Ok(transient)
    }
}

/// Creates a listener that tells the progress of a part of a run, which begins after `before` of `all` steps, as that of the whole.
pub(super) fn part_of(listener: &Progress, before: usize, all: usize) -> Progress {
    let listener = listener.clone();
    Arc::new(move |done, _| listener(before + done, all))
}
