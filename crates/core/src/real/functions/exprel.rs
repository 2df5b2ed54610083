//! The relative exponential `(e^z - 1)/z` and its derivatives.

use std::f64::consts::LN_2;

use super::exp::{TAIL, exp, expm1};
use super::{Vector, polynomial};

/// The `order`-th derivative of `(e^z - 1)/z`, that is `I_k(z)`, the integral of `t^k e^(z t)` over `0 <= t <= 1`.
///
/// Error at most 2 ulp for order 0, 3.6 ulp for orders 1 and 2, 5.5 ulp for 3 and 4, about `order` ulp beyond; subnormal
/// results and the last binade before overflow included.
///
/// Far from 0 the recurrence `I_k = (e^z - k I_(k-1))/z` loses little; within [`radius`] a series of positive terms
/// takes its place: in `z` where it is positive, and in `-z` for `e^-z I_k(z)`, the integral of `(1 - t)^k e^(-z t)`, where
/// it is negative. Order 0 needs neither a quotient nor an exponential within `ln(2)/2`, where most steps of exponential Euler are: the
/// other formula is evaluated only if it is some lane's.
#[inline(always)]
pub fn exprel<V: Vector>(z: V, order: u8) -> V {
    if order > 0 {
        return far(z, order);
    }
    let near = z.mul_add(polynomial(z, &TAIL), V::splat(1.0));
    let is_far = V::splat(LN_2 / 2.0).lt(z.abs());
    if V::any(is_far) { V::select(is_far, far(z, 0), near) } else { near }
}

/// All orders, but for 0 close to 0.
#[inline(always)]
fn far<V: Vector>(z: V, order: u8) -> V {
    // Beyond 700 the exponential overflows before the quotient does: a factor is taken out and multiplied back. From 720 on
    // every order is infinite.
    let bounded = V::splat(720.0).min(z);
    let high = V::splat(700.0).lt(bounded);
    let lowered = bounded - V::select(high, V::splat(SHIFT), V::splat(0.0));
    let factor = V::select(high, V::splat(EXP_SHIFT), V::splat(1.0));

    let zeroth = expm1(lowered) / bounded;
    if order == 0 {
        return zeroth * factor;
    }

    let exponential = exp(lowered);
    let mut recurrence = zeroth;
    for k in 1..=order {
        recurrence = recurrence.mul_add(V::splat(-f64::from(k)), exponential) / bounded;
    }
    // Every order is positive; where it underflows the recurrence may say -0.
    let recurrence = recurrence.abs();

    let magnitude = V::splat(radius(order)).min(z.abs());
    let (rising, falling) = series(magnitude, order);
    let near = V::select(z.lt(V::splat(0.0)), exponential * falling, rising);
    V::select(z.abs().lt(V::splat(radius(order))), near, recurrence * factor)
}

/// Taken off an argument lest its exponential overflow; chosen for its exponential to be an `f64` to 2^-65.
const SHIFT: f64 = 35.15625;
const EXP_SHIFT: f64 = 1854237582972609.5;

/// The magnitude at which the series ends and the recurrence, which loses about `prod 1/(1 - k/|z|)`, begins.
const fn radius(order: u8) -> f64 {
    2.0 * order as f64 + 1.0
}

/// `sum u^m / (m! (m + k + 1))` and `sum u^m k! / (m + k + 1)!` for `0 <= u <= radius(k)`.
#[inline(always)]
fn series<V: Vector>(u: V, order: u8) -> (V, V) {
    if let Some(coefficients) = COEFFICIENTS.get(usize::from(order).wrapping_sub(1)) {
        let (mut rising, mut falling) = (V::splat(0.0), V::splat(0.0));
        for &[rise, fall] in coefficients[..terms(order)].iter().rev() {
            rising = rising.mul_add(u, V::splat(rise));
            falling = falling.mul_add(u, V::splat(fall));
        }
        return (rising, falling);
    }
    // One inside the other: each term is the former one times a ratio.
    let (one, k) = (V::splat(1.0), f64::from(order));
    let (mut rising, mut falling) = (one, one);
    for m in (1..terms(order)).rev() {
        let m = m as f64;
        rising = (u * V::splat((m + k) / (m * (m + k + 1.0)))).mul_add(rising, one);
        falling = (u * V::splat(1.0 / (m + k + 1.0))).mul_add(falling, one);
    }
    let first = V::splat(1.0 / (k + 1.0));
    (rising * first, falling * first)
}

/// Terms after which the rest is below 2^-56 of the sum at [`radius`].
const fn terms(order: u8) -> usize {
    22 + 6 * (order as usize)
}

/// The coefficients of both series for the orders from 1 to 4.
static COEFFICIENTS: [[[f64; 2]; terms(4)]; 4] =
    [coefficients(1), coefficients(2), coefficients(3), coefficients(4)];

const fn coefficients(order: u8) -> [[f64; 2]; terms(4)] {
    let mut pairs = [[0.0; 2]; terms(4)];
    let (mut m, mut factorial, mut rising_product) = (0, 1.0, 1.0);
    while m < terms(4) {
        let above = (m + order as usize + 1) as f64;
        if m > 0 {
            factorial *= m as f64;
        }
        rising_product *= above;
        pairs[m] = [1.0 / (factorial * above), 1.0 / rising_product];
        m += 1;
    }
    pairs
}
