//! Cube root and decimal logarithm: functions that need the logarithm's way of taking a number apart.

use super::double::two_product;
use super::log::{at_the_ends, split};
use super::pow::ln_double;
use super::{ROUNDER, Vector, polynomial};

/// The cube root from `sqrt(1/2)` to `sqrt(2)`; relative error below 2^-19.
const CUBE_ROOT: [f64; 6] = [
    0.42168977798774027,
    1.05601494114428,
    -0.8360692879586746,
    0.5109652157568827,
    -0.17955646940400957,
    0.026954835684780763,
];

/// `2^(1/3)` and `4^(1/3)`.
const ROOTS: [f64; 2] = [1.2599210498948732, 1.5874010519681996];

/// `1/ln(10)` in two parts.
const LOG10_E: [f64; 2] = [std::f64::consts::LOG10_E, 1.098319650216765e-17];

/// Cube root, of negative numbers too. Error at most 0.6 ulp.
#[inline(always)]
pub fn cbrt<V: Vector>(x: V) -> V {
    let (one, two) = (V::splat(1.0), V::splat(2.0));
    let magnitude = x.abs();
    // x = 2^(3 third + rest) m
    let (k, m) = split(magnitude);
    let third = k.mul_add(V::splat(1.0 / 3.0), V::splat(1.0 / 6.0)).floor();
    let rest = k - V::splat(3.0) * third;
    let (is_one, is_two) = (rest.eq(one), rest.eq(two));
    let a = m * V::select(is_one, two, V::select(is_two, V::splat(4.0), one));
    let root = V::select(is_one, V::splat(ROOTS[0]), V::select(is_two, V::splat(ROOTS[1]), one));
    let guess = polynomial(m, &CUBE_ROOT) * root;
    // Halley's step triples the digits; Newton's step, with the cube in twice the precision, leaves one rounding.
    let cube = guess * guess * guess;
    let guess = guess * ((cube + two * a) / (two * cube + a));
    let (square, square_error) = two_product(guess, guess);
    let (cube, cube_error) = two_product(square, guess);
    let lacking = (a - cube) - square_error.mul_add(guess, cube_error);
    let value = guess + lacking / (V::splat(3.0) * square);
    let value = value.bits_add((third + V::splat(ROUNDER)).bits_shl::<52>()).bits_or(x.sign());
    let ordinary = V::and(V::splat(0.0).lt(magnitude), magnitude.lt(V::splat(f64::INFINITY)));
    V::select(ordinary, value, x)
}

/// Decimal logarithm. Error at most 0.6 ulp, so that powers of ten give whole numbers; NaN below 0, minus infinity at 0.
#[inline(always)]
pub fn log10<V: Vector>(x: V) -> V {
    let (high, low) = ln_double(x);
    let (product, error) = two_product(high, V::splat(LOG10_E[0]));
    let rest = high.mul_add(V::splat(LOG10_E[1]), low * V::splat(LOG10_E[0]));
    at_the_ends(x, x, product + (error + rest))
}
