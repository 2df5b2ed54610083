//! Text to tokens.

use std::ops::Range;

use crate::problem::Problem;
use crate::yaml::Node;

/// Most tokens that one expression may have. The longest equation of the zoo has about a hundred.
const MAX_TOKENS: usize = 2000;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    Name,
    /// An operator, a parenthesis, a comma; `**` comes as `^`.
    Symbol(&'static str),
    /// The text between brackets: a unit.
    Unit,
    End,
}

const SYMBOLS: [&str; 16] =
    ["**", "<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "<", ">", "(", ")", ",", "\u{b7}"];

pub(super) fn tokens(text: &str, origin: &Node) -> Result<Vec<Token>, Problem> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if tokens.len() >= MAX_TOKENS {
            let message = format!("the expression is too long: it has more than {MAX_TOKENS} parts");
            return Err(Problem::new(&origin.span, message).help("name parts of it under `let`"));
        }
        let (kind, length) = token(&text[at..], at, origin)?;
        tokens.push(Token { kind, range: at..at + length });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, range: text.len()..text.len() });
    Ok(tokens)
}

fn token(rest: &str, at: usize, origin: &Node) -> Result<(TokenKind, usize), Problem> {
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
        let length = number_length(rest.as_bytes());
        let text = &rest[..length];
        let value: f64 = text
            .parse()
            .map_err(|_| Problem::new(&origin.part(at..at + length), format!("`{text}` is not a number")))?;
        if !value.is_finite() {
            return Err(Problem::new(
                &origin.part(at..at + length),
                format!("the number {text} is too large"),
            ));
        }
        return Ok((TokenKind::Number(value), length));
    }
    if first.is_alphabetic() || first == '_' {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        return Ok((TokenKind::Name, length));
    }
    if first == '[' {
        let Some(end) = rest.find(']') else {
            return Err(Problem::new(&origin.part(at..at + 1), "this bracket is never closed"));
        };
        return Ok((TokenKind::Unit, end + 1));
    }
    match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(&"**") => Ok((TokenKind::Symbol("^"), 2)),
        Some(&"\u{b7}") => Ok((TokenKind::Symbol("*"), 2)),
        Some(symbol) => Ok((TokenKind::Symbol(symbol), symbol.len())),
        None => {
            let problem = Problem::new(
                &origin.part(at..at + first.len_utf8()),
                format!("unexpected character `{first}`"),
            );
            Err(match first {
                '=' => problem.help("comparisons are written `==`"),
                '&' | '|' | '!' => problem.help("logic is written `and`, `or`, `not`"),
                _ => problem,
            })
        }
    }
}

/// The length of the number at the start of `bytes`: digits, a fraction, an exponent.
fn number_length(bytes: &[u8]) -> usize {
    let digits =
        |from: usize| bytes.get(from..).map_or(0, |b| b.iter().take_while(|c| c.is_ascii_digit()).count());
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digits(exponent) > 0 {
            end = exponent + digits(exponent);
        }
    }
    end
}
