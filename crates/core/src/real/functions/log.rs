//! Logarithms.

use super::double::two_sum;
use super::{LN_2, Vector, polynomial};

/// `(2 artanh(s)/s - 2)/s^2` in `s^2`, for `|s| <= 0.1716`; relative error of the logarithm below 2^-58.
const ARTANH: [f64; 7] = [
    0.6666666666666712,
    0.39999999999536046,
    0.2857142871911919,
    0.2222220069787511,
    0.1818346405486063,
    0.15316413067613532,
    0.14773955907776865,
];

const TWO_52: f64 = (1u64 << 52) as f64;

/// A positive number as `2^k m` with `m` from `sqrt(1/2)` to `sqrt(2)`; gives `(k, m)`. Subnormals included.
#[inline(always)]
pub(super) fn split<V: Vector>(x: V) -> (V, V) {
    let subnormal = x.lt(V::splat(f64::MIN_POSITIVE));
    let (k, m) = split_normal(V::select(subnormal, x * V::splat(TWO_52), x));
    (k - V::select(subnormal, V::splat(52.0), V::splat(0.0)), m)
}

/// Splits a number that is known to be finite and not subnormal into `k` and `m` with `x = 2^k m`.
#[inline(always)]
pub fn split_normal<V: Vector>(x: V) -> (V, V) {
    const SQRT_HALF: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    let shifted = x.bits_add(V::splat_bits(1f64.to_bits() - SQRT_HALF));
    let k = shifted.bits_shr::<52>().bits_or(V::splat(TWO_52)) - V::splat(TWO_52 + 1023.0);
    let m = shifted.bits_and(V::splat_bits((1 << 52) - 1)).bits_add(V::splat_bits(SQRT_HALF));
    (k, m)
}

/// `ln(2^k m) + correction`, for a correction below an ulp of the logarithm's argument.
///
/// With `s = f/(2 + f)`, `ln(1 + f) = 2 artanh(s) = f - f^2/2 + s (f^2/2 + R(s^2))`: the largest terms are exact.
#[inline(always)]
fn assemble<V: Vector>(k: V, m: V, correction: V) -> V {
    let f = m - V::splat(1.0);
    let s = f / (V::splat(2.0) + f);
    let z = s * s;
    let half_square = V::splat(0.5) * f * f;
    let series = s * (half_square + z * polynomial(z, &ARTANH));
    let low = series + k.mul_add(V::splat(LN_2[1]), correction);
    k.mul_add(V::splat(LN_2[0]), f - (half_square - low))
}

/// Natural logarithm. Error at most 0.9 ulp; NaN below 0, minus infinity at 0.
#[inline(always)]
pub fn ln<V: Vector>(x: V) -> V {
    let (k, m) = split(x);
    at_the_ends(x, x, assemble(k, m, V::splat(0.0)))
}

/// `ln(1 + x)`. Error at most 0.9 ulp; NaN below -1, minus infinity at -1.
#[inline(always)]
pub fn ln_1p<V: Vector>(x: V) -> V {
    let (sum, error) = two_sum(V::splat(1.0), x);
    let (k, m) = split(sum);
    let value = at_the_ends(x, sum, assemble(k, m, error / sum));
    V::select(x.abs().lt(V::splat(f64::EPSILON / 4.0)), x, value)
}

/// `value`, replaced where `argument`, the number whose logarithm is taken, has no finite logarithm.
#[inline(always)]
pub(super) fn at_the_ends<V: Vector>(x: V, argument: V, value: V) -> V {
    let zero = V::splat(0.0);
    let value = V::select(x.lt(V::splat(f64::INFINITY)), value, x);
    let value = V::select(argument.lt(zero), V::splat(f64::NAN), value);
    V::select(argument.eq(zero), V::splat(f64::NEG_INFINITY), value)
}
