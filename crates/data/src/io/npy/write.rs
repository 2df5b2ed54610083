//! Writing of npy files.

use std::io;
use std::path::Path;

use ndarray::{ArrayRef, Dimension};

use super::header;
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
    pub trait Sealed: Sized {
        /// The kind in numpy's type string, and the bytes that a unit of the size behind it takes.
        const KIND: (&'static str, usize);

        /// Returns the size that the type string gives elements that are to hold any of `elements`.
        fn size<'a>(elements: impl Iterator<Item = &'a Self>) -> usize
        where
            Self: 'a;

        /// Writes elements of `width` bytes into `bytes`, which are zero before.
        fn write<'a>(elements: impl Iterator<Item = &'a Self>, width: usize, bytes: &mut [u8])
        where
            Self: 'a;
    }

    macro_rules! numbers {
        ($($type:ty: $kind:literal,)*) => {$(
            impl Sealed for $type {
                const KIND: (&'static str, usize) = ($kind, 1);

                fn size<'a>(_: impl Iterator<Item = &'a Self>) -> usize {
                    size_of::<$type>()
                }

                fn write<'a>(elements: impl Iterator<Item = &'a Self>, _: usize, bytes: &mut [u8]) {
                    // With the width as a constant this is a copy of memory.
                    let (places, _) = bytes.as_chunks_mut::<{ size_of::<$type>() }>();
                    for (place, element) in places.iter_mut().zip(elements) {
                        *place = element.to_le_bytes();
                    }
                }
            }
        )*};
    }
    numbers! {
        f64: "<f",
        f32: "<f",
        i64: "<i",
    }

    macro_rules! texts {
        ($($type:ty,)*) => {$(
            impl Sealed for $type {
                const KIND: (&'static str, usize) = ("<U", 4);

                fn size<'a>(elements: impl Iterator<Item = &'a Self>) -> usize
                where
                    Self: 'a,
                {
                    // numpy has no type of width 0.
                    elements.map(|text| text.chars().count()).max().unwrap_or(0).max(1)
                }

                fn write<'a>(elements: impl Iterator<Item = &'a Self>, width: usize, bytes: &mut [u8])
                where
                    Self: 'a,
                {
                    for (places, element) in bytes.chunks_exact_mut(width).zip(elements) {
                        for (place, character) in places.as_chunks_mut::<4>().0.iter_mut().zip(element.chars()) {
                            *place = u32::from(character).to_le_bytes();
                        }
                    }
                }
            }
        )*};
    }
    texts! {
        String,
        &str,
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

/// Returns the bytes of an npy file that holds `array`, in row-major order: those that numpy would write.
///
/// # Errors
/// Where the array cannot be expressed in the format.
pub fn encode<A: Element, D: Dimension>(array: &ArrayRef<A, D>) -> Result<Vec<u8>, IoError> {
    encoded(array).map_err(|error| IoError::new("array", Problem::File(FileError::Write(error))))
}

fn encoded<A: Element, D: Dimension>(array: &ArrayRef<A, D>) -> io::Result<Vec<u8>> {
    let (kind, unit) = A::KIND;
    let size = A::size(array.iter());
    let header = header::write(&format!("{kind}{size}"), array.shape())?;
    let width = size.checked_mul(unit);
    let length = width
        .and_then(|width| width.checked_mul(array.len()))
        .and_then(|length| length.checked_add(header.len()))
        .filter(|&length| isize::try_from(length).is_ok());
    let (Some(width), Some(length)) = (width, length) else {
        return Err(io::ErrorKind::FileTooLarge.into());
    };
    // Zeros come from the system as they are needed, so that the bytes are written once.
    let mut bytes = vec![0; length];
    let (start, data) = bytes.split_at_mut(header.len());
    start.copy_from_slice(&header);
    match array.as_slice() {
        Some(elements) => A::write(elements.iter(), width, data),
        None => A::write(array.iter(), width, data),
    }
    Ok(bytes)
}
