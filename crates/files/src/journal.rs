//! Journals: records that are appended one by one, and that survive whatever ends the process.
//!
//! A journal begins with a head, which says what it belongs to. Each record has its length and a checksum. What a
//! process that was killed left of a record at the end is cut off when the journal is opened again, so that all that is
//! read was written whole. Two processes cannot append to one journal: the file is locked, and the system lifts the lock
//! when the process ends, however it ends.
//!
//! A record is in the hands of the system when [`Journal::append`] returns, so that it survives the end of the process.
//! It is synced to the disk, and so survives the end of power, within [`SYNC_EVERY`] of further records, or by
//! [`Journal::sync`].

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::{FileError, folder_of, no_source, sync};

/// The first bytes of a journal.
const MAGIC: &[u8] = b"brainmass journal 1\n";

/// Bytes that stand before the content of a record: its length and its checksum.
const BEFORE: usize = 12;

/// The most bytes that a record may have.
pub const LONGEST_RECORD: usize = 1 << 30;

/// The longest time between a record and the sync of the journal, as long as records follow.
pub const SYNC_EVERY: Duration = Duration::from_secs(5);

/// The reason why a journal cannot be opened, read or continued. The caller knows which file it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file cannot be opened, read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Another process has the journal open.
    #[error("is in use: another process appends to it")]
    InUse,
    /// The file is something else.
    #[error("is not a journal; its first bytes are those of something else")]
    NoJournal,
    /// The description at its beginning was changed or is not whole, though it is not what a process leaves that is killed while it creates a journal.
    #[error("is damaged: its first bytes were changed, so that nothing tells what its results belong to")]
    Damaged,
    /// A record is longer than is accepted.
    #[error("cannot take a record of {given} bytes; {LONGEST_RECORD} are the most")]
    TooLong {
        /// The bytes of the record.
        given: usize,
    },
}

/// A journal that was opened and locked, whose records are still to be read.
#[derive(Debug)]
pub struct Found {
    file: File,
    head: Vec<u8>,
}

/// A journal that records can be appended to.
#[derive(Debug)]
pub struct Journal {
    file: File,
    /// The bytes that are whole records.
    end: u64,
    synced: Instant,
    is_synced: bool,
    /// The bytes of a record while it is written, kept so that appending does not allocate.
    buffer: Vec<u8>,
}

impl Found {
    /// Opens and locks the journal at `path`, or creates one with this head where there is none.
    ///
    /// # Errors
    /// Where the file cannot be opened for writing, is locked by another process, is no journal, or is a damaged one.
    pub fn open(path: impl AsRef<Path>, head: &[u8]) -> Result<Self, JournalError> {
        let path = path.as_ref();
        if let Ok(found) = fs::metadata(path)
            && !found.is_file()
        {
            let what = no_source(&found).unwrap_or("a pipe or socket");
            return Err(FileError::NoFile { what }.into());
        }
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FileError::NoFolder,
            _ => FileError::Write(error),
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse),
            // Some file systems have no locks. Nothing is lost by it unless two processes are started on one journal.
            Err(TryLockError::Error(_)) => {}
        }
        match read_head(&mut BufReader::new(&file))? {
            Head::Whole(own) => Ok(Self { file, head: own }),
            Head::Torn => {
                let mut bytes = MAGIC.to_vec();
                frame(head, &mut bytes)?;
                if !is_left_of(&mut file, &bytes)? {
                    return Err(JournalError::Damaged);
                }
                file.set_len(0).map_err(FileError::Write)?;
                file.rewind().map_err(FileError::Write)?;
                let written = file.write_all(&bytes).and_then(|()| sync(&file));
                if let Err(error) = written {
                    // What is torn is written anew by whoever opens it next; an empty file says less than half a head.
                    let _ = file.set_len(0);
                    return Err(FileError::Write(error).into());
                }
                // The name is on the disk once the folder is. Where folders cannot be synced there is no more to be done.
                #[cfg(unix)]
                if let Ok(folder) = File::open(folder_of(path)) {
                    let _ = folder.sync_all();
                }
                Ok(Self { file, head: head.to_vec() })
            }
        }
    }

    /// The head that the journal was created with.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Hands each record to `each`, in the order in which they were appended, and makes the journal ready for more. Returns
    /// it with the number of bytes that were cut off its end because they are no whole record.
    ///
    /// # Errors
    /// Where the file cannot be read or shortened.
    pub fn replay(self, each: impl FnMut(&[u8])) -> Result<(Journal, u64), JournalError> {
        let Self { mut file, .. } = self;
        file.rewind().map_err(FileError::Read)?;
        let end = read_all(&mut BufReader::with_capacity(1 << 16, &file), each)?.1;
        let length = file.metadata().map_err(FileError::Read)?.len();
        if length > end {
            file.set_len(end).map_err(FileError::Write)?;
        }
        file.seek(SeekFrom::Start(end)).map_err(FileError::Write)?;
        let journal = Journal { file, end, synced: Instant::now(), is_synced: true, buffer: Vec::new() };
        Ok((journal, length - end))
    }
}

impl Journal {
    /// Appends a record. When this returns, the record outlives the process.
    ///
    /// # Errors
    /// Where the disk is full or refuses to write. The journal then ends with the record before, as if nothing had been
    /// tried.
    pub fn append(&mut self, record: &[u8]) -> Result<(), JournalError> {
        self.buffer.clear();
        frame(record, &mut self.buffer)?;
        if let Err(error) = self.file.write_all(&self.buffer) {
            // Whatever was written of it is no whole record, and would be cut off later if it cannot be now.
            let _ = self.file.set_len(self.end);
            let _ = self.file.seek(SeekFrom::Start(self.end));
            return Err(FileError::Write(error).into());
        }
        self.end += self.buffer.len() as u64;
        self.is_synced = false;
        if self.synced.elapsed() > SYNC_EVERY { self.sync() } else { Ok(()) }
    }

    /// Syncs the journal to the disk.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        if !self.is_synced {
            sync(&self.file).map_err(FileError::Write)?;
        }
        (self.synced, self.is_synced) = (Instant::now(), true);
        Ok(())
    }
}

/// Reads the head of a journal without locking it, and then its whole records, each of which is handed to `each` unless
/// `accept` says of the head that it is not wanted. Another process may be appending.
///
/// # Errors
/// Where the file cannot be read or is no journal.
pub fn read(
    path: impl AsRef<Path>,
    accept: impl FnOnce(&[u8]) -> bool,
    each: impl FnMut(&[u8]),
) -> Result<(), JournalError> {
    let file = File::open(path).map_err(FileError::Read)?;
    let metadata = file.metadata().map_err(FileError::Read)?;
    if !metadata.is_file() {
        return Err(FileError::NoFile { what: no_source(&metadata).unwrap_or("a pipe or socket") }.into());
    }
    let mut reader = BufReader::with_capacity(1 << 16, file);
    match read_head(&mut reader)? {
        Head::Whole(head) if accept(&head) => {
            reader.rewind().map_err(FileError::Read)?;
            read_all(&mut reader, each).map(drop)
        }
        Head::Whole(_) => Ok(()),
        Head::Torn => {
            reader.seek(SeekFrom::Start(MAGIC.len() as u64)).map_err(FileError::Read)?;
            let mut length = Vec::new();
            reader.take(4).read_to_end(&mut length).map_err(FileError::Read)?;
            let length = length.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
            let end = (MAGIC.len() + BEFORE) as u64 + u64::from(length);
            // One that was about to be created has no records.
            if length == 0 || metadata.len() < end { Ok(()) } else { Err(JournalError::Damaged) }
        }
    }
}

/// Returns whether a file that has no whole head is what is left of writing `bytes` to it: some of them, and zeros where the disk did not get the others.
fn is_left_of(file: &mut File, bytes: &[u8]) -> Result<bool, JournalError> {
    file.rewind().map_err(FileError::Read)?;
    let mut found = Vec::new();
    file.take(bytes.len() as u64 + 1).read_to_end(&mut found).map_err(FileError::Read)?;
    let same = found.iter().zip(bytes).take_while(|(found, byte)| found == byte).count();
    Ok(found.len() <= bytes.len() && found[same..].iter().all(|byte| *byte == 0))
}

/// The head of a journal, or what was left of one that was about to be created.
enum Head {
    Whole(Vec<u8>),
    Torn,
}

fn read_head(reader: &mut impl Read) -> Result<Head, JournalError> {
    let mut magic = Vec::new();
    reader.take(MAGIC.len() as u64).read_to_end(&mut magic).map_err(FileError::Read)?;
    if !MAGIC.starts_with(&magic) {
        return Err(JournalError::NoJournal);
    }
    let mut head = Vec::new();
    let is_whole = magic.len() == MAGIC.len() && read_record(reader, &mut head)?;
    Ok(if is_whole { Head::Whole(head) } else { Head::Torn })
}

/// Reads a journal from its first byte on. Returns its head and the number of bytes that are whole records.
fn read_all(
    reader: &mut impl Read,
    mut each: impl FnMut(&[u8]),
) -> Result<(Option<Vec<u8>>, u64), JournalError> {
    let Head::Whole(head) = read_head(reader)? else { return Ok((None, 0)) };
    let mut end = (MAGIC.len() + BEFORE + head.len()) as u64;
    let mut record = Vec::new();
    while read_record(reader, &mut record)? {
        each(&record);
        end += (BEFORE + record.len()) as u64;
    }
    Ok((Some(head), end))
}

/// Reads the next record. Returns whether there is a whole one.
fn read_record(reader: &mut impl Read, record: &mut Vec<u8>) -> Result<bool, JournalError> {
    record.clear();
    reader.take(BEFORE as u64).read_to_end(record).map_err(FileError::Read)?;
    let Some((length, rest)) = record.split_first_chunk::<4>() else { return Ok(false) };
    let (length, Ok(expected)) = (u32::from_le_bytes(*length), <[u8; 8]>::try_from(rest)) else {
        return Ok(false);
    };
    if length as usize > LONGEST_RECORD {
        return Ok(false);
    }
    record.clear();
    // No more is allocated than is there: a damaged length does not fill the memory.
    reader.take(length.into()).read_to_end(record).map_err(FileError::Read)?;
    Ok(record.len() == length as usize && checksum(record) == u64::from_le_bytes(expected))
}

/// Adds a record to bytes: its length, its checksum, its content.
fn frame(record: &[u8], bytes: &mut Vec<u8>) -> Result<(), JournalError> {
    let given = record.len();
    let length = u32::try_from(given).ok().filter(|_| given <= LONGEST_RECORD);
    let length = length.ok_or(JournalError::TooLong { given })?;
    bytes.extend(length.to_le_bytes());
    bytes.extend(checksum(record).to_le_bytes());
    bytes.extend(record);
    Ok(())
}

/// Returns the checksum of a record: FNV-1a of 64 bits over its length and its content, so that a stretch of zeros, which
/// a file system may leave, is no record.
fn checksum(record: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let length = (record.len() as u64).to_le_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step);
    record.iter().fold(length, step)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn records(path: &Path) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        read(path, |_| true, |record| all.push(record.to_vec())).unwrap();
        all
    }

    fn written(path: &Path, head: &[u8], contents: &[&[u8]]) {
        let (mut journal, cut) = Found::open(path, head).unwrap().replay(|_| {}).unwrap();
        assert_eq!(cut, 0);
        contents.iter().for_each(|record| journal.append(record).unwrap());
    }

    #[test]
    fn what_is_appended_is_read_and_the_head_stays_that_of_the_first() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.journal");
        written(&path, b"head", &[b"one", b"", b"three"]);
        let found = Found::open(&path, b"other").unwrap();
        assert_eq!(found.head(), b"head");
        let mut all = Vec::new();
        let (mut journal, cut) = found.replay(|record| all.push(record.to_vec())).unwrap();
        assert_eq!((all, cut), (vec![b"one".to_vec(), vec![], b"three".to_vec()], 0));
        journal.append(b"four").unwrap();
        journal.sync().unwrap();
        assert_eq!(records(&path).len(), 4);
        read(&path, |head| head != b"head", |_| panic!("its head is not wanted")).unwrap();
    }

    #[test]
    fn whatever_is_left_of_a_killed_process_is_cut_to_whole_records() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.journal");
        written(&path, b"head", &[b"first record", b"second record"]);
        let whole = fs::read(&path).unwrap();
        let (first, second) = (MAGIC.len() + BEFORE + 4, BEFORE + b"first record".len());
        for length in 0..=whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let found = Found::open(&path, b"head").unwrap();
            assert_eq!(found.head(), b"head", "{length} bytes");
            let mut count = 0;
            let (mut journal, _) = found.replay(|_| count += 1).unwrap();
            let expected = usize::from(length >= first + second) + usize::from(length == whole.len());
            assert_eq!(count, expected, "{length} bytes");
            journal.append(b"next").unwrap();
            assert_eq!(records(&path).len(), expected + 1, "{length} bytes");
        }
    }

    #[test]
    fn a_changed_byte_ends_the_journal_before_its_record() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.journal");
        written(&path, b"head", &[b"first record", b"second record"]);
        let whole = fs::read(&path).unwrap();
        for at in MAGIC.len() + BEFORE + 4..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&path, &bytes).unwrap();
            let first_is_whole = at >= MAGIC.len() + 2 * BEFORE + 4 + b"first record".len();
            assert_eq!(records(&path).len(), usize::from(first_is_whole), "byte {at}");
        }
    }

    #[test]
    fn a_journal_whose_head_was_changed_is_left_alone() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.journal");
        written(&path, b"head", &[b"first record"]);
        let whole = fs::read(&path).unwrap();
        for at in MAGIC.len()..MAGIC.len() + BEFORE + 4 {
            for change in [0x01, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                fs::write(&path, &bytes).unwrap();
                assert!(
                    matches!(Found::open(&path, b"head").unwrap_err(), JournalError::Damaged),
                    "byte {at}"
                );
                // A length that was changed may look like that of a head that is being written.
                let read = read(&path, |_| true, |_| panic!("what belongs to nothing is read"));
                let is_told = matches!(read, Err(JournalError::Damaged));
                assert!(is_told || at < MAGIC.len() + 4, "byte {at}");
                assert_eq!(fs::read(&path).unwrap(), bytes, "byte {at}");
            }
        }
        // A power failure leaves zeros where data did not reach the disk.
        let mut bytes = whole[..MAGIC.len() + BEFORE + 4].to_vec();
        bytes[MAGIC.len() + 2..].fill(0);
        fs::write(&path, &bytes).unwrap();
        assert_eq!(Found::open(&path, b"head").unwrap().head(), b"head");
    }

    #[test]
    fn two_processes_cannot_have_one_journal() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.journal");
        let found = Found::open(&path, b"head").unwrap();
        assert!(matches!(Found::open(&path, b"head").unwrap_err(), JournalError::InUse));
        drop(found);
        Found::open(&path, b"head").unwrap();
    }

    #[test]
    fn other_files_are_left_alone() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("thesis.txt");
        fs::write(&path, "chapter one").unwrap();
        assert!(matches!(Found::open(&path, b"head").unwrap_err(), JournalError::NoJournal));
        assert_eq!(fs::read(&path).unwrap(), b"chapter one");
        assert!(matches!(read(&path, |_| true, |_| {}).unwrap_err(), JournalError::NoJournal));
        let error = Found::open(folder.path(), b"").unwrap_err();
        assert_eq!(error.to_string(), "is a folder, not a file");
        let error = Found::open(folder.path().join("lost/a.journal"), b"").unwrap_err();
        assert_eq!(error.to_string(), "cannot be written: its folder does not exist");
    }
}
