//! Expressions as the author wrote them.

mod lexer;
mod parser;

use std::ops::Range;

use crate::source::Span;
use crate::unit::Unit;
use crate::yaml::Node;

pub use parser::parse;

/// A parsed expression and the scalar it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// The tree.
    pub root: Expr,
    /// Scalar that the expression was read from.
    pub origin: Node,
}

impl Expression {
    /// The place of a part of it.
    pub fn span(&self, expr: &Expr) -> Span {
        self.origin.part(expr.range.clone())
    }
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// Kind of the node, with its parts.
    pub kind: ExprKind,
    /// The bytes of the expression's text that it covers.
    pub range: Range<usize>,
    /// The number of levels below it, itself included; limited, so that passes may recurse.
    pub height: u16,
}

/// The kinds of nodes.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A number, with its unit if one was written in brackets.
    Number {
        /// Number as written.
        text: String,
        /// Its value.
        value: f64,
        /// The unit and its text.
        unit: Option<(Unit, String)>,
    },
    /// A name of the file, or `pi`.
    Name(String),
    /// `-x`.
    Negate(Box<Expr>),
    /// `not x`.
    Not(Box<Expr>),
    /// `x + y` and the like.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `f(x, y)`.
    Call {
        /// The function.
        name: String,
        /// The bytes of the name alone.
        name_range: Range<usize>,
        /// The arguments.
        arguments: Vec<Expr>,
    },
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

impl Binary {
    /// Returns the operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::And => "and",
            Self::Or => "or",
        }
    }

    /// Whether it compares two numbers.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual | Self::Equal | Self::NotEqual
        )
    }
}

impl Expr {
    /// Calls `visit` on every name that stands in it, functions not included.
    pub fn names<'a>(&'a self, visit: &mut impl FnMut(&'a str, &'a Self)) {
        match &self.kind {
            ExprKind::Number { .. } => {}
            ExprKind::Name(name) => visit(name, self),
            ExprKind::Negate(inner) | ExprKind::Not(inner) => inner.names(visit),
            ExprKind::Binary(_, left, right) => {
                left.names(visit);
                right.names(visit);
            }
            ExprKind::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.names(visit)),
        }
    }

    /// Calls `visit` on every function call in it: the name and its bytes.
    pub fn calls<'a>(&'a self, visit: &mut impl FnMut(&'a str, &'a Range<usize>)) {
        match &self.kind {
            ExprKind::Number { .. } | ExprKind::Name(_) => {}
            ExprKind::Negate(inner) | ExprKind::Not(inner) => inner.calls(visit),
            ExprKind::Binary(_, left, right) => {
                left.calls(visit);
                right.calls(visit);
            }
            ExprKind::Call { name, name_range, arguments } => {
                visit(name, name_range);
                arguments.iter().for_each(|argument| argument.calls(visit));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::yaml;

    /// The tree in prefix form, or the message of the first problem.
    fn shape(text: &str) -> String {
        fn write(expr: &Expr) -> String {
            match &expr.kind {
                ExprKind::Number { text, unit: None, .. } => text.clone(),
                ExprKind::Number { text, unit: Some((_, unit)), .. } => format!("{text}[{unit}]"),
                ExprKind::Name(name) => name.clone(),
                ExprKind::Negate(inner) => format!("(neg {})", write(inner)),
                ExprKind::Not(inner) => format!("(not {})", write(inner)),
                ExprKind::Binary(op, left, right) => {
                    format!("({} {} {})", op.symbol(), write(left), write(right))
                }
                ExprKind::Call { name, arguments, .. } => {
                    format!("{name}({})", arguments.iter().map(write).collect::<Vec<_>>().join(", "))
                }
            }
        }
        let quoted = format!("'{text}'");
        let node = yaml::parse(&Source::new("e.yaml", quoted)).expect("a quoted text is YAML");
        match parse(&node) {
            Ok(expression) => write(&expression.root),
            Err(problem) => format!("{} at {}", problem.message, problem.span.range.start),
        }
    }

    #[test]
    fn operators_bind_as_on_paper() {
        for (text, want) in [
            ("a + b*c", "(+ a (* b c))"),
            ("a - b - c", "(- (- a b) c)"),
            ("a/b*c", "(* (/ a b) c)"),
            ("-x^2", "(neg (^ x 2))"),
            ("2^-1", "(^ 2 (neg 1))"),
            ("a^b^c", "(^ a (^ b c))"),
            ("a**2", "(^ a 2)"),
            ("a*-b", "(* a (neg b))"),
            ("not a < b and c >= d or e == f", "(or (and (not (< a b)) (>= c d)) (== e f))"),
            ("where(x < 0, -x, 2.5e-3)", "where((< x 0), (neg x), 2.5e-3)"),
            ("r/(1[ms]) + 6[mV]", "(+ (/ r 1[ms]) 6[mV])"),
            ("f()", "f()"),
        ] {
            assert_eq!(shape(text), want, "{text}");
        }
    }

    #[test]
    fn mistakes_are_named_where_they_are() {
        for (text, want) in [
            ("a +", "the expression ends where a value is expected at 4"),
            ("(a + b", "this parenthesis is never closed at 1"),
            ("a b", "expected an operator, found `b` at 3"),
            ("a ) + b", "this parenthesis was never opened at 3"),
            ("a < b < c", "comparisons do not chain at 7"),
            ("a $ b", "unexpected character `$` at 3"),
            ("6[xyz]", "unknown unit `xyz` at 3"),
            ("6[mV", "this bracket is never closed at 2"),
            ("f(a,)", "expected a value, found `)` at 5"),
            ("a = b", "unexpected character `=` at 3"),
            ("1e999", "the number 1e999 is too large at 1"),
        ] {
            assert_eq!(shape(text), want, "{text}");
        }
    }

    #[test]
    fn nesting_and_length_are_limited() {
        let deep = format!("{}x{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(shape(&deep).contains("too long"), "100,000 parentheses are refused before any recursion");
        let nested = format!("{}x{}", "(".repeat(500), ")".repeat(500));
        assert!(shape(&nested).contains("nested too deeply"));
        let signs = format!("{}x", "-".repeat(500));
        assert!(shape(&signs).contains("nested too deeply"));
        let powers = vec!["x"; 500].join("^");
        assert!(shape(&powers).contains("nested too deeply"));
        let sum = vec!["x"; 500].join("+");
        assert!(shape(&sum).contains("too many terms"));
    }
}
