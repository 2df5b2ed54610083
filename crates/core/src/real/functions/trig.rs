//! Sine and cosine.

use super::super::LANE_WIDTH;
use super::super::plain::Plain;
use super::double::{fast_two_sum, two_product};
use super::{ROUNDER, Vector, polynomial};

/// `(sin(r)/r - 1)/r^2` in `r^2`, for `|r| <= pi/4`; relative error of the sine below 2^-57.
const SIN: [f64; 6] = [
    -0.1666666666666664,
    0.008333333333324066,
    -0.00019841269830897347,
    2.755731401641165e-06,
    -2.505080292879152e-08,
    1.5899130710597928e-10,
];

/// `(cos(r) - 1 + r^2/2)/r^4` in `r^2`, for `|r| <= pi/4`; error of the cosine below 2^-62.
const COS: [f64; 6] = [
    0.04166666666666661,
    -0.001388888888887557,
    2.4801587290286832e-05,
    -2.7557314563034545e-07,
    2.0875749571647336e-09,
    -1.136091049179243e-11,
];

/// `pi/2` in four parts; the first three have 33 bits, so that their products with whole numbers up to 2^20 are exact.
const HALF_PI: [f64; 4] =
    [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32];

/// The magnitude at which the reduction in parts ends, below `2^20 pi/2`.
const LARGE: f64 = 1.6e6;

/// Sine. Error at most 0.9 ulp for every finite argument; beyond 1.6e6 a slower path is taken.
#[inline(always)]
pub fn sin<V: Vector>(x: V) -> V {
    V::select(x.eq(V::splat(0.0)), x, sine(reduce(x), 0.0))
}

/// Cosine. Error at most 0.9 ulp for every finite argument; beyond 1.6e6 a slower path is taken.
#[inline(always)]
pub fn cos<V: Vector>(x: V) -> V {
    sine(reduce(x), 1.0)
}

/// An angle as `quarter * pi/2 + r + error`, `|r|` hardly above `pi/4`.
struct Angle<V> {
    quarter: V,
    r: V,
    error: V,
}

/// The sine of an angle moved on by `quarters` right angles.
#[inline(always)]
fn sine<V: Vector>(Angle { quarter, r, error }: Angle<V>, quarters: f64) -> V {
    let (one, half) = (V::splat(1.0), V::splat(0.5));
    let z = r * r;
    let half_z = half * z;
    // sin(r + e) = sin r + e cos r; cos(r + e) = cos r - e sin r. `e` is so small that two terms of cos, one of sin do.
    let sin = r + (r * z).mul_add(polynomial(z, &SIN), error - half_z * error);
    let cos_high = one - half_z;
    let cos = cos_high + (((one - cos_high) - half_z) + (z * z).mul_add(polynomial(z, &COS), -(r * error)));

    // The two low bits of the quarter's number move up: the sign bit says minus, the next one (a magnitude of 2) cosine.
    let turn = (quarter + V::splat(ROUNDER + quarters)).bits_shl::<62>();
    V::select(turn.eq(V::splat(0.0)), sin, cos).bits_xor(turn.sign())
}

/// Reduction by Cody and Waite's method with error terms, good to 2^-75 of `pi/2` up to [`LARGE`].
#[inline(always)]
fn reduce<V: Vector>(x: V) -> Angle<V> {
    let quarter = x.mul_add(V::splat(std::f64::consts::FRAC_2_PI), V::splat(ROUNDER)) - V::splat(ROUNDER);
    // Exact; and where a difference below is smaller than what is taken away, it is exact too, so the fast sums do.
    let first = quarter.mul_add(V::splat(-HALF_PI[0]), x);
    let (second, second_error) = fast_two_sum(first, quarter * V::splat(-HALF_PI[1]));
    let (third, third_error) = fast_two_sum(second, quarter * V::splat(-HALF_PI[2]));
    let rest = quarter.mul_add(V::splat(-HALF_PI[3]), second_error + third_error);
    let (r, error) = fast_two_sum(third, rest);

    let angle = Angle { quarter, r, error };
    let large = V::splat(LARGE).lt(x.abs());
    if V::any(large) { reduce_large(x, large, angle) } else { angle }
}

/// Replaces the angles of the lanes in `large`.
#[cold]
#[inline(never)]
fn reduce_large<V: Vector>(x: V, large: V::Mask, angle: Angle<V>) -> Angle<V> {
    let mut lanes = [[0.0; LANE_WIDTH]; 3];
    let mut arguments = [0.0; LANE_WIDTH];
    x.store(&mut arguments);
    for (lane, &argument) in arguments.iter().enumerate() {
        if argument.abs() > LARGE {
            [lanes[0][lane], lanes[1][lane], lanes[2][lane]] = payne_hanek(argument);
        }
    }
    Angle {
        quarter: V::select(large, V::load(&lanes[0]), angle.quarter),
        r: V::select(large, V::load(&lanes[1]), angle.r),
        error: V::select(large, V::load(&lanes[2]), angle.error),
    }
}

/// The binary digits of `2/pi`, after 64 zeros.
const TWO_OVER_PI: [u64; 21] = [
    0,
    0xa2f9_836e_4e44_1529,
    0xfc27_57d1_f534_ddc0,
    0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0,
    0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e,
    0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4,
    0x9c84_5f8b_bdf9_283b,
    0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f,
    0x6d36_7ecf_27cb_09b7,
    0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea,
    0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab,
    0xf0cf_bc20_9af4_361d,
];

/// `x = quarter pi/2 + r + error` with `quarter` modulo 4, for any number beyond [`LARGE`] (Payne and Hanek 1983): of the
/// product with `2/pi` only the digits between 2 and 2^-190 are formed. NaN for an infinity or NaN.
fn payne_hanek(x: f64) -> [f64; 3] {
    if !x.is_finite() {
        return [f64::NAN; 3];
    }
    let exponent = (x.to_bits() >> 52 & 0x7ff) as usize;
    let mantissa = x.to_bits() & ((1 << 52) - 1) | 1 << 52;
    // x = mantissa * 2^(exponent - 1075). Digits of 2/pi left of this one give multiples of 4.
    let first = 64 + exponent - 1077;
    let digits: [u64; 3] = std::array::from_fn(|word| {
        let (index, shift) = (first / 64 + word, first % 64);
        let pair = u128::from(TWO_OVER_PI[index]) << 64 | u128::from(TWO_OVER_PI[index + 1]);
        (pair << shift >> 64) as u64
    });
    let product = digits.map(|word| u128::from(mantissa) * u128::from(word));
    // In units of 2^-126, modulo 4.
    let turns = (product[0] << 64).wrapping_add(product[1]).wrapping_add(product[2] >> 64);

    let nearest = turns.wrapping_add(1 << 125) >> 126;
    let fraction = (turns << 2) as i128;
    let (sign, unit) = (x.signum(), 0.5f64.powi(128));
    let high = fraction as f64;
    let low = fraction.wrapping_sub(high as i128) as f64 * unit;
    let high = high * unit;
    let [half_pi, half_pi_low] = [std::f64::consts::FRAC_PI_2, 6.123233995736766e-17];
    let plain = Plain::splat;
    let (r, error) = two_product(plain(high), plain(half_pi));
    let (r, error) = fast_two_sum(r, error + plain(high * half_pi_low + low * half_pi));
    [sign * nearest as f64, sign * r.0, sign * error.0]
}
