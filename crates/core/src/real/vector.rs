//! One machine register of `f64` numbers: the few operations that the functions of this module are written in.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Lane;

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

    /// The number of numbers in the register, at most [`LANE_WIDTH`](super::LANE_WIDTH).
    const WIDTH: usize;
    /// The number of machine registers that it takes.
    const REGISTERS: usize = 1;
    /// Whether [`Vector::mul_add`] rounds once (true) or after the product and after the sum (false).
    const FUSED: bool;

    /// Returns `value` in every place.
    fn splat(value: f64) -> Self;
    /// Loads the first [`Vector::WIDTH`] of `values`; panics if there are fewer.
    fn load(values: &[f64]) -> Self;
    /// Stores the numbers in the first [`Vector::WIDTH`] of `values`; panics if there are fewer.
    fn store(self, values: &mut [f64]);

    /// `self * factor + term`.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The largest whole number not above the number.
    fn floor(self) -> Self;
    /// `self < other ? self : other`: `other` if either is NaN.
    fn min(self, other: Self) -> Self;
    /// `self > other ? self : other`: `other` if either is NaN.
    fn max(self, other: Self) -> Self;

    /// Whether `self < other`; false if either is NaN.
    fn lt(self, other: Self) -> Self::Mask;
    /// Whether `self <= other`; false if either is NaN.
    fn le(self, other: Self) -> Self::Mask;
    /// Whether `self == other`; false if either is NaN.
    fn eq(self, other: Self) -> Self::Mask;
    /// Whether both masks hold.
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Whether at least one mask holds.
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Whether the mask does not hold.
    fn not(a: Self::Mask) -> Self::Mask;
    /// Whether the mask holds in any place.
    fn any(mask: Self::Mask) -> bool;
    /// `yes` where the mask holds, `no` elsewhere.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// The bits that both patterns have.
    fn bits_and(self, other: Self) -> Self;
    /// The bits that at least one pattern has.
    fn bits_or(self, other: Self) -> Self;
    /// The bits that exactly one pattern has.
    fn bits_xor(self, other: Self) -> Self;
    /// The sum of the patterns as whole numbers modulo 2^64.
    fn bits_add(self, other: Self) -> Self;
    /// The difference of the patterns as whole numbers modulo 2^64.
    fn bits_sub(self, other: Self) -> Self;
    /// The pattern moved left by `COUNT` places; zeros come in from the right.
    fn bits_shl<const COUNT: i32>(self) -> Self;
    /// The pattern moved right by `COUNT` places; zeros come in from the left.
    fn bits_shr<const COUNT: i32>(self) -> Self;
    /// The product of the low 32 bits of the patterns.
    fn bits_mul_low(self, other: Self) -> Self;

    /// `self 2^power`, rounded once, for whole powers from -2044 to 2046; `biased` is the power plus 2046 in its low bits. The power of two is
    /// split in halves, for it may be no number itself.
    #[inline(always)]
    fn scale(self, _power: Self, biased: Self) -> Self {
        let half = biased.bits_shr::<1>();
        self * half.bits_shl::<52>() * biased.bits_sub(half).bits_shl::<52>()
    }

    /// The number with this bit pattern in every place.
    #[inline(always)]
    fn splat_bits(bits: u64) -> Self {
        Self::splat(f64::from_bits(bits))
    }
    /// The magnitude.
    #[inline(always)]
    fn abs(self) -> Self {
        self.bits_and(Self::splat_bits(!SIGN))
    }
    /// The sign bit alone, as a number: 0 or -0.
    #[inline(always)]
    fn sign(self) -> Self {
        self.bits_and(Self::splat_bits(SIGN))
    }

    /// Applies a function to each number.
    #[inline(always)]
    fn apply<F: Function>(self, function: F) -> Self {
        function.of(self)
    }

    /// Applies a function of two arguments to each number and another.
    #[inline(always)]
    fn apply_to_two<F: FunctionOfTwo>(self, other: Self, function: F) -> Self {
        function.of(self, other)
    }
}

/// A register that kernels run on.
pub trait Register: Vector {
    /// A block of [`LANE_WIDTH`](super::LANE_WIDTH) numbers, in as many registers as they need.
    type Block: Lane;
    /// A block of at most as many numbers, in a single register.
    type Short: Lane;
}

/// A function of [`functions`](super::functions), as a value.
pub trait Function: Copy {
    /// The value of the function at each number.
    fn of<V: Vector>(self, x: V) -> V;
}

/// A function of two arguments of [`functions`](super::functions), as a value.
pub trait FunctionOfTwo: Copy {
    /// The value of the function at each pair of numbers.
    fn of<V: Vector>(self, x: V, y: V) -> V;
}

/// The sign bit of an `f64`.
const SIGN: u64 = 1 << 63;

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
