//! The functions of [`Real`](super::Real) on registers: free of branches and tables, each lane by itself.
//!
//! Error bounds are in ulp, the distance of neighbouring `f64` at the exact value; they are the largest errors seen,
//! rounded up, over a million points of the whole range against MPFR, with and without fused multiply-add; the tests hold
//! them on the worst of those points, on special values and on random ones. The polynomials are minimax (Remez exchange), their
//! coefficients rounded to `f64`.

mod double;
mod erf;
mod exp;
mod exprel;
mod hyperbolic;
mod log;
mod pow;
mod trig;

pub use erf::erf;
pub use exp::{exp, expm1};
pub use exprel::exprel;
pub use hyperbolic::{sigmoid, tanh};
pub use log::{ln, ln_1p, split_normal};
pub use pow::{powf, powi};
pub use trig::{cos, sin};

use super::vector::Vector;

/// `1.5 * 2^52`: adding it to a number below 2^51 in magnitude leaves the nearest whole number in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// `ln 2` in two parts; the first has 12 zero bits at its end, so that its products with exponents are exact.
const LN_2: [f64; 2] = [0.693147180559663, 2.8235290563031577e-13];

/// `sum c[i] x^i`, by Horner's rule.
#[inline(always)]
pub fn polynomial<V: Vector, const N: usize>(x: V, coefficients: &[f64; N]) -> V {
    let mut sum = V::splat(coefficients[N - 1]);
    for &coefficient in coefficients[..N - 1].iter().rev() {
        sum = sum.mul_add(x, V::splat(coefficient));
    }
    sum
}
