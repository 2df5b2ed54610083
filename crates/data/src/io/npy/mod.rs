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
mod elements;
mod header;
mod literal;
mod write;

pub use append::Appender;
pub use write::{Element, encode, write};

use std::path::Path;

use ndarray::{Array, Array1, Array2, ArrayD, Axis, Dimension, Ix1, IxDyn, ShapeBuilder};

use elements::ElementType;
use header::Header;

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
    /// Returns the length along each axis.
    pub fn shape(&self) -> &[usize] {
        match &self.values {
            Values::Numbers(array) => array.shape(),
            Values::Text(array) => array.shape(),
        }
    }

    /// Returns the numbers, of any number of dimensions.
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

    /// Returns the numbers as a vector.
    ///
    /// A matrix of one row or of one column is one too, as MATLAB has no other vectors.
    ///
    /// # Errors
    /// Where the array holds text or is no vector.
    pub fn into_vector(self) -> Result<Array1<f64>, IoError> {
        let origin = self.origin.clone();
        with_dimensions(squeezed(self.into_numbers()?), &origin)
    }

    /// Returns the numbers as a matrix.
    ///
    /// # Errors
    /// Where the array holds text or is not two-dimensional.
    pub fn into_matrix(self) -> Result<Array2<f64>, IoError> {
        let origin = self.origin.clone();
        with_dimensions(self.into_numbers()?, &origin)
    }

    /// Returns the strings of a vector, such as labels.
    ///
    /// A text without dimensions, which numpy makes of a plain string, is one string; so are the rows of a matrix of
    /// one column.
    ///
    /// # Errors
    /// Where the array holds numbers or is no vector.
    pub fn into_strings(self) -> Result<Vec<String>, IoError> {
        match self.values {
            Values::Text(array) => {
                let array = if array.ndim() == 0 { array.insert_axis(Axis(0)) } else { squeezed(array) };
                Ok(with_dimensions::<_, Ix1>(array, &self.origin)?.into_iter().collect())
            }
            Values::Numbers(_) => {
                Err(IoError::new(self.origin, Problem::Content { found: "numbers", expected: "strings" }))
            }
        }
    }
}

/// Returns a matrix of one row or one column as a vector, and any other array as it is.
fn squeezed<A>(array: ArrayD<A>) -> ArrayD<A> {
    match *array.shape() {
        [1, _] => array.index_axis_move(Axis(0), 0),
        [_, 1] => array.index_axis_move(Axis(1), 0),
        _ => array,
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
/// Where the bytes are no npy file, hold Python objects or elements of another type, do not have exactly the length
/// that the header announces, or would take more than 2 GiB of memory.
pub fn decode(bytes: &[u8], origin: &str) -> Result<NpyArray, IoError> {
    decode_within(bytes, origin, MEMBER_LIMIT)
}

/// Reads an array as [`decode`] does, if its elements take at most `limit` bytes of memory.
pub(super) fn decode_within(bytes: &[u8], origin: &str, limit: u64) -> Result<NpyArray, IoError> {
    values(bytes, limit)
        .map(|values| NpyArray { origin: origin.to_owned(), values })
        .map_err(|problem| IoError::new(origin, problem))
}

fn values(bytes: &[u8], limit: u64) -> Result<Values, Problem> {
    let (header, data) = header::read(bytes)?;
    let unread = || Problem::ElementType { found: format!("'{}'", header.type_string) };
    let element = ElementType::parse(&header.type_string).ok_or_else(unread)?;

    let (count, found) = (header.count, data.len() as u64);
    let too_many = || Problem::NpyHeader("it announces more elements than memory can hold".to_owned());
    let width = element.width() as u64;
    let expected = count.checked_mul(width).ok_or_else(too_many)?;
    if found < expected {
        return Err(Problem::Truncated { expected, found });
    }
    if found > expected {
        return Err(Problem::Surplus { expected, found });
    }

    // A string is a pointer and two lengths, and the text elsewhere.
    let each = match element {
        ElementType::Number(_) => size_of::<f64>() as u64,
        ElementType::Text(_) => size_of::<String>() as u64 + width,
    };
    if count.checked_mul(each).is_none_or(|size| size > limit) {
        return Err(Problem::TooLarge { limit });
    }
    match element {
        ElementType::Number(number) => shaped(number.decode(data)?, &header).map(Values::Numbers),
        ElementType::Text(text) => shaped(text.decode(data)?, &header).map(Values::Text),
    }
}

fn shaped<A: Clone>(values: Vec<A>, header: &Header) -> Result<ArrayD<A>, Problem> {
    let shape = IxDyn(&header.shape).set_f(header.column_major);
    let array =
        ArrayD::from_shape_vec(shape, values).map_err(|error| Problem::NpyHeader(error.to_string()))?;
    Ok(if header.column_major { array.as_standard_layout().into_owned() } else { array })
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
    fn half_precision_is_read() {
        // Values by numpy: float16(0), (-0.0), (1), (-2), (65504), (2^-24), (1023 * 2^-24), (1/3), inf.
        let (bits, values) = (
            [0x0000_u16, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x3555, 0x7c00],
            [
                0.0,
                -0.0,
                1.0,
                -2.0,
                65504.0,
                5.960464477539063e-8,
                6.097555160522461e-5,
                0.333251953125,
                f64::INFINITY,
            ],
        );
        for (descr, data) in [
            ("'<f2'", bits.iter().flat_map(|bits| bits.to_le_bytes()).collect::<Vec<_>>()),
            ("'>f2'", bits.iter().flat_map(|bits| bits.to_be_bytes()).collect()),
        ] {
            let read =
                decode(&file(&header(descr, false, "(9,)"), &data), "").unwrap().into_vector().unwrap();
            assert!(read.iter().zip(values).all(|(a, b)| a.to_bits() == b.to_bits()), "{descr}: {read}");
        }
    }

    #[test]
    fn bytes_and_strings_of_other_byte_orders_are_text() {
        let text = |descr: &str, data: &[u8]| {
            decode(&file(&header(descr, false, "(2,)"), data), "").unwrap().into_strings().unwrap()
        };
        assert_eq!(text("'|S2'", b"V1V\0"), ["V1", "V"]);
        assert_eq!(text("'>U1'", &[0, 0, 0, b'a', 0, 0, 0, b'b']), ["a", "b"]);
    }

    #[test]
    fn vectors_of_matlab_are_vectors() {
        for shape in ["(2, 1)", "(1, 2)"] {
            let array = decode(&file(&header("'|u1'", false, shape), &[3, 4]), "").unwrap();
            assert_eq!(array.clone().into_vector().unwrap(), array![3.0, 4.0]);
            assert_eq!(array.into_matrix().unwrap().len(), 2);
        }
        let labels = array![["a"], ["b"]];
        assert_eq!(decode(&encode(&labels).unwrap(), "").unwrap().into_strings().unwrap(), ["a", "b"]);
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
            [("'<c16'", 16), ("'<f16'", 16), ("'|V3'", 3), ("'<M8[ns]'", 8), ("[('a', '<f8')]", 8)]
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
        let numbers = decode(&encode(&array![[1.0, 2.0], [3.0, 4.0]]).unwrap(), "a.npy").unwrap();
        assert_eq!(
            numbers.clone().into_vector().unwrap_err().to_string(),
            "a.npy: has shape [2, 2] where an array of 1 dimensions is expected"
        );
        assert_eq!(
            numbers.into_strings().unwrap_err().to_string(),
            "a.npy: holds numbers where strings are expected"
        );
        let text = decode(&encode(&array!["a"]).unwrap(), "a.npy").unwrap();
        assert!(text.into_vector().is_err());
    }
}
