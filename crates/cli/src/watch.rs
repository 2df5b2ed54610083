//! Runs that begin again when a file changes that they read.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::terminal::Terminal;
use crate::words::names;

/// The time from one look at the files to the next.
const PERIOD: Duration = Duration::from_millis(60);
/// The time for which files stay as they are before they are read: an editor may write in several steps.
const QUIET: Duration = Duration::from_millis(30);
/// The longest time for which that is waited.
const PATIENCE: Duration = Duration::from_secs(1);
/// The largest file that is compared by what is in it; of larger ones the length and the time of the last change count.
const LARGEST: u64 = 16 << 20;
/// Most files of a folder that are looked at.
const MOST_FILES: usize = 1000;

/// The outcome of an attempt, and the files that it read; `None` where it did not come so far as to know them.
pub type Attempt = (Result<(), Failure>, Option<Vec<PathBuf>>);

/// Tells a run that is under way whether a file changes that the command was given.
#[derive(Clone, Default)]
pub struct Outdated(Option<Arc<Mutex<Watched>>>);

/// The files that a run is asked about.
struct Watched {
    seen: Seen,
    files: Vec<PathBuf>,
    last: Instant,
    has_changed: bool,
}

impl Outdated {
    fn new(files: &[PathBuf]) -> Self {
        let mut seen = Seen::default();
        seen.look(files);
        let watched = Watched { seen, files: files.to_vec(), last: Instant::now(), has_changed: false };
        Self(Some(Arc::new(Mutex::new(watched))))
    }

    /// Returns whether a file has changed since the run began. It looks at the files no more often than a person would wait for.
    pub fn has_come(&self) -> bool {
        let Some(mut watched) = self.0.as_ref().and_then(|watched| watched.lock().ok()) else { return false };
        if !watched.has_changed && watched.last.elapsed() > PERIOD {
            let files = watched.files.clone();
            watched.has_changed = watched.seen.look(&files);
            watched.last = Instant::now();
        }
        watched.has_changed
    }
}

/// Makes an attempt, and another one whenever one of the files changes that the last one read, until a signal comes. Where an attempt fails
/// before it knows what it reads, all files beside `targets` are watched: what it lacks may be there later. An attempt asks whether it is
/// outdated, and ends early if it is.
pub fn run(
    targets: &[PathBuf],
    interrupts: &Interrupts,
    quiet: bool,
    terminal: &mut Terminal,
    mut attempt: impl FnMut(&mut Terminal, &Outdated) -> Attempt,
) -> Result<(), Failure> {
    let mut seen = Seen::default();
    seen.look(targets);
    loop {
        let began = SystemTime::now();
        let (outcome, read) = attempt(terminal, &Outdated::new(targets));
        terminal.finish()?;
        match outcome {
            Ok(()) => {}
            Err(failure) if failure.is_closed_pipe() || interrupts.caught().is_some() => return Err(failure),
            Err(failure) => failure.print(),
        }
        let files = || match &read {
            Some(read) => read.iter().chain(targets).cloned().collect(),
            None => targets.iter().flat_map(|target| beside(target)).collect::<Vec<PathBuf>>(),
        };
        seen.look_first(&files(), began);
        let mut has_changed = seen.look(&files());
        if !quiet && !has_changed {
            terminal.line("")?;
            terminal.line(terminal.paint.faint(&format!("watching {}; Ctrl-C ends", names(targets))))?;
            terminal.finish()?;
        }
        while !has_changed {
            if interrupts.caught().is_some() {
                return Ok(());
            }
            sleep(PERIOD);
            has_changed = seen.look(&files());
        }
        let asked = Instant::now();
        loop {
            sleep(QUIET);
            let moves = seen.look(&files());
            let is_there = targets.iter().all(|target| target.exists());
            if (!moves && is_there) || asked.elapsed() > PATIENCE {
                break;
            }
        }
        if !quiet {
            terminal.clear()?;
        }
    }
}

/// The files in the folder of a file, itself among them.
fn beside(file: &Path) -> Vec<PathBuf> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_file()).take(MOST_FILES).collect();
    files.push(file.to_owned());
    files
}

/// The files as they were when they were last looked at; those that were not there have no state.
#[derive(Default)]
struct Seen(BTreeMap<PathBuf, Option<State>>);

/// The state of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    modified: Option<SystemTime>,
    length: u64,
    /// A hash of what is in the file, unless that is large.
    content: Option<u64>,
}

impl Seen {
    /// Looks at files, and returns whether any of them, or the list, is another than before.
    fn look(&mut self, files: &[PathBuf]) -> bool {
        let now: BTreeMap<PathBuf, Option<State>> = files
            .iter()
            .map(|path| (path.clone(), State::of(path, self.0.get(path).copied().flatten())))
            .collect();
        let is_same = now.len() == self.0.len()
            && now.iter().all(|(path, state)| {
                self.0.get(path).is_some_and(|before| match (before, state) {
                    (None, None) => true,
                    (Some(before), Some(state)) => before.has_content_of(state),
                    (Some(_), None) | (None, Some(_)) => false,
                })
            });
        self.0 = now;
        !is_same
    }

    /// Looks at files of which those count as changed that were not known before, yet changed since the attempt began that read them.
    fn look_first(&mut self, files: &[PathBuf], began: SystemTime) {
        let before = std::mem::take(&mut self.0);
        self.0 = files
            .iter()
            .map(|path| {
                let state = match before.get(path) {
                    Some(known) => *known,
                    None => State::of(path, None)
                        .filter(|state| state.modified.is_none_or(|modified| modified < began)),
                };
                (path.clone(), state)
            })
            .collect();
    }
}

impl State {
    /// Returns the state of a file, whose content is read only if something else shows that it may have changed.
    fn of(path: &Path, before: Option<Self>) -> Option<Self> {
        let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let (modified, length) = (found.modified().ok(), found.len());
        if let Some(before) = before.filter(|before| {
            before.modified.is_some() && before.modified == modified && before.length == length
        }) {
            return Some(before);
        }
        let bytes = if length <= LARGEST { Some(fs::read(path).ok()?) } else { None };
        let content = bytes.map(|bytes| {
            let mut hasher = DefaultHasher::new();
            bytes.hash(&mut hasher);
            hasher.finish()
        });
        Some(Self { modified, length, content })
    }

    fn has_content_of(&self, other: &Self) -> bool {
        match (self.content, other.content) {
            (Some(own), Some(other)) => own == other,
            _ => self == other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str, seconds: u64) {
        fs::write(path, text).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    }

    #[test]
    fn a_change_of_content_counts_and_a_touch_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.yaml");
        let files = [path.clone(), folder.path().join("missing.yaml")];
        let mut seen = Seen::default();
        write(&path, "a: 1", 1000);
        assert!(seen.look(&files));
        assert!(!seen.look(&files));
        write(&path, "a: 1", 2000);
        assert!(!seen.look(&files), "a touch");
        write(&path, "a: 2", 3000);
        assert!(seen.look(&files), "as long, yet another text");
        write(&files[1], "b", 3000);
        assert!(seen.look(&files), "a new file");
        fs::remove_file(&path).unwrap();
        assert!(seen.look(&files), "a file is gone");
        assert!(!seen.look(&files));
    }

    #[test]
    fn what_changes_while_it_is_read_for_the_first_time_counts() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        write(&old, "1", 1000);
        write(&new, "1", 3000);
        let began = SystemTime::UNIX_EPOCH + Duration::from_secs(2000);
        let mut seen = Seen::default();
        seen.look_first(&[old.clone(), new.clone()], began);
        assert!(seen.look(&[old.clone(), new.clone()]));
        assert!(!seen.look(&[old, new]));
    }
}
