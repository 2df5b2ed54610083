//! One machine register of `f64` numbers: the few operations that the functions of this module are written in.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Lane, functions};

/// Several `f64` in one register.
///
/// Apart from [`Vector::mul_add`], every operation is exact or rounded once as IEEE 754 demands, so that two
/// implementations with the same [`Vector::FUSED`] give the same bits. The `bits_` operations read a number as its 64-bit pattern.
pub trait Vector:
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
    /// All bits of an element set where a comparison holds.
    type Mask: Copy + Debug + Send + Sync;

    /// Numbers in the register, at most [`MAX_WIDTH`].
    const WIDTH: usize;
    /// Machine registers that it takes.
    const REGISTERS: usize = 1;
    /// Whether [`Vector::mul_add`] rounds once (true) or after the product and after the sum (false).
    const FUSED: bool;

    fn splat(value: f64) -> Self;
    /// The first [`Vector::WIDTH`] of `values`; panics if there are fewer.
    fn load(values: &[f64]) -> Self;
    /// Writes to the first [`Vector::WIDTH`] of `values`; panics if there are fewer.
    fn store(self, values: &mut [f64]);

    /// `self * factor + term`.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    fn sqrt(self) -> Self;
    fn floor(self) -> Self;
    /// `self < other ? self : other`: `other` if either is NaN.
    fn min(self, other: Self) -> Self;
    /// `self > other ? self : other`: `other` if either is NaN.
    fn max(self, other: Self) -> Self;

    fn lt(self, other: Self) -> Self::Mask;
    fn le(self, other: Self) -> Self::Mask;
    fn eq(self, other: Self) -> Self::Mask;
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn not(a: Self::Mask) -> Self::Mask;
    fn any(mask: Self::Mask) -> bool;
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    fn bits_and(self, other: Self) -> Self;
    fn bits_or(self, other: Self) -> Self;
    fn bits_xor(self, other: Self) -> Self;
    /// Sum modulo 2^64.
    fn bits_add(self, other: Self) -> Self;
    /// Difference modulo 2^64.
    fn bits_sub(self, other: Self) -> Self;
    fn bits_shl<const COUNT: i32>(self) -> Self;
    /// Zeros come in from the left.
    fn bits_shr<const COUNT: i32>(self) -> Self;
    /// Product of the low 32 bits of each.
    fn bits_mul_low(self, other: Self) -> Self;

    /// `self 2^power`, rounded once, for whole powers from -2044 to 2046; `biased` is the power plus 2046 in its low bits. The power of two is
    /// split in halves, for it may be no number itself.
    #[inline(always)]
    fn scale(self, _power: Self, biased: Self) -> Self {
        let half = biased.bits_shr::<1>();
        self * half.bits_shl::<52>() * biased.bits_sub(half).bits_shl::<52>()
    }

    #[inline(always)]
    fn splat_bits(bits: u64) -> Self {
        Self::splat(f64::from_bits(bits))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.bits_and(Self::splat_bits(!SIGN))
    }
    /// The sign bit alone: 0 or -0.
    #[inline(always)]
    fn sign(self) -> Self {
        self.bits_and(Self::splat_bits(SIGN))
    }

    /// A function of the numbers.
    #[inline(always)]
    fn apply<F: Function>(self, function: F) -> Self {
        function.of(self)
    }

    /// To the power of other numbers.
    #[inline(always)]
    fn power(self, exponent: Self) -> Self {
        functions::powf(self, exponent)
    }
}

/// A register that kernels run on.
pub trait Register: Vector {
    /// Eight numbers, in as many registers as they need.
    type Block: Lane;
    /// At most eight numbers, in no more registers than overlap.
    type Short: Lane;
}

/// One of [`functions`].
pub trait Function: Copy {
    fn of<V: Vector>(self, x: V) -> V;
}

/// The widest register or block of registers in use.
pub const MAX_WIDTH: usize = 8;

/// The sign bit of an `f64`.
pub const SIGN: u64 = 1 << 63;

/// Implements an arithmetic operator of a [`Vector`] by an expression of its contents.
macro_rules! vector_operator {
    ([$($generics:tt)*] $vector:ty, $trait:ident $method:ident($a:ident $(, $b:ident)?) = $result:expr) => {
        impl<$($generics)*> std::ops::$trait for $vector {
            type Output = Self;
            #[inline(always)]
            fn $method(self $(, $b: Self)?) -> Self {
                let $a = self.0;
                $(let $b = $b.0;)?
                Self($result)
            }
        }
    };
}
pub(super) use vector_operator;
