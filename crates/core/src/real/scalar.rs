//! [`Real`](super::Real) for one plain number.

use super::plain::Plain;
use super::table::number_at;
use super::{Real, functions};

macro_rules! impl_real {
    ($float:ident) => {
        impl Real for $float {
            type Mask = bool;

            #[inline(always)]
            fn splat(value: f64) -> Self {
                value as $float
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                self * factor + term
            }
            #[inline(always)]
            fn exp(self) -> Self {
                $float::exp(self)
            }
            #[inline(always)]
            fn expm1(self) -> Self {
                $float::exp_m1(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                $float::ln(self)
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                $float::ln_1p(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $float::sqrt(self)
            }
            #[inline(always)]
            fn sin(self) -> Self {
                $float::sin(self)
            }
            #[inline(always)]
            fn cos(self) -> Self {
                $float::cos(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                $float::tanh(self)
            }
            #[inline(always)]
            fn erf(self) -> Self {
                erf(f64::from(self)) as $float
            }
            #[inline(always)]
            fn erfc(self) -> Self {
                erfc(f64::from(self)) as $float
            }
            #[inline(always)]
            fn erfcx(self) -> Self {
                functions::erfcx(Plain(f64::from(self))).0 as $float
            }
            #[inline(always)]
            fn siegert(self) -> Self {
                functions::siegert(Plain(f64::from(self))).0 as $float
            }
            #[inline(always)]
            fn asin(self) -> Self {
                $float::asin(self)
            }
            #[inline(always)]
            fn acos(self) -> Self {
                $float::acos(self)
            }
            #[inline(always)]
            fn atan(self) -> Self {
                $float::atan(self)
            }
            #[inline(always)]
            fn atan2(self, x: Self) -> Self {
                $float::atan2(self, x)
            }
            #[inline(always)]
            fn cbrt(self) -> Self {
                $float::cbrt(self)
            }
            #[inline(always)]
            fn log10(self) -> Self {
                $float::log10(self)
            }
            #[inline(always)]
            fn sigmoid(self) -> Self {
                1.0 / (1.0 + $float::exp(-self))
            }
            #[inline(always)]
            fn exprel(self, order: u8) -> Self {
                exprel(f64::from(self), order) as $float
            }
            #[inline(always)]
            fn powf(self, exponent: Self) -> Self {
                $float::powf(self, exponent)
            }
            #[inline(always)]
            fn powi(self, exponent: i32) -> Self {
                $float::powi(self, exponent)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[inline(always)]
            fn signum(self) -> Self {
                if self == 0.0 { 0.0 } else { $float::signum(self) }
            }
            #[inline(always)]
            fn floor(self) -> Self {
                $float::floor(self)
            }
            #[inline(always)]
            fn number_of(self, numbers: &[u8]) -> Self {
                number_at(numbers, f64::from(self)) as $float
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                if self < other { self } else { other }
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                if self > other { self } else { other }
            }
            #[inline(always)]
            fn lt(self, other: Self) -> bool {
                self < other
            }
            #[inline(always)]
            fn le(self, other: Self) -> bool {
                self <= other
            }
            #[inline(always)]
            fn eq(self, other: Self) -> bool {
                self == other
            }
            #[inline(always)]
            fn and(a: bool, b: bool) -> bool {
                a && b
            }
            #[inline(always)]
            fn or(a: bool, b: bool) -> bool {
                a || b
            }
            #[inline(always)]
            fn not(a: bool) -> bool {
                !a
            }
            #[inline(always)]
            fn select(mask: bool, yes: Self, no: Self) -> Self {
                if mask { yes } else { no }
            }
        }
    };
}

impl_real!(f64);
impl_real!(f32);

/// The `order`-th derivative of `(e^z - 1)/z`.
///
/// Away from 0 by the recurrence `I_k = (e^z - k I_(k-1))/z`, which loses about `log10(k!/z^k)` digits; near 0 by the
/// Taylor series `sum z^m / (m! (m + k + 1))`, whose terms are of one sign or fall fast there.
fn exprel(z: f64, order: u8) -> f64 {
    let k = f64::from(order);
    let radius = if order == 0 { 1e-5 } else { 1.5 + k };
    if z.abs() <= radius {
        let (mut power, mut sum, mut m) = (1.0, 1.0 / (k + 1.0), 1.0);
        loop {
            power *= z / m;
            let next = sum + power / (m + k + 1.0);
            if next == sum {
                return sum;
            }
            sum = next;
            m += 1.0;
        }
    }
    let mut value = z.exp_m1() / z;
    for j in 1..=order {
        value = (z.exp() - f64::from(j) * value) / z;
    }
    value
}

/// Error function, by its Taylor series up to 2.5 and the continued fraction of `erfc` beyond.
fn erf(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude.is_nan() {
        return x;
    }
    let value = if magnitude < 2.5 { inner_erf(magnitude) } else { 1.0 - outer_erfc(magnitude) };
    value.copysign(x)
}

/// `1 - erf(x)`, by the Taylor series of `erf` up to 1 and the continued fraction beyond.
fn erfc(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude < 1.0 || magnitude.is_nan() {
        return 1.0 - erf(x);
    }
    let value = outer_erfc(magnitude);
    if x < 0.0 { 2.0 - value } else { value }
}

/// `2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (1 3 5 ... (2n+1))`: every term positive, so no digits cancel.
fn inner_erf(x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (x, x, 1.0);
    loop {
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        let next = sum + term;
        if next == sum {
            return std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum;
        }
        sum = next;
        n += 1.0;
    }
}

/// The continued fraction of `erfc`, for arguments from 1 on; it needs the more terms, the smaller the argument is.
fn outer_erfc(x: f64) -> f64 {
    let mut fraction = 0.0;
    for n in (1..=if x < 2.5 { 300 } else { 60 }).rev() {
        fraction = f64::from(n) / 2.0 / (x + fraction);
    }
    (-x * x).exp() / ((x + fraction) * std::f64::consts::PI.sqrt())
}
