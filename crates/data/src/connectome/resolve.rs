//! The orientation of the matrices of a file, which the caller and the file may both state.

use super::error::ConnectomeError;
use super::orientation::Orientation;

/// Returns the orientation that holds, from the one that the caller states and the one that the file defines.
///
/// # Errors
/// Where the two differ, or there is neither.
pub(super) fn orientation(
    stated: Option<Orientation>,
    defined: Option<Orientation>,
    origin: &str,
) -> Result<Orientation, ConnectomeError> {
    match (stated, defined) {
        (Some(stated), Some(defined)) if stated != defined => {
            Err(ConnectomeError::OrientationConflict { origin: origin.to_owned(), stated, defined })
        }
        (None, None) => Err(ConnectomeError::OrientationUnknown { origin: origin.to_owned() }),
        (Some(orientation), _) | (None, Some(orientation)) => Ok(orientation),
    }
}
