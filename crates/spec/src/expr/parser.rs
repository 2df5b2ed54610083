//! Tokens to a tree, by operator precedence.

use std::ops::Range;

use super::lexer::{Token, TokenKind, tokens};
use super::{Binary, Expr, ExprKind, Expression, MAX_HEIGHT};
use crate::problem::Problem;
use crate::unit::Unit;
use crate::yaml::{Node, Scalar, Value};

/// Deepest nesting of parentheses, calls, signs and powers.
const MAX_DEPTH: usize = 100;

impl Expression {
    /// Parses the expression that a scalar holds.
    ///
    /// # Errors
    ///
    /// The first mistake in the text, with its place; or a node that is no scalar.
    pub fn parse(origin: &Node) -> Result<Self, Problem> {
        let Value::Scalar(Scalar { text, .. }) = &origin.value else {
            return Err(Problem::new(
                &origin.span,
                format!("expected an expression, found {}", origin.describe()),
            ));
        };
        let tokens = tokens(text, origin)?;
        let mut parser = Parser { text, origin, tokens, at: 0, depth: 0 };
        let root = parser.expression(0)?;
        match &parser.peek().kind {
            TokenKind::End => Ok(Self { root, origin: origin.clone(), written: None }),
            TokenKind::Symbol(")") => Err(parser.problem("this parenthesis was never opened")),
            _ => Err(parser.no_operator("expected an operator")),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    origin: &'a Node,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Returns how tightly an operator holds its left and its right operand.
fn binding(token: &TokenKind, text: &str) -> Option<(Binary, u8, u8)> {
    Some(match token {
        TokenKind::Name if text == "or" => (Binary::Or, 1, 2),
        TokenKind::Name if text == "and" => (Binary::And, 3, 4),
        TokenKind::Symbol(symbol) => match *symbol {
            "<" => (Binary::Less, COMPARISON, COMPARISON + 1),
            "<=" => (Binary::LessEqual, COMPARISON, COMPARISON + 1),
            ">" => (Binary::Greater, COMPARISON, COMPARISON + 1),
            ">=" => (Binary::GreaterEqual, COMPARISON, COMPARISON + 1),
            "==" => (Binary::Equal, COMPARISON, COMPARISON + 1),
            "!=" => (Binary::NotEqual, COMPARISON, COMPARISON + 1),
            "+" => (Binary::Add, 9, 10),
            "-" => (Binary::Subtract, 9, 10),
            "*" => (Binary::Multiply, 11, 12),
            "/" => (Binary::Divide, 11, 12),
            "^" => (Binary::Power, 16, 15),
            _ => return None,
        },
        _ => return None,
    })
}

const NOT: u8 = 5;
const COMPARISON: u8 = 7;
const SIGN: u8 = 13;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    /// The next token; the end is never passed.
    fn take(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn found(&self) -> &str {
        &self.text[self.peek().range.clone()]
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(&self.origin.part(self.peek().range.clone()), message)
    }

    /// Returns the mistake of an operand that follows on another one: often a product is meant, or a number with its unit.
    fn no_operator(&self, expected: &str) -> Problem {
        let found = self.found();
        let problem = self.problem(format!("{expected}, found `{found}`"));
        let before = &self.tokens[self.at.saturating_sub(1)];
        let is_operand =
            matches!(self.peek().kind, TokenKind::Number(_) | TokenKind::Name | TokenKind::Symbol("("));
        if !is_operand {
            return problem;
        }
        let left = &self.text[before.range.clone()];
        let right = if found == "(" { "(...)" } else { found };
        let is_number = matches!(before.kind, TokenKind::Number(_));
        match is_number && Unit::parse(found).is_ok() {
            true => problem.help(format!(
                "a product is written `{left}*{right}`, a number with its unit `{left}[{found}]`"
            )),
            false => problem.help(format!("did you mean `{left}*{right}`? a product needs its sign")),
        }
    }

    /// Operands and operators, as long as they bind tighter than `least`.
    fn expression(&mut self, least: u8) -> Result<Expr, Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(
                self.problem(format!("the expression is nested too deeply: more than {MAX_DEPTH} levels"))
            );
        }
        let mut left = self.operand()?;
        while let Some((operator, left_power, right_power)) = binding(&self.peek().kind, self.found()) {
            if left_power < least {
                break;
            }
            let chained = matches!(&left.kind, ExprKind::Binary(op, ..) if op.is_comparison());
            let in_parentheses =
                self.text[..left.range.end].ends_with(')') && self.text[left.range.clone()].starts_with('(');
            if operator.is_comparison() && chained && !in_parentheses {
                return Err(self.problem("comparisons do not chain").help("write `a < b and b < c`"));
            }
            self.take();
            let right = self.expression(right_power)?;
            let range = left.range.start..right.range.end;
            let height = 1 + left.height.max(right.height);
            if height > MAX_HEIGHT {
                let message = format!("the expression has too many terms: more than {MAX_HEIGHT} in a row");
                return Err(self.problem(message).help("name parts of it under `let`"));
            }
            left = Expr { kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)), range, height };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expr, Problem> {
        let token = self.take();
        let text = &self.text[token.range.clone()];
        match token.kind {
            TokenKind::Number(value) => self.number(value, token.range),
            TokenKind::Name if text == "not" => {
                let inner = self.expression(NOT)?;
                let range = token.range.start..inner.range.end;
                Ok(Expr { height: inner.height + 1, kind: ExprKind::Not(Box::new(inner)), range })
            }
            TokenKind::Name if !matches!(text, "and" | "or") => {
                if self.peek().kind == TokenKind::Symbol("(") {
                    self.call(token.range)
                } else {
                    Ok(Expr { kind: ExprKind::Name(text.to_owned()), range: token.range, height: 1 })
                }
            }
            TokenKind::Symbol("-") => {
                let inner = self.expression(SIGN)?;
                let range = token.range.start..inner.range.end;
                Ok(Expr { height: inner.height + 1, kind: ExprKind::Negate(Box::new(inner)), range })
            }
            TokenKind::Symbol("(") => {
                let inner = self.expression(0)?;
                let end = self.close(&token.range)?;
                Ok(Expr { range: token.range.start..end, ..inner })
            }
            TokenKind::End => {
                let problem = Problem::new(
                    &self.origin.part(token.range),
                    "the expression ends where a value is expected",
                );
                Err(problem)
            }
            _ => Err(Problem::new(
                &self.origin.part(token.range.clone()),
                format!("expected a value, found `{text}`"),
            )),
        }
    }

    fn number(&mut self, value: f64, range: Range<usize>) -> Result<Expr, Problem> {
        let text = self.text[range.clone()].to_owned();
        if self.peek().kind != TokenKind::Unit {
            return Ok(Expr { kind: ExprKind::Number { text, value, unit: None }, range, height: 1 });
        }
        let brackets = self.take().range;
        let inside = brackets.start + 1..brackets.end - 1;
        let name = self.text[inside.clone()].to_owned();
        let unit = Unit::parse(&name).map_err(|error| {
            let at = inside.start + error.range.start..inside.start + error.range.end;
            Problem::new(&self.origin.part(at), error.message.clone()).help(error.help)
        })?;
        let kind = ExprKind::Number { text, value, unit: Some((unit, name)) };
        Ok(Expr { kind, range: range.start..brackets.end, height: 1 })
    }

    fn call(&mut self, name_range: Range<usize>) -> Result<Expr, Problem> {
        let name = self.text[name_range.clone()].to_owned();
        let open = self.take().range;
        let mut arguments = Vec::new();
        if self.peek().kind != TokenKind::Symbol(")") {
            loop {
                arguments.push(self.expression(0)?);
                if self.peek().kind != TokenKind::Symbol(",") {
                    break;
                }
                self.take();
            }
        }
        let end = self.close(&open)?;
        let range = name_range.start..end;
        let height = 1 + arguments.iter().map(|argument| argument.height).max().unwrap_or(0);
        Ok(Expr { kind: ExprKind::Call { name, name_range, arguments }, range, height })
    }

    /// Takes the parenthesis that closes `open`; returns where it ends.
    fn close(&mut self, open: &Range<usize>) -> Result<usize, Problem> {
        match self.peek().kind {
            TokenKind::Symbol(")") => Ok(self.take().range.end),
            TokenKind::End => {
                Err(Problem::new(&self.origin.part(open.clone()), "this parenthesis is never closed"))
            }
            _ => Err(self.no_operator("expected an operator, `,` or `)`")),
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
        match Expression::parse(&node) {
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
