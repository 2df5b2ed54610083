//! The error function and its complement.

use super::double::{two_product, two_sum};
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

/// `(1 + 2 x) e^(x^2) erfc(x)` in `t = (x - 4)/(x + 4)`, for `0.49 <= x <= 27.4` (the variable is that of Shepherd & Laframboise 1981, which
/// makes one polynomial do for the whole range); relative error below 2^-60.
const SCALED: [f64; 23] = [
    1.2329951186255526,
    -0.1396211168405625,
    0.01537965210261984,
    0.06809705425468883,
    -0.10103906603630994,
    0.09373283499851838,
    -0.06633036581209256,
    0.037167515534094996,
    -0.016197734059239393,
    0.005031970015469414,
    -0.0007577732789702488,
    -0.0001992569464226984,
    0.00015062163780396734,
    -2.4398131131276264e-05,
    -1.1221947066559104e-05,
    5.706674112410607e-06,
    2.937381037742397e-07,
    -8.197751840324651e-07,
    7.458456906525034e-08,
    1.0347800440186366e-07,
    -1.7779942036101132e-08,
    -9.730767634830165e-09,
    1.7649837364687326e-09,
];

/// `1 - erf(x)`, accurate where that is small. Error at most 3.7 ulp; 0 from 27.23 on, 2 below -5.87.
#[inline(always)]
pub fn erfc<V: Vector>(x: V) -> V {
    let (zero, half, one) = (V::splat(0.0), V::splat(0.5), V::splat(1.0));
    let magnitude = x.abs();
    let near = magnitude.lt(half);
    // 1 - x - v is 1/2 - (v + (x - 1/2)), whose last difference is exact where it matters. A NaN passes the bounds.
    let inner = half.min(magnitude).bits_or(x.sign());
    let inner = half - inner.mul_add(polynomial(inner * inner, &INNER), inner - half);
    let far = V::splat(27.3).min(half.max(magnitude));
    let four = V::splat(4.0);
    let scaled = polynomial((far - four) / (far + four), &SCALED) / V::splat(2.0).mul_add(far, one);
    let (square, square_error) = two_product(far, far);
    let Reduced { exponent, r, error } = reduce(-square);
    // The rounding of the square is many ulp of its exponential: it joins what the exponential is taken of.
    let (r, r_error) = two_sum(r, -square_error);
    let bell = one + (r + (tail(r) + (error + r_error)));
    let outer = exponent.scale(bell * scaled);
    V::select(near, inner, V::select(x.lt(zero), V::splat(2.0) - outer, outer))
}
