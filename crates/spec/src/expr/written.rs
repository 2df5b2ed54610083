//! Expressions as text.

use super::{Binary, Expr, ExprKind, Expression};
use crate::yaml::{Scalar, Value};

impl Expression {
    /// Returns the expression on one line: as it stands in the file, or, for one that the compiler wrote itself, as an author would have.
    pub fn text(&self) -> String {
        match (&self.written, &self.origin.value) {
            (Some(written), _) => written.clone(),
            (None, Value::Scalar(Scalar { text, .. })) => {
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
            (None, _) => String::new(),
        }
    }
}

impl Expr {
    /// Writes the tree as text, with the parentheses that it needs and no others.
    pub fn text(&self) -> String {
        self.operand(0)
    }

    /// Writes the tree, in parentheses if it binds looser than `least`.
    fn operand(&self, least: u8) -> String {
        let (text, binding) = match &self.kind {
            ExprKind::Number { text, unit: None, .. } => (text.clone(), ATOM),
            ExprKind::Number { text, unit: Some((_, unit)), .. } => (format!("{text}[{unit}]"), ATOM),
            ExprKind::Name(name) => (name.clone(), ATOM),
            ExprKind::Negate(inner) => (format!("-{}", inner.operand(SIGN)), SIGN),
            ExprKind::Not(inner) => (format!("not {}", inner.operand(NOT)), NOT),
            ExprKind::Call { name, arguments, .. } => {
                let arguments: Vec<String> = arguments.iter().map(Self::text).collect();
                (format!("{name}({})", arguments.join(", ")), ATOM)
            }
            ExprKind::Binary(operator, left, right) => {
                let (own, of_left, of_right) = binding(*operator);
                let sign = match operator {
                    Binary::Multiply | Binary::Divide | Binary::Power => operator.symbol().to_owned(),
                    _ => format!(" {} ", operator.symbol()),
                };
                (format!("{}{sign}{}", left.operand(of_left), right.operand(of_right)), own)
            }
        };
        if binding < least { format!("({text})") } else { text }
    }
}

/// The binding of what needs no parentheses anywhere: numbers, names and calls.
const ATOM: u8 = 20;
const SIGN: u8 = 13;
const NOT: u8 = 5;

/// Returns how tightly an operator binds, and how tightly its left and its right operand have to.
fn binding(operator: Binary) -> (u8, u8, u8) {
    match operator {
        Binary::Or => (1, 1, 2),
        Binary::And => (3, 3, 4),
        Binary::Add | Binary::Subtract => (9, 9, 10),
        Binary::Multiply | Binary::Divide => (11, 11, 12),
        Binary::Power => (16, 17, 15),
        // Comparisons do not stand in each other.
        _ => (7, 8, 8),
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::{Expr, ExprKind, Expression};
    use crate::source::{Source, Span};
    use crate::yaml::{Node, Scalar, Value};

    fn parsed(text: &str) -> Expression {
        let span = Span::new(&Source::new("t", text), 0..text.len());
        let value = Value::Scalar(Scalar { text: text.to_owned(), start: Some(0) });
        Expression::parse(&Node { span, value })
            .unwrap_or_else(|problem| panic!("{text}: {}", problem.message))
    }

    /// The tree without the places of its parts.
    fn bare(expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Number { text, unit, .. } => {
                format!("{text}{}", unit.as_ref().map_or("", |(_, unit)| unit))
            }
            ExprKind::Name(name) => name.clone(),
            ExprKind::Negate(inner) => format!("(- {})", bare(inner)),
            ExprKind::Not(inner) => format!("(not {})", bare(inner)),
            ExprKind::Binary(operator, left, right) => {
                format!("({} {} {})", operator.symbol(), bare(left), bare(right))
            }
            ExprKind::Call { name, arguments, .. } => {
                format!("({name} {})", arguments.iter().map(bare).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_same_tree() {
        for text in [
            "a - (b - c)*-d^-e^f/(g*h)",
            "(a^b)^c - (-a)^2 + -(a*b)",
            "where(a + 1[ms] < b and not (c or d == 2), clip(x, -1, 1), 2e-3)",
            "a/b/c*(d/(e/f)) - (a + b)^2",
        ] {
            let first = parsed(text);
            let again = parsed(&first.root.text());
            assert_eq!(bare(&first.root), bare(&again.root), "{text} became {}", first.root.text());
        }
        assert_eq!(parsed("K*(s  -  x)").root.text(), "K*(s - x)");
        assert_eq!(parsed("K*(s  -  x)").text(), "K*(s - x)");
    }
}
