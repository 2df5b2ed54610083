//! Two values that vary: curves of folds and of Hopf points, and the points at which they change or end.

mod curve;
mod cycles;
mod region;
mod regions;
mod special;

pub use curve::{PlanePoint, SpecialCurve};
pub use cycles::{CycleCurve, CycleCurvePoint};
pub use region::Plane;
pub use regions::Region;
pub use special::{PlaneKind, SpecialPlane};
