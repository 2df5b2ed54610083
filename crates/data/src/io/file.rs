//! Reading and writing of whole files.
//!
//! A file is read up to a stated size. It is written beside its place, synced and renamed, so that whoever looks at the
//! place finds the former file or the new one, whole, whatever happens to the writer.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{IoError, Problem};

/// Links in a row that are followed before they are taken for a circle.
const MOST_LINKS: usize = 40;

/// Reads the whole of a file of at most `limit` bytes.
///
/// Pipes are read too, devices are not: `/dev/zero` has no end.
///
/// # Errors
/// Where the file cannot be read, is a folder or a device, or holds more than `limit` bytes.
pub fn read_file(path: impl AsRef<Path>, limit: u64) -> Result<Vec<u8>, IoError> {
    let path = path.as_ref();
    let fail = |problem| IoError::new(path.display(), problem);
    let failed = |error| fail(Problem::Read(error));
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let mut bytes = Vec::new();
    if metadata.is_file() {
        // The size is looked at first, so that nothing of a file that is too large is read.
        if metadata.len() > limit {
            return Err(fail(Problem::TooLarge { limit }));
        }
        let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        bytes.try_reserve_exact(length).map_err(|_| failed(io::ErrorKind::OutOfMemory.into()))?;
    } else if let Some(what) = no_source(&metadata) {
        return Err(fail(Problem::NoFile { what }));
    }
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(fail(Problem::TooLarge { limit }));
    }
    Ok(bytes)
}

/// Says what it is where it has no content that ends.
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
pub fn write_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), IoError> {
    let path = path.as_ref();
    let written = NewFile::create(path).and_then(|mut file| {
        file.file.write_all(bytes).map_err(Problem::Write)?;
        file.keep().map(drop)
    });
    written.map_err(|problem| IoError::new(path.display(), problem))
}

/// Checks, before any work is done for them, that files can be written and that no work is lost by it.
///
/// # Errors
/// Where [`write_file`] would refuse one of `outputs` for what is known beforehand (its folder, rights, what is at its
/// place), two outputs are one file, or an output is one of `inputs`.
pub fn check_outputs<P: AsRef<Path>, Q: AsRef<Path>>(inputs: &[P], outputs: &[Q]) -> Result<(), IoError> {
    let inputs: Vec<PathBuf> = inputs.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let mut places: Vec<PathBuf> = Vec::new();
    for path in outputs.iter().map(AsRef::as_ref) {
        let fail = |problem| IoError::new(path.display(), problem);
        let place = place_of(&NewFile::create(path).map_err(fail)?.target);
        if inputs.contains(&place) {
            return Err(fail(Problem::IsInput));
        }
        if places.contains(&place) {
            return Err(fail(Problem::WrittenTwice));
        }
        places.push(place);
    }
    Ok(())
}

/// The path of a file, which need not exist, in a form that is the same for every way to write it.
fn place_of(path: &Path) -> PathBuf {
    match (fs::canonicalize(folder_of(path)), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that is written beside its place and removed again unless it is kept.
#[derive(Debug)]
pub(super) struct NewFile {
    /// Where it belongs; no link.
    target: PathBuf,
    /// Where it is until then.
    beside: PathBuf,
    /// The open file; what is written to it is not buffered.
    pub file: File,
    kept: bool,
}

impl NewFile {
    /// Opens an empty file beside `path`.
    pub fn create(path: &Path) -> Result<Self, Problem> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let target = follow(path)?;
        let folder = folder_of(&target);
        match fs::metadata(folder) {
            Ok(found) if !found.is_dir() => return Err(Problem::NoFolder),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Problem::NoFolder),
            // What else is wrong with the folder is said by the attempt to write to it.
            _ => {}
        }
        let former = fs::metadata(&target).ok();
        if let Some(former) = &former {
            if !former.is_file() {
                let what = no_source(former).unwrap_or("a pipe or socket");
                return Err(Problem::NoFile { what });
            }
            if former.permissions().readonly() {
                return Err(Problem::Write(io::Error::other("it is write-protected")));
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
                        new.file.set_permissions(former.permissions()).map_err(Problem::Write)?;
                    }
                    return Ok(new);
                }
                // Another process of this number was killed while it wrote.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Problem::Write(error)),
            }
        }
    }

    /// Syncs the file and puts it in its place. Hands it back, still open.
    pub fn keep(mut self) -> Result<File, Problem> {
        sync(&self.file).map_err(Problem::Write)?;
        let file = self.file.try_clone().map_err(Problem::Write)?;
        fs::rename(&self.beside, &self.target).map_err(Problem::Write)?;
        self.kept = true;
        // The name is on the disk once the folder is. Where folders cannot be synced there is no more to be done.
        #[cfg(unix)]
        if let Ok(folder) = File::open(folder_of(&self.target)) {
            let _ = folder.sync_all();
        }
        Ok(file)
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
pub(super) fn sync(file: &File) -> io::Result<()> {
    match file.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

/// The path that a link points to, which need not exist; any other path as it is.
fn follow(path: &Path) -> Result<PathBuf, Problem> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = folder_of(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(Problem::Write(io::Error::other("its links go round in a circle")))
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
        write_file(&path, b"one").unwrap();
        write_file(&path, b"other").unwrap();
        assert_eq!(read_file(&path, 5).unwrap(), b"other");
        assert_eq!(names(&folder), ["a.bin"]);
        assert!(matches!(read_file(&path, 4).unwrap_err().problem, Problem::TooLarge { limit: 4 }));
    }

    #[test]
    fn what_is_dropped_before_it_is_kept_leaves_the_former_file() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.bin");
        write_file(&path, b"whole").unwrap();
        let mut half = NewFile::create(&path).unwrap();
        half.file.write_all(b"ha").unwrap();
        drop(half);
        assert_eq!(read_file(&path, 100).unwrap(), b"whole");
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
                        write_file(path, &vec![byte; 100_000]).unwrap();
                        let read = read_file(path, 1 << 20).unwrap();
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
        for problem in [
            write_file(folder.path(), b"").unwrap_err().problem,
            read_file(folder.path(), 9).unwrap_err().problem,
        ] {
            assert_eq!(problem.to_string(), "is a folder, not a file");
        }
        let lost = write_file(folder.path().join("no/such/a.bin"), b"").unwrap_err();
        assert!(matches!(lost.problem, Problem::NoFolder), "{lost}");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_no_place_for_a_file() {
        assert_eq!(
            write_file("/dev/null", b"1").unwrap_err().to_string(),
            "/dev/null: is a device, not a file"
        );
        assert_eq!(read_file("/dev/zero", 9).unwrap_err().to_string(), "/dev/zero: is a device, not a file");
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(matches!(write_file(&socket, b"1").unwrap_err().problem, Problem::NoFile { .. }));
        assert_eq!(names(&folder), ["socket"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_rights_too() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = TempDir::new().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        symlink("file", &link).unwrap();
        write_file(&link, b"first").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        write_file(&link, b"second").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read_file(&file, 100).unwrap(), b"second");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let error = write_file(&link, b"third").unwrap_err();
        assert!(error.to_string().ends_with("cannot be written: it is write-protected"), "{error}");
        symlink("round", folder.path().join("round")).unwrap();
        assert!(write_file(folder.path().join("round"), b"").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn file_names_of_any_bytes_and_of_the_greatest_length_are_written() {
        use std::os::unix::ffi::OsStrExt;
        let folder = TempDir::new().unwrap();
        for name in [&b"\xff\x1b[2J.bin"[..], &[b'a'; 255][..]] {
            let path = folder.path().join(std::ffi::OsStr::from_bytes(name));
            write_file(&path, b"1").unwrap();
            assert_eq!(read_file(&path, 1).unwrap(), b"1");
        }
    }

    #[test]
    fn outputs_are_checked_before_any_work() {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        write_file(path("in.csv"), b"1").unwrap();
        let none: [&Path; 0] = [];
        let check =
            |outputs: &[PathBuf]| check_outputs(&[path("in.csv")], outputs).map_err(|error| error.problem);
        check(&[path("a"), path("b")]).unwrap();
        assert!(matches!(check(&[path("./in.csv")]), Err(Problem::IsInput)));
        assert!(matches!(check(&[path("a"), path("./a")]), Err(Problem::WrittenTwice)));
        assert!(matches!(check(&[path("lost/a")]), Err(Problem::NoFolder)));
        assert!(matches!(
            check_outputs(&none, &[folder.path()]).unwrap_err().problem,
            Problem::NoFile { .. }
        ));
        assert_eq!(names(&folder), ["in.csv"]);
    }
}
