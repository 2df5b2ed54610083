//! The check of arrays that a user gives.

use ndarray::{ArrayBase, Data, Dimension};

use super::error::SequenceError;

/// Checks the shape of an array and that its numbers are finite; messages name the layer and the array.
pub(super) fn check<S: Data<Elem = f64>, D: Dimension>(
    layer: &str,
    what: &str,
    array: &ArrayBase<S, D>,
    expected: &[usize],
) -> Result<(), SequenceError> {
    if array.shape() != expected {
        return Err(SequenceError::Shape {
            layer: layer.to_owned(),
            what: what.to_owned(),
            given: array.shape().to_vec(),
            expected: expected.to_vec(),
        });
    }
    match array.iter().find(|value| !value.is_finite()) {
        Some(&given) => {
            Err(SequenceError::NotFinite { layer: layer.to_owned(), what: what.to_owned(), given })
        }
        None => Ok(()),
    }
}
