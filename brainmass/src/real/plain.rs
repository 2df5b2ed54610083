//! A register of one number, in plain Rust that any compiler understands.

use super::vector::{Vector, vector_operators};

/// One `f64`. `FUSED` is true only inside a function compiled for a target with fused multiply-add; elsewhere the
/// operation would be a slow library call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain<const FUSED: bool>(pub(super) f64);

vector_operators!(Plain: Add add = |a: f64, b: f64| a + b, Sub sub = |a: f64, b: f64| a - b,
    Mul mul = |a: f64, b: f64| a * b, Div div = |a: f64, b: f64| a / b; neg = |a: f64| -a);

impl<const FUSED: bool> Plain<FUSED> {
    #[inline(always)]
    fn bitwise(self, other: Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        Self(f64::from_bits(operation(self.0.to_bits(), other.0.to_bits())))
    }
}

impl<const FUSED: bool> Vector for Plain<FUSED> {
    type Mask = bool;
    const WIDTH: usize = 1;
    const FUSED: bool = FUSED;

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
        Self(if FUSED { self.0.mul_add(factor.0, term.0) } else { self.0 * factor.0 + term.0 })
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
}
