//! The exponential function.

use super::double::fast_two_sum;
use super::{LN_2, ROUNDER, Vector, polynomial, pow2, round};

/// `(e^r - 1 - r)/r^2` for `|r| <= ln(2)/2`; relative error of `e^r - 1` below 2^-60.
const TAIL: [f64; 11] = [
    0.5,
    0.16666666666666677,
    0.0416666666666667,
    0.008333333333321648,
    0.0013888888888866902,
    0.00019841269886085208,
    2.4801587360443623e-05,
    2.7557244249771815e-06,
    2.755724284695816e-07,
    2.5109022854312958e-08,
    2.0924418538158256e-09,
];

/// An argument split as `k ln 2 + r + error`, `|r| <= ln(2)/2`.
pub(super) struct Reduced<V> {
    pub k: V,
    pub r: V,
    /// What rounding `r` left over.
    pub error: V,
}

/// Cody and Waite's reduction; the product with the first part of `ln 2` is exact.
#[inline(always)]
pub(super) fn reduce<V: Vector>(x: V) -> Reduced<V> {
    let k = x.mul_add(V::splat(std::f64::consts::LOG2_E), V::splat(ROUNDER)) - V::splat(ROUNDER);
    let high = k.mul_add(V::splat(-LN_2[0]), x);
    let low = k * V::splat(LN_2[1]);
    let r = high - low;
    Reduced { k, r, error: (high - r) - low }
}

/// `(e^r - 1 - r)` for a reduced argument.
#[inline(always)]
pub(super) fn tail<V: Vector>(r: V) -> V {
    r * r * polynomial(r, &TAIL)
}

/// `y * 2^k`, rounded once, for `k` from -2044 to 2046.
#[inline(always)]
pub(super) fn scale<V: Vector>(y: V, k: V) -> V {
    let half = round(k * V::splat(0.5));
    y * pow2(half) * pow2(k - half)
}

/// Bounds outside which `e^x` is 0 or infinity. A NaN passes.
#[inline(always)]
pub(super) fn clamp<V: Vector>(x: V) -> V {
    V::splat(710.0).min(V::splat(-746.0).max(x))
}

/// `e^x`. Error at most 0.9 ulp; infinity from 709.79, 0 below -745.14.
#[inline(always)]
pub(crate) fn exp<V: Vector>(x: V) -> V {
    let Reduced { k, r, error } = reduce(clamp(x));
    scale(V::splat(1.0) + (r + (tail(r) + error)), k)
}

/// `e^x - 1`. Error at most 0.9 ulp.
#[inline(always)]
pub(crate) fn expm1<V: Vector>(x: V) -> V {
    // Below -40 the result is -1 to the last bit.
    let bounded = V::splat(710.0).min(V::splat(-40.0).max(x));
    // Half of everything, lest 2^1024 overflow.
    let Reduced { k, r, error } = reduce(bounded);
    let scale = pow2(k - V::splat(1.0));
    let (sum, sum_error) = fast_two_sum(scale - V::splat(0.5), scale * r);
    let half = sum + (sum_error + scale * (tail(r) + error));
    let tiny = x.abs().lt(V::splat(f64::EPSILON / 4.0));
    V::select(tiny, x, half * V::splat(2.0))
}
