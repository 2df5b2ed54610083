//! numpy's archive of named arrays (`numpy.savez`, `numpy.savez_compressed`).
//!
//! ```no_run
//! use brainmass::io::npz::{Npz, NpzWriter};
//! use ndarray::array;
//!
//! NpzWriter::new()
//!     .with("weights", &array![[0.0, 1.0], [2.0, 0.0]])?
//!     .with("labels", &array!["left", "right"])?
//!     .save("pair.npz")?;
//! let file = Npz::open("pair.npz")?;
//! let weights = file.get("weights")?.into_matrix()?;
//! # Ok::<(), brainmass::io::IoError>(())
//! ```

use std::path::Path;
use std::sync::Arc;

use ndarray::{ArrayRef, Dimension};

use super::archive::{Archive, ArchiveWriter, MEMBER_LIMIT};
use super::npy::{self, Element, NpyArray};
use super::{IoError, Problem};

const EXTENSION: &str = ".npy";

/// An npz file.
///
/// Its arrays are unpacked when they are asked for, so that one that cannot be read does no harm to the others.
#[derive(Debug, Clone)]
pub struct Npz {
    archive: Archive,
}

impl Npz {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// As [`Archive::open`], and where two arrays share a name.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, IoError> {
        Self::from_archive(Archive::open(path)?)
    }

    /// Opens an npz file in memory; `origin` is what errors call it.
    ///
    /// # Errors
    /// As [`Npz::open`].
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>, origin: &str) -> Result<Self, IoError> {
        Self::from_archive(Archive::from_bytes(bytes, origin, MEMBER_LIMIT)?)
    }

    fn from_archive(archive: Archive) -> Result<Self, IoError> {
        let names = archive.names();
        let clash = names.iter().find(|name| {
            name.strip_suffix(EXTENSION).is_some_and(|stem| names.iter().any(|other| other == stem))
        });
        if let Some(name) = clash {
            let problem = Problem::Duplicate { name: stem(name).to_owned() };
            return Err(IoError::new(archive.origin(), problem));
        }
        Ok(Npz { archive })
    }

    /// Returns what errors call this file: its path.
    pub fn origin(&self) -> &str {
        self.archive.origin()
    }

    /// Returns the names of the arrays, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.archive.names().iter().map(|name| stem(name))
    }

    /// Returns whether there is an array of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|present| present == name)
    }

    /// Reads the array `name`.
    ///
    /// # Errors
    /// Where there is none of that name, and as [`npy::decode`].
    pub fn get(&self, name: &str) -> Result<NpyArray, IoError> {
        let Some(member) = self.archive.names().iter().find(|member| stem(member) == name) else {
            let present = self.names().map(str::to_owned).collect();
            return Err(IoError::new(self.origin(), Problem::Missing { name: name.to_owned(), present }));
        };
        let (bytes, limit) = self.archive.read_with_limit(member)?;
        npy::decode_within(&bytes, &self.archive.origin_of(member), limit)
    }

    /// Reads the array `name` if there is one.
    ///
    /// # Errors
    /// As [`npy::decode`].
    pub fn find(&self, name: &str) -> Result<Option<NpyArray>, IoError> {
        if self.contains(name) { self.get(name).map(Some) } else { Ok(None) }
    }
}

fn stem(member: &str) -> &str {
    member.strip_suffix(EXTENSION).unwrap_or(member)
}

/// A writer that gathers named arrays and writes them as an npz file, compressed.
#[derive(Debug, Default)]
pub struct NpzWriter {
    archive: ArchiveWriter,
}

impl NpzWriter {
    /// Creates a file without arrays.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array.
    ///
    /// # Errors
    /// Where there is already one of that name, or the name cannot be that of a member of an archive (see
    /// [`check_member_name`](super::archive::check_member_name)) or ends in `.npy`, which numpy would take for the
    /// ending of the member.
    pub fn add<A: Element, D: Dimension>(
        &mut self,
        name: &str,
        array: &ArrayRef<A, D>,
    ) -> Result<(), IoError> {
        if name.is_empty() || name.ends_with(EXTENSION) {
            let why = if name.is_empty() { "the name is empty" } else { "the name ends in `.npy`" };
            return Err(IoError::new("archive", Problem::MemberName { name: name.to_owned(), why }));
        }
        self.archive.add(&format!("{name}{EXTENSION}"), &npy::encode(array)?)
    }

    /// Adds an array as [`NpzWriter::add`] does, and hands the writer on, so that calls can be chained.
    ///
    /// # Errors
    /// As [`NpzWriter::add`].
    pub fn with<A: Element, D: Dimension>(
        mut self,
        name: &str,
        array: &ArrayRef<A, D>,
    ) -> Result<Self, IoError> {
        self.add(name, array)?;
        Ok(self)
    }

    /// Returns the bytes of the finished file.
    ///
    /// # Errors
    /// Where the directory of the archive cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, IoError> {
        self.archive.into_bytes()
    }

    /// Writes the finished file to `path`, see [`write_file`](super::write_file).
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save(self, path: impl AsRef<Path>) -> Result<(), IoError> {
        self.archive.save(path)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    /// A file written by numpy 2.4.6, by this call:
    ///
    /// `savez_compressed(f, weights=asfortranarray([[0, 1.5], [-2, 0]]), flags=array([True, False]),
    /// steps=array([3, -4], '>i4'), labels=array(["left", "right"]), meta=array([{"a": 1}]))`
    const NUMPY: &[u8] = include_bytes!("testdata/numpy.npz");

    #[test]
    fn a_file_written_by_numpy_is_read() {
        let file = Npz::from_bytes(NUMPY, "numpy.npz").unwrap();
        assert_eq!(file.names().collect::<Vec<_>>(), ["weights", "flags", "steps", "labels", "meta"]);
        assert_eq!(file.get("weights").unwrap().into_matrix().unwrap(), array![[0.0, 1.5], [-2.0, 0.0]]);
        assert_eq!(file.get("flags").unwrap().into_vector().unwrap(), array![1.0, 0.0]);
        assert_eq!(file.get("steps").unwrap().into_vector().unwrap(), array![3.0, -4.0]);
        assert_eq!(file.get("labels").unwrap().into_strings().unwrap(), ["left", "right"]);
    }

    #[test]
    fn python_objects_are_refused_without_harm_to_the_other_arrays() {
        let file = Npz::from_bytes(NUMPY, "numpy.npz").unwrap();
        let error = file.get("meta").unwrap_err();
        assert_eq!(
            error.to_string(),
            "numpy.npz, member `meta.npy`: holds Python objects, which are never unpickled; \
             save a plain array of numbers or strings instead"
        );
    }

    #[test]
    fn what_is_written_comes_back() {
        let weights = Array2::from_shape_fn((5, 5), |(i, j)| (i as f64).exp() / (j as f64 + 0.3));
        let bytes =
            NpzWriter::new().with("weights", &weights).unwrap().with("labels", &array!["a", "bc"]).unwrap();
        let file = Npz::from_bytes(bytes.into_bytes().unwrap(), "a.npz").unwrap();
        assert_eq!(file.get("weights").unwrap().into_matrix().unwrap(), weights);
        assert_eq!(file.get("labels").unwrap().into_strings().unwrap(), ["a", "bc"]);
        assert!(file.find("fc").unwrap().is_none());
        assert_eq!(
            file.get("fc").unwrap_err().to_string(),
            "a.npz: has no member `fc`; its members are `weights`, `labels`"
        );
    }

    #[test]
    fn names_that_numpy_would_read_otherwise_are_refused() {
        for name in ["", "x.npy", "../x", "a\\b"] {
            let error = NpzWriter::new().with(name, &array![1.0]).unwrap_err();
            assert!(matches!(error.problem, Problem::MemberName { .. }), "{name:?}");
        }
    }

    #[test]
    fn a_text_without_dimensions_is_one_string() {
        let orientation = ndarray::arr0("source_target");
        let bytes = NpzWriter::new().with("orientation", &orientation).unwrap().into_bytes().unwrap();
        let file = Npz::from_bytes(bytes, "a.npz").unwrap();
        assert_eq!(file.get("orientation").unwrap().into_strings().unwrap(), ["source_target"]);
    }

    #[test]
    fn small_elements_that_become_large_numbers_are_counted() {
        // Each of these bytes becomes eight.
        let mut writer = ArchiveWriter::new();
        let header = format!("{:<117}\n", "{'descr': '|u1', 'fortran_order': False, 'shape': (1000,), }");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend([0; 1000]);
        writer.add("a.npy", &bytes).unwrap();
        let bytes = writer.into_bytes().unwrap();
        let within = |limit| {
            let archive = Archive::from_bytes(bytes.clone(), "a.npz", limit).unwrap();
            Npz::from_archive(archive).unwrap().get("a")
        };
        assert_eq!(within(8000).unwrap().shape(), [1000]);
        assert!(matches!(within(7999).unwrap_err().problem, Problem::TooLarge { limit: 7999 }));
    }

    #[test]
    fn arrays_that_share_a_name_are_refused() {
        let array = array![1.0];
        assert!(NpzWriter::new().with("a", &array).unwrap().with("a", &array).is_err());
        let mut archive = ArchiveWriter::new();
        archive.add("a.npy", b"").unwrap();
        archive.add("a", b"").unwrap();
        let error = Npz::from_bytes(archive.into_bytes().unwrap(), "a.npz").unwrap_err();
        assert_eq!(error.to_string(), "a.npz: has two members named `a`");
    }
}
