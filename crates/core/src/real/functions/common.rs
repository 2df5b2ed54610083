//! Constants and the evaluation of polynomials, which all functions use.

use super::Vector;

/// `1.5 * 2^52`: adding it to a number below 2^51 in magnitude leaves the nearest whole number in the low bits.
pub(super) const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// `ln 2` in two parts; the first has 12 zero bits at its end, so that its products with exponents are exact.
pub(super) const LN_2: [f64; 2] = [0.693147180559663, 2.8235290563031577e-13];

/// Computes the polynomial `sum c[i] x^i` by Horner's rule.
#[inline(always)]
pub fn polynomial<V: Vector, const N: usize>(x: V, coefficients: &[f64; N]) -> V {
    let mut sum = V::splat(coefficients[N - 1]);
    for &coefficient in coefficients[..N - 1].iter().rev() {
        sum = sum.mul_add(x, V::splat(coefficient));
    }
    sum
}
