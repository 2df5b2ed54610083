//! The instructions of tapes.

use crate::graph::{Compare, Unary};
use crate::table::LookUp;

/// A value of a tape: what the instruction at this place gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(pub(super) u32);

impl Value {
    /// The place of its instruction.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One operation on values that stand before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Instruction {
    /// An argument of the function, by its place among the arguments.
    Argument(u32),
    /// A number, by its bits.
    Constant(u64),
    /// Sum.
    Add(Value, Value),
    /// Difference.
    Subtract(Value, Value),
    /// Product.
    Multiply(Value, Value),
    /// Quotient.
    Divide(Value, Value),
    /// Opposite.
    Negate(Value),
    /// The first times the second, plus the third: rounded once where the processor does that in one operation.
    MultiplyAdd(Value, Value, Value),
    /// Whole power.
    PowerInteger(Value, i32),
    /// Any power.
    Power(Value, Value),
    /// The angle of the point whose height is the first and whose abscissa is the second.
    Atan2(Value, Value),
    /// A value of a table, by its coordinate along each axis.
    Table(LookUp, Value, Option<Value>),
    /// A function.
    Unary(Unary, Value),
    /// The smaller.
    Min(Value, Value),
    /// The larger.
    Max(Value, Value),
    /// A truth value.
    Compare(Compare, Value, Value),
    /// Truth of both conditions.
    And(Value, Value),
    /// One holds.
    Or(Value, Value),
    /// Truth of the opposite condition.
    Not(Value),
    /// The second where the first holds, else the third.
    Select(Value, Value, Value),
}

impl Instruction {
    /// The same operation on other values.
    pub fn map(self, mut at: impl FnMut(Value) -> Value) -> Self {
        match self {
            Self::Argument(_) | Self::Constant(_) => self,
            Self::Add(a, b) => Self::Add(at(a), at(b)),
            Self::Subtract(a, b) => Self::Subtract(at(a), at(b)),
            Self::Multiply(a, b) => Self::Multiply(at(a), at(b)),
            Self::Divide(a, b) => Self::Divide(at(a), at(b)),
            Self::Negate(a) => Self::Negate(at(a)),
            Self::MultiplyAdd(a, b, c) => Self::MultiplyAdd(at(a), at(b), at(c)),
            Self::PowerInteger(a, exponent) => Self::PowerInteger(at(a), exponent),
            Self::Power(a, b) => Self::Power(at(a), at(b)),
            Self::Atan2(a, b) => Self::Atan2(at(a), at(b)),
            Self::Table(look_up, a, b) => Self::Table(look_up, at(a), b.map(at)),
            Self::Unary(function, a) => Self::Unary(function, at(a)),
            Self::Min(a, b) => Self::Min(at(a), at(b)),
            Self::Max(a, b) => Self::Max(at(a), at(b)),
            Self::Compare(compare, a, b) => Self::Compare(compare, at(a), at(b)),
            Self::And(a, b) => Self::And(at(a), at(b)),
            Self::Or(a, b) => Self::Or(at(a), at(b)),
            Self::Not(a) => Self::Not(at(a)),
            Self::Select(a, b, c) => Self::Select(at(a), at(b), at(c)),
        }
    }

    /// Calls `visit` with each value that the operation reads, in order.
    pub fn each_operand(self, mut visit: impl FnMut(Value)) {
        self.map(|value| {
            visit(value);
            value
        });
    }

    /// The same instruction with the operands of a sum or a product in the order of their places: either order has the same bits.
    pub(super) fn in_order(self) -> Self {
        match self {
            Self::Add(a, b) if b < a => Self::Add(b, a),
            Self::Multiply(a, b) if b < a => Self::Multiply(b, a),
            Self::MultiplyAdd(a, b, c) if b < a => Self::MultiplyAdd(b, a, c),
            other => other,
        }
    }
}
