//! The functions of [`Real`](super::Real) on registers: free of branches and tables, each lane by itself.
//!
//! Error bounds are in ulp, the distance of neighbouring `f64` at the exact value; they are the largest errors seen,
//! rounded up, over a million points of the whole range against MPFR, with and without fused multiply-add; the tests hold
//! them on the worst of those points, on special values and on random ones. The polynomials are minimax (Remez exchange), their
//! coefficients rounded to `f64`.

mod common;
mod double;
mod erf;
mod exp;
mod exprel;
mod hyperbolic;
mod inverse;
mod log;
mod pow;
mod root;
mod siegert;
mod trig;

use super::vector::Vector;
use common::{LN_2, ROUNDER};

pub use common::polynomial;
pub use erf::{erf, erfc};
pub use exp::{exp, expm1};
pub use exprel::exprel;
pub use hyperbolic::{sigmoid, tanh};
pub use inverse::{acos, asin, atan, atan2};
pub use log::{ln, ln_1p, split_normal};
pub use pow::{powf, powi};
pub use root::{cbrt, log10};
pub use siegert::{erfcx, siegert};
pub use trig::{cos, sin};
