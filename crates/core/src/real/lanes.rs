//! [`Real`] for registers.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::table::number_at;
use super::vector::{Function, FunctionOfTwo, Vector};
use super::{LANE_WIDTH, Lane, Real, functions};

/// The numbers of a register, or of several side by side.
///
/// What a lane computes depends on its own number and on `V::FUSED` alone, not on its neighbours or their number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes<V>(V);

/// Functions as values.
macro_rules! named {
    ($($name:ident $(($field:ident: $type:ty))? $function:path;)*) => {$(
        #[derive(Clone, Copy)]
        struct $name $(($type))?;

        impl Function for $name {
            #[inline(always)]
            fn of<V: Vector>(self, x: V) -> V {
                $(let Self($field) = self;)?
                $function(x $(, $field)?)
            }
        }
    )*};
}
named! {
    Exp functions::exp;
    Expm1 functions::expm1;
    Exprel(order: u8) functions::exprel;
    Ln functions::ln;
    Ln1p functions::ln_1p;
    Sin functions::sin;
    Cos functions::cos;
    Tanh functions::tanh;
    Erf functions::erf;
    Erfc functions::erfc;
    Erfcx functions::erfcx;
    Siegert functions::siegert;
    Asin functions::asin;
    Acos functions::acos;
    Atan functions::atan;
    Cbrt functions::cbrt;
    Log10 functions::log10;
    Sigmoid functions::sigmoid;
}

/// Functions of two arguments as values.
macro_rules! named_of_two {
    ($($name:ident $function:path;)*) => {$(
        #[derive(Clone, Copy)]
        struct $name;

        impl FunctionOfTwo for $name {
            #[inline(always)]
            fn of<V: Vector>(self, x: V, y: V) -> V {
                $function(x, y)
            }
        }
    )*};
}
named_of_two! {
    Power functions::powf;
    Atan2 functions::atan2;
}

macro_rules! operators {
    ($($trait:ident $method:ident),*) => {$(
        impl<V: Vector> $trait for Lanes<V> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0))
            }
        }
    )*};
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl<V: Vector> Neg for Lanes<V> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<V: Vector> Real for Lanes<V> {
    type Mask = V::Mask;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(V::splat(value))
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(self.0.mul_add(factor.0, term.0))
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Self(self.0.apply(Exp))
    }
    #[inline(always)]
    fn expm1(self) -> Self {
        Self(self.0.apply(Expm1))
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Self(self.0.apply(Ln))
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        Self(self.0.apply(Ln1p))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    #[inline(always)]
    fn sin(self) -> Self {
        Self(self.0.apply(Sin))
    }
    #[inline(always)]
    fn cos(self) -> Self {
        Self(self.0.apply(Cos))
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Self(self.0.apply(Tanh))
    }
    #[inline(always)]
    fn erf(self) -> Self {
        Self(self.0.apply(Erf))
    }
    #[inline(always)]
    fn erfc(self) -> Self {
        Self(self.0.apply(Erfc))
    }
    #[inline(always)]
    fn erfcx(self) -> Self {
        Self(self.0.apply(Erfcx))
    }
    #[inline(always)]
    fn siegert(self) -> Self {
        Self(self.0.apply(Siegert))
    }
    #[inline(always)]
    fn asin(self) -> Self {
        Self(self.0.apply(Asin))
    }
    #[inline(always)]
    fn acos(self) -> Self {
        Self(self.0.apply(Acos))
    }
    #[inline(always)]
    fn atan(self) -> Self {
        Self(self.0.apply(Atan))
    }
    #[inline(always)]
    fn cbrt(self) -> Self {
        Self(self.0.apply(Cbrt))
    }
    #[inline(always)]
    fn log10(self) -> Self {
        Self(self.0.apply(Log10))
    }
    #[inline(always)]
    fn atan2(self, x: Self) -> Self {
        Self(self.0.apply_to_two(x.0, Atan2))
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        Self(self.0.apply(Sigmoid))
    }
    #[inline(always)]
    fn exprel(self, order: u8) -> Self {
        Self(self.0.apply(Exprel(order)))
    }
    #[inline(always)]
    fn powf(self, exponent: Self) -> Self {
        Self(self.0.apply_to_two(exponent.0, Power))
    }
    #[inline(always)]
    fn powi(self, exponent: i32) -> Self {
        Self(functions::powi(self.0, exponent))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }
    #[inline(always)]
    fn signum(self) -> Self {
        Self(signum(self.0))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(self.0.floor())
    }
    #[inline(always)]
    fn number_of(self, numbers: &[u8]) -> Self {
        let mut block = [0.0; LANE_WIDTH];
        self.store(&mut block);
        block[..V::WIDTH].iter_mut().for_each(|place| *place = number_at(numbers, *place));
        Self::load(&block)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        self.0.lt(other.0)
    }
    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        self.0.le(other.0)
    }
    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        self.0.eq(other.0)
    }
    #[inline(always)]
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        V::and(a, b)
    }
    #[inline(always)]
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        V::or(a, b)
    }
    #[inline(always)]
    fn not(a: Self::Mask) -> Self::Mask {
        V::not(a)
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(V::select(mask, yes.0, no.0))
    }
}

impl<V: Vector> Lane for Lanes<V> {
    const WIDTH: usize = V::WIDTH;
    const REGISTERS: usize = V::REGISTERS;
    const FUSED: bool = V::FUSED;

    #[inline(always)]
    fn load(values: &[f64]) -> Self {
        Self(V::load(values))
    }
    #[inline(always)]
    fn store(self, values: &mut [f64]) {
        self.0.store(values);
    }
}

#[inline(always)]
fn signum<V: Vector>(x: V) -> V {
    let (zero, unit) = (V::splat(0.0), V::splat(1.0).bits_or(x.sign()));
    V::select(x.eq(zero), zero, V::select(x.eq(x), unit, x))
}
