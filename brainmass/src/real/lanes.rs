//! [`Real`] for blocks of registers.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::vector::Vector;
use super::{Lane, Real, functions};

/// `COUNT` registers side by side, computed one after the other: a processor overlaps their chains of operations.
///
/// What a lane computes depends on its own number and on `V::FUSED` alone, not on its neighbours, the register's width or `COUNT`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes<V, const COUNT: usize>([V; COUNT]);

/// Applies `$function` to each register, with the registers at the same place in other blocks.
///
/// A macro, because only what is certain to be inlined into the caller is compiled for its instruction set: a closure is not.
macro_rules! each {
    ($block:expr, $function:path) => {{
        let mut block = $block;
        for register in &mut block {
            *register = $function(*register);
        }
        block
    }};
    ($block:expr, $function:path $(, $argument:expr)+) => {{
        let mut block = $block;
        for (index, register) in block.iter_mut().enumerate() {
            *register = $function(*register $(, $argument[index])+);
        }
        block
    }};
}

macro_rules! operators {
    ($($trait:ident $method:ident),*) => {$(
        impl<V: Vector, const COUNT: usize> $trait for Lanes<V, COUNT> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(each!(self.0, V::$method, other.0))
            }
        }
    )*};
}
operators!(Add add, Sub sub, Mul mul, Div div);

/// Compares the registers of two blocks.
macro_rules! compare {
    ($a:expr, $comparison:path, $b:expr) => {{
        let mut masks = [$comparison($a[0], $b[0]); COUNT];
        for (index, mask) in masks.iter_mut().enumerate().skip(1) {
            *mask = $comparison($a[index], $b[index]);
        }
        masks
    }};
}

impl<V: Vector, const COUNT: usize> Neg for Lanes<V, COUNT> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(each!(self.0, V::neg))
    }
}

impl<V: Vector, const COUNT: usize> Real for Lanes<V, COUNT> {
    type Mask = [V::Mask; COUNT];

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self([V::splat(value); COUNT])
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(each!(self.0, V::mul_add, factor.0, term.0))
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Self(each!(self.0, functions::exp))
    }
    #[inline(always)]
    fn expm1(self) -> Self {
        Self(each!(self.0, functions::expm1))
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Self(each!(self.0, functions::ln))
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        Self(each!(self.0, functions::ln_1p))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(each!(self.0, V::sqrt))
    }
    #[inline(always)]
    fn sin(self) -> Self {
        Self(each!(self.0, functions::sin))
    }
    #[inline(always)]
    fn cos(self) -> Self {
        Self(each!(self.0, functions::cos))
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Self(each!(self.0, functions::tanh))
    }
    #[inline(always)]
    fn erf(self) -> Self {
        Self(each!(self.0, functions::erf))
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        Self(each!(self.0, functions::sigmoid))
    }
    #[inline(always)]
    fn exprel(self, order: u8) -> Self {
        let mut block = self.0;
        for register in &mut block {
            *register = functions::exprel(*register, order);
        }
        Self(block)
    }
    #[inline(always)]
    fn powf(self, exponent: Self) -> Self {
        Self(each!(self.0, functions::powf, exponent.0))
    }
    #[inline(always)]
    fn powi(self, exponent: i32) -> Self {
        let mut block = self.0;
        for register in &mut block {
            *register = functions::powi(*register, exponent);
        }
        Self(block)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(each!(self.0, V::abs))
    }
    #[inline(always)]
    fn signum(self) -> Self {
        Self(each!(self.0, signum))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(each!(self.0, V::floor))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(each!(self.0, V::min, other.0))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(each!(self.0, V::max, other.0))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        compare!(self.0, V::lt, other.0)
    }
    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        compare!(self.0, V::le, other.0)
    }
    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        compare!(self.0, V::eq, other.0)
    }
    #[inline(always)]
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        each!(a, V::and, b)
    }
    #[inline(always)]
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        each!(a, V::or, b)
    }
    #[inline(always)]
    fn not(a: Self::Mask) -> Self::Mask {
        each!(a, V::not)
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(each!(yes.0, select, mask, no.0))
    }
}

impl<V: Vector, const COUNT: usize> Lane for Lanes<V, COUNT> {
    const WIDTH: usize = V::WIDTH * COUNT;

    #[inline(always)]
    fn load(values: &[f64]) -> Self {
        let mut block = [V::splat(0.0); COUNT];
        for (register, values) in block.iter_mut().zip(values[..Self::WIDTH].chunks_exact(V::WIDTH)) {
            *register = V::load(values);
        }
        Self(block)
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        for (register, values) in self.0.into_iter().zip(values[..Self::WIDTH].chunks_exact_mut(V::WIDTH)) {
            register.store(values);
        }
    }
}

#[inline(always)]
fn select<V: Vector>(yes: V, mask: V::Mask, no: V) -> V {
    V::select(mask, yes, no)
}

#[inline(always)]
fn signum<V: Vector>(x: V) -> V {
    let (zero, unit) = (V::splat(0.0), V::splat(1.0).bits_or(x.sign()));
    V::select(x.eq(zero), zero, V::select(x.eq(x), unit, x))
}
