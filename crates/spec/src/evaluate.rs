//! A graph evaluated on numbers: the meaning of every operation, in its plainest form.
//!
//! The generated code is tested against this interpreter, and derivatives are tested by differences of it.

use crate::graph::{Compare, Graph, NodeId, Op, Symbol, Unary};

/// The values of `roots`, given those of symbols. Truth values are 1 and 0.
pub fn evaluate(graph: &Graph, roots: &[NodeId], symbol: impl Fn(Symbol) -> f64) -> Vec<f64> {
    let needed = graph.reachable(roots);
    let mut values = vec![f64::NAN; graph.len()];
    for id in graph.ids().filter(|id| needed[id.index()]) {
        let at = |id: NodeId| values[id.index()];
        let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
        values[id.index()] = match graph.op(id) {
            Op::Constant(bits) => f64::from_bits(bits),
            Op::Symbol(name) => symbol(name),
            Op::Add(a, b) => at(a) + at(b),
            Op::Subtract(a, b) => at(a) - at(b),
            Op::Multiply(a, b) => at(a) * at(b),
            Op::Divide(a, b) => at(a) / at(b),
            Op::Negate(a) => -at(a),
            Op::PowerInteger(a, exponent) => at(a).powi(exponent),
            Op::Power(a, b) => at(a).powf(at(b)),
            Op::Atan2(a, b) => at(a).atan2(at(b)),
            Op::Table(look_up, a, b) => {
                let table = &graph.tables()[usize::from(look_up.table)];
                table.value(&[at(a), b.map_or(0.0, at)], look_up.orders)
            }
            Op::Unary(function, a) => unary(function, at(a)),
            Op::Min(a, b) => at(a).min(at(b)),
            Op::Max(a, b) => at(a).max(at(b)),
            Op::Compare(Compare::Less, a, b) => truth(at(a) < at(b)),
            Op::Compare(Compare::LessEqual, a, b) => truth(at(a) <= at(b)),
            Op::Compare(Compare::Equal, a, b) => truth(at(a) == at(b)),
            Op::And(a, b) => truth(at(a) != 0.0 && at(b) != 0.0),
            Op::Or(a, b) => truth(at(a) != 0.0 || at(b) != 0.0),
            Op::Not(a) => truth(at(a) == 0.0),
            Op::Select(condition, yes, no) => at(if at(condition) != 0.0 { yes } else { no }),
            Op::Held(a) => at(a),
        };
    }
    roots.iter().map(|root| values[root.index()]).collect()
}

fn unary(function: Unary, x: f64) -> f64 {
    match function {
        Unary::Exp => x.exp(),
        Unary::Expm1 => x.exp_m1(),
        Unary::Ln => x.ln(),
        Unary::Ln1p => x.ln_1p(),
        Unary::Sqrt => x.sqrt(),
        Unary::Sin => x.sin(),
        Unary::Cos => x.cos(),
        Unary::Tanh => x.tanh(),
        Unary::Erf => integral(|t| (-t * t).exp(), x) * std::f64::consts::FRAC_2_SQRT_PI,
        // The factor e^(-x^2) of its definition taken out of the integral, which is over within the limit to the last digit.
        Unary::Erfc if x < 0.0 => 2.0 - unary(function, -x),
        Unary::Erfc => {
            let rest = integral(|t| (-t * (t + 2.0 * x)).exp(), 45.0 / (6.0 + 2.0 * x));
            (-x * x).exp() * rest * std::f64::consts::FRAC_2_SQRT_PI
        }
        Unary::Erfcx if x < 0.0 => 2.0 * (x * x).exp() - unary(function, -x),
        // That of the complement without the factor in front.
        Unary::Erfcx => {
            let rest = integral(|t| (-t * (t + 2.0 * x)).exp(), 45.0 / (6.0 + 2.0 * x));
            rest * std::f64::consts::FRAC_2_SQRT_PI
        }
        // The factor e^(x^2) taken out, over what is left within the limit to the last digit.
        Unary::Siegert if x > 0.0 => {
            let end = x - (x * x - 42.0).max(0.0).sqrt();
            let rest = integral(|v| (-v * (2.0 * x - v)).exp() * unary(Unary::Erfc, v - x), end);
            (x * x).exp() * rest
        }
        // In a variable that grows as the logarithm of -u.
        Unary::Siegert => -integral(|s| unary(Unary::Erfcx, s.exp_m1()) * s.exp(), (-x).ln_1p()),
        Unary::Asin => x.asin(),
        Unary::Acos => x.acos(),
        Unary::Atan => x.atan(),
        Unary::Cbrt => x.cbrt(),
        Unary::Log10 => x.log10(),
        Unary::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        // By its definition as the integral of t^order e^(x t) over 0 <= t <= 1.
        Unary::Exprel(order) => integral(|t| t.powi(i32::from(order)) * (x * t).exp(), 1.0),
        Unary::Abs => x.abs(),
        Unary::Sign if x == 0.0 => 0.0,
        Unary::Sign => x.signum(),
        Unary::Floor => x.floor(),
    }
}

/// The integral of `f` from 0 to `end`, by Gauss's rule of five points on 64 intervals: to rounding for what is smooth on them.
fn integral(f: impl Fn(f64) -> f64, end: f64) -> f64 {
    const POINTS: [(f64, f64); 3] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    let half = end / 128.0;
    let interval = |i: i32| {
        let middle = half * f64::from(2 * i + 1);
        let pair = |(x, weight): (f64, f64)| {
            if x == 0.0 { weight * f(middle) } else { weight * (f(middle - half * x) + f(middle + half * x)) }
        };
        POINTS.into_iter().map(pair).sum::<f64>() * half
    };
    (0..64).map(interval).sum()
}
