//! Names and expressions as LaTeX: the author's symbols where the file gives them, and a reading of the name elsewhere.

use std::collections::HashMap;

use crate::expr::{Binary, Expr, ExprKind};
use crate::model::Model;

/// Symbols of the names of a model: the author's where the file gives them, and a reading of the name for the rest.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    own: HashMap<String, String>,
}

impl Symbols {
    /// The symbols of a model's file.
    pub fn new(model: &Model) -> Self {
        let states = model.states.iter().map(|entry| (&entry.name, &entry.symbol));
        let parameters = model.parameters.iter().map(|entry| (&entry.name, &entry.symbol));
        let inputs = model.inputs.iter().map(|entry| (&entry.name, &entry.symbol));
        let values = model.lets.iter().chain(&model.observables).map(|entry| (&entry.name, &entry.symbol));
        let tables = model.tables.iter().map(|entry| (&entry.name, &entry.symbol));
        let all = states.chain(parameters).chain(inputs).chain(values).chain(tables);
        Self { own: all.filter_map(|(name, symbol)| Some((name.clone(), symbol.clone()?))).collect() }
    }

    /// Prints `name` as `latex` from now on.
    pub(crate) fn set(&mut self, name: &str, latex: String) {
        self.own.insert(name.to_owned(), latex);
    }

    /// A name in LaTeX.
    pub fn of(&self, name: &str) -> String {
        if let Some(symbol) = self.own.get(name) {
            return symbol.clone();
        }
        // `theta_j` of a coupling is the symbol of `theta` with an index.
        let indexed = name.rsplit_once('_').filter(|(_, index)| matches!(*index, "i" | "j"));
        if let Some((symbol, index)) = indexed.and_then(|(stem, index)| Some((self.own.get(stem)?, index))) {
            return format!("{symbol}_{index}");
        }
        read_name(name)
    }

    /// An expression in LaTeX.
    pub fn expression(&self, expr: &Expr) -> String {
        self.operand(expr, 0)
    }

    /// An expression in parentheses if it binds looser than `least`.
    pub(crate) fn operand(&self, expr: &Expr, least: u8) -> String {
        let (text, binding) = self.write(expr);
        if binding < least { format!("\\left({text}\\right)") } else { text }
    }

    fn write(&self, expr: &Expr) -> (String, u8) {
        match &expr.kind {
            ExprKind::Number { text, unit: None, .. } => (number(text), 20),
            ExprKind::Number { text, unit: Some((_, unit)), .. } => {
                (format!("{}\\,\\mathrm{{{unit}}}", number(text)), 11)
            }
            ExprKind::Name(name) if name == "pi" => ("\\pi".to_owned(), 20),
            ExprKind::Name(name) => (self.of(name), 20),
            ExprKind::Negate(inner) => (format!("-{}", self.operand(inner, 11)), 9),
            ExprKind::Not(inner) => (format!("\\neg {}", self.operand(inner, 20)), 5),
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right),
            ExprKind::Call { name, arguments, .. } => self.call(name, arguments),
        }
    }

    fn binary(&self, operator: Binary, left: &Expr, right: &Expr) -> (String, u8) {
        let infix = |sign: &str, binding: u8| {
            (format!("{} {sign} {}", self.operand(left, binding), self.operand(right, binding + 1)), binding)
        };
        match operator {
            Binary::Add => infix("+", 9),
            Binary::Subtract => infix("-", 9),
            Binary::Multiply => {
                let (negative, text) = self.product(left, right);
                if negative { (format!("-{text}"), 9) } else { (text, 11) }
            }
            Binary::Divide => {
                (format!("\\frac{{{}}}{{{}}}", self.operand(left, 0), self.operand(right, 0)), 12)
            }
            Binary::Power => {
                let base = self.operand(left, 19);
                // A symbol that has an exponent or an index of its own is kept together.
                let base = if base.contains('^') { format!("{{{base}}}") } else { base };
                (format!("{base}^{{{}}}", self.operand(right, 0)), 15)
            }
            Binary::Less => infix("<", 7),
            Binary::LessEqual => infix("\\le", 7),
            Binary::Greater => infix(">", 7),
            Binary::GreaterEqual => infix("\\ge", 7),
            Binary::Equal => infix("=", 7),
            Binary::NotEqual => infix("\\ne", 7),
            Binary::And => infix("\\wedge", 3),
            Binary::Or => infix("\\vee", 1),
        }
    }

    /// A product, and whether a minus belongs in front of it: that of `-a*b` is the first factor's, which needs no parentheses there.
    fn product(&self, left: &Expr, right: &Expr) -> (bool, String) {
        let (negative, left) = match &left.kind {
            ExprKind::Negate(inner) => (true, self.operand(inner, 11)),
            ExprKind::Binary(Binary::Multiply, first, second) => self.product(first, second),
            _ => (false, self.operand(left, 11)),
        };
        let right = self.operand(right, 12);
        // Digits side by side would read as one number, so a factor that starts with one gets a dot.
        let dot = if right.starts_with(|c: char| c.is_ascii_digit()) { "\\cdot" } else { "\\," };
        (negative, format!("{left} {dot} {right}"))
    }

    fn derivative(&self, what: &Expr, by: &Expr) -> (String, u8) {
        let (variables, inner) = nested(what, by);
        let power = |count: usize| if count > 1 { format!("^{{{count}}}") } else { String::new() };
        let mut below: Vec<(String, usize)> = Vec::new();
        for variable in &variables {
            let symbol = self.operand(variable, 20);
            match below.iter_mut().find(|(known, _)| *known == symbol) {
                Some((_, count)) => *count += 1,
                None => below.push((symbol, 1)),
            }
        }
        let below: Vec<String> = below
            .into_iter()
            .map(|(symbol, count)| match count {
                1 => format!("\\partial {symbol}"),
                _ => format!("\\partial {{{symbol}}}{}", power(count)),
            })
            .collect();
        let (above, below) = (format!("\\partial{}", power(variables.len())), below.join(" \\, "));
        match inner.kind {
            ExprKind::Name(_) => (format!("\\frac{{{above} {}}}{{{below}}}", self.operand(inner, 20)), 12),
            _ => (format!("\\frac{{{above}}}{{{below}}} \\left({}\\right)", self.operand(inner, 0)), 11),
        }
    }

    fn call(&self, name: &str, arguments: &[Expr]) -> (String, u8) {
        let whole = |index: usize| self.operand(&arguments[index], 0);
        let list =
            || arguments.iter().map(|argument| self.operand(argument, 0)).collect::<Vec<_>>().join(", ");
        let function = |head: &str| (format!("{head}\\left({}\\right)", list()), 20);
        match (name, arguments.len()) {
            ("sqrt", 1) => (format!("\\sqrt{{{}}}", whole(0)), 20),
            ("cbrt", 1) => (format!("\\sqrt[3]{{{}}}", whole(0)), 20),
            ("abs", 1) => (format!("\\left|{}\\right|", whole(0)), 20),
            ("floor", 1) => (format!("\\lfloor {}\\rfloor", whole(0)), 20),
            ("exp", 1) => (format!("e^{{{}}}", whole(0)), 15),
            ("where", 3) => {
                let (condition, yes, no) = (whole(0), whole(1), whole(2));
                let cases = format!(
                    "\\begin{{cases}}{yes} & \\text{{if }} {condition}\\\\ {no} & \\text{{otherwise}}\\end{{cases}}"
                );
                (cases, 20)
            }
            ("delay", 2) => (format!("{}(t - {})", whole(0), self.operand(&arguments[1], 10)), 20),
            ("diff", 2) => self.derivative(&arguments[0], &arguments[1]),
            ("log", 1) => function("\\ln"),
            ("log10", 1) => function("\\log_{10}"),
            ("asin" | "acos" | "atan", 1) => function(&format!("\\arc{}", &name[1..])),
            ("heaviside", 1) => function("H"),
            ("sin" | "cos" | "tan" | "sinh" | "cosh" | "tanh" | "min" | "max", _) => {
                function(&format!("\\{name}"))
            }
            (
                "erf" | "erfc" | "erfcx" | "siegert" | "atan2" | "expm1" | "log1p" | "exprel" | "clip"
                | "sign",
                _,
            ) => function(&format!("\\operatorname{{{name}}}")),
            ("sigmoid", 1) => function("\\sigma"),
            _ => function(&self.of(name)),
        }
    }
}

/// A derivative of a derivative is of second order, and so on: the variables, outermost first, and what is differentiated.
fn nested<'a>(what: &'a Expr, by: &'a Expr) -> (Vec<&'a Expr>, &'a Expr) {
    let (mut variables, mut inner) = (vec![by], what);
    while let ExprKind::Call { name, arguments, .. } = &inner.kind {
        let ("diff", [what, by]) = (name.as_str(), arguments.as_slice()) else { break };
        variables.push(by);
        inner = what;
    }
    (variables, inner)
}

/// `1e-3` as a power of ten.
fn number(text: &str) -> String {
    match text.split_once(['e', 'E']) {
        Some(("1", exponent)) => format!("10^{{{}}}", exponent.trim_start_matches('+')),
        Some((digits, exponent)) => format!("{digits} \\cdot 10^{{{}}}", exponent.trim_start_matches('+')),
        None => text.to_owned(),
    }
}

const GREEK: [&str; 24] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Delta", "Omega",
];

/// Reads a name without a symbol: Greek letters by their names, and the text behind the first letter as an index.
fn read_name(name: &str) -> String {
    let (stem, index) = match name.split_once('_') {
        Some((stem, index)) if !stem.is_empty() && !index.is_empty() => (stem, Some(index.replace('_', ","))),
        _ => (name, None),
    };
    let (stem, own) = split_stem(stem);
    let index = [own, index].into_iter().flatten().collect::<Vec<_>>().join(",");
    match index.as_str() {
        "" => stem,
        one if one.chars().count() == 1 => format!("{stem}_{one}"),
        more if more.chars().all(|c| c.is_ascii_digit() || c == ',') => format!("{stem}_{{{more}}}"),
        more => format!("{stem}_{{\\mathrm{{{}}}}}", more.replace('_', "\\_")),
    }
}

/// `wEE` as w with the index EE, `x1` as x with the index 1, `tau` as the letter.
fn split_stem(stem: &str) -> (String, Option<String>) {
    if GREEK.contains(&stem) {
        return (format!("\\{stem}"), None);
    }
    let mut letters = stem.chars();
    let first = letters.next().unwrap_or('x');
    let rest: String = letters.collect();
    if rest.is_empty() {
        (first.to_string(), None)
    } else if rest.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        (first.to_string(), Some(rest))
    } else if let Some(greek) = GREEK
        .iter()
        .find(|greek| stem.strip_prefix(**greek).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit())))
    {
        (format!("\\{greek}"), Some(stem[greek.len()..].to_owned()))
    } else {
        (format!("\\mathrm{{{}}}", stem.replace('_', "\\_")), None)
    }
}
