//! Two values that vary: curves of folds and of Hopf points, and the points at which they change or end.

mod curve;
mod region;
mod special;

pub use curve::{PlanePoint, SpecialCurve};
pub use region::Plane;
pub use special::{PlaneKind, SpecialPlane};
