//! The scaled complement of the error function, and the integral in Siegert's formula for the rate of a neuron.
//!
//! The polynomials are Chebyshev series, cut off and rearranged at 45 digits. The error bounds are the largest errors seen against series of 19
//! digits at a million points.

use super::double::{two_product, two_sum};
use super::exp::{Exponent, Reduced, reduce, tail};
use super::{Vector, ln_1p, polynomial};

/// `(1 + 2 x) e^(x^2) erfc(x)` in `t = (x - 4)/(x + 4)`, for every `x >= 0` (the variable of Shepherd & Laframboise 1981); relative error below
/// 2^-60.
const SCALED: [f64; 27] = [
    1.2329951186255526,
    -0.1396211168405625,
    0.015379652102620026,
    0.0680970542546904,
    -0.10103906603632413,
    0.09373283499843826,
    -0.06633036581166812,
    0.03716751553592911,
    -0.016197734065728945,
    0.005031969992669933,
    -0.0007577732210512849,
    -0.0001992567757633648,
    0.00015062131406268513,
    -2.4398944545280832e-05,
    -1.1220772697788498e-05,
    5.709206053072183e-06,
    2.9094470866632674e-07,
    -8.249198427508354e-07,
    7.888177117406594e-08,
    1.1009737295274889e-07,
    -2.1868462576141457e-08,
    -1.4709550868669278e-08,
    3.950879254166685e-09,
    1.7903326159489847e-09,
    -5.377133821031794e-10,
    -1.374652989001164e-10,
    4.180821739675544e-11,
];

/// `(E(y) - ln(1 + y/4)/sqrt(pi)) (y + 4)/y` in `t = (y - 4)/(y + 4)`, for every `y >= 0`, where `E` is the integral of `e^(u^2) erfc(u)` from 0: the
/// logarithm takes the only singularity that the variable leaves. Relative error of `E` below 2^-60.
const REST: [f64; 25] = [
    1.9068036767314824,
    -0.8431915218260128,
    0.3984488701978656,
    -0.17947150310647264,
    0.07327761276839916,
    -0.025892089887644774,
    0.007376379874982466,
    -0.001423698483266822,
    3.9781365630605264e-05,
    8.830467590692055e-05,
    -2.9219008993779597e-05,
    1.9640037598443132e-07,
    2.668330778245392e-06,
    -5.832325538369267e-07,
    -1.7496866298271452e-07,
    9.329599751953592e-08,
    8.049483191839527e-09,
    -1.2380520873734522e-08,
    6.167033179668112e-11,
    1.5977868410880048e-09,
    -8.287528952056003e-11,
    -1.8844715884613117e-10,
    1.2989685007094821e-11,
    1.4364505384897019e-11,
    -9.931182060559945e-13,
];

/// `(1 + x^2/2) e^(-x^2) siegert(x)/x` in `(x - 1.5)/1.5`, for `0 <= x <= 3`; relative error below 2^-60. The factor in front keeps its values
/// between 0.6 and 1.8, so that no digits cancel.
const NEAR: [f64; 34] = [
    1.0890982454350444,
    -0.6589040655250152,
    -0.16425714767025706,
    0.8614588972165507,
    -0.3508396067437299,
    -0.5543207280301067,
    0.5004757060773561,
    0.189675143132357,
    -0.3881815956966362,
    0.03350095761908722,
    0.1879785263364019,
    -0.0780064209191696,
    -0.055354957737624534,
    0.046946269724742355,
    0.006615161850057252,
    -0.01742917015118908,
    0.0023921009899629656,
    0.0044852306740875295,
    -0.0016903717954954134,
    -0.0007814957123039643,
    0.000576402825584605,
    6.406741499030163e-05,
    -0.00013901383079531902,
    1.2394124677596055e-05,
    2.5620517192661804e-05,
    -6.728776567801673e-06,
    -3.6190596227899997e-06,
    1.7190121863418808e-06,
    3.686019173564605e-07,
    -3.072817912346776e-07,
    -2.2431385539614625e-08,
    3.8062904969612396e-08,
    3.9993915433227507e-10,
    -2.5175306371477047e-09,
];

/// `x e^(-x^2) siegert(x)` in `18.225/x^2 - 1.025`, for `3 <= x <= 27`; relative error below 2^-57.
const FAR: [f64; 42] = [
    1.0309175352702216,
    0.0334342567509973,
    0.003905142134763661,
    0.0009551610583947648,
    0.0003083629456103745,
    -6.986167061774496e-05,
    -0.00029038738506905663,
    -0.00015042541379809397,
    0.00016703166912202484,
    0.0001380303903112792,
    -0.00014729175626453783,
    -7.534926977017853e-05,
    0.0001528335728025911,
    -1.579559300139187e-05,
    -0.00012112127380535539,
    0.00010069101979120184,
    3.1245571150042513e-05,
    -0.00012124422269640467,
    5.5220509014218006e-05,
    7.986353196096435e-05,
    -2.1223090431313374e-05,
    -0.0001264088697611008,
    -0.00016655329386140995,
    0.00047586171051411765,
    0.00035153640405829377,
    -0.0011397673757297276,
    -0.00031464688750304493,
    0.0017777564935181193,
    3.9698385100095345e-05,
    -0.001953322789463921,
    0.00024351938195025128,
    0.0015622310779907923,
    -0.00032486960792902346,
    -0.0009119452992112997,
    0.00022386296037343656,
    0.0003802298586849632,
    -9.291017804364587e-05,
    -0.00010749992024404174,
    2.2125817095675814e-05,
    1.8474677268490676e-05,
    -2.3434489086744236e-06,
    -1.4556223339256295e-06,
];

/// `1/sqrt(pi)`.
const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_3;

/// The results that grow as `e^(x^2)` are infinite from this argument on.
const ENDLESS: f64 = 26.8;

/// `e^(x^2)` as a power of two and a factor from `sqrt(1/2)` to `sqrt(2)`, for `|x|` up to [`ENDLESS`].
#[inline(always)]
fn rise<V: Vector>(x: V) -> (Exponent<V>, V) {
    let (square, square_error) = two_product(x, x);
    let Reduced { exponent, r, error } = reduce(square);
    // The rounding of the square is many ulp of its exponential: it joins what the exponential is taken of.
    let (r, r_error) = two_sum(r, square_error);
    (exponent, V::splat(1.0) + (r + (tail(r) + (error + r_error))))
}

/// `e^(x^2) erfc(x)`. Error at most 4.7 ulp; infinity below -26.63.
#[inline(always)]
pub fn erfcx<V: Vector>(x: V) -> V {
    let (half, four) = (V::splat(0.5), V::splat(4.0));
    let magnitude = x.abs();
    // A NaN passes the bounds.
    let bounded = V::splat(1e18).min(magnitude);
    let scaled = polynomial((bounded - four) / (bounded + four), &SCALED);
    let falling = half * scaled / (half + magnitude);
    let (exponent, bell) = rise(V::splat(ENDLESS).min(magnitude));
    V::select(x.lt(V::splat(0.0)), exponent.scale(bell + bell) - falling, falling)
}

/// The integral of `e^(u^2) (1 + erf(u))` from 0 to `x`, whose derivative is `erfcx(-x)`. Error at most 5.6 ulp; infinity from 26.71 on, and
/// about `-ln(-2 x)/sqrt(pi)` far below 0.
#[inline(always)]
pub fn siegert<V: Vector>(x: V) -> V {
    let (half, one, three, four) = (V::splat(0.5), V::splat(1.0), V::splat(3.0), V::splat(4.0));
    let magnitude = x.abs();

    // A NaN passes all bounds.
    let bounded = V::splat(1e18).min(magnitude);
    let reciprocal = one / (bounded + four);
    let rest = polynomial((bounded - four) * reciprocal, &REST);
    let logarithm = ln_1p(magnitude * V::splat(0.25));
    let below = logarithm.mul_add(V::splat(FRAC_1_SQRT_PI), bounded * reciprocal * rest);

    let near = three.min(magnitude);
    let inner = near * polynomial((near - V::splat(1.5)) * V::splat(2.0 / 3.0), &NEAR);
    let far = V::splat(ENDLESS).min(three.max(magnitude));
    let outer = polynomial(V::splat(18.225) / (far * far) - V::splat(1.025), &FAR);
    let is_near = magnitude.lt(three);
    let divisor = V::select(is_near, (half * near).mul_add(near, one), far);
    let (exponent, bell) = rise(V::splat(ENDLESS).min(magnitude));
    let above = exponent.scale(bell * (V::select(is_near, inner, outer) / divisor));

    V::select(x.lt(V::splat(0.0)), below, above).bits_or(x.sign())
}
