//! The exponential function.

use super::double::fast_two_sum;
use super::{LN_2, ROUNDER, Vector, polynomial};

/// `(e^r - 1 - r)/r^2` for `|r| <= ln(2)/2`; relative error of `e^r - 1` below 2^-60.
pub(super) const TAIL: [f64; 11] = [
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
    pub exponent: Exponent<V>,
    pub r: V,
    /// The rest that the rounding of `r` left over.
    pub error: V,
}

/// The nearest whole number `k` to `x/ln 2`, kept as `k + 2046` in the low bits.
#[derive(Clone, Copy)]
pub(super) struct Exponent<V>(V);

impl<V: Vector> Exponent<V> {
    const BIASED: f64 = ROUNDER + 2046.0;

    #[inline(always)]
    pub fn of(x: V) -> Self {
        Self(x.mul_add(V::splat(std::f64::consts::LOG2_E), V::splat(Self::BIASED)))
    }

    #[inline(always)]
    pub fn number(self) -> V {
        self.0 - V::splat(Self::BIASED)
    }

    /// `2^(k + offset)` for a sum from -1022 to 1023.
    #[inline(always)]
    pub fn power(self, offset: i64) -> V {
        self.0.bits_add(V::splat_bits((offset - 1023) as u64)).bits_shl::<52>()
    }

    /// `y 2^k`, rounded once, for `k` from -2044 to 2046.
    #[inline(always)]
    pub fn scale(self, y: V) -> V {
        y.scale(self.number(), self.0)
    }
}

/// Cody and Waite's reduction; the product with the first part of `ln 2` is exact.
#[inline(always)]
pub(super) fn reduce<V: Vector>(x: V) -> Reduced<V> {
    let exponent = Exponent::of(x);
    let k = exponent.number();
    let high = k.mul_add(V::splat(-LN_2[0]), x);
    let low = k * V::splat(LN_2[1]);
    let r = high - low;
    Reduced { exponent, r, error: (high - r) - low }
}

/// `e^r - 1 - r` for a reduced argument.
#[inline(always)]
pub(super) fn tail<V: Vector>(r: V) -> V {
    r * r * polynomial(r, &TAIL)
}

/// Bounds outside which `e^x` is 0 or infinity. A NaN passes.
#[inline(always)]
pub(super) fn clamp<V: Vector>(x: V) -> V {
    V::splat(710.0).min(V::splat(-746.0).max(x))
}

/// `e^x`. Error at most 0.9 ulp; infinity from 709.79, 0 below -745.14.
#[inline(always)]
pub fn exp<V: Vector>(x: V) -> V {
    within(clamp(x))
}

/// [`exp`] of a number that is not positive, or NaN.
#[inline(always)]
pub(super) fn exp_of_negative<V: Vector>(x: V) -> V {
    within(V::splat(-746.0).max(x))
}

/// [`exp`] of a number between the bounds of [`clamp`].
#[inline(always)]
fn within<V: Vector>(x: V) -> V {
    let Reduced { exponent, r, error } = reduce(x);
    exponent.scale(V::splat(1.0) + (r + (tail(r) + error)))
}

/// `e^x - 1`. Error at most 1.3 ulp.
#[inline(always)]
pub fn expm1<V: Vector>(x: V) -> V {
    // Below -40 the result is -1 to the last bit.
    let bounded = V::splat(710.0).min(V::splat(-40.0).max(x));
    // Half of everything, lest 2^1024 overflow.
    let Reduced { exponent, r, error } = reduce(bounded);
    let scale = exponent.power(-1);
    let (sum, sum_error) = fast_two_sum(scale - V::splat(0.5), scale * r);
    let half = sum + (sum_error + scale * (tail(r) + error));
    let tiny = x.abs().lt(V::splat(f64::EPSILON / 4.0));
    V::select(tiny, x, half * V::splat(2.0))
}
