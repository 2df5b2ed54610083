//! Tokens to a tree, by operator precedence.

use std::ops::Range;

use super::lexer::{Token, TokenKind, tokens};
use super::{Binary, Expr, ExprKind, Expression};
use crate::problem::Problem;
use crate::unit::Unit;
use crate::yaml::{Node, Scalar, Value};

/// Deepest nesting of parentheses, calls, signs and powers.
const MAX_DEPTH: usize = 100;

/// Most levels of a tree: a sum of 200 terms has as many.
const MAX_HEIGHT: u16 = 200;

/// Parses the expression that a scalar holds.
pub fn parse(origin: &Node) -> Result<Expression, Problem> {
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
        TokenKind::End => Ok(Expression { root, origin: origin.clone() }),
        TokenKind::Symbol(")") => Err(parser.problem("this parenthesis was never opened")),
        _ => Err(parser.problem(format!("expected an operator, found `{}`", parser.found()))),
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
            _ => Err(self.problem(format!("expected an operator, `,` or `)`, found `{}`", self.found()))),
        }
    }
}
