//! NumPy's `.npz`: named arrays in a zip archive.
//!
//! Numbers of every width are read as `f64` and written as such; text is read from and written to NumPy's unicode strings.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use ndarray::{ArrayD, IxDyn, ShapeBuilder};
use npyz::{DType, NpyFile, Order, TypeChar, WriteOptions, WriterBuilder};
use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Most bytes that an array may unpack to: a small archive must not fill the memory.
pub const MAX_BYTES: u64 = 4 << 30;

/// An array of an archive.
#[derive(Debug, Clone, PartialEq)]
pub enum Array {
    /// Numbers, in the order and shape of the file.
    Numbers(ArrayD<f64>),
    /// Text, row by row.
    Text(Vec<String>),
}

impl From<ArrayD<f64>> for Array {
    fn from(values: ArrayD<f64>) -> Self {
        Self::Numbers(values)
    }
}

/// Named arrays, in the order of the archive.
pub type Arrays = Vec<(String, Array)>;

/// Why an archive cannot be read or written.
#[derive(Debug, Error)]
pub enum NpzError {
    /// The file cannot be opened, read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// It is not a zip archive, or a damaged one.
    #[error("{path} is not an npz archive: {source}")]
    Zip {
        /// The file.
        path: String,
        /// Why.
        source: zip::result::ZipError,
    },
    /// A member that is not an array of numbers or text.
    #[error("{path}: the array `{name}` cannot be read: {problem}")]
    Array {
        /// The file.
        path: String,
        /// The array.
        name: String,
        /// Why.
        problem: String,
    },
}

/// Reads every array of an archive.
///
/// # Errors
///
/// The file is no archive, or an array in it has no numbers or text, or unpacks to more than [`MAX_BYTES`].
pub fn read(path: impl AsRef<Path>) -> Result<Arrays, NpzError> {
    let path = path.as_ref();
    let shown = path.display().to_string();
    let file = File::open(path).map_err(|source| NpzError::Io { path: shown.clone(), source })?;
    let fault = |source| NpzError::Zip { path: shown.clone(), source };
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(fault)?;
    let mut arrays = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(fault)?;
        let Some(name) = member.name().map_err(fault)?.strip_suffix(".npy").map(str::to_owned) else {
            continue;
        };
        let array = read_array(member).map_err(|problem| NpzError::Array {
            path: shown.clone(),
            name: name.clone(),
            problem,
        })?;
        arrays.push((name, array));
    }
    Ok(arrays)
}

fn read_array(member: impl Read) -> Result<Array, String> {
    let mut bytes = Vec::new();
    member.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it unpacks to more than {MAX_BYTES} bytes"));
    }
    let npy = NpyFile::new(&bytes[..]).map_err(|error| error.to_string())?;
    let shape: Vec<usize> = npy.shape().iter().map(|&length| length as usize).collect();
    let order = npy.order();
    let DType::Plain(kind) = npy.dtype() else { return Err("it is a record array".to_owned()) };
    let failed = |error: io::Error| error.to_string();
    let numbers = match (kind.type_char(), kind.num_bytes()) {
        (TypeChar::Float, Some(8)) => npy.into_vec::<f64>().map_err(failed)?,
        (TypeChar::Float, Some(4)) => widen(npy.into_vec::<f32>().map_err(failed)?),
        (TypeChar::Int, Some(8)) => {
            npy.into_vec::<i64>().map_err(failed)?.into_iter().map(|v| v as f64).collect()
        }
        (TypeChar::Int, Some(4)) => widen(npy.into_vec::<i32>().map_err(failed)?),
        (TypeChar::Int, Some(2)) => widen(npy.into_vec::<i16>().map_err(failed)?),
        (TypeChar::Int, Some(1)) => widen(npy.into_vec::<i8>().map_err(failed)?),
        (TypeChar::Uint, Some(8)) => {
            npy.into_vec::<u64>().map_err(failed)?.into_iter().map(|v| v as f64).collect()
        }
        (TypeChar::Uint, Some(4)) => widen(npy.into_vec::<u32>().map_err(failed)?),
        (TypeChar::Uint, Some(2)) => widen(npy.into_vec::<u16>().map_err(failed)?),
        (TypeChar::Uint, Some(1)) => widen(npy.into_vec::<u8>().map_err(failed)?),
        (TypeChar::Bool, _) => npy.into_vec::<bool>().map_err(failed)?.into_iter().map(f64::from).collect(),
        (TypeChar::UnicodeStr, _) => return npy.into_vec::<String>().map(Array::Text).map_err(failed),
        _ => return Err(format!("its type {kind} is neither a number nor text")),
    };
    let shape = IxDyn(&shape).set_f(order == Order::Fortran);
    ArrayD::from_shape_vec(shape, numbers).map(Array::Numbers).map_err(|error| error.to_string())
}

fn widen<T: Into<f64>>(values: Vec<T>) -> Vec<f64> {
    values.into_iter().map(Into::into).collect()
}

/// Writes arrays into a compressed archive, which replaces a file that is there.
///
/// # Errors
///
/// The file cannot be written.
pub fn write<'a>(
    path: impl AsRef<Path>,
    arrays: impl IntoIterator<Item = (&'a str, &'a Array)>,
) -> io::Result<()> {
    let mut archive = ZipWriter::new(BufWriter::new(File::create(path)?));
    for (name, array) in arrays {
        archive.start_file(format!("{name}.npy"), SimpleFileOptions::default())?;
        match array {
            Array::Numbers(values) => write_numbers(&mut archive, values)?,
            Array::Text(lines) => write_text(&mut archive, lines)?,
        }
    }
    archive.finish()?.flush()
}

fn write_numbers(to: impl Write, values: &ArrayD<f64>) -> io::Result<()> {
    let shape: Vec<u64> = values.shape().iter().map(|&length| length as u64).collect();
    let mut writer = WriteOptions::new().default_dtype().shape(&shape).writer(to).begin_nd()?;
    writer.extend(values.iter())?;
    writer.finish()
}

fn write_text(to: impl Write, lines: &[String]) -> io::Result<()> {
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0).max(1);
    let kind = format!("<U{longest}").parse().map_err(|error| io::Error::other(format!("{error}")))?;
    let shape = [lines.len() as u64];
    let mut writer =
        WriteOptions::<str>::new().dtype(DType::Plain(kind)).shape(&shape).writer(to).begin_nd()?;
    lines.iter().try_for_each(|line| writer.push(line))?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npz");
        let numbers = Array::Numbers(
            ArrayD::from_shape_vec(IxDyn(&[2, 3]), vec![1.0, -0.0, 3.5, f64::INFINITY, 1e-308, 0.1]).unwrap(),
        );
        let text = Array::Text(vec!["V1".to_owned(), "\u{3c9} right".to_owned()]);
        write(&path, [("x", &numbers), ("labels", &text)]).unwrap();
        assert_eq!(read(&path).unwrap(), [("x".to_owned(), numbers), ("labels".to_owned(), text)]);
    }

    #[test]
    fn what_is_no_archive_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npz");
        std::fs::write(&path, "text").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("a.npz is not an npz archive"));
        assert!(matches!(read(folder.path().join("none.npz")), Err(NpzError::Io { .. })));
    }
}
