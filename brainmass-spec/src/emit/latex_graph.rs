//! Nodes of a graph as LaTeX: derivatives, which no author wrote.

use super::latex::Symbols;
use crate::graph::{Compare, Graph, NodeId, Op, Symbol, Unary};
use crate::kernel::Kernel;
use crate::model::Model;

/// An entry of the Jacobian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JacobianEntry {
    /// The state whose rate it is of.
    pub row: usize,
    /// The state that it is by.
    pub column: usize,
    /// `\frac{\partial \dot x}{\partial y} = ...`
    pub latex: String,
}

/// The entries of a model's Jacobian that are not zero, row by row. Intermediate values that the file names are called by their names.
pub fn jacobian(model: &Model, kernel: &Kernel) -> Vec<JacobianEntry> {
    let writer = Writer { model, graph: &kernel.graph, symbols: Symbols::new(model) };
    let symbol = |state: usize| writer.symbols.of(&model.states[state].name);
    let mut entries = Vec::new();
    for (row, nodes) in kernel.jacobian.iter().enumerate() {
        for (column, &node) in nodes.iter().enumerate() {
            if kernel.graph.value(node) != Some(0.0) {
                let left =
                    format!("\\frac{{\\partial \\dot{{{}}}}}{{\\partial {}}}", symbol(row), symbol(column));
                entries.push(JacobianEntry {
                    row,
                    column,
                    latex: format!("{left} = {}", writer.operand(node, Least::Any)),
                });
            }
        }
    }
    entries
}

struct Writer<'a> {
    model: &'a Model,
    graph: &'a Graph,
    symbols: Symbols,
}

/// How tightly an operand must bind to stand without parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    Any,
    Sum,
    Product,
    Factor,
    Atom,
}

impl Writer<'_> {
    fn operand(&self, id: NodeId, least: Least) -> String {
        let (text, binding) = self.write(id);
        if binding < least { format!("\\left({text}\\right)") } else { text }
    }

    fn write(&self, id: NodeId) -> (String, Least) {
        let named =
            self.graph.name_of(id).filter(|name| self.model.lets.iter().any(|value| value.name == *name));
        if let Some(name) = named {
            return (self.symbols.of(name), Least::Atom);
        }
        let any = |id: NodeId| self.operand(id, Least::Any);
        let infix = |a: NodeId, sign: &str, b: NodeId, left: Least, right: Least| {
            format!("{} {sign} {}", self.operand(a, left), self.operand(b, right))
        };
        match self.graph.op(id) {
            Op::Constant(bits) => number(f64::from_bits(bits)),
            Op::Symbol(symbol) => (self.symbol(symbol), Least::Atom),
            Op::Add(a, b) => (infix(a, "+", b, Least::Sum, Least::Sum), Least::Sum),
            Op::Subtract(a, b) => (infix(a, "-", b, Least::Sum, Least::Product), Least::Sum),
            Op::Multiply(a, b) => {
                let (left, right) = (self.operand(a, Least::Product), self.operand(b, Least::Factor));
                let dot = if right.starts_with(|c: char| c.is_ascii_digit()) { "\\cdot" } else { "\\," };
                (format!("{left} {dot} {right}"), Least::Product)
            }
            Op::Divide(a, b) => (format!("\\frac{{{}}}{{{}}}", any(a), any(b)), Least::Factor),
            Op::Negate(a) => (format!("-{}", self.operand(a, Least::Product)), Least::Sum),
            Op::PowerInteger(a, exponent) => {
                (format!("{{{}}}^{{{exponent}}}", self.operand(a, Least::Atom)), Least::Factor)
            }
            Op::Power(a, b) => {
                (format!("{{{}}}^{{{}}}", self.operand(a, Least::Atom), any(b)), Least::Factor)
            }
            Op::Unary(function, a) => self.function(function, a),
            Op::Min(a, b) => (format!("\\min\\left({}, {}\\right)", any(a), any(b)), Least::Factor),
            Op::Max(a, b) => (format!("\\max\\left({}, {}\\right)", any(a), any(b)), Least::Factor),
            Op::Compare(Compare::Less, a, b) => (infix(a, "<", b, Least::Sum, Least::Sum), Least::Any),
            Op::Compare(Compare::LessEqual, a, b) => {
                (infix(a, "\\le", b, Least::Sum, Least::Sum), Least::Any)
            }
            Op::Compare(Compare::Equal, a, b) => (infix(a, "=", b, Least::Sum, Least::Sum), Least::Any),
            Op::And(a, b) => (infix(a, "\\wedge", b, Least::Any, Least::Any), Least::Any),
            Op::Or(a, b) => (infix(a, "\\vee", b, Least::Any, Least::Any), Least::Any),
            Op::Not(a) => (format!("\\neg {}", self.operand(a, Least::Atom)), Least::Any),
            Op::Select(condition, yes, no) => {
                let (condition, yes, no) = (any(condition), any(yes), any(no));
                let cases = format!(
                    "\\begin{{cases}}{yes} & \\text{{if }} {condition}\\\\ {no} & \\text{{otherwise}}\\end{{cases}}"
                );
                (cases, Least::Sum)
            }
            Op::Held(a) => self.write(a),
        }
    }

    fn symbol(&self, symbol: Symbol) -> String {
        let model = self.model;
        match symbol {
            Symbol::State(i) => self.symbols.of(&model.states[usize::from(i)].name),
            Symbol::Source(i) => format!("{}_j", self.symbols.of(&model.states[usize::from(i)].name)),
            Symbol::Parameter(i) => self.symbols.of(&model.parameters[usize::from(i)].name),
            Symbol::Input(i) => match model.inputs.get(usize::from(i)) {
                Some(input) => self.symbols.of(&input.name),
                None => {
                    let delay = &model.delays[usize::from(i) - model.inputs.len()];
                    let (state, duration) =
                        (&model.states[delay.state].name, &model.parameters[delay.duration].name);
                    format!("{}(t - {})", self.symbols.of(state), self.symbols.of(duration))
                }
            },
            Symbol::Sum => "\\Sigma".to_owned(),
            Symbol::Count => "N".to_owned(),
            Symbol::Adjoint(i) | Symbol::DiagonalAdjoint(i) => format!("\\lambda_{{{i}}}"),
        }
    }

    fn function(&self, function: Unary, a: NodeId) -> (String, Least) {
        let inner = self.operand(a, Least::Any);
        let head = match function {
            Unary::Exp => return (format!("e^{{{inner}}}"), Least::Factor),
            Unary::Sqrt => return (format!("\\sqrt{{{inner}}}"), Least::Atom),
            Unary::Abs => return (format!("\\left|{inner}\\right|"), Least::Atom),
            Unary::Floor => return (format!("\\lfloor {inner} \\rfloor"), Least::Atom),
            Unary::Expm1 => "\\operatorname{expm1}",
            Unary::Ln => "\\ln",
            Unary::Ln1p => "\\operatorname{log1p}",
            Unary::Sin => "\\sin",
            Unary::Cos => "\\cos",
            Unary::Tanh => "\\tanh",
            Unary::Erf => "\\operatorname{erf}",
            Unary::Sigmoid => "\\sigma",
            Unary::Exprel(0) => "\\operatorname{exprel}",
            Unary::Exprel(1) => "\\operatorname{exprel}'",
            Unary::Exprel(order) => {
                return (
                    format!("\\operatorname{{exprel}}^{{({order})}}\\left({inner}\\right)"),
                    Least::Factor,
                );
            }
            Unary::Sign => "\\operatorname{sign}",
        };
        (format!("{head}\\left({inner}\\right)"), Least::Factor)
    }
}

/// A number to six digits, in powers of ten where that is shorter.
fn number(value: f64) -> (String, Least) {
    let binding = if value < 0.0 { Least::Sum } else { Least::Atom };
    if value == std::f64::consts::PI {
        return ("\\pi".to_owned(), Least::Atom);
    }
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e5).contains(&size) {
        let exponent = size.log10().floor() as i32;
        let digits = round(value / 10_f64.powi(exponent));
        return match digits.as_str() {
            "1" => (format!("10^{{{exponent}}}"), Least::Factor),
            _ => (format!("{digits} \\cdot 10^{{{exponent}}}"), binding.min(Least::Product)),
        };
    }
    (round(value), binding)
}

fn round(value: f64) -> String {
    let digits = (5 - value.abs().max(1e-9).log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jacobian_reads_like_a_derivation() {
        let text = "
name: T
category: network
states: {x: {init: 1}, y: {init: 0}}
parameters: {a: {default: 2 /ms, symbol: \\alpha}, tau: {default: 10 ms}}
let: {s: sigmoid(x - y)}
derivatives: {x: a*x^3 + s/tau, y: 2*x/tau}
";
        let model = crate::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
        let entries = jacobian(&model, &Kernel::new(&model));
        let places: Vec<(usize, usize)> = entries.iter().map(|entry| (entry.row, entry.column)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 0)], "the rate of y does not depend on y");
        let first = &entries[0].latex;
        assert!(first.starts_with(r"\frac{\partial \dot{x}}{\partial x} = "), "{first}");
        assert!(first.contains(r"\alpha") && first.contains("{x}^{2}") && first.contains(r"\tau"), "{first}");
        // What the file names is called by its name and not written out.
        assert!(first.contains("1 - s") && !first.contains(r"\sigma"), "{first}");
    }
}
