//! Nodes of a graph as LaTeX: derivatives, which no author wrote.

use std::cell::Cell;

use crate::graph::{Compare, Graph, NodeId, Op, Symbol, Unary};
use crate::kernel::Kernel;
use crate::model::Model;
use crate::symbols::Symbols;
use crate::table::LookUp;

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

/// The entries of a model's Jacobian that are not zero, row by row. Intermediate values that the file names are called by their names. An
/// entry that nobody could read, because it has more than a thousand operations, is shown as dots.
pub fn jacobian(model: &Model, kernel: &Kernel) -> Vec<JacobianEntry> {
    let writer = Writer::new(model, &kernel.graph);
    let symbol = |state: usize| writer.symbols.of(&model.states[state].name);
    let mut entries = Vec::new();
    for (row, nodes) in kernel.jacobian.iter().enumerate() {
        for (column, &node) in nodes.iter().enumerate() {
            if kernel.graph.value(node) != Some(0.0) {
                let left =
                    format!("\\frac{{\\partial \\dot{{{}}}}}{{\\partial {}}}", symbol(row), symbol(column));
                let right = writer.whole(node, Least::Any);
                entries.push(JacobianEntry { row, column, latex: format!("{left} = {right}") });
            }
        }
    }
    entries
}

/// The factor on the recurrent sum of a layer, N being the number of its cells.
pub fn gain(model: &Model) -> Option<String> {
    let node = model.layer.as_ref()?.gain?;
    Some(Writer::new(model, &model.graph).whole(node, Least::Product))
}

/// Most operations of one entry. The longest of the models in this workspace has about two hundred.
const MAX_TERMS: usize = 1000;
/// Most operations inside each other; the writer recurses.
const MAX_DEPTH: usize = 60;

struct Writer<'a> {
    model: &'a Model,
    graph: &'a Graph,
    symbols: Symbols,
    /// Number of operations that may still be written. A graph shares what an expression repeats, so that a small one may be a text without
    /// end.
    left: Cell<usize>,
    /// Number of operations around the one that is being written.
    depth: Cell<usize>,
}

/// A term of a sum.
struct Product {
    negative: bool,
    text: String,
    binding: Least,
}

/// Factors of a product: the sign, the number in front, and the other factors with their powers.
struct Factors {
    negative: bool,
    above: f64,
    below: f64,
    powers: Vec<(NodeId, i32)>,
}

impl Factors {
    fn multiply(&mut self, factor: NodeId, power: i32) {
        match self.powers.iter_mut().find(|(own, _)| *own == factor) {
            Some((_, own)) => *own = own.saturating_add(power),
            None => self.powers.push((factor, power)),
        }
    }
}

/// Strengths of binding, loosest first, that an operand needs to stand without parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    Any,
    Sum,
    Product,
    Factor,
    Atom,
}

impl<'a> Writer<'a> {
    fn new(model: &'a Model, graph: &'a Graph) -> Self {
        Self { model, graph, symbols: Symbols::new(model), left: Cell::new(0), depth: Cell::new(0) }
    }

    /// An expression on its own.
    fn whole(&self, id: NodeId, least: Least) -> String {
        self.left.set(MAX_TERMS);
        let text = self.operand(id, least);
        if self.left.get() == 0 { DOTS.to_owned() } else { text }
    }

    /// Counts an operation; false when there were too many.
    fn goes_on(&self) -> bool {
        self.left.set(self.left.get().saturating_sub(1));
        self.left.get() > 0
    }

    fn operand(&self, id: NodeId, least: Least) -> String {
        let (text, binding) = self.write(id);
        if binding < least { format!("\\left({text}\\right)") } else { text }
    }

    fn write(&self, id: NodeId) -> (String, Least) {
        if let Some(name) = self.name(id) {
            return (self.symbols.of(name), Least::Atom);
        }
        if self.depth.get() >= MAX_DEPTH {
            self.left.set(0);
        }
        if !self.goes_on() {
            return (DOTS.to_owned(), Least::Atom);
        }
        self.depth.set(self.depth.get() + 1);
        let written = self.operation(id);
        self.depth.set(self.depth.get() - 1);
        written
    }

    fn operation(&self, id: NodeId) -> (String, Least) {
        let any = |id: NodeId| self.operand(id, Least::Any);
        let infix = |a: NodeId, sign: &str, b: NodeId, left: Least, right: Least| {
            format!("{} {sign} {}", self.operand(a, left), self.operand(b, right))
        };
        match self.graph.op(id) {
            Op::Add(..)
            | Op::Subtract(..)
            | Op::Negate(_)
            | Op::Multiply(..)
            | Op::Divide(..)
            | Op::PowerInteger(..)
            | Op::Constant(_) => self.sum(id),
            Op::Symbol(symbol) => (self.symbol(symbol), Least::Atom),
            Op::Power(a, b) => {
                (format!("{{{}}}^{{{}}}", self.operand(a, Least::Atom), any(b)), Least::Factor)
            }
            Op::Atan2(a, b) => {
                (format!("\\operatorname{{atan2}}\\left({}, {}\\right)", any(a), any(b)), Least::Factor)
            }
            Op::Table(LookUp { table, orders }, a, b) => {
                let table = &self.model.tables[usize::from(table)];
                let axes = table.axes.iter().zip(orders).filter(|(_, order)| *order > 0);
                let by: Vec<String> =
                    axes.map(|(axis, _)| format!("\\partial_{{{}}} ", self.symbols.of(&axis.name))).collect();
                let at: Vec<String> = [Some(a), b].into_iter().flatten().map(any).collect();
                let (by, symbol) = (by.concat(), self.symbols.of(&table.name));
                (format!("{by}{symbol}\\left({}\\right)", at.join(", ")), Least::Factor)
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

    /// Whether the file has a name for a node, which is then written in its place.
    fn name(&self, id: NodeId) -> Option<&str> {
        self.graph.name_of(id).filter(|name| self.model.lets.iter().any(|value| value.name == *name))
    }

    /// A sum, its terms with their signs; of one term, the term.
    fn sum(&self, id: NodeId) -> (String, Least) {
        let mut terms = Vec::new();
        self.terms(id, false, &mut terms);
        let mut text = String::new();
        let mut binding = Least::Sum;
        for (number, &(subtracted, term)) in terms.iter().enumerate() {
            let product = self.product(term);
            let negative = subtracted != product.negative;
            text.push_str(match (number, negative) {
                (0, true) => "-",
                (0, false) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            });
            text.push_str(&product.text);
            binding = if terms.len() > 1 || negative { Least::Sum } else { product.binding };
        }
        (text, binding)
    }

    fn terms(&self, id: NodeId, subtracted: bool, terms: &mut Vec<(bool, NodeId)>) {
        match self.graph.op(id) {
            _ if self.name(id).is_some() || !self.goes_on() => terms.push((subtracted, id)),
            Op::Add(a, b) => {
                self.terms(a, subtracted, terms);
                self.terms(b, subtracted, terms);
            }
            Op::Subtract(a, b) => {
                self.terms(a, subtracted, terms);
                self.terms(b, !subtracted, terms);
            }
            Op::Negate(a) => self.terms(a, !subtracted, terms),
            _ => terms.push((subtracted, id)),
        }
    }

    /// A product as one would write it: the sign and the number in front, parameters before states, powers of equal factors, one fraction.
    fn product(&self, id: NodeId) -> Product {
        let mut found = Factors { negative: false, above: 1.0, below: 1.0, powers: Vec::new() };
        self.factors(id, 1, &mut found);
        found.powers.retain(|(_, power)| *power != 0);
        found.powers.sort_by_key(|&(factor, _)| self.place(factor));
        let negative = found.negative ^ (found.above < 0.0) ^ (found.below < 0.0);
        let (above, below) = (found.above.abs(), found.below.abs());
        let side = |sign: i32, coefficient: f64| {
            let factors: Vec<(NodeId, i32)> = found
                .powers
                .iter()
                .filter(|(_, power)| power.signum() == sign)
                .map(|&(factor, power)| (factor, power.saturating_abs()))
                .collect();
            self.written(&factors, coefficient)
        };
        let bottom = side(-1, below);
        match (side(1, above), bottom) {
            (Some((text, binding)), None) => Product { negative, text, binding },
            (None, None) => Product { negative, text: "1".to_owned(), binding: Least::Atom },
            (top, Some((bottom, _))) => {
                let top = top.map_or_else(|| "1".to_owned(), |(top, _)| top);
                Product { negative, text: format!("\\frac{{{top}}}{{{bottom}}}"), binding: Least::Factor }
            }
        }
    }

    /// Factors side by side behind a number; `None` for nothing but 1.
    fn written(&self, factors: &[(NodeId, i32)], coefficient: f64) -> Option<(String, Least)> {
        let alone = coefficient == 1.0;
        match factors {
            [] if alone => None,
            [] => Some(number(coefficient)),
            // A sum that is the whole numerator or denominator needs no parentheses, those who ask see how it binds.
            &[(factor, 1)] if alone => Some(self.factor(factor)),
            factors => {
                let mut parts: Vec<String> = if alone { Vec::new() } else { vec![number(coefficient).0] };
                let binding = if alone && factors.len() == 1 { Least::Factor } else { Least::Product };
                parts.extend(factors.iter().map(|&(factor, power)| {
                    let least = if power == 1 { Least::Factor } else { Least::Atom };
                    let (text, own) = self.factor(factor);
                    let text = if own < least { format!("\\left({text}\\right)") } else { text };
                    if power == 1 { text } else { format!("{{{text}}}^{{{power}}}") }
                }));
                Some((parts.join(" \\, "), binding))
            }
        }
    }

    /// A factor of a product: never itself a product.
    fn factor(&self, id: NodeId) -> (String, Least) {
        match self.graph.op(id) {
            _ if self.name(id).is_some() || self.left.get() == 0 => self.write(id),
            Op::Add(..) | Op::Subtract(..) => self.sum(id),
            Op::Constant(bits) => number(f64::from_bits(bits)),
            _ => self.write(id),
        }
    }

    fn factors(&self, id: NodeId, power: i32, found: &mut Factors) {
        match self.graph.op(id) {
            _ if self.name(id).is_some() || !self.goes_on() => found.multiply(id, power),
            Op::Multiply(a, b) => {
                self.factors(a, power, found);
                self.factors(b, power, found);
            }
            Op::Divide(a, b) => {
                self.factors(a, power, found);
                self.factors(b, power.saturating_neg(), found);
            }
            Op::Negate(a) => {
                found.negative ^= power % 2 != 0;
                self.factors(a, power, found);
            }
            Op::PowerInteger(a, exponent) => self.factors(a, power.saturating_mul(exponent), found),
            Op::Constant(bits) => {
                let value = f64::from_bits(bits);
                if value == std::f64::consts::PI {
                    found.multiply(id, power);
                } else if power > 0 {
                    found.above *= value.powi(power);
                } else {
                    found.below *= value.powi(power.saturating_neg());
                }
            }
            _ => found.multiply(id, power),
        }
    }

    /// Returns the place of a factor in a product: numbers first, then parameters, inputs, states, and anything else.
    fn place(&self, id: NodeId) -> u8 {
        match self.graph.op(id) {
            _ if self.name(id).is_some() => 2,
            Op::Constant(_) => 0,
            Op::Symbol(Symbol::Parameter(_)) => 1,
            Op::Symbol(Symbol::Input(_)) => 2,
            Op::Symbol(_) => 3,
            _ => 4,
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
                    let signal = self.symbols.of(model.signal_name(delay.signal));
                    let writer = Writer::new(model, &model.graph);
                    format!("{signal}(t - {})", writer.whole(delay.duration, Least::Product))
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
            Unary::Cbrt => return (format!("\\sqrt[3]{{{inner}}}"), Least::Atom),
            Unary::Abs => return (format!("\\left|{inner}\\right|"), Least::Atom),
            Unary::Floor => return (format!("\\lfloor {inner} \\rfloor"), Least::Atom),
            Unary::Expm1 => "\\operatorname{expm1}",
            Unary::Ln => "\\ln",
            Unary::Ln1p => "\\operatorname{log1p}",
            Unary::Sin => "\\sin",
            Unary::Cos => "\\cos",
            Unary::Tanh => "\\tanh",
            Unary::Erf => "\\operatorname{erf}",
            Unary::Erfc => "\\operatorname{erfc}",
            Unary::Erfcx => "\\operatorname{erfcx}",
            Unary::Siegert => "\\operatorname{siegert}",
            Unary::Asin => "\\arcsin",
            Unary::Acos => "\\arccos",
            Unary::Atan => "\\arctan",
            Unary::Log10 => "\\log_{10}",
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

/// Text in place of an expression that is too long.
const DOTS: &str = "\\ldots";

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

    #[test]
    fn products_are_written_as_one_would() {
        let text = "
name: T
category: network
states: {x: {init: 1}, y: {init: 0}}
parameters: {b: {default: 2 /ms, symbol: \\beta}, w: {default: 1 /ms, symbol: \\omega}}
let: {r: x^2 + y^2}
derivatives: {x: -b*r*x - w*y, y: w*x - b*x*y^2/(x + 2) + pi*b*y^2*sin(pi*x)}
";
        let model = crate::compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"));
        let entries = jacobian(&model, &Kernel::new(&model));
        let right: Vec<&str> = entries
            .iter()
            .filter_map(|entry| entry.latex.split_once(" = "))
            .map(|(_, right)| right)
            .collect();
        insta::assert_snapshot!(right.join("\n"));
    }
}
