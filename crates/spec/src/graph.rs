//! The expression graph: every distinct expression stands in it once.
//!
//! Nodes are made through [`Graph`]'s methods, which look up an equal node before they add one (hash-consing) and simplify on the way:
//! constants are folded, neutral elements dropped, signs pulled outwards. No rule changes a value beyond rounding. A node's operands
//! always come before it, so one walk over the nodes in order visits operands first, and no pass recurses.

use std::collections::HashMap;
use std::sync::Arc;

use crate::table::{LookUp, Table};

/// A node of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// Its place among the nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A value that a kernel is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A state of the node.
    State(u16),
    /// The same state of the sending node, in a coupling.
    Source(u16),
    /// A parameter of the node.
    Parameter(u16),
    /// An input port, or a delayed state behind the ports.
    Input(u16),
    /// The weighted sum, in what a coupling does after it.
    Sum,
    /// The number of nodes that a sum is divided by.
    Count,
    /// The adjoint of an output: what a vector-Jacobian product starts from.
    Adjoint(u16),
    /// The adjoint of a diagonal entry of the Jacobian.
    DiagonalAdjoint(u16),
}

/// Functions of one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Unary {
    Exp,
    Expm1,
    Ln,
    Ln1p,
    Sqrt,
    Sin,
    Cos,
    Tanh,
    Erf,
    Erfc,
    /// `e^(x^2) erfc(x)`.
    Erfcx,
    /// The integral of `e^(u^2) (1 + erf(u))` from 0 to `x`.
    Siegert,
    Asin,
    Acos,
    Atan,
    Cbrt,
    Log10,
    Sigmoid,
    /// The derivative of this order of `(e^z - 1)/z`.
    Exprel(u8),
    Abs,
    Sign,
    Floor,
}

/// Comparisons that a graph needs; the others are these with operands swapped or negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Compare {
    Less,
    LessEqual,
    Equal,
}

/// An operation: how a node's value comes from those of its operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// A number, by its bits.
    Constant(u64),
    /// Something given.
    Symbol(Symbol),
    /// Sum.
    Add(NodeId, NodeId),
    /// Difference.
    Subtract(NodeId, NodeId),
    /// Product.
    Multiply(NodeId, NodeId),
    /// Quotient.
    Divide(NodeId, NodeId),
    /// Opposite.
    Negate(NodeId),
    /// Whole power.
    PowerInteger(NodeId, i32),
    /// Any power.
    Power(NodeId, NodeId),
    /// The angle of the point whose height is the first and whose abscissa is the second.
    Atan2(NodeId, NodeId),
    /// A value of a table, by its coordinate along each axis.
    Table(LookUp, NodeId, Option<NodeId>),
    /// A function.
    Unary(Unary, NodeId),
    /// The smaller.
    Min(NodeId, NodeId),
    /// The larger.
    Max(NodeId, NodeId),
    /// A truth value.
    Compare(Compare, NodeId, NodeId),
    /// Truth of both conditions.
    And(NodeId, NodeId),
    /// One holds.
    Or(NodeId, NodeId),
    /// Truth of the opposite condition.
    Not(NodeId),
    /// The second where the first holds, else the third.
    Select(NodeId, NodeId, NodeId),
    /// The same value, taken as constant by the linearisation of the exponential Euler scheme.
    Held(NodeId),
}

impl Op {
    /// The nodes it works on.
    pub fn operands(self) -> impl Iterator<Item = NodeId> {
        let all = match self {
            Self::Constant(_) | Self::Symbol(_) => [None; 3],
            Self::Negate(a) | Self::PowerInteger(a, _) | Self::Unary(_, a) | Self::Not(a) | Self::Held(a) => {
                [Some(a), None, None]
            }
            Self::Table(_, a, b) => [Some(a), b, None],
            Self::Add(a, b)
            | Self::Subtract(a, b)
            | Self::Multiply(a, b)
            | Self::Divide(a, b)
            | Self::Power(a, b)
            | Self::Atan2(a, b)
            | Self::Min(a, b)
            | Self::Max(a, b)
            | Self::Compare(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b) => [Some(a), Some(b), None],
            Self::Select(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        all.into_iter().flatten()
    }
}

/// A hash-consed expression graph.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    ops: Vec<Op>,
    index: HashMap<Op, NodeId>,
    names: HashMap<NodeId, String>,
    tables: Vec<Arc<Table>>,
}

impl Graph {
    /// A graph without nodes that looks values up in the tables of another one.
    pub fn beside(other: &Self) -> Self {
        Self { tables: other.tables.clone(), ..Self::default() }
    }

    /// The tables that values are looked up in.
    pub fn tables(&self) -> &[Arc<Table>] {
        &self.tables
    }

    /// Adds a table and gives its index.
    pub fn add_table(&mut self, table: Arc<Table>) -> u16 {
        self.tables.push(table);
        (self.tables.len() - 1) as u16
    }

    /// Returns the operation of a node.
    pub fn op(&self, id: NodeId) -> Op {
        self.ops[id.index()]
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Every node, operands before what uses them.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.ops.len() as u32).map(NodeId)
    }

    /// Calls a node what the author calls it; the first name stays.
    pub fn name(&mut self, id: NodeId, name: &str) {
        if !matches!(self.op(id), Op::Constant(_) | Op::Symbol(_)) {
            self.names.entry(id).or_insert_with(|| name.to_owned());
        }
    }

    /// Returns the name that the file gives to a node.
    pub fn name_of(&self, id: NodeId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// The value of a constant.
    pub fn value(&self, id: NodeId) -> Option<f64> {
        match self.op(id) {
            Op::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// Marks the nodes that `roots` need, the roots included; one entry a node.
    pub fn reachable(&self, roots: &[NodeId]) -> Vec<bool> {
        let mut needed = vec![false; self.len()];
        for root in roots {
            needed[root.index()] = true;
        }
        for id in self.ids().rev() {
            if needed[id.index()] {
                self.op(id).operands().for_each(|operand| needed[operand.index()] = true);
            }
        }
        needed
    }

    fn insert(&mut self, op: Op) -> NodeId {
        // A sum or product of the same two in the other order is the same node; it keeps the order of its first use.
        let swapped = match op {
            Op::Add(a, b) => Op::Add(b, a),
            Op::Multiply(a, b) => Op::Multiply(b, a),
            Op::And(a, b) => Op::And(b, a),
            Op::Or(a, b) => Op::Or(b, a),
            other => other,
        };
        if let Some(&id) = self.index.get(&op).or_else(|| self.index.get(&swapped)) {
            return id;
        }
        let id = NodeId(self.ops.len() as u32);
        self.ops.push(op);
        self.index.insert(op, id);
        id
    }

    /// A number.
    pub fn constant(&mut self, value: f64) -> NodeId {
        // -0 and 0 are one constant: no equation tells them apart.
        self.insert(Op::Constant((value + 0.0).to_bits()))
    }

    /// Something given.
    pub fn symbol(&mut self, symbol: Symbol) -> NodeId {
        self.insert(Op::Symbol(symbol))
    }

    /// The node of something given, if anything in the graph uses it.
    pub fn find(&self, symbol: Symbol) -> Option<NodeId> {
        self.index.get(&Op::Symbol(symbol)).copied()
    }

    fn is(&self, id: NodeId, value: f64) -> bool {
        self.value(id) == Some(value)
    }

    fn fold(&mut self, a: NodeId, b: NodeId, compute: impl Fn(f64, f64) -> f64) -> Option<NodeId> {
        let value = compute(self.value(a)?, self.value(b)?);
        value.is_finite().then(|| self.constant(value))
    }

    /// `a + b`.
    pub fn add(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if let Some(folded) = self.fold(a, b, |a, b| a + b) {
            return folded;
        }
        match (self.op(a), self.op(b)) {
            _ if self.is(a, 0.0) => b,
            _ if self.is(b, 0.0) => a,
            (_, Op::Negate(b)) => self.subtract(a, b),
            (Op::Negate(a), _) => self.subtract(b, a),
            _ if a == b => {
                let two = self.constant(2.0);
                self.multiply(two, a)
            }
            _ => self.insert(Op::Add(a, b)),
        }
    }

    /// `a - b`.
    pub fn subtract(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if let Some(folded) = self.fold(a, b, |a, b| a - b) {
            return folded;
        }
        match self.op(b) {
            _ if self.is(b, 0.0) => a,
            _ if self.is(a, 0.0) => self.negate(b),
            Op::Negate(b) => self.add(a, b),
            _ => match self.op(a) {
                Op::Negate(a) => {
                    let sum = self.add(a, b);
                    self.negate(sum)
                }
                _ => self.insert(Op::Subtract(a, b)),
            },
        }
    }

    /// `a * b`.
    pub fn multiply(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if let Some(folded) = self.fold(a, b, |a, b| a * b) {
            return folded;
        }
        if self.is(a, 0.0) || self.is(b, 0.0) {
            return self.constant(0.0);
        }
        match (self.op(a), self.op(b)) {
            _ if self.is(a, 1.0) => b,
            _ if self.is(b, 1.0) => a,
            _ if self.is(a, -1.0) => self.negate(b),
            _ if self.is(b, -1.0) => self.negate(a),
            (Op::Constant(_), Op::Constant(_)) => self.insert(Op::Multiply(a, b)),
            (Op::Negate(a), Op::Negate(b)) => self.multiply(a, b),
            (Op::Negate(a), _) => {
                let product = self.multiply(a, b);
                self.negate(product)
            }
            (_, Op::Negate(b)) => {
                let product = self.multiply(a, b);
                self.negate(product)
            }
            // Two constants meet, so that unit factors fold into one: c * (d * x) = (c d) * x. Where c d is too large for a number, they
            // stay apart: exchanged again and again, they would never come to rest.
            (Op::Constant(_), Op::Multiply(c, x)) if self.value(c).is_some() => {
                match self.fold(a, c, |a, c| a * c) {
                    Some(factor) => self.multiply(factor, x),
                    None => self.insert(Op::Multiply(a, b)),
                }
            }
            (Op::Multiply(c, x), Op::Constant(_)) if self.value(c).is_some() => {
                match self.fold(c, b, |c, b| c * b) {
                    Some(factor) => self.multiply(factor, x),
                    None => self.insert(Op::Multiply(b, a)),
                }
            }
            (_, Op::Constant(_)) => self.multiply(b, a),
            (Op::Constant(_), _) => self.insert(Op::Multiply(a, b)),
            // A constant moves to the front of a product: x * (c * y) = c * (x * y).
            (_, Op::Multiply(c, y)) if self.value(c).is_some() => {
                let product = self.multiply(a, y);
                self.multiply(c, product)
            }
            (Op::Multiply(c, x), _) if self.value(c).is_some() => {
                let product = self.multiply(x, b);
                self.multiply(c, product)
            }
            // 1/x * y = y / x.
            (Op::Divide(one, x), _) if self.is(one, 1.0) => self.divide(b, x),
            (_, Op::Divide(one, x)) if self.is(one, 1.0) => self.divide(a, x),
            _ if a == b => self.power_integer(a, 2),
            _ => self.insert(Op::Multiply(a, b)),
        }
    }

    /// `a * b` with nothing but equal products recognised: a product with a reciprocal stays one.
    pub fn multiply_as_is(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if self.is(b, 1.0) { a } else { self.insert(Op::Multiply(a, b)) }
    }

    /// `a / b`.
    pub fn divide(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if let Some(folded) = self.fold(a, b, |a, b| a / b) {
            return folded;
        }
        match (self.op(a), self.op(b)) {
            _ if self.is(a, 0.0) => a,
            _ if self.is(b, 1.0) => a,
            _ if self.is(b, -1.0) => self.negate(a),
            (Op::Negate(a), Op::Negate(b)) => self.divide(a, b),
            (Op::Negate(a), _) => {
                let quotient = self.divide(a, b);
                self.negate(quotient)
            }
            (_, Op::Negate(b)) => {
                let quotient = self.divide(a, b);
                self.negate(quotient)
            }
            // A constant divisor whose reciprocal is exact is a factor.
            (_, Op::Constant(bits))
                if bits.trailing_zeros() >= 52 && bits != 0 && self.value(a).is_none() =>
            {
                let factor = self.constant(1.0 / f64::from_bits(bits));
                self.multiply(factor, a)
            }
            // (c * x) / y = c * (x / y), so that unit factors stay in front.
            (Op::Multiply(c, x), _) if self.value(c).is_some() && self.value(b).is_none() => {
                let quotient = self.divide(x, b);
                self.multiply(c, quotient)
            }
            _ => self.insert(Op::Divide(a, b)),
        }
    }

    /// `-a`.
    pub fn negate(&mut self, a: NodeId) -> NodeId {
        match self.op(a) {
            Op::Constant(bits) => self.constant(-f64::from_bits(bits)),
            Op::Negate(inner) => inner,
            Op::Subtract(left, right) => self.subtract(right, left),
            Op::Multiply(c, x) if self.value(c).is_some_and(|c| c < 0.0) => {
                let c = self.negate(c);
                self.multiply(c, x)
            }
            _ => self.insert(Op::Negate(a)),
        }
    }

    /// `a` to a whole power.
    pub fn power_integer(&mut self, a: NodeId, exponent: i32) -> NodeId {
        let folded = self.value(a).map(|a| a.powi(exponent)).filter(|value| value.is_finite());
        match (folded, exponent) {
            (Some(value), _) => self.constant(value),
            (_, 0) => self.constant(1.0),
            (_, 1) => a,
            (_, -1) => {
                let one = self.constant(1.0);
                self.divide(one, a)
            }
            _ => match self.op(a) {
                Op::Negate(inner) if exponent % 2 == 0 => self.power_integer(inner, exponent),
                _ => self.insert(Op::PowerInteger(a, exponent)),
            },
        }
    }

    /// `a` to the power `b`.
    pub fn power(&mut self, a: NodeId, b: NodeId) -> NodeId {
        match self.value(b) {
            Some(0.5) => self.unary(Unary::Sqrt, a),
            Some(exponent) if exponent == exponent.round() && exponent.abs() <= 64.0 => {
                self.power_integer(a, exponent as i32)
            }
            _ => match self.fold(a, b, f64::powf) {
                Some(folded) => folded,
                None if self.is(a, 1.0) => a,
                None => self.insert(Op::Power(a, b)),
            },
        }
    }

    /// The angle of the point at the height `a` over the abscissa `b`.
    pub fn atan2(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.insert(Op::Atan2(a, b))
    }

    /// A value of a table, or a derivative of it: along an axis a table is linear in pieces, so that all but the first are 0.
    pub fn look_up(&mut self, look_up: LookUp, a: NodeId, b: Option<NodeId>) -> NodeId {
        if look_up.orders.iter().any(|order| *order > 1) {
            return self.constant(0.0);
        }
        self.insert(Op::Table(look_up, a, b))
    }

    /// A function of `a`.
    pub fn unary(&mut self, function: Unary, a: NodeId) -> NodeId {
        // Only what is exact is folded, so that a constant has the same bits as the function has at run time.
        let folded = match (function, self.value(a)) {
            (Unary::Exp, Some(0.0)) => Some(1.0),
            (Unary::Ln, Some(1.0)) => Some(0.0),
            (Unary::Sqrt, Some(value)) if value >= 0.0 => Some(value.sqrt()),
            (Unary::Abs, Some(value)) => Some(value.abs()),
            (Unary::Floor, Some(value)) => Some(value.floor()),
            _ => None,
        };
        match folded {
            Some(value) => self.constant(value),
            None => self.insert(Op::Unary(function, a)),
        }
    }

    /// The smaller of two.
    pub fn min(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if a == b { a } else { self.insert(Op::Min(a, b)) }
    }

    /// The larger of two.
    pub fn max(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if a == b { a } else { self.insert(Op::Max(a, b)) }
    }

    /// A comparison.
    pub fn compare(&mut self, compare: Compare, a: NodeId, b: NodeId) -> NodeId {
        self.insert(Op::Compare(compare, a, b))
    }

    /// Adds the truth of both conditions.
    pub fn and(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if a == b { a } else { self.insert(Op::And(a, b)) }
    }

    /// One of the conditions.
    pub fn or(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if a == b { a } else { self.insert(Op::Or(a, b)) }
    }

    /// The opposite condition.
    pub fn not(&mut self, a: NodeId) -> NodeId {
        match self.op(a) {
            Op::Not(inner) => inner,
            _ => self.insert(Op::Not(a)),
        }
    }

    /// `yes` where `condition` holds, else `no`.
    pub fn select(&mut self, condition: NodeId, yes: NodeId, no: NodeId) -> NodeId {
        if yes == no { yes } else { self.insert(Op::Select(condition, yes, no)) }
    }

    /// The same value, left out of the linearisation.
    pub fn held(&mut self, a: NodeId) -> NodeId {
        match self.op(a) {
            Op::Constant(_) | Op::Held(_) => a,
            _ => self.insert(Op::Held(a)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_expressions_are_one_node() {
        let mut g = Graph::default();
        let (x, y) = (g.symbol(Symbol::State(0)), g.symbol(Symbol::State(1)));
        let (a, b) = (g.add(x, y), g.add(y, x));
        assert_eq!(a, b);
        assert_eq!(g.multiply(a, b), g.power_integer(a, 2));
    }

    #[test]
    fn neutral_elements_and_signs_disappear() {
        let mut g = Graph::default();
        let x = g.symbol(Symbol::State(0));
        let (zero, one, minus) = (g.constant(0.0), g.constant(1.0), g.constant(-1.0));
        assert_eq!(g.add(x, zero), x);
        assert_eq!(g.multiply(one, x), x);
        assert_eq!(g.multiply(x, zero), zero);
        let negative = g.multiply(x, minus);
        assert_eq!(g.negate(negative), x);
        assert_eq!(g.add(x, negative), g.subtract(x, x));
        assert_eq!(g.power_integer(x, 0), one);
    }

    #[test]
    fn unit_factors_fold_into_one() {
        let mut g = Graph::default();
        let x = g.symbol(Symbol::State(0));
        let (thousand, milli, one) = (g.constant(1e3), g.constant(1e-3), g.constant(1.0));
        let there = g.multiply(thousand, x);
        assert_eq!(g.multiply(there, milli), g.multiply(one, x));
    }

    #[test]
    fn an_overflow_is_not_folded_away() {
        let mut g = Graph::default();
        let (huge, zero) = (g.constant(1e308), g.constant(0.0));
        let product = g.multiply(huge, huge);
        assert_eq!(g.value(product), None);
        let quotient = g.divide(huge, zero);
        assert_eq!(g.value(quotient), None);
    }
}
