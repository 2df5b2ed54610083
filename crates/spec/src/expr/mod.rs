//! Expressions as the author wrote them.

mod lexer;
mod parser;
mod written;

use std::ops::Range;

use crate::source::Span;
use crate::unit::Unit;
use crate::yaml::Node;

/// A parsed expression and the scalar it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// The tree.
    pub root: Expr,
    /// Scalar that the expression was read from.
    pub origin: Node,
    /// The text of an expression that is not the whole of what stands there, but was made of it: a component of a vector.
    pub written: Option<String>,
}

/// Most levels of a tree: a sum of 200 terms has as many.
pub const MAX_HEIGHT: u16 = 200;

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
