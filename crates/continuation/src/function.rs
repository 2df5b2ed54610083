//! Functions of numbers that are made from graphs of the compiler.

use brainmass_core::real::Real;
use brainmass_spec::graph::{Compare, Graph, NodeId, Unary};
use brainmass_spec::tape::{Instruction, Tape, Value};

/// A function from some numbers to some others, as a list of instructions.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    tape: Tape,
}

impl Function {
    /// Makes the function that computes nodes of a graph from the values of others.
    pub fn new(graph: &Graph, arguments: &[NodeId], results: &[NodeId]) -> Self {
        Self { tape: Tape::new(graph, arguments, results) }
    }

    /// Computes the results. `values` is room for what is computed on the way, which calls share.
    pub fn compute(&self, arguments: &[&[f64]], values: &mut Vec<f64>) -> Vec<f64> {
        let mut results = Vec::with_capacity(self.tape.results.len());
        self.compute_into(arguments, values, &mut results);
        results
    }

    /// Computes the results into a list, in place of what it holds.
    pub fn compute_into(&self, arguments: &[&[f64]], values: &mut Vec<f64>, results: &mut Vec<f64>) {
        values.clear();
        for instruction in &self.tape.instructions {
            let at = |value: Value| values[value.index()];
            let value = match *instruction {
                Instruction::Argument(place) => argument(arguments, place as usize),
                Instruction::Constant(bits) => f64::from_bits(bits),
                Instruction::Add(a, b) => at(a) + at(b),
                Instruction::Subtract(a, b) => at(a) - at(b),
                Instruction::Multiply(a, b) => at(a) * at(b),
                Instruction::Divide(a, b) => at(a) / at(b),
                Instruction::Negate(a) => -at(a),
                Instruction::MultiplyAdd(a, b, c) => at(a) * at(b) + at(c),
                Instruction::PowerInteger(a, exponent) => at(a).powi(exponent),
                Instruction::Power(a, b) => at(a).powf(at(b)),
                Instruction::Atan2(a, b) => at(a).atan2(at(b)),
                Instruction::Table(look_up, a, b) => {
                    let table = &self.tape.tables[usize::from(look_up.table)];
                    table.value(&[at(a), b.map_or(0.0, at)], look_up.orders)
                }
                Instruction::Unary(function, a) => unary(function, at(a)),
                Instruction::Min(a, b) => Real::min(at(a), at(b)),
                Instruction::Max(a, b) => Real::max(at(a), at(b)),
                Instruction::Compare(Compare::Less, a, b) => truth(at(a) < at(b)),
                Instruction::Compare(Compare::LessEqual, a, b) => truth(at(a) <= at(b)),
                Instruction::Compare(Compare::Equal, a, b) => truth(at(a) == at(b)),
                Instruction::And(a, b) => truth(at(a) != 0.0 && at(b) != 0.0),
                Instruction::Or(a, b) => truth(at(a) != 0.0 || at(b) != 0.0),
                Instruction::Not(a) => truth(at(a) == 0.0),
                Instruction::Select(condition, yes, no) => at(if at(condition) != 0.0 { yes } else { no }),
            };
            values.push(value);
        }
        results.clear();
        results.extend(self.tape.results.iter().map(|result| values[result.index()]));
    }
}

/// Returns an argument by its place in the lists laid end to end.
fn argument(lists: &[&[f64]], mut place: usize) -> f64 {
    for list in lists {
        match list.get(place) {
            Some(value) => return *value,
            None => place -= list.len(),
        }
    }
    unreachable!("a function is given all of its arguments")
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// Computes a function of one argument as plain numbers of the library do.
pub(crate) fn unary(function: Unary, x: f64) -> f64 {
    match function {
        Unary::Exp => x.exp(),
        Unary::Expm1 => x.exp_m1(),
        Unary::Ln => x.ln(),
        Unary::Ln1p => x.ln_1p(),
        Unary::Sqrt => x.sqrt(),
        Unary::Sin => x.sin(),
        Unary::Cos => x.cos(),
        Unary::Tanh => x.tanh(),
        Unary::Erf => Real::erf(x),
        Unary::Erfc => Real::erfc(x),
        Unary::Erfcx => Real::erfcx(x),
        Unary::Siegert => Real::siegert(x),
        Unary::Asin => x.asin(),
        Unary::Acos => x.acos(),
        Unary::Atan => x.atan(),
        Unary::Cbrt => x.cbrt(),
        Unary::Log10 => x.log10(),
        Unary::Sigmoid => Real::sigmoid(x),
        Unary::Exprel(order) => Real::exprel(x, order),
        Unary::Abs => x.abs(),
        Unary::Sign => Real::signum(x),
        Unary::Floor => x.floor(),
    }
}
