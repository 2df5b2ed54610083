//! Python literals, in which the headers of npy files are written.

/// A Python literal of one of the kinds that a header can hold.
#[derive(Debug, PartialEq)]
pub(super) enum Literal<'a> {
    /// The characters between the quotes of a string.
    Text(&'a str),
    /// A whole number, which is never negative in a header.
    Integer(u64),
    /// The value `True` or `False`.
    Boolean(bool),
    /// The items of a tuple.
    Tuple(Vec<Literal<'a>>),
    /// The items of a list.
    List(Vec<Literal<'a>>),
    /// The entries of a dict, in the order in which they are written.
    Dict(Vec<Entry<'a>>),
}

/// One key of a dict, with its value.
#[derive(Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) value: Literal<'a>,
    /// The value as it is written in the text.
    pub(super) written: &'a str,
}

/// Parses the literal that makes up the whole of `text`; `longs` says whether a number may end in `L`, as in Python 2.
///
/// The result takes memory in proportion to the text, and brackets are followed only to a fixed depth.
///
/// # Errors
/// Returns what is wrong with the text, as the end of a sentence whose subject is the header.
pub(super) fn parse(text: &str, longs: bool) -> Result<Literal<'_>, String> {
    let mut parser = Parser { text, at: 0, longs };
    let value = parser.value(0)?;
    match parser.next() {
        None => Ok(value),
        Some(_) => Err(parser.unexpected("its end")),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// The index in `text` of the next byte to be read, which is always the first byte of a character.
    at: usize,
    longs: bool,
}

impl<'a> Parser<'a> {
    /// Skips white space and returns the byte behind it without reading it; `None` at the end of the text.
    fn next(&mut self) -> Option<u8> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '\x0c']).len();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads the byte `wanted`, with white space before it, if it comes next.
    fn take(&mut self, wanted: u8) -> bool {
        let found = self.next() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn unexpected(&self, expected: &str) -> String {
        match self.text[self.at..].chars().next() {
            Some(found) => format!("it has {found:?} at byte {} where {expected} is expected", self.at),
            None => format!("it ends where {expected} is expected"),
        }
    }

    /// Reads a value that stands inside `depth` brackets.
    fn value(&mut self, depth: usize) -> Result<Literal<'a>, String> {
        match self.next() {
            Some(b'(') => self.tuple(depth),
            Some(b'[') => Ok(Literal::List(self.items(b']', depth)?.0)),
            Some(b'{') => self.dict(depth),
            Some(b'0'..=b'9') => self.integer(),
            Some(b'\'' | b'"') => self.string(),
            // Python 2 marks strings of Unicode characters.
            Some(b'u' | b'U') if matches!(self.text.as_bytes().get(self.at + 1), Some(b'\'' | b'"')) => {
                self.at += 1;
                self.string()
            }
            Some(_) => self.boolean(),
            None => Err(self.unexpected("a value")),
        }
    }

    /// Reads a tuple, or a value that stands in brackets by itself, without a comma: to Python, that is the value.
    fn tuple(&mut self, depth: usize) -> Result<Literal<'a>, String> {
        let (mut items, comma) = self.items(b')', depth)?;
        match items.pop() {
            Some(only) if items.is_empty() && !comma => Ok(only),
            last => {
                items.extend(last);
                Ok(Literal::Tuple(items))
            }
        }
    }

    /// Reads an opening bracket, values parted by commas, and the bracket `closing`; the second result says whether
    /// the last value is followed by a comma.
    fn items(&mut self, closing: u8, depth: usize) -> Result<(Vec<Literal<'a>>, bool), String> {
        self.open(depth)?;
        let mut items = Vec::new();
        let mut comma = false;
        while !self.take(closing) {
            if !items.is_empty() && !comma {
                return Err(self.unexpected(&format!("',' or {:?}", char::from(closing))));
            }
            items.push(self.value(depth + 1)?);
            comma = self.take(b',');
        }
        Ok((items, comma))
    }

    fn dict(&mut self, depth: usize) -> Result<Literal<'a>, String> {
        self.open(depth)?;
        let mut entries = Vec::new();
        let mut comma = true;
        while !self.take(b'}') {
            if !comma {
                return Err(self.unexpected("',' or '}'"));
            }
            let Literal::Text(key) = self.value(depth + 1)? else {
                return Err("a key of it is no string".to_owned());
            };
            if !self.take(b':') {
                return Err(self.unexpected("':'"));
            }
            self.next();
            let start = self.at;
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, value, written: &self.text[start..self.at] });
            comma = self.take(b',');
        }
        Ok(Literal::Dict(entries))
    }

    /// Reads the opening bracket that comes next, which `depth` others enclose.
    fn open(&mut self, depth: usize) -> Result<(), String> {
        // A header of nested records has four levels; each takes room on the stack.
        const DEEPEST: usize = 8;
        if depth >= DEEPEST {
            return Err("its brackets are nested too deeply".to_owned());
        }
        self.at += 1;
        Ok(())
    }

    fn integer(&mut self) -> Result<Literal<'a>, String> {
        let rest = &self.text[self.at..];
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        self.at += digits.len();
        if self.longs && self.text[self.at..].starts_with('L') {
            self.at += 1;
        }
        let joined = self.text[self.at..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        if joined || (digits.len() > 1 && digits.starts_with('0')) {
            return Err("it holds a number that is not a plain decimal".to_owned());
        }
        digits
            .parse()
            .map(Literal::Integer)
            .map_err(|_| format!("it holds a number of {} digits", digits.len()))
    }

    fn string(&mut self) -> Result<Literal<'a>, String> {
        let mut characters = self.text[self.at..].chars();
        let quote = characters.next().unwrap_or_default();
        let rest = characters.as_str();
        let Some(length) = rest.find([quote, '\n']).filter(|&length| rest[length..].starts_with(quote))
        else {
            return Err(format!("a string in it is not closed by {quote}"));
        };
        let text = &rest[..length];
        // No type string has one; in the name of a field it would have to be resolved.
        if text.contains('\\') {
            return Err("it holds an escape".to_owned());
        }
        self.at += length + 2;
        Ok(Literal::Text(text))
    }

    fn boolean(&mut self) -> Result<Literal<'a>, String> {
        let rest = &self.text[self.at..];
        let word = &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())];
        let value = match word {
            "True" => true,
            "False" => false,
            _ => return Err(self.unexpected("a value")),
        };
        self.at += word.len();
        Ok(Literal::Boolean(value))
    }
}

#[cfg(test)]
mod tests {
    use super::Literal::{Boolean, Dict, Integer, List, Text, Tuple};
    use super::*;

    #[test]
    fn literals_of_every_kind_are_read() {
        for (text, value) in [
            ("''", Text("")),
            (r#""it's""#, Text("it's")),
            ("u'<f8'", Text("<f8")),
            (" 0 ", Integer(0)),
            ("18446744073709551615", Integer(u64::MAX)),
            ("True", Boolean(true)),
            ("()", Tuple(vec![])),
            ("(3,)", Tuple(vec![Integer(3)])),
            ("( 3 , 4 )", Tuple(vec![Integer(3), Integer(4)])),
            ("(3)", Integer(3)),
            ("[3]", List(vec![Integer(3)])),
            ("[(3,\n), ]", List(vec![Tuple(vec![Integer(3)])])),
            ("{}", Dict(vec![])),
            (
                "{'a':\t(1, ), }",
                Dict(vec![Entry { key: "a", value: Tuple(vec![Integer(1)]), written: "(1, )" }]),
            ),
        ] {
            assert_eq!(parse(text, false), Ok(value), "{text}");
        }
        assert_eq!(parse("(3L, 40L)", true), Ok(Tuple(vec![Integer(3), Integer(40)])));
    }

    #[test]
    fn what_is_no_literal_is_refused() {
        for (text, message) in [
            ("", "it ends where a value is expected"),
            ("(1, 2", "it ends where ',' or ')' is expected"),
            ("(1, 2]", "it has ']' at byte 5 where ',' or ')' is expected"),
            ("(,)", "it has ',' at byte 1 where a value is expected"),
            ("(1,,)", "it has ',' at byte 3 where a value is expected"),
            ("(1 2)", "it has '2' at byte 3 where ',' or ')' is expected"),
            ("(1+1,)", "it has '+' at byte 2 where ',' or ')' is expected"),
            ("-1", "it has '-' at byte 0 where a value is expected"),
            ("é", "it has 'é' at byte 0 where a value is expected"),
            ("None", "it has 'N' at byte 0 where a value is expected"),
            ("{'a' 1}", "it has '1' at byte 5 where ':' is expected"),
            ("{'a': 1 'b': 2}", "it has '\\'' at byte 8 where ',' or '}' is expected"),
            ("{1: 1}", "a key of it is no string"),
            ("'a", "a string in it is not closed by '"),
            ("'a\nb'", "a string in it is not closed by '"),
            (r"'\x41'", "it holds an escape"),
            ("1 1", "it has '1' at byte 2 where its end is expected"),
            ("18446744073709551616", "it holds a number of 20 digits"),
            ("(((((((((1)))))))))", "its brackets are nested too deeply"),
            (
                "{'a': {'a': {'a': {'a': {'a': {'a': {'a': {'a': {}}}}}}}}}",
                "its brackets are nested too deeply",
            ),
        ] {
            assert_eq!(parse(text, true), Err(message.to_owned()), "{text}");
        }
        for text in ["0x10", "1_000", "010", "1.5", "1e3", "3l", "3LL", "1é"] {
            let message = "it holds a number that is not a plain decimal";
            assert_eq!(parse(text, true), Err(message.to_owned()), "{text}");
        }
        assert_eq!(parse("3L", false), Err("it holds a number that is not a plain decimal".to_owned()));
    }
}
