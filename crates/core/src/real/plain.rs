//! A register of one number, in plain Rust that any compiler understands.

use super::vector::{Function, FunctionOfTwo, Vector, vector_operator};

/// One `f64`. Products and sums are rounded apart: a fused operation is a slow library call where the target lacks it, and
/// would give other bits where it has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain(pub(super) f64);

vector_operator!([] Plain, Add add(a, b) = a + b);
vector_operator!([] Plain, Sub sub(a, b) = a - b);
vector_operator!([] Plain, Mul mul(a, b) = a * b);
vector_operator!([] Plain, Div div(a, b) = a / b);
vector_operator!([] Plain, Neg neg(a) = -a);

impl Plain {
    #[inline(always)]
    fn bitwise(self, other: Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        Self(f64::from_bits(operation(self.0.to_bits(), other.0.to_bits())))
    }
}

impl Vector for Plain {
    type Mask = bool;
    const WIDTH: usize = 1;
    const FUSED: bool = false;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(value)
    }
    #[inline(always)]
    fn load(values: &[f64]) -> Self {
        Self(values[0])
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        values[0] = self.0;
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        self * factor + term
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(self.0.floor())
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self.0 < other.0 { self } else { other }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self.0 > other.0 { self } else { other }
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self.0 < other.0
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self.0 <= other.0
    }
    #[inline(always)]
    fn eq(self, other: Self) -> bool {
        self.0 == other.0
    }
    #[inline(always)]
    fn and(a: bool, b: bool) -> bool {
        a & b
    }
    #[inline(always)]
    fn or(a: bool, b: bool) -> bool {
        a | b
    }
    #[inline(always)]
    fn not(a: bool) -> bool {
        !a
    }
    #[inline(always)]
    fn any(mask: bool) -> bool {
        mask
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn bits_and(self, other: Self) -> Self {
        self.bitwise(other, |a, b| a & b)
    }
    #[inline(always)]
    fn bits_or(self, other: Self) -> Self {
        self.bitwise(other, |a, b| a | b)
    }
    #[inline(always)]
    fn bits_xor(self, other: Self) -> Self {
        self.bitwise(other, |a, b| a ^ b)
    }
    #[inline(always)]
    fn bits_add(self, other: Self) -> Self {
        self.bitwise(other, u64::wrapping_add)
    }
    #[inline(always)]
    fn bits_sub(self, other: Self) -> Self {
        self.bitwise(other, u64::wrapping_sub)
    }
    #[inline(always)]
    fn bits_shl<const COUNT: i32>(self) -> Self {
        Self(f64::from_bits(self.0.to_bits() << COUNT))
    }
    #[inline(always)]
    fn bits_shr<const COUNT: i32>(self) -> Self {
        Self(f64::from_bits(self.0.to_bits() >> COUNT))
    }
    #[inline(always)]
    fn bits_mul_low(self, other: Self) -> Self {
        self.bitwise(other, |a, b| (a & 0xffff_ffff) * (b & 0xffff_ffff))
    }

    // Functions are calls: eight copies of each in every kernel would be most of the library's code, and no faster.
    #[inline(never)]
    fn apply<F: Function>(self, function: F) -> Self {
        function.of(self)
    }
    #[inline(never)]
    fn apply_to_two<F: FunctionOfTwo>(self, other: Self, function: F) -> Self {
        function.of(self, other)
    }
}
