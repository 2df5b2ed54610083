//! Inverses of the trigonometric functions.

use super::double::{fast_two_sum, two_product};
use super::{Vector, polynomial};

/// `(asin(x)/x - 1)/x^2` in `x^2`, for `|x| <= 1/2`; relative error of the arc sine below 2^-55.
const ASIN: [f64; 12] = [
    0.16666666666665403,
    0.07500000000338705,
    0.04464285682687005,
    0.03038195919938111,
    0.0223717565047008,
    0.0173597287489589,
    0.013884992406722849,
    0.012170845074517172,
    0.006520757858951304,
    0.01954841446865521,
    -0.01625646795604514,
    0.03193474478818203,
];

/// `(atan(t)/t - 1)/t^2` in `t^2`, for `|t| <= tan(pi/8)`; relative error of the arc tangent below 2^-59.
const ATAN: [f64; 11] = [
    -0.333333333333332,
    0.19999999999953177,
    -0.14285714280159198,
    0.11111110781774824,
    -0.09090897713981524,
    0.07692059511265946,
    -0.06663096799790297,
    0.0584784137016053,
    -0.05039108021256463,
    0.03806000472845873,
    -0.01790265826304,
];

/// `pi` and what is left of it.
const PI: [f64; 2] = [std::f64::consts::PI, 1.2246467991473532e-16];
/// `pi/2` and what is left of it.
const HALF_PI: [f64; 2] = [std::f64::consts::FRAC_PI_2, 6.123233995736766e-17];
/// `pi/4` in two parts, the first of 50 bits, so that its products with whole numbers up to 8 are exact.
const QUARTER_PI: [f64; 2] = quarter_pi();

const fn quarter_pi() -> [f64; 2] {
    let high = f64::from_bits(std::f64::consts::FRAC_PI_4.to_bits() & !7);
    [high, (std::f64::consts::FRAC_PI_4 - high) + 3.061616997868383e-17]
}

/// The arc sine of a magnitude `m`, or of `sqrt((1 - m)/2)` where that is smaller, as `root + rest`.
struct Arc<V: Vector> {
    /// Mask of the magnitudes that are their own root.
    near: V::Mask,
    root: V,
    rest: V,
}

#[inline(always)]
fn arc<V: Vector>(magnitude: V) -> Arc<V> {
    let (zero, half) = (V::splat(0.0), V::splat(0.5));
    let near = magnitude.le(half);
    let square = (V::splat(1.0) - magnitude) * half;
    let far_root = square.sqrt();
    // What the square root lost: the remainder over twice the root.
    let (back, back_error) = two_product(far_root, far_root);
    let lost = ((square - back) - back_error) / V::splat(f64::MIN_POSITIVE).max(far_root + far_root);
    let z = V::select(near, magnitude * magnitude, square);
    let root = V::select(near, magnitude, far_root);
    let rest = (root * z).mul_add(polynomial(z, &ASIN), V::select(near, zero, lost));
    Arc { near, root, rest }
}

/// Arc sine, from -pi/2 to pi/2. Error at most 0.8 ulp; NaN beyond -1 and 1.
#[inline(always)]
pub fn asin<V: Vector>(x: V) -> V {
    let Arc { near, root, rest } = arc(x.abs());
    // asin(m) = pi/2 - 2 asin(sqrt((1 - m)/2))
    let minus_two = V::splat(-2.0);
    let (high, error) = fast_two_sum(V::splat(HALF_PI[0]), minus_two * root);
    let far = high + (error + minus_two.mul_add(rest, V::splat(HALF_PI[1])));
    V::select(near, root + rest, far).bits_or(x.sign())
}

/// Arc cosine, from 0 to pi. Error at most 0.8 ulp; NaN beyond -1 and 1.
#[inline(always)]
pub fn acos<V: Vector>(x: V) -> V {
    let zero = V::splat(0.0);
    let Arc { near, root, rest } = arc(x.abs());
    let negative = x.lt(zero);
    // acos(x) = pi/2 - asin(x), and for magnitudes above 1/2 that is 2 asin(root), or pi - 2 asin(root) below 0.
    let part = |index: usize| {
        let far = V::select(negative, V::splat(PI[index]), zero);
        V::select(near, V::splat(HALF_PI[index]), far)
    };
    let sign = V::select(negative, V::splat(-1.0), V::splat(1.0));
    let factor = V::select(near, -sign, sign + sign);
    let (high, error) = fast_two_sum(part(0), factor * root);
    high + (error + factor.mul_add(rest, part(1)))
}

/// Arc tangent, from -pi/2 to pi/2. Error at most 2.5 ulp.
#[inline(always)]
pub fn atan<V: Vector>(x: V) -> V {
    atan2(x, V::splat(1.0))
}

/// Angle of the point `(x, y)`, from -pi to pi. Error at most 2.5 ulp; zeros and infinities as in IEEE 754's `atan2`.
#[inline(always)]
pub fn atan2<V: Vector>(y: V, x: V) -> V {
    let (zero, one, two) = (V::splat(0.0), V::splat(1.0), V::splat(2.0));
    let infinity = V::splat(f64::INFINITY);
    let (across, up) = (x.abs(), y.abs());
    let steep = across.lt(up);
    let (small, large) = (V::select(steep, across, up), V::select(steep, up, across));

    // Two infinities are as far as each other; a point at the origin lies on an axis; and the sum below must not overflow.
    let both_far = small.eq(infinity);
    let small = V::select(both_far, one, small);
    let large = V::select(V::or(both_far, large.eq(zero)), one, large);
    let factor = V::select(V::splat(1e300).lt(large), V::splat(0.25), one);
    let (small, large) = (small * factor, large * factor);

    // atan(small/large), beyond tan(pi/8) as pi/4 + atan((small - large)/(small + large)).
    let fold = (large * V::splat(std::f64::consts::SQRT_2 - 1.0)).lt(small);
    let above = V::select(fold, small - large, small);
    let below = V::select(fold, small + large, large);
    let t = above / below;
    let z = t * t;
    let angle = (t * z).mul_add(polynomial(z, &ATAN), t);

    // Reflected at the diagonal and at the vertical axis, in eighths of a turn.
    let eighths = V::select(fold, one, zero);
    let (eighths, angle) = (V::select(steep, two - eighths, eighths), V::select(steep, -angle, angle));
    let left = one.bits_or(x.sign()).lt(zero);
    let (eighths, angle) =
        (V::select(left, V::splat(4.0) - eighths, eighths), V::select(left, -angle, angle));
    let value = eighths * V::splat(QUARTER_PI[0]) + eighths.mul_add(V::splat(QUARTER_PI[1]), angle);
    V::select(V::and(x.eq(x), y.eq(y)), value.abs().bits_or(y.sign()), x + y)
}
