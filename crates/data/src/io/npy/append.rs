//! Npy files that grow row by row.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use brainmass_files::{FileError, NewFile, sync};

use super::header;
use crate::io::IoError;

/// The most numbers that are converted to bytes before these are written.
const BUFFERED: usize = 8192;

/// An npy file of `f64` that grows. It can be read after every [`Appender::append`].
///
/// The header is written after the numbers that it counts, so that a writer that is killed leaves a file whose header
/// announces whole rows.
#[derive(Debug)]
pub struct Appender {
    path: PathBuf,
    file: File,
    /// The numbers in a row; `None` for an array of one dimension.
    width: Option<usize>,
    count: usize,
    /// The length of the header in bytes, which is the same for any number of rows.
    header: usize,
}

impl Appender {
    /// Puts an empty array in the place of what is at `path`: rows of `width` numbers, or numbers in one dimension.
    ///
    /// # Errors
    /// Where the file cannot be written, see [`write_file`](crate::io::write_file).
    pub fn create(path: impl AsRef<Path>, width: Option<usize>) -> Result<Self, IoError> {
        let path = path.as_ref().to_owned();
        let created = NewFile::create(&path).and_then(|mut new| {
            let header = header_of(width, 0).map_err(FileError::Write)?;
            new.write_all(&header).map_err(FileError::Write)?;
            Ok((new.keep()?, header.len()))
        });
        match created {
            Ok((file, header)) => Ok(Self { path, file, width, count: 0, header }),
            Err(error) => Err(IoError::new(path.display(), error.into())),
        }
    }

    /// Adds numbers, whole rows of them, and brings the header up to date.
    ///
    /// # Errors
    /// Where the file cannot be written. It then holds what it held before.
    pub fn append<'a>(&mut self, numbers: impl IntoIterator<Item = &'a f64>) -> Result<(), IoError> {
        self.write(numbers).map_err(|error| {
            // The header still announces the former rows; what came after them of the new ones goes.
            let _ = self.file.set_len(self.end());
            IoError::new(self.path.display(), FileError::Write(error).into())
        })
    }

    /// Returns the length of the file in bytes.
    fn end(&self) -> u64 {
        (self.header + 8 * self.count) as u64
    }

    fn write<'a>(&mut self, numbers: impl IntoIterator<Item = &'a f64>) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end()))?;
        let mut numbers = numbers.into_iter();
        let mut count = self.count;
        let mut buffer = vec![[0; 8]; numbers.size_hint().0.clamp(512, BUFFERED)];
        loop {
            let mut filled = 0;
            for (place, number) in buffer.iter_mut().zip(&mut numbers) {
                *place = number.to_le_bytes();
                filled += 1;
            }
            if filled == 0 {
                break;
            }
            self.file.write_all(buffer[..filled].as_flattened())?;
            count += filled;
        }
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&header_of(self.width, count)?)?;
        self.count = count;
        Ok(())
    }

    /// Syncs the file to the disk, so that it is there after a loss of power too.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn finish(self) -> Result<(), IoError> {
        sync(&self.file).map_err(|error| IoError::new(self.path.display(), FileError::Write(error).into()))
    }
}

/// Returns the header of an array of `count` numbers.
fn header_of(width: Option<usize>, count: usize) -> io::Result<Vec<u8>> {
    match width {
        Some(width) => header::write("<f8", &[count / width.max(1), width]),
        None => header::write("<f8", &[count]),
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
        file.finish().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
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
