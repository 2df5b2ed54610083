//! Zip files, read within limits.
//!
//! An archive is a hostile thing until shown otherwise: a few kilobytes can unpack to petabytes, a path can climb out
//! of the folder it is unpacked into, and two members can share a name so that two programs see different data.
//! [`Archive`] refuses all three.

use std::collections::HashSet;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::Arc;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::shown::is_control;
use super::{FileError, IoError, Problem, read_file, write_file};

/// The largest archive, and the largest unpacked member of one, that is accepted unless another limit is given: 2 GiB.
///
/// Beyond [`EASY_LIMIT`] a member must also have at least a [`DENSITY`]th of its unpacked size in the archive.
pub const MEMBER_LIMIT: u64 = 2 << 30;

/// The unpacked size up to which a member may be packed as tightly as it likes: 512 MiB.
pub const EASY_LIMIT: u64 = 512 << 20;

/// The number of bytes that each packed byte may become where a member unpacks to more than [`EASY_LIMIT`].
///
/// Recordings shrink to a half or a fifth when they are packed, zeros to a thousandth.
pub const DENSITY: u64 = 32;

/// The most members that an archive may have.
pub const MOST_MEMBERS: usize = 1 << 16;

/// A zip archive held in memory; its members are unpacked when they are asked for.
///
/// Archives made on Windows may part folders by `\`; here they are always parted by `/`.
#[derive(Debug, Clone)]
pub struct Archive {
    origin: String,
    zip: ZipArchive<Cursor<Arc<[u8]>>>,
    /// Paths of the members that are files.
    names: Vec<String>,
    /// Their places in the directory of the archive.
    places: Vec<usize>,
    limit: u64,
}

impl Archive {
    /// Opens the archive at `path`, with the limit [`MEMBER_LIMIT`].
    ///
    /// # Errors
    /// As [`Archive::from_bytes`], and where the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, IoError> {
        let path = path.as_ref();
        Self::from_bytes(read_file(path, MEMBER_LIMIT)?, &path.display().to_string(), MEMBER_LIMIT)
    }

    /// Opens an archive in memory; `origin` is what errors call it.
    ///
    /// `limit` is the largest size in bytes, declared or real, of one unpacked member.
    ///
    /// # Errors
    /// Where the bytes are no zip archive, there are more than [`MOST_MEMBERS`] members, two share a name, or the path
    /// of one is absolute or leads outside (`../`).
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>, origin: &str, limit: u64) -> Result<Self, IoError> {
        let fail = |problem| IoError::new(origin, problem);
        let unreadable = |error: zip::result::ZipError| fail(Problem::Zip(error.to_string()));
        let bytes = bytes.into();
        // The directory takes some ten times its size in memory, so its length is looked at before it is read.
        if announced_members(&bytes) > MOST_MEMBERS as u64 {
            return Err(fail(Problem::TooMany { what: "members", limit: MOST_MEMBERS }));
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
        if zip.has_duplicate_names() {
            let name = repeated_name(&zip).unwrap_or_default();
            return Err(fail(Problem::Duplicate { name }));
        }
        let (mut names, mut places) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for place in 0..zip.len() {
            let member = zip.by_index_raw(place).map_err(unreadable)?;
            let written = member.name().map_err(unreadable)?.into_owned();
            let name = written.replace('\\', "/");
            if leads_outside(&name) {
                return Err(fail(Problem::OutsidePath { name: written }));
            }
            // A folder ends in a slash, which the zip crate does not know to be one if it is turned.
            if !member.is_file() || name.ends_with('/') {
                continue;
            }
            if !seen.insert(name.clone()) {
                return Err(fail(Problem::Duplicate { name }));
            }
            names.push(name);
            places.push(place);
        }
        Ok(Archive { origin: origin.to_owned(), zip, names, places, limit })
    }

    /// Returns what errors call this archive: its path.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the paths of the members, folders left out, in the order of the archive.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns what errors call a member: the archive's origin and the member's path.
    pub fn origin_of(&self, name: &str) -> String {
        format!("{}, member `{name}`", self.origin)
    }

    /// Unpacks the member `name`.
    ///
    /// # Errors
    /// Where there is no such member, it is encrypted or damaged, or it declares or unpacks to more bytes than the
    /// limit.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, IoError> {
        Ok(self.read_with_limit(name)?.0)
    }

    /// Unpacks the member `name`; the second value is the size in bytes up to which it may take memory.
    pub(super) fn read_with_limit(&self, name: &str) -> Result<(Vec<u8>, u64), IoError> {
        let Some(position) = self.names.iter().position(|member| member == name) else {
            let problem = Problem::Missing { name: name.to_owned(), present: self.names.clone() };
            return Err(IoError::new(&self.origin, problem));
        };
        let fail = |problem| IoError::new(self.origin_of(name), problem);
        // A clone shares the bytes and the directory; only the position in it is its own.
        let mut zip = self.zip.clone();
        let member =
            zip.by_index(self.places[position]).map_err(|error| fail(Problem::Zip(error.to_string())))?;
        let limit = unpacked_limit(self.limit, member.compressed_size());
        if member.size() > limit {
            return Err(fail(Problem::TooLarge { limit }));
        }
        // The zip crate ends with an error where a member goes on beyond the size it declares.
        let mut bytes = Vec::new();
        member.take(limit).read_to_end(&mut bytes).map_err(|error| fail(Problem::Zip(error.to_string())))?;
        Ok((bytes, limit))
    }
}

/// Returns the size to which so many packed bytes may be unpacked, where no more than `limit` is accepted.
fn unpacked_limit(limit: u64, packed: u64) -> u64 {
    limit.min(EASY_LIMIT.max(DENSITY.saturating_mul(packed)))
}

/// Returns whether a path, its folders parted by `/`, is absolute or leads out of the folder that it starts from.
fn leads_outside(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    path.starts_with('/') || drive || path.contains('\0') || path.split('/').any(|part| part == "..")
}

/// Returns the number of members that the end of an archive announces; 0 where there is no such end.
fn announced_members(bytes: &[u8]) -> u64 {
    const END: &[u8] = b"PK\x05\x06";
    const LARGE_END: &[u8] = b"PK\x06\x06";
    const LARGE_PLACE: &[u8] = b"PK\x06\x07";
    // A comment of at most 65,535 bytes may follow the 22 of the end.
    let tail = bytes.len().saturating_sub(22 + 0xffff);
    let Some(end) = (tail..bytes.len()).rev().find(|&at| bytes[at..].starts_with(END)) else { return 0 };
    let number = |at: usize, length: usize| {
        let digits = bytes.get(at..at.checked_add(length)?)?;
        Some(digits.iter().rev().fold(0_u64, |value, digit| value << 8 | u64::from(*digit)))
    };
    let announced = number(end + 10, 2).unwrap_or(0);
    let large = || {
        let place = end.checked_sub(20).filter(|&at| bytes[at..].starts_with(LARGE_PLACE))?;
        let at = usize::try_from(number(place + 8, 8)?).ok()?;
        if bytes.get(at..)?.starts_with(LARGE_END) { number(at.checked_add(32)?, 8) } else { None }
    };
    announced.max(large().unwrap_or(0))
}

/// Returns the first name that the directory lists twice. The zip crate keeps one entry a name, so this reads the
/// directory.
fn repeated_name(zip: &ZipArchive<Cursor<Arc<[u8]>>>) -> Option<String> {
    const ENTRY: [u8; 4] = *b"PK\x01\x02";
    let bytes = zip.clone().into_inner().into_inner();
    let mut rest = bytes.get(usize::try_from(zip.central_directory_start()).ok()?..)?;
    let mut seen = HashSet::new();
    while rest.get(..4)? == ENTRY {
        let length = |at: usize| Some(usize::from(u16::from_le_bytes([*rest.get(at)?, *rest.get(at + 1)?])));
        let name = rest.get(46..46 + length(28)?)?;
        if !seen.insert(name) {
            return Some(String::from_utf8_lossy(name).into_owned());
        }
        rest = rest.get(46 + length(28)? + length(30)? + length(32)?..)?;
    }
    None
}

/// Unpacks a bzip2 stream, of at most `limit` bytes unpacked; `origin` is what errors call it.
///
/// # Errors
/// Where the stream is damaged or truncated, or unpacks to more than `limit` bytes.
pub fn bunzip2(packed: &[u8], origin: &str, limit: u64) -> Result<Vec<u8>, IoError> {
    let mut bytes = Vec::new();
    bzip2::read::MultiBzDecoder::new(packed)
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| IoError::new(origin, Problem::Bzip2(error)))?;
    if bytes.len() as u64 > limit {
        return Err(IoError::new(origin, Problem::TooLarge { limit }));
    }
    Ok(bytes)
}

/// Checks that a name can be that of a member of an archive, and of a file in a folder.
///
/// Folders in it are parted by `/`.
///
/// # Errors
/// Where it is empty, absolute, longer than 200 bytes, leads outside (`..`), or holds a backslash or a control
/// character.
pub fn check_member_name(name: &str) -> Result<(), Problem> {
    const LONGEST: usize = 200;
    let why = if name.is_empty() {
        "the name is empty"
    } else if name.len() > LONGEST {
        "the name is longer than 200 bytes"
    } else if name.contains(is_control) {
        "the name holds a control character"
    } else if name.contains('\\') {
        "the name holds a backslash, which parts folders on Windows"
    } else if leads_outside(name) || name.split('/').any(|part| part.is_empty() || part == ".") {
        "as a path the name leads elsewhere"
    } else {
        return Ok(());
    };
    Err(Problem::MemberName { name: name.to_owned(), why })
}

/// Writes members into a new zip archive. The same members give the same bytes: every time stamp is 1980-01-01.
#[derive(Debug)]
pub struct ArchiveWriter {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    names: HashSet<String>,
}

impl Default for ArchiveWriter {
    fn default() -> Self {
        ArchiveWriter { zip: ZipWriter::new(Cursor::new(Vec::new())), names: HashSet::new() }
    }
}

impl ArchiveWriter {
    /// Creates an archive without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member, compressed.
    ///
    /// # Errors
    /// Where the name was added before, or cannot be that of a member (see [`check_member_name`]).
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), IoError> {
        check_member_name(name).map_err(|problem| IoError::new("archive", problem))?;
        if !self.names.insert(name.to_owned()) {
            return Err(IoError::new("archive", Problem::Duplicate { name: name.to_owned() }));
        }
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            // The files of a connectome take a tenth to a third more room by the fastest level, and every run that keeps them starts 10 ms sooner.
            .compression_level(Some(1))
            .last_modified_time(DateTime::default())
            .large_file(u32::try_from(bytes.len()).is_err());
        self.zip
            .start_file(name, options)
            .map_err(std::io::Error::from)
            .and_then(|()| self.zip.write_all(bytes))
            .map_err(|error| IoError::new(format!("member `{name}`"), Problem::File(FileError::Write(error))))
    }

    /// Returns the bytes of the finished archive.
    ///
    /// # Errors
    /// Where the directory of the archive cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, IoError> {
        match self.zip.finish() {
            Ok(cursor) => Ok(cursor.into_inner()),
            Err(error) => Err(IoError::new("archive", Problem::File(FileError::Write(error.into())))),
        }
    }

    /// Writes the finished archive to `path`, see [`write_file`].
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save(self, path: impl AsRef<Path>) -> Result<(), IoError> {
        write_file(path, &self.into_bytes()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ArchiveWriter::new();
        for (name, bytes) in members {
            writer.add(name, bytes).unwrap();
        }
        writer.into_bytes().unwrap()
    }

    fn open(bytes: Vec<u8>) -> Result<Archive, IoError> {
        Archive::from_bytes(bytes, "a.zip", 1000)
    }

    /// Replaces every occurrence of `from`, in local headers and in the directory alike.
    fn patch(bytes: &mut [u8], from: &[u8], to: &[u8]) {
        assert_eq!(from.len(), to.len());
        for at in 0..=bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + to.len()].copy_from_slice(to);
            }
        }
    }

    #[test]
    fn members_come_back_and_bytes_are_reproducible() {
        let members: [(&str, &[u8]); 2] = [("a.txt", b"one"), ("folder/b.txt", b"")];
        let bytes = archive(&members);
        assert_eq!(bytes, archive(&members));
        let archive = open(bytes).unwrap();
        assert_eq!(archive.names(), ["a.txt", "folder/b.txt"]);
        assert_eq!(archive.read("a.txt").unwrap(), b"one");
        assert_eq!(archive.read("folder/b.txt").unwrap(), b"");
    }

    #[test]
    fn missing_member_lists_what_there_is() {
        let error = open(archive(&[("a.txt", b"one")])).unwrap().read("b.txt").unwrap_err();
        assert_eq!(error.to_string(), "a.zip: has no member `b.txt`; its members are `a.txt`");
    }

    #[test]
    fn what_is_no_zip_is_refused() {
        for bytes in [&b""[..], b"PK", b"1,2,3\n4,5,6\n"] {
            let error = open(bytes.to_vec()).unwrap_err();
            assert!(matches!(error.problem, Problem::Zip(_)), "{error}");
        }
    }

    #[test]
    fn truncated_zip_is_refused_at_every_length() {
        let bytes = archive(&[("a.txt", b"one"), ("b.txt", b"two")]);
        for length in 0..bytes.len() {
            assert!(open(bytes[..length].to_vec()).is_err(), "cut to {length} of {} bytes", bytes.len());
        }
    }

    #[test]
    fn damaged_member_is_refused() {
        let mut bytes = archive(&[("a.txt", b"one two three four")]);
        bytes[36] ^= 0x55;
        assert!(open(bytes).unwrap().read("a.txt").is_err());
    }

    #[test]
    fn bomb_is_refused_by_its_declared_size() {
        let bytes = archive(&[("a.txt", &[b'0'; 1001])]);
        let error = open(bytes).unwrap().read("a.txt").unwrap_err();
        assert_eq!(error.to_string(), "a.zip, member `a.txt`: unpacks to more than the limit of 1000 bytes");
    }

    #[test]
    fn bomb_that_understates_its_size_is_refused() {
        let mut bytes = archive(&[("a.txt", &[b'0'; 100_000])]);
        patch(&mut bytes, &100_000_u32.to_le_bytes(), &10_u32.to_le_bytes());
        let error = open(bytes).unwrap().read("a.txt").unwrap_err();
        assert!(matches!(error.problem, Problem::Zip(_)), "{error}");
    }

    #[test]
    fn bzip2_bomb_is_refused() {
        let mut packed = Vec::new();
        bzip2::read::BzEncoder::new(&[b'0'; 2000][..], bzip2::Compression::best())
            .read_to_end(&mut packed)
            .unwrap();
        assert_eq!(bunzip2(&packed, "a.bz2", 2000).unwrap().len(), 2000);
        assert!(matches!(
            bunzip2(&packed, "a.bz2", 1999).unwrap_err().problem,
            Problem::TooLarge { limit: 1999 }
        ));
        packed.truncate(packed.len() - 1);
        assert!(matches!(bunzip2(&packed, "a.bz2", 2000).unwrap_err().problem, Problem::Bzip2(_)));
    }

    #[test]
    fn duplicate_names_are_refused() {
        let mut bytes = archive(&[("a.txt", b"one"), ("b.txt", b"two")]);
        patch(&mut bytes, b"b.txt", b"a.txt");
        assert_eq!(open(bytes).unwrap_err().to_string(), "a.zip: has two members named `a.txt`");
        let mut writer = ArchiveWriter::new();
        writer.add("a", b"").unwrap();
        assert!(writer.add("a", b"").is_err());
    }

    #[test]
    fn folders_of_windows_are_read() {
        let mut bytes = archive(&[("data/a.txt", b"one"), ("data/b.txt", b"two")]);
        patch(&mut bytes, b"data/", b"data\\");
        let read = open(bytes.clone()).unwrap();
        assert_eq!(read.names(), ["data/a.txt", "data/b.txt"]);
        assert_eq!(read.read("data/b.txt").unwrap(), b"two");
        patch(&mut bytes, b"data\\b.txt", b"data/a.txt");
        assert_eq!(open(bytes).unwrap_err().to_string(), "a.zip: has two members named `data/a.txt`");
    }

    #[test]
    fn what_is_packed_tightly_may_unpack_to_less() {
        assert_eq!(unpacked_limit(MEMBER_LIMIT, 600 << 10), EASY_LIMIT);
        assert_eq!(unpacked_limit(MEMBER_LIMIT, 32 << 20), 1 << 30);
        assert_eq!(unpacked_limit(MEMBER_LIMIT, u64::MAX), MEMBER_LIMIT);
        assert_eq!(unpacked_limit(1000, u64::MAX), 1000);
    }

    #[test]
    fn a_directory_without_end_is_refused_before_it_is_read() {
        let mut bytes = archive(&[("a.txt", b"one")]);
        let end = bytes.len() - 22;
        assert_eq!(announced_members(&bytes), 1);
        // A zip64 end that announces 2^40 members, and the place that it is at.
        let mut large = b"PK\x06\x06".to_vec();
        large.extend([0; 28]);
        large.extend((1_u64 << 40).to_le_bytes());
        large.extend([0; 16]);
        large.extend(b"PK\x06\x07\0\0\0\0");
        large.extend((end as u64).to_le_bytes());
        large.extend([0; 4]);
        bytes.splice(end..end, large);
        let error = open(bytes).unwrap_err();
        assert_eq!(error.to_string(), "a.zip: holds more than 65536 members, which is the limit");
    }

    #[test]
    fn names_that_cannot_be_read_back_are_not_written() {
        for name in
            ["", "/a", "../a", "a/../b", "a//b", "./a", "a\\b", "C:a", "a\nb", "a\u{1b}b", &"a".repeat(201)]
        {
            let error = ArchiveWriter::new().add(name, b"").unwrap_err();
            assert!(matches!(error.problem, Problem::MemberName { .. }), "{name:?}");
        }
        ArchiveWriter::new().add("a..b/größe 1.txt", b"").unwrap();
    }

    #[test]
    fn paths_that_lead_outside_are_refused() {
        for path in ["../evil", "a/../../b", "..\\evil1", "/etc/x", "\\x", "C:\\x"] {
            let placeholder = "x".repeat(path.len());
            let mut bytes = archive(&[(placeholder.as_str(), b"one")]);
            patch(&mut bytes, placeholder.as_bytes(), path.as_bytes());
            let error = open(bytes).unwrap_err();
            assert!(matches!(&error.problem, Problem::OutsidePath { name } if name == path), "{error}");
        }
    }
}
