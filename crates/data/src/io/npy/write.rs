//! Writing of npy files.

use std::path::Path;

use ndarray::{ArrayRef, Dimension};
use npyz::{DType, TypeStr, WriterBuilder};

use crate::io::{FileError, IoError, Problem, write_file};

/// The types that elements of a written array can have: `f64`, `f32`, `i64`, and `String` or `&str` (as `<U` of the
/// widest).
pub trait Element: sealed::Sealed {}

impl Element for f64 {}
impl Element for f32 {}
impl Element for i64 {}
impl Element for String {}
impl Element for &str {}

mod sealed {
    pub trait Sealed: npyz::Serialize + Sized {
        /// Returns numpy's type string for these elements.
        fn type_string<'a>(elements: impl Iterator<Item = &'a Self>) -> String
        where
            Self: 'a;
    }

    macro_rules! sealed {
        ($($type:ty: $elements:pat => $string:expr,)*) => {$(
            impl Sealed for $type {
                fn type_string<'a>($elements: impl Iterator<Item = &'a Self>) -> String
                where
                    Self: 'a,
                {
                    $string
                }
            }
        )*};
    }
    sealed! {
        f64: _ => "<f8".to_owned(),
        f32: _ => "<f4".to_owned(),
        i64: _ => "<i8".to_owned(),
        String: elements => unicode(elements.map(String::as_str)),
        &str: elements => unicode(elements.copied()),
    }

    /// Returns the type string of texts, at least one character wide: numpy has no type of width 0.
    fn unicode<'a>(strings: impl Iterator<Item = &'a str>) -> String {
        format!("<U{}", strings.map(|text| text.chars().count()).max().unwrap_or(0).max(1))
    }
}

/// Writes an array to the file at `path`, in row-major order; see [`write_file`].
///
/// # Errors
/// Where the file cannot be written.
pub fn write<A: Element, D: Dimension>(
    path: impl AsRef<Path>,
    array: &ArrayRef<A, D>,
) -> Result<(), IoError> {
    write_file(path, &encode(array)?)
}

/// Returns the bytes of an npy file that holds `array`, in row-major order.
///
/// # Errors
/// Where the array cannot be expressed in the format.
pub fn encode<A: Element, D: Dimension>(array: &ArrayRef<A, D>) -> Result<Vec<u8>, IoError> {
    encoded(array).map_err(|error| IoError::new("array", Problem::File(FileError::Write(error))))
}

fn encoded<A: Element, D: Dimension>(array: &ArrayRef<A, D>) -> std::io::Result<Vec<u8>> {
    let scalar: TypeStr = A::type_string(array.iter()).parse().map_err(std::io::Error::other)?;
    let shape: Vec<u64> = array.shape().iter().map(|&length| length as u64).collect();
    let mut bytes = Vec::new();
    let mut writer = npyz::WriteOptions::<A>::new()
        .dtype(DType::new_scalar(scalar))
        .shape(&shape)
        .writer(&mut bytes)
        .begin_nd()?;
    for element in array {
        writer.push(element)?;
    }
    writer.finish()?;
    Ok(bytes)
}
