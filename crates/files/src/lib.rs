//! Reading and writing of whole files.
//!
//! A file is read up to a stated size. It is written beside its place, synced and renamed, so that whoever looks at the
//! place finds the former file or the new one, whole, whatever happens to the writer. Every file that brainmass writes
//! for its users is written here.
//!
//! A [`journal`] is the one file that grows: records are appended to it one by one, and survive whatever ends the process.
//!
//! It knows nothing of what is in the files.

#![forbid(unsafe_code)]

pub mod journal;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The reason why a file could not be read or written. The caller knows which file it is.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file system refused to read.
    #[error("cannot be read: {}", told(.0))]
    Read(io::Error),
    /// The file system refused to write.
    #[error("cannot be written: {0}")]
    Write(io::Error),
    /// The path leads to something that is no file.
    #[error("is {what}, not a file")]
    NoFile {
        /// The name of what it is, with its article.
        what: &'static str,
    },
    /// The folder that a file is to be written to does not exist.
    #[error("cannot be written: its folder does not exist")]
    NoFolder,
    /// The file is marked as one that is not to be changed.
    #[error("cannot be written: it is write-protected")]
    Protected,
    /// A file is to be written over one that is read for it.
    #[error("cannot be written: it is read from, too; give the outcome another name")]
    IsInput,
    /// Two results are to be written to one file.
    #[error("cannot be written: two outputs have this path; give them different names")]
    WrittenTwice,
    /// The file has more bytes than are accepted.
    #[error("is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
}

/// Says why a file could not be read, without the number that the system has for it where words are clearer.
fn told(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "its permissions do not allow it".to_owned(),
        _ => error.to_string(),
    }
}

/// Shows errors in `{:?}` as the sentences that they are: a `main` that returns one prints it so.
#[doc(hidden)]
#[macro_export]
macro_rules! debug_as_text {
    ($($error:ty),+ $(,)?) => {$(
        impl ::std::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }
    )+};
}

debug_as_text!(FileError);

/// Links in a row that are followed before they are taken for a circle.
const MOST_LINKS: usize = 40;

/// Reads the whole of a file of at most `limit` bytes.
///
/// Pipes are read too, devices are not: `/dev/zero` has no end.
///
/// # Errors
/// Where the file cannot be read, is a folder or a device, or holds more than `limit` bytes.
pub fn read(path: impl AsRef<Path>, limit: u64) -> Result<Vec<u8>, FileError> {
    let file = File::open(path).map_err(FileError::Read)?;
    let metadata = file.metadata().map_err(FileError::Read)?;
    let mut bytes = Vec::new();
    if metadata.is_file() {
        // The size is looked at first, so that nothing of a file that is too large is read.
        if metadata.len() > limit {
            return Err(FileError::TooLarge { limit });
        }
        let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        bytes.try_reserve_exact(length).map_err(|_| FileError::Read(io::ErrorKind::OutOfMemory.into()))?;
    } else if let Some(what) = no_source(&metadata) {
        return Err(FileError::NoFile { what });
    }
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(FileError::Read)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge { limit });
    }
    Ok(bytes)
}

/// Returns the name of something that has no content that ends, `None` for what can be read.
fn no_source(metadata: &fs::Metadata) -> Option<&'static str> {
    if metadata.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_char_device() || kind.is_block_device() {
            return Some("a device");
        }
    }
    None
}

/// Writes the whole of a file, or leaves the former one as it was.
///
/// The bytes go to a file beside `path`, are synced to the disk, and the file is renamed. A link is followed: the file
/// that it points to is replaced, not the link.
///
/// # Errors
/// Where the folder does not exist or cannot be written, the disk is full, or what is at `path` is write-protected or
/// no regular file (a folder, a pipe, a device).
pub fn write(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), FileError> {
    let mut file = NewFile::create(path)?;
    file.write_all(bytes).map_err(FileError::Write)?;
    file.keep().map(drop)
}

/// Checks, before any work is done for them, that files can be written and that no work is lost by it.
///
/// # Errors
/// The first of `outputs` that [`write()`] would refuse for what is known beforehand (its folder, rights, what is at its
/// place), that is the same file as an earlier one, or that is one of `inputs`.
pub fn check_outputs<P: AsRef<Path>, Q: AsRef<Path>>(
    inputs: &[P],
    outputs: &[Q],
) -> Result<(), (PathBuf, FileError)> {
    let inputs: Vec<PathBuf> = inputs.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let mut places: Vec<PathBuf> = Vec::new();
    for path in outputs.iter().map(AsRef::as_ref) {
        let fail = |error| (path.to_owned(), error);
        let place = place_of(&NewFile::create(path).map_err(fail)?.target);
        if inputs.contains(&place) {
            return Err(fail(FileError::IsInput));
        }
        if places.contains(&place) {
            return Err(fail(FileError::WrittenTwice));
        }
        places.push(place);
    }
    Ok(())
}

/// Returns the path of a file, which need not exist, in a form that is the same for every way to write it.
fn place_of(path: &Path) -> PathBuf {
    match (fs::canonicalize(folder_of(path)), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Returns the folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that is written beside its place and removed again unless it is kept.
///
/// What is written to it is not buffered.
#[derive(Debug)]
pub struct NewFile {
    /// The path at which it belongs, which is no link.
    target: PathBuf,
    /// The path at which it is until then.
    beside: PathBuf,
    file: File,
    kept: bool,
}

impl NewFile {
    /// Opens an empty file beside `path`.
    ///
    /// # Errors
    /// Where the folder does not exist or cannot be written, or what is at `path` is write-protected or no regular
    /// file.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, FileError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let target = follow(path.as_ref())?;
        let folder = folder_of(&target);
        match fs::metadata(folder) {
            Ok(found) if !found.is_dir() => return Err(FileError::NoFolder),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(FileError::NoFolder),
            // What else is wrong with the folder is said by the attempt to write to it.
            _ => {}
        }
        let former = fs::metadata(&target).ok();
        if let Some(former) = &former {
            if !former.is_file() {
                let what = no_source(former).unwrap_or("a pipe or socket");
                return Err(FileError::NoFile { what });
            }
            if former.permissions().readonly() {
                return Err(FileError::Protected);
            }
        }
        loop {
            // The name does not contain that of the target, which may have the greatest length already.
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let beside = folder.join(format!(".brainmass-{}-{number}.part", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&beside) {
                Ok(file) => {
                    let new = Self { target, beside, file, kept: false };
                    if let Some(former) = former {
                        new.file.set_permissions(former.permissions()).map_err(FileError::Write)?;
                    }
                    return Ok(new);
                }
                // Another process of this number was killed while it wrote.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(FileError::Write(error)),
            }
        }
    }

    /// Syncs the file and puts it in its place. Returns it, still open.
    ///
    /// # Errors
    /// Where the disk refuses; the former file is then still in its place.
    pub fn keep(mut self) -> Result<File, FileError> {
        sync(&self.file).map_err(FileError::Write)?;
        let file = self.file.try_clone().map_err(FileError::Write)?;
        fs::rename(&self.beside, &self.target).map_err(FileError::Write)?;
        self.kept = true;
        // The name is on the disk once the folder is. Where folders cannot be synced there is no more to be done.
        #[cfg(unix)]
        if let Ok(folder) = File::open(folder_of(&self.target)) {
            let _ = folder.sync_all();
        }
        Ok(file)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

/// Syncs a file to the disk, as far as its file system can.
///
/// # Errors
/// Where the disk refuses.
pub fn sync(file: &File) -> io::Result<()> {
    match file.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

/// Returns the path that a link points to, which need not exist; any other path as it is.
fn follow(path: &Path) -> Result<PathBuf, FileError> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = folder_of(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(FileError::Write(io::Error::other("its links go round in a circle")))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_written_and_replaced_and_nothing_is_left_beside_it() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.bin");
        write(&path, b"one").unwrap();
        write(&path, b"other").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"other");
        assert_eq!(names(&folder), ["a.bin"]);
        assert!(matches!(read(&path, 4).unwrap_err(), FileError::TooLarge { limit: 4 }));
    }

    #[test]
    fn what_is_dropped_before_it_is_kept_leaves_the_former_file() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.bin");
        write(&path, b"whole").unwrap();
        let mut half = NewFile::create(&path).unwrap();
        half.write_all(b"ha").unwrap();
        drop(half);
        assert_eq!(read(&path, 100).unwrap(), b"whole");
        assert_eq!(names(&folder), ["a.bin"]);
    }

    #[test]
    fn writers_at_one_place_leave_the_whole_file_of_one_of_them() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.bin");
        std::thread::scope(|scope| {
            for byte in *b"abcd" {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..25 {
                        write(path, &vec![byte; 100_000]).unwrap();
                        let read = read(path, 1 << 20).unwrap();
                        assert_eq!(read.len(), 100_000);
                        assert!(read.iter().all(|other| *other == read[0]), "two files were mixed");
                    }
                });
            }
        });
        assert_eq!(names(&folder), ["a.bin"]);
    }

    #[test]
    fn folders_are_neither_read_nor_written() {
        let folder = TempDir::new().unwrap();
        for problem in [write(folder.path(), b"").unwrap_err(), read(folder.path(), 9).unwrap_err()] {
            assert_eq!(problem.to_string(), "is a folder, not a file");
        }
        let lost = write(folder.path().join("no/such/a.bin"), b"").unwrap_err();
        assert!(matches!(lost, FileError::NoFolder), "{lost}");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_no_place_for_a_file() {
        assert_eq!(write("/dev/null", b"1").unwrap_err().to_string(), "is a device, not a file");
        assert_eq!(read("/dev/zero", 9).unwrap_err().to_string(), "is a device, not a file");
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(matches!(write(&socket, b"1").unwrap_err(), FileError::NoFile { .. }));
        assert_eq!(names(&folder), ["socket"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_rights_too() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = TempDir::new().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        symlink("file", &link).unwrap();
        write(&link, b"first").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        write(&link, b"second").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&file, 100).unwrap(), b"second");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let error = write(&link, b"third").unwrap_err();
        assert!(matches!(error, FileError::Protected), "{error}");
        symlink("round", folder.path().join("round")).unwrap();
        assert!(write(folder.path().join("round"), b"").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn file_names_of_any_bytes_and_of_the_greatest_length_are_written() {
        use std::os::unix::ffi::OsStrExt;
        let folder = TempDir::new().unwrap();
        for name in [&b"\xff\x1b[2J.bin"[..], &[b'a'; 255][..]] {
            let path = folder.path().join(std::ffi::OsStr::from_bytes(name));
            write(&path, b"1").unwrap();
            assert_eq!(read(&path, 1).unwrap(), b"1");
        }
    }

    #[test]
    fn outputs_are_checked_before_any_work() {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        write(path("in.csv"), b"1").unwrap();
        let none: [&Path; 0] = [];
        let check =
            |outputs: &[PathBuf]| check_outputs(&[path("in.csv")], outputs).map_err(|(_, error)| error);
        check(&[path("a"), path("b")]).unwrap();
        assert!(matches!(check(&[path("./in.csv")]), Err(FileError::IsInput)));
        assert!(matches!(check(&[path("a"), path("./a")]), Err(FileError::WrittenTwice)));
        assert!(matches!(check(&[path("lost/a")]), Err(FileError::NoFolder)));
        assert!(matches!(check_outputs(&none, &[folder.path()]).unwrap_err().1, FileError::NoFile { .. }));
        assert_eq!(names(&folder), ["in.csv"]);
    }
}
