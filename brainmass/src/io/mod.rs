//! Reading and writing of arrays: npy, npz, csv.
//!
//! - [`npy`]: one array in numpy's binary format;
//! - [`npz`]: several named arrays in a zip, as `numpy.savez` writes them;
//! - [`table`]: text tables (CSV, TSV, or columns parted by white space), with or without names of rows and columns;
//! - [`archive`]: zip files in general, read within limits.
//!
//! Whatever is wrong with a file is an [`IoError`]: it names the file (and the member, line, column) and says what was
//! expected there. No file can exhaust the memory: what a file declares is compared with what is there before
//! anything of that size is allocated, and what is unpacked is limited to [`archive::MEMBER_LIMIT`].

pub mod archive;
mod error;
pub mod npy;
pub mod npz;
pub mod table;

pub use error::{IoError, Problem};

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// The whole of a file, of at most `limit` bytes.
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, IoError> {
    let failed = |error| IoError::new(path.display(), Problem::Read(error));
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(IoError::new(path.display(), Problem::TooLarge { limit }));
    }
    Ok(bytes)
}

/// Writes the whole of a file.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    fs::write(path, bytes).map_err(|error| IoError::new(path.display(), Problem::Write(error)))
}
