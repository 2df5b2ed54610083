//! Arrays of numpy as values and matrices of the library.

use brainmass::Values;
use ndarray::Array2;
use numpy::{PyReadonlyArray1, PyReadonlyArray2};

/// An array of doubles with one axis, read only.
pub type Vector<'py> = PyReadonlyArray1<'py, f64>;

/// An array of doubles with two axes, read only.
pub type Matrix<'py> = PyReadonlyArray2<'py, f64>;

/// Returns an array as one value for all nodes, or as one value a node.
pub fn values(array: &Vector) -> Values {
    match array.as_array().to_vec() {
        one if one.len() == 1 => Values::Scalar(one[0]),
        several => Values::PerNode(several),
    }
}

/// Returns a copy of a matrix.
pub fn matrix(array: &Matrix) -> Array2<f64> {
    array.as_array().to_owned()
}

/// Returns a copy of a matrix that need not be there.
pub fn optional(array: Option<&Matrix>) -> Option<Array2<f64>> {
    array.map(matrix)
}
