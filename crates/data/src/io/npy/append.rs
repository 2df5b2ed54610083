//! Npy files that grow row by row.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::io::{IoError, Problem};

/// Bytes of the header, which has room for any number of rows.
const HEADER: usize = 128;

/// An npy file of `f64` that grows. It can be read after every [`Appender::append`].
#[derive(Debug)]
pub struct Appender {
    path: PathBuf,
    file: BufWriter<File>,
    /// Numbers a row; `None` for an array of one dimension.
    width: Option<usize>,
    count: usize,
}

impl Appender {
    /// Begins a file in place of what is at `path`: rows of `width` numbers, or numbers in one dimension.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn create(path: impl AsRef<Path>, width: Option<usize>) -> Result<Self, IoError> {
        let path = path.as_ref().to_owned();
        let file =
            File::create(&path).map_err(|error| IoError::new(path.display(), Problem::Write(error)))?;
        let mut appender = Self { path, file: BufWriter::new(file), width, count: 0 };
        appender.append([])?;
        Ok(appender)
    }

    /// Adds numbers, whole rows of them, and brings the header up to date.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn append<'a>(&mut self, numbers: impl IntoIterator<Item = &'a f64>) -> Result<(), IoError> {
        let written = self.write(numbers);
        written.map_err(|error| IoError::new(self.path.display(), Problem::Write(error)))
    }

    fn write<'a>(&mut self, numbers: impl IntoIterator<Item = &'a f64>) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start((HEADER + 8 * self.count) as u64))?;
        for number in numbers {
            self.file.write_all(&number.to_le_bytes())?;
            self.count += 1;
        }
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&self.header())?;
        self.file.flush()
    }

    fn header(&self) -> Vec<u8> {
        let shape = match self.width {
            Some(width) => format!("({}, {width})", self.count / width.max(1)),
            None => format!("({},)", self.count),
        };
        let text = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend(((HEADER - 10) as u16).to_le_bytes());
        bytes.extend(text.bytes());
        bytes.resize(HEADER - 1, b' ');
        bytes.push(b'\n');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::io::npy;

    #[test]
    fn a_file_is_whole_after_every_row() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.npy");
        let mut file = Appender::create(&path, Some(2)).unwrap();
        let read = || npy::decode(&std::fs::read(&path).unwrap(), "rows").unwrap().into_numbers().unwrap();
        assert_eq!(read().shape(), [0, 2]);
        file.append(&[1.0, 2.0]).unwrap();
        assert_eq!(read(), array![[1.0, 2.0]].into_dyn());
        file.append(&[3.0, 4.0, 5.0, f64::MIN_POSITIVE]).unwrap();
        assert_eq!(read(), array![[1.0, 2.0], [3.0, 4.0], [5.0, f64::MIN_POSITIVE]].into_dyn());
    }

    #[test]
    fn one_dimension_has_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ts.npy");
        Appender::create(&path, None).unwrap().append(&[0.5, 1.5]).unwrap();
        let read = npy::decode(&std::fs::read(&path).unwrap(), "ts").unwrap().into_numbers().unwrap();
        assert_eq!(read, array![0.5, 1.5].into_dyn());
    }
}
