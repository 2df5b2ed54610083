//! numpy's binary format of one array (`numpy.save`).
//!
//! Format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>, versions 1 to 3.
//!
//! ```
//! use brainmass::io::npy;
//! use ndarray::array;
//!
//! let bytes = npy::encode(&array![[1.0, 2.0], [3.0, 4.0]])?;
//! let back = npy::decode(&bytes, "memory")?.into_numbers()?;
//! assert_eq!(back, array![[1.0, 2.0], [3.0, 4.0]].into_dyn());
//! # Ok::<(), brainmass::io::IoError>(())
//! ```

mod append;
mod header;
mod write;

pub use append::Appender;
pub use write::{Element, encode, write};

use std::path::Path;

use header::check_header;
use ndarray::{Array, Array1, Array2, ArrayD, Dimension, Ix1, IxDyn, ShapeBuilder};
use npyz::{DType, NpyFile, Order, TypeChar};

use super::archive::MEMBER_LIMIT;
use super::{IoError, Problem, read_file};

/// An array as read from a file, in row-major layout whatever its layout in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct NpyArray {
    origin: String,
    values: Values,
}

#[derive(Debug, Clone, PartialEq)]
enum Values {
    Numbers(ArrayD<f64>),
    Text(ArrayD<String>),
}

impl NpyArray {
    /// The length along each axis.
    pub fn shape(&self) -> &[usize] {
        match &self.values {
            Values::Numbers(array) => array.shape(),
            Values::Text(array) => array.shape(),
        }
    }

    /// The numbers, of any number of dimensions.
    ///
    /// # Errors
    /// Where the array holds text.
    pub fn into_numbers(self) -> Result<ArrayD<f64>, IoError> {
        match self.values {
            Values::Numbers(array) => Ok(array),
            Values::Text(_) => {
                Err(IoError::new(self.origin, Problem::Content { found: "strings", expected: "numbers" }))
            }
        }
    }

    /// The numbers as a vector.
    ///
    /// # Errors
    /// Where the array holds text or is not one-dimensional.
    pub fn into_vector(self) -> Result<Array1<f64>, IoError> {
        let origin = self.origin.clone();
        with_dimensions(self.into_numbers()?, &origin)
    }

    /// The numbers as a matrix.
    ///
    /// # Errors
    /// Where the array holds text or is not two-dimensional.
    pub fn into_matrix(self) -> Result<Array2<f64>, IoError> {
        let origin = self.origin.clone();
        with_dimensions(self.into_numbers()?, &origin)
    }

    /// The strings of a one-dimensional array, such as labels.
    ///
    /// # Errors
    /// Where the array holds numbers or is not one-dimensional.
    pub fn into_strings(self) -> Result<Vec<String>, IoError> {
        match self.values {
            Values::Text(array) => {
                Ok(with_dimensions::<_, Ix1>(array, &self.origin)?.into_raw_vec_and_offset().0)
            }
            Values::Numbers(_) => {
                Err(IoError::new(self.origin, Problem::Content { found: "numbers", expected: "strings" }))
            }
        }
    }
}

fn with_dimensions<A, D: Dimension>(array: ArrayD<A>, origin: &str) -> Result<Array<A, D>, IoError> {
    let found = array.shape().to_vec();
    array.into_dimensionality().map_err(|_| {
        IoError::new(origin, Problem::Dimensions { found, expected: D::NDIM.unwrap_or_default() })
    })
}

/// Reads the array in the file at `path`.
///
/// # Errors
/// As [`decode`], and where the file cannot be read.
pub fn read(path: impl AsRef<Path>) -> Result<NpyArray, IoError> {
    let path = path.as_ref();
    decode(&read_file(path, MEMBER_LIMIT)?, &path.display().to_string())
}

/// Reads an array from the bytes of an npy file; `origin` is what errors call it.
///
/// Booleans, integers and floats of either byte order become `f64` (whole numbers beyond 2^53 are rounded to the
/// nearest), strings of fixed width become `String`.
///
/// # Errors
/// Where the bytes are no npy file, hold Python objects or elements of another type, or do not have exactly the length
/// that the header announces.
pub fn decode(bytes: &[u8], origin: &str) -> Result<NpyArray, IoError> {
    let fail = |problem| IoError::new(origin, problem);
    check_header(bytes).map_err(fail)?;
    let file = NpyFile::new(bytes).map_err(|error| fail(Problem::NpyHeader(error.to_string())))?;
    if file.uses_pickled_array() {
        return Err(fail(Problem::PythonObjects));
    }
    let dtype = file.dtype();
    let unread = || fail(Problem::ElementType { found: dtype.descr() });
    let DType::Plain(scalar) = &dtype else { return Err(unread()) };
    let width = scalar.num_bytes().filter(|&width| width > 0).ok_or_else(unread)?;

    let header = file.header().clone();
    let file = NpyFile::with_header(header.clone(), file.into_inner());
    let found = file.clone().into_inner().len() as u64;
    let expected = header
        .len()
        .checked_mul(width as u64)
        .ok_or_else(|| fail(Problem::NpyHeader("more elements than memory can hold".to_owned())))?;
    if found < expected {
        return Err(fail(Problem::Truncated { expected, found }));
    }
    if found > expected {
        return Err(fail(Problem::Surplus { expected, found }));
    }

    let read_as = |file: NpyFile<&[u8]>| {
        let values = match (scalar.type_char(), width) {
            (TypeChar::UnicodeStr | TypeChar::ByteStr, _) => {
                return Some(file.into_vec().and_then(|v| shaped(v, &header)).map(Values::Text));
            }
            (TypeChar::Float, 8) => file.into_vec(),
            (TypeChar::Float, 4) => numbers::<f32>(file, f64::from),
            (TypeChar::Bool, 1) => numbers::<bool>(file, f64::from),
            (TypeChar::Int, 1) => numbers::<i8>(file, f64::from),
            (TypeChar::Int, 2) => numbers::<i16>(file, f64::from),
            (TypeChar::Int, 4) => numbers::<i32>(file, f64::from),
            (TypeChar::Int, 8) => numbers::<i64>(file, |value| value as f64),
            (TypeChar::Uint, 1) => numbers::<u8>(file, f64::from),
            (TypeChar::Uint, 2) => numbers::<u16>(file, f64::from),
            (TypeChar::Uint, 4) => numbers::<u32>(file, f64::from),
            (TypeChar::Uint, 8) => numbers::<u64>(file, |value| value as f64),
            _ => return None,
        };
        Some(values.and_then(|v| shaped(v, &header)).map(Values::Numbers))
    };
    match read_as(file) {
        Some(Ok(values)) => Ok(NpyArray { origin: origin.to_owned(), values }),
        Some(Err(error)) => Err(fail(Problem::Element(error.to_string()))),
        None => Err(unread()),
    }
}

fn numbers<T: npyz::Deserialize>(
    file: NpyFile<&[u8]>,
    into: impl Fn(T) -> f64 + Copy,
) -> std::io::Result<Vec<f64>> {
    let reader = file.data::<T>().map_err(std::io::Error::other)?;
    reader.map(|value| value.map(into)).collect()
}

fn shaped<A: Clone>(values: Vec<A>, header: &npyz::NpyHeader) -> std::io::Result<ArrayD<A>> {
    let shape: Vec<usize> = header.shape().iter().map(|&length| length as usize).collect();
    let column_major = header.order() == Order::Fortran;
    let array =
        ArrayD::from_shape_vec(IxDyn(&shape).set_f(column_major), values).map_err(std::io::Error::other)?;
    Ok(if column_major { array.as_standard_layout().into_owned() } else { array })
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, arr0, array};

    use super::*;

    /// An npy file of version 1 with this header and this data.
    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()
    }

    fn header(descr: &str, fortran: bool, shape: &str) -> String {
        let fortran = if fortran { "True" } else { "False" };
        format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n")
    }

    fn problem(bytes: &[u8]) -> Problem {
        decode(bytes, "a.npy").unwrap_err().problem
    }

    #[test]
    fn arrays_of_any_dimension_come_back() {
        let cube = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (100 * i + 10 * j + k) as f64 + 0.5);
        assert_eq!(
            decode(&encode(&cube).unwrap(), "").unwrap().into_numbers().unwrap(),
            cube.clone().into_dyn()
        );
        let view = cube.slice(ndarray::s![.., ..;-1, 1]);
        assert_eq!(decode(&encode(&view).unwrap(), "").unwrap().into_matrix().unwrap(), view);
        let scalar = arr0(2.5);
        assert_eq!(decode(&encode(&scalar).unwrap(), "").unwrap().into_numbers().unwrap(), scalar.into_dyn());
        let empty = Array2::<f64>::zeros((0, 3));
        assert_eq!(decode(&encode(&empty).unwrap(), "").unwrap().into_matrix().unwrap(), empty);
    }

    #[test]
    fn single_precision_and_integers_come_back() {
        let bytes = encode(&array![1.5_f32, -0.25]).unwrap();
        assert_eq!(decode(&bytes, "").unwrap().into_vector().unwrap(), array![1.5, -0.25]);
        let bytes = encode(&array![i64::from(i32::MIN), 7]).unwrap();
        assert_eq!(decode(&bytes, "").unwrap().into_vector().unwrap(), array![-2147483648.0, 7.0]);
    }

    #[test]
    fn labels_come_back() {
        let labels = array!["rA1", "", "größer", "脳"];
        assert_eq!(decode(&encode(&labels).unwrap(), "").unwrap().into_strings().unwrap(), labels.to_vec());
        let none = Array1::<String>::default(0);
        assert!(decode(&encode(&none).unwrap(), "").unwrap().into_strings().unwrap().is_empty());
    }

    #[test]
    fn every_integer_type_and_byte_order_is_read() {
        for (descr, data, value) in [
            ("'|b1'", &[1_u8][..], 1.0),
            ("'|i1'", &[0xff], -1.0),
            ("'|u1'", &[0xff], 255.0),
            ("'>i2'", &[0xff, 0xfe], -2.0),
            ("'<u2'", &[0xff, 0xfe], 65279.0),
            ("'<i4'", &[0xfe, 0xff, 0xff, 0xff], -2.0),
            ("'>u4'", &[0, 0, 1, 0], 256.0),
            ("'>u8'", &[0, 0, 0, 0, 0, 0, 1, 0], 256.0),
            ("'>f4'", &[0x3f, 0x80, 0, 0], 1.0),
            ("'>f8'", &[0x3f, 0xf0, 0, 0, 0, 0, 0, 0], 1.0),
        ] {
            let array =
                decode(&file(&header(descr, false, "(1,)"), data), "").unwrap().into_vector().unwrap();
            assert_eq!(array, array![value], "{descr}");
        }
    }

    #[test]
    fn column_major_files_give_the_same_array_in_row_major_layout() {
        let columns: Vec<u8> = [1_u8, 4, 2, 5, 3, 6].to_vec();
        let matrix =
            decode(&file(&header("'|u1'", true, "(2, 3)"), &columns), "").unwrap().into_matrix().unwrap();
        assert_eq!(matrix, array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert!(matrix.is_standard_layout());
    }

    #[test]
    fn other_element_types_are_named() {
        for (descr, size) in
            [("'<c16'", 16), ("'<f2'", 2), ("'|V3'", 3), ("'<M8[ns]'", 8), ("[('a', '<f8')]", 8)]
        {
            let problem = problem(&file(&header(descr, false, "(1,)"), &vec![0; size]));
            assert!(matches!(&problem, Problem::ElementType { .. }), "{descr}: {problem}");
        }
        assert!(matches!(problem(&file(&header("'|O'", false, "(1,)"), b"pickle")), Problem::PythonObjects));
    }

    #[test]
    fn a_file_of_the_wrong_length_is_refused() {
        let header = header("'<f8'", false, "(2,)");
        assert!(matches!(problem(&file(&header, &[0; 15])), Problem::Truncated { expected: 16, found: 15 }));
        assert!(matches!(problem(&file(&header, &[0; 17])), Problem::Surplus { expected: 16, found: 17 }));
    }

    #[test]
    fn every_truncation_is_an_error() {
        let bytes = encode(&array![[1.0, 2.0], [3.0, 4.0]]).unwrap();
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length], "").is_err(), "cut to {length} bytes");
        }
        assert!(matches!(problem(b"PK\x03\x04"), Problem::NotNpy));
    }

    #[test]
    fn announced_sizes_allocate_nothing() {
        let deep = format!("{}1{}", "(".repeat(4000), ")".repeat(4000));
        let long = "9".repeat(4000);
        for shape in [
            "(1099511627776, 1024)",
            "(18446744073709551615, 18446744073709551615)",
            "(0, 4294967296, 4294967296, 4294967296)",
            "(0xffffffffffffffff, 2)",
            "(9_000_000_000_000_000_000, 4)",
            "(1+1, 2)",
            "(-1,)",
            &deep,
            &long,
        ] {
            let problem = problem(&file(&header("'<f8'", false, shape), &[0; 8]));
            let expected = matches!(problem, Problem::NpyHeader(_) | Problem::Truncated { .. });
            assert!(expected, "{problem}");
        }
        assert!(matches!(
            problem(&file(&header("'<U0'", false, "(999999999,)"), &[])),
            Problem::ElementType { .. }
        ));
    }

    #[test]
    fn wrong_kind_and_wrong_dimension_are_told() {
        let numbers = decode(&encode(&array![[1.0, 2.0]]).unwrap(), "a.npy").unwrap();
        assert_eq!(
            numbers.clone().into_vector().unwrap_err().to_string(),
            "a.npy: has shape [1, 2] where an array of 1 dimensions is expected"
        );
        assert_eq!(
            numbers.into_strings().unwrap_err().to_string(),
            "a.npy: holds numbers where strings are expected"
        );
        let text = decode(&encode(&array!["a"]).unwrap(), "a.npy").unwrap();
        assert!(text.into_vector().is_err());
    }
}
