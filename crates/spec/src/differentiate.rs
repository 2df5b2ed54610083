//! Derivatives of graphs, as further nodes of the same graph.
//!
//! Forward for one symbol (diagonals, Jacobians), reverse for all of them at once (vector-Jacobian products). A piecewise
//! function has the derivative of its active branch; comparisons, `sign` and `floor` have none.

use std::collections::HashMap;

use crate::graph::{Compare, Graph, NodeId, Op, Symbol, Unary};
use crate::table::LookUp;

/// Whether [`Op::Held`] values count as constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldValues {
    /// Held values are constants, as in the linearisation of the exponential Euler scheme.
    Constant,
    /// Held values vary like others, which gives the true derivative.
    Varying,
}

/// The derivatives of `roots` by `symbol`.
pub fn forward(g: &mut Graph, roots: &[NodeId], symbol: Symbol, held: HeldValues) -> Vec<NodeId> {
    let one = g.constant(1.0);
    along(g, roots, &[(symbol, one)], held)
}

/// The derivatives of `roots` along a direction, which is given by the rate at which each symbol changes; symbols that are not named do not
/// change. Directions may be symbols themselves, so that the derivative of a derivative along symbolic directions is a second or third one.
pub fn along(
    g: &mut Graph,
    roots: &[NodeId],
    direction: &[(Symbol, NodeId)],
    held: HeldValues,
) -> Vec<NodeId> {
    let needed = g.reachable(roots);
    let zero = g.constant(0.0);
    let rates: HashMap<Symbol, NodeId> = direction.iter().copied().collect();
    let old = needed.len();
    let mut tangents = vec![zero; old];
    for id in g.ids().take(old).filter(|id| needed[id.index()]) {
        let op = g.op(id);
        let tangent = match op {
            Op::Symbol(own) => rates.get(&own).copied().unwrap_or(zero),
            Op::Held(_) if held == HeldValues::Constant => zero,
            Op::Compare(..) | Op::And(..) | Op::Or(..) | Op::Not(..) => zero,
            Op::Select(condition, yes, no) => {
                let (yes, no) = (tangents[yes.index()], tangents[no.index()]);
                g.select(condition, yes, no)
            }
            _ => {
                let mut sum = zero;
                for (place, operand) in op.operands().enumerate() {
                    let inner = tangents[operand.index()];
                    if inner != zero {
                        let partial = partial(g, id, place);
                        let term = g.multiply(partial, inner);
                        sum = g.add(sum, term);
                    }
                }
                sum
            }
        };
        tangents[id.index()] = tangent;
    }
    roots.iter().map(|root| tangents[root.index()]).collect()
}

/// The derivatives of `sum of seed * root` by each of `symbols`.
pub fn reverse(g: &mut Graph, seeds: &[(NodeId, NodeId)], symbols: &[Symbol]) -> Vec<NodeId> {
    let roots: Vec<NodeId> = seeds.iter().map(|(root, _)| *root).collect();
    let needed = g.reachable(&roots);
    let zero = g.constant(0.0);
    let old = needed.len();
    let mut adjoints: Vec<Option<NodeId>> = vec![None; old];
    for (root, seed) in seeds {
        accumulate(g, &mut adjoints, *root, *seed);
    }
    let ids: Vec<NodeId> = g.ids().take(old).filter(|id| needed[id.index()]).collect();
    for id in ids.into_iter().rev() {
        let Some(adjoint) = adjoints[id.index()] else { continue };
        match g.op(id) {
            Op::Constant(_) | Op::Symbol(_) | Op::Compare(..) | Op::And(..) | Op::Or(..) | Op::Not(..) => {}
            Op::Select(condition, yes, no) => {
                let to_yes = g.select(condition, adjoint, zero);
                let to_no = g.select(condition, zero, adjoint);
                accumulate(g, &mut adjoints, yes, to_yes);
                accumulate(g, &mut adjoints, no, to_no);
            }
            op => {
                for (place, operand) in op.operands().enumerate() {
                    let partial = partial(g, id, place);
                    let term = g.multiply(adjoint, partial);
                    accumulate(g, &mut adjoints, operand, term);
                }
            }
        }
    }
    symbols
        .iter()
        .map(|&symbol| {
            let id = g.symbol(symbol);
            adjoints.get(id.index()).copied().flatten().unwrap_or(zero)
        })
        .collect()
}

/// Adds `term` to the adjoint of a node.
fn accumulate(g: &mut Graph, adjoints: &mut [Option<NodeId>], id: NodeId, term: NodeId) {
    let entry = &mut adjoints[id.index()];
    *entry = Some(match *entry {
        Some(have) => g.add(have, term),
        None => term,
    });
}

/// The partial derivative of node `id` by the operand at `place`.
fn partial(g: &mut Graph, id: NodeId, place: usize) -> NodeId {
    let first = place == 0;
    let one = g.constant(1.0);
    match g.op(id) {
        Op::Add(..) | Op::Held(_) => one,
        Op::Subtract(..) => {
            if first {
                one
            } else {
                g.constant(-1.0)
            }
        }
        Op::Multiply(a, b) => {
            if first {
                b
            } else {
                a
            }
        }
        Op::Divide(_, b) => {
            let reciprocal = g.divide(one, b);
            if first {
                return reciprocal;
            }
            let ratio = g.divide(id, b);
            g.negate(ratio)
        }
        Op::Negate(_) => g.constant(-1.0),
        Op::PowerInteger(a, exponent) => {
            let power = g.power_integer(a, exponent - 1);
            let factor = g.constant(f64::from(exponent));
            g.multiply(factor, power)
        }
        Op::Power(a, b) => {
            if first {
                let lower = g.subtract(b, one);
                let power = g.power(a, lower);
                g.multiply(b, power)
            } else {
                let logarithm = g.unary(Unary::Ln, a);
                g.multiply(id, logarithm)
            }
        }
        Op::Atan2(a, b) => {
            let (height, abscissa) = (g.power_integer(a, 2), g.power_integer(b, 2));
            let square = g.add(height, abscissa);
            if first {
                g.divide(b, square)
            } else {
                let slope = g.divide(a, square);
                g.negate(slope)
            }
        }
        Op::Table(LookUp { table, mut orders }, a, b) => {
            orders[place] += 1;
            g.look_up(LookUp { table, orders }, a, b)
        }
        Op::Min(a, b) => {
            let smaller = g.compare(Compare::Less, a, b);
            indicator(g, smaller, first)
        }
        Op::Max(a, b) => {
            let larger = g.compare(Compare::Less, b, a);
            indicator(g, larger, first)
        }
        Op::Unary(function, a) => slope(g, function, a, id),
        Op::Constant(_)
        | Op::Symbol(_)
        | Op::Compare(..)
        | Op::And(..)
        | Op::Or(..)
        | Op::Not(..)
        | Op::Select(..) => g.constant(0.0),
    }
}

/// 1 where the condition is as wanted, else 0.
fn indicator(g: &mut Graph, condition: NodeId, wanted: bool) -> NodeId {
    let (one, zero) = (g.constant(1.0), g.constant(0.0));
    if wanted { g.select(condition, one, zero) } else { g.select(condition, zero, one) }
}

/// The derivative of `function` at `a`, where its value is the node `value`.
fn slope(g: &mut Graph, function: Unary, a: NodeId, value: NodeId) -> NodeId {
    let one = g.constant(1.0);
    match function {
        Unary::Exp => value,
        Unary::Expm1 => g.add(value, one),
        Unary::Ln => g.divide(one, a),
        Unary::Ln1p => {
            let denominator = g.add(one, a);
            g.divide(one, denominator)
        }
        Unary::Sqrt => {
            let half = g.constant(0.5);
            let slope = g.divide(half, value);
            if !vanishes_with_its_derivatives(g, a) {
                return slope;
            }
            // A distance at its origin: the slope is infinite and everything that it is multiplied by is 0. Their product, which would not be
            // a number, is taken to be 0, a subgradient.
            let zero = g.constant(0.0);
            let is_positive = g.compare(Compare::Less, zero, value);
            g.select(is_positive, slope, zero)
        }
        Unary::Sin => g.unary(Unary::Cos, a),
        Unary::Cos => {
            let sine = g.unary(Unary::Sin, a);
            g.negate(sine)
        }
        Unary::Tanh => {
            let square = g.power_integer(value, 2);
            g.subtract(one, square)
        }
        Unary::Sigmoid => {
            let rest = g.subtract(one, value);
            g.multiply(value, rest)
        }
        Unary::Erfc => {
            let slope = slope(g, Unary::Erf, a, value);
            g.negate(slope)
        }
        Unary::Erfcx => {
            let two = g.constant(2.0);
            let double = g.multiply(two, a);
            let growth = g.multiply(double, value);
            let constant = g.constant(std::f64::consts::FRAC_2_SQRT_PI);
            g.subtract(growth, constant)
        }
        Unary::Siegert => {
            let opposite = g.negate(a);
            g.unary(Unary::Erfcx, opposite)
        }
        Unary::Asin | Unary::Acos => {
            let square = g.power_integer(a, 2);
            let rest = g.subtract(one, square);
            let cosine = g.unary(Unary::Sqrt, rest);
            let slope = g.divide(one, cosine);
            if function == Unary::Asin { slope } else { g.negate(slope) }
        }
        Unary::Atan => {
            let square = g.power_integer(a, 2);
            let denominator = g.add(one, square);
            g.divide(one, denominator)
        }
        Unary::Cbrt => {
            let square = g.power_integer(value, 2);
            let (third, rate) = (g.constant(1.0 / 3.0), g.divide(one, square));
            g.multiply(third, rate)
        }
        Unary::Log10 => {
            let factor = g.constant(std::f64::consts::LOG10_E);
            g.divide(factor, a)
        }
        Unary::Erf => {
            let square = g.power_integer(a, 2);
            let exponent = g.negate(square);
            let bell = g.unary(Unary::Exp, exponent);
            let factor = g.constant(std::f64::consts::FRAC_2_SQRT_PI);
            g.multiply(factor, bell)
        }
        Unary::Exprel(order) => g.unary(Unary::Exprel(order.saturating_add(1)), a),
        Unary::Abs => g.unary(Unary::Sign, a),
        Unary::Sign | Unary::Floor => g.constant(0.0),
    }
}

/// Returns whether the form of a node shows that all of its derivatives are 0 wherever the node is 0, as those of a sum of squares are.
fn vanishes_with_its_derivatives(g: &Graph, id: NodeId) -> bool {
    match g.op(id) {
        Op::PowerInteger(_, exponent) => exponent > 0 && exponent % 2 == 0,
        Op::Multiply(a, b) if a == b => true,
        Op::Multiply(a, b) => {
            let is_positive = |id| matches!(g.op(id), Op::Constant(value) if f64::from_bits(value) > 0.0);
            (is_positive(a) && vanishes_with_its_derivatives(g, b))
                || (is_positive(b) && vanishes_with_its_derivatives(g, a))
        }
        Op::Add(a, b) => vanishes_with_its_derivatives(g, a) && vanishes_with_its_derivatives(g, b),
        Op::Divide(a, _) => vanishes_with_its_derivatives(g, a),
        _ => false,
    }
}
