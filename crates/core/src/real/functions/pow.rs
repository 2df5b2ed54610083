//! Powers.

use super::double::{fast_two_sum, two_product};
use super::exp::{Exponent, clamp, tail};
use super::log::split;
use super::{LN_2, Vector, polynomial};

/// `(2 artanh(s) - 2 s - 2/3 s^3)/s^5` in `s^2`, for `|s| <= 0.1716`; relative error of the logarithm below 2^-65.
const ARTANH: [f64; 8] = [
    0.39999999999999986,
    0.28571428571442153,
    0.22222222218149087,
    0.18181818804858196,
    0.15384560822564836,
    0.13336181194823885,
    0.11677321385070699,
    0.11969989844186782,
];

/// 2/3 in two parts.
const TWO_THIRDS: [f64; 2] = [0.6666666666666666, 3.700743415417188e-17];

/// `x^y`. Error at most 1.7 ulp; the special cases are those of IEEE 754's `pow`.
#[inline(always)]
pub fn powf<V: Vector>(x: V, y: V) -> V {
    let (zero, one, infinity) = (V::splat(0.0), V::splat(1.0), V::splat(f64::INFINITY));
    let magnitude = x.abs();
    let value = exp_product(y, ln_double(magnitude));

    let value = V::select(magnitude.eq(zero), V::select(y.lt(zero), infinity, zero), value);
    let half = y * V::splat(0.5);
    let whole = y.floor().eq(y);
    let odd = V::and(whole, V::not(half.floor().eq(half)));
    let no_root = V::and(x.lt(zero), V::not(whole));
    let value = V::select(no_root, V::splat(f64::NAN), value);
    let value = V::select(magnitude.eq(infinity), V::select(y.lt(zero), zero, infinity), value);
    let value = value.bits_xor(V::select(odd, x.sign(), zero));

    let numbers = V::and(x.eq(x), y.eq(y));
    V::select(V::or(x.eq(one), y.eq(zero)), one, V::select(numbers, value, x + y))
}

/// Logarithm of a positive finite number as a sum of two, with a relative error of about 2^-64.
#[inline(always)]
pub(super) fn ln_double<V: Vector>(x: V) -> (V, V) {
    let (k, m) = split(x);
    let (one, two) = (V::splat(1.0), V::splat(2.0));
    // s = f/(2 + f) and what is left over
    let f = m - one;
    let divisor = two + f;
    let divisor_error = f - (divisor - two);
    let inverse = one / divisor;
    let s = f * inverse;
    let (back, back_error) = two_product(s, divisor);
    let s_error = (((f - back) - back_error) - s * divisor_error) * inverse;

    let (square, square_error) = two_product(s, s);
    let square_error = square_error + two * s * s_error;
    let (cube, cube_error) = two_product(square, s);
    let cube_error = cube_error + (square * s_error + square_error * s);
    let (third, third_error) = two_product(cube, V::splat(TWO_THIRDS[0]));
    let third_error =
        third_error + cube_error.mul_add(V::splat(TWO_THIRDS[0]), cube * V::splat(TWO_THIRDS[1]));
    let tail = cube * square * polynomial(square, &ARTANH);

    let (high, low) = fast_two_sum(two * s, third);
    let low = low + (two * s_error + (third_error + tail));
    let (sum, sum_error) = fast_two_sum(k * V::splat(LN_2[0]), high);
    fast_two_sum(sum, sum_error + k.mul_add(V::splat(LN_2[1]), low))
}

/// `e^(y (high + low))`.
#[inline(always)]
fn exp_product<V: Vector>(y: V, (high, low): (V, V)) -> V {
    // A logarithm is 0 or above 2^-54, so that the result has long saturated at this exponent.
    const SATURATED: f64 = (1u128 << 65) as f64;
    let y = V::splat(SATURATED).min(V::splat(-SATURATED).max(y));
    let (product, error) = two_product(y, high);
    let bounded = clamp(product);
    let error = V::select(bounded.eq(product), y.mul_add(low, error), V::splat(0.0));

    let exponent = Exponent::of(bounded);
    let k = exponent.number();
    let high = k.mul_add(V::splat(-LN_2[0]), bounded);
    let (r, rest) = fast_two_sum(high, k.mul_add(V::splat(-LN_2[1]), error));
    exponent.scale(V::splat(1.0) + (r + (tail(r) + rest)))
}

/// `x^n` by repeated squaring, the inverse of the power of `|n|` where `n` is negative. Error about `|n|/2` ulp.
#[inline(always)]
pub fn powi<V: Vector>(x: V, n: i32) -> V {
    let (mut power, mut square, mut left) = (V::splat(1.0), x, n.unsigned_abs());
    while left > 0 {
        if left & 1 == 1 {
            power = power * square;
        }
        left >>= 1;
        if left > 0 {
            square = square * square;
        }
    }
    if n < 0 { V::splat(1.0) / power } else { power }
}
