//! Reading and writing of arrays: npy, npz, csv.
//!
//! - [`npy`]: one array in numpy's binary format;
//! - [`npz`]: several named arrays in a zip, as `numpy.savez` writes them;
//! - [`table`]: text tables (CSV, TSV, or columns parted by white space), with or without names of rows and columns;
//! - [`recording`]: what a run recorded, as npz, CSV and JSON;
//! - [`archive`]: zip files in general, read within limits.
//!
//! Whatever is wrong with a file is an [`IoError`]: it names the file (and the member, line, column) and says what was
//! expected there. No file can exhaust the memory: what a file declares is compared with what is there before
//! anything of that size is allocated, files and members of archives are read to [`archive::MEMBER_LIMIT`] and tables
//! to [`table::CELL_LIMIT`].
//!
//! Every file is written by [`write_file`]: whole, or not at all.

pub mod archive;
mod error;
mod file;
pub mod npy;
pub mod npz;
pub mod recording;
pub mod table;

pub use error::{IoError, Problem};
pub(crate) use error::{is_control, list};
pub use file::{check_outputs, read_file, write_file};

use std::path::Path;

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
