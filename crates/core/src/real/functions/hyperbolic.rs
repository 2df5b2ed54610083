//! Saturating functions of the exponential family.

use super::Vector;
use super::exp::{exp_of_negative, expm1};

/// Hyperbolic tangent, `-e/(2 + e)` with `e = exp(-2|x|) - 1` and the sign of `x`. Error at most 2.7 ulp.
#[inline(always)]
pub fn tanh<V: Vector>(x: V) -> V {
    let e = expm1(x.abs() * V::splat(-2.0));
    (-e / (V::splat(2.0) + e)).bits_or(x.sign())
}

/// `1/(1 + e^-x)`, as `e^-|x|` or 1 over `1 + e^-|x|`, so that nothing overflows. Error at most 2.4 ulp.
#[inline(always)]
pub fn sigmoid<V: Vector>(x: V) -> V {
    let one = V::splat(1.0);
    let e = exp_of_negative(x.bits_or(V::splat(-0.0)));
    V::select(x.lt(V::splat(0.0)), e, one) / (one + e)
}
