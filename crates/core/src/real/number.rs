//! The traits of the numbers that kernels compute with.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The lane width: numbers side by side in a block of lanes, which are as many as the widest register holds.
///
/// Nodes are stepped in blocks of so many, and so many runs of a batch stand side by side.
pub const LANE_WIDTH: usize = 8;

/// A real number, or several of them side by side, with the functions of the model language.
///
/// Comparisons give a [`Real::Mask`], and [`Real::select`] chooses by it, so that a kernel has no branch: both sides
/// are evaluated and one is kept, whatever the other holds (a NaN there does no harm).
pub trait Real:
    Copy
    + Debug
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The outcome of a comparison, one for each lane.
    type Mask: Copy + Debug;

    /// Returns `value` in every lane.
    fn splat(value: f64) -> Self;

    /// `self * factor + term`, rounded once where the instruction set does that in one instruction.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// `e^self`.
    fn exp(self) -> Self;
    /// `e^self - 1`, accurate near 0.
    fn expm1(self) -> Self;
    /// Natural logarithm; NaN below 0, minus infinity at 0.
    fn ln(self) -> Self;
    /// `ln(1 + self)`, accurate near 0.
    fn ln_1p(self) -> Self;
    /// Square root; NaN below 0.
    fn sqrt(self) -> Self;
    /// Sine of an angle in radians.
    fn sin(self) -> Self;
    /// Cosine of an angle in radians.
    fn cos(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// Error function, `2/sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `self`.
    fn erf(self) -> Self;
    /// `1 - erf`, accurate where that is small.
    fn erfc(self) -> Self;
    /// `e^(self^2) erfc(self)`, which neither overflows nor underflows above 0; infinity from about -26.6 down.
    fn erfcx(self) -> Self;
    /// The integral of `e^(u^2) (1 + erf(u))` from 0 to `self`, of Siegert's formula for the rate of a neuron (Siegert 1951, Phys Rev 81:617);
    /// infinity from about 26.7 on.
    fn siegert(self) -> Self;
    /// Arc sine, from -pi/2 to pi/2; NaN beyond -1 and 1.
    fn asin(self) -> Self;
    /// Arc cosine, from 0 to pi; NaN beyond -1 and 1.
    fn acos(self) -> Self;
    /// Arc tangent, from -pi/2 to pi/2.
    fn atan(self) -> Self;
    /// The angle of the point whose height is `self` and whose abscissa is `x`, from -pi to pi.
    fn atan2(self, x: Self) -> Self;
    /// Cube root, of negative numbers too.
    fn cbrt(self) -> Self;
    /// Decimal logarithm; NaN below 0, minus infinity at 0.
    fn log10(self) -> Self;
    /// Logistic function `1 / (1 + e^-self)`; saturates without overflow.
    fn sigmoid(self) -> Self;
    /// The `order`-th derivative of `exprel(z) = (e^z - 1)/z`, that is the integral of `t^order e^(z t)` over
    /// `0 <= t <= 1`. Accurate at and around the removable singularity `z = 0`, where it is `1/(order + 1)`.
    fn exprel(self, order: u8) -> Self;
    /// `self` to the power `exponent`, which may vary from lane to lane.
    fn powf(self, exponent: Self) -> Self;
    /// `self` to a whole power, by repeated multiplication.
    fn powi(self, exponent: i32) -> Self;
    /// The magnitude.
    fn abs(self) -> Self;
    /// -1, 0 or 1, by the sign of `self`.
    fn signum(self) -> Self;
    /// The largest whole number not above `self`.
    fn floor(self) -> Self;
    /// The number at the place `self` among numbers that are bytes, each of 64 bits and with its lowest byte first. Places are whole numbers from 0;
    /// beyond the end stands the last number.
    fn number_of(self, numbers: &[u8]) -> Self;
    /// The smaller of two numbers; `other` where one is NaN.
    fn min(self, other: Self) -> Self;
    /// The larger of two numbers; `other` where one is NaN.
    fn max(self, other: Self) -> Self;

    /// Whether `self < other`.
    fn lt(self, other: Self) -> Self::Mask;
    /// Whether `self <= other`.
    fn le(self, other: Self) -> Self::Mask;
    /// Whether `self == other`.
    fn eq(self, other: Self) -> Self::Mask;
    /// Whether both masks hold.
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Whether at least one mask holds.
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Whether the mask does not hold.
    fn not(a: Self::Mask) -> Self::Mask;
    /// `yes` where the mask holds, `no` elsewhere.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
}

/// A [`Real`] of several numbers side by side, which is loaded from memory and stored to it.
pub trait Lane: Real {
    /// The number of lanes, at most [`LANE_WIDTH`].
    const WIDTH: usize;
    /// The number of machine registers that the lanes take.
    const REGISTERS: usize = 1;
    /// Whether [`Real::mul_add`] rounds once (fused multiply-add).
    const FUSED: bool = false;

    /// Loads the first [`Lane::WIDTH`] of `values`.
    ///
    /// # Panics
    ///
    /// There are fewer values than lanes.
    fn load(values: &[f64]) -> Self;

    /// Stores the lanes in the first [`Lane::WIDTH`] of `values`.
    ///
    /// # Panics
    ///
    /// There are fewer values than lanes.
    fn store(self, values: &mut [f64]);

    /// Loads the first [`Lane::WIDTH`] of `values`; where there are fewer, the last is repeated (0 if there are none).
    #[inline(always)]
    fn load_partial(values: &[f64]) -> Self {
        if values.len() >= Self::WIDTH { Self::load(values) } else { Self::load(&with_last_repeated(values)) }
    }

    /// Stores as many lanes as `values` has room for.
    #[inline(always)]
    fn store_partial(self, values: &mut [f64]) {
        if values.len() >= Self::WIDTH {
            return self.store(values);
        }
        let mut block = [0.0; LANE_WIDTH];
        self.store(&mut block);
        let length = values.len();
        values.copy_from_slice(&block[..length]);
    }
}

/// Fewer numbers than lanes, the last repeated. It is a call of its own, because it is rare and would be inlined at every load.
#[cold]
#[inline(never)]
fn with_last_repeated(values: &[f64]) -> [f64; LANE_WIDTH] {
    let mut block = [values.last().copied().unwrap_or(0.0); LANE_WIDTH];
    block[..values.len()].copy_from_slice(values);
    block
}

/// Adds `factor` times `values` to `sums`, entry by entry, rounded as [`Real::mul_add`] of `R` rounds.
#[inline(always)]
pub fn add_products<R: Lane>(sums: &mut [f64], factor: f64, values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum = if R::FUSED { f64::mul_add(factor, *value, *sum) } else { *sum + factor * value };
    }
}

impl Lane for f64 {
    const WIDTH: usize = 1;

    #[inline(always)]
    fn load(values: &[f64]) -> Self {
        values[0]
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        values[0] = self;
    }
}
