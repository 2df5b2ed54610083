//! Two registers as one.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::vector::{Function, FunctionOfTwo, Vector};

/// Two registers side by side, computed one after the other: a processor overlaps their chains of operations.
///
/// No array: loops over registers, to be unrolled for every operation of every kernel, took most of the time of a build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<V>(V, V);

/// Operators that are those of the halves.
macro_rules! operators {
    ($($trait:ident $method:ident),*) => {$(
        impl<V: Vector> $trait for Pair<V> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0), self.1.$method(other.1))
            }
        }
    )*};
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl<V: Vector> Neg for Pair<V> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

/// Operations on numbers that are those of the halves.
macro_rules! by_halves {
    ($($name:ident $(<$count:ident>)? ($($other:ident),*);)*) => {$(
        #[inline(always)]
        fn $name $(<const $count: i32>)? (self $(, $other: Self)*) -> Self {
            Self(
                self.0.$name $(::<$count>)? ($($other.0),*),
                self.1.$name $(::<$count>)? ($($other.1),*),
            )
        }
    )*};
}

impl<V: Vector> Vector for Pair<V> {
    type Mask = (V::Mask, V::Mask);
    const WIDTH: usize = 2 * V::WIDTH;
    const REGISTERS: usize = 2 * V::REGISTERS;
    const FUSED: bool = V::FUSED;

    by_halves! {
        mul_add(factor, term);
        sqrt();
        floor();
        min(other);
        max(other);
        bits_and(other);
        bits_or(other);
        bits_xor(other);
        bits_add(other);
        bits_sub(other);
        bits_shl<COUNT>();
        bits_shr<COUNT>();
        bits_mul_low(other);
        scale(power, biased);
    }

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(V::splat(value), V::splat(value))
    }
    #[inline(always)]
    fn load(values: &[f64]) -> Self {
        let values = &values[..Self::WIDTH];
        Self(V::load(values), V::load(&values[V::WIDTH..]))
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        let values = &mut values[..Self::WIDTH];
        self.0.store(values);
        self.1.store(&mut values[V::WIDTH..]);
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        (self.0.lt(other.0), self.1.lt(other.1))
    }
    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        (self.0.le(other.0), self.1.le(other.1))
    }
    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        (self.0.eq(other.0), self.1.eq(other.1))
    }
    #[inline(always)]
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (V::and(a.0, b.0), V::and(a.1, b.1))
    }
    #[inline(always)]
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (V::or(a.0, b.0), V::or(a.1, b.1))
    }
    #[inline(always)]
    fn not(a: Self::Mask) -> Self::Mask {
        (V::not(a.0), V::not(a.1))
    }
    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        V::any(mask.0) | V::any(mask.1)
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(V::select(mask.0, yes.0, no.0), V::select(mask.1, yes.1, no.1))
    }
    #[inline(always)]
    fn apply<F: Function>(self, function: F) -> Self {
        Self(self.0.apply(function), self.1.apply(function))
    }
    #[inline(always)]
    fn apply_to_two<F: FunctionOfTwo>(self, other: Self, function: F) -> Self {
        Self(self.0.apply_to_two(other.0, function), self.1.apply_to_two(other.1, function))
    }
}
