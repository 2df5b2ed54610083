//! Sweeps: many runs of an experiment, kept in a journal that survives every kill.
//!
//! [`SweepRunner`] runs what the section `sweep` of an experiment file describes. Runs stand side by side in the lanes of registers and are shared
//! out over threads; each has the bits that it has alone. What the measures keep of a run is appended to a journal as soon as the run has ended, so
//! that a process that is killed loses the runs that were under way, and nothing else: the next one goes on, and the results have the same bytes
//! as if nothing had happened. A sweep can be done in shards, each with a journal of its own, which [`gather`] joins.
//!
//! ```
//! use brainmass::Experiment;
//! use brainmass::sweep::SweepRunner;
//!
//! let folder = tempfile::tempdir()?;
//! let text = "
//! {model: HopfStep, initial: {x: 0.1}, duration: 60 ms,
//!  sweep: {over: {a: {from: 0.1, to: 0.3, points: 3}}, measure: {top: {signal: x, summary: maximum}}}}";
//! let experiment = Experiment::read("hopf.yaml", text)?;
//! let journal = folder.path().join("hopf.journal");
//! let results = SweepRunner::new(&experiment)?.run(Some(&journal))?.results;
//! assert_eq!(results.runs(), 3);
//! // All runs are in the journal already.
//! let again = SweepRunner::new(&experiment)?.run(Some(&journal))?;
//! assert_eq!((again.resumed, again.results.to_csv()?), (3, results.to_csv()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blocks;
mod error;
mod estimate;
mod gather;
mod head;
mod results;
mod run;
mod saved;
mod shard;
mod table;
mod versions;

pub use brainmass_sim::simulator::{ResultJournal, ResultJournalError};
pub use error::SweepError;
pub use estimate::Estimate;
pub use gather::{Gathered, gather, shards};
pub use head::{fingerprint, journal_path};
pub use results::Results;
pub use run::{SweepOutcome, SweepProgress, SweepRunner};
pub use shard::Shard;
pub use table::{SweepAxis, SweepMeasure, SweepTable};
