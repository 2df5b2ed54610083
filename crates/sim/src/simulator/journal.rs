//! Journals of results: a row for each run, behind a description of everything that the results depend on.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::row::Row;
use crate::fingerprint::Fingerprint;
use brainmass_data::io::FileError;
use brainmass_data::io::journal::{self, Found, Journal, JournalError};

/// The reason why a journal of results cannot be opened, read or appended to.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ResultJournalError {
    /// The file cannot be opened or read, is no journal, or is in use.
    #[error("{path}: the journal {error}", path = .path.display())]
    Open {
        /// The journal.
        path: PathBuf,
        /// The problem with it.
        error: JournalError,
    },
    /// The results in it depend on something else.
    #[error("{path}: the journal belongs to another sweep: {}", .differences.join("; "), path = .path.display())]
    Other {
        /// The journal.
        path: PathBuf,
        /// The parts in which what the results depend on differs from that of the journal.
        differences: Vec<String>,
    },
    /// The head or a record is not what is written here.
    #[error("{path}: the journal was not written by a sweep: {what}", path = .path.display())]
    Strange {
        /// The journal.
        path: PathBuf,
        /// The part that is strange.
        what: &'static str,
    },
    /// A row cannot be appended.
    #[error("{path}: the journal {error}", path = .path.display())]
    Append {
        /// The journal.
        path: PathBuf,
        /// The problem with it.
        error: JournalError,
    },
}

impl ResultJournalError {
    /// Returns whether another process appends to the journal.
    pub fn is_in_use(&self) -> bool {
        matches!(self, Self::Open { error: JournalError::InUse, .. })
    }
}

/// The head of a journal.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    /// Everything that the results depend on.
    fingerprint: Fingerprint,
    /// The part of a sweep that the journal is of, on which no result depends.
    shard: String,
}

/// A journal that rows are appended to, each of which outlives the process from then on.
#[derive(Debug)]
pub struct ResultJournal {
    journal: Journal,
    path: PathBuf,
    buffer: Vec<u8>,
}

impl ResultJournal {
    /// Opens the journal at `path`, or creates it. `fingerprint` describes everything that the results depend on, and `part` the part of a sweep
    /// that the journal is of. Each row that it holds is handed to `each`, which says whether there can be such a row. Returns the journal with the
    /// bytes that were cut off its end because they were no whole record.
    ///
    /// # Errors
    ///
    /// The file cannot be opened or is no journal; another process has it; it belongs to other results or another part.
    pub fn open(
        path: &Path,
        fingerprint: &Fingerprint,
        part: &str,
        mut each: impl FnMut(Row) -> bool,
    ) -> Result<(Self, u64), ResultJournalError> {
        let fail = |error| ResultJournalError::Open { path: path.to_owned(), error };
        let strange = |what| ResultJournalError::Strange { path: path.to_owned(), what };
        let head = Head { fingerprint: fingerprint.clone(), shard: part.to_owned() };
        // Maps of text have no reason to fail.
        let found = Found::open(path, &serde_json::to_vec(&head).unwrap_or_default()).map_err(fail)?;
        let own: Head =
            serde_json::from_slice(found.head()).map_err(|_| strange("its head cannot be read"))?;
        let mut differences = fingerprint.differences(&own.fingerprint);
        if own.shard != part {
            differences.push(format!("the shard is {part} and was {}", own.shard));
        }
        if !differences.is_empty() {
            return Err(ResultJournalError::Other { path: path.to_owned(), differences });
        }
        let mut is_strange = false;
        let replayed = found.replay(|record| is_strange |= !Row::decode(record).is_some_and(&mut each));
        let (journal, cut) = replayed.map_err(fail)?;
        match is_strange {
            true => Err(strange("a record is no row of its table")),
            false => Ok((Self { journal, path: path.to_owned(), buffer: Vec::new() }, cut)),
        }
    }

    /// Hands each row of the journal at `path` to `each` without changing anything; another process may be appending.
    ///
    /// # Errors
    ///
    /// As [`ResultJournal::open`], but for locks and parts.
    pub fn read(
        path: &Path,
        fingerprint: &Fingerprint,
        mut each: impl FnMut(Row) -> bool,
    ) -> Result<(), ResultJournalError> {
        let mut differences: Option<Vec<String>> = None;
        let mut is_strange = false;
        let accept = |bytes: &[u8]| match serde_json::from_slice::<Head>(bytes) {
            Ok(head) => {
                let found = fingerprint.differences(&head.fingerprint);
                let is_same = found.is_empty();
                differences = (!is_same).then_some(found);
                is_same
            }
            Err(_) => {
                is_strange = true;
                false
            }
        };
        let mut is_no_row = false;
        let read = journal::read(path, accept, |record| {
            is_no_row |= !Row::decode(record).is_some_and(&mut each);
        });
        let path = path.to_owned();
        match (read, differences) {
            (Err(error), _) => Err(ResultJournalError::Open { path, error }),
            (Ok(()), Some(differences)) => Err(ResultJournalError::Other { path, differences }),
            (Ok(()), None) if is_strange => {
                Err(ResultJournalError::Strange { path, what: "its head cannot be read" })
            }
            (Ok(()), None) if is_no_row => {
                Err(ResultJournalError::Strange { path, what: "a record is no row of its table" })
            }
            (Ok(()), None) => Ok(()),
        }
    }

    /// Removes the journal at `path`, if there is one.
    ///
    /// # Errors
    ///
    /// The file is no journal, is in use, or cannot be removed.
    pub fn discard(path: &Path) -> Result<(), ResultJournalError> {
        if !path.exists() {
            return Ok(());
        }
        let fail = |error| ResultJournalError::Open { path: path.to_owned(), error };
        // Whoever has it open keeps it.
        let found = match Found::open(path, &[]) {
            Err(JournalError::Damaged) => None,
            found => Some(found.map_err(fail)?),
        };
        std::fs::remove_file(path).map_err(|error| fail(FileError::Write(error).into()))?;
        drop(found);
        Ok(())
    }

    /// Appends a row.
    ///
    /// # Errors
    ///
    /// The disk is full or refuses to write. The journal then ends with the row before.
    pub fn append(&mut self, row: &Row) -> Result<(), ResultJournalError> {
        row.encode(&mut self.buffer);
        let appended = self.journal.append(&self.buffer);
        appended.map_err(|error| ResultJournalError::Append { path: self.path.clone(), error })
    }

    /// Syncs all rows to the disk.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn sync(&mut self) -> Result<(), ResultJournalError> {
        self.journal.sync().map_err(|error| ResultJournalError::Append { path: self.path.clone(), error })
    }
}
