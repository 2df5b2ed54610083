//! Dynamics of a node: its vector field, fixed points, their eigenvalues and stability.
//!
//! ```
//! use brainmass::dynamics::{Stability, VectorField};
//! use brainmass::prelude::*;
//!
//! // FitzHugh-Nagumo's rest, and what the Hopf normal form has in its place above the onset.
//! let hopf = HopfStep::new(1).a(0.25).w(0.2);
//! let field = VectorField::new(&hopf);
//! let points = field.fixed_points(&[(-1.0, 1.0), (-1.0, 1.0)])?;
//! assert_eq!(points.len(), 1);
//! assert_eq!(points[0].stability(), Stability::Unstable);
//! assert_eq!(points[0].eigenvalues[0].im.abs(), 0.2); // it turns at w
//! # Ok::<(), brainmass::dynamics::DynamicsError>(())
//! ```

mod eigenvalues;
mod field;
mod fixed_point;
mod newton;

pub use eigenvalues::eigenvalues;
pub use field::{DynamicsError, VectorField};
pub use fixed_point::{FixedPoint, Stability};
pub use realfft::num_complex::Complex64;
