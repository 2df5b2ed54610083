//! Reading and writing of arrays: npy, npz, csv.
//!
//! - [`npy`]: one array in numpy's binary format;
//! - [`npz`]: several named arrays in a zip, as `numpy.savez` writes them;
//! - [`table`]: text tables (CSV, TSV, or columns parted by white space), with or without names of rows and columns;
//! - [`recording`]: what a run recorded, as npz, CSV and JSON;
//! - [`tidy`]: tables of numbers and words with units and provenance, as CSV and, with the feature `parquet`, as Apache Parquet;
//! - [`archive`]: zip files in general, read within limits;
//! - [`journal`]: records that are appended one by one and survive whatever ends the process.
//!
//! Whatever is wrong with a file is an [`IoError`]: it names the file (and the member, line, column) and says what was
//! expected there. No file can exhaust the memory: what a file declares is compared with what is there before
//! anything of that size is allocated, files and members of archives are read to [`archive::MEMBER_LIMIT`] and tables
//! to [`table::CELL_LIMIT`].
//!
//! Every file is written by [`write_file`]: whole, or not at all.

#[doc(hidden)]
pub mod archive;
mod cells;
mod error;
pub mod npy;
pub mod npz;
mod numbers;
#[cfg(feature = "parquet")]
mod parquet;
pub mod recording;
mod shown;
pub mod table;
pub mod tidy;

pub use brainmass_files::FileError;
#[doc(hidden)]
pub use brainmass_files::journal;
pub use error::{IoError, Problem};
pub(crate) use shown::{is_control, list};

use std::path::Path;

/// Reads the whole of a file of at most `limit` bytes; devices, which have no end, are not read.
///
/// # Errors
/// Where the file cannot be read, is a folder or a device, or holds more than `limit` bytes.
pub fn read_file(path: impl AsRef<Path>, limit: u64) -> Result<Vec<u8>, IoError> {
    let path = path.as_ref();
    brainmass_files::read(path, limit).map_err(|error| IoError::new(path.display(), error.into()))
}

/// Writes the whole of a file, or leaves the former one as it was: the bytes go to a file beside it, which is synced
/// and renamed.
///
/// # Errors
/// Where the folder does not exist or cannot be written, the disk is full, or what is at `path` is write-protected or
/// no regular file (a folder, a pipe, a device).
pub fn write_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), IoError> {
    let path = path.as_ref();
    brainmass_files::write(path, bytes).map_err(|error| IoError::new(path.display(), error.into()))
}

/// Checks, before any work is done for them, that files can be written and that nothing is lost by it.
///
/// # Errors
/// The first of `outputs` that [`write_file`] would refuse for what is known beforehand (its folder, rights, what is at
/// its place), that is the same file as an earlier one, or that is one of `inputs`.
pub fn check_outputs<P: AsRef<Path>, Q: AsRef<Path>>(inputs: &[P], outputs: &[Q]) -> Result<(), IoError> {
    brainmass_files::check_outputs(inputs, outputs)
        .map_err(|(path, error)| IoError::new(path.display(), error.into()))
}

/// Returns text of a file as it may be shown in a terminal: control characters, and those that turn the direction of
/// writing, are escaped; what is longer than 1000 characters is cut.
pub fn printable(text: &str) -> String {
    shown::Shown(text).to_string()
}

/// Returns the ending of a file's name in lower case, without its point; empty where there is none.
pub fn ending(path: impl AsRef<Path>) -> String {
    path.as_ref().extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::npz::Npz;
    use super::table::Format;
    use super::{npy, table};

    const NUMPY: &[u8] = include_bytes!("testdata/numpy.npz");

    #[test]
    fn a_file_with_any_byte_changed_is_read_or_refused() {
        let npy = npy::encode(&ndarray::array![[1.0, 2.0], [3.0, 4.0]]).unwrap();
        for (at, change) in (0..npy.len()).flat_map(|at| [0x01, 0x10, 0x80, 0xff].map(|change| (at, change)))
        {
            let mut bytes = npy.clone();
            bytes[at] ^= change;
            let _ = npy::decode(&bytes, "");
        }
        // Every fifth: a debug build takes 3 ms for each.
        for at in (0..NUMPY.len()).step_by(5) {
            let mut bytes = NUMPY.to_vec();
            bytes[at] ^= 0x11;
            if let Ok(file) = Npz::from_bytes(bytes, "") {
                for name in file.names() {
                    let _ = file.get(name);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(text in "[{}()\\[\\]',:<>|f8iUO0-9a-zTF _+.-]{0,80}") {
            let length = u16::try_from(text.len()).unwrap().to_le_bytes();
            let bytes = [b"\x93NUMPY\x01\x00", &length[..], text.as_bytes(), &[0; 64]].concat();
            let _ = npy::decode(&bytes, "");
            let shaped = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {text}}}");
            let length = u16::try_from(shaped.len()).unwrap().to_le_bytes();
            let bytes = [b"\x93NUMPY\x01\x00", &length[..], shaped.as_bytes(), &[0; 64]].concat();
            let _ = npy::decode(&bytes, "");
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a0-9.,;\t\" #\r\n\u{e9}-]{0,60}") {
            if let Ok(table) = table::parse(text.as_bytes(), "", &Format::default()) {
                let (rows, columns) = table.values.dim();
                prop_assert!(table.rows.is_none_or(|names| names.len() == rows));
                prop_assert!(table.columns.is_none_or(|names| names.len() == columns));
            }
        }
    }
}
