//! Numbers that write down what is computed with them.

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use brainmass_spec::graph::{Compare, Unary};
use brainmass_spec::tape::{Instruction, Recorder, Tape, Value};

use crate::real::Real;

/// A number of a tape that is being recorded: code that is written for any [`Real`], such as that of a scheme, leaves its operations on the tape.
///
/// The numbers belong to the call of [`record`] in which they are made. A call within a call is not allowed: it would take over the tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recorded(Value);

thread_local! {
    /// The tape that operations of this thread are written on.
    static TAPE: RefCell<Recorder> = RefCell::default();
}

/// Records what a function computes of [`Recorded::argument`]s, and returns it as a tape.
pub(super) fn record(function: impl FnOnce() -> Vec<Recorded>) -> Tape {
    TAPE.with_borrow_mut(|tape| *tape = Recorder::default());
    let results: Vec<Value> = function().into_iter().map(|result| result.0).collect();
    TAPE.take().tape(&results)
}

fn push(instruction: Instruction) -> Recorded {
    Recorded(TAPE.with_borrow_mut(|tape| tape.push(instruction)))
}

impl Recorded {
    /// An argument of the function that is recorded, by its place among the arguments.
    pub fn argument(place: usize) -> Self {
        Self(TAPE.with_borrow_mut(|tape| tape.argument(place)))
    }

    /// The results of a tape for these arguments, all of its instructions being recorded.
    pub fn call(tape: &Tape, arguments: &[Self]) -> Vec<Self> {
        let arguments: Vec<Value> = arguments.iter().map(|argument| argument.0).collect();
        let results = TAPE.with_borrow_mut(|recorder| recorder.call(tape, &arguments));
        results.into_iter().map(Self).collect()
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $instruction:ident),*) => {$(
        impl $trait for Recorded {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                push(Instruction::$instruction(self.0, other.0))
            }
        }
    )*};
}
operators!(Add add Add, Sub sub Subtract, Mul mul Multiply, Div div Divide);

impl Neg for Recorded {
    type Output = Self;
    fn neg(self) -> Self {
        push(Instruction::Negate(self.0))
    }
}

macro_rules! functions {
    ($($method:ident $function:ident),*) => {$(
        fn $method(self) -> Self {
            push(Instruction::Unary(Unary::$function, self.0))
        }
    )*};
}

impl Real for Recorded {
    type Mask = Self;

    functions!(
        exp Exp, expm1 Expm1, ln Ln, ln_1p Ln1p, sqrt Sqrt, sin Sin, cos Cos, tanh Tanh, erf Erf, erfc Erfc, erfcx Erfcx, siegert Siegert, asin Asin, acos Acos, atan Atan, cbrt Cbrt, log10 Log10, sigmoid Sigmoid, abs Abs, signum Sign, floor Floor
    );

    fn splat(value: f64) -> Self {
        Self(TAPE.with_borrow_mut(|tape| tape.constant(value)))
    }
    fn mul_add(self, factor: Self, term: Self) -> Self {
        push(Instruction::MultiplyAdd(self.0, factor.0, term.0))
    }
    fn exprel(self, order: u8) -> Self {
        push(Instruction::Unary(Unary::Exprel(order), self.0))
    }
    fn powf(self, exponent: Self) -> Self {
        push(Instruction::Power(self.0, exponent.0))
    }
    fn atan2(self, x: Self) -> Self {
        push(Instruction::Atan2(self.0, x.0))
    }
    fn powi(self, exponent: i32) -> Self {
        push(Instruction::PowerInteger(self.0, exponent))
    }
    fn number_of(self, _: &[u8]) -> Self {
        unreachable!("a recorded step calls the tapes of its model, which look values up themselves")
    }
    fn min(self, other: Self) -> Self {
        push(Instruction::Min(self.0, other.0))
    }
    fn max(self, other: Self) -> Self {
        push(Instruction::Max(self.0, other.0))
    }
    fn lt(self, other: Self) -> Self {
        push(Instruction::Compare(Compare::Less, self.0, other.0))
    }
    fn le(self, other: Self) -> Self {
        push(Instruction::Compare(Compare::LessEqual, self.0, other.0))
    }
    fn eq(self, other: Self) -> Self {
        push(Instruction::Compare(Compare::Equal, self.0, other.0))
    }
    fn and(a: Self, b: Self) -> Self {
        push(Instruction::And(a.0, b.0))
    }
    fn or(a: Self, b: Self) -> Self {
        push(Instruction::Or(a.0, b.0))
    }
    fn not(a: Self) -> Self {
        push(Instruction::Not(a.0))
    }
    fn select(mask: Self, yes: Self, no: Self) -> Self {
        push(Instruction::Select(mask.0, yes.0, no.0))
    }
}
