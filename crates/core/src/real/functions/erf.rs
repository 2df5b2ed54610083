//! The error function.

use super::exp::{Reduced, reduce, tail};
use super::{Vector, polynomial};

/// `erf(x)/x - 1` in `x^2`, for `|x| <= 1`; relative error of `erf` below 2^-56.
const INNER: [f64; 13] = [
    0.1283791670955126,
    -0.3761263890318375,
    0.11283791670954885,
    -0.02686617064507787,
    0.005223977624828387,
    -0.000854832698142354,
    0.00012055331132897844,
    -1.492559577110092e-05,
    1.646100846485682e-06,
    -1.635039612630719e-07,
    1.46603283142267e-08,
    -1.1374954979965591e-09,
    5.960685293433056e-11,
];

/// `-ln(1 - erf(x))` in `x - 1`, for `1 <= x <= 5.95`; error of `erf` below 2^-55.
const OUTER: [f64; 19] = [
    1.8496055099332482,
    2.6389675142347757,
    0.8431072563594098,
    0.041561098025522276,
    -0.010033825188844487,
    0.0019779013157167286,
    -0.00023731703174492564,
    -2.6294034183811207e-05,
    2.7192975667135045e-05,
    -9.660301170018267e-06,
    2.117166941829687e-06,
    -1.9040137828676343e-07,
    -6.83346776150342e-08,
    3.8797777127878363e-08,
    -1.055861666426858e-08,
    1.8574095306101074e-09,
    -2.1338043401267887e-10,
    1.461744996760766e-11,
    -4.5335590806867866e-13,
];

/// Error function. Error at most 1.4 ulp; 1 from 5.93 on.
#[inline(always)]
pub fn erf<V: Vector>(x: V) -> V {
    let one = V::splat(1.0);
    let magnitude = x.abs();
    // A NaN passes both bounds.
    let near = one.min(magnitude);
    let inner = near.mul_add(polynomial(near * near, &INNER), near);
    let far = V::splat(5.95).min(one.max(magnitude));
    let Reduced { exponent, r, .. } = reduce(-polynomial(far - one, &OUTER));
    let outer = one - (one + (r + tail(r))) * exponent.power(0);
    V::select(magnitude.lt(one), inner, outer).bits_or(x.sign())
}
